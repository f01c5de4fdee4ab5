"""Nobody stands twice on a list, whichever way round the constraint that says so is written."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from campaign.foundation import schema
from campaign.foundation.database import Database
from tests.phonebanks.making import claim, fill, make_person, make_phonebank

THIS = "20261127_number_first"
COPY = """INSERT INTO contact
(phonebank_id, number_id, first_name, last_name, town, source, consent, state,
priority, shuffle, slot, attempts, voicemails, busy_count, note, version)
SELECT phonebank_id, number_id, first_name, last_name, town, source, consent, 'ready', priority,
shuffle, slot, attempts, voicemails, busy_count, note, version FROM contact WHERE id = :id"""


def people(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        found = "SELECT id, phonebank_id, number_id, state, claimed_by, shuffle FROM contact"
        return list(connection.execute(text(f"{found} ORDER BY id")))


def refuses_a_second(database: Database, contact_id: int) -> bool:
    with database.write_engine.connect() as connection, connection.begin() as done:
        try:
            connection.execute(text(COPY), {"id": contact_id})
        except IntegrityError:
            return True
        finally:
            done.rollback()
    return False


def indexes(database: Database) -> dict[str, tuple[Any, ...]]:
    """Each index of the contacts: its columns, whether it is unique, and where it holds."""
    with database.engine.connect() as connection:
        return {
            str(one["name"]): (
                tuple(one["column_names"]),
                bool(one["unique"]),
                *sorted(map(str, one.get("dialect_options", {}).values())),
            )
            for one in inspect(connection).get_indexes("contact")
        }


def test_down_and_up_keep_everybody_and_nobody_is_there_twice(database: Database) -> None:
    script = ScriptDirectory.from_config(schema.configuration()).get_revision(THIS)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(20), household_key="h")
        fill(db, make_phonebank(db, title="Another"), range(10, 30))
        claim(db, phonebank, make_person(db))
    before, laid = people(database), indexes(database)
    assert refuses_a_second(database, before[0].id)
    for _ in range(2):
        schema.downgrade(database, str(script.down_revision))
        assert people(database) == before
        assert refuses_a_second(database, before[0].id)
        assert indexes(database)["ix_contact_number_id"][0] == ("number_id",)
        schema.upgrade(database)
        assert people(database) == before
        assert refuses_a_second(database, before[0].id)
        assert indexes(database) == laid


@pytest.mark.parametrize("by", ["number_id", "phonebank_id"])
def test_people_are_found_by_their_number_and_by_their_phonebank(
    database: Database, by: str
) -> None:
    """Looked up, on SQLite as its plan says; PostgreSQL reads a short list from end to end."""
    if not database.is_sqlite:
        pytest.skip("the plan of a short list says nothing there")
    with database.engine.connect() as connection:
        asked = text(f"EXPLAIN QUERY PLAN SELECT first_name FROM contact WHERE {by} = 1")
        (plan,) = connection.execute(asked)
    assert "SEARCH contact USING INDEX" in plan.detail
