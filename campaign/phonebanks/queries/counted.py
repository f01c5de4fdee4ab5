"""What counts in figures, said once: every figure, total and list of who called most asks here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, literal

from campaign.phonebanks.models import Call
from campaign.phonebanks.rules.funnel import TALKS


def counted(call: Any = Call) -> ColumnElement[bool]:
    """Whether a call counts at all: it was reported, and nobody has taken it back since."""
    # Written out, so that both databases see which index fits.
    return and_(call.status == literal("reported", literal_execute=True))


def is_talk(call: Any = Call) -> ColumnElement[bool]:
    """Whether somebody was talked with."""
    return and_(call.reached, call.result_code.in_(TALKS))
