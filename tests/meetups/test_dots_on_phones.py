"""The dots of a phone that ticked too many."""

import re

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.operations import sheets
from campaign.meetups.queries import rooms
from campaign.meetups.queries import sheets as written
from campaign.meetups.rules.sheets import Line
from tests.cast import Cast
from tests.meetups.conftest import phone
from tests.meetups.making import a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

TICKED = re.compile(r'name="dot" value="([^"]+)" checked')


@pytest.mark.usefixtures("places")
def test_a_fourth_dot_is_refused_and_all_four_stay_ticked_to_choose_from(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        bea, _ = (a_participant(db, batch, name) for name in ("Bea", "Tom"))
        move_to(db, batch, "strategy", cast.organiser.id, preset="meetup")
        people = rooms.present(db, batch.id)
        sheets.hold_pen(db, batch=batch, person=people[0])
        for position in (1, 2, 3):
            line = Line(f"Idea of ours, number {position}")
            sheets.write_proposal(
                db, batch=batch, person=people[0], position=position, line=line, now=clock.now()
            )
        move_to(db, batch, "report_back", cast.organiser.id, preset="meetup")
        ideas = [one.proposal.public_id for one in written.proposals_of(db, batch.id)]
    assert len(ideas) == 3
    mine, path = phone(client, meetup.code, bea.key), f"/m/{meetup.code}"
    four = [*ideas, "one-more"]
    refused = mine.post_form(f"{path}/dots", {"dot": four}, page=path)
    assert refused.status_code == 422
    assert "Take one back" in refused.text
    assert set(TICKED.findall(refused.text)) == set(ideas)
    assert TICKED.findall(mine.get(path).text) == [], "nothing is given yet"
    assert mine.post_form(f"{path}/dots", {"dot": ideas[:2]}, page=path).status_code == 303
    assert set(TICKED.findall(mine.get(path).text)) == set(ideas[:2])
