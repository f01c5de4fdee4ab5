"""What a file says anew about people we know; what calls taught us stays."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Contact
from campaign.phonebanks.models.imports import JUDGED, NEWER, STAGED
from campaign.phonebanks.operations.many import among
from campaign.phonebanks.rules.screening import ON_TPS

ROW, KNOWN, AFRESH = STAGED.c, JUDGED.c, NEWER.c
# Why somebody is held: nobody knows what they say, or they said no.
NOT_SAID, SAID_NO = "no_consent", "said_no"
TEXTS = ("first_name", "last_name", "town", "postcode", "email", "external_id")


def find_newer(db: Session, source: str) -> None:
    """Note beforehand of whom the file says something newer; nobody waits for the others then."""
    NEWER.create(db.connection(), checkfirst=False)
    known = Contact.consent == false()
    says = or_(
        KNOWN.moves,
        *_differs(),
        _at_home_elsewhere(),
        and_(known, or_(ROW.consent, ROW.said_no)),
        and_(ROW.said_no, Contact.source == source),
        and_(ROW.screened, Contact.screened == false()),
    )
    found = (
        select(KNOWN.place, KNOWN.contact_id)
        .select_from(JUDGED)
        .join(STAGED, ROW.place == KNOWN.place)
        .join(Contact, Contact.id == KNOWN.contact_id)
        .where(~KNOWN.held, says)
    )
    db.execute(insert(NEWER).from_select(["place", "contact_id"], found))


def bring_up_to_date(db: Session, source: str) -> None:
    """Newer words for people we know, and what they said since; a no outlasts a screening."""
    if db.scalar(select(func.count()).select_from(NEWER)) == 0:
        return
    _renew_words(db)
    _note_homes(db)
    _note_consent(db, source)
    _note_no(db, source)
    _note_screening(db)


def _renew_words(db: Session) -> None:
    """A blank in the file takes nothing away; a row that says the same is not touched."""
    newer = {
        name: func.coalesce(func.nullif(ROW[name], ""), getattr(Contact, name)) for name in TEXTS
    }
    another = exists(literal(1)).where(KNOWN.place == AFRESH.place, KNOWN.another)
    db.execute(_with_their_rows().where(or_(*_differs()), ~another).values(newer))


def _differs() -> list[ColumnElement[bool]]:
    return [
        and_(said.is_not(None), func.coalesce(getattr(Contact, name), "") != said)
        for name, said in ((name, func.nullif(ROW[name], "")) for name in TEXTS)
    ]


def _note_homes(db: Session) -> None:
    """A list that does not tell takes nothing away; one without addresses changes nobody's.

    Whoever is in somebody's hands just now keeps theirs, so that no two of a household are.
    """
    moved = _with_their_rows().where(_at_home_elsewhere(), Contact.state != "claimed")
    db.execute(moved.values(household_key=ROW.household_key))


def _at_home_elsewhere() -> ColumnElement[bool]:
    home = ROW.household_key
    return and_(
        home.is_not(None),
        func.coalesce(Contact.household_key, "") != home,
        or_(ROW.at_house, Contact.household_key.is_(None)),
    )


def _with_their_rows() -> Update:
    """The people of whom the file says something newer, with their rows; not who is held now."""
    held = exists(literal(1)).where(KNOWN.place == AFRESH.place, KNOWN.held)
    return (
        update(Contact)
        .where(Contact.id == AFRESH.contact_id, ROW.place == AFRESH.place, ~held)
        .execution_options(synchronize_session=False)
    )


# Judged as the rows are now: a call or a wish may have changed them since we looked.
def _note_consent(db: Session, source: str) -> None:
    these = _these(ROW.consent).where(Contact.consent == false())
    held = these.where(
        Contact.state == "held", Contact.hold_reason.in_((NOT_SAID, SAID_NO, ON_TPS))
    )
    db.execute(held.values(state="ready", hold_reason=None))
    db.execute(these.values(consent=true(), source=source))


def _note_no(db: Session, source: str) -> None:
    """Who says no, without a consent on record, is held until they say yes.

    A no where the yes came from takes it back; another list's no does not, which may be older.
    """
    theirs = _these(ROW.said_no)
    db.execute(theirs.where(Contact.consent, Contact.source == source).values(consent=false()))
    these = theirs.where(Contact.consent == false())
    db.execute(these.where(Contact.screened).values(screened=false()))
    unsaid = Contact.hold_reason.in_((NOT_SAID, ON_TPS))
    waiting = or_(Contact.state == "ready", and_(Contact.state == "held", unsaid))
    db.execute(these.where(waiting).values(state="held", hold_reason=SAID_NO))


def _note_screening(db: Session) -> None:
    _clear(db, _these(ROW.screened))


def note_screening(db: Session, contact_ids: Sequence[int]) -> None:
    """These people were screened: who was held for want of an answer waits no more, a no stays."""
    these = update(Contact).where(among(db, Contact.id, contact_ids))
    _clear(db, these.execution_options(synchronize_session=False))


def _clear(db: Session, these: Update) -> None:
    new = these.where(Contact.screened == false())
    held = new.where(Contact.state == "held", Contact.hold_reason == NOT_SAID)
    db.execute(held.values(state="ready", hold_reason=None))
    clear = func.coalesce(Contact.hold_reason, "") != SAID_NO
    db.execute(new.where(clear).values(screened=true()))


def _these(mark: ColumnElement[bool]) -> Update:
    """The people of whom the file says something newer, and whose rows bear a mark."""
    aside = exists(literal(1)).where(KNOWN.place == AFRESH.place, or_(KNOWN.held, KNOWN.another))
    marked = select(AFRESH.contact_id).join(STAGED, ROW.place == AFRESH.place).where(~aside, mark)
    return (
        update(Contact).where(Contact.id.in_(marked)).execution_options(synchronize_session=False)
    )
