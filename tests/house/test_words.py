"""What may stand nowhere in the tree: addresses of registries, paths of one machine."""

import pytest

from tests.house.tree import files, name_of

# Written in pieces, so that this file is not its own first finding.
FORBIDDEN = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "registry.yarnpkg" + ".com",
    "/wo" + "rk/",
    "/tmp/" + "wt",
    ".." + "/shared",
    "bash" + "_jobs",
]


def findings(text: bytes) -> list[str]:
    return [word for word in FORBIDDEN if word.encode() in text]


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = {name_of(path): findings(path.read_bytes()) for path in files()}
    assert "campaign/app.py" in found
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_planted_word_is_found(word: str) -> None:
    assert findings(f"see https://{word}/simple".encode()) == [word]
