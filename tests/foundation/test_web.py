"""The front door: one transaction a request, one way to refuse, and what no request may do."""

import logging
from datetime import timedelta

import pytest
from flask import Flask, Response
from sqlalchemy import func, select

from campaign.foundation import clock, limits, security, web, writegate
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from campaign.people.models import Person
from tests.cast import Cast, a_person
from tests.foundation.test_writegate import held_elsewhere
from tests.proof_reader import ProofReadingClient

FEW = limits.Limit("planted", 2, 600)
PRIVATE = "bea@people.example"
SENTENCE = "That is taken: choose another."
REFUSALS = {
    "refused": (Refused(SENTENCE), 422),
    "conflict": (Conflict(SENTENCE), 409),
    "missing": (NotFound(SENTENCE), 404),
    "forbidden": (NotAllowed(SENTENCE), 403),
}


def plant(app: Flask) -> None:
    """Endpoints that write, and end as they are told to."""

    @web.public
    def write(ending: str) -> Response:
        if ending == "often":
            web.limit(FEW, "somebody")
        a_person(web.db(), "Planted", email=None)
        if ending in REFUSALS:
            raise REFUSALS[ending][0]
        if ending == "broken":
            raise ZeroDivisionError(PRIVATE)
        if ending.isdigit():
            return Response("done", int(ending), mimetype="text/plain")
        return web.see_other("home.front")

    @web.public
    def late() -> Response:
        web.db()
        web.limit(FEW, "somebody")
        return Response("done")

    @web.needs("moderator")
    def moderators() -> Response:
        return Response("done", mimetype="text/plain")

    app.add_url_rule("/planted/<ending>", "planted_write", write, methods=["POST"])
    app.add_url_rule("/planted-late", "planted_late", late, methods=["POST"])
    app.add_url_rule("/planted-moderators", "planted_moderators", moderators)


@pytest.fixture
def planted(app: Flask, client: ProofReadingClient) -> ProofReadingClient:
    plant(app)
    return client


def planted_people(database: Database) -> int:
    with database.reading() as db:
        found = select(func.count()).select_from(Person).where(Person.name == "Planted")
        return db.scalar(found) or 0


# The request is the transaction.


@pytest.mark.parametrize(("ending", "kept"), [("303", 1), ("204", 1), ("400", 0), ("422", 0)])
def test_a_request_is_kept_when_it_ends_well_and_otherwise_never_was(
    planted: ProofReadingClient, database: Database, ending: str, kept: int
) -> None:
    assert planted.post_asking_json(f"/planted/{ending}").status_code == int(ending)
    assert planted_people(database) == kept


@pytest.mark.parametrize("ending", list(REFUSALS))
def test_a_refusal_rolls_back(planted: ProofReadingClient, database: Database, ending: str) -> None:
    assert planted.post_form(f"/planted/{ending}").status_code == REFUSALS[ending][1]
    assert planted_people(database) == 0
    assert planted.post_form("/planted/well").status_code == 303, "and the next one goes on"
    assert planted_people(database) == 1


# One way to refuse, in three forms.


def test_a_refusal_is_a_page(planted: ProofReadingClient) -> None:
    answer = planted.post_form("/planted/conflict")
    assert "<html" in answer.text
    assert SENTENCE in answer.text


def test_a_refusal_is_a_fragment_for_htmx(planted: ProofReadingClient) -> None:
    token = planted.token()
    answer = planted.post("/planted/conflict", headers={"HX-Request": "true", "X-CSRFToken": token})
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert SENTENCE in answer.text


def test_a_refusal_is_json_where_json_is_wanted(planted: ProofReadingClient) -> None:
    answer = planted.post_asking_json("/planted/conflict")
    assert (answer.status_code, answer.json) == (409, {"error": SENTENCE})


@pytest.mark.parametrize("form", ["page", "fragment", "json"])
@pytest.mark.usefixtures("early_in_the_hour")
def test_too_often_says_when_to_come_back(planted: ProofReadingClient, form: str) -> None:
    headers = {
        "page": {},
        "fragment": {"HX-Request": "true"},
        "json": {"Accept": "application/json"},
    }[form]
    headers["X-CSRFToken"] = planted.token()
    for _ in range(2):
        assert planted.post("/planted/often", headers=headers).status_code == 303
    answer = planted.post("/planted/often", headers=headers)
    assert answer.status_code == 429
    assert 400 < int(answer.headers["Retry-After"]) <= 540
    with clock.at(clock.now() + timedelta(minutes=10)):
        assert planted.post("/planted/often", headers=headers).status_code == 303


@pytest.mark.usefixtures("early_in_the_hour")
def test_a_refused_request_is_counted_and_not_kept(
    planted: ProofReadingClient, database: Database
) -> None:
    for _ in range(3):
        planted.post_form("/planted/often")
    assert planted_people(database) == 2


def test_a_limit_after_the_transaction_began_is_a_bug(planted: ProofReadingClient) -> None:
    with pytest.raises(RuntimeError, match="count limits before"):
        planted.post_form("/planted-late")


def test_who_waits_too_long_for_the_database_is_told_when_to_try_again(
    planted: ProofReadingClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL takes many writers")
    token = planted.token()
    with held_elsewhere(database):
        monkeypatch.setattr(writegate, "WAIT_SECONDS", 0.2)
        answer = planted.post("/planted/well", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Nothing was lost" in answer.text


def test_who_only_looks_is_not_turned_away_because_others_write(
    planted: ProofReadingClient,
    cast: Cast,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL takes many writers")
    planted.sign_in(cast.supporter)
    # Two minutes later the device's last sight is to be noted, and cannot be.
    with clock.at(clock.now() + timedelta(minutes=2)), held_elsewhere(database):
        monkeypatch.setattr(writegate, "WAIT_SECONDS", 0.2)
        assert planted.get("/privacy").status_code == 200


def test_a_bug_is_a_plain_page_and_the_log_quotes_nobody(
    app: Flask, planted: ProofReadingClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    with caplog.at_level(logging.ERROR):
        answer = planted.post_form("/planted/broken")
    assert answer.status_code == 500
    assert "noted it" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert planted_people(database) == 0
    assert "ZeroDivisionError at planted_write" in caplog.text
    assert "test_web.py" in caplog.text, "where it broke"
    assert PRIVATE not in caplog.text


def test_a_missing_page_has_words_and_a_way_on(client: ProofReadingClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_the_wrong_method_is_told_so(client: ProofReadingClient) -> None:
    assert client.post_form("/me").status_code == 405


# Who may come in.


def test_another_role_is_refused_and_it_is_in_the_log(
    planted: ProofReadingClient, cast: Cast, database: Database
) -> None:
    assert planted.get("/planted-moderators").status_code == 303
    planted.sign_in(cast.organiser)
    assert planted.get("/planted-moderators").status_code == 403
    with database.reading() as db:
        row = db.scalars(select(AuditRow).where(AuditRow.action == "refused")).one()
        assert row.subject == "endpoint:planted_moderators"
        assert row.actor_id == cast.organiser.id
    planted.sign_in(cast.moderator)
    assert planted.get("/planted-moderators").status_code == 200


def test_a_new_role_counts_from_the_next_request_and_a_lost_one_too(
    planted: ProofReadingClient, cast: Cast, database: Database
) -> None:
    from campaign.people import operations
    from campaign.people.models import RoleGrant
    from campaign.people.rules import Role

    planted.sign_in(cast.supporter)
    with database.unit_of_work() as db:
        person = db.get_one(Person, cast.supporter.id)
        operations.grant(db, person=person, role=Role.MODERATOR)
    assert planted.get("/planted-moderators").status_code == 200
    with database.unit_of_work() as db:
        db.delete(db.get_one(RoleGrant, (cast.supporter.id, "moderator")))
    assert planted.get("/planted-moderators").status_code == 403


# What no request may do.


def test_a_form_without_its_token_changes_nothing(
    planted: ProofReadingClient, database: Database
) -> None:
    assert planted.post("/planted/well").status_code == 400
    assert planted.post("/planted/well", data={"csrf_token": "made up"}).status_code == 400
    assert planted_people(database) == 0


def test_another_browser_s_token_is_no_good(
    app: Flask, planted: ProofReadingClient, database: Database
) -> None:
    stolen = app.test_client().token()
    planted.token()
    assert planted.post("/planted/well", data={"csrf_token": stolen}).status_code == 400
    assert planted_people(database) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_a_form_from_another_site_is_refused_though_it_has_a_token(
    planted: ProofReadingClient, database: Database, headers: dict[str, str]
) -> None:
    assert planted.post_form("/planted/well", headers=headers).status_code == 403
    assert planted_people(database) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_a_form_of_our_own_is_taken(planted: ProofReadingClient, headers: dict[str, str]) -> None:
    assert planted.post_form("/planted/well", headers=headers).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil"])
def test_a_host_that_is_not_ours_is_refused(client: ProofReadingClient, host: str) -> None:
    answer = client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_body_over_a_megabyte_is_refused(client: ProofReadingClient) -> None:
    large = "x" * (security.MEGABYTE + 1)
    token = client.token()
    answer = client.post("/sign-in", data={"csrf_token": token, "email": large})
    assert answer.status_code == 413
    assert "Make it smaller" in answer.text


def test_too_many_fields_are_refused(client: ProofReadingClient) -> None:
    fields = {f"field{number}": "x" for number in range(300)}
    answer = client.post(
        "/sign-in",
        data=fields,
        content_type="multipart/form-data",
        headers={"X-CSRFToken": client.token()},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"email":' * 20_000 + "1" + "}" * 20_000,
        "[1, 2, 3]",
        '{"email": {"a": ["b"]}}',
        '{"email": NaN}',
        '{"email": 12}',
        "{",
        "",
    ],
)
def test_json_of_any_shape_breaks_nothing(client: ProofReadingClient, body: str) -> None:
    answer = client.post(
        "/sign-in",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": client.token()},
    )
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/%00",
        "/sign-in?next=%00",
        "/sign-in?%00=x",
        "/%ff%fe",
        "/sign-in/%ed%a0%80",
        "/sign-in?next=%ed%a0%80",
        "/sign-in/" + "x" * 5000,
        "/tiles/9999999999999999999999/1/1.png",
    ],
)
def test_a_nasty_address_breaks_nothing(client: ProofReadingClient, address: str) -> None:
    assert client.get(address).status_code < 500


def test_a_nul_in_a_field_is_refused(client: ProofReadingClient) -> None:
    assert client.post_form("/sign-in", {"email": "a\0b@people.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\\/evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/" + "x" * 500,
        None,
    ],
)
def test_a_path_to_elsewhere_is_no_path_of_ours(path: str | None) -> None:
    assert security.own_path(path) is None


@pytest.mark.parametrize("path", ["/", "/me", "/events?near=BN1+1AA&a=//b", "/m/ABCDEF#top"])
def test_a_path_of_ours_is_one(path: str) -> None:
    assert security.own_path(path) == path
