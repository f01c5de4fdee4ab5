"""A page as a program reads it: its forms, with what a browser would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlsplit

from campaign.foundation.errors import Refused


@dataclass
class Form:
    """A form: where it goes, what stands in it, what can be chosen, and its buttons."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """An answer of the site."""

    status: int
    path: str
    text: str

    @cached_property
    def forms(self) -> list[Form]:
        """The forms that post, in the order of the page."""
        reader = _Reader(self.path)
        reader.feed(self.text)
        return reader.forms

    def form(self, ending: str) -> Form:
        """The first form whose action ends so; Refused where the page has none."""
        for one in self.forms:
            if urlsplit(one.action).path.endswith(ending):
                return one
        raise Refused(f"The page {self.path} ({self.status}) has no form for …{ending}.")

    def has(self, ending: str) -> bool:
        """Whether there is such a form."""
        return any(urlsplit(one.action).path.endswith(ending) for one in self.forms)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(held.get("action") or self.path)
            if held.get("method", "").lower() == "post":
                self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "button":
            self._open.buttons.append((held.get("name", ""), held.get("value", "")))
        elif tag == "select":
            self._select = held.get("name", "")
        elif tag == "option" and self._select:
            self._option(held)
        elif tag in ("input", "textarea") and "disabled" not in held:
            self._field(held)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def _option(self, held: dict[str, str]) -> None:
        assert self._open is not None
        self._open.choices.setdefault(self._select, []).append(held.get("value", ""))
        if "selected" in held:
            self._open.values[self._select] = held.get("value", "")

    def _field(self, held: dict[str, str]) -> None:
        assert self._open is not None
        name, kind = held.get("name", ""), held.get("type", "text")
        if not name:
            return
        if kind not in ("radio", "checkbox"):
            self._open.values[name] = held.get("value", "")
            return
        self._open.choices.setdefault(name, []).append(held.get("value", "on"))
        if "checked" in held:
            self._open.values[name] = held.get("value", "on")
