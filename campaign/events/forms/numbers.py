"""A number as people type it."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation


class PlainNumber:
    """ASCII digits only, within a range; None where empty is fine."""

    def __init__(self, least: int, most: int, sentence: str) -> None:
        self.least, self.most, self.sentence = least, most, sentence

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse anything else, and what WTForms itself could not read."""
        typed = (field.raw_data or [""])[0] or ""
        field.errors = []
        if not typed.strip():
            field.data = field.default
            raise StopValidation()
        plain = typed.strip().isascii() and typed.strip().isdigit() and len(typed) <= 6
        if not plain or not self.least <= int(typed) <= self.most:
            raise StopValidation(self.sentence)
        field.data = int(typed)
