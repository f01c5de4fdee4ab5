"""What happened on a call: the report, its answers and all it does, in one transaction."""

from campaign.phonebanks.operations.reporting.record import record_outcome
from campaign.phonebanks.operations.reporting.refusals import LATEST_REPORT, NEVER
from campaign.phonebanks.operations.reporting.saved import AlreadyReported, Saved

__all__ = [
    "LATEST_REPORT",
    "NEVER",
    "AlreadyReported",
    "Saved",
    "record_outcome",
]
