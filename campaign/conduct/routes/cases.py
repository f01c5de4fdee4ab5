"""Working cases: each look at one is in the audit log."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash
from wtforms.fields.choices import SelectChoice

from campaign.conduct import access, forms
from campaign.conduct.adapters import reasons
from campaign.conduct.models import Report
from campaign.conduct.operations import cases as working
from campaign.conduct.queries import reports, subjects
from campaign.conduct.routes.reporting import mail
from campaign.conduct.rules.categories import CATEGORIES, Category
from campaign.conduct.rules.states import OPEN, TOLD, CaseState
from campaign.conduct.rules.subjects import KINDS, Behind
from campaign.foundation import clock, web
from campaign.foundation.formfields import Form
from campaign.foundation.words import human_day


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/reports")(cases)
    blueprint.get("/reports/<public_id>")(case)
    blueprint.post("/reports/<public_id>/take")(take)
    blueprint.post("/reports/<public_id>/note")(write_note)
    blueprint.post("/reports/<public_id>/at-once")(act_at_once)
    blueprint.post("/reports/<public_id>/decide")(decide)
    blueprint.post("/reports/<public_id>/close")(close)


@web.needs(web.SIGNED_IN)
def cases() -> Response:
    """The cases this person may look at."""
    db = web.db()
    person_id = access.cases_to_see(db, web.visitor().person_id)
    return web.page(
        "conduct/cases.html",
        open_cases=_lines(reports.cases_for(db, person_id)),
        old_cases=_lines(reports.cases_for(db, person_id, is_open=False)),
    )


def _lines(held: list[Report]) -> list[dict[str, Any]]:
    db = web.db()
    return [_line(one, subjects.behind(db, one.subject_kind, one.subject_id)) for one in held]


def _line(held: Report, behind: Behind | None) -> dict[str, Any]:
    return {
        "public_id": held.public_id,
        "label": CATEGORIES[Category(held.category)].label,
        "about": behind.label if behind else KINDS.get(held.subject_kind, ""),
        "state": TOLD[CaseState(held.state)][0],
        "day": human_day(held.made_at.date(), today=clock.now().date()),
        "is_open": held.state in OPEN,
    }


@web.needs(web.SIGNED_IN)
def case(public_id: str) -> Response:
    """One case, and what to do next."""
    held, behind = _case(public_id)
    web.note("report seen", subject=f"report:{held.id}")
    return _page(held, behind, forms.OutcomeForm(formdata=None), 200)


def _case(public_id: str) -> tuple[Report, Behind | None]:
    return access.case_to_see(web.db(), public_id, web.visitor().person_id)


def _page(held: Report, behind: Behind | None, outcome: forms.OutcomeForm, code: int) -> Response:
    return web.page(
        "conduct/case.html",
        code,
        held=held,
        line=_line(held, behind),
        behind=behind,
        told=TOLD[CaseState(held.state)],
        is_open=held.state in OPEN,
        note_form=forms.CaseNoteForm(formdata=None),
        interim=_with_reasons(forms.InterimForm(formdata=None)),
        outcome=_with_reasons(outcome),
        reasons=reasons(),
        me=web.visitor().person_id,
    )


def _with_reasons(form: Any) -> Any:
    form.reason.choices = [SelectChoice(one.code, one.label) for one in reasons().values()]
    return form


@web.needs(web.SIGNED_IN)
def take(public_id: str) -> Response:
    """Look into it."""
    held, _ = _case(public_id)
    working.take(web.db(), held=held, actor_id=web.visitor().person_id)
    return _back(public_id, "You look into it. Who reported sees that somebody does.")


@web.needs(web.SIGNED_IN)
def write_note(public_id: str) -> Response:
    """Write down what one found out."""
    held, _ = _case(public_id)
    form = forms.CaseNoteForm()
    if not form.validate():
        return _back(public_id, _first(form), "error")
    working.write_note(web.db(), held=held, text=form.text.data, actor_id=web.visitor().person_id)
    return _back(public_id, "Written down.")


@web.needs(web.SIGNED_IN)
def act_at_once(public_id: str) -> Response:
    """Do something before deciding."""
    held, behind = _case(public_id)
    form = _with_reasons(forms.InterimForm())
    if not form.validate():
        return _back(public_id, _first(form), "error")
    working.act_at_once(
        web.db(),
        held=held,
        actor_id=web.visitor().person_id,
        what=form.what.data,
        behind=behind,
        reason=reasons().get(form.reason.data or ""),
        mail=mail(),
    )
    return _back(public_id, "Done. It can be taken back by deciding.")


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def decide(public_id: str) -> Response:
    """Decide the case."""
    held, behind = _case(public_id)
    form = _with_reasons(forms.OutcomeForm())
    if form.validate():
        with form.refusals():
            working.decide_case(
                web.db(),
                held=held,
                actor_id=web.visitor().person_id,
                outcome=working.Outcome(
                    upheld=form.upheld.data == "yes",
                    answer=form.answer.data,
                    hide=form.hide.data,
                    reason=reasons().get(form.reason.data or ""),
                    to_host=form.to_host.data or "",
                ),
                behind=behind,
                mail=mail(),
            )
            return _back(public_id, "Decided. Who reported reads your answer with their code.")
    held, behind = _case(public_id)
    return _page(held, behind, form, 422)


@web.needs(web.SIGNED_IN)
def close(public_id: str) -> Response:
    """Close a decided case."""
    held, _ = _case(public_id)
    working.close(web.db(), held=held, actor_id=web.visitor().person_id)
    return _back(public_id, "Closed.")


def _first(form: Form) -> str:
    return next((str(errors[0]) for errors in form.errors.values() if errors), "Try again.")


def _back(public_id: str, words: str, tone: str = "success") -> Response:
    flash(words, tone)
    return web.see_other("conduct.case", public_id=public_id)
