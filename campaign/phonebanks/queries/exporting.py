"""What an export holds, row by row, and the exports that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from campaign.foundation import phone
from campaign.foundation.spreadsheets.writing import Value
from campaign.people.models import Person, PhoneNumber, RoleGrant
from campaign.people.rules import Action, Role, Standing, may
from campaign.phonebanks.models import Answer, Call, Contact, ContactExport, Phonebank, Sharer
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.queue.conditions import suppressed
from campaign.phonebanks.queries.sharing import everybody_at
from campaign.phonebanks.rules.outcomes import Outcomes
from campaign.phonebanks.rules.scripts import tags_of

PORTION = 1_000
OTHER = "other_person"
NOBODYS = ("suppressed", "withdrawn")
Rows = Iterator[Sequence[Value]]
# Who decides on exports, said once in the table of people.rules.
DECIDE = tuple(role.value for role in Role if may(Action.APPROVE_EXPORT, {Standing(role.value)}))


def exports_of(db: Session, phonebank_id: int) -> list[ContactExport]:
    """What was asked for of a phonebank, the newest first."""
    query = (
        select(ContactExport)
        .where(ContactExport.phonebank_id == phonebank_id)
        .options(joinedload(ContactExport.asker))
        .order_by(ContactExport.id.desc())
        .limit(50)
    )
    return list(db.scalars(query))


def exports_to_decide(db: Session, person_id: int) -> list[ContactExport]:
    """What waits for a second person and was not asked for by this one, the oldest first."""
    query = (
        select(ContactExport)
        .where(ContactExport.state == "asked", ContactExport.asked_by != person_id)
        .options(
            joinedload(ContactExport.asker),
            joinedload(ContactExport.phonebank).joinedload(Phonebank.group),
        )
        .order_by(ContactExport.asked_at, ContactExport.id)
        .limit(50)
    )
    return list(db.scalars(query))


def export_by_public_id(db: Session, public_id: str) -> ContactExport | None:
    """An export with its phonebank and who asked for it."""
    return db.scalar(
        select(ContactExport)
        .where(ContactExport.public_id == public_id)
        .options(
            joinedload(ContactExport.asker),
            joinedload(ContactExport.phonebank).joinedload(Phonebank.group),
        )
    )


def deciders(db: Session, *, but: int) -> list[Person]:
    """Who may decide on an export that somebody asked for."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role.in_(DECIDE), Person.id != but, Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    return list(db.scalars(query).unique())


def size_of(db: Session, export: ContactExport) -> int:
    """How many rows an export would have now."""
    rows = _rows_of(export).subquery()
    counted = db.scalar(select(func.count()).select_from(rows)) or 0
    if export.shape not in ("people", "results"):
        return counted
    theirs = select(func.count()).where(Sharer.contact_id.in_(select(rows.c.id)))
    return counted + (db.scalar(theirs) or 0)


def table_of(db: Session, export: ContactExport, outcomes: Outcomes) -> tuple[list[str], Rows]:
    """The headings of an export and its rows, in the order of the list; made while they are read.

    A number that nobody may ring any more stands in none of them.
    """
    return {
        "results": _results,
        "answers": _answers,
        "attempts": _attempts,
        "people": _people,
    }[export.shape](db, export, outcomes)


def _rows_of(export: ContactExport) -> Any:
    here = Contact.phonebank_id == export.phonebank_id
    if export.shape == "people":
        asked = select(Contact.id).join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        return asked.where(here, _may_be_told())
    if export.shape == "attempts":
        return select(Call.id).where(
            Call.phonebank_id == export.phonebank_id, Call.status == "reported"
        )
    if export.shape == "answers":
        return (
            select(Answer.call_id, Answer.question)
            .join(Call, Call.id == Answer.call_id)
            .where(Call.phonebank_id == export.phonebank_id)
        )
    return select(Contact.id).where(here, Contact.last_result.is_not(None))


def _portions(db: Session, query: Any, key: Any) -> Iterator[Any]:
    """The rows of a query by a growing key, a portion at a time, so that memory stays small."""
    last = 0
    while found := db.execute(query.where(key > last).order_by(key).limit(PORTION)).all():
        yield from found
        last = found[-1][0]


def _name(person: Contact | Sharer) -> tuple[str, str]:
    return person.first_name, person.last_name


def _id_of(who: int, contact: Contact) -> str:
    return f"S{who}" if who else f"C{contact.id}"


def _may_be_told() -> ColumnElement[bool]:
    """Who stands in a list. Who signed up by themselves does: to leave them out would name them."""
    signed_up = and_(Contact.state == "withdrawn", Contact.goal_met_at.is_not(None))
    theirs = or_(Contact.state.not_in(NOBODYS), signed_up)
    # Asked of the do-not-call list itself: whoever signed up stands in no state that it changes.
    return and_(Contact.canary.is_(None), theirs, ~suppressed())


def _number(contact: Contact, number: PhoneNumber, never: bool) -> str:
    gone = contact.state in NOBODYS and contact.goal_met_at is None
    return "" if never or gone or contact.state == "suppressed" else phone.display(number.e164)


def _people(db: Session, export: ContactExport, _: Outcomes) -> tuple[list[str], Rows]:
    headings = ["External ID", "First name", "Last name", "Mobile", "Email", "Postcode", "Town"]
    query = (
        select(Contact.id, Contact, PhoneNumber)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Contact.phonebank_id == export.phonebank_id, _may_be_told())
    )

    def rows() -> Rows:
        for _, contact, number in _portions(db, query, Contact.id):
            for _, person in everybody_at(db, contact):
                yield (
                    person.external_id,
                    *_name(person),
                    number.e164,
                    person.email,
                    contact.postcode,
                    contact.town,
                    "yes" if person.consent else "",
                )

    return [*headings, "Consent to call"], rows()


def _results(db: Session, export: ContactExport, outcomes: Outcomes) -> tuple[list[str], Rows]:
    script = board.script_of(db, export.phonebank_id)
    steps = script.steps if script else []
    asked = [step for step in steps if step.get("options")]
    tagged = any(option.get("tag") for step in asked for option in step["options"])
    keys = [str(step["key"]) for step in asked]
    said = {
        (str(step["key"]), str(option["key"])): str(option["label"])
        for step in asked
        for option in step["options"]
    }
    headings = ["VAN ID", "First name", "Last name", "Date Contacted", "Phone Number"]
    other = aliased(Call)
    last = (
        select(func.max(other.id))
        .where(other.contact_id == Contact.id, other.status == "reported")
        .correlate(Contact)
        .scalar_subquery()
    )
    query = (
        select(Contact.id, Contact, PhoneNumber, Call, suppressed())
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .join(Call, Call.id == last)
        .where(Contact.phonebank_id == export.phonebank_id, Contact.last_result.is_not(None))
    )

    def rows() -> Rows:
        for _, contact, number, call, never in _portions(db, query, Contact.id):
            for who, person in everybody_at(db, contact):
                spoken = who == (call.spoken_to or 0)
                # Whoever of them was not spoken to: somebody else answered.
                missed = call.reached and call.spoken_to is not None and not spoken
                outcome = outcomes[OTHER if missed else call.result_code]
                answers = call.answers if spoken else {}
                yield (
                    person.external_id or _id_of(who, contact),
                    *_name(person),
                    f"{call.reported_at:%Y-%m-%d}",
                    _number(contact, number, never),
                    outcome.van or outcome.label,
                    *(said.get((key, answers.get(key, "")), "") for key in keys),
                    *([", ".join(tags_of(steps, answers))] if tagged else []),
                )

    asked_of = [f"{step['key']}{' (opinion)' if step.get('opinion') else ''}" for step in asked]
    return [*headings, "Canvass Result", *asked_of, *(["Tags"] if tagged else [])], rows()


def _answers(db: Session, export: ContactExport, _: Outcomes) -> tuple[list[str], Rows]:
    query = (
        select(Call.id, Call, Contact)
        .join(Contact, Contact.id == Call.contact_id)
        .where(Call.phonebank_id == export.phonebank_id, Call.status == "reported")
        .where(select(Answer.call_id).where(Answer.call_id == Call.id).exists())
    )

    def rows() -> Rows:
        for _, call, contact in _portions(db, query, Call.id):
            person = (call.spoken_to and db.get(Sharer, call.spoken_to)) or contact
            who = call.spoken_to if isinstance(person, Sharer) else 0
            for question, option in sorted(call.answers.items()):
                yield (
                    call.public_id,
                    person.external_id or _id_of(who, contact),
                    *_name(person),
                    question,
                    option,
                    call.script_number,
                    call.reported_at.isoformat(timespec="seconds"),
                )

    headings = ["Call", "VAN ID", "First name", "Last name", "Question", "Answer"]
    return [*headings, "Script version", "Reported at"], rows()


def _attempts(db: Session, export: ContactExport, outcomes: Outcomes) -> tuple[list[str], Rows]:
    query = (
        select(Call.id, Call, Contact, PhoneNumber, Person.public_id, suppressed())
        .join(Contact, Contact.id == Call.contact_id)
        .join(PhoneNumber, PhoneNumber.id == Call.number_id)
        .outerjoin(Person, Person.id == Call.caller_id)
        .where(Call.phonebank_id == export.phonebank_id, Call.status == "reported")
    )

    def rows() -> Rows:
        for _, call, contact, number, caller, never in _portions(db, query, Call.id):
            outcome = outcomes[call.result_code]
            yield (
                call.public_id,
                contact.external_id or f"C{contact.id}",
                _number(contact, number, never),
                caller or "",
                "came in" if call.inbound else "rang",
                call.claimed_at.isoformat(timespec="seconds"),
                call.reported_at.isoformat(timespec="seconds"),
                outcome.code,
                outcome.label,
                outcome.aapor,
                "late" if call.late else "",
            )

    headings = ["Call", "VAN ID", "Phone Number", "Caller", "Direction", "Claimed at"]
    return [*headings, "Reported at", "Outcome", "In words", "AAPOR", "Late"], rows()
