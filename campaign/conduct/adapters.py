"""The canned reasons, read from config/ once."""

from __future__ import annotations

import tomllib
from functools import cache

from campaign.conduct.rules.reasons import Reason, load_reasons
from campaign.foundation.settings import files_folder


@cache
def reasons() -> dict[str, Reason]:
    """Why something is taken down or asked about, by code, in the order of the file."""
    return load_reasons(tomllib.loads((files_folder("config") / "moderation.toml").read_text()))
