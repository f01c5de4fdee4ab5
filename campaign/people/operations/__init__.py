"""What is written about persons: accounts, sign-in, roles, numbers, do-not-call, erasure."""

from campaign.people.operations.accounts import (
    close_sign_in,
    entrust,
    grant,
    insert_or_leave,
    know_number,
    meet,
    note_person,
    note_ringing,
    open_sign_in,
    rename,
    suppress,
    touch_sign_in,
    use_link,
    write_link,
)
from campaign.people.operations.again import (
    Again,
    erase_addresses_again,
    erase_numbers_again,
    erase_people_again,
    meant,
)
from campaign.people.operations.erasing import drop_unheld, erase, export
from campaign.people.operations.reached import (
    erase_address,
    erase_number,
    export_address,
    export_number,
)

__all__ = [
    "Again",
    "close_sign_in",
    "drop_unheld",
    "entrust",
    "erase",
    "erase_address",
    "erase_addresses_again",
    "erase_number",
    "erase_numbers_again",
    "erase_people_again",
    "export",
    "export_address",
    "export_number",
    "grant",
    "insert_or_leave",
    "know_number",
    "meant",
    "meet",
    "note_person",
    "note_ringing",
    "open_sign_in",
    "rename",
    "suppress",
    "touch_sign_in",
    "use_link",
    "write_link",
]
