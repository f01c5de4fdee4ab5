"""Who is rung without consent: screened against the TPS lately, and not listed; nobody else."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, literal, select, text
from sqlalchemy.orm import Session

from campaign.foundation import clock, phone, schema
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.people import operations as people
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import (
    Contact,
    NeverLoad,
    Phonebank,
    PhonebankRole,
    TpsFile,
    TpsPart,
)
from campaign.phonebanks.operations import never, tps
from campaign.phonebanks.operations.dispensing import Claim, claim_next, moment_of
from campaign.phonebanks.operations.reminding import warn_of_old_checks
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.operations.working import Shop
from campaign.phonebanks.queries import queue, screening
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.never import Loaded
from tests.cast import Cast, call_the_cast
from tests.phonebanks import lists
from tests.phonebanks.making import KEY, NOON, claim, fictitious, fill, make_person, make_phonebank
from tests.proof_reader import ProofReadingClient

SCREENED = {"consent": False, "screened": True}
DAY = timedelta(days=1)


def load_tps(db: Session, *numbers: int, now: Any = NOON, **given: Any) -> Loaded:
    """A TPS file with these numbers and one that nobody here has, in the transaction at hand."""
    lines = [f"0{fictitious(number)[3:]}\r\n" for number in (*numbers, 999_999)]
    given = {"key": KEY, "now": now, "smaller_is_right": True, **given}
    return tps.load_tps(lambda: nullcontext(db), lines, **given)


def is_listed(db: Session, number: int) -> bool:
    """Whether a made-up number stands in the TPS file in force."""
    hmac = phone.hmac_key(fictitious(number), KEY)
    return bool(db.scalar(select(screening.on_tps(literal(hmac)))))


def ask(db: Session, phonebank: Phonebank, now: Any = NOON) -> Claim | Nothing:
    person = make_person(db)
    return claim_next(db, phonebank=phonebank, caller_id=person.id, now=now, pace=False)


def bring(shop: Shop, phonebank: Phonebank, rows: str, basis: str = "screened") -> None:
    lists.bring(shop, phonebank, f"Name,Phone,Id,Consent\r\n{rows}", basis=basis)


def test_who_is_screened_is_rung_and_who_is_listed_never(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2), **SCREENED)
        load_tps(db, 0)
        found = claim(db, phonebank, make_person(db))
        assert found.number.e164 == fictitious(1)
        assert reveal(db, call=found.call, phonebank=phonebank, now=NOON, pace=False) == found
        moment = moment_of(phonebank, now=NOON)
        assert queue.reasons(db, phonebank, moment) == {"in_call": 1, "on_tps": 1}
        assert isinstance(ask(db, phonebank), Nothing)


def test_who_was_listed_after_the_claim_is_not_shown(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), **SCREENED)
        load_tps(db)
        found = claim(db, phonebank, make_person(db))
        load_tps(db, 0)
        shown = reveal(db, call=found.call, phonebank=phonebank, now=NOON, pace=False)
        assert shown == Nothing("on_tps")
        assert found.call.revealed_at is None
        assert isinstance(ask(db, phonebank), Nothing)


@pytest.mark.parametrize(("days", "good"), [(27, True), (28, True), (29, False)])
def test_a_check_holds_28_days_at_the_claim_and_when_shown(
    database: Database, days: int, good: bool
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), **SCREENED)
        load_tps(db, now=NOON - days * DAY)
        found = ask(db, phonebank)
        if not good:
            assert found == Nothing("tps_old")
            moment = moment_of(phonebank, now=NOON)
            assert queue.reasons(db, phonebank, moment) == {"tps_old": 1}
            return
        assert isinstance(found, Claim)
        if days == 28:
            later = NOON + timedelta(seconds=1)
            shown = reveal(db, call=found.call, phonebank=phonebank, now=later, pace=False)
            assert shown == Nothing("tps_old")


def test_at_28_days_and_a_second_the_phonebank_has_stopped_itself_and_says_so(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    second = timedelta(seconds=1)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        db.add(PhonebankRole(phonebank_id=phonebank.id, person_id=cast.organiser.id, role="lead"))
        fill(db, phonebank, range(4), **SCREENED)
        load_tps(db)
        for after in (21 * DAY, 27 * DAY, 28 * DAY):
            found = ask(db, phonebank, NOON + after)
            assert isinstance(found, Claim)
            shown = reveal(db, call=found.call, phonebank=phonebank, now=NOON + after, pace=False)
            assert shown == found
        assert ask(db, phonebank, NOON + 28 * DAY + second) == Nothing("tps_old")
    path = f"/phonebanks/{phonebank.public_id}/lead"
    for after, said in (
        (21 * DAY - timedelta(hours=1), ""),
        (21 * DAY, "screened against the TPS stops on Tue 22 Dec"),
        (27 * DAY, "screened against the TPS stops on Tue 22 Dec"),
        (28 * DAY + second, "screened against the TPS stopped on Tue 22 Dec"),
    ):
        with clock.at(NOON + after):
            client.sign_in(cast.organiser)
            page = client.get(path).text
            assert said in page
            assert ("screened against the TPS" in page) is bool(said)


def test_without_any_check_nobody_is_rung_for_being_screened(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), **SCREENED)
        never.load(
            lambda: nullcontext(db),
            ["07700900199"],
            reason="imported",
            source="list",
            key=KEY,
            now=NOON,
        )
        assert ask(db, phonebank) == Nothing("tps_old")


def test_consent_wins_over_the_tps_and_an_objection_over_everything(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2), consent=True, screened=True)
        load_tps(db, 0, 1)
        people.suppress(db, hmac=phone.hmac_key(fictitious(1), KEY), reason="asked", source="page")
        load_tps(db)  # A later file that no longer lists them takes no wish away.
        load_tps(db, 0)
        found = claim(db, phonebank, make_person(db))
        assert found.number.e164 == fictitious(0)
        assert reveal(db, call=found.call, phonebank=phonebank, now=NOON, pace=False) == found
        assert isinstance(ask(db, phonebank), Nothing)
        assert queue.reasons(db, phonebank, moment_of(phonebank, now=NOON))["never"] == 1
        assert db.scalars(select(Suppression.reason)).all() == ["asked"]


def test_every_reason_has_its_own_and_they_add_up(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(3))
        fill(db, phonebank, range(10, 15), **SCREENED)
        fill(db, phonebank, range(20, 22), consent=False)
        fill(db, phonebank, range(30, 31), consent=False, state="held", hold_reason="no_consent")
        fill(db, phonebank, range(40, 41), state="held", hold_reason="organiser", **SCREENED)
        people.suppress(db, hmac=phone.hmac_key(fictitious(10), KEY), reason="asked", source="page")
        load_tps(db, 0, 10, 11, 12)
        for now, screened in ((NOON, "ready"), (NOON + 35 * DAY, "tps_old")):
            found = queue.reasons(db, phonebank, moment_of(phonebank, now=now))
            expected = {"never": 1, "on_tps": 2, "no_consent": 3, "organiser": 1, "ready": 3}
            expected[screened] = expected.get(screened, 0) + 2
            assert found == expected
            assert sum(found.values()) == db.scalar(select(func.count()).select_from(Contact))


def test_a_file_replaces_the_last_and_a_refused_one_leaves_it(database: Database) -> None:
    with database.unit_of_work() as db:
        load_tps(db, 1)
    with database.unit_of_work() as db:
        load_tps(db, 2)
    bad = [
        ["01632960101", "what", "is", "this"],
        ["Phone,TPS\r\n", "01632960101,Y\r\n", "01632960102,N\r\n"],
        ["01632960101"],
    ]
    for lines in bad:
        with pytest.raises(Refused):
            tps.load_tps(
                database.unit_of_work, lines, key=KEY, now=NOON + DAY, allow_unassigned=True
            )
    with database.reading() as db:
        assert (is_listed(db, 1), is_listed(db, 2), is_listed(db, 999_999)) == (False, True, True)
        assert db.scalars(select(TpsFile.state)).all() == ["in_force"], "the last is swept away"
        assert not db.scalars(select(Suppression)).all()
        assert screening.tps_warning(db, 1, now=NOON) is None


def states(shop: Shop) -> dict[str, tuple[bool, bool, str]]:
    query = select(Contact, PhoneNumber.e164).join(PhoneNumber)
    with shop.database.reading() as db:
        return {e164[-1]: (c.consent, c.screened, c.state) for c, e164 in db.execute(query)}


def test_an_import_of_screened_people_never_overrides_a_no(bench_shop: Shop) -> None:
    numbers = [f"0{fictitious(number)[3:]}" for number in range(5)]
    answers = ["yes", "", "no", "perhaps", "-"]
    rows = "".join(
        f"A,{number},{number},{answer}\r\n" for number, answer in zip(numbers, answers, strict=True)
    )
    expected = {
        "0": (True, True, "ready"),
        "1": (False, True, "ready"),
        "2": (False, False, "held"),
        "3": (False, False, "held"),
        "4": (False, True, "ready"),
    }
    blanks = "".join(f"A,{number},{number},\r\n" for number in numbers)
    with bench_shop.database.unit_of_work() as db:
        load_tps(db)
        phonebank = make_phonebank(db)
    bring(bench_shop, phonebank, rows)
    assert states(bench_shop) == expected
    bring(bench_shop, phonebank, blanks)
    assert states(bench_shop) == expected, "a later blank does not undo a no"
    bring(bench_shop, phonebank, f"A,{numbers[1]},{numbers[1]},no\r\n", basis="column")
    bring(bench_shop, phonebank, f"A,{numbers[2]},{numbers[2]},yes\r\n", basis="column")
    later = {"1": (False, False, "held"), "2": (True, False, "ready")}
    assert states(bench_shop) == expected | later
    with bench_shop.database.reading() as db:
        moment = moment_of(phonebank, now=NOON)
        assert queue.reasons(db, phonebank, moment) == {"ready": 3, "no_consent": 2}


def test_people_held_without_an_answer_are_rung_once_they_are_screened(bench_shop: Shop) -> None:
    row = f"A,0{fictitious(1)[3:]},1,\r\n"
    with bench_shop.database.unit_of_work() as db:
        phonebank = make_phonebank(db)
    bring(bench_shop, phonebank, row, basis="other")
    assert states(bench_shop) == {"1": (False, False, "held")}
    bring(bench_shop, phonebank, row)
    assert states(bench_shop) == {"1": (False, True, "ready")}


def test_the_board_warns_from_day_21_with_the_day_on_which_it_stops(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        db.add(PhonebankRole(phonebank_id=phonebank.id, person_id=cast.organiser.id, role="lead"))
        fill(db, phonebank, range(3))
        fill(db, phonebank, range(10, 14), **SCREENED)
    path = f"/phonebanks/{phonebank.public_id}/lead"

    def board(days: int) -> str:
        with clock.at(NOON + days * DAY):
            client.sign_in(cast.organiser)
            return client.get(path).text

    assert "There has been no check against the TPS, so the 4 screened" in board(0)
    with database.unit_of_work() as db:
        load_tps(db, 10)
    assert "screened against the TPS" not in board(20)
    # Of the four one is listed: their calling does not stop, for nobody rings them.
    assert "Calling of the 3 screened against the TPS stops on Tue 22 Dec" in board(21)
    over = board(29)
    assert "Calling of the 3 screened against the TPS stopped on Tue 22 Dec" in over
    assert "TPS check too old" in over
    assert "On the TPS" in over


def test_the_tables_go_down_and_up_with_people_in_them(database: Database) -> None:
    scripts = ScriptDirectory.from_config(schema.configuration())
    before = scripts.get_revision("20261122_tps").down_revision
    assert isinstance(before, str)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, call_the_cast(db).group)
        fill(db, phonebank, range(2))
        fill(db, phonebank, range(10, 12), **SCREENED)
        load_tps(db, 0)
        people.suppress(db, hmac=phone.hmac_key(fictitious(1), KEY), reason="tps", source="tps")
    schema.downgrade(database, before)
    with database.reading() as db:
        found = db.execute(text("SELECT consent, state FROM contact ORDER BY id")).all()
        assert [(bool(row[0]), row[1]) for row in found] == [
            (True, "ready"),
            (True, "suppressed"),
            (False, "held"),
            (False, "held"),
        ]
    schema.upgrade(database)
    with database.unit_of_work() as db:
        assert not db.scalars(select(Contact).where(Contact.screened)).all()
        assert not db.scalars(select(TpsPart)).all()
        assert db.scalars(select(Suppression.reason)).all() == ["tps"]
        bank = db.scalars(select(Phonebank)).one()
        moment = moment_of(bank, now=NOON)
        assert queue.reasons(db, bank, moment) == {"ready": 1, "never": 1, "no_consent": 2}


def test_a_packed_file_keeps_its_numbers_and_its_day(database: Database) -> None:
    scripts = ScriptDirectory.from_config(schema.configuration())
    before = scripts.get_revision("20261127_tps_packed").down_revision
    assert isinstance(before, str)
    schema.downgrade(database, before)
    hmacs = [phone.hmac_key(fictitious(number), KEY) for number in range(3000)]
    with database.unit_of_work() as db:
        rows = [{"hmac": hmac} for hmac in hmacs]
        db.execute(text("INSERT INTO tps_number (hmac) VALUES (:hmac)"), rows)
        for day, lines in ((DAY, 2900), (timedelta(), 3000)):
            db.add(NeverLoad(source="tps", rows=lines, made_at=NOON - day))
    schema.upgrade(database)
    with database.unit_of_work() as db:
        assert all(is_listed(db, number) for number in (0, 1, 1500, 2999))
        assert not any(is_listed(db, number) for number in range(3000, 3050))
        assert screening.last_check(db) == NOON
        assert screening.last_size(db, "tps") == 3000
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2999, 3001), **SCREENED)
        assert queue.reasons(db, phonebank, moment_of(phonebank, now=NOON)) == {
            "on_tps": 1,
            "ready": 1,
        }
    schema.downgrade(database, before)
    with database.reading() as db:
        assert not db.scalars(text("SELECT hmac FROM tps_number")).all()
        assert screening.last_check(db) is None, "without its numbers a check clears nobody"


def test_a_lead_gets_a_letter_from_day_21_and_one_when_it_stopped_once_each(
    database: Database, cast: Cast, settings: Settings
) -> None:
    mail = Mail(LetterWriter(settings), settings.base_url)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        others = {
            "nobody screened": {},
            "paused": {"status": "paused"},
            "over": {"closes_at": NOON},
        }
        banks = [make_phonebank(db, cast.group, title=t, **given) for t, given in others.items()]
        for place, bank in enumerate([phonebank, *banks]):
            db.add(PhonebankRole(phonebank_id=bank.id, person_id=cast.organiser.id, role="lead"))
            screened = {} if bank.title == "nobody screened" else SCREENED
            fill(db, bank, range(10 * place, 10 * place + 4), **screened)
        load_tps(db)

    def letters(moment: datetime) -> list[str]:
        with database.unit_of_work() as db:
            for _ in range(2):
                warn_of_old_checks(db, mail=mail, now=moment)
            found = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id))
            return [f"{row.to.split('@')[0]}: {row.subject}" for row in found]

    names = ("Hove rents vote", "paused")
    assert letters(NOON + 21 * DAY - timedelta(seconds=1)) == []
    first = [f"olwen-organiser: Calling stops on Tue 22 Dec: {name}" for name in names]
    assert letters(NOON + 21 * DAY) == first
    assert letters(NOON + 28 * DAY) == first
    stopped = [f"olwen-organiser: Calling has stopped: {name}" for name in names]
    assert letters(NOON + 28 * DAY + timedelta(seconds=1)) == [*first, *stopped]
    assert letters(NOON + 40 * DAY) == [*first, *stopped]
    with database.unit_of_work() as db:
        load_tps(db, now=NOON + 40 * DAY)  # a new check is warned of anew
        rows = list(db.scalars(select(OutboxLetter)))
        assert all(settings.imprint in body for row in rows for body in (row.text, row.html))
        assert all("Amina" not in row.text + row.html for row in rows)
    assert len(letters(NOON + 61 * DAY)) == 6
