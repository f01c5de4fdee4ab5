"""Photos of a report: what is let in, what is left of it, who sees it, and when it goes."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from campaign.events import operations
from campaign.events.adapters import photos as adapters
from campaign.events.models import Event, EventPhoto
from campaign.events.operations import photos
from campaign.events.rules.photos import PhotoRefused
from campaign.foundation import clock, signals
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from tests.cast import Cast
from tests.events.makers import announced, soon
from tests.proof_reader import ProofReadingClient


@pytest.fixture
def settings(settings: Settings, places_dir: Path, tmp_path: Path) -> Settings:
    """A data folder of the test's own: the one with the places is everybody's."""
    (tmp_path / "places.sqlite").hardlink_to(places_dir / "places.sqlite")
    return replace(settings, data_dir=tmp_path)


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **saved: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **saved)
    return out.getvalue()


def telling() -> bytes:
    """A photo on its side that says where it was taken, by whom and with what."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"SecretWords", icc_profile=b"SecretProfile" * 20)


def moving() -> bytes:
    return picture("PNG", save_all=True, append_images=[Image.new("RGB", (40, 20), "red")])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_are_read_by_what_they_are(form: str) -> None:
    drawn = adapters.draw_anew(picture(form, (3200, 800)))
    assert (drawn.width, drawn.height) == (1600, 400)
    assert (drawn.small_width, drawn.small_height) == (480, 120)
    assert Image.open(io.BytesIO(drawn.large)).format == "JPEG"


def test_only_the_pixels_are_left_upright_and_without_what_stood_behind_them() -> None:
    drawn = adapters.draw_anew(telling() + b"PK\x03\x04SecretZip")
    assert (drawn.width, drawn.height) == (20, 40)
    for data in (drawn.large, drawn.small):
        assert b"Secret" not in data
        held = Image.open(io.BytesIO(data))
        assert not held.getexif()
        assert not set(held.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4 " + picture(),
        b"GIF89a<script>" + picture(),
        picture("GIF"),
        picture("BMP"),
        picture()[:-200],
        picture("PNG")[:60],
        moving(),
        picture("PNG", (20_000, 20)),
        picture("PNG", (4_100, 4_100)),
        b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024),
    ],
)
def test_what_is_no_still_photo_of_a_sensible_size_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoRefused):
        adapters.draw_anew(data)


def test_a_bomb_is_refused_by_its_head_alone() -> None:
    head = bytearray(picture("PNG"))
    head[16:24] = (20_000).to_bytes(4, "big") * 2
    import zlib

    head[29:33] = zlib.crc32(bytes(head[12:29])).to_bytes(4, "big")
    with pytest.raises(PhotoRefused):
        adapters.draw_anew(bytes(head))


@pytest.fixture
def event(database: Database, cast: Cast) -> Event:
    """A listed canvass of the host's that is over and has its report."""
    with database.unit_of_work() as db:
        made = announced(db, cast, host=cast.host, kind="canvass", listed=True, starts_at=soon(1))
    with clock.at(made.ends_at), database.unit_of_work() as db:
        operations.write_report(
            db, event=made, numbers={"doors": 4}, story="", actor_id=cast.host.id
        )
    return made


def give(client: ProofReadingClient, event: Event, data: bytes, **more: str) -> Any:
    fields: dict[str, Any] = {"caption1": "Two of us at a door", "agreed": "y"} | more
    fields = {key: value for key, value in fields.items() if value}
    return client.post_form(
        f"/events/{event.public_id}/photos",
        fields | {"photo1": (io.BytesIO(data), "../../me at home.jpg")},
    )


def held(database: Database) -> list[EventPhoto]:
    with database.reading() as db:
        found = list(db.query(EventPhoto).order_by(EventPhoto.id))
        db.expunge_all()
        return found


def test_a_photo_stands_with_the_report_until_its_host_takes_it_down(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    with clock.at(event.ends_at):
        client.sign_in(cast.host)
        assert give(client, event, telling()).status_code == 303
        (one,) = held(database)
        client.sign_out()
        page = client.get(f"/events/{event.public_id}").text
        assert f"/photos/{one.name}-small.jpg" in page
        assert 'alt="Two of us at a door"' in page
        for end in (".jpg", "-small.jpg"):
            answer = client.get(f"/events/{event.public_id}/photos/{one.name}{end}")
            assert answer.mimetype == "image/jpeg"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert b"Secret" not in answer.data
        client.sign_in(cast.host)
        gone = f"/events/{event.public_id}/photos/{one.name}/take-down"
        assert (
            client.post_form(gone, {}, page=f"/events/{event.public_id}/photos").status_code == 303
        )
        assert client.get(f"/events/{event.public_id}/photos/{one.name}.jpg").status_code == 404
        assert held(database) == []


@pytest.mark.parametrize(
    ("more", "data", "sentence"),
    [
        ({"agreed": ""}, picture(), "everyone recognisable has said yes"),
        ({"caption1": ""}, picture(), "what the photo shows"),
        ({}, b"<svg/>", "cannot read that as a photo"),
    ],
)
def test_without_a_yes_words_and_a_photo_nothing_is_kept_and_the_words_stay(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    event: Event,
    more: dict[str, str],
    data: bytes,
    sentence: str,
) -> None:
    with clock.at(event.ends_at):
        client.sign_in(cast.host)
        refused = give(client, event, data, **{"caption2": "A second one"} | more)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert "A second one" in refused.text
    assert held(database) == []


def test_strangers_give_none_and_see_none_of_a_hidden_event(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    with clock.at(event.ends_at):
        client.sign_in(cast.host)
        give(client, event, picture())
        (one,) = held(database)
        address = f"/events/{event.public_id}/photos/{one.name}.jpg"
        for person, status in ((cast.stranger, 404), (cast.caller, 403)):
            client.sign_in(person)
            assert client.get(f"/events/{event.public_id}/photos").status_code == status
        with database.unit_of_work() as db:
            db.get_one(Event, event.id).hidden_at = clock.now()
        client.sign_out()
        assert client.get(address).status_code in (404, 410)
        client.sign_in(cast.host)
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_who_is_erased_takes_their_photos_along_and_files_go_after_their_rows(
    database: Database, cast: Cast, event: Event, tmp_path: Path
) -> None:
    drawn, tmp_path = adapters.draw_anew(picture()), tmp_path / "photos"
    with clock.at(event.ends_at), database.unit_of_work() as db:
        operations_of = {"event": event, "folder": tmp_path, "actor_id": cast.host.id}
        photos.add_photos(db, pictures=[(drawn, "A door")], **operations_of)  # type: ignore[arg-type]
    adapters.keep(tmp_path, drawn)  # a request that failed after it wrote
    assert photos.sweep_photos(database, folder=tmp_path, older_than=600) == 0
    assert photos.sweep_photos(database, folder=tmp_path, older_than=-1) == 1
    assert len(list(tmp_path.iterdir())) == 2
    with database.unit_of_work() as db:
        signals.person_erased.send(db, person_id=cast.host.id)
    assert held(database) == []
    assert photos.sweep_photos(database, folder=tmp_path, older_than=-1) == 1
    assert list(tmp_path.iterdir()) == []
