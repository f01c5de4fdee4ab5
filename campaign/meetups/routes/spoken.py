"""The script of the evening: with its times, to print, and to write in one’s own words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash

from campaign.foundation import web
from campaign.meetups import access, forms
from campaign.meetups.models import Meetup
from campaign.meetups.operations import spoken
from campaign.meetups.queries.spoken import own_words
from campaign.meetups.rules.spoken import Cue, running_order


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/desk/script")(evening_script)
    blueprint.route("/m/<code>/desk/script/words", methods=["GET", "POST"])(write_script)


@web.needs(web.SIGNED_IN)
def evening_script(code: str) -> Response:
    """Who speaks reads from this: what is said when, on paper or on a tablet."""
    meetup, _ = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    return web.page("meetups/script.html", meetup=meetup, cues=_cues(meetup))


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
    if form.validate_on_submit():
        spoken.write_words(web.db(), batch=batch, words=form.words, actor_id=person_id or 0)
        flash("Kept. The desk shows these words from now on.", "success")
        return web.see_other("meetups.evening_script", code=meetup.code)
    return web.page(
        "meetups/script_words.html",
        form.code,
        meetup=meetup,
        form=form,
        cues=[(cue, form[cue.phase.value]) for cue in cues],
    )
