"""Who may do what, and how long a sign-in lasts: the table keeps to its own principles."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.foundation.errors import NotAllowed
from campaign.people.rules import MAY, Action, Standing, is_alive, lifetimes, may, require

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTACTS = {
    Action.CALL,
    Action.IMPORT_CONTACTS,
    Action.MANAGE_PHONEBANK,
    Action.SEE_ROSTER,
}


def allowed_to(standing: Standing) -> set[Action]:
    return {action for action in Action if may(action, [standing])}


def test_the_table_knows_every_action() -> None:
    assert set(MAY) == set(Action)
    assert all(MAY.values())


def test_an_administrator_sees_no_contacts_and_does_not_call() -> None:
    assert allowed_to(Standing.ADMINISTRATOR) & CONTACTS == set()
    assert Action.MANAGE_ACCOUNTS in allowed_to(Standing.ADMINISTRATOR)


def test_the_data_officer_cannot_campaign() -> None:
    assert allowed_to(Standing.DATA_OFFICER) == {
        Action.MANAGE_SUPPRESSIONS,
        Action.APPROVE_EXPORT,
    }


def test_the_safeguarding_officer_has_no_hand_in_the_campaign() -> None:
    assert allowed_to(Standing.SAFEGUARDING) == {
        Action.SEE_CONDUCT_CASE,
        Action.KEEP_APART,
        Action.SHUT_OUT,
    }


def test_a_visitor_and_a_caller_see_no_roster_and_import_nothing() -> None:
    for standing in (Standing.VISITOR, Standing.SUPPORTER, Standing.ATTENDEE, Standing.CALLER):
        assert allowed_to(standing) & (CONTACTS - {Action.CALL}) == set()


def test_only_an_administrator_manages_accounts() -> None:
    assert [s for s in Standing if may(Action.MANAGE_ACCOUNTS, [s])] == [Standing.ADMINISTRATOR]


def test_one_of_several_standings_is_enough_and_none_is_not() -> None:
    assert may(Action.SEE_ROSTER, [Standing.SUPPORTER, Standing.HOST])
    assert not may(Action.SEE_ROSTER, [])


def test_a_refusal_names_what_was_refused() -> None:
    with pytest.raises(NotAllowed, match="see a roster"):
        require(Action.SEE_ROSTER, [Standing.SUPPORTER])


@pytest.mark.parametrize("entrusted", [True, False])
def test_a_sign_in_ends_when_it_was_idle_too_long_or_is_too_old(entrusted: bool) -> None:
    idle, in_all = lifetimes(entrusted=entrusted)
    second = timedelta(seconds=1)
    ends_at = NOON + in_all

    def alive(*, seen_at: datetime, now: datetime) -> bool:
        return is_alive(seen_at=seen_at, ends_at=ends_at, idle=idle, now=now)

    assert alive(seen_at=NOON, now=NOON + idle)
    assert not alive(seen_at=NOON, now=NOON + idle + second)
    assert alive(seen_at=ends_at - second, now=ends_at - second)
    assert not alive(seen_at=ends_at - second, now=ends_at)


def test_who_sees_other_people_s_data_is_signed_in_for_less_long() -> None:
    assert lifetimes(entrusted=True) == (timedelta(minutes=30), timedelta(hours=12))
    assert lifetimes(entrusted=True, rings=True) == lifetimes(entrusted=True)
    assert lifetimes(entrusted=False, rings=True) == (timedelta(minutes=60), timedelta(hours=12))
    assert lifetimes(entrusted=False) == (timedelta(days=14), timedelta(days=30))
