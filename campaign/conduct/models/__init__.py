"""Tables of this room."""

from campaign.conduct.models.apart import Barred, NoContact
from campaign.conduct.models.decisions import Decision
from campaign.conduct.models.reports import Report, ReportEntry, ReportExclusion

__all__ = ["Barred", "Decision", "NoContact", "Report", "ReportEntry", "ReportExclusion"]
