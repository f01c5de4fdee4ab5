"""The organiser of a rehearsal: opens the room, and runs it from the desk."""

from __future__ import annotations

import random
import re
from datetime import timedelta

from campaign.commands.rehearse.guests import said
from campaign.commands.rehearse.phones import Line, Phone
from campaign.foundation import clock
from campaign.foundation.errors import Refused
from campaign.meetups.rules.phases import Phase

HALL, POSTCODE = "Rehearsal Hall", "BN1 1EE"


class Organiser:
    """Who runs the evening. ``desk``: cards go on the map after a look at the desk."""

    def __init__(self, line: Line, *, preset: str, desk: bool, dice: random.Random) -> None:
        self.phone, self.code, self.event = Phone(line), "", ""
        self.preset, self.desk, self.dice = preset, desk, dice

    def sign_in(self, link: str) -> None:
        """Sign in by a mailed link."""
        page = self.phone.get(link)
        self.phone.send(page, page.forms[-1].action)

    def open_room(self) -> str:
        """Announce the meetup of tomorrow and open its room; answers the six letters."""
        tomorrow = (clock.now().date() + timedelta(days=1)).isoformat()
        page = self.phone.get("/events/new?kind=meetup")
        done = self.phone.send(
            page,
            page.path.partition("?")[0] if page.has("/events/new") else page.forms[-1].action,
            kind="meetup",
            title=f"Rehearsal {self.dice.randrange(1000, 9999)}",
            date_own=tomorrow,
            start_own="19:00",
            place="venue",
            where=HALL,
            postcode=POSTCODE,
            capacity_own="1000",
            anyway="1",
        )
        event = re.fullmatch(r"/events/([^/?]+).*", done.path)
        if event is None or done.status != 200:
            raise Refused(f"The rehearsal could not be announced: {said(done)}")
        self.event = event[1]
        page = self.phone.get(f"/events/{self.event}/meetup")
        page = self.phone.send(
            page, "/meetup", preset=self.preset, publishes="desk" if self.desk else "at once"
        )
        self.code = page.path.split("/")[2]
        return self.code

    def go_to(self, phase: Phase) -> None:
        """Press the button of the desk that leads to the next part of the evening."""
        page = self.phone.get(f"/m/{self.code}/desk")
        for form in page.forms:
            if ("to", phase.value) in form.buttons:
                sent = self.phone.press(form, to=phase.value)
                if sent.status != 200:
                    raise Refused(f"The desk could not go on to {phase.value}: {said(sent)}")
                return
        raise Refused(f"The desk offers no way to {phase.value}.")

    def approve(self) -> None:
        """Publish what is ready, as a helper at the desk does."""
        page = self.phone.get(f"/m/{self.code}/desk")
        for form in page.forms:
            if re.search(r"/desk/cards/[^/]+$", form.action):
                self.phone.press(form)
