"""``campaign retention`` says what would go; then it goes. One trouble does not stop the rest."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from campaign import registry
from campaign.events.models import Rsvp
from campaign.foundation import clock
from campaign.foundation.retention import forget_all
from campaign.foundation.settings import Settings, SettingsError, load
from campaign.phonebanks.models import Contact
from tests.commands.restoring import Installation
from tests.phonebanks.making import NOON


def lines(said: str) -> dict[str, str]:
    """How many of each kind, by its name."""
    rows = [line.split(maxsplit=3) for line in said.splitlines()]
    return {row[3]: row[0] for row in rows if len(row) == 4 and row[2] == "days"}


def test_a_dry_run_counts_and_changes_nothing_and_then_the_same_goes(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with here.database.unit_of_work() as db:
        for contact in db.scalars(select(Contact).where(Contact.note != "")):
            contact.last_call_at = NOON
    later = timedelta(days=120).total_seconds()
    monkeypatch.setenv("CAMPAIGN_CLOCK_OFFSET", f"{later:.0f}")
    said = here.run("retention", "--dry-run")
    assert "Nothing was changed" in said
    due = lines(said)
    assert due["notes of calls"] == "1"
    assert due["sign-ups to events that are over"] == "1", "Ada; Erin has an account"
    assert lines(here.run("retention", "--dry-run")) == due
    gone = lines(here.run("retention"))
    assert gone == due
    assert set(lines(here.run("retention")).values()) == {"0"}
    with here.database.reading() as db:
        assert db.scalar(select(Contact.note).where(Contact.note != "")) is None
        assert "Ada Warren" not in db.scalars(select(Rsvp.name)).all()


def test_every_kind_is_counted_by_what_it_would_do(here: Installation) -> None:
    assert len(lines(here.run("retention", "--dry-run"))) == len(registry.RETENTION)


def test_one_kind_that_fails_does_not_stop_the_next(
    here: Installation, app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ValueError

    first, *others = registry.RETENTION
    broken = replace(first, due=fail, forget=fail)
    monkeypatch.setattr(registry, "RETENTION", (broken, *others))
    said = here.run("retention", code=1)
    assert lines(said)[first.what] == "ValueError"
    assert len(lines(said)) == len(registry.RETENTION)
    done = []
    last = replace(others[-1], forget=lambda *_: done.append(1) or 0)
    with pytest.raises(RuntimeError, match=first.what), clock.at(NOON):
        forget_all((broken, last), here.database, settings)
    assert done == [1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("calls_kept_days", "59"), ("notes_kept_days", "0"), ("audit_kept_months", "five")],
)
def test_a_limit_that_cannot_be_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        load({}, environment="testing", data_dir=tmp_path, **{name: value})
