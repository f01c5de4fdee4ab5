"""Settings: config/*.toml, then environment variables that begin with CAMPAIGN_."""

from __future__ import annotations

import math
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from campaign.foundation import hall

PREFIX = "CAMPAIGN_"
ENVIRONMENTS = ("production", "development", "testing")
MOST_OFFSET = 10 * 366 * 86400
# The words that people agree to at a meetup's door say thirty.
MOST_KEPT_DAYS = 30
# How long may be kept at most what only calling needs, and the least that its rules need: caps of
# attempts look back a month.
KEPT = {
    "unconfirmed_kept_days": (1, 90),
    "unreached_kept_days": (1, 365),
    "notes_kept_days": (1, 365),
    "opinions_kept_days": (1, 730),
    "calls_kept_days": (60, 1830),
    "audit_kept_months": (6, 120),
}
# Of a hundred calls, how many a lead is shown to look at.
REVIEWED = ("reviewed_percent_new", "reviewed_percent_regular", "reviewed_percent_trusted")
# Who counts as new to calling, and the most numbers that they see in an hour.
NEWCOMERS = {"newcomer_calls": (0, 200), "newcomer_reveals_an_hour": (1, 60)}
EVENT_POLICIES = ("open", "hybrid", "pre-moderated")
_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class SettingsError(Exception):
    """A setting is missing, unknown or cannot be; the message says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting, checked. ``config/default.toml`` says what each one means."""

    environment: str
    data_dir: Path
    database_url: str
    redis_url: str
    secret_key: str
    suppression_key: str
    base_url: str
    mail_url: str
    mail_from: str
    name: str
    headline: str
    lede: str
    brand: str
    imprint: str
    contact_email: str
    tile_url: str
    tile_attribution: str
    trusted_hosts: tuple[str, ...]
    embed_hosts: str
    hall_network: str
    behind_proxy: bool
    clock_offset: float
    calling_pace: bool
    newcomer_calls: int
    newcomer_reveals_an_hour: int
    meetup_kept_days: int
    event_policy: str
    rsvp_kept_days: int
    trusted_after: int
    case_kept_days: int
    unconfirmed_kept_days: int
    unreached_kept_days: int
    notes_kept_days: int
    opinions_kept_days: int
    calls_kept_days: int
    audit_kept_months: int
    reviewed_percent_new: int
    reviewed_percent_regular: int
    reviewed_percent_trusted: int
    test_database_url: str

    @property
    def is_production(self) -> bool:
        """Whether real people rely on this installation."""
        return self.environment == "production"

    @property
    def is_development(self) -> bool:
        """Whether the mailbox page and "sign in as" may exist."""
        return self.environment != "production"

    @property
    def hall(self) -> hall.Network | None:
        """The network of a hall without internet, where there is one."""
        return hall.network(self.hall_network)

    @property
    def secure(self) -> bool:
        """Whether the site is reached by https."""
        return self.base_url.startswith("https://")


def files_folder(name: str) -> Path:
    """Where templates, static, migrations or config stand: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_files" / name
    return packed if packed.is_dir() else package.parent / name


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read, merge and check all settings.

    Raises SettingsError with one sentence for an unknown key, a wrong value, or what production
    must have and has not.
    """
    env = os.environ if environ is None else environ
    values = _read_toml("default")
    environment = str(
        overrides.get("environment")
        or env.get(PREFIX + "ENVIRONMENT")
        or values.get("environment", "development")
    )
    if environment not in ENVIRONMENTS:
        raise SettingsError(
            f"CAMPAIGN_ENVIRONMENT is “{environment}”: it must be one of {', '.join(ENVIRONMENTS)}."
        )
    values |= _read_toml(environment) | _from_environment(env) | overrides
    values["environment"] = environment
    known = {field.name for field in fields(Settings)}
    for key in values:
        if key not in known:
            raise SettingsError(f"“{key}” is not a setting: see config/default.toml for the list.")
    return _complete(values)


def _read_toml(name: str) -> dict[str, Any]:
    path = files_folder("config") / f"{name}.toml"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    return {
        key.removeprefix(PREFIX).lower(): value
        for key, value in env.items()
        if key.startswith(PREFIX)
    }


def _complete(values: dict[str, Any]) -> Settings:
    values["data_dir"] = Path(str(values["data_dir"])).expanduser().absolute()
    for key in ("calling_pace", "behind_proxy"):
        values[key] = _switch(key, values[key])
    values["clock_offset"] = _seconds(values["clock_offset"])
    values["meetup_kept_days"] = _days("meetup_kept_days", values["meetup_kept_days"])
    values["event_policy"] = _one_of("event_policy", values["event_policy"], EVENT_POLICIES)
    values["rsvp_kept_days"] = _days("rsvp_kept_days", values["rsvp_kept_days"], most=365)
    values["embed_hosts"] = _ancestors(values["embed_hosts"])
    values["trusted_after"] = _number("trusted_after", values["trusted_after"], 1, 50)
    values["case_kept_days"] = _number("case_kept_days", values["case_kept_days"], 30, 3650)
    for key, (least, most) in (KEPT | NEWCOMERS).items():
        values[key] = _number(key, values[key], least, most)
    for key in REVIEWED:
        values[key] = _number(key, values[key], 0, 100)
    values["hall_network"] = _hall(values["hall_network"])
    hosts = values["trusted_hosts"]
    if isinstance(hosts, str):
        hosts = hosts.split(",")
    values["trusted_hosts"] = tuple(host.strip() for host in hosts if host.strip())
    if values["environment"] == "production":
        _check_production(values)
    else:
        values["secret_key"] = values["secret_key"] or _kept_key(values["data_dir"], "secret")
        values["suppression_key"] = values["suppression_key"] or _kept_key(
            values["data_dir"], "suppression"
        )
    values["database_url"] = values["database_url"] or f"sqlite:///{values['data_dir']}/campaign.db"
    values["mail_url"] = values["mail_url"] or f"file://{values['data_dir']}/mailbox"
    values["base_url"] = str(values["base_url"]).rstrip("/")
    return Settings(**values)


def _check_production(values: dict[str, Any]) -> None:
    """What a real installation must have before it may start."""
    for key, why in {
        "secret_key": "it signs the cookies; make one with `openssl rand -hex 32`",
        "suppression_key": "it keys the do-not-call list and must never change afterwards",
        "imprint": "the law wants to know who publishes this",
        "mail_url": "people sign in by mail; for example smtp://user:password@mail.example:587",
    }.items():
        if not values[key]:
            raise SettingsError(f"Production needs CAMPAIGN_{key.upper()}: {why}.")
    for key in ("secret_key", "suppression_key"):
        if len(str(values[key]).encode()) < 32:
            raise SettingsError(f"CAMPAIGN_{key.upper()} is too short: at least 32 bytes.")
    if values["clock_offset"] or not values["calling_pace"]:
        raise SettingsError(
            "CAMPAIGN_CLOCK_OFFSET and CAMPAIGN_CALLING_PACE=off are for tests: "
            "production refuses them."
        )
    if urlsplit(str(values["base_url"])).scheme != "https":
        raise SettingsError("Production needs CAMPAIGN_BASE_URL with https://, as people reach it.")


def _kept_key(data_dir: Path, name: str) -> str:
    """A key made once on this machine, so that development survives a restart."""
    path = data_dir / f"{name}.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def _switch(key: str, value: object) -> bool:
    text = str(value).lower()
    if text in _TRUE | _FALSE:
        return text in _TRUE
    raise SettingsError(f"CAMPAIGN_{key.upper()} is “{value}”: it must be on or off.")


def _one_of(key: str, value: object, choices: tuple[str, ...]) -> str:
    text = str(value).strip().lower()
    if text in choices:
        return text
    raise SettingsError(
        f"CAMPAIGN_{key.upper()} is “{value}”: it must be one of {', '.join(choices)}."
    )


def _ancestors(value: object) -> str:
    """The sites that may show the map in a frame, as the security policy names them."""
    sites = str(value).replace(",", " ").split()
    if sites == ["*"]:
        return "*"
    if sites in ([], ["none"]):
        return "'self'"
    for site in sites:
        if not _SITE.fullmatch(site):
            raise SettingsError(
                f"CAMPAIGN_EMBED_HOSTS names “{site}”: give * for every site, none, or addresses "
                "such as https://example.org, separated by commas."
            )
    return " ".join(["'self'", *sites])


def _hall(value: object) -> str:
    """A private network, written out; "" for none."""
    try:
        found = hall.network(str(value))
    except ValueError:
        raise SettingsError(
            f"CAMPAIGN_HALL_NETWORK is “{value}”: it must be a private network, such as "
            "192.168.4.0/24. People’s details never go over plain http on any other."
        ) from None
    return str(found) if found else ""


def _days(key: str, value: object, *, most: int = MOST_KEPT_DAYS) -> int:
    text = str(value)
    if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
        return int(text)
    raise SettingsError(
        f"CAMPAIGN_{key.upper()} is “{value}”: give a number of days from 1 to {most}."
    )


def _number(key: str, value: object, least: int, most: int) -> int:
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most:
        return int(text)
    raise SettingsError(
        f"CAMPAIGN_{key.upper()} is “{value}”: give a whole number from {least} to {most}."
    )


def _seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = math.nan
    if not abs(seconds) <= MOST_OFFSET:  # so written, "nan" is refused too
        raise SettingsError(
            f"CAMPAIGN_CLOCK_OFFSET is “{value}”: give seconds, at most ten years of them."
        )
    return seconds
