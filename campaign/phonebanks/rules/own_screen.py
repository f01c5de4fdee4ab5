"""How a caller likes their own screen, and from which country they ring: of the browser alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIZES = {"usual": "Usual", "large": "Large", "wide": "Large, wide apart"}
HOME = "GB"
# Where callers ring from: the name of a country by its code, as the phone library knows it.
COUNTRIES = {
    "GB": "United Kingdom",
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GG": "Guernsey",
    "GR": "Greece",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IM": "Isle of Man",
    "IN": "India",
    "IT": "Italy",
    "JE": "Jersey",
    "JP": "Japan",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia",
    "TR": "Türkiye",
    "UA": "Ukraine",
    "US": "United States",
    "ZA": "South Africa",
}


@dataclass(frozen=True, slots=True)
class OwnScreen:
    """The size of what is read out, whether letters are keys, and the country rung from."""

    size: str = "usual"
    keys: bool = True
    region: str = HOME

    @property
    def country(self) -> str:
        """The name of the country."""
        return COUNTRIES[self.region]


def read_screen(kept: Mapping[str, Any], *, at_home: str | None = None) -> OwnScreen:
    """What the browser keeps, as far as we know it; ``at_home`` is the country of one's phone."""
    usual = at_home if at_home in COUNTRIES else HOME
    region = kept.get("region")
    return OwnScreen(
        size=kept["size"] if kept.get("size") in SIZES else "usual",
        keys=kept.get("keys") != "off",
        region=str(region) if region in COUNTRIES else str(usual),
    )


def changed(kept: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, str]:
    """What the browser keeps after a choice; what is none of ours changes nothing."""
    lawful = {"size": SIZES, "region": COUNTRIES, "keys": ("on", "off")}
    new = {name: sent[name] for name, known in lawful.items() if sent.get(name) in known}
    return {name: str(kept[name]) for name in lawful if name in kept} | new
