"""Phone numbers: the one door to the phone library, and the only maker of E.164 texts.

Glossary. *E.164*: ``+`` and digits, the only form that is stored. *National*: the digits after
the country code. *Fictitious*: a number that can never ring anybody, and is never dialled.
"""

import hmac
import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from campaign.foundation.phone import plan
from campaign.foundation.phone.drama import drama_kind, is_fictitious, is_unassigned
from campaign.foundation.phone.plan import Kind
from campaign.foundation.phone.refusal import NumberRefused
from campaign.foundation.phone.written import Written, read_written

__all__ = [
    "Kind",
    "Number",
    "NumberRefused",
    "display",
    "hmac_digest",
    "hmac_key",
    "is_abroad",
    "is_fictitious",
    "is_one_persons",
    "parse",
    "region_of",
    "time_zone",
]

UK_TIME = "Europe/London"
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
# The spellings that nine of ten rows have; anything else takes the careful way.
USUAL = re.compile(r"(?:\+44 ?|0)([1-57][0-9 ]{8,12})", re.ASCII)
# A spreadsheet took the number for a quantity, and its zero away.
ZERO_LOST = re.compile(r"[1-357][0-9]{9}", re.ASCII)


class Number(NamedTuple):
    """A number that may be stored. ``fixed`` says that a lost leading zero was put back."""

    e164: str
    kind: Kind
    fictitious: bool = False
    extension: str | None = None
    fixed: bool = False


def parse(
    text: str, *, region: str = "GB", allow_unassigned: bool, allow_abroad: bool = False
) -> Number:
    """Read one phone number as somebody wrote it.

    Promises an E.164 number that belongs to a person's kind of line, or is plainly fictitious.
    Refuses (``NumberRefused``, with a code) everything else; ``allow_unassigned`` lets the block
    +44 4 through, which only development and testing may; ``allow_abroad`` lets numbers outside
    the United Kingdom through. ``region`` is where numbers without a country code are from.
    """
    if region == "GB" and (number := _usual(text, allow_unassigned)):
        return number
    written = read_written(text)
    if region != "GB" and not written.international:
        e164, fixed = _elsewhere(written.digits, region), False
    elif written.international:
        e164, fixed = _international(written.digits), False
    else:
        e164, fixed = _from_uk(written)
    return _judge(e164, written.extension, fixed, allow_unassigned, allow_abroad)


def display(e164: str, *, abroad_region: str | None = None) -> str:
    """Write a stored number as it is dialled at home: ``020 7946 0142``.

    With ``abroad_region`` (ISO code) it is written as dialled from there. Numbers outside the
    United Kingdom are shown with their country code.
    """
    number = plan.parsed(e164)
    if number is None:
        return e164
    if abroad_region not in (None, "GB"):
        return phonenumbers.format_out_of_country_calling_number(number, str(abroad_region))
    if not e164.startswith("+44"):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if is_unassigned(e164[3:]):
        return f"0{e164[3:7]} {e164[7:]}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def region_of(e164: str) -> str | None:
    """Tell the country (ISO code) of a stored number; None if it has none."""
    number = plan.parsed(e164)
    return phonenumbers.region_code_for_number(number) if number else None


def is_abroad(e164: str, region: str) -> bool:
    """Whether a number is rung across a border from there: another country's calling code."""
    number = plan.parsed(e164)
    return number is not None and number.country_code != plan.country_code(region)


def is_one_persons(e164: str) -> bool:
    """Whether a stored number is plainly a mobile: any other may be that of a whole household."""
    try:
        return parse(e164, allow_unassigned=True, allow_abroad=True).kind == "mobile"
    except NumberRefused:
        return False


def hmac_key(e164: str, key: bytes) -> str:
    """Give the keyed hash (HMAC-SHA256, hex) under which a do-not-call wish is kept.

    A plain hash of a phone number can be reversed in minutes; the key lives outside the database.
    Anything but a bare E.164 text raises ValueError: a second spelling would lose an objection.
    """
    return hmac_digest(e164, key).hex()


def hmac_digest(e164: str, key: bytes) -> bytes:
    """Give the bytes of the same hash: for millions of numbers."""
    if not key:
        raise ValueError("the suppression key is empty")
    if not E164.fullmatch(e164):
        raise ValueError("a suppression is kept for an E.164 number only")
    one = _keyed(key).copy()
    one.update(e164.encode("ascii"))
    return one.digest()


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """The hash with its key worked in: to begin afresh takes twice as long as all the rest."""
    return hmac.new(key, digestmod="sha256")


def time_zone(e164: str) -> str:
    """Guess the IANA zone in which a number rings; Europe/London unless it is plainly elsewhere."""
    number = None if e164.startswith("+44") else plan.parsed(e164)
    if number is None:
        return UK_TIME
    # Its tables take a tenth of a second to load, and nearly nobody needs them.
    from phonenumbers.timezone import time_zones_for_number

    zone = time_zones_for_number(number)[0]
    return UK_TIME if zone == "Etc/Unknown" else zone


def _usual(text: str, allow_unassigned: bool) -> Number | None:
    """The quick way, for what is plainly written; None says only that it was not."""
    if usual := USUAL.fullmatch(text):
        national = usual[1].replace(" ", "")
        if allow_unassigned and is_unassigned(national):
            return Number("+44" + national, "unknown", True)
        return _usual_number(national)
    if ZERO_LOST.fullmatch(text) and (number := _usual_number(text)):
        return number._replace(fixed=True)
    return None


def _usual_number(national: str) -> Number | None:
    if kind := drama_kind(national):
        return Number("+44" + national, "mobile" if kind == "mobile" else "landline", True)
    found = plan.fast_kind(national)
    return Number("+44" + national, found) if found else None


def _from_uk(written: Written) -> tuple[str, bool]:
    digits = written.digits
    plan.refuse_services(digits)
    if digits.startswith("0"):
        return "+44" + digits[1:], written.from_float
    if digits.startswith("44") and len(digits) in (11, 12, 13):
        return _international(digits), written.from_float
    return "+44" + digits, True


def _international(digits: str) -> str:
    if digits.startswith("44"):
        plan.refuse_services(digits[2:])
        return "+44" + digits[2:].removeprefix("0")
    return "+" + digits


def _elsewhere(digits: str, region: str) -> str:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        raise NumberRefused("unknown_country") from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _judge(
    e164: str, extension: str | None, fixed: bool, allow_unassigned: bool, allow_abroad: bool
) -> Number:
    national = e164[3:]
    if not e164.startswith("+44"):
        kind = plan.slow_kind(e164, allow_abroad=allow_abroad)
        return Number(e164, kind, extension=extension, fixed=fixed)
    if drama := _usual_number(national):
        return Number(e164, drama.kind, drama.fictitious, extension, fixed)
    if allow_unassigned and is_unassigned(national):
        return Number(e164, "unknown", True, extension, fixed)
    plan.refuse_length(national, written_digits=len(national) + (0 if fixed else 1))
    plan.refuse_not_a_person(national)
    kind = plan.slow_kind(e164, allow_abroad=allow_abroad)
    return Number(e164, kind, extension=extension, fixed=fixed)
