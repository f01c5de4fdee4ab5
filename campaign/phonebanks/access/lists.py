"""Lists that come in and go out: files, checks of numbers, exports."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Standing, may, require
from campaign.phonebanks.access.banks import phonebank_to_manage
from campaign.phonebanks.models import ContactExport, ImportBatch, Phonebank
from campaign.phonebanks.queries import board, exporting


def batch_to_manage(
    db: Session, public_id: str, batch_id: str, person_id: int
) -> tuple[Phonebank, ImportBatch]:
    """A file that was read for a phonebank, for who may import there."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    require(Action.IMPORT_CONTACTS, board.standings(db, phonebank, person_id))
    batch = board.batch_by_public_id(db, phonebank.id, batch_id)
    if batch is None:
        raise NotFound("This file is no longer here. Bring it again.")
    return phonebank, batch


def phonebank_to_screen(db: Session, public_id: str, person_id: int) -> Phonebank:
    """A phonebank for who may say which of its people were screened; nobody screens practice."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    require(Action.IMPORT_CONTACTS, board.standings(db, phonebank, person_id))
    if phonebank.is_practice:
        raise NotFound("A practice list holds made-up numbers only: nobody screens it.")
    return phonebank


def phonebank_to_export(db: Session, public_id: str, person_id: int) -> Phonebank:
    """A phonebank for who may ask for an export of its contacts."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    require(Action.EXPORT_CONTACTS, board.standings(db, phonebank, person_id))
    return phonebank


def may_export(db: Session, phonebank: Phonebank, person_id: int) -> bool:
    """Whether somebody may ask for an export of the phonebank's contacts."""
    return may(Action.EXPORT_CONTACTS, board.standings(db, phonebank, person_id))


def export_to_fetch(
    db: Session, public_id: str, export_id: str, person_id: int
) -> tuple[Phonebank, ContactExport]:
    """Somebody's own export of a phonebank that they may still export."""
    phonebank = phonebank_to_export(db, public_id, person_id)
    export = exporting.export_by_public_id(db, export_id)
    if export is None or export.phonebank_id != phonebank.id or export.asked_by != person_id:
        raise NotFound("There is no such export of yours. Ask for it again.")
    return phonebank, export


def check_decides_on_exports(db: Session, person_id: int) -> None:
    """Whether somebody may decide on exports; to all others there is no such page."""
    standings = {Standing(role) for role in roles_of(db, person_id)}
    if not may(Action.APPROVE_EXPORT, standings):
        raise NotFound("There is nothing here, or not for you.")


def check_keeps_accounts(db: Session, person_id: int) -> None:
    """Whether somebody looks after accounts; to all others there is no such page."""
    standings = {Standing(role) for role in roles_of(db, person_id)}
    if not may(Action.MANAGE_ACCOUNTS, standings):
        raise NotFound("There is nothing here, or not for you.")


def export_to_decide(db: Session, export_id: str, person_id: int) -> ContactExport:
    """An export for who may decide on it."""
    check_decides_on_exports(db, person_id)
    export = exporting.export_by_public_id(db, export_id)
    if export is None:
        raise NotFound("There is no such export. It may have been taken back.")
    return export
