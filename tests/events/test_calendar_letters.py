"""The calendar file on a letter: one entry, whose number rises with each change."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event, EventNotice
from campaign.foundation import audit
from campaign.foundation.carriers import Letter, as_message
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.calendars import READERS, SECRETS
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, LONDON, VENUE, announced, kept, signed_up, soon
from tests.proof_reader import ProofReadingClient


def hung_on(letter: Letter) -> tuple[str, str]:
    """The method and the text of the calendar file, as a mail program takes it off the mail."""
    message = as_message(letter, "Fair Rents <post@rents.example>")
    (file,) = list(message.iter_attachments())
    assert file.get_content_type() == "text/calendar"
    assert file.get_filename() == "event.ics"
    assert "base64" in str(file["Content-Transfer-Encoding"])
    return str(file["Content-Type"].params["method"]), str(file.get_content())


def posted(database: Database) -> list[Letter]:
    with database.reading() as db:
        rows = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id))
        return [Letter(r.to, r.subject, r.text, r.html, r.calendar) for r in rows]


@READERS
def test_the_confirmation_the_change_and_the_cancellation_carry_one_entry_with_a_rising_number(
    database: Database, cast: Cast, mail: RecordingMail, read: Any
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Ada Warren", mail=mail)
        signed_up(db, event, "Bea Long", mail=mail)
    later = event.starts_at + timedelta(hours=1)
    times = {"starts_at": later, "ends_at": later + timedelta(hours=2)}
    with database.unit_of_work() as db:
        operations.edit(db, **kept(event, cast, note="The hall was taken.", **times), mail=mail)  # type: ignore[arg-type]
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    with database.unit_of_work() as db:
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    sent = posted(database)
    with_file = [(letter.to[:3], *hung_on(letter)) for letter in sent if letter.calendar]
    told = [
        (to, method, read(text)[0]["sequence"], read(text)[0]["status"])
        for to, method, text in with_file
    ]
    assert told == [
        ("ada", "PUBLISH", 0, "CONFIRMED"),
        ("ada", "PUBLISH", 1, "CONFIRMED"),
        ("bea", "PUBLISH", 1, "TENTATIVE"),
        ("ada", "CANCEL", 2, "CANCELLED"),
        ("bea", "CANCEL", 2, "CANCELLED"),
    ]
    assert len({read(text)[0]["uid"] for _, _, text in with_file}) == 1
    assert read(with_file[1][2])[0]["start"] == later
    changed = [letter for letter in sent if letter.subject.startswith("Changed")]
    assert all("The hall was taken." in letter.text for letter in changed)
    assert all("The hall was taken." in letter.html for letter in changed)


def test_the_file_on_a_letter_never_holds_where_a_home_is(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon(3))
        ada = signed_up(db, event, "Ada Warren", mail=mail).rsvp
        operations.answer_request(db, event=event, rsvp_id=ada.public_id, yes=True, mail=mail)  # type: ignore[arg-type]
    files = [letter.calendar for letter in posted(database) if letter.calendar]
    assert files
    assert [secret for secret in SECRETS for file in files if secret in file] == []


def test_a_slip_of_the_pen_can_be_mended_in_silence_a_new_time_cannot(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren")

    def told(**given: Any) -> tuple[int, list[str]]:
        with database.unit_of_work() as db:
            held = db.get_one(Event, event.id)
            operations.edit(db, **kept(held, cast, **given))
            count = len(list(db.scalars(select(EventNotice.id))))
            for notice in db.scalars(select(EventNotice)):
                db.delete(notice)
            row = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id.desc())).first()
            assert row is not None
            return count, list(row.details)

    later = event.starts_at + timedelta(hours=1)
    assert told(title="Ring round Hovee") == (1, [])
    assert told(title="Ring round Hove", quiet=True) == (0, ["told nobody"])
    assert told(capacity=20) == (0, [])
    assert told(quiet=True, note="Tea at eight") == (1, [])
    assert told(starts_at=later, ends_at=later + timedelta(hours=1), quiet=True) == (1, [])
    assert told(place=VENUE, quiet=True) == (1, [])


def test_the_host_writes_the_line_and_ticks_the_box_on_the_page(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren")
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/edit"
    assert "Do not write to people" in client.get(path).text
    local = event.starts_at.astimezone(LONDON)
    typed = {
        "kind": event.kind,
        "date_own": f"{local:%Y-%m-%d}",
        "start_own": f"{local:%H:%M}",
        "end": f"{event.ends_at.astimezone(LONDON):%H:%M}",
        "place": "venue",
        "capacity_own": "12",
        "title": "Ring round Lewes",
    }
    assert client.post_form(path, typed | {"quiet": "y"}).status_code == 303
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    assert posted(database) == []
    typed |= {"title": "Ring round Hove", "change_note": "Tea at eight."}
    assert client.post_form(path, typed).status_code == 303
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    assert "Tea at eight." in posted(database)[0].text
