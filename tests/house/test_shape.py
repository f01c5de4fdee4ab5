"""The shape of the code: sizes, furniture, and calls that belong to one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import CAMPAIGN, ROOT, files, name_of

# What may be called only where it is named; the reason stands beside it.
ONLY_IN = {
    "commit": {
        "campaign/foundation/web/door.py",  # the request is the transaction
        "campaign/foundation/database.py",  # unit_of_work, for tasks and commands
        "campaign/foundation/staging.py",  # the same, with rows laid beside the tables
    },
    "now": {"campaign/foundation/clock.py"},  # one clock, so that it can be turned
    "utcnow": set(),
    "today": set(),
    "print": set(),
}
SELDOM = {"utils", "helpers", "common", "services", "managers", "misc", "tools"}


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The calls that the house keeps in one place, with their lines."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "print":
            yield "print", node.lineno
        if not isinstance(node.func, ast.Attribute):
            continue
        owner = ast.unparse(node.func.value).rpartition(".")[2]
        name = node.func.attr
        if name in ("commit", "utcnow") or (
            name in ("now", "today") and owner in ("datetime", "date")
        ):
            yield name, node.lineno


def strays(path: Path, source: str) -> list[str]:
    """Calls that stand where they may not."""
    return [
        f"{name_of(path)}:{line} calls {name}()"
        for name, line in calls(ast.parse(source))
        if name_of(path) not in ONLY_IN[name]
    ]


def test_commit_now_and_print_stand_only_where_they_belong() -> None:
    assert [
        found
        for path in files("campaign", ending=".py")
        for found in strays(path, path.read_text())
    ] == []


@pytest.mark.parametrize(
    "offence",
    [
        "db.commit()",
        "web.db().commit()",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "datetime.utcnow()",
        "date.today()",
        "print(1)",
    ],
)
def test_a_planted_call_is_found(offence: str) -> None:
    assert strays(CAMPAIGN / "people/operations.py", f"def f():\n    {offence}\n") != []


def test_the_one_clock_is_no_offence() -> None:
    assert strays(CAMPAIGN / "people/operations.py", "clock.now()\nfunc.now()\n") == []


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("folder", "ending", "most"),
    [
        ("campaign", ".py", 300),
        ("tests", ".py", 400),
        ("templates", "", 200),
        ("static/js", ".js", 150),
    ],
)
def test_no_file_outgrows_its_kind(folder: str, ending: str, most: int) -> None:
    found = {name_of(path): lines_of(path) for path in files(folder, ending=ending)}
    assert found
    assert {name: lines for name, lines in found.items() if lines > most} == {}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in files("campaign", ending=".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield f"{name_of(path)}:{node.name}", node


def statements_in(function: ast.FunctionDef) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


def is_route(function: ast.FunctionDef) -> bool:
    return any(
        ast.unparse(mark).startswith(("blueprint.", "web.public", "web.needs", "public", "needs"))
        for mark in function.decorator_list
    )


def test_no_function_has_more_than_fifty_statements() -> None:
    found = {name: statements_in(function) for name, function in functions()}
    assert {name: size for name, size in found.items() if size > 50} == {}


def test_no_route_is_longer_than_twenty_five_lines() -> None:
    routes = {
        name: (function.end_lineno or 0) - function.lineno + 1
        for name, function in functions()
        if is_route(function)
    }
    assert routes
    assert {name: lines for name, lines in routes.items() if lines > 25} == {}


def test_there_is_no_attic() -> None:
    assert [
        name_of(path)
        for path in files("campaign", ending=".py")
        if path.stem in SELDOM | {f"{name}s" for name in SELDOM} or path.parent.name in SELDOM
    ] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in files("campaign", ending=".py")
        if ast.get_docstring(ast.parse(path.read_text())) is None and path.name != "__init__.py"
    ]
    assert silent == []


def test_every_room_has_a_glossary() -> None:
    rooms = [folder for folder in CAMPAIGN.iterdir() if (folder / "__init__.py").exists()]
    silent = [
        name_of(room)
        for room in rooms
        if not ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
    ]
    assert len(rooms) >= 12
    assert silent == []


def test_the_walk_sees_the_tree() -> None:
    assert ROOT / "campaign/app.py" in set(files("campaign", ending=".py"))
