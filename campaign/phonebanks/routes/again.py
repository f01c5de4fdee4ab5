"""What the calling screen says of the report just sent, and of one that was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from campaign.foundation import web
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.reversing import wishes
from campaign.phonebanks.queries import undoing

# A page that was open for a while says nothing of a report that was news then.
NEWS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report that may be undone, in words; ``fresh`` while it is news."""

    claim_id: str
    report: str
    label: str
    name: str
    fresh: bool


def undoable_here(phonebank: Phonebank, now: datetime) -> Shown | None:
    """The visitor's last report here, if they may still take it back."""
    found = undoing.last_report(
        web.db(), web.visitor().person_id, phonebank.id, never=wishes(), now=now
    )
    if found is None:
        return None
    label = adapters.outcomes()[found.outcome].label
    return Shown(found.claim_id, found.report, label, found.first_name, now - found.at < NEWS)


def sent_before(call: Call) -> MultiDict[str, str]:
    """What was said with a report that its caller took back, as the form holds it."""
    sent = (call.said or {}).get("sent") or {}
    fields = {"outcome": sent.get("outcome", ""), "note": sent.get("note", "")}
    answers = {f"answer-{key}": said for key, said in (sent.get("answers") or {}).items()}
    # Where a question signs somebody up, the form asks by its key; of several events none is
    # guessed.
    events = sent.get("events") or []
    if len(events) == 1:
        answers |= {f"signup-{key}": events[0] for key in sent.get("answers") or {}}
    return MultiDict({name: value for name, value in {**fields, **answers}.items() if value})
