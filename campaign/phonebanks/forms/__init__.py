"""What organisers and callers type."""

from campaign.phonebanks.forms.calling import Report, read_draft, read_report
from campaign.phonebanks.forms.ringing_back import RangBackForm

__all__ = ["RangBackForm", "Report", "read_draft", "read_report"]
