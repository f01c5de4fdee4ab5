"""No walk in a browser leaves it to luck, or to a quick machine, whether it comes through."""

import re

import pytest

from tests.house.tree import ROOT

# What says nothing of what it is taken for, and the line of the walks' conftest that does.
BY_LUCK = {
    r"networkidle": "has_its_scripts(page): a silent network says nothing of the scripts",
    r"mouse\.wheel\(": "scrollBy in an evaluate: a wheel turns later",
    r"wait_for_timeout\(|time\.sleep\(": "expect(…), expect_response or becomes(…)",
    r"\.set_offline\(True\)": "offline(page): the page must know",
    r"time\.monotonic\(\).*<|timeout=[\dA-Z]|SOON": "one limit for all, PATIENCE_MS",
}
WALKS = sorted((ROOT / "tests/journeys").glob("test_*.py"))


def by_luck(text: str) -> list[str]:
    """The lines of a walk that hang on luck, each with what to take instead."""
    return [
        f"{line.strip()}: {instead}"
        for line in text.splitlines()
        for pattern, instead in BY_LUCK.items()
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize(
    "offence",
    [
        'page.wait_for_load_state("networkidle")',
        "page.mouse.wheel(0, 400)",
        "page.wait_for_timeout(400)",
        "context.set_offline(True)",
        "assert time.monotonic() - begun < 10",
        "expect(page).to_have_url(there, timeout=15_000)",
    ],
)
def test_a_planted_stroke_of_luck_is_found(offence: str) -> None:
    assert by_luck(f"def test_x(page):\n    {offence}\n") != []


def test_no_walk_hangs_on_luck() -> None:
    assert WALKS
    found = [f"{path.name}: {line}" for path in WALKS for line in by_luck(path.read_text("utf-8"))]
    assert found == []
