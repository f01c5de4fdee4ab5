"""What somebody in the room says of themselves, and takes back again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.rules.following import Wanted
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations.locking import lock
from campaign.meetups.rules.joining import Consents
from campaign.meetups.rules.needs import NOTHING, Needs, columns_of

NEAR_KM = 20.0


@dataclass(frozen=True)
class About:
    """How to reach somebody, what they agreed to, and what they need."""

    email: str | None
    phone: str | None
    consents: Consents
    access_needs: str = ""
    needs: Needs = NOTHING


def tell_about(
    db: Session, *, batch: Batch, person: Participant, about: About, mail: Mail | None = None
) -> None:
    """Keep it as it now is. A yes to hearing of what is near sends one letter that asks again.

    Refuses to take back how to be reached from who has signed up to something: its host has it,
    and is told otherwise on that event's page. Refuses somebody with a phone who could not be
    reached at all.
    """
    lock(db, batch.id, person)
    if not (about.email or about.phone) and not person.is_without_phone:
        raise Refused("Leave a mobile number or an email address.", field="email")
    _check_change(person, about)
    wants_area = about.consents.area and not person.hears_area
    person.email = about.email.lower() if about.email else None
    person.phone = about.phone
    person.access_needs = about.access_needs
    for column, needed in columns_of(about.needs).items():
        setattr(person, column, needed)
    person.may_contact = about.consents.contact
    person.hears_area = about.consents.area
    person.shows_name = about.consents.names
    db.flush()
    if wants_area:
        ask_about_area(db, person=person, mail=mail)


def _check_change(person: Participant, about: About) -> None:
    if person.person_id is None or person.is_practice:
        return
    if about.consents.contact != person.may_contact:
        raise Refused(
            "You are down for something already, and its host has what you gave. Change it on "
            "that event’s page.",
            field="contact",
        )


def ask_about_area(db: Session, *, person: Participant, mail: Mail | None) -> None:
    """Mail the link that confirms that somebody hears of what is on near them.

    Nothing where they gave no address or no place: the tick then says no more than that.
    """
    if not person.email or mail is None or person.lat is None or person.lng is None:
        return
    wanted = Wanted(
        place=person.branch,
        lat=round(person.lat, 2),
        lng=round(person.lng, 2),
        radius_km=NEAR_KM,
    )
    events.ask_to_follow(
        db, email=person.email, wanted=wanted, what=f"events near {person.branch}", mail=mail
    )
