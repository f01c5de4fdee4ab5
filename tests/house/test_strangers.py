"""Whoever has nothing to do with a thing finds no such thing: every address, as each of the cast.

The addresses come from the application's own list, so a new one is tried from its first day; a
part of an address that WORLD does not name fails the test. Each is fetched and sent, with a token
that is right. The answer is 404 or 403, and the tables stay as they were, row by row.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from campaign.conduct.models import Barred, NoContact, Report
from campaign.events import operations as events
from campaign.events.models import Event, EventInvite, EventTeam, RsvpFile
from campaign.foundation import clock, limits, tokens, web
from campaign.foundation.database import Base, Database
from campaign.groups.models import GroupNote, GroupNoteRevision
from campaign.meetups.operations.opening import open_room
from campaign.people.models import Person
from campaign.phonebanks.models import (
    Call,
    CallingSession,
    ContactExport,
    HeldReport,
    HelpRequest,
    ImportBatch,
)
from campaign.phonebanks.rules.hand_over import key_for
from tests.cast import Cast, a_member, a_person, an_event, an_rsvp
from tests.phonebanks.making import fill, make_phonebank
from tests.proof_reader import ProofReadingClient

# Written beside the request, whatever comes of it: counts, devices seen, refusals.
BESIDE = {"limit_count", "sign_in_session", "audit_row", "audit_seal"}
# The same address means something to this person: each with the reason.
THEIRS = {
    ("events.moderate", "moderator"): "looks at every event",
    ("events.list_it", "moderator"): "puts events on the map",
    ("events.keep_off", "moderator"): "and leaves them off it",
    ("events.trust", "moderator"): "trusts hosts",
    ("events.undo_decision", "moderator"): "takes a decision back",
    ("events.template", "administrator"): "says what is proposed for a kind",
    ("events.default_template", "administrator"): "and goes back",
    ("groups.weigh", "moderator"): "says how much an area counts",
    ("meetups.sent_out", "moderator"): "looks at who was sent out",
    ("phonebanks.decide", "moderator"): "is the second person of an export",
    ("phonebanks.decide", "officer"): "is the second person of an export",
}
# Without a thing of theirs they find an empty room.
EMPTY = {
    "events.take_back": 303,
    "phonebanks.promises": 200,  # one's own
    "phonebanks.letters": 303,  # about one's own
    "phonebanks.my_screen": 303,  # of one's own browser alone
    "phonebanks.rang_back": 200,  # of one's own calls, and they have none
}
# Open to everybody who knows the event or the group; what they may do there is tested there.
OPEN = {
    "events.rsvp": "signing up",
    "events.join_group": "joining",
    "events.group_mails": "hearing of a group",
    "groups.write": "writing to it, where it says so",
    "events.unsubscribe": "never refused",
    "meetups.join": "who is in the hall",
    "meetups.appeal": "whoever holds the phone that was sent out",
    "meetups.back": "whoever has the four words of their own",
}
OUTSIDE = ("nobody", "supporter", "stranger", "newhost", "administrator", "officer", "moderator")


def world(db: Session, cast: Cast) -> dict[str, Any]:
    """One of everything that belongs to the cast's group and its event."""
    group, event, now = cast.group, cast.event, clock.now()
    newhost = a_person(db, "Nia Newhost")
    a_member(db, cast.other_group, newhost)
    theirs = an_event(db, cast.other_group, newhost)
    an_rsvp(db, theirs, cast.supporter)
    rsvp = an_rsvp(db, event, a_person(db, "Rita Rsvp"))
    shift = events.add_shift(
        db, event=event, starts_at=event.starts_at, ends_at=event.ends_at, capacity=4
    )
    part = EventTeam(event_id=event.id, person_id=cast.lead.id, role="steward", since=now)
    invite = EventInvite(
        event_id=event.id,
        email="somebody@people.example",
        role="co-host",
        fingerprint=tokens.fingerprint("not given out"),
        made_at=now,
    )
    file = RsvpFile(event_id=event.id, file_name="stall.csv", made_at=now)
    note = GroupNote(group_id=group.id, state="proposed", made_at=now)
    report = Report(
        subject_kind="event",
        subject_id=event.public_id,
        category="harassment",
        text="What happened.",
        made_at=now,
        changed_at=now,
    )
    first, second = sorted((cast.host.id, cast.caller.id))
    apart = NoContact(first_id=first, second_id=second, made_at=now)
    barred = Barred(person_id=cast.caller.id, made_at=now)
    db.add_all([part, invite, file, note, report, apart, barred])
    db.flush()
    db.add(GroupNoteRevision(note_id=note.id, number=1, title="Minutes", text="x", made_at=now))
    meetup = an_event(
        db,
        group,
        cast.organiser,
        kind="meetup",
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=3),
    )
    room = open_room(
        db,
        event=meetup,
        preset="short",
        actor_id=cast.organiser.id,
        now=now,
        dice=random.Random(7),
    )
    named = _calls(db, cast)
    return {
        "newhost": newhost,
        "events public_id": event.public_id,
        "meetups public_id": event.public_id,
        "conduct public_id": report.public_id,
        "conduct.end_apart public_id": apart.public_id,
        "conduct.lift public_id": _public_id(db, barred),
        "groups slug": group.slug,
        "events slug": group.slug,
        "figures slug": group.slug,
        "groups note_id": note.public_id,
        "groups person_id": cast.caller.public_id,
        "events part": part.public_id,
        "events invite": invite.public_id,
        "events shift_id": shift.public_id,
        "events rsvp_id": rsvp.public_id,
        "events file_id": file.public_id,
        "events ticket": rsvp.public_id,
        "events key": "a-key-that-nobody-was-given-0000000000000000",
        "events kind": "stall",
        "events follow_id": "nofollow0000",
        "events name": "nophoto00000000000000000",
        "people key": "a-key-that-nobody-was-given-0000000000000000",
        "meetups code": room.code,
        "meetups card": "nocard000000",
        "meetups proposal": "noproposal00",
        "meetups person": "noperson0000",
        "meetups topic": "notopic00000",
        "meetups planned": "noplanned000",
        "meetups sheet": "nosheet00000",
        "meetups seed": "noseed000000",
        "meetups incident": "noincident00",
        "meetups device": "nodevice0000",
        "meetups out": "nobodyout000",
        "meetups key": "a-key-that-nobody-was-given-0000000000000000",
    } | named


def _calls(db: Session, cast: Cast) -> dict[str, str]:
    now = clock.now()
    bank = make_phonebank(db, cast.group, access="group")
    contact = fill(db, bank, range(2))[0]
    call = Call(
        phonebank_id=bank.id,
        contact_id=contact.id,
        number_id=contact.number_id,
        caller_id=cast.caller.id,
        status="revealed",
        claimed_at=now,
        revealed_at=now,
        expires_at=now + timedelta(minutes=20),
    )
    batch = ImportBatch(
        phonebank_id=bank.id, file_name="x.csv", source="stall", basis="column", made_at=now
    )
    wanted = ContactExport(
        phonebank_id=bank.id,
        shape="everything",
        reason="To hand it over",
        asked_by=cast.organiser.id,
        asked_at=now,
    )
    asked = HelpRequest(phonebank_id=bank.id, person_id=cast.caller.id, asked_at=now)
    session = CallingSession(event_id=cast.event.id, phonebank_id=bank.id)
    db.add_all([call, batch, wanted, asked, session])
    db.flush()
    db.add(
        HeldReport(
            call_id=call.id,
            phonebank_id=bank.id,
            caller_id=cast.caller.id,
            at=now,
            said={"outcome": "talked"},
        )
    )
    return {
        "phonebanks public_id": bank.public_id,
        "figures public_id": bank.public_id,
        "figures key": "funnel",
        "phonebanks batch_id": batch.public_id,
        "phonebanks claim_id": call.public_id,
        "phonebanks handed": key_for(
            call.public_id,
            cast.caller.id,
            now=now,
            expires_at=call.expires_at,
            secret="for-tests-only-" * 4,
        ),
        "phonebanks export_id": wanted.public_id,
        "phonebanks canary_id": "nocanary0000",
        "phonebanks caller_id": cast.caller.public_id,
        "phonebanks event_id": cast.event.public_id,
        "phonebanks help_id": asked.public_id,
        "phonebanks rsvp_id": "norsvp000000",
        "phonebanks key": "a-key-that-nobody-was-given-0000000000000000",
    }


def _public_id(db: Session, row: Any) -> str:
    return str(getattr(row, "public_id", None) or db.get_one(Person, row.person_id).public_id)


def guarded(app: Flask) -> list[Rule]:
    """Every address that names a thing and is not for everybody to read."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.arguments and rule.endpoint.partition(".")[0] not in ("static", "places")
    ]


def address_of(rule: Rule, named: dict[str, Any]) -> str:
    """The address of a rule that names the cast's things."""
    room = rule.endpoint.partition(".")[0]
    parts = {}
    for name in rule.arguments:
        value = named.get(f"{rule.endpoint} {name}") or named.get(f"{room} {name}")
        assert value, f"say in world() what “{name}” of {rule.endpoint} is"
        parts[name] = value
    built = rule.build(parts, append_unknown=False)
    assert built is not None
    return built[1]


def tables(database: Database) -> dict[str, Any]:
    """Every row of every table."""
    with database.reading() as db:
        return {
            table.name: sorted(map(repr, db.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in BESIDE
        }


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_stranger_finds_and_changes_nothing(
    app: Flask,
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    with database.unit_of_work() as db:
        named = world(db, db_cast(db, cast))
    if who != "nobody":
        client.sign_in(named.get(who) or cast.everybody[who])
    token = client.token()
    before, wrong, tried = tables(database), [], 0
    monkeypatch.setattr(limits.Limits, "hit", lambda *_: None)
    for rule in guarded(app):
        open_to_all = web.PUBLIC in web.standing_of(app, rule.endpoint)
        if (rule.endpoint, who) in THEIRS or rule.endpoint in OPEN:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            given = {"csrf_token": token, "sure": "yes"} if method == "POST" else None
            address = address_of(rule, named)
            answer = FlaskClient.open(client, address, method=method, data=given)
            tried += 1
            allowed = {403, 404}
            if "key" in rule.arguments:
                allowed |= {410}  # a key that is dead, whoever holds it
            if open_to_all and method == "GET":
                allowed |= {200, 303}
            if who == "nobody" and not open_to_all:
                allowed = {303, 401}
            elif rule.endpoint in EMPTY:
                allowed |= {EMPTY[rule.endpoint], 422}
            if answer.status_code not in allowed:
                wrong.append(f"{method} {address} ({rule.endpoint}): {answer.status}")
    after = tables(database)
    wrong += [f"{name} has changed" for name in after if after[name] != before[name]]
    assert wrong == [], "\n".join(wrong)
    assert tried > 120


def db_cast(db: Session, cast: Cast) -> Cast:
    """The same cast, with the event in this transaction."""
    return replace(cast, event=db.get_one(Event, cast.event.id))


def test_nothing_is_sent_without_a_token_but_the_unsubscription(
    app: Flask, client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    """A mail program's one click carries none; its key is what nobody can guess."""
    with database.unit_of_work() as db:
        named = world(db, db_cast(db, cast))
    client.sign_in(cast.organiser)
    before, taken = tables(database), []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            answer = FlaskClient.open(client, address_of(rule, named), method="POST")
            if answer.status_code != 400:
                taken.append(rule.endpoint)
    assert taken == ["events.unsubscribe"]
    assert tables(database) == before
