"""What organisers and callers type."""

from campaign.phonebanks.forms.calling import AgreeForm, Report, read_report
from campaign.phonebanks.forms.ringing_back import RangBackForm

__all__ = ["AgreeForm", "RangBackForm", "Report", "read_report"]
