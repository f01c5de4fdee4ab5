"""The evening itself: so many phones, from the doors to the close."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from campaign.commands.rehearse.guests import Found, Guest, said
from campaign.commands.rehearse.organiser import POSTCODE, Organiser
from campaign.commands.rehearse.pages import Page
from campaign.commands.rehearse.phones import Line, Phone
from campaign.foundation.errors import Refused
from campaign.meetups.rules.joining import PRACTICE_NAMES
from campaign.meetups.rules.phases import Phase, plan
from campaign.places import lookup

# Where the made-up people live, and how many of a hundred in each: neighbours, and some from afar.
WHERE = {"BN1": 24, "BN2": 26, "BN3": 20, "BN41": 8, "BN43": 6, "BN7": 8, "BN11": 6, "": 2}
VENUES = ("Community Centre", "Library", "Methodist Hall", "Working Men’s Club", "Café")
IDEAS = (
    "Ring every tenant in one street on one evening",
    "A stall outside every letting agent for a Saturday",
    "Ask each tenant to bring the flat above and below",
    "One letter to the council with two hundred names",
    "A map of empty flats on the town hall steps",
)
AT_ONCE = 16
PATIENCE_S = 60
ROSTER = re.compile(r"/events/([A-Za-z0-9_-]{6,20})(?=[\"'?#])")
Act = Callable[[], None]


class Evening:
    """A rehearsal. ``speed`` is how much faster than life at most; None does not wait at all."""

    def __init__(
        self,
        *,
        base_url: str,
        data_dir: Path,
        preset: str,
        seed: int,
        speed: float | None,
        desk: bool,
        say: Callable[[str], None],
    ) -> None:
        self.line, self.base_url = Line(base_url), base_url
        self.data_dir, self.preset, self.speed, self.desk = data_dir, preset, speed, desk
        self.dice = random.Random(seed)  # noqa: S311 (the same evening again is the point)
        self.say, self.found = say, Found()
        self.organiser = Organiser(self.line, preset=preset, desk=desk, dice=self.dice)
        self.code = ""
        self.guests: list[Guest] = []

    def run(self, people: int, sign_in: str) -> Found:
        """The whole evening; ``sign_in`` is a link that signs the organiser in."""
        self.organiser.sign_in(sign_in)
        self.code = self.organiser.open_room()
        self.say(f"The room is open: {self.code}. Watch /m/{self.code}/screen")
        acts: dict[Phase, Callable[[], None]] = {
            Phase.DOORS: lambda: self._doors(people),
            Phase.STRATEGY: self._strategy,
            Phase.REPORT_BACK: self._dots,
            Phase.ASK: self._ask,
            Phase.LOCAL: self._local,
            Phase.COMMIT: self._commit,
            Phase.CLOSE: self._close,
        }
        steps = plan(self.preset)
        for at, step in enumerate(steps):
            began = time.monotonic()
            acts.get(step.phase, lambda: None)()
            if step.phase is Phase.COMMIT and not any(s.phase is Phase.CLOSE for s in steps):
                self._close()
            self.say(f"{step.phase.value}: {time.monotonic() - began:.1f} s")
            if at + 1 < len(steps):
                self.organiser.go_to(steps[at + 1].phase)
        return self.found

    # The room.

    def _doors(self, people: int) -> None:
        homes = {place: lookup.units_of(self.data_dir, place) for place in WHERE if place}
        for number in range(1, people + 1):
            place = self.dice.choices(list(WHERE), weights=list(WHERE.values()))[0]
            self.guests.append(
                Guest(
                    number,
                    f"{self.dice.choice(PRACTICE_NAMES)}",
                    self.dice.choice(homes[place]) if place else "",
                    Phone(self.line),
                    hosts=self.dice.random() < 0.22,
                    leads=self.dice.random() < 0.2,
                    is_new=self.dice.random() < 0.4,
                )
            )
        self._all(self._join, minutes=20)

    def _join(self, guest: Guest) -> None:
        page = guest.phone.get(f"/m/{self.code}")
        page = guest.phone.send(
            page,
            "/join",
            name=guest.name,
            initial=self.dice.choice("ABCDEFGHKLMNPRSTW"),
            where=guest.postcode,
            reach=f"guest{guest.number}.{self.code.lower()}@rehearsal.example",
            hold="y",
            contact="y",
            names="y",
        )
        if page.status != 200 or not page.has("/willing"):
            raise Refused(f"Guest {guest.number} could not join: {said(page)}")
        if page.has("/about"):
            told = {
                "leads": "yes" if guest.leads else "no",
                "is_new": "yes" if guest.is_new else "no",
            }
            guest.phone.send_only(page, "/about", **told)

    def _find_tables(self) -> dict[int, list[Guest]]:
        """Who sits where, as each phone says."""

        def look(guest: Guest) -> None:
            you = guest.phone.state(f"/m/{self.code}/state?v=0").get("you") or {}
            guest.table = you.get("table")

        self._all(look)
        tables: dict[int, list[Guest]] = {}
        for guest in self.guests:
            if guest.table is not None:
                tables.setdefault(guest.table, []).append(guest)
        return tables

    def _strategy(self) -> None:
        tables = self._find_tables()
        self.found.strategy_tables = len(tables)
        self._each([lambda t=t: self._write_sheet(t) for t in tables.values()], minutes=25)

    def _write_sheet(self, table: Sequence[Guest]) -> None:
        writer = next((guest for guest in table if guest.leads), table[0])
        page = writer.phone.get(f"/m/{self.code}/sheet")
        page = writer.phone.send(page, "/sheet/pen")
        for step in range(1, self.dice.randint(2, 3) + 1):
            agree = self.dice.randint(3, len(table)) if len(table) > 3 else len(table)
            page = writer.phone.send(
                page,
                "/sheet",
                step=str(step),
                text=self.dice.choice(IDEAS),
                agree=str(agree),
                unsure=str(max(0, len(table) - agree)),
            )
            if page.status != 200:
                raise Refused(f"Table {writer.table} could not write: {said(page)}")

    def _dots(self) -> None:
        def give(guest: Guest) -> None:
            page = guest.phone.get(f"/m/{self.code}")
            ideas = page.form("/dots").choices.get("dot", [])
            chosen = self.dice.sample(ideas, min(3, len(ideas)))
            guest.phone.send_list(page, "/dots", "dot", chosen)

        self._all(give, minutes=10)

    def _ask(self) -> None:
        def answer(guest: Guest) -> None:
            page = guest.phone.get(f"/m/{self.code}")
            guest.phone.send(page, "/willing", answer="host" if guest.hosts else "come")

        self._all(answer, minutes=5)

    def _local(self) -> None:
        tables = self._find_tables()
        self.found.local_tables = len(tables)
        self._each([lambda t=t: self._plan(t) for t in tables.values()], minutes=30)

    def _plan(self, table: Sequence[Guest]) -> None:
        """A table fills its card with taps, its host says yes, and the others say they come."""
        host = next((guest for guest in table if guest.hosts), table[0])
        others = [guest for guest in table if guest is not host]
        page = host.phone.get(f"/m/{self.code}/table")
        card = next(f for f in page.forms if re.search(r"/cards/[^/]+$", f.action)).action
        page = self._fill(host, page, card)
        for at, guest in enumerate(others):
            seen = guest.phone.get(f"/m/{self.code}/table")
            if at == 0 and seen.has(f"{card}/cohost"):
                guest.said_yes = guest.phone.send(seen, f"{card}/cohost").status == 200
            elif seen.has(f"{card}/coming") and self.dice.random() < 0.9:
                guest.said_yes = guest.phone.send_only(seen, f"{card}/coming").status == 200
        page = host.phone.get(f"/m/{self.code}/table")
        page = host.phone.send(page, f"{card}/host", who="me")
        began = time.monotonic()
        given = {"answer": "yes"}
        if "address" in page.form("/accept").values:
            given |= {"address": "3 Rehearsal Row", "postcode": host.postcode or POSTCODE}
        page = host.phone.send(page, "/accept", **given)
        if page.status != 200:
            raise Refused(f"Guest {host.number} could not host: {said(page)}")
        host.said_yes = True
        self._wait_until_public(host, began)

    def _fill(self, host: Guest, page: Page, card: str) -> Page:
        choices = page.form(card).choices
        taps = {
            "kind": self.dice.choice(["phonebank"] * 4 + ["canvass", "stall"]),
            "day": self.dice.choice(choices["day"]),
            "start": self.dice.choice(choices["start"]),
        }
        for name, value in taps.items():
            page = host.phone.send_only(page, card, **{name: value})
        if self.dice.random() < 0.25 and host.postcode:
            return host.phone.send_only(page, card, place="home")
        return host.phone.send(
            page, card, venue=self.dice.choice(VENUES), postcode=host.postcode or POSTCODE
        )

    def _wait_until_public(self, host: Guest, began: float) -> None:
        """Ask as a stranger until the event stands on the map of everybody."""
        stranger, near = Phone(self.line), (host.postcode or POSTCODE).replace(" ", "+")
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.desk:
                self.organiser.approve()
            told = stranger.state(f"/events.geojson?near={near}&radius_km=1")
            shown = {one.get("id") for one in told.get("features", [])}
            page = host.phone.get(f"/m/{self.code}/table")
            mine = {one for one in ROSTER.findall(page.text) if one in shown}
            if mine:
                self.found.published.update(mine)
                self.found.to_public_s.append(time.monotonic() - began)
                return
            time.sleep(0.3)
        raise Refused(f"What guest {host.number} hosts did not come onto the map. {said(page)}")

    def _commit(self) -> None:
        def take(guest: Guest) -> None:
            if guest.said_yes or self.dice.random() > 0.75:
                return
            page = guest.phone.get(f"/m/{self.code}")
            offers = [
                form
                for form in page.forms
                if "/wall/" in form.action and form.values.get("answer") != "no"
            ]
            if offers:
                chosen = self.dice.choice(offers[:3])
                guest.said_yes = guest.phone.press(chosen).status == 200

        self._all(take, minutes=15)
        if self.desk:
            self.organiser.approve()

    def _close(self) -> None:
        """What each was promised; who said yes and reads of nothing has been lost."""
        told = self.organiser.phone.state(f"/m/{self.code}/state?v=0").get("counts", {})
        self.found.committed_share = told.get("committed", 0) / max(1, told.get("here", 1))

    def look_back(self) -> None:
        """Once it is over: does everybody who said yes read what they said it to?"""

        def read(guest: Guest) -> None:
            if (
                guest.said_yes
                and "/events/"
                not in guest.phone.get(f"/m/{self.code}").text.partition("promised")[2]
            ):
                self.found.orphans += 1

        self._all(read)
        recap = f"/events/{self.organiser.event}/recap"
        page = Phone(self.line).get(recap)
        if page.status != 200:
            raise Refused(f"Nobody can read what came of it: {said(page)}")
        self.say(f"What was planned, for everybody: {self.base_url}{recap}")

    # Doing things at once.

    def _all(self, act: Callable[[Guest], None], *, minutes: float = 0) -> None:
        self._each([lambda g=guest: act(g) for guest in self.guests], minutes=minutes)

    def _each(self, acts: Iterable[Any], *, minutes: float = 0) -> None:
        """Do these, spread over so many minutes of life; a refusal ends the rehearsal."""
        spread = minutes * 60 * 0.7 / self.speed if self.speed else 0.0
        timed = sorted(((self.dice.random() * spread, n, act) for n, act in enumerate(acts)))
        began = time.monotonic()

        def go(due: float, act: Act) -> None:
            time.sleep(max(0.0, due - (time.monotonic() - began)))
            act()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(go, due, act) for due, _, act in timed]:
                done.result()
