"""What the headings of other people's files mean."""

import re
from collections.abc import Iterable, Sequence

NOISE = re.compile(r"[^a-z0-9]")


def normalise(heading: str) -> str:
    """Reduce a heading to its letters a–z and digits: ``Pref Phone `` is ``prefphone``."""
    return NOISE.sub("", heading.lower())


def _aliases(text: str) -> tuple[str, ...]:
    return tuple(normalise(word) for word in text.split())


# Headings of VAN, Action Network, NationBuilder, Zetkin, CallHub, Spoke, Twilio's phonebank,
# ActionKit, PDI, UK electoral registers and address books. Within a field the first is preferred.
ALIASES: dict[str, tuple[str, ...]] = {
    "external_id": _aliases(
        "vanid voterfilevanid myvotersvanid mycampaignid nationbuilderid extid externalid uuid"
        " akid userid id membershipnumber memberno contactid electornumber voterid"
    ),
    "first_name": _aliases(
        "firstname givenname forename fname first prenom prénom vorname förnamn electorforename"
        " voterfirstname"
    ),
    "last_name": _aliases(
        "lastname surname familyname lname last nom nachname efternamn electorsurname voterlastname"
    ),
    "full_name": _aliases("name fullname contactname electorname displayname"),
    "email": _aliases("email emailaddress email1 preferredemail emailaddress1 mail email1value"),
    "postcode": _aliases(
        "postcode zip zip5 zipcode postalcode postalnumber addresszip mzip5 vzip5 postnumber"
        " propertypostcode"
    ),
    # Read only to know who lives together, and kept nowhere; all of them, in this order.
    "address": _aliases(
        "address streetaddress addressaddress1 address1 addressline1 vaddress maddress"
        " can2useraddress propertyaddress1 housenumber houseno street address2 addressline2"
        " addressaddress2 propertyaddress2"
    ),
    "town": _aliases("city town addresscity can2usercity address3"),
    "region": _aliases("state region county can2userstate"),
    "country": _aliases("country addresscountry"),
    "language": _aliases("language preferredlanguage locale"),
    "tags": _aliases("tags taglist can2usertags groups"),
    "support": _aliases("supportlevel support voterid promise"),
    "do_not_call": _aliases("donotcall donotcontact federaldonotcall dnc optout tps"),
    # The inverse of do_not_call, and not its opposite: a blank is neither a yes nor a no.
    "may_call": _aliases("mobileoptin"),
    "date_of_birth": _aliases("dob dateofbirth bornat electordob"),
    "notes": _aliases("notes note comments"),
}

# A person's phones in the order in which they are rung.
PHONE_RANKS: tuple[tuple[str, ...], ...] = (
    _aliases("mobile mobilenumber mobilephone cell cellphone cellnumber can2phone smsnumber"),
    _aliases(
        "phone phonenumber telephone tel preferredphone prefphone phone1 phone1value contactnumber"
        " contact voterphone number"
    ),
    _aliases("home homephone landline hometelephone altphone phone2 phone2value"),
    _aliases("workphone workphonenumber businessphone"),
)

FIELDS = (*ALIASES, "phone")


def map_headings(headings: Sequence[str]) -> dict[str, list[int]]:
    """Guess which columns hold what: field → positions, the preferred column first.

    Phones come in the order in which they are rung: mobile, main, home, work. A heading belongs to
    one field; what is not known belongs to none. The person importing looks at the guess.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for column, heading in enumerate(headings):
        for field, preference in _meanings(normalise(heading)):
            found.setdefault(field, []).append((preference, column))
    _settle_voter_id(headings, found)
    return {field: [column for _, column in sorted(places)] for field, places in found.items()}


def phone_ranks(headings: Sequence[str]) -> list[tuple[int, int]]:
    """List the phone columns with their rank (1 mobile, 2 main, 3 home, 4 work), best first."""
    columns = map_headings(headings).get("phone", [])
    return [(column, _phone_rank(normalise(headings[column]))) for column in columns]


def unmapped(headings: Sequence[str], mapped: Iterable[list[int]]) -> list[int]:
    """List the columns that no field uses, in their order."""
    used = {column for columns in mapped for column in columns}
    return [column for column in range(len(headings)) if column not in used]


def _meanings(name: str) -> list[tuple[str, int]]:
    rank = _phone_rank(name)
    if rank:
        return [("phone", 100 * rank + PHONE_RANKS[rank - 1].index(name))]
    return [(field, names.index(name)) for field, names in ALIASES.items() if name in names]


def _phone_rank(name: str) -> int:
    return next((rank for rank, names in enumerate(PHONE_RANKS, 1) if name in names), 0)


def _settle_voter_id(headings: Sequence[str], found: dict[str, list[tuple[int, int]]]) -> None:
    """“Voter ID” is a promise in British parties and a number elsewhere.

    It is the number where the file has no other, and the promise where it has.
    """
    both = [column for column, text in enumerate(headings) if normalise(text) == "voterid"]
    if not both:
        return
    has_other = len(found["external_id"]) > len(both)
    loser = "external_id" if has_other else "support"
    found[loser] = [place for place in found[loser] if place[1] not in both]
    if not found[loser]:
        del found[loser]
