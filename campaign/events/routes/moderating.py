"""The moderators' queue, one decision after the other, and the public log."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, request, url_for
from wtforms.fields.choices import SelectChoice

from campaign.conduct.adapters import reasons
from campaign.conduct.operations.deciding import UNDO_FOR, TooLateToUndo
from campaign.conduct.queries import decisions
from campaign.conduct.rules.reasons import SAID, Reason, Verdict
from campaign.events import access, forms, operations, queries
from campaign.events.models import Event
from campaign.events.queries.moderating import Waiting, group_names, title_and_state
from campaign.events.queries.trust import approved_count, trust_of
from campaign.events.routes.mailing import mail
from campaign.events.rules.features import when_of
from campaign.events.rules.giveaways import giveaway_in
from campaign.events.rules.kinds import facts_of
from campaign.events.rules.signups import initials
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound
from campaign.foundation.words import human_day
from campaign.people.rules import Action, Role

NO_WORDS_NEEDED = (Verdict.LISTED, Verdict.LINK_ONLY, Verdict.SHOWN)


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/moderation")(moderation)
    blueprint.get("/moderation/log")(moderation_log)
    blueprint.route("/moderation/<public_id>", methods=["GET", "POST"])(moderate)
    blueprint.post("/moderation/<public_id>/undo")(undo_decision)
    blueprint.post("/moderation/<public_id>/trust")(trust)


@web.needs(web.SIGNED_IN)
def moderation() -> Response:
    """The next event to look at, with the queue beside it."""
    person_id = access.queue_to_work(web.db(), web.visitor().person_id)
    queue = _queue(person_id)
    if not queue:
        return web.page("events/moderation_done.html", done=_done(), days=_done_words())
    event = access.event_to_look_at(web.db(), queue[0].public_id, person_id)
    return _page(event, _form(event), queue)


@web.needs(web.SIGNED_IN)
def moderate(public_id: str) -> Response:
    """One event: what was found, who the host is, and what becomes of it."""
    person_id = access.queue_to_work(web.db(), web.visitor().person_id)
    event = access.event_to_look_at(web.db(), public_id, person_id)
    form = _form(event)
    if form.validate_on_submit():
        with form.refusals():
            decision = _decide(event, form, person_id)
            return web.see_other("events.moderation", done=decision.public_id)
        event = access.event_to_look_at(web.db(), public_id, person_id)
    return _page(event, form, _queue(person_id))


def _queue(person_id: int) -> list[Waiting]:
    everywhere = web.visitor().has(Role.MODERATOR)
    return queries.queue_of(web.db(), person_id, everywhere=everywhere, now=clock.now())


def _form(event: Event) -> forms.DecideForm:
    form = forms.DecideForm()
    form.reason.choices = [SelectChoice(one.code, one.label) for one in reasons().values()]
    return form


def _decide(event: Event, form: forms.DecideForm, person_id: int) -> Any:
    verdict = Verdict(form.verdict.data)
    if verdict in (Verdict.HIDDEN, Verdict.SHOWN):
        access.event_to_moderate(web.db(), event.public_id, person_id, Action.HIDE_EVENT)
    reason = None if verdict in (Verdict.LISTED, Verdict.SHOWN) else _reason(form)
    return operations.decide(
        web.db(),
        event=event,
        verdict=verdict,
        actor_id=person_id,
        seen=form.seen.data or "",
        reason=reason,
        note=form.note.data or _proposed(verdict, reason),
        tell_guests=form.tell_guests.data,
        mail=mail(),
        trusted_after=web.settings().trusted_after,
    )


def _reason(form: forms.DecideForm) -> Reason | None:
    return reasons().get(form.reason.data or "")


def _proposed(verdict: Verdict, reason: Reason | None) -> str:
    """What the host reads where the moderator wrote nothing, as without scripts."""
    if reason is None or verdict is Verdict.LISTED:
        return ""
    return reason.hide if verdict is Verdict.HIDDEN else reason.ask


def _page(event: Event, form: forms.DecideForm, queue: list[Waiting]) -> Response:
    db, now = web.db(), clock.now()
    moderator = web.visitor().has(Role.MODERATOR)
    before = decisions.decided_about(db, kind="event", public_id=event.public_id)
    if not form.is_submitted():
        form.seen.data = before[0].public_id if before else ""
    approved = approved_count(db, event.host_id)
    settings = web.settings()
    own_host = urlsplit(settings.base_url).hostname or ""
    past, held = queries.past_of(db, event, now=now)
    return web.page(
        "events/moderation.html",
        form.code,
        event=event,
        form=form,
        queue=queue,
        kind=facts_of(event.kind),
        when=when_of(event, now=now),
        text=_marked(event.about),
        found=queries.found_in(
            db,
            event,
            moderator_id=web.visitor().person_id if moderator else None,
            own_host=own_host,
            now=now,
        ),
        host=initials(event.host_name or event.host.name),
        trust=trust_of(
            db, event.host_id, event.group_id, approved=approved, after=settings.trusted_after
        ),
        approved=approved,
        past=past,
        held=held,
        is_moderator=moderator,
        before=[(SAID[Verdict(one.verdict)], one) for one in before],
        reasons=reasons(),
        done=_done(),
        days=_done_words(),
    )


def _marked(text: str) -> tuple[str, str, str]:
    """The text before, in and after what looks like an address."""
    found = giveaway_in(text)
    if found is None:
        return text, "", ""
    start, end = found
    return text[:start], text[start:end], text[end:]


def _done() -> dict[str, Any] | None:
    """The decision that this person has just made, as long as it can be undone."""
    held = decisions.decision_by_public_id(web.db(), request.args.get("done", "")[:12])
    if held is None or held.actor_id != web.visitor().person_id or held.undone_at is not None:
        return None
    left = held.at + UNDO_FOR - clock.now()
    if left.total_seconds() <= 0 or held.subject_kind != "event":
        return None
    title, state = title_and_state(web.db(), held.subject_id) or ("", "cancelled")
    undoable = state != "cancelled"
    return {
        "words": f"{SAID[Verdict(held.verdict)]}: {title}",
        "undo": url_for("events.undo_decision", public_id=held.subject_id) if undoable else "",
        "decision": held.public_id,
        "seconds": int(left.total_seconds()),
    }


def _done_words() -> int:
    return int(UNDO_FOR.total_seconds() // 60)


@web.needs(web.SIGNED_IN)
def undo_decision(public_id: str) -> Response:
    """Take one's last decision back, before anybody has heard of it."""
    person_id = access.queue_to_work(web.db(), web.visitor().person_id)
    event = access.event_to_look_at(web.db(), public_id, person_id)
    decision = decisions.decision_by_public_id(web.db(), request.form.get("decision", "")[:12])
    if decision is None or decision.subject_id != public_id:
        raise TooLateToUndo
    operations.undo(web.db(), event=event, decision=decision, actor_id=person_id)
    flash("Undone. Nobody has heard of it.", "success")
    return web.see_other("events.moderate", public_id=public_id)


@web.needs(web.SIGNED_IN)
def trust(public_id: str) -> Response:
    """Trust the host of an event from now on, with a note; or no longer."""
    person_id = access.queue_to_work(web.db(), web.visitor().person_id)
    event = access.event_to_moderate(web.db(), public_id, person_id, Action.TRUST_HOST)
    form = forms.TrustForm()
    if not form.validate():
        flash("Say why, in a line: the next moderator reads it.", "error")
    elif request.form.get("do") == "revoke":
        operations.revoke_trust(
            web.db(), person_id=event.host_id, because=form.note.data, actor_id=person_id
        )
        flash("Trusted no longer.", "success")
    else:
        operations.trust_host(
            web.db(), host=event.host, actor_id=person_id, note=form.note.data, mail=mail()
        )
        flash("Trusted from now on. The host gets a mail.", "success")
    return web.see_other("events.moderate", public_id=public_id)


@web.public
def moderation_log() -> Response:
    """What moderators decided and why, without names."""
    after = request.args.get("after", "")
    slug = request.args.get("group") or None
    lines, on = decisions.log(
        web.db(),
        group_slug=slug,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 10 else None,
    )
    names = group_names(web.db(), {line.group_slug for line in lines if line.group_slug})
    if slug and not lines and not group_names(web.db(), {slug}):
        raise NotFound("There is no such group.")
    today = clock.now().date()
    return web.page(
        "events/moderation_log.html",
        lines=[
            (SAID[Verdict(line.verdict)], line, human_day(line.at.date(), today=today))
            for line in lines
        ],
        names=names,
        slug=slug,
        group_name=(group_names(web.db(), {slug}) if slug else {}).get(slug or ""),
        next_url=url_for("events.moderation_log", after=on, group=slug) if on else None,
    )
