"""Tables of this room."""

from campaign.conduct.models.apart import Barred, NoContact
from campaign.conduct.models.decisions import Decision
from campaign.conduct.models.kept_out import KeptOut, KeptOutMark, KeptOutPerson
from campaign.conduct.models.reports import Report, ReportEntry, ReportExclusion

__all__ = [
    "Barred",
    "Decision",
    "KeptOut",
    "KeptOutMark",
    "KeptOutPerson",
    "NoContact",
    "Report",
    "ReportEntry",
    "ReportExclusion",
]
