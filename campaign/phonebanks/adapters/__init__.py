"""The rules of calling and the outcomes, read from config/ once."""

from __future__ import annotations

import tomllib
from functools import cache

from campaign.foundation.settings import files_folder
from campaign.phonebanks.rules.outcomes import Outcomes, load_outcomes
from campaign.phonebanks.rules.week import CallingRules, load_rules


@cache
def calling_rules() -> CallingRules:
    """When and how often people may be rung."""
    return load_rules(tomllib.loads((files_folder("config") / "calling_rules.toml").read_text()))


@cache
def outcomes() -> Outcomes:
    """What can happen on a call, and what each does next."""
    return load_outcomes(tomllib.loads((files_folder("config") / "outcomes.toml").read_text()))


def outcome_label(code: str) -> str:
    """What an outcome is called; a code that is none any more is called as it is."""
    return outcomes()[code].label if code in outcomes() else code
