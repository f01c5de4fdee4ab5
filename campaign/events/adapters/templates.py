"""What is proposed for each kind of event, read from config/ once."""

from __future__ import annotations

import tomllib
from functools import cache

from campaign.events.rules.kinds import Kind
from campaign.events.rules.templates import Template, load_templates
from campaign.foundation.settings import SettingsError, files_folder

FILE = "event_templates.toml"


@cache
def default_templates() -> dict[Kind, Template]:
    """The templates as the operator's file has them; SettingsError says what is wrong in it."""
    return templates_of((files_folder("config") / FILE).read_text(encoding="utf-8"))


def templates_of(text: str) -> dict[Kind, Template]:
    """The templates of a file's text; SettingsError says what is wrong in it."""
    try:
        return load_templates(tomllib.loads(text))
    except ValueError as error:
        raise SettingsError(f"config/{FILE}: {error}.") from error
