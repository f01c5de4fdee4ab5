"""Expected refusals: a plain sentence for a person, and a kind for the door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class DomainError(Exception):
    """An expected "no". The message is shown as it stands, so it says how to mend things.

    ``field`` names the form field at which the sentence belongs, where there is one. ``steps`` are
    where to go from here, as pairs of address and words; the front page where there are none.
    ``heading`` is for the page that shows it, where the status says too little.
    """

    status: ClassVar[int] = 400
    steps: tuple[tuple[str, str], ...] = ()
    heading: str = ""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Refused(DomainError):
    """What was asked breaks a rule; the person can mend it."""

    status = 422


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """What is refused inside belongs to this form field: rules do not know the form's names."""
    try:
        yield
    except Refused as refusal:
        refusal.field = name
        raise


class Conflict(Refused):
    """Somebody or something else was first."""

    status = 409


class SentTwice(Conflict):
    """The same form at the same moment: the other one has done it."""

    def __init__(self) -> None:
        super().__init__("This was sent twice. Open your page to see it.")


class NotFound(DomainError):
    """There is no such thing, or not for this person."""

    status = 404


class NotAllowed(DomainError):
    """The thing is known to the person, doing this with it is not theirs to do."""

    status = 403


class TooOften(DomainError):
    """Over a limit; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after


class Busy(DomainError):
    """The database could not take a write in time; nothing was changed."""

    status = 503
    retry_after = 5
