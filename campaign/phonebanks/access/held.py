"""Reports that wait for a lead's word."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.phonebanks.access import phonebank_to_manage
from campaign.phonebanks.models import HeldReport
from campaign.phonebanks.queries import quarantine


def report_to_decide(db: Session, public_id: str, claim_id: str, person_id: int) -> HeldReport:
    """A report that waits, for the phonebank's leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    report = quarantine.report_of(db, phonebank.id, claim_id)
    if report is None:
        raise NotFound("This report does not wait any more. Go back to the caller.")
    return report
