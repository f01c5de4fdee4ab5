"""One telephone, several people of a list: it is rung once, and nobody of them is lost."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.people.models import Suppression
from campaign.phonebanks.models import Contact, Phonebank, Sharer
from campaign.phonebanks.operations import forgetting
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries.sharing import who_is_asked_for
from campaign.phonebanks.rules.sharing import is_another, names_of, told_apart
from tests.phonebanks.lists import bring, open_shop, preview
from tests.phonebanks.making import NOON, claim, make_person, make_phonebank
from tests.phonebanks.test_exporting import approved, table

HEADINGS = "First name,Surname,Mobile,Email,Id,OK to ring\r\n"
AMINA = "Amina,Kay,07700900001,amina@people.example,1,yes\r\n"
BILAL = "Bilal,Kay,07700900001,bilal@people.example,2,yes\r\n"
CARYS = "Carys,Moss,07700900001,,3,\r\n"


@pytest.fixture
def phonebank(database: Database) -> Phonebank:
    with database.unit_of_work() as db:
        return make_phonebank(db)


def names(database: Database) -> tuple[list[str], list[str]]:
    with database.reading() as db:
        contacts = db.scalars(select(Contact.first_name).order_by(Contact.id)).all()
        return list(contacts), list(db.scalars(select(Sharer.first_name).order_by(Sharer.id)))


def test_two_rows_of_one_number_are_one_contact_with_both_names(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    file = HEADINGS + AMINA + BILAL + CARYS + AMINA
    counts = preview(shop, phonebank, file).counts
    assert {name: count for name, count in counts.items() if count} == {
        "new": 1,
        "shared": 2,
        "duplicate": 1,
    }
    for _ in range(2):
        bring(shop, phonebank, file)
        assert names(database) == (["Amina"], ["Bilal", "Carys"])
    with database.reading() as db:
        contact = db.scalars(select(Contact)).one()
        assert contact.sharers == 2
        # Carys has agreed to nothing, so nobody asks for her.
        assert who_is_asked_for(db, contact) == "Amina or Bilal"


def test_somebody_of_a_later_list_who_shares_a_number_takes_nobodys_place(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEADINGS + AMINA)
    batch = bring(shop, phonebank, HEADINGS + BILAL)
    assert (batch.counts["shared"], batch.counts["updated"]) == (1, 0)
    bring(shop, phonebank, HEADINGS + CARYS)
    assert names(database) == (["Amina"], ["Bilal", "Carys"])
    bring(shop, phonebank, HEADINGS + CARYS.replace(",3,", ",3,yes"))
    with database.reading() as db:
        assert who_is_asked_for(db, db.scalars(select(Contact)).one()) == "Amina, Bilal or Carys"


NAMESAKE = "Amina,Moss,07700900001,,4,\r\n"
MARRIED = "Amina,Moss,07700900001,amina@people.example,1,\r\n"


def surnames(database: Database) -> tuple[list[str], list[str]]:
    with database.reading() as db:
        contacts = db.scalars(select(Contact.last_name).order_by(Contact.id)).all()
        return list(contacts), list(db.scalars(select(Sharer.last_name).order_by(Sharer.id)))


@pytest.mark.parametrize("files", [[AMINA + NAMESAKE], [AMINA, NAMESAKE], [AMINA, NAMESAKE, AMINA]])
def test_a_namesake_with_an_id_of_their_own_takes_nobodys_place(
    database: Database, phonebank: Phonebank, tmp_path: Path, files: list[str]
) -> None:
    """In one file or in two, and however often: she has said nothing, and Amina Kay has agreed."""
    shop = open_shop(database, tmp_path)
    for rows in [*files, files[-1]]:
        bring(shop, phonebank, HEADINGS + rows)
    assert surnames(database) == (["Kay"], ["Moss"])
    with database.reading() as db:
        assert db.scalars(select(Contact.external_id)).one() == "1"


@pytest.mark.parametrize("row", [MARRIED, MARRIED.replace(",1,", ",,"), NAMESAKE])
def test_who_has_a_new_surname_is_one_person_still(
    database: Database, phonebank: Phonebank, tmp_path: Path, row: str
) -> None:
    """By the id, without one, and by an id of another source, which says nothing of this one's."""
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEADINGS + AMINA)
    bring(
        shop, phonebank, HEADINGS + row, source="another" if row == NAMESAKE else "petition stall"
    )
    assert surnames(database) == (["Moss"], [])


FATHER = "J,Smith,07700900001,,1,yes\r\n"
SON = "J,Smith,07700900001,son@people.example,2,\r\n"
GRANDSON = "J,Smith,07700900001,,3,yes\r\n"


def by_id(
    database: Database,
) -> tuple[list[tuple[str | None, bool]], list[tuple[str | None, bool]]]:
    """The ids at the number, of the contact and of who shares it, and who of them agreed."""
    with database.reading() as db:
        contacts = select(Contact.external_id, Contact.consent).order_by(Contact.id)
        sharers = select(Sharer.external_id, Sharer.consent).order_by(Sharer.external_id)
        counted = db.scalars(select(Contact.sharers)).one()
        found = [(i, c) for i, c in db.execute(contacts)], [(i, c) for i, c in db.execute(sharers)]
        assert counted == len(found[1])
        return found


@pytest.mark.parametrize(
    "files",
    [
        [FATHER + SON + GRANDSON],
        [FATHER + SON + GRANDSON, GRANDSON + SON + FATHER],
        [FATHER + SON, SON, SON + GRANDSON + FATHER],
        [FATHER, SON + FATHER + GRANDSON],
        [FATHER, FATHER + SON, GRANDSON + SON],
        [FATHER + SON + GRANDSON, FATHER.replace(",1,", ",,")],
    ],
)
def test_two_of_one_name_at_one_number_are_two_people_by_their_ids(
    database: Database, phonebank: Phonebank, tmp_path: Path, files: list[str]
) -> None:
    """Nobody takes another's place or yes, in whichever order and however often they come."""
    shop = open_shop(database, tmp_path)
    for rows in [*files, *files]:
        assert bring(shop, phonebank, HEADINGS + rows).counts["duplicate"] == 0
    assert by_id(database) == ([("1", True)], [("2", False), ("3", True)])


def test_a_yes_is_noted_for_the_namesake_who_said_it(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    trio = FATHER.replace("yes", "") + SON + GRANDSON.replace("yes", "")
    bring(shop, phonebank, HEADINGS + trio)
    assert by_id(database) == ([("1", False)], [("2", False), ("3", False)])
    bring(shop, phonebank, HEADINGS + trio.replace("son@people.example,2,", ",2,yes"))
    assert by_id(database) == ([("1", False)], [("2", True), ("3", False)])
    bring(shop, phonebank, HEADINGS + trio.replace("son@people.example,2,", ",2,no"))
    assert by_id(database)[1] == [("2", False), ("3", False)]


@pytest.mark.parametrize("last", ["1", ""])
def test_one_name_at_a_number_with_one_id_or_none_is_one_person(
    database: Database, phonebank: Phonebank, tmp_path: Path, last: str
) -> None:
    file = FATHER + FATHER.replace(",1,", f",{last},")
    batch = bring(open_shop(database, tmp_path), phonebank, HEADINGS + file)
    assert batch.counts["duplicate"] == 1
    assert by_id(database) == ([("1", True)], [])


def test_a_list_whose_ids_were_made_anew_doubles_nobody(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEADINGS + FATHER + BILAL)
    anew = FATHER.replace(",1,", ",101,") + BILAL.replace(",2,", ",102,")
    for _ in range(2):
        bring(shop, phonebank, HEADINGS + anew)
    assert by_id(database) == ([("101", True)], [("2", True)])


def test_never_call_of_one_is_for_all_at_the_number(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    file = "First name,Mobile,Consent,Do not call\r\nAmina,07700900001,yes,\r\n"
    bring(shop, phonebank, file + "Bilal,07700900001,yes,yes\r\n")
    with database.unit_of_work() as db:
        assert len(db.scalars(select(Suppression)).all()) == 1
        caller = make_person(db)
        asked = {"phonebank": phonebank, "caller_id": caller.id, "now": NOON, "pace": False}
        assert not isinstance(claim_next(db, **asked), Claim)


def test_a_call_says_who_of_them_was_spoken_to(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    bring(open_shop(database, tmp_path), phonebank, HEADINGS + AMINA + BILAL)
    with database.unit_of_work() as db:
        held = claim(db, phonebank, make_person(db))
        reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        given = {"phonebank": phonebank, "outcome": "talked", "now": NOON}
        record_outcome(db, call=held.call, spoken_to=1, **given)
        assert held.call.spoken_to == db.scalars(select(Sharer.id)).one()


def test_a_caller_who_shares_the_number_is_not_offered_it(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    bring(open_shop(database, tmp_path), phonebank, HEADINGS + AMINA + BILAL)
    with database.unit_of_work() as db:
        bilal = make_person(db)
        bilal.email = "bilal@people.example"
        db.flush()
        asked = {"phonebank": phonebank, "caller_id": bilal.id, "now": NOON, "pace": False}
        assert not isinstance(claim_next(db, **asked), Claim)
        assert claim(db, phonebank, make_person(db))


def test_who_is_erased_leaves_the_number_to_the_others(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    bring(open_shop(database, tmp_path), phonebank, HEADINGS + AMINA + BILAL + CARYS)
    with database.unit_of_work() as db:
        forgetting.forget_address(db, email="amina@people.example")
    assert names(database) == (["Bilal"], ["Carys"])
    with database.unit_of_work() as db:
        contact = db.scalars(select(Contact)).one()
        assert (contact.state, contact.sharers, contact.email) == (
            "ready",
            1,
            "bilal@people.example",
        )
        forgetting.forget_number(db, e164="+447700900001")
    assert names(database) == ([""], [])


def test_a_sharer_who_is_erased_is_named_no_more(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    bring(open_shop(database, tmp_path), phonebank, HEADINGS + AMINA + BILAL)
    with database.unit_of_work() as db:
        told: dict[str, list[dict[str, Any]]] = {}
        forgetting.export_address(db, email="bilal@people.example", into=told)
        assert [line["name"] for line in told["On call lists"]] == ["Bilal Kay"]
        forgetting.forget_address(db, email="bilal@people.example")
    assert names(database) == (["Amina"], [])
    with database.reading() as db:
        contact = db.scalars(select(Contact)).one()
        assert (contact.sharers, contact.state) == (0, "ready")


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        (("Amina", "Kay"), ("Bilal", "Kay"), True),
        (("Amina", "Kay"), ("amina ", ""), False),
        (("Amina", "Kay"), ("Amina", "Osei"), True),
        (("", "Kay"), ("Bilal", "Kay"), False),
    ],
)
def test_two_names_at_a_number_are_two_people_unless_one_tells_nothing(
    one: tuple[str, str], other: tuple[str, str], two: bool
) -> None:
    assert is_another(one, other) is two


def test_names_are_said_once_each() -> None:
    assert names_of(["Amina"]) == "Amina"
    assert names_of(["Amina", "Bilal", "amina"]) == "Amina or Bilal"
    assert names_of(["Amina", "Bilal", "Carys"]) == "Amina, Bilal or Carys"
    assert names_of([""]) == "this person"


def test_namesakes_at_a_number_can_be_chosen_one_by_one() -> None:
    assert told_apart(["Amina", "J", "j "]) == ["Amina", "J (1 of 2)", "j (2 of 2)"]
    assert told_apart(["", "Amina", ""]) == ["", "Amina", ""]


def test_an_export_has_a_line_for_each_of_them_and_answers_for_who_was_spoken_to(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    bring(open_shop(database, tmp_path), phonebank, HEADINGS + AMINA + BILAL)
    with database.unit_of_work() as db:
        people = table(db, approved(db, phonebank, "people"))
        assert [(row["First name"], row["External ID"]) for row in people] == [
            ("Amina", "1"),
            ("Bilal", "2"),
        ]
        assert {row["Mobile"] for row in people} == {"'+447700900001"}
        held = claim(db, phonebank, make_person(db))
        reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        given = {"phonebank": phonebank, "outcome": "refused_soft", "now": NOON}
        record_outcome(db, call=held.call, spoken_to=1, **given)
        results = table(db, approved(db, phonebank))
        assert [(row["First name"], row["Canvass Result"]) for row in results] == [
            ("Amina", "Not Home"),
            ("Bilal", "Refused"),
        ]
