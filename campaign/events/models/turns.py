"""When each event last changed, as the database itself notes it.

What keeps the numbers of every event at hand (``queries.almanac``) asks here what is new since it
last looked. The note is made by a trigger, so that no write is missed, whoever makes it; and it
is a row for each event, so that nobody waits for anybody else's event.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class EventTurn(Base):
    """The turn at which an event was last written, also one that is gone.

    On SQLite, where whoever writes is alone, turns are counted. On PostgreSQL the turn is the
    number of the transaction: those are not kept in their order, so a reader goes back to the
    oldest that was still under way when it last looked.
    """

    __tablename__ = "event_turn"
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_event_turn_turn", "turn"),)


_SQLITE = """
CREATE TRIGGER IF NOT EXISTS event_turn_{verb} AFTER {verb} ON event BEGIN
  INSERT INTO event_turn (event_id, turn)
  VALUES ({row}.id, (SELECT coalesce(max(turn), 0) + 1 FROM event_turn))
  ON CONFLICT (event_id) DO UPDATE SET turn = excluded.turn;
END
"""
_POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION note_event_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_turn (event_id, turn)
  VALUES (coalesce(NEW.id, OLD.id), pg_current_xact_id()::text::bigint)
  ON CONFLICT (event_id) DO UPDATE SET turn = excluded.turn;
  RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER event_turn AFTER INSERT OR UPDATE OR DELETE ON event
FOR EACH ROW EXECUTE FUNCTION note_event_turn()
""",
)


def keep_turns(connection: Connection) -> None:
    """See to it that every write of an event is noted; after each run of the migrations.

    A migration that makes the table anew, as SQLite must for a changed rule, takes its triggers
    along: here they come back.
    """
    if not inspect(connection).has_table("event_turn"):
        return
    if connection.dialect.name == "postgresql":
        statements = list(_POSTGRESQL)
    else:
        rows = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
        statements = [_SQLITE.format(verb=verb, row=row) for verb, row in rows.items()]
    for statement in statements:
        connection.exec_driver_sql(statement)
