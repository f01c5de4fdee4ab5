"""The funnel of a group is that of all its phonebanks; who runs several groups sees them all."""

import csv
import io
import random

import pytest

from campaign.foundation.database import Database
from campaign.phonebanks.queries import sums
from campaign.phonebanks.rules.funnel import together
from tests.cast import Cast, a_member
from tests.figures.making import a_call, any_calls
from tests.phonebanks.making import fill, make_phonebank
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")


def test_phonebanks_add_up_to_their_group(
    client: ProofReadingClient, cast: Cast, database: Database
) -> None:
    with database.unit_of_work() as db:
        first = any_calls(db, random.Random(2), many=60)
        first.group_id = cast.group.id
        second = make_phonebank(db, cast.group, title="Worthing lifts")
        for contact in fill(db, second, range(900, 905)):
            a_call(db, contact, cast.caller, "talked")
        make_phonebank(db, cast.group, title="Practice", is_practice=True)
        foreign = make_phonebank(db, cast.other_group, title="Lewes only")
        a_call(db, fill(db, foreign, range(950, 951))[0], cast.caller)
        total = together(sums.funnels_of(db, [first, second]).values())
    client.sign_in(cast.organiser)
    address = f"/groups/{cast.group.slug}/figures"
    page = client.get(address)
    assert "Worthing lifts" in page.text
    assert "Lewes only" not in page.text
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/funnel.csv").text)))
    assert [int(row[1]) for row in rows[1:]] == [
        total.calls, total.reached, total.talks, total.asked, total.yes, total.came,
    ]  # fmt: skip
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/phonebanks.csv").text)))
    assert sum(int(row[1]) for row in rows[1:]) == total.calls
    assert client.get(f"{address}/nothing.csv").status_code == 404
    with database.unit_of_work() as db:
        a_member(db, cast.other_group, cast.organiser, "organiser")
    page = client.get("/figures")
    assert "Lewes only" in page.text
    assert f"From {total.calls + 1} calls of 3 phonebanks" in page.text


def test_only_who_runs_a_group_reads_its_figures(
    client: ProofReadingClient, cast: Cast, database: Database
) -> None:
    address = f"/groups/{cast.group.slug}/figures"
    for who, status in ((cast.caller, 403), (cast.stranger, 404), (cast.moderator, 404)):
        client.sign_in(who)
        assert client.get(address).status_code == status, who.name
        assert client.get(f"{address}/funnel.csv").status_code == status
    client.sign_in(cast.supporter)
    assert client.get("/figures").status_code == 404
    client.sign_in(cast.organiser)
    assert "No calls yet" in client.get(address).text
