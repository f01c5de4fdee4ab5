"""Writing letters: a pair of templates (.txt and .html) becomes one letter with the imprint."""

from __future__ import annotations

from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from campaign.foundation.carriers import Letter
from campaign.foundation.settings import Settings, files_folder


class Writer(Protocol):
    """Writes the letter that a template names."""

    def __call__(self, template: str, *, to: str, subject: str, **values: Any) -> Letter:
        """Fill both parts."""


class LetterWriter:
    """Fills ``templates/mail/<name>.txt`` and ``.html``; a value left out is an error."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._templates = Environment(
            loader=FileSystemLoader(files_folder("templates") / "mail"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def __call__(self, template: str, *, to: str, subject: str, **values: Any) -> Letter:
        """Fill both parts with the values and what every letter says about its sender."""
        held = self._settings
        values |= {"movement": held.name, "imprint": held.imprint, "base_url": held.base_url}
        values |= {"subject": subject, "contact_email": held.contact_email}
        parts = {
            ending: self._templates.get_template(f"{template}.{ending}").render(values)
            for ending in ("txt", "html")
        }
        # A line break in a subject would write a header of its own.
        flat = " ".join(subject.split())[:200]
        leaving = str(values.get("unsubscribe_url", ""))
        return Letter(
            to=to, subject=flat, text=parts["txt"], html=parts["html"], unsubscribe=leaving
        )
