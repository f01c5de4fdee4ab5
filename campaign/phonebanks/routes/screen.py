"""What the calling screen shows, as plain values: made here for the page and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Response, url_for
from werkzeug.datastructures import MultiDict

from campaign.foundation import clock, phone, web
from campaign.foundation.errors import NotAllowed, NotFound, Refused
from campaign.foundation.words import human_when
from campaign.people.models import Person
from campaign.phonebanks import access, adapters
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations.at_once import Taken
from campaign.phonebanks.operations.dispensing import moment_of, week_of
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.at_home import others_at_home
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.queries.drafts import said_so_far
from campaign.phonebanks.queries.helping import word_for
from campaign.phonebanks.queries.sharing import sharers_of, who_is_asked_for
from campaign.phonebanks.routes.again import sent_before, undoable_here
from campaign.phonebanks.routes.coaching import coach
from campaign.phonebanks.routes.drafting import seal_of
from campaign.phonebanks.routes.nobody import LONDON, instant, nobody_page
from campaign.phonebanks.routes.own_screen import own_screen
from campaign.phonebanks.routes.saying import said_to
from campaign.phonebanks.rules.callbacks import CallbackRefused, offers
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.households import ref_of
from campaign.phonebanks.rules.nations import nation_of_postcode
from campaign.phonebanks.rules.own_screen import COUNTRIES, SIZES


@contextmanager
def or_its_page(public_id: str) -> Iterator[None]:
    """Whoever may not call here (any more) is led to the phonebank's page with its sessions."""
    try:
        yield
    except NotAllowed as refusal:
        page = url_for("phonebanks.show", public_id=public_id)
        refusal.steps = ((page, "Go to the phonebank’s page"),)
        raise


def screen(
    admission: access.Admission, code: int = 200, *, problem: str = "", sent: Any = None
) -> Response:
    """The calling screen in the state that the database says."""
    now = clock.now()
    held = board.held_claim(web.db(), web.visitor().person_id, now=now)
    if held is None or held.contact.phonebank_id != admission.phonebank.id:
        around = {**frame(admission, now), "undoable": undoable_here(admission.phonebank, now)}
        return nobody_page(admission, now, around)
    shown = held.call.revealed_at is not None
    said = said_so_far(web.db(), held.call)
    sent = sent or (MultiDict(said) if said else sent_before(held.call))
    return web.page(
        "phonebanks/talking.html" if shown else "phonebanks/claimed.html",
        code,
        problem=problem,
        sent=sent,
        state="is-talking" if shown else "is-claimed",
        undoable=None if shown else undoable_here(admission.phonebank, now),
        **_person(held, admission.phonebank, now, wanted=sent.get("callback_at", "")),
        **frame(admission, now),
    )


def late_report(
    admission: access.Admission,
    late: Held,
    code: int = 200,
    *,
    problem: str = "",
    sent: Any = None,
) -> Response:
    """The same questions for a call that is over and was not reported; its number is gone."""
    now = clock.now()
    sent = sent or MultiDict(said_so_far(web.db(), late.call))
    wanted = sent.get("callback_at", "")
    values = _person(late, admission.phonebank, now, wanted=wanted)
    return web.page(
        "phonebanks/talking.html",
        code,
        problem=problem,
        sent=sent,
        state="is-talking",
        **{**values, "number": None, "kept_until": ""},
        **frame(admission, now),
    )


def late_step(public_id: str) -> tuple[tuple[str, str], ...]:
    """Where somebody who is shut out notes a call that was over before they could say so."""
    try:
        access.call_to_report_late(web.db(), public_id, web.visitor().person_id, now=clock.now())
    except NotFound:
        return ()
    return ((url_for("phonebanks.late", public_id=public_id), "Note your last call"),)


def claim_json(held: Held) -> dict[str, Any]:
    """A claim for programs; the number is in it only once it was shown."""
    call, contact = held.call, held.contact
    answer = taken_json(
        Taken(
            call.public_id,
            call.expires_at,
            _asked_for(held),
            contact.town,
            contact.attempts,
            contact.note,
            held.number.time_zone,
        )
    )
    if call.revealed_at is not None:
        answer["number"] = number_json(held)
    return answer


def _asked_for(held: Held) -> str:
    """A first name, or those of everybody at the number."""
    contact = held.contact
    return who_is_asked_for(web.db(), contact) if contact.sharers else contact.first_name


def taken_json(taken: Taken) -> dict[str, Any]:
    """A claim that was just made."""
    zone = ZoneInfo(taken.time_zone)
    return {
        "id": taken.public_id,
        "expires_at": taken.expires_at.isoformat(),
        "contact": {
            "first_name": taken.first_name,
            "town": taken.town,
            "local_time": f"{clock.now().astimezone(zone):%H:%M}",
            "attempt": taken.attempts + 1,
            "note": taken.note,
        },
    }


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


def nothing_json(nothing: Nothing) -> dict[str, Any]:
    """Why there is nobody."""
    return {
        "claim": None,
        "reason": nothing.reason,
        "until": nothing.until.isoformat() if nothing.until else None,
    }


def frame(admission: access.Admission, now: datetime) -> dict[str, Any]:
    """What stands around a call: the session, and what this caller has done today."""
    midnight = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    tally = board.tally(web.db(), web.visitor().person_id, since=midnight)
    session, phonebank = admission.session, admission.phonebank
    page = url_for("phonebanks.show", public_id=phonebank.public_id)
    return {
        "phonebank": phonebank,
        "leave_url": page,
        "help_url": page + "#help",
        "word": None
        if phonebank.is_practice
        else word_for(web.db(), phonebank.id, web.visitor().person_id, now=now),
        "contact_email": web.settings().contact_email,
        "rang_back_url": ""
        if phonebank.is_practice
        else url_for("phonebanks.rang_back", public_id=phonebank.public_id),
        "shift_name": phonebank.title,
        "until": f"{session.ends_at.astimezone(LONDON):%H:%M}" if session else "",
        "caller": (web.visitor().name or "").split(" ")[0],
        "own": own_screen(),
        "sizes": SIZES,
        "countries": COUNTRIES,
        "calls": tally.calls,
        "talks": tally.talks,
    }


def _person(held: Held, phonebank: Phonebank, now: datetime, *, wanted: str) -> dict[str, Any]:
    zone = ZoneInfo(held.number.time_zone)
    before = board.last_reported(web.db(), held.contact.id)
    shown = held.call.revealed_at is not None
    may_leave = held.contact.voicemails < adapters.calling_rules().caps.voicemails
    return {
        "claim": held.call,
        "contact": held.contact,
        "name": who_is_asked_for(web.db(), held.contact),
        "sharers": [one.first_name for one in sharers_of(web.db(), held.contact)],
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
        "coach": coach(_asked_for(held)) if phonebank.is_practice else None,
        **said_to(held, phonebank, first_name=_asked_for(held)),
        "callbacks": _with_chosen(
            callbacks_for(phonebank, zone, now, held.contact.postcode), wanted, zone
        ),
        "client_uuid": str(uuid4()),
        "seal": seal_of(held.call.public_id),
    }


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


def with_offered(sent: Any, refusal: Refused) -> Any:
    """What was sent, with the lawful time in the place of one that was refused."""
    if not isinstance(refusal, CallbackRefused) or refusal.offered is None:
        return sent
    mended = MultiDict(sent)
    mended["callback_at"] = refusal.offered.isoformat()
    return mended


def callbacks_of(
    phonebank: Phonebank, zone: ZoneInfo, now: datetime, postcode: str | None, *, sent: Any
) -> list[tuple[str, str]]:
    """The offers, with the time that was chosen or offered before a mend."""
    wanted = (sent or {}).get("callback_at", "")
    return _with_chosen(callbacks_for(phonebank, zone, now, postcode), wanted, zone)


def _with_chosen(
    offered: list[tuple[str, str]], wanted: str, zone: ZoneInfo
) -> list[tuple[str, str]]:
    """The offers with the time that was chosen before a mend, which a minute may have moved on."""
    chosen = instant(wanted)
    if chosen is None or any(value == wanted for value, _ in offered):
        return offered
    return [*offered, (wanted, human_when(chosen, None, zone))]


def callbacks_for(
    phonebank: Phonebank, zone: ZoneInfo, now: datetime, postcode: str | None
) -> list[tuple[str, str]]:
    """A few lawful times to offer, in the time of the person who is rung."""
    rules, week = adapters.calling_rules(), week_of(phonebank)
    found = offers(
        now,
        str(zone),
        rules,
        week,
        closes_at=phonebank.closes_at,
        nation=nation_of_postcode(postcode),
        always=phonebank.is_practice,
    )
    return [(at.isoformat(), f"{label}: {human_when(at, None, zone)}") for label, at in found]
