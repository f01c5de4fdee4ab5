"""What takes a letter out of the house: an SMTP server, a folder, or memory in tests."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from campaign.foundation import clock, tokens

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Letter:
    """One mail to one person, with its plain and its HTML part.

    ``calendar`` is the text of a calendar file that hangs on it, with its method inside.
    ``unsubscribe`` is the address at which a mail program ends such mail with one click.
    """

    to: str
    subject: str
    text: str
    html: str
    calendar: str | None = None
    unsubscribe: str = ""


class NotNow(Exception):
    """The server is away or says "later": try again."""


class NotAccepted(Exception):
    """The server says "never": trying again helps nobody."""


class Carrier(Protocol):
    """Carries a letter, or raises NotNow or NotAccepted."""

    def carry(self, letter: Letter) -> None:
        """Hand the letter over."""


@dataclass
class MemoryCarrier:
    """Keeps letters in a list: for tests."""

    letters: list[Letter] = field(default_factory=list)

    def carry(self, letter: Letter) -> None:
        """Keep it."""
        self.letters.append(letter)


@dataclass(frozen=True)
class FolderCarrier:
    """Writes each letter as a file: the development mailbox."""

    folder: Path
    sender: str

    def carry(self, letter: Letter) -> None:
        """Write the letter whole, then give it its name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{clock.now():%Y%m%dT%H%M%S%f}-{tokens.public_id()}.eml"
        draft = self.folder / f".{name}"
        draft.write_bytes(as_message(letter, self.sender).as_bytes())
        draft.rename(self.folder / name)


@dataclass(frozen=True)
class SmtpCarrier:
    """Sends through an SMTP server, with TLS wherever the server offers it."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    implicit_tls: bool = False

    def carry(self, letter: Letter) -> None:
        """Send, one connection a letter."""
        try:
            self._send(as_message(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (NotAccepted if min(codes) >= 500 else NotNow)() from error
        except smtplib.SMTPResponseException as error:
            raise (NotAccepted if error.smtp_code >= 500 else NotNow)() from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow() from error

    def _send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        opened = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
            if self.implicit_tls
            else smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        )
        with opened as server:
            server.ehlo()
            if not self.implicit_tls and server.has_extn("starttls"):
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def carrier_for(mail_url: str, sender: str) -> Carrier:
    """The carrier that a mail URL names; ValueError with a sentence for one we do not know."""
    url = urlsplit(mail_url)
    if url.scheme == "memory":
        return MemoryCarrier()
    if url.scheme == "file":
        return FolderCarrier(Path(unquote(url.path)), sender)
    if url.scheme in ("smtp", "smtps") and url.hostname:
        return SmtpCarrier(
            host=url.hostname,
            port=url.port or (465 if url.scheme == "smtps" else 587),
            user=unquote(url.username or ""),
            password=unquote(url.password or ""),
            sender=sender,
            implicit_tls=url.scheme == "smtps",
        )
    raise ValueError("CAMPAIGN_MAIL_URL must be smtp://…, smtps://…, file:///folder or memory:")


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a mail with both parts."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=address.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:  # RFC 8058
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.calendar is not None:
        _hang_on(message, letter.calendar)
    return message


def _hang_on(message: EmailMessage, calendar: str) -> None:
    """The calendar file as an attachment; in base64, so that no server breaks its lines."""
    found = re.search(r"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    message.add_attachment(
        calendar,
        subtype="calendar",
        cte="base64",
        filename="event.ics",
        params={"method": found.group(1) if found else "PUBLISH", "name": "event.ics"},
    )


def letters_in(folder: Path, *, most: int = 100) -> Iterable[tuple[str, EmailMessage]]:
    """The newest letters of a development mailbox, with their file names, newest first."""
    for path in sorted(folder.glob("[!.]*.eml"), reverse=True)[:most]:
        yield path.stem, BytesParser(policy=policy.default).parsebytes(path.read_bytes())
