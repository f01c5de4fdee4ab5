"""Getting a call to look at, what was said of one's own, or a number of ours."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.phonebanks.access import claim_of, claim_to_take_back, phonebank_to_manage
from campaign.phonebanks.models import CallReview, Canary, Phonebank
from campaign.phonebanks.queries import canaries, reviews


def review_to_give(
    db: Session, public_id: str, claim_id: str, person_id: int
) -> tuple[Phonebank, CallReview]:
    """A call that was chosen to be looked at, for the phonebank's leads."""
    phonebank, call = claim_to_take_back(db, public_id, claim_id, person_id)
    review = reviews.review_of(db, phonebank.id, call.id)
    if review is None:
        raise NotFound("This call is not to be looked at. Go back to those that are.")
    return phonebank, review


def review_of_mine(db: Session, claim_id: str, person_id: int) -> CallReview:
    """What a lead said of one's own call."""
    call, phonebank = claim_of(db, claim_id, person_id)
    review = reviews.review_of(db, phonebank.id, call.id)
    if review is None or review.verdict is None:
        raise NotFound("Nobody has said anything of this call.")
    return review


def canary_to_manage(
    db: Session, public_id: str, canary_id: str, person_id: int
) -> tuple[Phonebank, Canary]:
    """A number of our own on a list, for the phonebank's leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    canary = canaries.by_public_id(db, phonebank.id, canary_id)
    if canary is None:
        raise NotFound("There is no such number of ours here. It may have been taken off.")
    return phonebank, canary
