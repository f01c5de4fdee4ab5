"""What a row of somebody's file becomes: a person to ring, held back, or refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from campaign.foundation import phone
from campaign.foundation.errors import Refused
from campaign.foundation.words import clean_text
from campaign.phonebanks.rules.columns import map_headings, normalise
from campaign.phonebanks.rules.households import home_of

BASES = {
    "column": "A column of the file says who agreed to be rung",
    "all_agreed": "Everybody in the file agreed to be rung",
    "screened": "We have screened them against the TPS",
    "other": "Something else: they are held until they agreed",
}
CONSENT_HEADINGS = """consent, consent to call, OK to ring, OK to call, okay to ring, may ring,
may call, may we call, phone consent, phone opt-in, opt-in, mobile_opt_in, agreed to be called,
agreed to be rung, you may ring me, call consent, agreed, agrees, agreed to calls, permission,
permission to call, phone permission"""
CONSENT = frozenset(normalise(heading) for heading in CONSENT_HEADINGS.split(","))
YES = frozenset({"yes", "y", "true", "1", "agreed", "ticked", "x", "✓"})
NO = frozenset({"", "no", "n", "false", "0", "none", "-"})
BLANK = frozenset({"", "-"})
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
# What reads the first of some cells that holds something, so long at most.
Texts = Callable[[Sequence[str], Sequence[int], int], str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a file holds what."""

    fields: Mapping[str, Sequence[int]]
    phones: Sequence[int]
    consent: Sequence[int]

    def named(self, headings: Sequence[str]) -> dict[str, str]:
        """Heading → what we read it as, for the person who imports."""
        found = {headings[at]: name for name, places in self.fields.items() for at in places}
        found |= {headings[at]: "phone" for at in self.phones}
        return found | {headings[at]: "consent" for at in self.consent}


class Listed(NamedTuple):
    """A row that can come in, or asks never to be rung; ``row`` is its place in the file."""

    number: phone.Number
    first_name: str
    last_name: str
    town: str
    postcode: str | None
    email: str | None
    external_id: str | None
    consent: bool
    # Somebody else’s word that the TPS does not list them; it is looked at again at each call.
    screened: bool
    # A consent column holds something that is neither a yes nor blank.
    said_no: bool
    asked_never: bool
    # What their household has in common (rules.households): hashed before it is stored.
    home: str = ""
    row: int = 0


def lacks_consent_column(basis: str, columns: Mapping[str, str]) -> bool:
    """Whether a column was to say who agreed, and none of a file (as we read it) does."""
    return basis == "column" and "consent" not in columns.values()


class RowRefused(Refused):
    """A row that stays out. ``code`` counts it, ``column`` is the heading it is about."""

    def __init__(self, code: str, message: str, column: str = "") -> None:
        super().__init__(message)
        self.code, self.column = code, column


def find_columns(headings: Sequence[str]) -> Columns:
    """Guess the columns. Refuses a file without a column of telephone numbers."""
    mapped = dict(map_headings(headings))
    consent = [at for at, text in enumerate(headings) if normalise(text) in CONSENT]
    phones = mapped.pop("phone", [])
    if not phones:
        raise Refused(
            "No column holds telephone numbers. Call its heading “Phone” or “Mobile”.",
            field="file",
        )
    mapped.pop("may_call", None)
    return Columns(mapped, phones, consent)


class RowReader:
    """Reads the rows of one file: what its columns mean is looked up once, not for each row."""

    def __init__(
        self,
        headings: Sequence[str],
        columns: Columns,
        *,
        basis: str,
        allow_unassigned: bool,
    ) -> None:
        self._phones = [(at, headings[at]) for at in columns.phones]
        self._all_agreed = basis == "all_agreed"
        self._screened = basis == "screened"
        self._allow_unassigned = allow_unassigned
        self._consent = tuple(columns.consent)
        self._address = tuple(columns.fields.get("address", ()))
        self._never = tuple(columns.fields.get("do_not_call", ()))
        fields = ("first_name", "last_name", "full_name", "town", "postcode", "email")
        self._at = {name: tuple(columns.fields.get(name, ())) for name in (*fields, "external_id")}

    def read(self, cells: Sequence[str], row: int = 0) -> Listed:
        """Read one row. RowRefused says why it stays out; ``held_abroad`` is only held."""
        number, at_phone = self._number(cells)
        text = _plain_text if is_plain(cells) else _text
        places = self._at
        first, last = self._names(cells, text)
        postcode = _postcode(text(cells, places["postcode"], 20))
        said_yes, said_no = self._said(cells)
        return Listed(
            number=number,
            first_name=first,
            last_name=last,
            town=text(cells, places["town"], 80),
            postcode=postcode,
            email=text(cells, places["email"], 320).lower() or None,
            external_id=text(cells, places["external_id"], 80) or None,
            # Only a mapped, explicit yes counts; a blank is no, whatever was said of the file.
            consent=said_yes if self._consent else self._all_agreed,
            screened=self._screened and not said_no,
            said_no=said_no,
            asked_never=bool(self._never)
            and any(cells[at].strip().casefold() not in NO for at in self._never),
            home=self._home(cells, number, at_phone, postcode, last),
            row=row,
        )

    def _home(
        self, cells: Sequence[str], number: phone.Number, at: int, postcode: str | None, last: str
    ) -> str:
        landline = number.e164 if number.kind == "landline" else None
        if not landline and not postcode and last:
            landline = self._landline(cells, at)
        if not postcode and not landline:
            return ""
        return home_of(
            postcode=postcode,
            address=[cells[column] for column in self._address],
            last_name=last,
            landline=landline,
        )

    def _landline(self, cells: Sequence[str], rung: int) -> str | None:
        """The first landline of a row, beside the number that is rung."""
        for at, _ in self._phones:
            if at == rung or not cells[at]:
                continue
            try:
                found = phone.parse(cells[at], allow_unassigned=False)
            except phone.NumberRefused:
                continue
            if found.kind == "landline":
                return found.e164
        return None

    def _number(self, cells: Sequence[str]) -> tuple[phone.Number, int]:
        problem: phone.NumberRefused | None = None
        where = self._phones[0][1]
        for at, heading in self._phones:
            try:
                return phone.parse(cells[at], allow_unassigned=self._allow_unassigned), at
            except phone.NumberRefused as refusal:
                if problem is None or problem.code == "no_number":
                    problem, where = refusal, heading
        assert problem is not None
        raise RowRefused(problem.code, problem.message, where)

    def _names(self, cells: Sequence[str], text: Texts) -> tuple[str, str]:
        first = text(cells, self._at["first_name"], 80)
        last = text(cells, self._at["last_name"], 80)
        if not first:
            whole = text(cells, self._at["full_name"], 160)
            first, _, rest = whole.partition(" ")
            last = last or rest[:80]
        return first[:80], last

    def _said(self, cells: Sequence[str]) -> tuple[bool, bool]:
        """Whether they said yes to being rung; whether they were asked and did not say yes.

        Nobody who said no is rung for being screened. What cannot be read counts as a no; a blank
        is neither.
        """
        yes, no = True, False
        for at in self._consent:
            mark = cells[at].strip().casefold()
            if mark not in YES:
                yes = False
                no = no or mark not in BLANK
        return yes, no


def is_plain(cells: Sequence[str]) -> bool:
    """Whether nothing in a row has to be cleaned, but for spaces at the ends of its cells.

    So it is with nine of ten. Of what is not ASCII, Latin-1 is composed and shows.
    """
    whole = "".join(cells)
    if not whole.isprintable() or "  " in whole:
        return False
    if whole.isascii():
        return True
    try:
        whole.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _plain_text(cells: Sequence[str], places: Sequence[int], most: int) -> str:
    """The first of these cells that holds something, of a row that is plain."""
    for at in places:
        if found := cells[at].strip(" "):
            return found[:most]
    return ""


def _text(cells: Sequence[str], places: Sequence[int], most: int) -> str:
    """The same of any row."""
    for at in places:
        try:
            found = clean_text(cells[at], most=2000)
        except Refused as refusal:
            raise RowRefused("damaged", refusal.message) from None
        if found:
            return found[:most]
    return ""


def _postcode(text: str) -> str | None:
    if not text:
        return None
    upper = text.upper()
    if not POSTCODE.fullmatch(upper):
        return None
    bare = upper.replace(" ", "")
    return f"{bare[:-3]} {bare[-3:]}"
