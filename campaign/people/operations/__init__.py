"""What is written about persons: accounts, sign-in, roles, numbers, do-not-call, erasure."""

from campaign.people.operations.accounts import (
    close_sign_in,
    entrust,
    grant,
    insert_or_leave,
    know_number,
    meet,
    note_person,
    open_sign_in,
    rename,
    suppress,
    touch_sign_in,
    use_link,
    write_link,
)
from campaign.people.operations.erasing import drop_unheld, erase, export

__all__ = [
    "close_sign_in",
    "drop_unheld",
    "entrust",
    "erase",
    "export",
    "grant",
    "insert_or_leave",
    "know_number",
    "meet",
    "note_person",
    "open_sign_in",
    "rename",
    "suppress",
    "touch_sign_in",
    "use_link",
    "write_link",
]
