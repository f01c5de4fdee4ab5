"""The letter at the end of a list: once, to whoever had it brought in, and of nobody in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.people.models import Person
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import leasing, storing, sweeping, working
from campaign.phonebanks.operations.working import Shop, bringing
from campaign.phonebanks.rules.imports import KINDS, came_in, lines_of, without_words_of_file
from tests.cast import Cast
from tests.phonebanks.lists import bring, decide, finish, give, preview, stop
from tests.phonebanks.making import make_phonebank
from tests.phonebanks.test_managing import bring_in, upload
from tests.proof_reader import ProofReadingClient

LIST = """ID,First name,Surname,Phone,Email,OK to ring
K1,Zebedee,Quill,+44 4000000001,zeb@people.example,yes
K2,Yolanda,Quill,+44 4000000002,,yes
K3,Xerxes,Quill,+44 4000000002,,yes
K4,Wanda,Quill,4.47701E+11,,yes
K5,Vernon,Quill,7700900123,,yes
"""
TELLS = ("Zebedee", "Yolanda", "Xerxes", "Wanda", "Vernon", "Quill", "4000", "7700", "zeb@",
         "people.csv", "stall")  # fmt: skip


@pytest.fixture
def house(bench_shop: Shop, settings: Settings) -> Shop:
    return replace(bench_shop, mail=Mail(LetterWriter(settings), settings.base_url))


@pytest.fixture
def led(database: Database, cast: Cast) -> Phonebank:
    with database.unit_of_work() as db:
        return make_phonebank(db, cast.group)


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as db:
        found = list(db.scalars(select(OutboxLetter).order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def subjects(database: Database) -> list[str]:
    return [f"{row.to.split('@')[0]}: {row.subject}" for row in letters(database)]


def only(database: Database) -> OutboxLetter:
    (letter,) = letters(database)
    return letter


def begun(house: Shop, led: Phonebank, cast: Cast, text: str = LIST) -> int:
    """A list that the organiser gave and said yes to."""
    batch_id = preview(house, led, text, actor_id=cast.organiser.id).id
    decide(house, batch_id, cast.organiser.id)
    return batch_id


def test_whoever_had_a_list_brought_in_hears_what_became_of_it(
    house: Shop, led: Phonebank, cast: Cast
) -> None:
    batch_id = preview(house, led, LIST, actor_id=cast.organiser.id).id
    assert letters(house.database) == [], "a file that was only read says so on its page"
    decide(house, batch_id, cast.organiser.id)
    batch = finish(house, batch_id)
    working.clear_away(house, batch_id)
    letter = only(house.database)
    assert letter.subject == "Your list is in: Hove rents vote"
    assert letter.to == cast.organiser.email
    assert "4 of 5 rows came in." in letter.text
    for line in ("New people: 2", "New, number mended: 1", "Shared household number: 1",
                 "Refused: 1"):  # fmt: skip
        assert line in letter.text
    assert f"/phonebanks/{led.public_id}/import/{batch.public_id}" in letter.text
    assert f"/phonebanks/{led.public_id}/import/{batch.public_id}" in letter.html
    assert "Held" not in letter.text, "what there was none of is not said"


@pytest.mark.parametrize("end", ["imported", "failed", "dropped"])
def test_nothing_of_anybody_in_the_file_is_in_a_letter(
    house: Shop, led: Phonebank, cast: Cast, end: str
) -> None:
    batch_id = begun(house, led, cast)
    if end == "dropped":
        stop(house, batch_id, cast.organiser.id)
    elif end == "failed":
        with house.database.unit_of_work() as db:
            db.get_one(Phonebank, led.id).status = "closed"
    working.work_off(house, batch_id)
    letter = only(house.database)
    for words in TELLS:
        assert words not in letter.subject + letter.text + letter.html


def test_a_letter_is_written_with_the_people_or_not_at_all(
    house: Shop, led: Phonebank, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies with everything written and nothing kept has told nobody."""
    batch_id = begun(house, led, cast)
    real = bringing.tell_who_came_in

    def dies(*given: Any) -> None:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(bringing, "tell_who_came_in", dies)
    with pytest.raises(KeyboardInterrupt):
        working.work_off(house, batch_id)
    assert letters(house.database) == []
    monkeypatch.undo()
    with clock.at(clock.now() + leasing.GONE_AFTER + timedelta(seconds=1)):
        working.work_off(house, batch_id)
    assert subjects(house.database) == ["olwen-organiser: Your list is in: Hove rents vote"]


def test_a_worker_that_lost_its_list_writes_no_letter(
    house: Shop, led: Phonebank, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = begun(house, led, cast)
    find = storing.find_numbers

    def meanwhile(db: Any) -> None:
        find(db)
        with house.database.unit_of_work() as other:
            other.get_one(ImportBatch, batch_id).worker = "another"

    monkeypatch.setattr(storing, "find_numbers", meanwhile)
    working.work_off(house, batch_id)
    assert letters(house.database) == []


def test_a_list_that_fails_says_why(house: Shop, led: Phonebank, cast: Cast) -> None:
    batch_id = give(
        house, led, LIST + 'K9,"Amina,Quill,+44 4000000009,,yes\n', actor_id=cast.organiser.id
    )
    with pytest.raises(Refused):
        finish(house, batch_id)
    letter = only(house.database)
    assert letter.subject == "Nobody of your list came in: Hove rents vote"
    assert "A quotation mark opens in row 7 and is never closed" in letter.text
    assert f"/phonebanks/{led.public_id}/import\n" in letter.text


def test_a_reason_is_told_without_the_words_of_the_file(
    house: Shop, led: Phonebank, cast: Cast
) -> None:
    text = f"Phone,Zebedee Quill\n+44 4000000001,{'x' * 2001}\n"
    with pytest.raises(Refused, match="Zebedee Quill"):
        finish(house, give(house, led, text, actor_id=cast.organiser.id))
    letter = only(house.database)
    assert "Row 2, column 2 has more than 2,000 characters." in letter.text
    assert "Zebedee" not in letter.text + letter.html


def stopped_at_work(house: Shop, led: Phonebank, cast: Cast) -> None:
    batch_id = begun(house, led, cast)

    def watch(step: str, *_: int) -> None:
        if step == "people":
            stop(house, batch_id, cast.organiser.id)

    working.work_off(house, batch_id, watch=watch)


def thrown_away_by_another(house: Shop, led: Phonebank, cast: Cast) -> None:
    stop(house, preview(house, led, LIST, actor_id=cast.organiser.id).id, cast.caller.id)


def undecided_for_a_week(house: Shop, led: Phonebank, cast: Cast) -> None:
    preview(house, led, LIST, actor_id=cast.organiser.id)
    for days in (8, 9):
        now = clock.now() + timedelta(days=days)
        sweeping.sweep(house.database, folder=house.folder, now=now, mail=house.mail)


@pytest.mark.parametrize("end", [stopped_at_work, thrown_away_by_another, undecided_for_a_week])
def test_a_list_that_was_stopped_is_told_of_once(
    house: Shop, led: Phonebank, cast: Cast, end: Callable[[Shop, Phonebank, Cast], None]
) -> None:
    end(house, led, cast)
    assert subjects(house.database) == ["olwen-organiser: Your list was stopped: Hove rents vote"]
    assert "Nobody was brought in" in only(house.database).text


def test_who_throws_away_their_own_file_that_waits_gets_no_letter(
    house: Shop, led: Phonebank, cast: Cast
) -> None:
    batch_id = preview(house, led, LIST, actor_id=cast.organiser.id).id
    stop(house, batch_id, cast.organiser.id)
    assert letters(house.database) == []


@pytest.mark.parametrize("whose", ["nobody’s", "somebody’s without an address", "a closed one’s"])
def test_where_nobody_can_be_written_to_a_list_comes_in_all_the_same(
    house: Shop, led: Phonebank, cast: Cast, whose: str
) -> None:
    with house.database.unit_of_work() as db:
        person = db.get_one(Person, cast.organiser.id)
        if "address" in whose:
            person.email = None
        if "closed" in whose:
            person.disabled_at = clock.now()
    actor = None if whose == "nobody’s" else cast.organiser.id
    batch = bring(house, led, LIST, actor_id=actor)
    assert (batch.state, batch.counts["new"]) == ("imported", 2)
    assert letters(house.database) == []


def test_the_letter_leads_to_the_rows_that_stayed_out(
    client: ProofReadingClient, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    listed = LIST.replace("+44 4000", "+44 7700 9").encode()
    bring_in(
        client, upload(client, f"/phonebanks/{bank.public_id}/import", listed).headers["Location"]
    )
    carrier = client.application.extensions["campaign"].carrier
    (found,) = [one for one in carrier.letters if one.subject.startswith("Your list is in")]
    path = re.search(r"https?://[^/]+(/phonebanks/\S+/import/\S+)", found.text)
    assert path is not None
    page = client.get(path[1]).text
    assert "What came in" in page
    assert "rejects.csv" in page
    for _, words, _ in KINDS:
        assert words in page, "a letter and its page say it in the same words"
    client.sign_in(cast.stranger)
    assert client.get(path[1]).status_code == 404


def test_rows_are_counted_in_words_without_what_there_was_none_of() -> None:
    counts = {"new": 1200, "updated": 0, "duplicate": 3, "held": 7}
    assert lines_of(counts) == [("New people", "1,200"), ("Twice in the file", "3"), ("Held", "7")]
    assert came_in(counts) == 1200
    assert without_words_of_file("Row 7, column 3 (“Phone”) is long.") == "Row 7, column 3 is long."
