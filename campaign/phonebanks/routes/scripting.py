"""Writing what callers say: block by block, each button a form, and tried beside it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.phonebanks import access
from campaign.phonebanks.forms.scripting import ScriptForm
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import scripting
from campaign.phonebanks.queries import board, scripts
from campaign.phonebanks.queries.script_counts import script_counts
from campaign.phonebanks.rules import drafts
from campaign.phonebanks.rules.drafts import Sheet
from campaign.phonebanks.rules.saying import FIELDS, needs_fallback
from campaign.phonebanks.rules.shown import drawn, shown
from campaign.phonebanks.rules.ways import Problem, problems

MADE_UP = {"first_name": "Amina", "town": "Hove"}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/script", methods=["GET", "POST"])(script)


@web.needs(web.SIGNED_IN)
def script(public_id: str) -> Response:
    """What callers say, as it is being written; each saving to use is a new version."""
    phonebank = access.phonebank_to_manage(web.db(), public_id, web.visitor().person_id)
    form = ScriptForm()
    if not form.is_submitted():
        sheet = scripts.sheet_of(web.db(), phonebank.id)
        return _page(phonebank, sheet, _form(sheet))
    if not form.validate():
        return _page(phonebank, form.sheet(), form)
    return _written(phonebank, form)


def _written(phonebank: Phonebank, form: ScriptForm) -> Response:
    """Keep it, change its blocks, or let callers read it from now on."""
    sheet, do = drafts.tidied(form.sheet()), request.form.get("do", "use")
    if do != "use":
        return _changed(phonebank, sheet, do)
    with form.refusals():
        made = scripting.use(web.db(), phonebank=phonebank, sheet=sheet, **_by())
        flash(f"Version {made.number} is what callers read from now on.", "success")
        return web.see_other("phonebanks.set_up", public_id=phonebank.public_id)
    # By the numbers that the sentence has; nothing that was typed is lost.
    fresh = _form(sheet)
    fresh.form_errors.extend(form.form_errors)
    return _page(phonebank, sheet, fresh, code=422)


def _changed(phonebank: Phonebank, sheet: Sheet, do: str) -> Response:
    """One button of a block: what it does is kept as the draft."""
    if do == "drop":
        scripting.drop_draft(web.db(), phonebank=phonebank)
        flash("Back to what callers read now.", "success")
        return web.see_other("phonebanks.script", public_id=phonebank.public_id)
    sheet, at = _done(sheet, do)
    scripting.keep_draft(web.db(), phonebank=phonebank, sheet=sheet, **_by())
    values: dict[str, Any] = {"at": at, "_anchor": f"s{at}"} if at else {}
    if do in ("keep", "card"):
        flash("Kept as a draft. Callers do not see it yet.", "success")
    return web.see_other("phonebanks.script", public_id=phonebank.public_id, **values)


def _done(sheet: Sheet, do: str) -> tuple[Sheet, int]:
    """What a button makes of a script, and the number of the step to look at."""
    name, _, which = do.partition("-")
    number = int(which) if which.isascii() and which.isdigit() else 0
    most = len(sheet.steps)
    if name in ("add", "turn"):
        return drafts.with_one_more(sheet, branch=name == "turn"), most + 1
    if name == "up":
        return drafts.moved(sheet, number, max(1, number - 1)), max(1, number - 1)
    if name == "down":
        return drafts.moved(sheet, number, min(most, number + 1)), min(most, number + 1)
    if name == "out":
        return drafts.without(sheet, number), 0
    return sheet, number


def _by() -> dict[str, Any]:
    return {"actor_id": web.visitor().person_id, "now": clock.now()}


def _form(sheet: Sheet) -> ScriptForm:
    return ScriptForm(formdata=None, **ScriptForm.typed_before(sheet))


def _page(phonebank: Phonebank, sheet: Sheet, form: ScriptForm, code: int = 200) -> Response:
    form.offer_ways()
    steps = drafts.steps_from(sheet)
    named = "unnamed" not in request.args
    words = MADE_UP if named else MADE_UP | {"first_name": ""}
    caller = (web.visitor().name or "").split(" ")[0]
    counts = script_counts(web.db(), phonebank.id)
    # Whoever may read single answers reads small numbers of them, too.
    hidden = bool(counts and counts.is_telling) and not access.may_export(
        web.db(), phonebank, web.visitor().person_id
    )
    return web.page(
        "phonebanks/script.html",
        code if code != 200 else form.code,
        form=form,
        phonebank=phonebank,
        kept=board.script_of(web.db(), phonebank.id),
        draft=scripts.draft_of(web.db(), phonebank.id),
        found=_found(steps, sheet) if steps else [],
        open_at=request.args.get("at", default=0, type=int),
        nameless=[n for n, s in enumerate(sheet.steps, 1) if needs_fallback(s.say)],
        fields=FIELDS,
        tree=drawn(steps),
        script=shown(steps, None, caller=caller, movement=web.settings().name, **words),
        named=named,
        counts=counts,
        is_hidden=hidden,
        preview=words,
        contact_email=web.settings().contact_email,
        sent={},
    )


def _found(steps: list[dict[str, Any]], sheet: Sheet) -> list[tuple[str, str]]:
    """What is to mend: in words, and the place on the page."""
    numbers = {str(step["key"]): f"s{n}" for n, step in enumerate(steps, 1)}
    numbers = {key: at for key, at in numbers.items() if int(at[1:]) <= len(sheet.steps)}
    places = numbers | {"closing": "bye", "voicemail": "vm"}

    def place_of(found: Problem) -> str:
        return places.get(found.key, "asks")

    return [(found.words, place_of(found)) for found in problems(steps)]
