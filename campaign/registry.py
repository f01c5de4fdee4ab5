"""The ordered list of rooms: their tables, their doors, their jobs, what they listen to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint
from sqlalchemy.orm import Session

from campaign.conduct import models as conduct_models
from campaign.conduct import routes as conduct_routes
from campaign.conduct.operations import cases as conduct_cases
from campaign.conduct.operations import kept_out as conduct_kept_out
from campaign.conduct.queries import subjects
from campaign.events import adapters as events_adapters
from campaign.events import models as events_models
from campaign.events import routes as events_routes
from campaign.events import tasks as events_tasks
from campaign.events.operations import again as events_again
from campaign.events.operations import followers as events_followers
from campaign.events.operations import forgetting as events_forgetting
from campaign.events.operations import host_links as events_host_links
from campaign.events.operations import hosting as events_hosting
from campaign.events.operations import moderating
from campaign.events.operations import photos as events_photos
from campaign.events.operations import reached as events_reached
from campaign.events.operations import retiring as events_retiring
from campaign.events.operations import taking_off as events_taking_off
from campaign.events.operations import unasked as events_unasked
from campaign.events.queries import behind as events_behind
from campaign.figures import routes as figures_routes
from campaign.foundation import audit, clock, horizon, journal, limits, outbox, signals
from campaign.foundation.database import Database
from campaign.foundation.retention import Kept, forget_all
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.groups import models as groups_models
from campaign.groups import routes as groups_routes
from campaign.home import routes as home_routes
from campaign.meetups import access as meetups_access
from campaign.meetups import models as meetups_models
from campaign.meetups import routes as meetups_routes
from campaign.meetups import tasks as meetups_tasks
from campaign.meetups.operations import acquainting as meetups_acquainting
from campaign.meetups.operations import emptying as meetups_emptying
from campaign.meetups.operations import forgetting as meetups_forgetting
from campaign.meetups.routes import unchanged as meetups_unchanged
from campaign.people import models as people_models
from campaign.people import operations as people_operations
from campaign.people import routes as people_routes
from campaign.people.operations import retiring as people_retiring
from campaign.phonebanks import models as phonebanks_models
from campaign.phonebanks import routes as phonebanks_routes
from campaign.phonebanks import tasks as phonebanks_tasks
from campaign.phonebanks.operations import drafting as phonebanks_drafting
from campaign.phonebanks.operations import forgetting as phonebanks_forgetting
from campaign.phonebanks.operations import goals as phonebanks_goals
from campaign.phonebanks.operations import records as phonebanks_records
from campaign.phonebanks.operations import retiring as phonebanks_retiring
from campaign.phonebanks.operations import voiding as phonebanks_voiding
from campaign.phonebanks.rules.sampling import WAITS_DAYS
from campaign.places import routes as places_routes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Low to high. Importing the tables is what makes them known to the database.
MODELS = (
    audit,
    journal,
    outbox,
    limits,
    people_models,
    conduct_models,
    groups_models,
    events_models,
    phonebanks_models,
    meetups_models,
)
BLUEPRINTS: tuple[Blueprint, ...] = (
    places_routes.blueprint,
    people_routes.blueprint,
    conduct_routes.blueprint,
    groups_routes.blueprint,
    events_routes.blueprint,
    phonebanks_routes.blueprint,
    meetups_routes.blueprint,
    figures_routes.blueprint,
    home_routes.blueprint,
)

# How each kind of erasure in the journal is done once more in an older copy, in this order.
ERASED_AGAIN: dict[str, people_operations.Again] = {
    "person": people_operations.erase_people_again,
    "email": people_operations.erase_addresses_again,
    "number": people_operations.erase_numbers_again,
    "rsvp": events_again.forget_rsvps_again,
    "unsubscribed": events_again.unsubscribe_again,
    "follow": events_again.stop_follows_again,
}


def _in_one(forget: Callable[[Session, datetime], int]) -> Callable[[Database, datetime], int]:
    """For what is little, in one transaction."""

    def run(database: Database, before: datetime) -> int:
        with database.unit_of_work() as db:
            return forget(db, before)

    return run


# What is kept for how long, in the order in which it goes.
RETENTION: tuple[Kept, ...] = (
    Kept(
        "follows and announcements nobody confirmed",
        lambda _: events_retiring.UNCONFIRMED_DAYS,
        events_retiring.unconfirmed_due,
        events_retiring.forget_unconfirmed,
    ),
    Kept(
        "sign-in links and sign-ins that are over",
        lambda settings: settings.unconfirmed_kept_days,
        people_retiring.sign_ins_due,
        people_retiring.forget_sign_ins,
    ),
    Kept(
        "reports of calls that were never sent off",
        lambda _: phonebanks_drafting.KEPT.days,
        phonebanks_drafting.drafts_due,
        _in_one(phonebanks_drafting.forget_old_drafts),
    ),
    Kept(
        "people of an ended phonebank, never reached",
        lambda settings: settings.unreached_kept_days,
        phonebanks_retiring.people_due,
        phonebanks_retiring.forget_people,
    ),
    Kept(
        "notes of calls",
        lambda settings: settings.notes_kept_days,
        phonebanks_retiring.notes_due,
        phonebanks_retiring.forget_notes,
    ),
    Kept(
        "words on callers' calls, and signs",
        lambda settings: settings.notes_kept_days,
        phonebanks_records.words_due,
        _in_one(phonebanks_records.forget_words),
    ),
    Kept(
        "calls to look at that nobody looked at",
        lambda _: WAITS_DAYS,
        phonebanks_records.unseen_due,
        _in_one(phonebanks_records.forget_unseen),
    ),
    Kept(
        "requests for help and lines of shifts",
        lambda settings: settings.notes_kept_days,
        phonebanks_retiring.helping_due,
        _in_one(phonebanks_retiring.forget_helping),
    ),
    Kept(
        "answers of people without an account",
        lambda settings: settings.opinions_kept_days,
        phonebanks_retiring.opinions_due,
        phonebanks_retiring.forget_opinions,
    ),
    Kept(
        "calls (how many ended how stays)",
        lambda settings: settings.calls_kept_days,
        phonebanks_retiring.calls_due,
        phonebanks_retiring.forget_calls,
    ),
    Kept(
        "everybody else of an ended phonebank",
        lambda settings: settings.calls_kept_days,
        phonebanks_retiring.reached_due,
        phonebanks_retiring.forget_reached,
    ),
    Kept(
        "sign-ups to events that are over",
        lambda settings: settings.rsvp_kept_days,
        lambda db, before: events_forgetting.due_to_be_forgotten(db, ended_before=before),
        lambda database, before: events_forgetting.purge(database, ended_before=before),
    ),
    Kept(
        "people in the rooms of meetups",
        lambda settings: settings.meetup_kept_days,
        meetups_emptying.room_due,
        _in_one(lambda db, before: meetups_emptying.forget_the_room(db, ended_before=before)),
    ),
    Kept(
        "incident logs of meetups, and who was sent out",
        lambda settings: settings.case_kept_days,
        meetups_forgetting.incidents_due,
        _in_one(meetups_forgetting.forget_incidents),
    ),
    Kept(
        "marks of who was kept out, once their time is over",
        lambda _: 0,
        conduct_kept_out.over_due,
        _in_one(conduct_kept_out.forget_over),
    ),
    Kept(
        "closed cases of conduct",
        lambda settings: settings.case_kept_days,
        conduct_cases.closed_due,
        _in_one(lambda db, before: conduct_cases.forget_closed(db, days=0, now=before)),
    ),
    Kept(
        "rows of the audit log, by whole months",
        lambda settings: round(settings.audit_kept_months * 365.25 / 12),
        horizon.to_be_removed,
        horizon.shorten,
    ),
)


def subscribe() -> None:
    """Tell the rooms what happens beneath them."""
    signals.person_erased.subscribe(events_hosting.leave_everything)
    signals.person_barred.subscribe(events_hosting.leave_everything)
    signals.person_erased.subscribe(events_forgetting.forget_person)
    signals.person_exported.subscribe(events_forgetting.export_person)
    signals.person_erased.subscribe(events_photos.forget_photos)
    signals.person_exported.subscribe(events_photos.export_photos)
    signals.person_erased.subscribe(phonebanks_forgetting.forget_person)
    signals.person_exported.subscribe(phonebanks_forgetting.export_person)
    signals.person_exported.subscribe(phonebanks_records.export_caller)
    signals.person_erased.subscribe(events_followers.forget_follower)
    signals.person_exported.subscribe(events_followers.export_follower)
    signals.person_erased.subscribe(events_unasked.forget_asked)
    signals.person_exported.subscribe(events_unasked.export_asked)
    signals.person_erased.subscribe(meetups_forgetting.forget_person)
    signals.person_exported.subscribe(meetups_forgetting.export_person)
    signals.address_sought.subscribe(meetups_acquainting.acquaint)
    signals.sign_ups_forgotten.subscribe(meetups_forgetting.forget_sign_ups)
    signals.person_exported.subscribe(conduct_kept_out.export_person)
    signals.address_exported.subscribe(conduct_kept_out.export_address)
    signals.number_exported.subscribe(conduct_kept_out.export_number)
    for room in (events_reached, phonebanks_forgetting, meetups_forgetting):
        signals.address_erased.subscribe(room.forget_address)
        signals.number_erased.subscribe(room.forget_number)
        signals.address_exported.subscribe(room.export_address)
        signals.number_exported.subscribe(room.export_number)
    subjects.know("event", events_behind.behind_event)
    subjects.know("meetup", events_behind.behind_event)
    subjects.know("group", events_behind.behind_group)
    signals.content_hidden.subscribe(moderating.hide_reported)
    signals.content_shown.subscribe(moderating.show_reported)
    signals.report_upheld.subscribe(moderating.distrust_reported)
    signals.person_barred.subscribe(moderating.distrust_barred)
    signals.signed_in.subscribe(conduct_kept_out.know_again)
    signals.kept_out.subscribe(events_taking_off.take_off)
    signals.numbers_suppressed.subscribe(phonebanks_voiding.void_numbers)
    signals.sign_up_changed.subscribe(phonebanks_goals.sign_up_changed)
    signals.standing_changed.subscribe(phonebanks_voiding.standing_changed)
    signals.standing_changed.subscribe(events_host_links.take_links_along)


def in_front(site: WSGIApplication, database: Database) -> WSGIApplication:
    """What answers before the site does: phones of a room in which nothing has changed."""
    return meetups_unchanged.Unchanged(site, database)


def is_unchanged(database: Database, path: str, query: str, cookies: str) -> bool:
    """The same, for the server itself: whether this GET is answered by "nothing has changed"."""
    return meetups_unchanged.is_unchanged(database, path, query, cookies)


def device_of(db: Session, token: str, named: Mapping[str, Any]) -> Any:
    """The device that carries this key, where it was let in for what the address names."""
    return meetups_access.device_at_desk(db, str(named.get("code", "")), token, clock.now())


def read_config() -> None:
    """Read what stands in config/ beside the settings: a mistake in it stops the start."""
    events_adapters.default_templates()


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the rooms' own jobs onto the clock and into the queue."""
    events_tasks.add_jobs(queue, database, settings)
    phonebanks_tasks.add_jobs(queue, database, settings)
    meetups_tasks.add_jobs(queue, database, settings)

    def forget_what_is_due() -> None:
        forget_all(RETENTION, database, settings)

    queue.add_nightly("forget_what_is_due", forget_what_is_due, hour="4", again=2)
