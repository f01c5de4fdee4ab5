"""Seated by need: whoever needs a marked table sits at one, in any room, and all else holds."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaign.meetups.rules.dealing import Standing, deal, table_for_latecomer
from campaign.meetups.rules.floor import Area, highest_of, rows_of
from campaign.meetups.rules.mixed import Guest, Mixed
from campaign.meetups.rules.mixing import MOST as MOST_MIXED
from campaign.meetups.rules.mixing import mix, tables_for
from campaign.meetups.rules.moving import offers
from campaign.meetups.rules.needs import NEEDS, NOTHING, Needs, lacking
from campaign.meetups.rules.neighbours import FEWEST, MOST, Seat
from campaign.meetups.rules.parting import FEWEST_APART, still_together
from campaign.meetups.rules.topics import deal_topics
from tests.meetups.test_dealing import BRANCHES
from tests.meetups.test_mixing import can_be_parted

KEYS = tuple(need.key for need in NEEDS)
QUIET = frozenset({"quiet"})
KINDS = ("none", "few", "many", "everybody quiet", "everybody everything")
MARKED = ("none", "one", "some", "all quiet", "all")


def some_needs(kind: str, dice: random.Random) -> Needs:
    if kind == "everybody quiet":
        return QUIET
    if kind == "everybody everything":
        return frozenset(KEYS)
    share = {"none": 0.0, "few": 0.1, "many": 0.6}[kind]
    return frozenset(key for key in KEYS if dice.random() < share)


def some_marks(kind: str, tables: int, dice: random.Random) -> list[Needs]:
    if kind == "one":
        row = [NOTHING] * tables
        row[dice.randrange(tables)] = frozenset({dice.choice(KEYS)})
        return row
    share = {"none": 0.0, "some": 0.3, "all quiet": 0.0, "all": 1.0}[kind]
    row = [frozenset(key for key in KEYS if dice.random() < share) for _ in range(tables)]
    return [QUIET] * tables if kind == "all quiet" else row


@st.composite
def needy(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    """A room to be mixed: its people, wishes, pairs kept apart, and how its tables are marked."""
    people = draw(st.sampled_from([1, 2, 9, 11, 12, 16, 41]) | st.integers(1, 90))
    kind, marked = draw(st.sampled_from(KINDS)), draw(st.sampled_from(MARKED))
    dice = random.Random(draw(st.integers(0, 10_000)))
    guests = [
        Guest(
            n,
            f"BN{dice.randint(1, 6)}",
            leads=dice.random() < 0.2,
            is_new=dice.random() < 0.3,
            needs=some_needs(kind, dice),
        )
        for n in range(1, people + 1)
    ]
    marks = some_marks(marked, tables_for(people) + 1, dice)  # one more, for who is kept apart
    numbers = list(range(1, people + 1))
    dice.shuffle(numbers)
    couples = [{numbers.pop(), numbers.pop()} for _ in range(3) if len(numbers) > 8]
    pair = st.sets(st.integers(1, people), min_size=2, max_size=2)
    shy = draw(st.lists(pair, max_size=3) if people > 1 else st.just([]))
    return guests, couples, {frozenset(p) for p in shy}, marks, draw(st.integers(0, 9999))


def gap(tables: Sequence[Sequence[int]], needs: Mapping[int, Needs], marks: Sequence[Needs]) -> int:
    """How much of all that is needed the tables do not have."""
    return sum(
        lacking(needs[n], marked)
        for there, marked in zip(tables, marks, strict=True)
        for n in there
    )


def exchange_that_helps(
    tables: Sequence[Sequence[int]],
    needs: Mapping[int, Needs],
    marks: Sequence[Needs],
    apart: set[frozenset[int]],
    may=lambda number, table: True,  # type: ignore[no-untyped-def]
) -> tuple[int, int] | None:
    """Two who could change places so that less is unmet: looked for among all, one by one."""
    at = {n: place for place, there in enumerate(tables) for n in there}
    for one, here in at.items():
        for other, there in at.items():
            if here == there or not (may(one, there) and may(other, here)):
                continue
            now = lacking(needs[one], marks[here]) + lacking(needs[other], marks[there])
            then = lacking(needs[one], marks[there]) + lacking(needs[other], marks[here])
            after = [set(tables[here]) - {one} | {other}, set(tables[there]) - {other} | {one}]
            if then < now and not any(pair <= table for pair in apart for table in after):
                return one, other
    return None


def check_mixed(tables: Sequence[Mixed], room) -> None:  # type: ignore[no-untyped-def]
    guests, couples, apart, marks, _ = room
    marks = marks[: len(tables)]
    needs = {guest.number: guest.needs for guest in guests}
    seated = [sorted(table.numbers) for table in tables]
    at = {n: place for place, there in enumerate(seated) for n in there}
    assert sorted(at) == [guest.number for guest in guests]
    sizes = [len(there) for there in seated]
    assert 0 <= len(tables) - tables_for(len(guests)) <= bool(apart)
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= MOST_MIXED
    assert len(tables) == 1 or min(sizes) >= (FEWEST_APART if apart else 5)
    if can_be_parted(len(guests), apart):
        assert still_together([table.numbers for table in tables], apart) == []
    assert exchange_that_helps(seated, needs, marks, apart) is None
    for one, other in couples if not apart else ():
        if at[one] != at[other] and not needs[one] and not needs[other]:
            # They gave way to somebody who needs what the table of one of them is.
            tables_of = (at[one], at[other])
            assert any(needs[n] & marks[table] for table in tables_of for n in seated[table])
    if {n for n in needs.values() if n} <= {QUIET} and not apart:
        chairs = sum(len(t) for t, m in zip(seated, marks, strict=True) if "quiet" in m)
        wanted = sum(bool(n) for n in needs.values())
        assert gap(seated, needs, marks) == max(0, wanted - chairs)
    if all(guest.leads for guest in guests):
        assert all(table.leaders for table in tables)


@settings(max_examples=600, deadline=None)
@given(needy())
def test_in_any_room_that_is_mixed_needs_are_met_first_and_all_else_holds(room) -> None:  # type: ignore[no-untyped-def]
    guests, couples, apart, marks, seed = room
    given_ = {"seed": seed, "together": couples, "apart": apart, "marks": marks}
    tables = mix(guests, **given_)
    check_mixed(tables, room)
    assert [t.numbers for t in mix(guests[::-1], **given_)] == [t.numbers for t in tables]


@settings(max_examples=400, deadline=None)
@given(needy(), st.integers(1, 9), st.integers(0, 9999))
def test_in_any_room_with_topics_needs_are_met_before_topics_are(room, topics, dice) -> None:  # type: ignore[no-untyped-def]
    guests, couples, apart, marks, seed = room
    chooser = random.Random(dice)
    choices = {g.number: chooser.sample(range(topics), min(topics, 2)) for g in guests}
    given_ = {
        "topics": topics, "choices": choices, "seed": seed, "together": couples, "apart": apart,
        "marks": marks,
    }  # fmt: skip
    dealt = deal_topics(guests, **given_)
    check_mixed([one.table for one in dealt], room)
    assert [one.table.marks for one in dealt] == marks[: len(dealt)]
    again = [(one.topic, one.table.numbers) for one in deal_topics(guests[::-1], **given_)]
    assert again == [(one.topic, one.table.numbers) for one in dealt]


@pytest.mark.parametrize("seed", range(20))
def test_tables_are_led_and_mixed_also_where_some_need_a_quiet_one(seed: int) -> None:
    dice = random.Random(seed)
    guests = [
        Guest(
            n, f"BN{dice.randint(1, 12)}", leads=dice.random() < 0.14,
            needs=QUIET if dice.random() < 0.08 else NOTHING,
        )
        for n in range(1, 251)
    ]  # fmt: skip
    tables = mix(guests, seed=seed, marks=[NOTHING] * 20 + [QUIET] * 4)
    assert not [g for t in tables for g in t.guests if g.needs - t.marks]
    led = sum(bool(table.leaders) for table in tables)
    assert led >= min(len(tables), sum(guest.leads for guest in guests)) * 0.95
    assert all(len(table.branches) >= 3 for table in tables)


def test_a_topic_gets_the_marked_table_that_its_people_need() -> None:
    guests = [Guest(n, needs=QUIET if n in (1, 2) else NOTHING) for n in range(1, 33)]
    choices = {n: [n % 2, 1 - n % 2] for n in range(1, 33)} | {2: [1, 0]}
    for marked in range(4):
        marks = [QUIET if at == marked else NOTHING for at in range(4)]
        dealt = deal_topics(guests, topics=2, choices=choices, seed=5, marks=marks)
        assert {1, 2} <= dealt[marked].table.numbers
        assert dealt[marked].topic == 1, "their first choice, too"


def test_friends_go_together_to_the_table_one_of_them_needs_and_part_only_for_a_chair() -> None:
    guests = [Guest(n, f"BN{n}", needs=QUIET if n == 1 else NOTHING) for n in range(1, 25)]
    tables = mix(guests, seed=3, together=[{1, 2, 3}], marks=[NOTHING, QUIET])
    assert {1, 2, 3} <= tables[1].numbers
    crowded = [Guest(n, needs=QUIET if n % 2 and n < 16 else NOTHING) for n in range(1, 25)]
    couples = [{n, n + 1} for n in range(1, 16, 2)]
    tables = mix(crowded, seed=3, together=couples, marks=[NOTHING, QUIET])
    assert tables[1].numbers == {1, 3, 5, 7, 9, 11, 13, 15}


# --- local tables ---


@st.composite
def local_rooms(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    people = draw(st.sampled_from([1, 3, 4, 11, 22]) | st.integers(1, 80))
    kind, marked = draw(st.sampled_from(KINDS)), draw(st.sampled_from(MARKED))
    silent = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    dice = random.Random(draw(st.integers(0, 10_000)))
    seats = []
    for n in range(1, people + 1):
        needs = some_needs(kind, dice)
        if dice.random() < silent:
            seats.append(Seat(n, needs=needs))
            continue
        branch, (lat, lng) = dice.choice(list(BRANCHES.items()))
        where = (lat + dice.gauss(0, 0.004), lng + dice.gauss(0, 0.004))
        seats.append(Seat(n, branch, *where, needs=needs))
    first = draw(st.sampled_from([1, 4]))
    marks = {first + at: m for at, m in enumerate(some_marks(marked, 25, dice)) if m}
    pair = st.sets(st.integers(1, people), min_size=2, max_size=2)
    shy = draw(st.lists(pair, max_size=2) if people > 1 else st.just([]))
    return seats, marks, first, {frozenset(p) for p in shy}, draw(st.integers(0, 9999))


@settings(max_examples=800, deadline=None)
@given(local_rooms())
@example(([Seat(n, needs=QUIET) for n in range(1, 12)], {2: QUIET}, 1, set(), 7))
def test_in_any_room_of_neighbours_needs_are_met_at_their_own_tables_and_all_else_holds(  # type: ignore[no-untyped-def]
    room,
) -> None:
    seats, marks, first, apart, seed = room
    given_ = {"seed": seed, "apart": apart, "marks": marks, "first": first}
    tables = deal(seats, **given_)
    seated = [[seat.number for seat in table.seats] for table in tables]
    without = deal([Seat(s.number, s.branch, s.lat, s.lng) for s in seats], seed=seed, apart=apart)
    plain = [[seat.number for seat in table.seats] for table in without]
    assert sorted(n for there in seated for n in there) == [seat.number for seat in seats]
    assert max(map(len, seated)) <= MOST
    if len(seats) >= FEWEST:
        assert min(map(len, seated)) >= min(FEWEST, *map(len, plain))
    assert [t.marks for t in tables] == [
        marks.get(first + at, NOTHING) for at in range(len(tables))
    ]
    broken = [pair for pair in apart for there in seated if pair <= set(there)]
    assert broken == [pair for pair in apart for there in plain if pair <= set(there)] or not broken
    again = [[s.number for s in table.seats] for table in deal(seats[::-1], **given_)]
    assert again == seated
    # Nobody sits among other neighbours for it than without needs, but who is tied to none.
    homes = homes_of(tables)
    needs = {seat.number: seat.needs for seat in seats}
    placed = {seat.number for seat in seats if seat.placed}
    moved = {n for there in seated for n in there} & placed & homes.keys()
    found = exchange_that_helps(
        seated,
        {n: needs[n] for n in needs},
        [table.marks for table in tables],
        apart,
        lambda n, at: n not in moved or homes[n] == tables[at].own,
    )
    assert found is None


def homes_of(tables) -> dict[int, int]:  # type: ignore[no-untyped-def]
    """Whose tables they sit at, for those who sit among their own branch."""
    return {
        seat.number: table.own if table.own is not None else -1
        for table in tables
        for seat in table.seats
        if seat.placed
    }


def town(name: str, numbers: Sequence[int], needing: Sequence[int] = ()) -> list[Seat]:
    lat, lng = BRANCHES[name]
    return [
        Seat(n, name, lat + n / 1e5, lng, needs=QUIET if n in needing else NOTHING) for n in numbers
    ]


@pytest.mark.parametrize("marked", [1, 2, 3])
def test_the_marked_number_goes_to_the_neighbours_who_need_it(marked: int) -> None:
    seats = town("BN7", range(1, 8)) + town("BN3", range(8, 15), [9]) + town("RH16", range(15, 22))
    tables = deal(seats, seed=1, marks={marked: QUIET})
    assert {s.number for s in tables[marked - 1].seats} == set(range(8, 15))


def test_within_a_large_branch_they_change_places_with_neighbours() -> None:
    seats = town("BN1", range(1, 15), [1, 14])
    tables = deal(seats, seed=1, marks={2: QUIET})
    assert [len(table.seats) for table in tables] == [7, 7]
    assert {1, 14} <= {seat.number for seat in tables[1].seats}


def test_who_says_nothing_of_where_they_live_sits_where_the_mark_is() -> None:
    seats = [*town("BN1", range(1, 8), [2]), *town("BN7", range(8, 13)), Seat(13, needs=QUIET)]
    tables = deal(seats, seed=1, marks={1: QUIET})
    assert {2, 13} <= {seat.number for seat in tables[0].seats}
    assert len(tables) == 2


def test_who_was_kept_apart_changes_places_among_those_they_sit_with_now() -> None:
    seats = town("BN7", range(1, 15), [1, 2, 3, 12, 13, 14]) + town("BN3", range(20, 27), [20, 21])
    tables = deal(seats, seed=1, marks={1: QUIET}, apart={frozenset({20, 21})})
    (moved,) = {20, 21} & {s.number for t in tables if t.branch == "BN7" for s in t.seats}
    assert moved in {seat.number for seat in tables[0].seats}, (
        "at the marked table of its new neighbours"
    )
    assert sum("quiet" in seat.needs for seat in tables[0].seats) == 7  # all six, and who came


def test_nobody_leaves_their_neighbours_for_it_the_desk_is_told_instead() -> None:
    seats = town("BN7", range(1, 8), [1]) + town("BN3", range(8, 15), [9, 10])
    tables = deal(seats, seed=1, marks={1: QUIET})
    assert {s.number for s in tables[0].seats} == set(range(8, 15)), "it helps two there, one here"
    assert {s.number for s in tables[1].seats} == set(range(1, 8))


def test_who_comes_late_or_moves_is_offered_what_they_need_first() -> None:
    lat, lng = BRANCHES["BN3"]
    small, quiet = Standing(1, 4, lat, lng), Standing(2, 8, lat, lng, QUIET)
    full = Standing(3, MOST, lat, lng, QUIET)
    far = Standing(4, 4, 53.8, -1.5, QUIET)
    tables = [small, quiet, full, far]
    assert table_for_latecomer(tables, lat=lat, lng=lng, needs=QUIET) == 2
    assert table_for_latecomer(tables, lat=lat, lng=lng) == 1
    assert table_for_latecomer([small, full], lat=lat, lng=lng, needs=QUIET) == 1
    assert offers(tables, now_at=1, shunned=(), lat=lat, lng=lng, needs=QUIET) == [2, 4]
    assert offers(tables, now_at=None, shunned={2}, lat=lat, lng=lng, needs=QUIET) == [1, 4]


def test_a_hall_shows_its_tables_by_their_parts() -> None:
    areas = [Area("Stage", 1, 2), Area("Window", 4, 5)]
    assert rows_of(areas, 6) == [("Stage", [1, 2]), ("", [3]), ("Window", [4, 5]), ("", [6])]
    assert highest_of([], []) == 6
    assert highest_of([Area("All", 1, 999)], [3]) == 200
