"""Whose a number is: the UK's plan, what is never a person, and the library for the rest."""

import re
from typing import Literal

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberType

from campaign.foundation.phone.refusal import NumberRefused

Kind = Literal["mobile", "landline", "voip", "unknown"]

# National prefixes, without the 0, that are never one person's phone (Ofcom, National Telephone
# Numbering Plan). The Isle of Man's mobiles sit inside 076, the range of the pagers.
NOT_A_PERSON = (
    (re.compile(r"9"), "premium"),
    (re.compile(r"8[47]"), "business"),
    (re.compile(r"80|500"), "freephone"),
    (re.compile(r"3|55"), "uk_wide"),
    (re.compile(r"70"), "personal"),
    (re.compile(r"76(?!24)"), "pager"),
)
EMERGENCY = re.compile(r"999|112|911|1(?:01|05|11|19|59)|116\d{3}|18000")
CROWN_DEPENDENCIES = frozenset({"GG", "JE", "IM"})
KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.VOIP: "voip",
}


def _pattern(kind: str) -> re.Pattern[str]:
    plan = PhoneMetadata.metadata_for_region("GB", None)
    assert plan is not None, "the phone library always knows GB"
    return re.compile(getattr(plan, kind).national_number_pattern)


# The library's own patterns for GB, compiled once: eight times as fast as asking it, and a test
# holds the two together.
FAST: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_pattern("mobile"), "mobile"),
    (_pattern("fixed_line"), "landline"),
    (_pattern("voip"), "voip"),
)


def fast_kind(national: str) -> Kind | None:
    """Say the kind of a UK number (no leading 0), or None if it is not plainly a person's."""
    for pattern, kind in FAST:
        if pattern.fullmatch(national):
            return kind
    return None


def refuse_services(written: str) -> None:
    """Refuse emergency, service and short numbers, as dialled within the UK."""
    if EMERGENCY.fullmatch(written):
        raise NumberRefused("emergency")
    if written.startswith("118") and len(written) == 6:
        raise NumberRefused("short")
    if len(written) <= 6:
        raise NumberRefused(
            "too_short" if written[:1] in ("", "0") else "short", digits=len(written)
        )


def refuse_length(national: str, *, written_digits: int) -> None:
    """Refuse a UK number that is too short or too long.

    Some freephone services have 7 or 9 digits; the few landlines with 9 never come this far.
    """
    if len(national) < 10 and not (len(national) in (7, 9) and national[0] == "8"):
        raise NumberRefused("too_short", digits=written_digits)
    if len(national) > 10:
        raise NumberRefused("wrong_length", digits=written_digits)


def refuse_not_a_person(national: str) -> None:
    """Refuse ranges that are never a person's, whatever the library says of them."""
    for pattern, reason in NOT_A_PERSON:
        if pattern.match(national):
            raise NumberRefused(reason)


def slow_kind(e164: str, *, allow_abroad: bool) -> Kind:
    """Ask the library. Refuses what no plan knows, and holds what is not in the United Kingdom."""
    number = parsed(e164)
    if number is None or not phonenumbers.is_valid_number(number):
        raise NumberRefused("unassigned" if e164.startswith("+44") else "unknown_country")
    region = phonenumbers.region_code_for_number(number)
    if region != "GB" and not allow_abroad:
        held = "crown_dependency" if region in CROWN_DEPENDENCIES else "foreign"
        raise NumberRefused(held, e164=e164)
    return KINDS.get(phonenumbers.number_type(number), "unknown")


def parsed(e164: str) -> PhoneNumber | None:
    """Read an E.164 number with the library; None if it has no country."""
    try:
        return phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None


def country_code(region: str) -> int:
    """Give the calling code of a region; 0 if there is none."""
    return phonenumbers.country_code_for_region(region)
