"""The person on the screen: a name, a town, what helps the call, and a number that was shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from campaign.foundation import phone, web
from campaign.foundation.words import human_when
from campaign.people.models import Person
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.at_home import others_at_home
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.queries.sharing import sharers_of, who_is_asked_for
from campaign.phonebanks.routes.coaching import coach
from campaign.phonebanks.routes.drafting import seal_of
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.routes.own_screen import own_screen
from campaign.phonebanks.routes.saying import said_to
from campaign.phonebanks.routes.screen.times import callbacks_for, with_chosen
from campaign.phonebanks.rules.attempts import may_leave_message
from campaign.phonebanks.rules.households import ref_of
from campaign.phonebanks.rules.sharing import told_apart


def asked_for(held: Held) -> str:
    """A first name, or those of everybody at the number."""
    contact = held.contact
    return who_is_asked_for(web.db(), contact) if contact.sharers else contact.first_name


def number_json(held: Held) -> dict[str, Any]:
    """A number that was shown; a fictitious one is never to be dialled."""
    return {
        "e164": held.number.e164,
        "display": phone.display(held.number.e164),
        "fictitious": held.number.fictitious,
    }


def number_shown(held: Held) -> dict[str, Any]:
    """The same for the page: as it is dialled from where the caller is."""
    region = own_screen().region
    e164 = held.number.e164
    return {
        **number_json(held),
        "display": phone.display(e164, abroad_region=region),
        "abroad": phone.is_abroad(e164, region),
    }


def kept_until(until: datetime) -> str:
    """The end of a claim as a caller reads it, in whole minutes that have not passed then."""
    return f"{until.astimezone(LONDON):%H:%M}"


def person_shown(held: Held, phonebank: Phonebank, now: datetime, *, wanted: str) -> dict[str, Any]:
    """All that the screen says of the person, and what can be said of the call."""
    zone = ZoneInfo(held.number.time_zone)
    before = board.last_reported(web.db(), held.contact.id)
    shown = held.call.revealed_at is not None
    may_leave = may_leave_message(held.contact.voicemails, adapters.calling_rules().caps)
    return {
        "claim": held.call,
        "contact": held.contact,
        "name": who_is_asked_for(web.db(), held.contact),
        "at_number": _at_number(held.contact),
        # Nowhere in the page before it was shown, and counted.
        "number": number_shown(held) if shown else None,
        "there": f"{now.astimezone(zone):%H:%M}",
        "now": now,
        "callback_zone": str(zone),
        "kept_until": kept_until(held.call.expires_at),
        "before": _history(before, zone) if before and not phonebank.is_practice else "",
        "outcomes": adapters.outcomes(),
        "main": adapters.outcomes().main(may_leave_message=may_leave),
        "may_leave_message": may_leave,
        "at_home": _at_home(held, phonebank, now) if shown else [],
        "coach": coach(asked_for(held)) if phonebank.is_practice else None,
        **said_to(held, phonebank, first_name=asked_for(held)),
        "callbacks": with_chosen(
            callbacks_for(phonebank, zone, now, held.contact.postcode), wanted, zone
        ),
        "client_uuid": str(uuid4()),
        "seal": seal_of(held.call.public_id),
    }


def _at_number(contact: Contact) -> list[str]:
    """The first names of those who share the number, in the order in which a report names them."""
    others = [one.first_name for one in sharers_of(web.db(), contact)]
    return told_apart([contact.first_name, *others]) if others else []


def _at_home(held: Held, phonebank: Phonebank, now: datetime) -> list[tuple[str, str]]:
    """Who of their household may be talked to instead, by their first names alone."""
    if held.contact.household_key is None:
        return []
    db, moment = web.db(), moment_of(phonebank, now=now)
    caller = db.get_one(Person, held.call.caller_id)
    others = others_at_home(db, held.contact, phonebank, caller, moment)
    return [
        (ref_of(held.call.public_id, other.id), other.first_name)
        for other, _ in others
        if other.first_name
    ]


def _history(before: Any, zone: ZoneInfo) -> str:
    label = adapters.outcomes()[before.result_code].label
    return f"{label}, {human_when(before.reported_at, None, zone)}, by a volunteer"
