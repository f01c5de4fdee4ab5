"""Coming back to one's place in the room on another phone, with four words."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation import audit, tokens
from campaign.foundation.errors import NotFound
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations.joining import Joined, sit_down_again
from campaign.meetups.operations.locking import lock
from campaign.meetups.queries import people
from campaign.meetups.rules.words import typed_words, words_of

UNKNOWN = "Nobody here has these four words. Try them again, or ask the desk for new ones."


def come_back(db: Session, *, batch: Batch, words: str) -> Joined:
    """The place of who has these words, on the phone that asks; the phone before it is out.

    The words change with the phone. Who was away while the tables were dealt has a chair with
    this. NotFound where nobody, or more than one, has the words.
    """
    batch = lock(db, batch.id)
    held = people.with_words(db, batch_id=batch.id, words=tokens.fingerprint(typed_words(words)))
    if len(held) != 1:
        raise NotFound(UNKNOWN)
    key = tokens.secret()
    held[0].fingerprint = tokens.fingerprint(key)
    held[0].words = tokens.fingerprint(words_of(key))
    sit_down_again(db, batch, held[0])
    return Joined(held[0], key)


def note_back(db: Session, *, batch: Batch, person: Participant) -> None:
    """Their own phone does something: that they are here again the door does not say alone."""
    if person.had_left_at is not None:
        lock(db, batch.id)
        person.had_left_at = None
        db.flush()


def give_words(db: Session, *, batch: Batch, person: Participant, actor_id: int) -> str:
    """New words, for who has lost their phone: read out at the desk, once, to that person.

    The phone they had, if any, goes on until the words are used.
    """
    lock(db, batch.id, person)
    words = words_of(tokens.secret())
    person.words = tokens.fingerprint(words)
    audit.append(
        db,
        "way back given at the desk",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[f"number {person.number}"],
    )
    db.flush()
    return words
