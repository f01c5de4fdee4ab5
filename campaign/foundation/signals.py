"""The few notices that go up the staircase; the registry subscribes the rooms above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Receiver = Callable[..., Any]


class Signal:
    """A named notice. Receivers run in the sender's transaction, in the order they subscribed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._receivers: list[Receiver] = []

    def subscribe(self, receiver: Receiver) -> None:
        """Add a receiver once; subscribing again changes nothing."""
        if receiver not in self._receivers:
            self._receivers.append(receiver)

    def send(self, db: Any, **facts: Any) -> None:
        """Tell every receiver; an error of one stops the transaction."""
        for receiver in self._receivers:
            receiver(db, **facts)


person_erased = Signal("person_erased")
# Somebody without an account asked: by the address or the number that we hold of them.
address_erased = Signal("address_erased")
number_erased = Signal("number_erased")
address_exported = Signal("address_exported")
number_exported = Signal("number_exported")
person_exported = Signal("person_exported")
# An officer means somebody by an address of which we hold no account: who is in a hall, perhaps.
address_sought = Signal("address_sought")
people_merged = Signal("people_merged")
sign_up_changed = Signal("sign_up_changed")
# What some sign-ups held of somebody is deleted, because they asked or it is long over.
sign_ups_forgotten = Signal("sign_ups_forgotten")
event_cancelled = Signal("event_cancelled")
numbers_suppressed = Signal("numbers_suppressed")
standing_changed = Signal("standing_changed")
content_hidden = Signal("content_hidden")
content_shown = Signal("content_shown")
report_upheld = Signal("report_upheld")
person_barred = Signal("person_barred")
signed_in = Signal("signed_in")
# Some keyed hashes are those of somebody whom a moderator keeps out of everything.
kept_out = Signal("kept_out")
