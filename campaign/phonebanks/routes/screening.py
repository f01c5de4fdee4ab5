"""Screening a list against the TPS: how it stands, and a bureau's answer for it."""

from __future__ import annotations

from datetime import timedelta
from io import TextIOWrapper
from typing import Any

from flask import Blueprint, Response, flash

from campaign.foundation import clock, web
from campaign.foundation.errors import at_field
from campaign.foundation.words import human_day
from campaign.phonebanks import access
from campaign.phonebanks.forms.screening import AnswerForm
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import answering
from campaign.phonebanks.queries import screening
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.rules.answers import Answer, read_answer
from campaign.phonebanks.rules.never import encoding_of
from campaign.phonebanks.rules.screening import LASTS

LARGEST = 50


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    address = "/phonebanks/<public_id>/screening"
    blueprint.route(address, methods=["GET", "POST"])(screened)


@web.lately
@web.takes_files(LARGEST)
@web.needs(web.SIGNED_IN)
def screened(public_id: str) -> Response:
    """Who of a list is clear, and taking in what a bureau says of it."""
    form = AnswerForm()
    answer = None
    if form.validate_on_submit():
        with form.refusals():
            answer = _read(public_id, form.file.data)
    phonebank = _to_screen(web.db(), public_id)
    if answer is not None:
        with form.refusals():
            answering.take_answer(
                web.db(),
                answer,
                phonebank=phonebank,
                file_name=form.file.data.filename or "",
                dated=form.dated.data,
                now=clock.now(),
                actor_id=web.visitor().person_id,
            )
            flash("The answer is taken in. This is how the list stands now.", "success")
            return web.see_other("phonebanks.screened", public_id=public_id)
    return _page(phonebank, form)


def _to_screen(db: Any, public_id: str) -> Phonebank:
    return access.phonebank_to_screen(db, public_id, web.visitor().person_id)


def _read(public_id: str, file: Any) -> Answer:
    """Read a file before the transaction of this request begins: it may take seconds."""
    settings = web.settings()
    with web.house().database.reading() as db:
        ours = screening.keys_of_list(db, _to_screen(db, public_id).id)
    start = file.stream.read(4)
    file.stream.seek(0)
    with at_field("file"):
        return read_answer(
            TextIOWrapper(file.stream, encoding_of(start), errors="replace", newline=None),
            ours,
            key=settings.suppression_key.encode(),
            allow_unassigned=settings.is_development,
        )


def _page(phonebank: Phonebank, form: AnswerForm) -> Response:
    now = clock.now()
    checked_at = screening.last_check(web.db())
    return web.page(
        "phonebanks/screening.html",
        form.code,
        form=form,
        phonebank=phonebank,
        standing=screening.standing_of(web.db(), phonebank.id, now=now),
        answers=screening.answers_of(web.db(), phonebank.id),
        file_until=checked_at + LASTS if checked_at else None,
        is_over=bool(checked_at and now > checked_at + LASTS),
        tps=screening.tps_warning(web.db(), phonebank.id, now=now),
        day=lambda at: human_day(at.astimezone(LONDON).date()),
        human_day=human_day,
        last_day=lambda dated: human_day(dated + LASTS - timedelta(days=1)),
        may_export=access.may_export(web.db(), phonebank, web.visitor().person_id),
    )
