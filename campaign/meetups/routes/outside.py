"""What a phone shows that is not in the room: the way in, or that it was sent out."""

from __future__ import annotations

from uuid import uuid4

from flask import Response, request

from campaign.conduct.messages import day_of
from campaign.conduct.rules.kept_out import TO_THEM
from campaign.events.queries import own_rsvp
from campaign.events.rules.signups import LIVE
from campaign.foundation import clock, tokens, web
from campaign.meetups import forms
from campaign.meetups.models import Batch, Meetup, Recap, SentOut
from campaign.meetups.queries import incidents
from campaign.meetups.routes.here import COOKIE
from campaign.meetups.rules.incidents import is_appeal_read
from campaign.meetups.rules.phases import Phase
from campaign.places.rules import Spot

# A phone that goes home gives its cookie back: one whose key opens nothing was left for another.
MOVED = (
    "Your number is on another phone now. To have it on this one again, type the four words "
    "that stand there."
)


def out_or_unknown(meetup: Meetup, batch: Batch) -> Response:
    """The way in; or, on a phone that was sent out, why, and how to appeal."""
    held = _case_of(batch)
    if held is None:
        moved = request.cookies.get(COOKIE) and batch.phase != Phase.OVER
        return unknown(meetup, batch, sentence=MOVED if moved else "")
    if held.lifted_at is not None:
        return unknown(meetup, batch, sentence=f"You may come in again. {held.answer}".strip())
    return out_page(meetup, held)


def held_out(batch: Batch) -> SentOut | None:
    """Whether this phone was sent out of the room, and is not let in again."""
    held = _case_of(batch)
    return held if held is not None and held.lifted_at is None else None


def _case_of(batch: Batch) -> SentOut | None:
    key = request.cookies.get(COOKIE)
    if not key:
        return None
    mark = tokens.fingerprint(key)
    return incidents.sent_out_by_phone(web.db(), batch_id=batch.id, fingerprint=mark)


def out_page(meetup: Meetup, held: SentOut, code: int = 200, sentence: str = "") -> Response:
    """What somebody reads who was sent out."""
    answer = web.page(
        "meetups/out.html",
        code,
        meetup=meetup,
        out=held,
        reason=TO_THEM[held.reason],
        everywhere_until=_everywhere_until(held),
        is_read=is_appeal_read(held.appealed_at, everywhere_until=held.everywhere_until),
        sentence=sentence,
        contact_email=web.settings().contact_email,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _everywhere_until(held: SentOut) -> str:
    until = held.everywhere_until
    return day_of(until) if until is not None and until > clock.now() else ""


def unknown(meetup: Meetup, batch: Batch, code: int = 200, sentence: str = "") -> Response:
    """What a phone sees that has not joined: the way in."""
    form = forms.JoinForm(formdata=None)
    form.client_uuid.data = str(uuid4())
    _fill_in(form, meetup)
    return join_page(meetup, batch, form, code=code, sentence=sentence)


def _fill_in(form: forms.JoinForm, meetup: Meetup) -> None:
    """Whoever signed up for the evening, and is signed in, need not type it again.

    What they agree to is ticked in the room alone.
    """
    person_id = web.visitor().person_id
    rsvp = own_rsvp(web.db(), event_id=meetup.event_id, person_id=person_id)
    if rsvp is None or rsvp.status not in LIVE:
        return
    first, *more = rsvp.name.split() or [""]
    form.name.data, form.initial.data = first[:40], more[-1][:1] if more else ""
    form.where.data = rsvp.postcode or ""
    form.reach.data = rsvp.person.email or rsvp.phone or ""


def join_page(
    meetup: Meetup,
    batch: Batch,
    form: forms.JoinForm,
    spots: list[Spot] | None = None,
    *,
    code: int | None = None,
    sentence: str = "",
) -> Response:
    """The form by which one comes in."""
    answer = web.page(
        "meetups/join.html",
        code or form.code,
        sentence=sentence,
        meetup=meetup,
        batch=batch,
        form=form,
        spots=spots or [],
        is_over=batch.phase == Phase.OVER,
        recap=web.db().get(Recap, batch.id) if batch.phase == Phase.OVER else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
