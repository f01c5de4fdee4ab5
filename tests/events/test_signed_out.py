"""What somebody typed for minutes is not lost when their sign-in has ended meanwhile."""

import html5lib
from sqlalchemy import delete, select

from campaign.foundation.database import Database
from campaign.groups.models import Group
from campaign.people.models import SignInSession
from tests.cast import Cast
from tests.proof_reader import ProofReadingClient


def test_what_was_typed_outlives_the_sign_in(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    typed = {"name": "Kemptown & sea", "near": "BN2 1TB", "about": "First line\nSecond <b>line"}
    client.sign_in(cast.supporter)
    with database.unit_of_work() as db:
        db.execute(delete(SignInSession))
    held = client.post_form("/groups/new", typed)
    assert held.status_code == 401
    fields = {
        field.get("name"): field.get("value")
        for field in html5lib.parse(held.text, namespaceHTMLElements=False).iter("input")
        if field.get("type") == "hidden"
    }
    assert {name: fields[name] for name in typed} == typed
    again = client.post("/groups/new", data=fields)
    assert again.status_code == 401, "and again, for who presses the second button first"
    client.sign_in(cast.supporter)
    assert "Send what I typed" in client.get("/sign-in/done").text
    sent = client.post("/groups/new", data=fields)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/groups/kemptown-sea")
    with database.reading() as db:
        about = db.scalar(select(Group.about).where(Group.slug == "kemptown-sea"))
        assert about == typed["about"]
