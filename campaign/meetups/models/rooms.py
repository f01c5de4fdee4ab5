"""The live side of a meetup: its batches, who is there, their tables, cards and commitments."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models import Event
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.meetups.rules.needs import NEEDS, Needs


class Meetup(Base):
    """An event of kind meetup or AGM whose room was opened. The code is what people type."""

    __tablename__ = "meetup"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(6))
    preset: Mapped[str] = mapped_column(String(12))
    # Whether a card goes on the map with its host's yes, with that of a trusted host, or after a
    # look at the desk.
    publishes: Mapped[str] = mapped_column(String(7), default="at once")
    phonebank_id: Mapped[int | None] = mapped_column(
        ForeignKey("phonebank.id", ondelete="SET NULL")
    )
    # Whom to talk to when something is wrong, and where they are: the organiser's own words.
    steward: Mapped[str] = mapped_column(String(160), default="")
    # What the strategy tables talk about; empty for the usual question.
    question: Mapped[str] = mapped_column(String(160), default="")
    # Whether they talk about one question, about topics that are set, or that the room proposes.
    topics: Mapped[str] = mapped_column(String(7), default="none", server_default="none")
    # Where the tables stand, in the organiser's words: "1-8 By the stage; 9-16 At the windows".
    floor: Mapped[str] = mapped_column(String(300), default="", server_default="")
    # Where what is said can be read live; an https link.
    captions: Mapped[str] = mapped_column(String(300), default="", server_default="")
    seed: Mapped[int]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))

    event: Mapped[Event] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("code"),
        CheckConstraint("publishes IN ('at once', 'trusted', 'desk')", name="publishes"),
        CheckConstraint("topics IN ('none', 'set', 'propose')", name="topics"),
        Index("ix_meetup_phonebank_id", "phonebank_id"),
        Index("ix_meetup_opened_by", "opened_by"),
    )


class Batch(Base):
    """One sitting of a meetup: where its evening stands. ``version`` counts every change."""

    __tablename__ = "batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    meetup_id: Mapped[int] = mapped_column(ForeignKey("meetup.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    phase: Mapped[str] = mapped_column(String(12), default="doors")
    phase_since: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime | None]
    # Seconds that were left when the clock was paused.
    paused_left: Mapped[int | None]
    dealt_at: Mapped[dt.datetime | None]
    # What the desk tells everybody, on every phone and the screen, until the next part.
    word: Mapped[str] = mapped_column(String(140), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)

    meetup: Mapped[Meetup] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("meetup_id", "number"),
        CheckConstraint(
            "phase IN ('doors', 'plenary', 'strategy', 'report_back', 'ask', 'local', 'commit',"
            " 'close', 'over')",
            name="phase",
        ),
        CheckConstraint("ends_at IS NULL OR paused_left IS NULL", name="runs_or_rests"),
    )


class Breakout(Base):
    """A table of a batch: a local one of neighbours, or one that talks about strategy."""

    __tablename__ = "breakout"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8), default="local", server_default="local")
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    colour: Mapped[str] = mapped_column(String(8))
    # What a strategy table talks about, in the words it was dealt with; empty without topics.
    topic: Mapped[str] = mapped_column(String(80), default="", server_default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]

    __table_args__ = (
        UniqueConstraint("batch_id", "kind", "number"),
        CheckConstraint("kind IN ('local', 'strategy')", name="kind"),
    )


class Participant(Base):
    """Somebody in the room, by number. What they tell us here is for this evening.

    ``person_id`` is set once they sign up to something, or where they came with an account.
    """

    __tablename__ = "participant"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    initial: Mapped[str] = mapped_column(String(1), default="")
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(16))
    branch: Mapped[str] = mapped_column(String(20), default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # Their sign-up to the evening, where they are known by one; nobody sits for it twice.
    rsvp_id: Mapped[int | None] = mapped_column(ForeignKey("rsvp.id", ondelete="SET NULL"))
    breakout_id: Mapped[int | None] = mapped_column(ForeignKey("breakout.id", ondelete="SET NULL"))
    # Holds the table: the convenor of it. At most one, by the index below: the first tap wins.
    convenes: Mapped[bool] = mapped_column(default=False)
    willing: Mapped[str | None] = mapped_column(String(6))
    strategy_id: Mapped[int | None] = mapped_column(ForeignKey("breakout.id", ondelete="SET NULL"))
    # Offered to lead a table; is here for the first time; whom they came with, by numbers.
    leads: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_new: Mapped[bool] = mapped_column(default=False, server_default=false())
    came_with: Mapped[str] = mapped_column(String(20), default="", server_default="")
    is_practice: Mapped[bool] = mapped_column(default=False)
    # The cookie of their phone; only its fingerprint is kept.
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    client_uuid: Mapped[str | None] = mapped_column(String(36))
    # Which wording they agreed to when they gave us these details.
    consent: Mapped[str] = mapped_column(String(12), default="")
    # What they agreed to besides, each with a tick of its own: the host of what they sign up to
    # sees how to reach them; mails of what is on near them; their name on the table's phones.
    may_contact: Mapped[bool] = mapped_column(default=False, server_default=false())
    hears_area: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_name: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Only the desk reads it, and only as long as the room is kept.
    access_needs: Mapped[str] = mapped_column(String(200), default="", server_default="")
    # What their table must be: they are seated by it, and only they and the desk read it.
    needs_quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs_step_free: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs_bsl: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The four words that bring them back on another phone; only their fingerprint is kept.
    words: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[dt.datetime]
    left_at: Mapped[dt.datetime | None]
    # Only the door says that they are here again: when they had left, and whether their sign-up was
    # marked as come by then. Nothing once they say so themselves.
    had_left_at: Mapped[dt.datetime | None]
    had_come: Mapped[bool] = mapped_column(default=False, server_default=false())

    breakout: Mapped[Breakout | None] = relationship(lazy="raise", foreign_keys=[breakout_id])
    strategy: Mapped[Breakout | None] = relationship(lazy="raise", foreign_keys=[strategy_id])

    @property
    def needs(self) -> Needs:
        """What their table must be, by key."""
        return frozenset(need.key for need in NEEDS if getattr(self, f"needs_{need.key}"))

    @property
    def is_without_phone(self) -> bool:
        """Whether the table taps for them: practice people, and who came in at the desk."""
        return self.fingerprint is None

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("batch_id", "number"),
        UniqueConstraint("batch_id", "client_uuid"),
        UniqueConstraint("fingerprint"),
        UniqueConstraint("rsvp_id"),
        CheckConstraint("willing IN ('host', 'cohost', 'come')", name="willing"),
        Index(
            "uq_participant_breakout_id_convenes",
            "breakout_id",
            unique=True,
            sqlite_where=text("convenes"),
            postgresql_where=text("convenes"),
        ),
        Index("ix_participant_breakout_id", "breakout_id"),
        Index("ix_participant_strategy_id", "strategy_id"),
        Index("ix_participant_words", "words"),
    )


class Card(Base):
    """An event that a table plans. With its host's yes it becomes an event, live by its link;
    ``published_at`` says since when that stands on the map.

    A home's address never stands here: its host gives it on their own phone, to the event.
    """

    __tablename__ = "card"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    breakout_id: Mapped[int] = mapped_column(
        ForeignKey("breakout.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str | None] = mapped_column(String(12))
    day: Mapped[dt.date | None]
    start: Mapped[dt.time | None]
    minutes: Mapped[int] = mapped_column(default=120)
    place_kind: Mapped[str | None] = mapped_column(String(6))
    venue: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str | None] = mapped_column(String(8))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    capacity: Mapped[int] = mapped_column(default=8)
    # How many it takes at least; None for what its kind usually needs.
    needed: Mapped[int | None]
    # Whether one gets in without a step, where the table knows.
    step_free: Mapped[bool | None]
    # What to bring, how to get in: it stands on the event's page.
    note: Mapped[str] = mapped_column(String(140), default="", server_default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    # The yes was given on the host's own phone, to the card as it stood then; or it stands on
    # paper, and this steward read the host's number back to them.
    host_accepted_at: Mapped[dt.datetime | None]
    read_back_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    cohost_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    # The host was signed in as themselves: an address alone anybody can type.
    host_known: Mapped[bool] = mapped_column(default=False, server_default=false())
    begun_at: Mapped[dt.datetime]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    published_at: Mapped[dt.datetime | None]

    breakout: Mapped[Breakout] = relationship(lazy="raise")
    host: Mapped[Participant | None] = relationship(lazy="raise", foreign_keys=[host_id])
    cohost: Mapped[Participant | None] = relationship(lazy="raise", foreign_keys=[cohost_id])
    event: Mapped[Event | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("event_id"),
        CheckConstraint("place_kind IN ('venue', 'home', 'online')", name="place_kind"),
        CheckConstraint("published_at IS NULL OR host_accepted_at IS NOT NULL", name="hosted"),
        Index("ix_card_host_id", "host_id"),
        Index("ix_card_cohost_id", "cohost_id"),
        Index("ix_card_read_back_by", "read_back_by"),
    )


class Commitment(Base):
    """A person's yes to a card; once it is published, an RSVP of its event stands beside it."""

    __tablename__ = "commitment"
    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[dt.datetime]

    participant: Mapped[Participant] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("card_id", "participant_id"),)
