"""Never call me: works for everybody, at once, and leaves a trace without the number."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.foundation import phone, signals
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.people import queries
from campaign.people.models import Suppression
from tests.cast import Cast
from tests.conftest import KEY
from tests.proof_reader import ProofReadingClient

NUMBER = "020 7946 0142"
KEPT_AS = phone.hmac_key("+442079460142", KEY.encode())


def rows(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Suppression)) or 0


def test_a_stranger_s_number_is_never_called_again(
    client: ProofReadingClient, database: Database
) -> None:
    answer = client.post_form("/do-not-call", {"number": NUMBER})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/do-not-call/done")
    assert "Nobody will ring that number" in client.get("/do-not-call/done").text
    with database.reading() as db:
        assert queries.is_suppressed(db, KEPT_AS)
        assert not queries.is_suppressed(db, phone.hmac_key("+442079460143", KEY.encode()))
        kept = db.scalars(select(Suppression)).one()
        assert (kept.reason, kept.made_by) == ("asked", None)


def test_the_log_tells_of_it_without_the_number(
    client: ProofReadingClient, database: Database
) -> None:
    client.post_form("/do-not-call", {"number": NUMBER})
    with database.reading() as db:
        row = db.scalars(select(AuditRow).where(AuditRow.action == "suppressed")).one()
        assert row.subject == f"number:{KEPT_AS[:16]}"
        assert "7946" not in f"{row.subject} {row.details}"


def test_the_table_does_not_hold_the_number(client: ProofReadingClient, database: Database) -> None:
    client.post_form("/do-not-call", {"number": NUMBER})
    with database.reading() as db:
        kept = db.scalars(select(Suppression)).one()
        assert "7946" not in f"{kept.hmac} {kept.reason} {kept.source}"


@pytest.mark.parametrize("again", [NUMBER, "+44 20 7946 0142", "(020) 79460142"])
def test_asking_twice_is_no_mistake(
    client: ProofReadingClient, database: Database, again: str
) -> None:
    client.post_form("/do-not-call", {"number": NUMBER})
    assert client.post_form("/do-not-call", {"number": again}).status_code == 303
    assert rows(database) == 1


def test_the_rooms_above_hear_of_it_in_the_same_transaction(
    app: Flask, client: ProofReadingClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        signals.numbers_suppressed, "_receivers", [lambda db, hmacs: heard.extend(hmacs)]
    )
    client.post_form("/do-not-call", {"number": NUMBER})
    assert heard == [KEPT_AS]


@pytest.mark.parametrize("text", ["", "my number", "0", "12345", "02079460142x", "\x0002079460142"])
def test_what_is_no_number_is_told_at_the_field(
    client: ProofReadingClient, database: Database, text: str
) -> None:
    answer = client.post_form("/do-not-call", {"number": text})
    assert answer.status_code in (400, 422)
    assert rows(database) == 0


def test_a_signed_in_person_can_ask_too(
    client: ProofReadingClient, cast: Cast, database: Database
) -> None:
    client.sign_in(cast.caller)
    client.post_form("/do-not-call", {"number": NUMBER})
    with database.reading() as db:
        assert db.scalar(select(Suppression.made_by)) == cast.caller.id


def test_an_objection_from_abroad_is_kept_too(
    client: ProofReadingClient, database: Database
) -> None:
    # France keeps 01 99 00 for drama, as Ofcom keeps ranges here.
    answer = client.post_form("/do-not-call", {"number": "+33 1 99 00 12 34"})
    assert answer.status_code == 303
    assert rows(database) == 1


def test_a_business_number_that_nobody_rings_is_no_error(
    client: ProofReadingClient, database: Database
) -> None:
    assert client.post_form("/do-not-call", {"number": "03069 990123"}).status_code == 303
