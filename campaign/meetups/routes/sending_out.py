"""Somebody has to leave the room: at the desk; their appeal; and who else looks at it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.conduct.rules.kept_out import REASONS
from campaign.foundation import clock, tokens, web
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups import access, forms
from campaign.meetups.models import Meetup, Participant
from campaign.meetups.operations import sending_out
from campaign.meetups.queries import incidents
from campaign.meetups.queries.tables import shown_name
from campaign.meetups.routes.here import COOKIE, mail
from campaign.meetups.routes.outside import out_page


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/desk/people/<person>/out", methods=["GET", "POST"])(send_out)
    blueprint.post("/m/<code>/desk/out/<out>/in")(let_in)
    blueprint.post("/m/<code>/appeal")(appeal)
    blueprint.get("/meetups/sent-out")(sent_out)
    blueprint.post("/meetups/sent-out/<out>")(decide_out)


@web.needs(web.SIGNED_IN)
def send_out(code: str, person: str) -> Response:
    """Ask once more, with the reason, and send them out."""
    actor_id = web.visitor().person_id or 0
    meetup, batch = access.meetup_to_run(web.db(), code, actor_id)
    held = access.person_in_room(web.db(), batch, person)
    form = forms.SendOutForm()
    if form.validate_on_submit():
        with form.refusals():
            told = _told(held)  # before their phone is taken from them
            sending_out.send_out(
                web.db(),
                batch=batch,
                person=held,
                reason=form.reason.data,
                words=form.words.data or "",
                now=clock.now(),
                actor_id=actor_id,
            )
            flash(f"Number {held.number} is out. {told}", "success")
            return web.see_other("meetups.everybody", code=meetup.code)
    return _sure(meetup, held, form)


def _told(held: Participant) -> str:
    """How they hear of their right to appeal: whoever has no phone hears it from who says go."""
    if not held.is_without_phone:
        return "Their phone says so and how to appeal."
    where = web.settings().contact_email
    said = "Tell them: who was not part of it takes a second look"
    return f"{said}. They write to {where}." if where else f"{said}, if they ask for one."


def _sure(meetup: Meetup, held: Participant, form: forms.SendOutForm) -> Response:
    """Who it is, as the page before has it: a number alone is easily mistaken."""
    answer = web.page(
        "meetups/send_out.html",
        form.code,
        meetup=meetup,
        person=held,
        called=shown_name(held),
        table=held.breakout or held.strategy,
        form=form,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.needs(web.SIGNED_IN)
def let_in(code: str, out: str) -> Response:
    """They may come in again."""
    actor_id = web.visitor().person_id or 0
    meetup, batch = access.meetup_to_run(web.db(), code, actor_id)
    held = access.sent_out_of_here(web.db(), batch, out)
    sending_out.let_in(web.db(), batch=batch, held=held, now=clock.now(), actor_id=actor_id)
    flash(f"Number {held.number} may come in again, by the code on the screen.", "success")
    return web.see_other("meetups.everybody", code=meetup.code)


@web.public
def appeal(code: str) -> Response:
    """Whoever was sent out says why it was wrong; the phone in their hand is who they are."""
    meetup, batch = access.meetup_by_code(web.db(), code)
    mark = tokens.fingerprint(request.cookies.get(COOKIE, ""))
    held = access.sent_out_with(web.db(), batch, mark)
    form = forms.AppealForm()
    if not form.validate():
        return out_page(meetup, held, form.code, sentence="Write why it was wrong, in 1,000 signs.")
    try:
        sending_out.appeal(web.db(), held=held, words=form.words.data or "", now=clock.now())
    except (Conflict, Refused) as refusal:
        return out_page(meetup, held, refusal.status, sentence=refusal.message)
    return web.see_other("meetups.show", code=meetup.code)


@web.needs(web.SIGNED_IN)
def sent_out() -> Response:
    """Everybody who was sent out of a meetup, who appealed first."""
    actor_id = access.sent_out_to_see(web.db(), web.visitor().person_id)
    answer = web.page(
        "meetups/sent_out.html",
        held=incidents.all_sent_out(web.db()),
        event_of=incidents.event_of,
        reasons=REASONS,
        me=actor_id,
        now=clock.now(),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.needs(web.SIGNED_IN)
def decide_out(out: str) -> Response:
    """Let them in again, or keep them out of everything for a year."""
    actor_id = access.sent_out_to_see(web.db(), web.visitor().person_id)
    held = access.sent_out_to_decide(web.db(), out, actor_id)
    form = forms.DecideOutForm()
    if not form.validate():
        raise Refused("Choose what comes of it, and answer them in 300 signs.")
    sending_out.decide(
        web.db(),
        mail=mail(),
        held=held,
        everywhere=form.decision.data == "everywhere",
        answer=form.answer.data or "",
        now=clock.now(),
        actor_id=actor_id,
    )
    flash("Done. Their phone says so while it is still in the room.", "success")
    return web.see_other("meetups.sent_out")
