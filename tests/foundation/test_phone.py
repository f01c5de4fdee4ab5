"""Phone numbers: what is read, what is refused and why, and what is never dialled."""

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.foundation import phone
from campaign.foundation.errors import Refused
from campaign.foundation.phone import Number, NumberRefused, plan
from campaign.foundation.phone.drama import DRAMA

KEY = b"a key for tests only, 32 bytes.."


def read(text: str, **options: bool) -> Number:
    return phone.parse(text, **{"allow_unassigned": False, **options})


def refusal(text: str, **options: bool) -> NumberRefused:
    with pytest.raises(NumberRefused) as caught:
        read(text, **options)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "020 7946 0142",
        "02079460142",
        "(020) 7946-0142",
        "020.7946.0142",
        "  020 7946 0142 ",
        "020\u00a07946\u202f0142",
        "020\u20117946\u20110142",
        "+442079460142",
        "+44 20 7946 0142",
        "+44 (0)20 7946 0142",
        "+44 (0) 20 7946 0142",
        "(+44) 020 7946 0142",
        "+44 020 7946 0142",
        "0044 20 7946 0142",
        "00 44 (0)20 7946 0142",
        "442079460142",
        "44 (0)20 7946 0142",
        "'+442079460142",
        "'02079460142",
    ],
)
def test_one_number_has_one_form_however_it_is_written(text: str) -> None:
    assert read(text) == Number("+442079460142", "landline", fictitious=True)


@pytest.mark.parametrize("start", DRAMA)
def test_every_drama_range_is_accepted_marked_and_shown(start: str) -> None:
    number = read(f"0{start}123")
    assert number.e164 == f"+44{start}123"
    assert number.kind == DRAMA[start]
    assert number.fictitious
    assert phone.is_fictitious(number.e164)
    assert phone.display(number.e164).replace(" ", "") == f"0{start}123"


def test_there_are_seventeen_ranges_of_a_thousand() -> None:
    assert len(DRAMA) == 17
    assert {len(start) for start in DRAMA} == {7}


def test_the_number_after_a_drama_range_is_not_fictitious() -> None:
    assert not phone.is_fictitious("+442079461000")
    assert not phone.is_fictitious("+447700901000")
    assert not phone.is_fictitious("+33199001234")


def test_a_lost_leading_zero_is_put_back_and_counted() -> None:
    assert read("7700900123") == Number("+447700900123", "mobile", fictitious=True, fixed=True)
    assert not read("447700900123").fixed
    assert read("7700900123.0").fixed


@pytest.mark.parametrize("text", ["4.47701E+11", "4.47700900123E+11", "7,7009E9", "4E+11"])
def test_a_number_the_spreadsheet_destroyed_is_refused_with_the_cure(text: str) -> None:
    error = refusal(text)
    assert error.code == "destroyed"
    assert "format the column as text" in error.message


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("020 7946 0142 ext 12", "12"),
        ("020 7946 0142 ext. 12", "12"),
        ("02079460142x12", "12"),
        ("02079460142ext12", "12"),
        ("020 7946 0142, extension 4", "4"),
        ("020 7946 0142#7", "7"),
    ],
)
def test_an_extension_is_kept_apart(text: str, extension: str) -> None:
    number = read(text)
    assert (number.e164, number.extension) == ("+442079460142", extension)


@pytest.mark.parametrize(
    "text",
    [
        "020 7946 0142 / 020 7946 0143",
        "02079460142;07700900123",
        "02079460142, 07700900123",
        "02079460142 or 07700900123",
        "02079460142 and 07700900123",
        "02079460142 & 07700900123",
        "02079460142|07700900123",
        "02079460142\n07700900123",
        "02079460142 07700900123",
        "020 7946 0142/3",
    ],
)
def test_two_numbers_in_a_cell_are_refused(text: str) -> None:
    assert refusal(text).code == "two_numbers"


@pytest.mark.parametrize("text", ["", "  ", "-", "n/a", "None", "unknown", "call her sister", "'"])
def test_no_number_is_said_to_be_none(text: str) -> None:
    assert refusal(text).code == "no_number"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("O7700900123", "letters"),
        ("07700 9OO123", "letters"),
        ("mob 07700 900123", "letters"),
        ("=07700900123", "formula"),
        ('="07700900123"', "formula"),
        ("@07700900123", "formula"),
        ("07700*900123", "characters"),
        ("07700+900123", "characters"),
        ("++447700900123", "characters"),
        ("٠٧٧٠٠٩٠٠١٢٣", "other_digits"),
        ("０７７００９００１２３", "other_digits"),
        ("0770090012²", "other_digits"),
        ("0770\u200b0900123", "hidden_characters"),
        ("\u202a07700900123\u202c", "hidden_characters"),
        ("07700900123\u200e", "hidden_characters"),
        ("\ufeff07700900123", "hidden_characters"),
        ("07700\x00900123", "hidden_characters"),
        ("07700\ud800900123", "hidden_characters"),
        ("0" * 200, "too_long"),
    ],
)
def test_the_text_is_judged_before_the_library_sees_it(text: str, code: str) -> None:
    assert refusal(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "999", "112", "111", "101", "116 999", "116999", "118999", "12345", "60123", "+44 999",
        "0909 879 0123", "0900 000 0000", "0870 000 0000", "0871 000 0000", "0845 000 0000",
        "0843 000 0000", "070 0000 0000", "076 0000 0000", "0800 000 0000", "800 0000",
        "0808 157 0123", "0300 000 0000", "0306 999 0123", "0345 000 0000", "055 0000 0000",
        "+44 870 000 0000", "44 800 000 0000", "8000000000",
    ],
)  # fmt: skip
def test_what_is_never_a_person_is_refused_whatever_the_library_says(text: str) -> None:
    error = refusal(text, allow_unassigned=True, allow_abroad=True)
    assert error.code == "not_a_person"
    assert isinstance(error, Refused)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("020 7946 014", "this has 10"),
        ("0113 496 012", "this has 10"),
        ("7946 0142", "this has 8"),
        ("020 7946 01422", "this has 12"),
        ("+44 20 7946 01422", "this has 12"),
        ("01999 000000", "belongs to nobody"),
        ("+44", "area code"),
        ("0", "area code"),
        ("+999 123 4567", "no country"),
        ("+1 000 000 0000", "no country"),
    ],
)
def test_an_impossible_number_says_how_it_is_impossible(text: str, words: str) -> None:
    error = refusal(text)
    assert error.code == "invalid"
    assert words in error.message


@pytest.mark.parametrize("region", ["GG", "JE", "IM"])
def test_crown_dependencies_are_held_until_allowed(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    error = refusal(text)
    assert (error.code, error.e164) == ("held_abroad", text)
    assert read(text, allow_abroad=True).e164 == text


def test_numbers_abroad_are_held_until_allowed() -> None:
    french_drama = "+33 1 99 00 12 34"
    assert refusal(french_drama).code == "held_abroad"
    assert read(french_drama, allow_abroad=True).e164 == "+33199001234"
    assert refusal("0033 1 99 00 12 34").code == "held_abroad"


def test_another_region_reads_its_own_national_numbers() -> None:
    number = phone.parse("01 99 00 12 34", region="FR", allow_unassigned=False, allow_abroad=True)
    assert number.e164 == "+33199001234"
    assert phone.parse("+442079460142", region="FR", allow_unassigned=False).fictitious


def test_the_unassigned_block_is_let_through_only_where_it_is_allowed() -> None:
    assert refusal("+44 4123 456789").code == "invalid"
    number = read("+44 4123 456789", allow_unassigned=True)
    assert (number.e164, number.fictitious) == ("+444123456789", True)
    assert phone.display(number.e164) == "04123 456789"
    assert read("4400123456", allow_unassigned=True).e164 == "+444400123456"


def by_the_library(national: str) -> str | None:
    number = phonenumbers.parse("+44" + national, None)
    if phonenumbers.region_code_for_number(number) != "GB":
        return None
    return plan.KINDS.get(phonenumbers.number_type(number))


def test_the_fast_path_agrees_with_the_library() -> None:
    """Digits made up for classifying only: nothing here is kept, shown or dialled."""
    dice = random.Random(20261122)
    starts = ["", "1", "11", "12", "13", "16", "169", "2", "20", "28", "5", "56", "7", "74", "76"]
    starts += ["77", "770", "7700", "78", "79", "8", "84", "9", "1481", "1534", "1624", "7624"]
    agreed = set()
    for _ in range(6000):
        start = dice.choice(starts)
        length = dice.choice((7, 9, 9, 10, 10, 10, 10, 10, 11))
        national = start + "".join(dice.choices("0123456789", k=max(length - len(start), 0)))
        if national.startswith("0"):
            continue
        found = plan.fast_kind(national)
        assert found == by_the_library(national), national[:4]
        agreed.add(found)
    assert agreed == {"mobile", "landline", "voip", None}


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_refusal_with_a_sentence(text: str) -> None:
    try:
        answer = phone.parse(text, allow_unassigned=True).e164
    except NumberRefused as error:
        answer = f"{error.code}: {error.message}"
    assert phone.E164.fullmatch(answer) or answer.endswith((".", "?"))


@given(st.sampled_from(sorted(DRAMA)), st.integers(0, 999))
def test_what_is_shown_reads_back_as_the_same_number(start: str, last: int) -> None:
    e164 = f"+44{start}{last:03d}"
    assert read(phone.display(e164)).e164 == e164
    assert read(e164[3:]) == Number(e164, read(e164).kind, True, None, True)


def test_numbers_are_shown_as_they_are_dialled() -> None:
    assert phone.display("+442079460142") == "020 7946 0142"
    assert phone.display("+447700900123") == "07700 900123"
    assert phone.display("+441632960123") == "01632 960123"
    assert phone.display("+442079460142", abroad_region="FR") == "00 44 20 7946 0142"
    assert phone.display("+442079460142", abroad_region="GB") == "020 7946 0142"
    assert phone.display("+33199001234") == "+33 1 99 00 12 34"


def test_the_suppression_hash_depends_on_number_and_key() -> None:
    digest = phone.hmac_key("+442079460142", KEY)
    assert len(digest) == 64
    assert digest == phone.hmac_key(read("020 7946 0142").e164, KEY)
    assert digest != phone.hmac_key("+442079460143", KEY)
    assert digest != phone.hmac_key("+442079460142", b"another key")


@pytest.mark.parametrize("text", ["02079460142", "+44 20 7946 0142", "", "+44", "+44207946014²"])
def test_a_second_spelling_is_never_hashed(text: str) -> None:
    with pytest.raises(ValueError, match=r"E\.164"):
        phone.hmac_key(text, KEY)


def test_an_empty_suppression_key_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        phone.hmac_key("+442079460142", b"")


def test_a_number_has_the_time_of_its_country() -> None:
    assert phone.time_zone("+442079460142") == "Europe/London"
    assert phone.time_zone("+33199001234") == "Europe/Paris"
    assert phone.time_zone("nonsense") == "Europe/London"
