"""Who of the line gets the places that are free: the rule alone, by table and by dice."""

import random

import pytest

from campaign.events.rules.allocation import Party, Policy, Room, Turn, Why, allocate

P, F, T, B = Why.PLACE, Why.FULL, Why.TOO_MANY, Why.BEHIND
A, Z = 1, 2  # two shifts


def line(*parties: int | tuple[int, tuple[int, ...]]) -> list[Party]:
    """Parties by their size, or by size and the shifts they could use."""
    pairs = [(one, ()) if isinstance(one, int) else one for one in parties]
    return [Party(key, size, shifts) for key, (size, shifts) in enumerate(pairs, 1)]


@pytest.mark.parametrize(
    ("parties", "room", "strict", "best_fit"),
    [
        # One event without shifts.
        (line(1, 1, 1), Room(2), [P, P, F], [P, P, F]),
        (line(3, 1), Room(2), [T, B], [T, P]),
        (line(3, 3, 1, 1), Room(2), [T, T, B, B], [T, T, P, P]),
        (line(1, 3, 1), Room(3), [P, T, B], [P, T, P]),
        (line(2, 2), Room(0), [F, F], [F, F]),
        (line(9, 1), Room(None), [P, P], [P, P]),
        (line(2, 1), Room(2), [P, F], [P, F]),
        # Shifts with places of their own: a full shift holds up nobody who wants another.
        (line((1, (A,)), (1, (Z,))), Room(None, {A: 0, Z: 1}), [F, P], [F, P]),
        (line((2, (A,)), (1, (A,)), (1, (Z,))), Room(None, {A: 1, Z: 1}), [T, B, P], [T, P, P]),
        # Who takes any shift takes what is there, in the order of the day.
        (line(1, 1, 1), Room(None, {A: 1, Z: 1}), [P, P, F], [P, P, F]),
        # A party that any shift would do for keeps every shift.
        (line(2, (1, (Z,))), Room(None, {A: 1, Z: 1}), [T, B], [T, P]),
        # The event's own number is everybody's: who is short of that holds up all.
        (line((2, (A,)), (1, (Z,))), Room(1, {A: 5, Z: 5}), [T, B], [T, P]),
        (line((1, (A,)), (1, (Z,))), Room(1, {A: 5, Z: 5}), [P, F], [P, F]),
        # The shift they named first comes first.
        (line((1, (Z, A))), Room(None, {A: 1, Z: 1}), [P], [P]),
        # Every shift one could use is over.
        (line((1, (A,)), 1), Room(None, {Z: 1}), [F, P], [F, P]),
        (line(1), Room(5, {}), [F], [F]),
        ([], Room(3), [], []),
    ],
)
def test_the_line_moves_as_the_policy_says(
    parties: list[Party], room: Room, strict: list[Why], best_fit: list[Why]
) -> None:
    for policy, wanted in ((Policy.STRICT, strict), (Policy.BEST_FIT, best_fit)):
        turns = allocate(parties, room, policy=policy)
        assert [turn.why for turn in turns] == wanted, policy
        assert [turn.key for turn in turns] == [party.key for party in parties]


def test_a_party_goes_to_the_shift_it_likes_best_while_that_has_room() -> None:
    room = Room(None, {A: 2, Z: 1})
    assert allocate(line((1, (Z, A))), room, policy=Policy.STRICT)[0].shift == Z
    assert allocate(line((2, (Z, A))), room, policy=Policy.STRICT)[0].shift == A
    assert allocate(line(1), Room(3), policy=Policy.STRICT)[0].shift is None


def thrown(dice: random.Random) -> tuple[list[Party], Room]:
    """Any line before any room."""
    shifts = {key: dice.choice([None, 0, 1, 2, 5]) for key in range(1, dice.randint(2, 4))}
    room = Room(dice.choice([None, 0, 1, 3, 6]), shifts if dice.random() < 0.7 else None)
    parties = []
    for key in range(1, dice.randint(1, 9)):
        wanted = dice.sample(sorted(shifts), dice.randint(0, len(shifts))) if room.shifts else []
        parties.append(Party(key, dice.choice([1, 1, 1, 2, 3, 5]), tuple(wanted)))
    return parties, room


def usable(party: Party, room: Room) -> list[int | None]:
    if room.shifts is None:
        return [None]
    return [shift for shift in room.shifts if not party.shifts or shift in party.shifts]


def left_after(parties: list[Party], room: Room, turns: list[Turn]) -> Room:
    """The room once everybody who got a place has taken it."""
    sizes = {party.key: party.size for party in parties}
    given = [(turn.shift, sizes[turn.key]) for turn in turns if turn.why is P]
    places = None if room.places is None else room.places - sum(size for _, size in given)
    if room.shifts is None:
        return Room(places)
    shifts = {
        key: None if free is None else free - sum(size for shift, size in given if shift == key)
        for key, free in room.shifts.items()
    }
    return Room(places, shifts)


def holds(room: Room, shift: int | None, size: int) -> bool:
    own = None if room.shifts is None or shift is None else room.shifts[shift]
    return all(free is None or free >= size for free in (room.places, own))


@pytest.mark.parametrize("policy", list(Policy))
def test_whatever_the_dice_say_no_place_is_given_twice_and_no_party_is_split(
    policy: Policy,
) -> None:
    for seed in range(3000):
        parties, room = thrown(random.Random(seed))
        turns = allocate(parties, room, policy=policy)
        after = left_after(parties, room, turns)
        assert after.places is None or after.places >= 0, seed
        assert all(free is None or free >= 0 for free in (after.shifts or {}).values()), seed
        for party, turn in zip(parties, turns, strict=True):
            if turn.why is P:
                assert turn.shift in usable(party, room), seed


def test_under_strict_nobody_gets_what_somebody_in_front_could_use() -> None:
    for seed in range(3000):
        parties, room = thrown(random.Random(seed))
        turns = allocate(parties, room, policy=Policy.STRICT)
        for at, (party, turn) in enumerate(zip(parties, turns, strict=True)):
            if turn.why is P:
                continue
            behind = [later for later in turns[at + 1 :] if later.why is P]
            assert not {later.shift for later in behind} & set(usable(party, room)), seed
        # Who stands at the front is never worse off for those behind.
        if parties:
            alone = allocate(parties[:1], room, policy=Policy.STRICT)
            assert turns[0] == alone[0], seed


def test_under_best_fit_no_place_stays_empty_that_somebody_could_use() -> None:
    for seed in range(3000):
        parties, room = thrown(random.Random(seed))
        turns = allocate(parties, room, policy=Policy.BEST_FIT)
        after = left_after(parties, room, turns)
        for party, turn in zip(parties, turns, strict=True):
            if turn.why is not P:
                fits = [shift for shift in usable(party, room) if holds(after, shift, party.size)]
                assert not fits, seed


def test_whoever_is_told_why_is_told_the_truth() -> None:
    for seed in range(3000):
        parties, room = thrown(random.Random(seed))
        for policy in Policy:
            turns = allocate(parties, room, policy=policy)
            after = left_after(parties, room, turns)
            for party, turn in zip(parties, turns, strict=True):
                could = any(holds(after, shift, party.size) for shift in usable(party, room))
                if turn.why is B:
                    assert policy is Policy.STRICT
                if turn.why in (F, T) and policy is Policy.BEST_FIT:
                    assert not could, seed
                if turn.why is T:
                    assert party.size > 1, seed
