"""The one clock. Everything that asks what time it is asks here, so that it can be turned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class _Clock:
    offset = timedelta()


def now() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC) + _Clock.offset


def set_offset(seconds: float) -> None:
    """Turn the clock of this process by so many seconds; negative is the past."""
    _Clock.offset = timedelta(seconds=seconds)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the clock to an instant for a while; it goes on ticking from there."""
    before = _Clock.offset
    _Clock.offset = moment - datetime.now(UTC)
    try:
        yield
    finally:
        _Clock.offset = before
