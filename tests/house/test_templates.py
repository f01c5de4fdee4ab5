"""Templates compile, and everything they name is there."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, nodes

from campaign.app import create_app
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from tests.house.tree import ROOT, files, name_of

TEMPLATES = ROOT / "templates"
PATHS = list(files("templates"))
LINKS = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@pytest.fixture
def bare(settings: Settings, tmp_path: Path) -> Flask:
    return create_app(settings, Database(f"sqlite:///{tmp_path}/none.db"))


def environment(path: Path) -> Environment:
    """Letters are filled by an environment of their own, whose root is ``mail``."""
    mail = path.is_relative_to(TEMPLATES / "mail")
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "mail" if mail else TEMPLATES), autoescape=True
    )


def tree_of(path: Path) -> nodes.Template:
    return environment(path).parse(path.read_text(encoding="utf-8"))


def test_every_template_compiles(bare: Flask) -> None:
    for path in PATHS:
        if path.is_relative_to(TEMPLATES / "mail"):
            environment(path).get_template(path.relative_to(TEMPLATES / "mail").as_posix())
        else:
            bare.jinja_env.get_template(path.relative_to(TEMPLATES).as_posix())


def linked(path: Path) -> list[str]:
    """The templates that a template extends, includes or imports."""
    found = []
    for node in tree_of(path).find_all(LINKS):
        name = node.template  # type: ignore[attr-defined]
        if isinstance(name, nodes.Const):
            found += [name.value] if isinstance(name.value, str) else list(name.value)
    return found


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_what_a_template_builds_on_exists(path: Path) -> None:
    known = set(environment(path).list_templates())
    assert [name for name in linked(path) if name not in known] == []


def static_names(path: Path) -> list[str]:
    """The static files that a template asks for by a plain name."""
    found = []
    for call in tree_of(path).find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "url_for" and call.args):
            continue
        first = call.args[0]
        if isinstance(first, nodes.Const) and first.value == "static":
            found += [
                word.value.value
                for word in call.kwargs
                if word.key == "filename" and isinstance(word.value, nodes.Const)
            ]
    return found


def test_every_static_file_a_template_names_exists() -> None:
    named = {name for path in PATHS for name in static_names(path)}
    assert "css/base.css" in named
    assert sorted(name for name in named if not (ROOT / "static" / name).is_file()) == []


def test_every_file_a_sheet_or_a_script_names_exists() -> None:
    missing = []
    for path in [*files("static/css", ending=".css"), *files("static/js", ending=".js")]:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"url\([\"']?(?!data:|#)([^)\"']+)", text)
        named += re.findall(r"(?:from|import)\s*\(?[\"'](\.[^\"'`$]+)[\"']", text)
        for name in named:
            if not (path.parent / name.partition("?")[0]).resolve().is_file():
                missing.append(f"{name_of(path)} → {name}")
    assert missing == []


def built_from(path: Path) -> set[Path]:
    """The template and everything it extends, includes or imports."""
    found = {path}
    while more := {TEMPLATES / name for one in found for name in linked(one)} - found:
        found |= more
    return found


def pages() -> list[Path]:
    """The templates that are a page; those of the live room carry only their part of the sheets."""
    return [
        path
        for path in PATHS
        if path.parent.name not in ("layouts", "meetups")
        and not path.is_relative_to(TEMPLATES / "mail")
        and any(True for _ in tree_of(path).find_all(nodes.Extends))
    ]


def classes_in(path: Path) -> set[str]:
    """The classes a template names whole; a name that is put together is left out."""
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "{", path.read_text(encoding="utf-8"))
    words = {word for value in re.findall(r'class="([^"]*)"', text) for word in value.split()}
    return {word for word in words if "{" not in word and not word.startswith("p-")}


def classes_of(sheet: str) -> set[str]:
    """The classes that a sheet gives a look."""
    text = (ROOT / "static" / sheet).read_text(encoding="utf-8")
    return set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", text))


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_a_page_loads_the_sheets_that_its_classes_stand_in(path: Path) -> None:
    parts = built_from(path)
    sheets = {name for part in parts for name in static_names(part) if name.endswith(".css")}
    looks = {name for sheet in sheets for name in classes_of(sheet)}
    assert sorted({name for part in parts for name in classes_in(part)} - looks) == []


def endpoints_in(path: Path) -> set[str]:
    """The endpoints that a template makes an address of by a plain name."""
    return {
        call.args[0].value
        for call in tree_of(path).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name == "url_for"
        and call.args
        and isinstance(call.args[0], nodes.Const)
    }


def test_every_endpoint_a_template_names_exists(bare: Flask) -> None:
    known = set(bare.view_functions)
    named = {(name, name_of(path)) for path in PATHS for name in endpoints_in(path)}
    to_come = () if "phonebanks" in bare.blueprints else ("phonebanks.",)  # still being built
    missing = sorted(
        pair for pair in named if pair[0] not in known and not pair[0].startswith(to_come)
    )
    assert missing == []


def test_every_behaviour_has_its_module_and_every_module_is_used() -> None:
    named: set[str] = set()
    for path in [*PATHS, *files("campaign", ending=".py")]:
        text = path.read_text(encoding="utf-8")
        for value in re.findall(r"data-behaviour[\"']?\s*[=:]\s*[\"']([^\"'{]+)", text):
            named |= set(value.split())
    for path in files("static/js", ending=".js"):  # what other modules build on
        named |= set(re.findall(r"from \"\./(\w+)\.js\"", path.read_text(encoding="utf-8")))
    modules = {path.stem for path in files("static/js/behaviours", ending=".js")} - {"index"}
    assert sorted(named - modules) == [], "named in a template, but there is no such module"
    assert sorted(modules - named) == [], "there is a module that no template names"


def rendered_in_code() -> set[tuple[str, str]]:
    """The templates that routes and messages name."""
    found = set()
    for path in files("campaign", ending=".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and re.fullmatch(r"[a-z_/]+\.html", value):
                found.add((value, name_of(path)))
    return found


def test_every_template_the_code_names_exists() -> None:
    named = rendered_in_code()
    assert ("people/sign_in.html", "campaign/people/routes.py") in named
    assert sorted(pair for pair in named if not (TEMPLATES / pair[0]).is_file()) == []


def test_every_letter_has_both_its_parts() -> None:
    letters = {path.with_suffix("") for path in PATHS if path.is_relative_to(TEMPLATES / "mail")}
    lacking = [
        name_of(letter) + ending
        for letter in letters
        for ending in (".txt", ".html")
        if not letter.with_suffix(ending).is_file()
    ]
    assert lacking == []


def test_no_template_lets_text_through_unescaped() -> None:
    """`safe` and `autoescape false` open a door to scripts: made markup goes through Markup."""
    open_doors = []
    for path in PATHS:
        tree = tree_of(path)
        names = {node.name for node in tree.find_all(nodes.Filter)}
        if "safe" in names or list(tree.find_all(nodes.ScopedEvalContextModifier)):
            open_doors.append(name_of(path))
    assert open_doors == []
