"""A row that is plainly written is read the quick way, and comes to the same as the careful one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.foundation.words import clean_text
from campaign.phonebanks.rules.lists import (
    Listed,
    RowReader,
    RowRefused,
    find_columns,
    is_plain,
)

HEADINGS = ["ID", "First name", "Surname", "Mobile", "Town", "Email", "OK to ring", "Consent"]
# Letters with and without marks, what cannot be seen, marks alone, and spaces of all kinds.
SIGNS = "Aa zéŵ-'’.\u0301\u00a0\u00ad\u200b\u202e\u2028\ufeff\t\n\x07\x85Ж字🙂"
CELL = st.text(alphabet=st.sampled_from(SIGNS), max_size=12)


def read(cells: list[str], *, basis: str = "column") -> Listed:
    reader = RowReader(HEADINGS, find_columns(HEADINGS), basis=basis, allow_unassigned=False)
    return reader.read(cells)


@given(st.lists(CELL, min_size=4, max_size=4))
@settings(max_examples=400)
def test_what_is_read_quickly_is_what_careful_reading_gives(cells: list[str]) -> None:
    first, last, town, external_id = cells
    row = [external_id, first, last, "07700 900101", town, "", "yes", ""]
    listed = read(row)
    wanted = (clean_text(cell, most=80) for cell in (first, last, town))
    assert (listed.first_name, listed.last_name, listed.town) == tuple(wanted)
    assert listed.external_id == (clean_text(external_id, most=80) or None)


@pytest.mark.parametrize(
    ("cells", "plain"),
    [
        (["Amina", " Kay "], True),
        (["Zoë", "Núñez"], True),
        (["Siân", "Rŵan"], False),
        (["Amina", "Kay\u00ad"], False),
        (["Amina", "K\u00a0ay"], False),
        (["Amina  B", ""], False),
        (["e\u0301", ""], False),
        (["\ud800", ""], False),
    ],
)
def test_which_rows_are_plain(cells: list[str], plain: bool) -> None:
    assert is_plain(cells) is plain


def test_a_damaged_cell_is_refused_and_not_read() -> None:
    with pytest.raises(RowRefused, match="damaged"):
        read(["1", "Ami\x00na", "Kay", "07700 900101", "", "", "yes", ""])


@pytest.mark.parametrize(
    ("marks", "yes", "no"),
    [
        (("yes", "yes"), True, False),
        (("yes", ""), False, False),
        (("", ""), False, False),
        (("yes", "no"), False, True),
        (("-", "perhaps"), False, True),
    ],
)
def test_consent_needs_a_yes_in_each_column_that_asks(
    marks: tuple[str, str], yes: bool, no: bool
) -> None:
    row = ["1", "Amina", "Kay", "07700 900101", "", "", *marks]
    assert (read(row).consent, read(row).said_no) == (yes, no)
    screened = read(row, basis="screened")
    assert (screened.consent, screened.screened) == (yes, not no)
