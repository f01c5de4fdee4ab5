"""`campaign check`: a line for each thing, how to mend it, and an exit that a script can read."""

import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.app import open_house
from campaign.commands import opening, probe
from campaign.commands.checking import check, findings
from campaign.foundation import clock
from campaign.foundation.carriers import FolderCarrier, SmtpCarrier
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings, SettingsError
from campaign.foundation.web import House
from campaign.people.models import Person
from campaign.people.rules import Role
from campaign.phonebanks.adapters import calling_rules
from tests.cast import a_person

ALL = [
    "settings",
    "database",
    "migrations",
    "queue",
    "places",
    "mail",
    "secret keys",
    "suppression probe",
    "journal",
    "imprint",
    "name and sender",
    "demo accounts",
    "bank holidays",
]
REAL = {
    "environment": "production",
    "secret_key": "0123456789abcdef" * 4,
    "suppression_key": "fedcba9876543210" * 4,
    "imprint": "Published by Fair Rents, 1 High Street, Hove",
}
Enter = Callable[..., House]


@pytest.fixture
def enter(
    settings: Settings, database: Database, places_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Enter:
    """An installation with other settings than usual; what `campaign init` does is done."""
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    made = open_house(replace(settings, secret_key=REAL["secret_key"]), database)
    opening.bring_up(made)

    def with_settings(carrier: object = None, **values: str) -> House:
        house = replace(made, settings=replace(made.settings, **values))
        house = replace(house, carrier=carrier or house.carrier)
        monkeypatch.setattr("campaign.commands.opening.open_house", lambda _: house)
        monkeypatch.setattr("campaign.commands.opening.settings.load", lambda: house.settings)
        return house

    with_settings()
    return with_settings


def wrong() -> dict[str, str]:
    return {name: problem for name, problem in findings() if problem}


def name_officers(house: House, number: int) -> None:
    with house.database.unit_of_work() as db:
        for one in range(number):
            a_person(db, f"Officer {one}", role=Role.SAFEGUARDING)


@pytest.mark.parametrize("named", [0, 1])
def test_fewer_than_two_safeguarding_officers_are_a_warning_and_no_fault(
    enter: Enter, named: int
) -> None:
    name_officers(enter(), named)
    result = CliRunner().invoke(check)
    last = result.output.splitlines()[-1]
    assert last.startswith(f"WARN safeguarding officers: {named} of at least 2 are named")
    assert 'campaign people add EMAIL --role "safeguarding officer"' in last
    assert result.exit_code == 0


def test_a_sound_installation_says_ok_line_by_line(enter: Enter) -> None:
    name_officers(enter(), 2)
    result = CliRunner().invoke(check)
    assert result.output.splitlines() == [f"ok   {name}" for name in ALL]
    assert result.exit_code == 0


def test_what_is_wrong_stands_on_its_line_and_the_exit_says_so(enter: Enter) -> None:
    enter(imprint=" ")
    result = CliRunner().invoke(check)
    assert "NOT  imprint: CAMPAIGN_IMPRINT must say who publishes this" in result.output
    assert result.output.count("ok   ") == len(ALL) - 1
    assert result.exit_code == 1


def test_settings_that_cannot_be_are_told_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> None:
        raise SettingsError("Production needs CAMPAIGN_IMPRINT: the law wants to know.")

    monkeypatch.setattr("campaign.commands.opening.settings.load", refuse)
    assert wrong() == {"settings": "Production needs CAMPAIGN_IMPRINT: the law wants to know."}


def test_a_database_without_tables_asks_for_init(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(settings, Database(f"sqlite:///{tmp_path}/bare.db"))
    monkeypatch.setattr("campaign.commands.opening.open_house", lambda _: house)
    found = wrong()
    assert found["migrations"] == "it is at nothing: run `campaign init`"
    assert found["places"].startswith("run `campaign init` (PlacesNotLoaded")
    assert "database" not in found
    house.database.dispose()


def test_a_database_that_is_not_there_names_its_setting(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(settings, Database("sqlite:////nowhere/at/all.db"))
    monkeypatch.setattr("campaign.commands.opening.open_house", lambda _: house)
    assert wrong()["database"].startswith("it does not answer: look at CAMPAIGN_DATABASE_URL")


def test_letters_that_nobody_carries_ask_for_the_worker(enter: Enter) -> None:
    house = enter()
    early = clock.now() - timedelta(minutes=6)
    with house.database.unit_of_work() as db:
        for number, since in enumerate((early, early, clock.now())):
            db.add(
                OutboxLetter(
                    key=f"k{number}", to="a@b.example", subject="s", text="t", html="h",
                    state="queued", attempts=0, not_before=since, written_at=since,
                )
            )  # fmt: skip
    assert wrong() == {
        "queue": "2 letters have waited over five minutes: is `campaign work` running?"
    }


def test_a_mail_server_must_answer(enter: Enter) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        carrier = SmtpCarrier("127.0.0.1", port, "", "", "post@fairrents.example")
        enter(carrier=carrier)
        assert wrong() == {}
    assert wrong()["mail"].startswith("the mail server does not answer: look at CAMPAIGN_MAIL_URL")


def test_production_wants_a_mail_server(enter: Enter, tmp_path: Path) -> None:
    enter(carrier=FolderCarrier(tmp_path, "post@fairrents.example"), **REAL)
    assert wrong()["mail"].startswith("CAMPAIGN_MAIL_URL names no mail server")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"suppression_key": REAL["secret_key"]}, "both keys are the same"),
        ({"secret_key": "a" * 64}, "CAMPAIGN_SECRET_KEY can be guessed"),
        ({"secret_key": "0123456789abcdef"}, "CAMPAIGN_SECRET_KEY can be guessed"),
    ],
)
def test_keys_that_can_be_guessed_are_told(enter: Enter, values: dict[str, str], says: str) -> None:
    enter(**values)
    assert wrong()["secret keys"].startswith(says)


def test_another_suppression_key_is_found_and_nothing_starts(enter: Enter) -> None:
    enter(suppression_key=REAL["suppression_key"])
    assert wrong() == {"suppression probe": probe.OTHER_KEY}
    with pytest.raises(Refused, match="put the old key back"):
        opening.house()


def test_init_again_with_another_key_does_not_hide_it(enter: Enter) -> None:
    opening.bring_up(enter(suppression_key=REAL["suppression_key"]))
    assert wrong() == {"suppression probe": probe.OTHER_KEY}


def test_production_wants_an_imprint_of_its_own(enter: Enter) -> None:
    enter(environment="production")
    assert "imprint" in wrong()
    enter(**REAL)
    assert "imprint" not in wrong()


def test_production_sends_nothing_in_the_name_of_the_made_up_campaign(enter: Enter) -> None:
    enter(**REAL)
    assert "CAMPAIGN_MAIL_FROM" in wrong()["name and sender"]
    enter(
        **REAL,
        name="Tenants of Hove",
        mail_from="Tenants of Hove <post@tenants.test>",
        contact_email="post@tenants.test",
    )
    assert "name and sender" not in wrong()


def test_accounts_of_the_demo_are_wrong_in_production_only(enter: Enter) -> None:
    house = enter()
    with house.database.unit_of_work() as db:
        db.add(
            Person(name="Max Orr", email="admin@demo.example", is_demo=True, made_at=clock.now())
        )
    assert wrong() == {}
    enter(**REAL)
    assert wrong()["demo accounts"].startswith("1 accounts of the demo are in it")


def test_bank_holidays_that_run_out_are_told_a_year_before(enter: Enter) -> None:
    enter()
    last = calling_rules().last_year
    with clock.at(datetime(last - 1, 12, 31, 12, tzinfo=UTC)):
        assert "bank holidays" not in wrong()
    with clock.at(datetime(last, 1, 2, 12, tzinfo=UTC)):
        assert f"until the end of {last}" in wrong()["bank holidays"]
