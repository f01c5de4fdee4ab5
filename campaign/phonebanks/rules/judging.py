"""What becomes of the rows of somebody's file: who can come in, and who stays out and why."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from campaign.foundation import phone
from campaign.phonebanks.rules.households import is_house, key_of
from campaign.phonebanks.rules.lists import Listed, RowReader, RowRefused, find_columns

SLOTS = 16
# Without a word on why or whose: a reason would tell who asked never to be rung.
HELD = "Held back."
HELD_CODES = ("held_abroad",)
# A row's place in the file, its cells, and what is wrong with it already.
Row = tuple[int, list[str], str | None]
Reject = tuple[int, str, str, str]
Judged = tuple[list[tuple[Any, ...]], list[Reject]]


class Judge:
    """Judges the rows of one file, portion after portion.

    Plain values go in and come out, so that it may sit in a process of its own.
    """

    def __init__(
        self,
        headings: Sequence[str],
        basis: str,
        key: bytes,
        practice: bool,
        allow_unassigned: bool,
    ) -> None:
        self._reader = RowReader(
            headings, find_columns(headings), basis=basis, allow_unassigned=allow_unassigned
        )
        self._key = key
        self._practice = practice
        self._dice = random.Random()  # noqa: S311 (the order in which people are rung)

    def __call__(self, rows: Iterable[Row]) -> Judged:
        """The rows that can come in, as their columns stand in STAGED, and those that cannot."""
        good: list[tuple[Any, ...]] = []
        rejects: list[Reject] = []
        for place, cells, trouble in rows:
            if trouble:
                rejects.append((place, "refused", "", trouble))
                continue
            try:
                listed = self._reader.read(cells, place)
            except RowRefused as refusal:
                rejects.append(_rejected(place, refusal))
                continue
            if self._practice and not listed.number.fictitious:
                why = "A practice list holds fictitious numbers only."
                rejects.append((place, "refused", "", why))
                continue
            good.append(self._staged(listed))
        return good, rejects

    def _staged(self, listed: Listed) -> tuple[Any, ...]:
        number = listed.number
        shuffle, slot = divmod(self._dice.getrandbits(35), SLOTS)
        return (
            listed.row,
            number.e164,
            phone.hmac_key(number.e164, self._key),
            number.kind,
            number.fictitious,
            number.fixed,
            listed.first_name,
            listed.last_name,
            listed.town,
            listed.postcode,
            listed.email,
            listed.external_id,
            listed.consent,
            listed.screened,
            listed.said_no,
            listed.asked_never,
            # Everybody practises on the same people, who live with nobody.
            None if self._practice else key_of(listed.home, self._key),
            is_house(listed.home),
            shuffle,
            slot,
        )


def _rejected(place: int, refusal: RowRefused) -> Reject:
    if refusal.code in HELD_CODES:
        return place, "held", "", HELD
    return place, "refused", refusal.column, refusal.message
