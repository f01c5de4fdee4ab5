"""What a row of somebody's file becomes: a sign-up, or refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.events.rules.signups import MOST_GUESTS
from campaign.events.rules.venues import checked_postcode
from campaign.foundation import phone
from campaign.foundation.addresses import email_address
from campaign.foundation.errors import Refused
from campaign.foundation.words import clean_text

MOST_ROWS = 500
COUNTS = ("new", "updated", "fixed", "duplicate", "held", "refused")
HELD = "Held back."
NOISE = re.compile(r"[^a-z0-9]")
# Our own headings first, then the names of fields in OSDI (Action Network) and Mobilize.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "fullname"),
    "first": ("firstname", "givenname"),
    "last": ("lastname", "familyname", "surname"),
    "email": ("email", "emailaddress", "emailaddresses"),
    "phone": ("phone", "phonenumber", "phonenumbers", "mobile", "telephone"),
    "postcode": ("postcode", "postalcode", "zip", "zipcode"),
    "guests": ("guests",),
    "guest_names": ("guestnames",),
    "shift": ("shift",),
}


@dataclass(frozen=True)
class Brought:
    """A row that can come in. ``shift`` is what stood there; ``fixed`` that we mended something."""

    row: int
    name: str
    email: str
    phone: str | None
    postcode: str | None
    guests: int
    guest_names: str
    shift: str
    fixed: bool


class RowRefused(Refused):
    """A row that stays out; ``column`` is the heading it is about."""

    def __init__(self, message: str, column: str) -> None:
        super().__init__(message)
        self.column = column


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what. Refuses a file without names or without addresses."""
    bare = [NOISE.sub("", heading.lower()) for heading in headings]
    found = {
        field: min(bare.index(name) for name in names if name in bare)
        for field, names in HEADINGS.items()
        if any(name in bare for name in names)
    }
    if "email" not in found or not {"name", "first"} & set(found):
        raise Refused(
            "The first row must name the columns: at least “Name” and “Email”.", field="file"
        )
    return found


def read_row(
    cells: Sequence[str], columns: Mapping[str, int], *, row: int, allow_unassigned: bool = False
) -> Brought:
    """Read one row; RowRefused says why it stays out and how to mend it."""
    held = {field: _clean(cells[at], field) for field, at in columns.items()}
    name = held.get("name") or f"{held.get('first', '')} {held.get('last', '')}".strip()
    if len(name) < 2:
        raise RowRefused("There is no name.", "Name")
    number = _number(held.get("phone", ""), allow_unassigned=allow_unassigned)
    postcode = _postcode(held.get("postcode", ""))
    spoilt = bool(held.get("postcode")) and postcode is None
    return Brought(
        row=row,
        name=name[:120],
        email=_email(held.get("email", "")),
        phone=number.e164 if number else None,
        postcode=postcode,
        guests=_guests(held.get("guests", "")),
        guest_names=held.get("guest_names", "").replace(", ", "\n")[:400],
        shift=held.get("shift", ""),
        fixed=spoilt or bool(number and number.fixed),
    )


def _clean(text: str, field: str) -> str:
    try:
        return clean_text(text, most=2000, lines=field == "guest_names")
    except Refused as refusal:
        raise RowRefused(refusal.message, field.capitalize()) from None


def _email(text: str) -> str:
    if not text:
        raise RowRefused("There is no email: nobody could tell them that you added them.", "Email")
    try:
        return email_address(text)
    except Refused as refusal:
        raise RowRefused(refusal.message, "Email") from None


def _number(text: str, *, allow_unassigned: bool) -> phone.Number | None:
    if not text:
        return None
    try:
        return phone.parse(text, allow_unassigned=allow_unassigned)
    except phone.NumberRefused as refusal:
        raise RowRefused(refusal.message, "Phone") from None


def _postcode(text: str) -> str | None:
    """A postcode that cannot be read is left out: the person comes all the same."""
    try:
        return checked_postcode(text)
    except Refused:
        return None


def _guests(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_GUESTS):
        raise RowRefused(f"Guests are a number from 0 to {MOST_GUESTS}.", "Guests")
    return int(text)
