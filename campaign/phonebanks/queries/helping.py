"""Who asked for help or waits at the door, and what a caller's screen says of it all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from campaign.people.models import Person
from campaign.phonebanks.models import Broadcast, Call, Contact, HelpRequest, Pairing
from campaign.phonebanks.rules.shift import COMING, FORGOTTEN, SHIFT

MOST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the leads' queue."""

    public_id: str
    kind: str
    name: str
    words: str
    at: datetime
    # The claim they were in, by its id, and the person's first name; no number.
    claim_id: str | None
    person: str
    answered_by: str

    @property
    def first_name(self) -> str:
        """How one calls them."""
        return self.name.split(" ")[0]


def queue_of(db: Session, phonebank_id: int, *, now: datetime) -> list[Asked]:
    """Who waits for a lead: who was answered last, then who waits longest."""
    answerer = aliased(Person)
    in_hand = and_(
        Contact.claim_call_id == HelpRequest.call_id,
        Contact.state == "claimed",
        Contact.claimed_by == HelpRequest.person_id,
    )
    query = (
        select(HelpRequest, Person.name, Call.public_id, Contact.first_name, answerer.name)
        .join(Person, Person.id == HelpRequest.person_id)
        .outerjoin(Contact, in_hand)
        .outerjoin(Call, Call.id == Contact.claim_call_id)
        .outerjoin(answerer, answerer.id == HelpRequest.answered_by)
        .where(HelpRequest.phonebank_id == phonebank_id, *_waits(now))
        .order_by(HelpRequest.answered_at.is_not(None), HelpRequest.asked_at, HelpRequest.id)
        .limit(MOST)
    )
    return [
        Asked(one.public_id, one.kind, name, one.words, one.asked_at, claim, person or "", by or "")
        for one, name, claim, person, by in db.execute(query)
    ]


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    coming = HelpRequest.answered_at.is_(None) | (HelpRequest.answered_at > now - COMING)
    return HelpRequest.ended_at.is_(None), HelpRequest.asked_at > now - FORGOTTEN, coming


def open_request(db: Session, phonebank_id: int, person_id: int) -> HelpRequest | None:
    """The one request of somebody that is not over."""
    return db.scalar(
        select(HelpRequest).where(
            HelpRequest.phonebank_id == phonebank_id,
            HelpRequest.person_id == person_id,
            HelpRequest.ended_at.is_(None),
        )
    )


def request_by_public_id(db: Session, phonebank_id: int, public_id: str) -> HelpRequest | None:
    """A request of this phonebank."""
    return db.scalar(
        select(HelpRequest).where(
            HelpRequest.phonebank_id == phonebank_id, HelpRequest.public_id == public_id
        )
    )


def line_of(db: Session, phonebank_id: int) -> Broadcast | None:
    """What a lead has put on everybody's screen."""
    return db.scalar(
        select(Broadcast).where(Broadcast.phonebank_id == phonebank_id, Broadcast.down_at.is_(None))
    )


@dataclass(frozen=True, slots=True)
class Word:
    """What a caller's screen says beside the call: the lead's line, help, who sits with them."""

    line: str = ""
    asked: bool = False
    coming: str = ""
    partner: str = ""
    newcomer: str = ""

    @property
    def version(self) -> str:
        """One word for all of it, so that a screen sees whether anything is new."""
        said = repr((self.line, self.asked, self.coming, self.partner, self.newcomer))
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def word_for(db: Session, phonebank_id: int, person_id: int, *, now: datetime) -> Word:
    """The word for one caller, in one look; others' names are first names alone."""
    answerer, partner, other = aliased(Person), aliased(Person), aliased(Pairing)
    newcomer = aliased(Person)
    up = and_(Broadcast.phonebank_id == phonebank_id, Broadcast.down_at.is_(None))
    asked = and_(
        HelpRequest.phonebank_id == phonebank_id,
        HelpRequest.person_id == Person.id,
        HelpRequest.kind == "help",
        *_waits(now),
    )
    sits = and_(
        Pairing.phonebank_id == phonebank_id,
        Pairing.newcomer_id == Person.id,
        Pairing.made_at > now - SHIFT,
    )
    helped = (
        select(func.min(newcomer.name))
        .join(other, other.newcomer_id == newcomer.id)
        .where(other.phonebank_id == phonebank_id, other.partner_id == person_id)
        .where(other.made_at > now - SHIFT)
        .scalar_subquery()
    )
    row = db.execute(
        select(
            Broadcast.words, HelpRequest.id, HelpRequest.answered_at, answerer.name, partner.name,
            helped,
        )
        .select_from(Person)
        .outerjoin(Broadcast, up)
        .outerjoin(HelpRequest, asked)
        .outerjoin(answerer, answerer.id == HelpRequest.answered_by)
        .outerjoin(Pairing, sits)
        .outerjoin(partner, partner.id == Pairing.partner_id)
        .where(Person.id == person_id)
    ).first()  # fmt: skip
    if row is None:
        return Word()
    line, request, answered, by, sits_with, newcomer_name = row
    coming = _first(by) or "A lead"
    return Word(
        line or "",
        asked=request is not None and answered is None,
        coming=coming if answered else "",
        partner=_first(sits_with),
        newcomer=_first(newcomer_name),
    )


def facts_of(db: Session, person_id: int) -> list[dict[str, Any]]:
    """What is kept here of one person, for their own eyes: requests, lines, who sat with them."""
    asked = db.execute(
        select(HelpRequest.asked_at, HelpRequest.kind, HelpRequest.words)
        .where(HelpRequest.person_id == person_id)
        .order_by(HelpRequest.id)
    )
    words = {"help": "You asked for help", "door": "You asked to be let in"}
    facts = [_fact(at, words[kind], said) for at, kind, said in asked]
    lines = db.execute(
        select(Broadcast.made_at, Broadcast.words)
        .where(Broadcast.made_by == person_id)
        .order_by(Broadcast.id)
    )
    facts += [_fact(at, "Your line to everybody who calls", said) for at, said in lines]
    sat = db.scalars(
        select(Pairing.made_at)
        .where(or_(Pairing.newcomer_id == person_id, Pairing.partner_id == person_id))
        .order_by(Pairing.made_at, Pairing.newcomer_id)
    )
    return facts + [_fact(at, "You sat with another caller", "") for at in sat]


def _fact(at: datetime, what: str, words: str) -> dict[str, Any]:
    return {"when": at.isoformat(timespec="minutes"), "what": what, "words": words or None}


def _first(name: str | None) -> str:
    return (name or "").split(" ")[0]
