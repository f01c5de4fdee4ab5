"""The shape of input: a form whose fields clean what they are given and take refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation

from campaign.foundation.addresses import email_address
from campaign.foundation.errors import DomainError, Refused
from campaign.foundation.words import clean_text


class Form(FlaskForm):
    """A form of this house: CSRF-checked, and able to show a refusal at the field it is about."""

    class Meta(FlaskForm.Meta):
        """Read what a form sends and nothing else: JSON could hold anything, however deep."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """The fields and files of the request, as an ordinary form sends them."""
            return None if request.is_json else super().wrap_formdata(form, formdata)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A refusal inside the block becomes an error of its field, or of the whole form.

        Only what a person can mend at the form: anything else goes on up.
        """
        try:
            yield
        except Refused as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal where it belongs."""
        field = self._fields.get(refusal.field or "")
        errors = self.form_errors if field is None else field.errors
        if field is None:
            errors.append(refusal.message)
        else:
            field.errors = [*errors, refusal.message]

    @property
    def once(self) -> str | None:
        """The id of what was sent: the same for the same form with the same answers, and another
        once an answer was changed. None for a form without a ``OnceField``.
        """
        held = self._fields.get("client_uuid")
        if held is None or not held.data:
            return None
        answers = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return str(uuid5(UUID(held.data), repr(sorted(answers.items()))))

    @property
    def code(self) -> int:
        """The status of the page that shows this form: 422 once it was refused."""
        return 422 if self.is_submitted() else 200


class LineField(StringField):
    """One line of clean text, between ``least`` and ``most`` characters; None where empty."""

    data: Any

    def __init__(self, label: str, *, most: int, least: int = 0, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most, self.least = most, least

    def pre_validate(self, form: Any) -> None:
        """Clean the text; refuse what cannot be cleaned."""
        self.data = _cleaned(self.data, most=self.most, least=self.least)


class TextField(TextAreaField):
    """Several lines of clean text."""

    data: Any

    def __init__(self, label: str, *, most: int, least: int = 0, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most, self.least = most, least

    def pre_validate(self, form: Any) -> None:
        """Clean the text; refuse what cannot be cleaned."""
        self.data = _cleaned(self.data, most=self.most, least=self.least, lines=True)


class OnceField(HiddenField):
    """The id of one form on one page, so that sending it twice does the thing once."""

    data: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("The form itself", default=lambda: str(uuid4()), **kwargs)

    def pre_validate(self, form: Any) -> None:
        """A UUID, or nothing."""
        try:
            self.data = str(UUID(self.data)) if self.data else None
        except ValueError:
            self.data = None
            raise StopValidation("Open the page once more, and send it again.") from None


class AddressField(EmailField):
    """An email address, lower-cased; its form is checked, its server is not asked."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Normalise the address."""
        text = _cleaned(self.data, most=320)
        if text is None:
            self.data = None
            return
        try:
            self.data = email_address(text)
        except Refused as refusal:
            raise StopValidation(refusal.message) from None


class Needed:
    """A field that must be filled, with a sentence of its own."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms reads it so)

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse an empty field, and keep what its own cleaning already said."""
        if field.errors:
            raise StopValidation()
        if field.data is None or not str(field.data).strip():
            raise StopValidation(self.sentence)


def _cleaned(text: str | None, *, most: int, least: int = 0, lines: bool = False) -> str | None:
    if text is None or not text.strip():
        return None
    try:
        return clean_text(text, most=most, least=least, lines=lines)
    except Refused as refusal:
        raise StopValidation(refusal.message) from None
