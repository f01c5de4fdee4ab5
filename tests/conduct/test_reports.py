"""Reports from the first word to the last: told, looked at, decided, and followed by a code."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from campaign.conduct.models import Decision, Report
from campaign.conduct.operations import cases
from campaign.conduct.operations.apart import keep_apart
from campaign.conduct.queries.apart import is_barred, may_meet
from campaign.conduct.rules import codes
from campaign.conduct.rules.categories import CATEGORIES, SAFEGUARDED, Category
from campaign.conduct.rules.reasons import load_reasons
from campaign.conduct.rules.states import CaseState, WrongStep, check_step
from campaign.conduct.rules.subjects import names_person
from campaign.events.models import Event
from campaign.events.queries.trust import is_trusted
from campaign.foundation import clock, limits
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person, RoleGrant
from tests.cast import Cast, a_member
from tests.conduct.conftest import Officers
from tests.events.makers import announced
from tests.proof_reader import ProofReadingClient

TEXT = "They ask for money at the door, in cash."


def told(
    client: ProofReadingClient, cast: Cast, category: str = "misleading", **given: str
) -> tuple[str, str]:
    """Somebody without an account reports the host's event: the case and its code."""
    client.sign_out()
    form = {"kind": "event", "about": cast.event.public_id, "category": category, "text": TEXT}
    answer = client.post_form("/report", form | given)
    assert answer.status_code == 303, answer.text
    found = re.search(r'id="code">([^<]+)<', client.get("/report/sent").text)
    assert found
    return "", unescape(found[1])


def the_case(database: Database) -> Report:
    with database.reading() as db:
        held = db.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
        db.expunge(held)
        return held


def case_of(client: ProofReadingClient, database: Database, cast: Cast, category: str) -> str:
    told(client, cast, category)
    return the_case(database).public_id


def test_a_code_is_read_with_or_without_its_gaps() -> None:
    assert codes.normal(" ABCD-efgh  jkmn.pqrs ") == "abcdefghjkmnpqrs"
    assert codes.spaced("abcdefghjkmnpqrs") == "abcd-efgh-jkmn-pqrs"
    assert codes.fingerprint("ABCD-EFGH") == codes.fingerprint("abcdefgh") != "abcdefgh"


def test_a_case_goes_only_where_it_may() -> None:
    check_step("received", CaseState.ASSESSING)
    check_step("decided", CaseState.APPEAL)
    for before, after in (("decided", CaseState.DECIDED), ("closed", CaseState.INTERIM)):
        with pytest.raises(WrongStep):
            check_step(before, after)


def test_every_category_is_content_or_safeguarded_and_has_words() -> None:
    assert set(CATEGORIES) == set(Category)
    assert {one.value for one in SAFEGUARDED} == {
        "harassment",
        "sexual harassment",
        "discrimination",
    }


def test_who_is_named_is_found_rather_once_too_often() -> None:
    named = {"name": "Moira Moderator", "email": "moira@people.example"}
    for text in ("moira moderator", "Please not Moira, or her friend", "MOIRA@people.example"):
        assert names_person(text, **named), text
    assert not names_person("Moirae and fate", **named)


def test_a_reason_without_a_public_sentence_is_refused() -> None:
    row = {"code": "x", "label": "X", "public": "", "ask": "a", "hide": "h"}
    with pytest.raises(ValueError, match="public"):
        load_reasons({"reason": [row]})


def test_somebody_without_an_account_reports_and_follows_it(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    assert "About" in client.get(f"/report?about=event:{cast.event.public_id}").text
    _, code = told(client, cast)
    assert "shown once, on this page, and is gone" in client.get("/report/sent").text
    with database.reading() as db:
        kept = db.scalars(select(Report)).one()
        assert kept.code == codes.fingerprint(code)
        assert codes.normal(code) not in str(vars(kept))
    assert "Type the code" in client.get("/report/follow").text
    assert client.post_form("/report/follow", {"code": ""}).status_code == 422
    page = client.post_form("/report/follow", {"code": code.upper()})
    assert page.status_code == 200
    assert "Received" in page.text
    page = client.post_form("/report/follow", {"code": code, "add": "It was Friday."})
    assert "Added. Thank you." in page.text
    wrong = client.post_form("/report/follow", {"code": "aaaa-bbbb-cccc-dddd"})
    assert wrong.status_code == 422
    assert "No report has this code" in wrong.text


def test_who_looks_at_it_is_told_that_something_waits_and_not_what(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    told(client, cast, "harassment")
    with database.reading() as db:
        letters = list(db.scalars(select(OutboxLetter).order_by(OutboxLetter.to)))
        assert [one.to for one in letters] == [officers.sasha.email, officers.sol.email]
        for one in letters:
            assert "money" not in one.text
            assert cast.event.title not in one.text + one.subject
            assert "harassment" not in one.text + one.subject


def test_bad_reports_are_refused_with_a_sentence_and_stay_on_the_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    for given in ({}, {"category": "spam"}, {"category": "gossip", "text": TEXT}):
        answer = client.post_form("/report", given)
        assert answer.status_code == 422
    answer = client.post_form("/report", {"text": TEXT, "about": "x" * 500, "kind": "planet"})
    assert TEXT in answer.text
    ok = client.post_form("/report", {"text": TEXT, "category": "spam", "kind": "planet"})
    assert ok.status_code == 303
    assert the_case(database).subject_kind == "other"


@pytest.mark.usefixtures("early_in_the_hour")
def test_over_the_limit_nothing_typed_is_lost(
    client: ProofReadingClient, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", limits.Limit("report", 1, 3600))
    monkeypatch.setattr(limits, "PER_ADDRESS", 1)
    told(client, cast)
    form = {"category": "spam", "text": "A second report of the same network."}
    answer = client.post_form("/report", form)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "A second report of the same network." in answer.text
    assert "keep this page open" in answer.text


def test_each_of_the_cast_against_each_kind_of_case(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    content = case_of(client, database, cast, "unsafe")
    guarded = case_of(client, database, cast, "sexual harassment")
    everybody = cast.everybody | vars(officers)
    sees = {"moderator": content, "second": content, "sasha": guarded, "sol": guarded}
    for part, person in everybody.items():
        client.sign_in(person)
        for case in (content, guarded):
            wanted = 200 if sees.get(part) == case else 404
            assert client.get(f"/reports/{case}").status_code == wanted, (part, case)
            for step in ("take", "note", "at-once", "decide", "close"):
                code = client.post_form(f"/reports/{case}/{step}", {"text": ""}).status_code
                assert (code == 404) is (wanted == 404), (part, step, code)
        assert client.get("/reports").status_code == (200 if part in sees else 404), part
        apart = 200 if part in ("sasha", "sol") else 404
        assert client.get("/reports/apart").status_code == apart, part
    client.sign_out()
    assert client.get(f"/reports/{content}").status_code == 303


def test_never_who_it_is_about_nor_who_runs_their_group_nor_whom_one_names(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    with database.unit_of_work() as db:
        for person in (cast.host, cast.organiser):
            db.add(RoleGrant(person_id=person.id, role="moderator"))
    told(client, cast, "spam", keep_from="not Mona please")
    case = the_case(database).public_id
    for person, code in (
        (cast.moderator, 200),
        (cast.host, 404),
        (cast.organiser, 404),
        (officers.second, 404),
    ):
        client.sign_in(person)
        assert client.get(f"/reports/{case}").status_code == code, person.name
        assert (case in client.get("/reports").text) is (code == 200)
    # Who comes to run the group afterwards sees it no more either.
    with database.unit_of_work() as db:
        a_member(db, cast.group, db.get_one(Person, cast.moderator.id), "organiser")
    client.sign_in(cast.moderator)
    assert client.get(f"/reports/{case}").status_code == 404


def test_where_nobody_is_left_who_reported_is_told(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    _, code = told(client, cast, "spam", keep_from="Moira Moderator")
    page = client.post_form("/report/follow", {"code": code}).text
    assert "waits until another officer is appointed" in page


def test_reports_alone_take_nothing_down(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    for _ in range(12):
        told(client, cast, "spam")
    client.sign_out()
    assert client.get(f"/events/{cast.event.public_id}").status_code == 200
    client.sign_in(cast.moderator)
    page = client.get(f"/moderation/{cast.event.public_id}").text
    assert "12 reports are open." in page
    client.sign_in(cast.organiser)
    page = client.get(f"/moderation/{cast.event.public_id}").text
    assert "reports are open" not in page


def test_from_the_report_to_the_log_and_back_to_who_reported(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    _, code = told(client, cast, "misleading")
    case = the_case(database).public_id
    client.sign_in(cast.moderator)
    client.post_form(f"/reports/{case}/take")
    client.post_form(f"/reports/{case}/note", {"text": "Rang the host: it is true."})
    assert "Rang the host" in client.get(f"/reports/{case}").text
    outcome = {
        "upheld": "yes",
        "hide": "y",
        "answer": "You were right, thank you. We took it down.",
        "to_host": "Do not ask for money at the door.",
    }
    refused = client.post_form(f"/reports/{case}/decide", outcome)
    assert refused.status_code == 422
    assert "Choose why" in refused.text
    assert client.get(f"/events/{cast.event.public_id}").status_code == 200
    done = client.post_form(f"/reports/{case}/decide", outcome | {"reason": "misleading"})
    assert done.status_code == 303
    again = client.post_form(f"/reports/{case}/decide", outcome | {"reason": "misleading"})
    assert again.status_code == 422
    client.sign_out()
    assert client.get(f"/events/{cast.event.public_id}").status_code == 410
    assert "Taken down: Misleading" in client.get("/moderation/log").text
    page = client.post_form("/report/follow", {"code": code}).text
    assert "You were right, thank you." in page
    assert "Rang the host" not in page
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter).where(OutboxLetter.to == cast.host.email)).one()
        assert "Do not ask for money at the door." in letter.text
        assert "second look" in letter.text
        assert not is_trusted(db, cast.host.id, cast.group.id)
        rows = list(db.scalars(select(AuditRow.action).where(AuditRow.subject == "report:1")))
    assert {"report received", "report seen", "report: taken", "report: decided"} <= set(rows)


def test_not_upheld_what_the_case_took_down_comes_back(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    case = case_of(client, database, cast, "unsafe")
    client.sign_in(cast.moderator)
    client.post_form(f"/reports/{case}/at-once", {"what": "hide", "reason": "unsafe"})
    client.post_form(f"/reports/{case}/at-once", {"what": "bar"})
    with database.reading() as db:
        assert is_barred(db, cast.host.id)
        event = db.get_one(Event, cast.event.id)
        assert (event.host_id, event.hidden_at is None) == (cast.host.id, False)
    outcome = {"upheld": "no", "answer": "We looked, and it is safe."}
    assert client.post_form(f"/reports/{case}/decide", outcome).status_code == 303
    client.sign_out()
    assert client.get(f"/events/{cast.event.public_id}").status_code == 200
    assert cast.event.title in client.get("/events").text
    with database.reading() as db:
        assert not is_barred(db, cast.host.id)


def test_who_is_barred_signs_in_and_announces_and_runs_nothing(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    with database.unit_of_work() as db:
        for _ in range(2):
            cases.bar(db, person_id=cast.organiser.id, actor_id=officers.sasha.id)
    client.sign_in(cast.organiser)
    assert client.get("/me").status_code == 200
    assert client.get(f"/events/{cast.event.public_id}/roster").status_code in (403, 404)
    with database.unit_of_work() as db:
        host = db.get_one(Person, cast.organiser.id)
        with pytest.raises(Exception, match="may not announce"):
            announced(db, cast, host=host)
    client.sign_in(officers.sasha)
    assert "Olwen Organiser" in client.get("/reports/apart").text
    client.post_form(f"/reports/barred/{cast.organiser.public_id}/lift")
    with database.unit_of_work() as db:
        assert announced(db, cast).state == "listed"


def test_a_host_appeals_and_another_moderator_decides(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    client.sign_in(cast.moderator)
    public_id = cast.event.public_id
    given = {"verdict": "hidden", "reason": "spam", "seen": ""}
    assert client.post_form(f"/moderation/{public_id}", given).status_code == 303
    client.sign_in(cast.stranger)
    assert client.post_form(f"/events/{public_id}/appeal", {"text": TEXT}).status_code in (404, 410)
    client.sign_in(cast.host)
    client.post_form(f"/events/{public_id}/appeal", {"text": "It is a real evening, ask Amal."})
    case = the_case(database)
    assert case.state == "appeal"
    client.sign_in(cast.moderator)
    assert client.get(f"/reports/{case.public_id}").status_code == 404
    client.sign_in(officers.second)
    assert "ask Amal" in client.get(f"/reports/{case.public_id}").text
    outcome = {"upheld": "no", "answer": "It goes back on the map.", "to_host": "Sorry."}
    assert client.post_form(f"/reports/{case.public_id}/decide", outcome).status_code == 303
    client.sign_out()
    assert client.get(f"/events/{public_id}").status_code == 200
    with database.reading() as db:
        subjects = db.scalars(
            select(OutboxLetter.subject).where(OutboxLetter.to == cast.host.email)
        )
        assert [one.partition(":")[0] for one in subjects] == ["Taken down", "Back again"]
    client.sign_in(cast.host)
    assert client.post_form(f"/events/{public_id}/appeal", {"text": TEXT}).status_code == 409


def test_what_stays_although_it_was_reported_is_in_the_log_and_harassment_never(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    outcome = {"upheld": "no", "answer": "We looked into it, and it is fine."}
    for category, person in (("spam", cast.moderator), ("harassment", officers.sol)):
        case = case_of(client, database, cast, category)
        client.sign_in(person)
        assert client.post_form(f"/reports/{case}/decide", outcome).status_code == 303
    with database.reading() as db:
        logged = [(one.verdict, one.category) for one in db.scalars(select(Decision))]
    assert logged == [("kept", "Spam")]
    assert "Left as it is: Spam" in client.get("/moderation/log").text


def test_two_people_are_kept_apart_whoever_is_asked_first(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    client.sign_in(officers.sasha)
    same = {"one": cast.host.email or "", "other": cast.host.email or ""}
    assert client.post_form("/reports/apart", same).status_code == 422
    unknown = {"one": cast.host.email or "", "other": "nobody@people.example"}
    assert "Nobody here has this address" in client.post_form("/reports/apart", unknown).text
    pair = {"one": cast.host.email or "", "other": cast.caller.email or ""}
    assert client.post_form("/reports/apart", pair).status_code == 303
    with database.unit_of_work() as db:
        host, caller = db.get_one(Person, cast.host.id), db.get_one(Person, cast.caller.id)
        keep_apart(db, one=caller, other=host, actor_id=officers.sasha.id)
        assert not may_meet(db, host.id, caller.id)
        assert not may_meet(db, caller.id, host.id)
        assert may_meet(db, host.id, cast.lead.id)
    page = client.get("/reports/apart").text
    ends = re.findall(r"/reports/apart/(\w+)/end", page)
    assert len(ends) == 1
    client.post_form(f"/reports/apart/{ends[0]}/end")
    with database.reading() as db:
        assert may_meet(db, cast.host.id, cast.caller.id)


def test_a_closed_case_is_forgotten_when_its_days_are_over(
    client: ProofReadingClient, database: Database, cast: Cast, officers: Officers
) -> None:
    _, code = told(client, cast, "spam")
    case = the_case(database).public_id
    client.sign_in(cast.moderator)
    client.post_form(f"/reports/{case}/decide", {"upheld": "no", "answer": "It is no spam."})
    client.post_form(f"/reports/{case}/close")
    closed = client.post_form("/report/follow", {"code": code, "add": "It goes on."})
    assert closed.status_code == 409
    with database.unit_of_work() as db:
        assert cases.forget_closed(db, days=730, now=clock.now() + timedelta(days=729)) == 0
        assert cases.forget_closed(db, days=730, now=clock.now() + timedelta(days=731)) == 1
    assert client.post_form("/report/follow", {"code": code}).status_code == 422
    assert "Left as it is: Spam" in client.get("/moderation/log").text
