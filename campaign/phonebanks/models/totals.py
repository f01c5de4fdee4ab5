"""What is left of calls and answers once they are forgotten: numbers, and nobody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class CallTotal(Base):
    """How many calls of a phonebank that are forgotten ended so on a day; nobody's in particular.

    ``inbound`` and ``reached`` are as the calls had them.
    """

    __tablename__ = "call_total"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    result_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    inbound: Mapped[bool] = mapped_column(primary_key=True)
    reached: Mapped[bool] = mapped_column(primary_key=True)
    calls: Mapped[int]


class AnswerTotal(Base):
    """How many answers that are forgotten chose an option of a phonebank's script."""

    __tablename__ = "answer_total"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    option: Mapped[str] = mapped_column(String(40), primary_key=True)
    answers: Mapped[int]
