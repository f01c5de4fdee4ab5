"""What leaves the server for a caller: a first name, a town, what helps the call; a number once.

One whole call is walked, by forms and as a program, with a second tab, Back, a mistake, the same
report again, an undo and a call that was over too soon. Whatever the server answers on the way is
kept and searched: for everything else that is known of these people, and for their numbers.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.phone import hmac_key
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Answer, Call, Contact, Phonebank
from campaign.phonebanks.models.sharers import Sharer
from campaign.phonebanks.operations import setup
from campaign.phonebanks.rules.hand_over import key_for
from tests.cast import Cast, an_event
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import KEY, NOON, make_person
from tests.phonebanks.test_signing_up_in_a_call import STEPS
from tests.proof_reader import ProofReadingClient

BANK = "/phonebanks/demo-calls"
# Everything that a caller gets no answer with, each in words that stand nowhere else.
MARK = "qxz"
POSTCODES = ("BN99 9QX", "BN98 8QX")
NUMBERS = {"Amina": "+447700900123", "Bilal": "+447700900456"}


@dataclass
class Walk:
    """A caller's browser; keeps each answer under what was asked."""

    client: ProofReadingClient
    minutes: int = 0
    heard: list[tuple[str, set[str], str]] = field(default_factory=list)

    def get(self, path: str, *, numbers: str = "", **headers: str) -> TestResponse:
        return self._hear(f"GET {path}", numbers, self.client.get(path, headers=headers))

    def form(self, path: str, *, numbers: str = "", code: int = 303, **said: str) -> TestResponse:
        answer = self.client.post_form(path, said, most_queries=45)
        assert answer.status_code == code, answer.text
        return self._hear(f"form {path}", numbers, answer)

    def json(self, path: str, *, numbers: str = "", code: int = 200, **said: str) -> dict[str, Any]:
        answer = self.client.post_asking_json(path, said, most_queries=45)
        assert answer.status_code == code, answer.text
        self._hear(f"JSON {path}", numbers, answer)
        return dict(answer.json or {})

    def _hear(self, asked: str, numbers: str, answer: TestResponse) -> TestResponse:
        said = f"{answer.headers.get('Location', '')}\n{answer.text}"
        self.heard.append((f"{len(self.heard)}: {asked}", set(numbers.split()), said))
        return answer


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def leaks(walk: Walk) -> list[str]:
    """Every answer with what must not be in it."""
    found = []
    for asked, allowed, said in walk.heard:
        low = said.lower()
        words = [MARK, *(code.lower() for code in POSTCODES)]
        words += [
            code.lower().replace(" ", sign) for code in POSTCODES for sign in ("", "+", "%20")
        ]
        found += [f"{asked}: {word}" for word in words if word in low]
        for name, e164 in NUMBERS.items():
            if name not in allowed and e164[3:] in digits(said):
                found.append(f"{asked}: the number of {name}")
            if hmac_key(e164, KEY) in low:
                found.append(f"{asked}: the key of {name}")
    return found


def known_of(place: int) -> dict[str, Any]:
    return {
        "last_name": f"Surname{MARK}",
        "email": f"mail{MARK}@people.example",
        "postcode": POSTCODES[place],
        "external_id": f"EXT-{MARK}-{place}",
        "source": f"source-{MARK}.csv",
        "household_key": f"home{MARK}{place}",
        "town": "Hove",
        "note": "Ask for the back door",
        "consent": True,
        "slot": 0,
    }


@pytest.fixture
def walk(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, app: Flask
) -> Walk:
    """Amina is first and Bilal next; of both much is known, and Amina was talked to before."""
    bank, _ = made
    with clock.at(NOON), database.unit_of_work() as db:
        db.execute(delete(Contact).where(Contact.phonebank_id == bank.id))
        held = db.get_one(Phonebank, bank.id)
        setup.write_script(db, phonebank=held, steps=STEPS, actor_id=cast.organiser.id, now=NOON)
        an_event(db, cast.group, cast.host, "Stall in Hove", kind="stall")
        other = make_person(db, f"Other Caller{MARK}")
        for place, (name, e164) in enumerate(NUMBERS.items()):
            number = PhoneNumber(
                e164=e164, hmac=hmac_key(e164, KEY), kind="mobile", time_zone="Europe/London"
            )
            db.add(number)
            db.flush()
            contact = Contact(
                phonebank_id=bank.id,
                number_id=number.id,
                first_name=name,
                priority=place,
                shuffle=place,
                **known_of(place),
            )
            db.add(contact)
            db.flush()
            _rang_before(db, contact, other.id)
        _sharer(db, contact)
        _at_home(db, bank)
    with clock.at(NOON):
        client.sign_in(cast.caller)
    return Walk(client)


def _rang_before(db: Any, contact: Contact, caller_id: int) -> None:
    at = NOON - timedelta(days=9)
    call = Call(
        phonebank_id=contact.phonebank_id,
        contact_id=contact.id,
        number_id=contact.number_id,
        caller_id=caller_id,
        status="reported",
        claimed_at=at,
        expires_at=at,
        revealed_at=at,
        attempted_at=at,
        ended_at=at,
        reported_at=at,
        client_uuid=f"uuid-{MARK}-{contact.id}",
        result_code="talked_partial",
        reached=True,
        note=f"An older note {MARK}",
        answers={"come": f"said{MARK}"},
        said={"language": f"language{MARK}"},
    )
    db.add(call)
    db.flush()
    db.add(Answer(call_id=call.id, question="come", option=f"said{MARK}"))
    contact.attempts, contact.last_result, contact.last_call_at = 1, "talked_partial", at


def _sharer(db: Any, contact: Contact) -> None:
    """Bilal's number is also Carys's."""
    contact.sharers = 1
    known = {"email": f"carys{MARK}@people.example", "external_id": f"EXT-{MARK}-9"}
    db.add(
        Sharer(
            contact_id=contact.id,
            first_name="Carys",
            last_name=f"Sharer{MARK}",
            consent=True,
            **known,
        )
    )


def _at_home(db: Any, bank: Phonebank) -> None:
    """Dilys lives with Amina, and comes last."""
    number = PhoneNumber(
        e164="+447700900789", hmac=f"{MARK}" * 20, kind="mobile", time_zone="Europe/London"
    )
    db.add(number)
    db.flush()
    known = known_of(0) | {"external_id": f"EXT-{MARK}-3"}
    db.add(
        Contact(
            phonebank_id=bank.id,
            number_id=number.id,
            first_name="Dilys",
            priority=9,
            shuffle=9,
            **known,
        )
    )


def minute(walk: Walk) -> Any:
    """The next minute of the walk."""
    walk.minutes += 1
    return clock.at(NOON + timedelta(minutes=walk.minutes))


def claim(walk: Walk) -> str:
    """Amina comes, by a form, a second tab and a program; her number is nowhere yet."""
    with minute(walk):
        walk.get(f"{BANK}/call")
        walk.form(f"{BANK}/claims")
        walk.form(f"{BANK}/claims")  # a second tab
        held = walk.json(f"{BANK}/claims")["claim"]
        assert held["contact"] == {
            "first_name": "Amina",
            "town": "Hove",
            "local_time": "12:01",
            "attempt": 2,
            "note": "Ask for the back door",
        }
        assert set(held) == {"id", "expires_at", "contact"}
        page = walk.get(f"{BANK}/call").text
        assert "Ask for the back door" in page
        assert "Talked, cut short" in page
        for part in ("", "/phone.svg", "/seal"):
            walk.get(f"/claims/{held['id']}{part}")
        walk.json(f"/claims/{held['id']}/extend")
        walk.get(f"{BANK}/word", **{"HX-Request": "true"})
        walk.get(f"/ring/{key(walk, held['id'])}")
    return str(held["id"])


def key(walk: Walk, claim_id: str) -> str:
    house = walk.client.application.extensions["campaign"]
    with house.database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        return key_for(
            claim_id,
            call.caller_id,
            now=clock.now(),
            expires_at=call.expires_at,
            secret=str(house.settings.secret_key),
        )


def ring(walk: Walk, claim_id: str) -> None:
    """Her number is shown, and on the caller's own phone."""
    with minute(walk):
        walk.form(f"/claims/{claim_id}/reveal")
        shown = walk.json(f"/claims/{claim_id}/reveal", numbers="Amina")["claim"]
        assert shown["number"]["e164"] == NUMBERS["Amina"]
        assert set(shown) == {"id", "expires_at", "contact", "number"}
        page = walk.get(f"{BANK}/call", numbers="Amina").text
        assert f'href="tel:{NUMBERS["Amina"]}"' in page
        assert "Dilys" in page  # who lives there too
        assert "Stall in Hove" in page  # near the postcode
        walk.json(f"{BANK}/claims", numbers="Amina")  # a second tab
        walk.json(f"/claims/{claim_id}/dial")
        walk.json(f"/claims/{claim_id}/draft", note="So far", outcome="talked")
        walk.get(f"{BANK}/call", numbers="Amina")
        walk.form(f"/ring/{key(walk, claim_id)}", numbers="Amina", code=200)
        walk.form(f"/claims/{claim_id}/outcome", numbers="Amina", code=422, outcome="call_later")
        walk.json(f"/claims/{claim_id}/outcome", code=422, outcome="call_later")


def test_a_call_from_beginning_to_end_tells_no_more_than_it_needs(walk: Walk) -> None:
    claim_id = claim(walk)
    ring(walk, claim_id)
    done = {"now": "no_answer", "client_uuid": "one", "then": "next"}
    with minute(walk):
        following = walk.json(f"/claims/{claim_id}/outcome", **done)
        assert set(following["claim"]) == {"id", "expires_at", "contact"}
        assert following["claim"]["contact"]["first_name"] == "Bilal or Carys"
        # Back, the same again, and something else of a call that is over.
        page = walk.get(f"{BANK}/call").text
        assert f"/claims/{claim_id}/undo" in page
        walk.form(f"/claims/{claim_id}/outcome", **done)
        walk.json(f"/claims/{claim_id}/outcome", **done)
        walk.json(f"/claims/{claim_id}/outcome", code=409, outcome="talked", client_uuid="x")
        walk.form(f"/claims/{claim_id}/outcome", outcome="talked", client_uuid="x")
        walk.json(f"/claims/{claim_id}/reveal", code=409)
        walk.get(f"/claims/{claim_id}")
        walk.form(f"/claims/{claim_id}/undo", report="one")
        walk.get(f"{BANK}/call", numbers="Amina")
        walk.json(f"/claims/{claim_id}/undo", numbers="Amina", report="one")
    with minute(walk):
        # The long way: with an answer.
        said = {"outcome": "talked", "client_uuid": "two", "then": "next", "answer-come": "no"}
        walk.form(f"/claims/{claim_id}/outcome", **said)
        page = walk.get(f"{BANK}/call").text
        assert "Call Bilal or Carys" in page
        walk.get(f"{BANK}/rang-back")
        assert "Amina" in walk.form(f"{BANK}/rang-back", code=422, first_name="Amina").text
        walk.get(f"{BANK}/rang-back/{claim_id}")
        walk.get(f"{BANK}")
    assert leaks(walk) == []


def test_one_tap_by_form_tells_no_more(walk: Walk) -> None:
    claim_id = claim(walk)
    ring(walk, claim_id)
    with minute(walk):
        walk.form(f"/claims/{claim_id}/outcome", now="no_answer", client_uuid="one", then="next")
        page = walk.get(f"{BANK}/call").text
        assert "Call Bilal or Carys" in page
        bilal = str(walk.json(f"{BANK}/claims")["claim"]["id"])
        walk.form(f"/claims/{bilal}/release", reason="skip_know")
        walk.get(f"{BANK}/call")
        walk.json(f"/claims/{bilal}/release", code=200, reason="skip_know")
    assert leaks(walk) == []


def test_a_call_that_was_over_too_soon_has_no_number_any_more(
    walk: Walk, database: Database
) -> None:
    claim_id = claim(walk)
    ring(walk, claim_id)
    walk.minutes += 50
    with minute(walk):
        page = walk.get(f"{BANK}/call/late").text
        assert "their number is gone" in page
        walk.get(f"{BANK}/call")
        walk.get(f"/claims/{claim_id}")
        walk.json(f"/claims/{claim_id}/extend")
        walk.get("/ring/a.b.c")
        walk.form(f"/claims/{claim_id}/outcome", code=422, outcome="call_later")
        walk.form(f"/claims/{claim_id}/outcome", outcome="no_answer", client_uuid="one")
    with database.reading() as db:
        assert db.scalars(select(Call.late).where(Call.public_id == claim_id)).one()
    assert leaks(walk) == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (f"<p>{known_of(0)['last_name']}</p>", MARK),
        ("near BN999QX", "bn999qx"),
        ("07700 900 123", "the number of Amina"),
        ("tel:+447700900456", "the number of Bilal"),
    ],
)
def test_the_search_finds_what_must_not_be_there(told: str, words: str) -> None:
    walk = Walk(client=None)  # type: ignore[arg-type]
    walk.heard.append(("0: GET /", set(), told))
    assert words in " ".join(leaks(walk))
