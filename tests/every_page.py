"""Every page there is: its address in the demo, and as whom to look at it.

One table for who walks through all pages: the journey that asks axe, and `make screenshots`.
A new page is one line of PAGES; an endpoint that gives no page, one line of NO_PAGE. The house
test compares both with the list of routes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Announcement, Event, EventInvite, Follow, Follower, Rsvp
from campaign.events.operations import bringing
from campaign.events.operations.hosting import write_event_key
from campaign.events.operations.telling import write_key
from campaign.events.queries import event_by_public_id
from campaign.events.rules.announcements import Answers, written
from campaign.events.rules.following import Wanted
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens
from campaign.foundation.web import House
from campaign.groups.models import Group, GroupNote
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import importing, working
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.hand_over import LIFE, key_for
from campaign.phonebanks.tasks import shop_of
from tests.rooms import PHASES, halls

PHONE = "phone of "
WIDTHS = (360, 768, 1280)
PROJECTOR = (1920,)


@dataclass(frozen=True)
class Page:
    """A page: ``who`` is somebody of the demo, nobody without; ``{…}`` is filled by ``parts``.

    A page ``of_demo`` shows a thing that only the demo has, so an empty installation has none.
    """

    endpoint: str
    address: str
    who: str = ""
    widths: tuple[int, ...] = WIDTHS

    @property
    def of_demo(self) -> bool:
        """Whether the address names a thing."""
        return any(part in self.address for part in ("demo-", "{", "/groups/brighton"))


CALLS = "/phonebanks/demo-calls"
SCREENS = ("doors", "plenary", "strategy", "report_back", "ask", "local", "commit", "close")
PAGES = (
    Page("home.front", "/"),
    Page("home.front", "/", "caller"),
    Page("home.privacy", "/privacy"),
    Page("home.mailbox", "/mailbox"),
    Page("home.me", "/me", "caller"),
    Page("home.me", "/me", "organiser"),
    Page("events.own_calendar", "/me/calendar", "caller"),
    Page("home.my_data", "/me/data", "supporter"),
    Page("people.sign_in", "/sign-in"),
    Page("people.link_sent", "/sign-in/sent"),
    Page("people.use_link", "/sign-in/{sign_in_key}"),
    Page("people.signed_in", "/sign-in/done", "supporter"),
    Page("people.name", "/sign-in/name", "supporter"),
    Page("people.do_not_call", "/do-not-call"),
    Page("people.do_not_call_done", "/do-not-call/done"),
    Page("groups.index", "/groups"),
    Page("groups.index", "/groups?near=BN1+1AA"),
    Page("groups.new", "/groups/new", "supporter"),
    Page("groups.members", "/groups/brighton/members", "organiser"),
    Page("groups.settings", "/groups/brighton/settings", "organiser"),
    Page("groups.hand_over", "/groups/brighton/hand-over", "organiser"),
    Page("groups.notes", "/groups/brighton/notes"),
    Page("groups.note", "/groups/brighton/notes/{note}"),
    Page("groups.new_note", "/groups/brighton/notes/new", "organiser"),
    Page("groups.edit_note", "/groups/brighton/notes/{note}/edit", "organiser"),
    Page("events.group_month", "/groups/brighton/calendar"),
    Page("events.follow", "/follow?near=BN1+1AA&radius_km=10"),
    Page("events.follow_sent", "/follow/sent"),
    Page("events.followed", "/follow/{follow_key}"),
    Page("events.followed", "/follow/{confirm_key}"),
    Page("events.unsubscribe", "/follow/{follow_key}/unsubscribe"),
    Page("events.group_page", "/groups/brighton"),
    Page("events.group_page", "/groups/brighton", "organiser"),
    Page("events.index", "/events"),
    Page("events.index", "/events?near=BN1+1AA"),
    Page("events.index", "/events?near=Newport"),
    Page("events.index", "/events?bbox=-0.3,50.7,0.1,50.9&zoom=10&layers=events,groups"),
    Page("events.index", "/events?near=HS2+0AA"),
    Page("events.embed", "/embed?near=BN1+1AA"),
    Page("events.embed_map", "/embed/map?near=BN1+1AA"),
    Page("events.embed_list", "/embed/list?group=brighton"),
    Page("events.show", "/events/{meetup}"),
    Page("events.show", "/events/demo-doors", "host"),
    Page("events.new", "/events/new", "organiser"),
    Page("events.new", "/events/new"),
    Page("events.announced", "/events/new/sent"),
    Page("events.confirm", "/events/confirm/{announced_key}"),
    Page("events.edit", "/events/{meetup}/edit", "organiser"),
    Page("events.roster", "/events/{meetup}/roster", "organiser"),
    Page("events.report", "/events/demo-doors/report", "host"),
    Page("events.photos", "/events/demo-doors/photos", "host"),
    Page("events.team", "/events/demo-doors/team", "host"),
    Page("events.cannot_host_here", "/events/demo-doors/cannot-host", "host"),
    Page("events.cannot_host", "/hosting/{host_key}/cannot"),
    Page("events.take_over", "/hosting/{offer_key}/take-over"),
    Page("events.invitation", "/team/{invite_key}"),
    Page("events.shifts", "/events/{meetup}/shifts", "organiser"),
    Page("events.roster", "/events/demo-doors/roster", "host"),
    Page("events.sheet", "/events/demo-doors/roster/sheet", "host"),
    Page("events.call_sheet", "/events/demo-doors/roster/calls", "host"),
    Page("events.host_links", "/events/demo-doors/host-link", "host"),
    Page("events.host_page", "/hosts/{door_key}"),
    Page("events.host_sheet", "/hosts/{door_key}/sheet"),
    Page("events.ticket", "/c/{ticket}", "organiser"),
    Page("events.ticket", "/c/{ticket}"),
    Page("events.manage", "/rsvps/{rsvp_key}"),
    Page("events.bring", "/events/demo-full/roster/import", "host"),
    Page("events.look", "/events/demo-full/roster/import/{rsvp_file}", "host"),
    Page("events.held_of_rsvp", "/rsvps/{rsvp_key}/data"),
    Page("events.my_place", "/events/demo-full/place", "supporter"),
    Page("events.came", "/rsvps/{rsvp_key}/came"),
    Page("events.did_not_come", "/rsvps/{rsvp_key}/did-not-come"),
    Page("events.coming", "/rsvps/{rsvp_key}/coming"),
    Page("events.not_coming", "/rsvps/{rsvp_key}/not-coming"),
    Page("events.no_thanks", "/rsvps/{rsvp_key}/no-thanks"),
    Page("events.take", "/rsvps/{rsvp_key}/take"),
    Page("events.moderation", "/moderation", "moderator"),
    Page("events.moderate", "/moderation/demo-stall", "moderator"),
    Page("events.show", "/events/demo-flat", "host"),
    Page("events.moderation_log", "/moderation/log"),
    Page("events.templates", "/event-templates", "admin"),
    Page("events.template", "/event-templates/canvass", "admin"),
    Page("conduct.report", "/report"),
    Page("conduct.report", "/report?about=event:demo-doors"),
    Page("conduct.sent", "/report/sent"),
    Page("conduct.follow", "/report/follow"),
    Page("conduct.cases", "/reports", "moderator"),
    Page("conduct.cases", "/reports", "safeguarding"),
    Page("conduct.case", "/reports/demo-unsafe", "moderator"),
    Page("conduct.apart", "/reports/apart", "safeguarding"),
    Page("phonebanks.index", "/phonebanks"),
    Page("phonebanks.show", CALLS, "caller"),
    Page("phonebanks.show", CALLS),
    Page("phonebanks.call", f"{CALLS}/call", "caller"),
    Page("phonebanks.call", "/phonebanks/demo-practice/call", "caller2"),
    Page("phonebanks.late", f"{CALLS}/call/late", "caller2"),
    Page("phonebanks.on_phone", "/ring/{handed}", "lead"),
    Page("phonebanks.call", f"{CALLS}/call", "stranger"),
    Page("phonebanks.agree", f"{CALLS}/agree", "stranger"),
    Page("phonebanks.agreement", "/phonebanks/agreement", "caller"),
    Page("phonebanks.train", "/phonebanks/training", "host"),
    Page("phonebanks.train", "/phonebanks/training", "caller"),
    Page("phonebanks.quiz", "/phonebanks/training/quiz", "host"),
    Page("phonebanks.exports", f"{CALLS}/exports", "organiser"),
    Page("phonebanks.to_decide", "/exports", "officer"),
    Page("phonebanks.rang_back", f"{CALLS}/rang-back", "caller"),
    Page("phonebanks.who_rang_back", CALLS + "/rang-back/{rung}", "caller"),
    Page("phonebanks.promises", "/phonebanks/promises", "caller"),
    Page("phonebanks.feedback", "/phonebanks/feedback", "caller"),
    Page("phonebanks.own_numbers", f"{CALLS}/own-numbers", "organiser"),
    Page("phonebanks.reviews", f"{CALLS}/reviews", "organiser"),
    Page("phonebanks.caller", CALLS + "/callers/{calling}", "organiser"),
    Page("phonebanks.who_has_access", "/phonebanks/access", "admin"),
    Page("phonebanks.new", "/phonebanks/new", "organiser"),
    Page("phonebanks.lead", f"{CALLS}/lead", "organiser"),
    Page("figures.phonebank", f"{CALLS}/figures", "organiser"),
    Page("phonebanks.shift", f"{CALLS}/shifts/demo-shift", "caller"),
    Page("phonebanks.shift", f"{CALLS}/shifts/demo-shift-over", "caller"),
    Page("phonebanks.again", "/again/{again_key}"),
    Page("figures.together", f"{CALLS}/together", "organiser"),
    Page("figures.group", "/groups/brighton/figures", "organiser"),
    Page("figures.everything", "/figures", "organiser"),
    Page("phonebanks.set_up", f"{CALLS}/setup", "organiser"),
    Page("phonebanks.goal", f"{CALLS}/goal", "organiser"),
    Page("phonebanks.script", f"{CALLS}/script", "organiser"),
    Page("phonebanks.sessions", f"{CALLS}/sessions", "organiser"),
    Page("phonebanks.bring", f"{CALLS}/import", "organiser"),
    Page("phonebanks.look", CALLS + "/import/{batch}", "organiser"),
    Page("phonebanks.screened", f"{CALLS}/screening", "organiser"),
    Page("groups.write", "/groups/brighton/write", "caller"),
    Page("meetups.enter", "/m"),
    Page("meetups.show", "/m/MAPLES?demo-hall"),
    *(Page("meetups.show", f"/m/{{{phase}_room}}") for phase in PHASES),
    Page("meetups.sheet", "/m/{strategy_room}/sheet"),
    Page("meetups.table", "/m/{local_room}/table"),
    Page("meetups.table", "/m/{commit_room}/table"),
    Page("meetups.host", "/m/{asked_room}/cards/{card}/accept"),
    Page("meetups.you", "/m/{doors_room}/you"),
    Page("meetups.tap_for", "/m/{report_back_room}/for/{phoneless}", "organiser"),
    Page("meetups.door", "/m/{doors_room}/door", "organiser"),
    Page("meetups.slips", "/m/{local_room}/door/slips", "organiser"),
    Page("meetups.paper_sheets", "/m/{local_room}/desk/paper", "organiser"),
    Page("meetups.print_paper", "/m/{local_room}/desk/paper/print", "organiser"),
    Page("meetups.read_in", "/m/{local_room}/desk/paper/{paper}", "organiser"),
    Page("meetups.topics", "/m/{doors_room}/topics"),
    Page("meetups.desk_topics", "/m/{doors_room}/desk/topics", "organiser"),
    Page("meetups.move", "/m/{local_room}/move"),
    Page("meetups.people_to_move", "/m/{local_room}/desk/moves", "organiser"),
    Page("meetups.floor", "/m/{local_room}/desk/floor", "organiser"),
    Page("meetups.everybody", "/m/{local_room}/desk/people", "organiser"),
    Page("meetups.incident_log", "/m/{doors_room}/incidents", "organiser"),
    Page("meetups.evening_script", "/m/{doors_room}/desk/script", "organiser"),
    Page("meetups.write_script", "/m/{doors_room}/desk/script/words", "organiser"),
    Page("meetups.send_out", "/m/{report_back_room}/desk/people/{phoneless}/out", "organiser"),
    Page("meetups.sent_out", "/meetups/sent-out", "moderator"),
    Page("meetups.talk", "/m/{doors_room}/talk"),
    *(Page("meetups.screen", f"/m/{{{phase}_room}}/screen", widths=PROJECTOR) for phase in SCREENS),
    Page("meetups.screen", "/m/{local_room}/screen?contrast=1", widths=PROJECTOR),
    Page("meetups.open_up", "/events/{unopened}/meetup", "organiser"),
    Page("meetups.hosts", "/events/{over_event}/hosts", "organiser"),
    Page("meetups.still_on", "/hosting/{on_key}/on"),
    Page("meetups.held", "/hosting/{held_key}/held"),
    Page("meetups.look", "/events/{over_event}/seeds", "organiser"),
    Page("meetups.keep_going", "/keep-going/{seed_key}"),
    Page("meetups.recap", "/events/{over_event}/recap"),
    Page("meetups.recap", "/events/{close_event}/recap", "organiser"),
    Page("meetups.desk", "/m/{doors_room}/desk", "organiser"),
    Page("meetups.desk", "/m/{report_back_room}/desk", "organiser"),
    Page("meetups.desk", "/m/{commit_room}/desk", "organiser"),
)

NO_PAGE = {
    "events.calendar": "a calendar file",
    "events.event_calendar": "a calendar file",
    "events.geojson": "the map's data",
    "events.group_calendar": "a calendar file",
    "events.held_as_json": "a download of one's own data",
    "home.my_data_json": "a download of one's own data",
    "events.file_rejects": "a table for a spreadsheet",
    "events.rsvp_qr": "a picture of a link",
    "events.personal_calendar": "a calendar file",
    "events.host_state": "an answer for the door's script",
    "events.roster_csv": "a table for a spreadsheet",
    "figures.group_csv": "a table for a spreadsheet",
    "figures.phonebank_csv": "a table for a spreadsheet",
    "groups.geojson": "the map's data",
    "events.state": "an answer for the door's script",
    "home.brand_css": "a style sheet",
    "home.live": "a word for the watcher of the machine",
    "home.ready": "a word for the watcher of the machine",
    "events.photo": "a picture",
    "events.photo_small": "a picture",
    "meetups.qr": "a picture",
    "meetups.recap_csv": "a table for a spreadsheet",
    "meetups.recap_json": "a download for a program",
    "meetups.state": "an answer for the room's script",
    "phonebanks.phone_code": "a picture",
    "phonebanks.rejects": "a table for a spreadsheet",
    "phonebanks.word": "what a lead says, for the calling screen's script",
    "phonebanks.still_mine": "an answer for the calling screen's script",
    "phonebanks.seal": "an answer for the calling screen's script",
    "places.map_script": "a script",
    "places.tile": "a picture",
    "static": "files",
}

PEOPLE = b"name,email\nAmina Said,amina@people.example\nBen,not an address\n"
LIST = b"first name,phone\nAmina,0113 496 0999\nBen,not a number\n"


def parts(house: House) -> dict[str, str]:
    """What the ``{…}`` of an address stand for; keys and a file to look at are made now."""
    batch = _read_list(house)
    with house.database.unit_of_work() as db:
        meetup = db.scalars(select(Event).where(Event.kind == "meetup").order_by(Event.id)).first()
        assert meetup is not None
        rsvp = db.scalars(select(Rsvp).order_by(Rsvp.id).limit(1)).one()
        doors = db.scalars(select(Event).where(Event.public_id == "demo-doors")).one()
        seated = select(Rsvp).where(Rsvp.event_id == meetup.id, Rsvp.status == "accepted")
        ticket = db.scalars(seated.order_by(Rsvp.id).limit(1)).one()
        calls = board.phonebank_by_public_id(db, "demo-calls")
        organiser = db.scalars(select(Person).where(Person.email == "organiser@demo.example")).one()
        assert calls is not None
        named, phones = halls(db)
        _call(db, calls, "caller2", status="revoked", skip_reason="lead")
        full = event_by_public_id(db, "demo-full")
        assert full is not None
        file = bringing.preview(
            db, PEOPLE, event=full, file_name="stall.csv", actor_id=organiser.id
        )
        return {
            "meetup": meetup.public_id,
            "rsvp_file": file.public_id,
            "rsvp_key": write_key(db, rsvp),
            **_hosting_keys(db),
            "ticket": ticket.public_id,
            "door_key": events.host_link(db, event=doors),
            **_following(db),
            "note": _note(db),
            "announced_key": announced_key(db, meetup),
            "sign_in_key": people.write_link(db, email="supporter@demo.example"),
            "batch": batch,
            "rung": _rung(db, calls),
            "handed": _handed(db, house),
            "again_key": _after_a_shift(db),
            "calling": db.scalars(
                select(Person.public_id).where(Person.email == "caller@demo.example")
            ).one(),
            **named,
            **{f"{PHONE}{code}": key for code, key in phones},
        }


def _read_list(house: House) -> str:
    """A file of people that was read and waits for a word."""
    shop = shop_of(house.database, house.settings)
    with house.database.unit_of_work() as db:
        calls = board.phonebank_by_public_id(db, "demo-calls")
        organiser = db.scalars(select(Person).where(Person.email == "organiser@demo.example")).one()
        assert calls is not None
        batch = importing.take_file(
            db,
            io.BytesIO(LIST),
            folder=shop.folder,
            phonebank=calls,
            file_name="stall.csv",
            source="market stall",
            basis="column",
            collected_on=date(2026, 11, 14),
            now=clock.now(),
            actor_id=organiser.id,
        )
    working.work_off(shop, batch.id)
    return batch.public_id


def _after_a_shift(db: Session) -> str:
    """The key of a letter of thanks to a caller of the demo."""
    rsvp = db.scalars(
        select(Rsvp)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Event.public_id == "demo-shift-over")
        .order_by(Rsvp.id)
        .limit(1)
    ).one()
    return write_key(db, rsvp)


def _rung(db: Session, calls: Phonebank) -> str:
    """A call of the demo's caller with somebody who was not there, and may ring back."""
    reported = {"status": "reported", "result_code": "no_answer", "reported_at": clock.now()}
    return _call(db, calls, "caller", **reported)


def _handed(db: Session, house: House) -> str:
    """A made-up call in the lead's hands, and the key that brings it to their phone."""
    lead = db.scalars(select(Person).where(Person.email == "lead@demo.example")).one()
    practice = board.practice_phonebank(db)
    assert practice is not None
    found = claim_next(db, phonebank=practice, caller_id=lead.id, now=clock.now(), pace=False)
    assert isinstance(found, Claim)
    ends = found.call.expires_at
    secret = str(house.settings.secret_key)
    return key_for(found.call.public_id, lead.id, now=ends - LIFE, expires_at=ends, secret=secret)


def _call(db: Session, calls: Phonebank, who: str, **given: Any) -> str:
    """A call of somebody of the demo whose number was shown just now."""
    now = clock.now()
    contact = db.scalars(select(Contact).where(Contact.phonebank_id == calls.id).limit(1)).one()
    caller = db.scalars(select(Person).where(Person.email == f"{who}@demo.example")).one()
    call = Call(
        phonebank_id=calls.id,
        contact_id=contact.id,
        number_id=contact.number_id,
        caller_id=caller.id,
        claimed_at=now,
        revealed_at=now,
        expires_at=now,
        **given,
    )
    db.add(call)
    db.flush()
    return call.public_id


def _hosting_keys(db: Session) -> dict[str, str]:
    """Keys of the letters around hosting: an invitation, the host's way out, an offer."""
    doors = db.scalars(select(Event).where(Event.public_id == "demo-doors")).one()
    rsvp = db.scalars(select(Rsvp).where(Rsvp.event_id == doors.id).order_by(Rsvp.id)).first()
    assert rsvp is not None
    key = tokens.secret()
    db.add(
        EventInvite(
            event_id=doors.id,
            email="someone.new@people.example",
            role="co-host",
            fingerprint=tokens.fingerprint(key),
            made_at=clock.now(),
        )
    )
    ways = {"host_key": (doors.host_id, "host"), "offer_key": (rsvp.person_id, "offer")}
    return {"invite_key": key} | {
        name: write_event_key(db, event_id=doors.id, person_id=person_id, purpose=purpose)
        for name, (person_id, purpose) in ways.items()
    }


def _note(db: Session) -> str:
    """A published note of the group that the pages show."""
    published = (
        select(GroupNote.public_id)
        .join(Group, Group.id == GroupNote.group_id)
        .where(Group.slug == "brighton", GroupNote.state == "published")
    )
    return db.scalars(published.order_by(GroupNote.id).limit(1)).one()


def _following(db: Session) -> dict[str, str]:
    """Keys to what somebody follows: to change it, and to confirm it."""
    wanted = {"place": "BN1", "lat": 50.82, "lng": -0.14, "radius_km": 10.0}
    address = "someone@people.example"
    held = events.follow_now(db, email=address, wanted=Wanted(**wanted))
    asked = Follow(follower_id=held.follower_id, wording="", made_at=clock.now(), **wanted)
    db.add(asked)
    db.flush()
    follower = db.get_one(Follower, held.follower_id)
    return {
        "follow_key": events.write_follow_key(db, follower=follower),
        "confirm_key": events.write_follow_key(db, follower=follower, follow=asked),
    }


def announced_key(db: Session, event: Event) -> str:
    """The mailed key of something like this event, announced without an account."""
    key = tokens.secret()
    answers = Answers(
        kind="canvass",
        place=PlaceChoice(PlaceKind.HOME, lat=50.83, lng=-0.14, town="Brighton"),
        title="Doors in Hanover",
        about="",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=12,
        needed=12,
    )
    db.add(
        Announcement(
            fingerprint=tokens.fingerprint(key),
            group_id=event.group_id,
            name="Ada Warren",
            email="ada@people.example",
            answers=written(answers),
            made_at=clock.now(),
        )
    )
    return key


def phones(named: dict[str, str], host: str) -> list[dict[str, str]]:
    """The cookies of the phones that are in the meetups, as a browser holds them."""
    return [
        {"name": "meetup", "value": key, "domain": host, "path": f"/m/{name[len(PHONE) :]}"}
        for name, key in named.items()
        if name.startswith(PHONE)
    ]
