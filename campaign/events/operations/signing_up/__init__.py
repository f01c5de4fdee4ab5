"""Signing up, changing one's mind, and the line that waits.

Everything here happens under the event's row lock (on SQLite a write transaction is alone), so
places are exact and the order of the line is the order of commits. A CHECK constraint stands
behind the count.
"""

from campaign.events.operations.signing_up.asking import ask_for_place
from campaign.events.operations.signing_up.changing import (
    accept_offer,
    answer_request,
    cancel_rsvp,
    change_rsvp,
)
from campaign.events.operations.signing_up.joining import Heard, SignUp, choose_shifts, sign_up
from campaign.events.operations.signing_up.line import admit, promote, set_policy, sweep_offers
from campaign.events.operations.signing_up.locking import (
    by_uuid,
    check_open,
    fresh,
    in_event,
    lock,
    of_person,
    shift_of,
)
from campaign.events.operations.signing_up.seats import has_room, let_in, seat
from campaign.events.operations.signing_up.turned_away import refuse_kept_out

__all__ = [
    "Heard",
    "SignUp",
    "accept_offer",
    "admit",
    "answer_request",
    "ask_for_place",
    "by_uuid",
    "cancel_rsvp",
    "change_rsvp",
    "check_open",
    "choose_shifts",
    "fresh",
    "has_room",
    "in_event",
    "let_in",
    "lock",
    "of_person",
    "promote",
    "refuse_kept_out",
    "seat",
    "set_policy",
    "shift_of",
    "sign_up",
    "sweep_offers",
]
