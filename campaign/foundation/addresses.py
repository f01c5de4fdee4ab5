"""Email addresses: their form is checked, their server is not asked."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from campaign.foundation.errors import Refused


def email_address(text: str) -> str:
    """The address as it is kept: normalised, in lower case. Refused where it cannot be one.

    Addresses of the demo end in .example, which the library calls special: their form is
    checked under another ending.
    """
    kept = text.strip().lower()
    made_up = kept.endswith(".example")
    asked = f"{kept.removesuffix('.example')}.org" if made_up else kept
    try:
        found = validate_email(asked, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Refused(
            "This does not look like an email address: write it like name@example.org."
        ) from None
    normal = found.normalized.lower()
    return f"{normal.removesuffix('.org')}.example" if made_up else normal
