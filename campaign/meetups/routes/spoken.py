"""The script of the evening: with its times, to print, and to write in one’s own words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request

from campaign.foundation import web
from campaign.meetups import access, forms
from campaign.meetups.models import Meetup
from campaign.meetups.operations import spoken
from campaign.meetups.queries.spoken import own_words
from campaign.meetups.routes.at_desk import at_desk, desk_door
from campaign.meetups.rules.spoken import USUAL, Cue, mark_of, running_order


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/desk/script")(evening_script)
    blueprint.route("/m/<code>/desk/script/words", methods=["GET", "POST"])(write_script)


@desk_door
def evening_script(code: str) -> Response:
    """Who speaks reads from this: what is said when, on paper or on a tablet."""
    at = at_desk(code)
    told = {"meetup": at.meetup, "cues": _cues(at.meetup), "device": at.device}
    return web.page("meetups/script.html", **told)


def _cues(meetup: Meetup) -> list[Cue]:
    starts = meetup.event.starts_at.astimezone(ZoneInfo(meetup.event.zone))
    return running_order(meetup.preset, own_words(web.db(), meetup.id), starts=starts)


@web.needs(web.SIGNED_IN)
def write_script(code: str) -> Response:
    """The same, in the organiser's own words."""
    person_id = web.visitor().person_id
    meetup, batch = access.meetup_to_run(web.db(), code, person_id)
    cues = _cues(meetup)
    form = forms.ScriptForm(data={cue.phase.value: cue.words for cue in cues})
    seen = {phase.value: request.form.get(f"seen-{phase.value}", "") for phase in USUAL}
    is_good = form.validate_on_submit()
    if is_good:
        with form.refusals():
            spoken.write_words(
                web.db(), batch=batch, words=form.words, seen=seen, actor_id=person_id or 0
            )
            flash("Kept. The desk shows these words from now on.", "success")
            return web.see_other("meetups.evening_script", code=meetup.code)
    parts = [(cue, form[cue.phase.value]) for cue in cues]
    shown = [
        (cue, words, _mark(cue, seen, was_first=is_good and bool(words.errors)))
        for cue, words in parts
    ]
    return web.page("meetups/script_words.html", form.code, meetup=meetup, form=form, cues=shown)


def _mark(cue: Cue, seen: dict[str, str], *, was_first: bool) -> str:
    """Of what they saw; where another was first, of what stands there now and they are shown."""
    return mark_of(cue.words) if was_first else seen[cue.phase.value] or mark_of(cue.words)
