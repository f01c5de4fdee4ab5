"""Settings: merged, checked, and refused with a sentence that says what to do."""

from pathlib import Path
from typing import Any

import pytest

from campaign.foundation import settings
from campaign.foundation.settings import SettingsError, load

REAL: dict[str, str] = {
    "CAMPAIGN_ENVIRONMENT": "production",
    "CAMPAIGN_SECRET_KEY": "s" * 32,
    "CAMPAIGN_SUPPRESSION_KEY": "d" * 32,
    "CAMPAIGN_IMPRINT": "Published by Rosa Whitlock, 14 Example Street",
    "CAMPAIGN_MAIL_URL": "smtp://mail.example:587",
    "CAMPAIGN_BASE_URL": "https://rents.example",
}


def test_a_real_installation_starts_with_what_it_must_have(tmp_path: Path) -> None:
    held = load(REAL | {"CAMPAIGN_DATA_DIR": str(tmp_path)})
    assert held.is_production
    assert held.secure
    assert not held.is_development
    assert list(tmp_path.iterdir()) == [], "production makes no keys of its own"


@pytest.mark.parametrize("key", ["SECRET_KEY", "SUPPRESSION_KEY", "IMPRINT", "MAIL_URL"])
def test_production_does_not_start_without(key: str) -> None:
    with pytest.raises(SettingsError, match=f"Production needs CAMPAIGN_{key}: "):
        load({name: value for name, value in REAL.items() if name != f"CAMPAIGN_{key}"})


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("SECRET_KEY", "s" * 31, "CAMPAIGN_SECRET_KEY is too short"),
        ("SUPPRESSION_KEY", "d" * 31, "CAMPAIGN_SUPPRESSION_KEY is too short"),
        ("BASE_URL", "http://rents.example", "with https://"),
        ("CLOCK_OFFSET", "60", "production refuses them"),
        ("CLOCK_OFFSET", "-60", "production refuses them"),
        ("CALLING_PACE", "off", "production refuses them"),
    ],
)
def test_production_refuses(key: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load(REAL | {f"CAMPAIGN_{key}": value})


def test_an_unknown_key_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="“database_ulr” is not a setting"):
        load({"CAMPAIGN_DATABASE_ULR": "x", "CAMPAIGN_DATA_DIR": str(tmp_path)})


def test_an_unknown_key_in_a_file_stops_the_start_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "default.toml").write_text('colour = "red"\ndata_dir = "var"\n')
    monkeypatch.setattr(settings, "files_folder", lambda name: tmp_path)
    with pytest.raises(SettingsError, match="“colour” is not a setting"):
        load({})


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("ENVIRONMENT", "prod", "must be one of production, development, testing"),
        ("CALLING_PACE", "slow", "must be on or off"),
        ("BEHIND_PROXY", "maybe", "must be on or off"),
        ("CLOCK_OFFSET", "an hour", "give seconds"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, key: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load({f"CAMPAIGN_{key}": value, "CAMPAIGN_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e300"])
def test_a_clock_is_not_turned_beyond_time(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="give seconds"):
        load({"CAMPAIGN_CLOCK_OFFSET": value, "CAMPAIGN_DATA_DIR": str(tmp_path)})


def test_the_environment_comes_after_the_files(tmp_path: Path) -> None:
    env = {"CAMPAIGN_NAME": "Fairer Rents", "CAMPAIGN_DATA_DIR": str(tmp_path)}
    assert load(env).name == "Fairer Rents"
    assert load(env, name="Fairest").name == "Fairest"
    assert load({"CAMPAIGN_DATA_DIR": str(tmp_path)}).name == "Fair Rents"


def test_other_programs_variables_are_left_alone(tmp_path: Path) -> None:
    load({"PATH": "/bin", "CAMPAIGNER": "x", "CAMPAIGN_DATA_DIR": str(tmp_path)})


def test_the_clock_can_be_turned_back_in_tests(tmp_path: Path) -> None:
    env = {"CAMPAIGN_CLOCK_OFFSET": "-3600", "CAMPAIGN_DATA_DIR": str(tmp_path)}
    assert load(env).clock_offset == -3600


def test_development_keeps_the_keys_it_makes(tmp_path: Path) -> None:
    env = {"CAMPAIGN_DATA_DIR": str(tmp_path)}
    first, second = load(env), load(env)
    assert first.secret_key == second.secret_key
    assert first.secret_key != first.suppression_key
    assert (tmp_path / "suppression.key").stat().st_mode & 0o077 == 0


def test_the_hosts_are_a_list(tmp_path: Path) -> None:
    env: dict[str, Any] = {"CAMPAIGN_TRUSTED_HOSTS": "a.example, b.example,"}
    held = load(env | {"CAMPAIGN_DATA_DIR": str(tmp_path)})
    assert held.trusted_hosts == ("a.example", "b.example")


def test_every_setting_has_its_line_and_its_meaning_in_the_default_file() -> None:
    lines = (settings.files_folder("config") / "default.toml").read_text().splitlines()
    written = [line.partition(" = ")[0] for line in lines if " = " in line and line[0] != "#"]
    assert sorted(written) == sorted(settings.Settings.__dataclass_fields__)
    assert lines[0].startswith("#")
