"""Taken out, a call is as if it had never been made: whatever else was done, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.at_once import is_everyday, report_at_once
from campaign.phonebanks.operations.locking import end_claim, note_attempts
from campaign.phonebanks.operations.reporting import record
from campaign.phonebanks.operations.reversing import REVERSED, wishes
from campaign.phonebanks.operations.ringing_back import log_ring_back
from campaign.phonebanks.operations.taking_out import take_out
from campaign.phonebanks.queries import callers
from campaign.phonebanks.queries.at_hand import call_at_hand
from campaign.phonebanks.queries.taking_out import is_wish
from campaign.phonebanks.rules.ringing_back import fitting
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank

VANDAL, HONEST, NEWCOMER = range(3)
CODES = [row.code for row in adapters.outcomes() if not row.is_skip]
INBOUND = [row.code for row in fitting(adapters.outcomes())]
# What differs between two copies of the same people.
OWN = {"id", "phonebank_id", "number_id", "version", "shuffle", "slot", "claim_call_id"}
numbers = count(1_000, 10)


@dataclass(frozen=True)
class Deed:
    """Somebody does something with a call to one of the people, hours after the last."""

    who: int
    whom: int
    how: str
    code: str
    later: int
    note: str
    promise: bool


@dataclass
class World:
    """People on two lists, some with the same telephone, and what was done to them."""

    db: Session
    callers: Sequence[Person]
    banks: list[Phonebank] = field(default_factory=list)
    people: list[Contact] = field(default_factory=list)
    numbers: list[PhoneNumber] = field(default_factory=list)
    odd: set[int] = field(default_factory=set)

    def fill(self) -> None:
        first = next(numbers)
        self.banks = [
            make_phonebank(self.db, title="One"),
            make_phonebank(self.db, title="Two", max_attempts=3, cooldown_minutes=300),
        ]
        told = {"note": "Rings late", "language": "Welsh", "attempts": 1, "voicemails": 1}
        self.people = [
            *fill(self.db, self.banks[0], range(first, first + 1)),
            *fill(self.db, self.banks[0], range(first + 1, first + 2), **told),
            *fill(self.db, self.banks[1], range(first, first + 1)),
        ]
        held = {contact.number_id for contact in self.people}
        query = select(PhoneNumber).where(PhoneNumber.id.in_(held)).order_by(PhoneNumber.id)
        self.numbers = list(self.db.scalars(query))

    def do(self, deed: Deed, now: datetime, *, forced: bool = False) -> list[Call]:
        """Do it if it can be done; what it made. ``forced``: it was done in another world."""
        contact = self.people[deed.whom]
        self.db.refresh(contact)
        if deed.how == "inbound":
            return self._ring_back(deed, contact, now, forced=forced)
        free = contact.state in ("ready", "callback")
        if forced and not free:
            self.odd.add(deed.whom)
        if not free and not (forced and contact.state != "claimed"):
            return []
        call = self._claim(deed, contact, now - timedelta(minutes=9))
        if deed.how == "asleep":
            self._end(contact, now, "expired")
        elif deed.how == "taken back, then late":
            self._end(contact, now - timedelta(minutes=5), "revoked")
            self._report(deed, call, now)
        elif deed.how == "too late":
            call.expires_at = contact.claimed_until = now - timedelta(minutes=1)
            self.db.flush()
            self._report(deed, call, now)
        elif not (deed.how == "at once" and self._at_once(deed, call, now)):
            self._report(deed, call, now)
        self.db.expire_all()
        return [call]

    def _claim(self, deed: Deed, contact: Contact, at: datetime) -> Call:
        call = Call(
            phonebank_id=contact.phonebank_id,
            contact_id=contact.id,
            number_id=contact.number_id,
            caller_id=self.callers[deed.who].id,
            status="revealed",
            claimed_at=at,
            revealed_at=at + timedelta(minutes=1),
            attempted_at=at + timedelta(minutes=1),
            expires_at=at + timedelta(minutes=20),
        )
        self.db.add(call)
        self.db.flush()
        contact.state, contact.claimed_by = "claimed", call.caller_id
        contact.claimed_until, contact.claim_call_id = call.expires_at, call.id
        contact.version += 1
        self.db.flush()
        note_attempts(self.db, contact.number_id)
        self.db.expire_all()
        return call

    def _end(self, contact: Contact, at: datetime, status: str) -> None:
        bank = self.db.get_one(Phonebank, contact.phonebank_id)
        end_claim(self.db, contact=contact, phonebank=bank, now=at, status=status)

    def _said(self, deed: Deed, code: str, now: datetime) -> dict[str, Any]:
        outcome = adapters.outcomes()[code]
        # What is reported at once carries no time; nor does it where it has to be reported in full.
        chosen = deed.promise and deed.how != "at once" and outcome.takes_time
        wanted = outcome.next == "callback" or chosen
        day = (now + timedelta(days=1)).replace(hour=13, minute=0)
        return {
            "outcome": code,
            "note": deed.note,
            "callback_at": day if wanted else None,
            "language": "polish" if outcome.asks == "language" else None,
            "anyone": deed.promise,
        }

    def _report(self, deed: Deed, call: Call, now: datetime) -> None:
        bank = self.db.get_one(Phonebank, call.phonebank_id)
        said = self._said(deed, deed.code, now)
        said.pop("anyone") if not said["callback_at"] else None
        record.record_outcome(self.db, call=call, phonebank=bank, now=now, **said)

    def _at_once(self, deed: Deed, call: Call, now: datetime) -> bool:
        found = call_at_hand(self.db, call.public_id, call.caller_id, now=now)
        outcome = adapters.outcomes()[deed.code]
        if found is None or not is_everyday(found, outcome, now=now):
            return False
        given: dict[str, Any] = {"client_uuid": f"uuid-{call.public_id}", "note": deed.note}
        kept = report_at_once(
            self.db, found=found, outcome=outcome, following=None, now=now, **given
        )
        assert kept is not None
        return True

    def _ring_back(
        self, deed: Deed, contact: Contact, now: datetime, *, forced: bool
    ) -> list[Call]:
        mine = self.callers[deed.who].id
        query = select(Call).where(Call.contact_id == contact.id, Call.caller_id == mine)
        earlier = self.db.scalars(query.order_by(Call.id.desc()).limit(1)).first()
        if earlier is None and forced:
            # What stays of who is taken out, such as a wish, answers a call that is no more.
            earlier = Call(contact_id=contact.id, caller_id=mine, phonebank_id=contact.phonebank_id)
            earlier.number_id = contact.number_id
        if earlier is None or deed.code not in INBOUND:
            return []
        bank = self.db.get_one(Phonebank, contact.phonebank_id)
        said = self._said(deed, deed.code, now)
        said.pop("anyone")
        uuid = f"back-{contact.id}-{now.timestamp()}"
        log_ring_back(self.db, earlier=earlier, phonebank=bank, now=now, client_uuid=uuid, **said)
        self.db.expire_all()
        return list(self.db.scalars(select(Call).where(Call.client_uuid == uuid)))

    def stand(self) -> list[dict[str, Any]]:
        self.db.expire_all()
        return [
            self.told(
                {
                    name: getattr(row, name)
                    for name in type(row).__table__.columns.keys()  # noqa: SIM118
                    if name not in OWN | {"e164", "hmac"}
                }
            )
            for row in (*self.people, *self.numbers)
        ]

    def told(self, values: dict[str, Any]) -> dict[str, Any]:
        """The callers by their place, since each world has its own."""
        places = {caller.id: place for place, caller in enumerate(self.callers)}
        names = ("callback_owner_id", "claimed_by")
        return {
            name: places.get(value, value) if name in names else value
            for name, value in values.items()
        }


deeds = st.builds(
    Deed,
    who=st.sampled_from([VANDAL, VANDAL, HONEST, NEWCOMER]),
    whom=st.integers(0, 2),
    how=st.sampled_from(
        ["report", "at once", "at once", "asleep", "taken back, then late", "too late", "inbound"]
    ),
    code=st.sampled_from(CODES),
    later=st.integers(1, 30),
    note=st.sampled_from(["", "", "Ask for Jo", "Not on Fridays"]),
    promise=st.booleans(),
)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(  # another newcomer believed the same number dead, of somebody on another list
    done=[
        Deed(VANDAL, 0, "report", "dead_number", 30, "", promise=False),
        Deed(HONEST, 2, "report", "dead_number", 26, "Ask for Jo", promise=False),
    ],
    new={VANDAL, HONEST},
)
@example(  # whoever has a number that is rung no more keeps what was last said
    done=[
        Deed(VANDAL, 0, "taken back, then late", "language", 19, "", promise=True),
        Deed(HONEST, 0, "at once", "talked_partial", 10, "Ask for Jo", promise=False),
        Deed(HONEST, 2, "at once", "under_18", 1, "", promise=True),
        Deed(HONEST, 0, "inbound", "vulnerable", 43, "", promise=False),
    ],
    new=set(),
)
@given(done=st.lists(deeds, min_size=1, max_size=9), new=st.sets(st.sampled_from([0, 1, 2])))
def test_what_stays_is_as_if_the_others_had_never_been(
    database: Database, monkeypatch: pytest.MonkeyPatch, done: list[Deed], new: set[int]
) -> None:
    with database.unit_of_work() as db:
        world, apart = (
            World(db, [make_person(db, name) for name in ("Vic", "Hana", "Nia")]) for _ in range(2)
        )
        newcomers = {each.callers[place].id for place in new for each in (world, apart)}
        monkeypatch.setattr(callers, "is_newcomer", lambda _db, who, **_: who in newcomers)
        # At any hour: that a promised time is lawful is another rule's.
        monkeypatch.setattr(record, "_lawful", lambda at, _line: at)
        world.fill()
        apart.fill()
        made: list[tuple[Deed, datetime, Call]] = []
        now = NOON
        for deed in done:
            now += timedelta(hours=deed.later)
            made += [(deed, now, call) for call in world.do(deed, now)]
        # Asked once all is done: what a newcomer said becomes a wish when another says the same.
        asked = set(db.scalars(select(Call.id).where(is_wish(wishes())).order_by(Call.id)))
        kept = [one for one in made if one[0].who != VANDAL or one[2].id in asked]
        out = [call.id for deed, at, call in made if (deed, at, call) not in kept]
        before_it = world.stand()
        again = db.scalars(select(Call).where(Call.id.in_(out)).order_by(Call.id)).all()
        assert take_out(db, [], **REVERSED) == []
        assert world.stand() == before_it
        take_out(db, again, **REVERSED)
        played = [call for deed, at, _ in kept for call in apart.do(deed, at, forced=True)]
        theirs, meant = world.stand(), apart.stand()
        for place, (found, wanted) in enumerate(zip(theirs, meant, strict=True)):
            if place not in apart.odd and not (place > 2 and apart.odd):
                assert found.items() ^ wanted.items() == set(), place
        if not apart.odd:
            found_then = [world.told(call.before or {}) for _, _, call in kept]
            assert found_then == [apart.told(call.before or {}) for call in played]
