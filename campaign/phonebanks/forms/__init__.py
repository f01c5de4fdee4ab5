"""What organisers and callers type."""

from campaign.phonebanks.forms.calling import AgreeForm, Report, read_report

__all__ = ["AgreeForm", "Report", "read_report"]
