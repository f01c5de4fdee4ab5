"""The files that people of a phonebank come from, and the work that is done on each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.phonebanks.models.banks import Phonebank  # noqa: F401 (its table is referred to)


class ImportBatch(Base):
    """A file of people: read and counted first, then brought in or thrown away.

    The file and its rows lie in the data folder, under the id; ``tidy`` says that they are gone.
    """

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(80))
    basis: Mapped[str] = mapped_column(String(20))
    collected_on: Mapped[date | None]
    # Empty where our guess of how the text is written is right.
    encoding: Mapped[str] = mapped_column(String(12), default="", server_default="")
    state: Mapped[str] = mapped_column(String(10), default="reading")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Why rows stay out, the commonest first: [reason, how many, first row, its column].
    reasons: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, server_default="[]")
    # What stopped it, in a sentence.
    trouble: Mapped[str] = mapped_column(String(400), default="", server_default="")
    # How far the step at hand is, in thousandths, and how many rows it has behind it.
    step: Mapped[str] = mapped_column(String(10), default="", server_default="")
    done: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    rows: Mapped[int] = mapped_column(default=0, server_default="0")
    # Who works on it, and when they were last seen to; a worker that was not is gone.
    worker: Mapped[str | None] = mapped_column(String(12))
    seen_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    tidy: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # Who said that the people may come in, and when.
    brought_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    brought_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(
            "state IN ('reading', 'previewed', 'bringing', 'imported', 'dropped', 'failed')",
            name="state",
        ),
        # What a worker looks for each second.
        Index(
            "ix_import_batch_to_do",
            "id",
            sqlite_where=text("NOT tidy"),
            postgresql_where=text("NOT tidy"),
        ),
    )


# The rows of one file, judged: no table of ours, but laid beside them while a list comes in.
_APART = MetaData()

STAGED = Table(
    "staged",
    _APART,
    # The row of the file, as a spreadsheet counts.
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("e164", String(16), nullable=False, unique=True),
    Column("hmac", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("fictitious", Boolean, nullable=False),
    Column("fixed", Boolean, nullable=False),
    Column("first_name", String(80), nullable=False),
    Column("last_name", String(80), nullable=False),
    Column("town", String(80), nullable=False),
    Column("postcode", String(8)),
    Column("email", String(320)),
    Column("external_id", String(80), unique=True),
    Column("consent", Boolean, nullable=False),
    Column("screened", Boolean, nullable=False),
    Column("said_no", Boolean, nullable=False),
    Column("asked_never", Boolean, nullable=False),
    Column("household_key", String(64)),
    # Known by an address, and not only by a surname or a landline.
    Column("at_house", Boolean, nullable=False),
    Column("shuffle", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False),
)

# What of a staged row is held against what the database knows; nothing else is read for that.
CHECKED = Table(
    "staged",
    MetaData(),
    Column("place", Integer, primary_key=True, autoincrement=False),
    *(
        Column(name, STAGED.c[name].type)
        for name in ("e164", "hmac", "fixed", "first_name", "last_name", "external_id")
    ),
    Column("asked_never", Boolean),
)

# Who stands in the file with a number that another row has, under another name.
SHARED = Table(
    "shared",
    _APART,
    Column("place", Integer, primary_key=True, autoincrement=False),
    # Each twin of a file is looked for here: without an index, among all before it.
    Column("e164", String(16), nullable=False, index=True),
    Column("hmac", String(64), nullable=False),
    Column("first_name", String(80), nullable=False),
    Column("last_name", String(80), nullable=False),
    Column("email", String(320)),
    Column("external_id", String(80), index=True),
    Column("consent", Boolean, nullable=False),
    Column("screened", Boolean, nullable=False),
    Column("said_no", Boolean, nullable=False),
    Column("asked_never", Boolean, nullable=False),
)

REJECTS = Table(
    "rejects",
    _APART,
    Column("place", Integer, primary_key=True, autoincrement=False),
    # duplicate, held or refused.
    Column("kind", String, nullable=False),
    Column("heading", String, nullable=False),
    Column("why", String, nullable=False),
)

# What the database knows of staged rows; who is in neither way known has no row here.
JUDGED = Table(
    "judged",
    _APART,
    Column("place", Integer, primary_key=True, autoincrement=False),
    # Stays out: asked never to be rung, or is on a screen now.
    Column("held", Boolean, nullable=False),
    Column("contact_id", BigInteger),
    # Is known by an id, and has a number that is new to us.
    Column("moves", Boolean, nullable=False),
    # Is not who we know by this number, but shares it with them.
    Column("another", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)

NUMBERED = Table(
    "numbered",
    _APART,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("number_id", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)

# Who shares a number with whom of the list.
SHARING = Table(
    "sharing",
    _APART,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("contact_id", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)

# Known people of whom the file says something that we do not know yet.
NEWER = Table(
    "newer",
    _APART,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("contact_id", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)
