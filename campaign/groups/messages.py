"""The letter of this room: somebody wrote to the group."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.foundation.carriers import Letter
from campaign.foundation.letters import Writer


@dataclass(frozen=True)
class Mail:
    """How this installation writes letters, and where its pages are."""

    write: Writer
    base_url: str


@dataclass(frozen=True)
class Written:
    """What somebody wrote to a group; they were told that who runs it sees their address."""

    name: str
    email: str
    text: str


def to_the_group(mail: Mail, *, to: str, group: str, slug: str, written: Written) -> Letter:
    """What somebody asked, with the address to answer to; theirs is not shown to the writer."""
    return mail.write(
        "groups/to_the_group",
        to=to,
        subject=f"Somebody wrote to {group}",
        group=group,
        group_url=f"{mail.base_url}/groups/{slug}",
        report_url=f"{mail.base_url}/report?about=group:{slug}",
        name=written.name,
        email=written.email,
        lines=written.text.splitlines(),
    )
