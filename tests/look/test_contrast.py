"""Whatever colour an operator chooses, words stay readable: AA, in light and in dark."""

import colorsys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import leave

TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"
TEXT, EDGE = 4.5, 3.0
TABLES = ["teal", "blue", "orange", "violet", "green", "pink", "slate"]
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "muted") for ground in ("paper", "surface")],
    *[(ink, ground, TEXT) for ink in ("ink", "muted") for ground in ("sunken", "brand-wash")],
    *[("brand-ink", g, TEXT) for g in ("paper", "surface", "sunken", "brand-wash")],
    *[("edge", ground, EDGE) for ground in ("surface", "paper", "sunken")],
    *[("danger", ground, TEXT) for ground in ("surface", "paper")],
    *[(f"on-{name}", name, TEXT) for name in ("brand", "band", "short", "one", "met")],
    ("paper", "ink", TEXT),
    *[("on-t", f"t-{c}", TEXT) for c in TABLES],
    ("on-t-yellow", "t-yellow", TEXT),
]
READ = """(tokens) => {
    const pot = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const probe = document.body.appendChild(document.createElement("div"));
    const seen = {};
    for (const token of tokens) {
        probe.style.backgroundColor = `var(--${token})`;
        pot.fillStyle = getComputedStyle(probe).backgroundColor;
        pot.fillRect(0, 0, 1, 1);
        seen[token] = [...pot.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }
    probe.remove();
    return seen;
}"""

pytestmark = pytest.mark.journey


def luminance(colour: list[int]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[int], other: list[int]) -> float:
    """Contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def operator_colours() -> list[str]:
    wheel = [
        colorsys.hls_to_rgb(hue / 360, lightness, saturation)
        for hue in range(0, 360, 30)
        for saturation in (0.35, 1)
        for lightness in (0.08, 0.32, 0.5, 0.72, 0.95)
    ]
    return ["#c4114e", *("#" + bytes(round(255 * c) for c in rgb).hex() for rgb in wheel)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_is_readable_in_any_operator_colour(
    browser: Browser, scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(f"<style>{TOKENS.read_text(encoding='utf-8')}</style>")
    tokens = sorted({token for pair in PAIRS for token in pair[:2]})
    short = []
    for brand in operator_colours():
        page.evaluate("b => document.documentElement.style.setProperty('--brand', b)", brand)
        seen = page.evaluate(READ, tokens)
        short += [
            f"{brand}: {ink} on {ground}"
            for ink, ground, least in PAIRS
            if contrast(seen[ink], seen[ground]) < least
        ]
    leave(page.context)
    assert short == []
