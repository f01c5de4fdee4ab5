"""The front door: who is it, may they, one transaction a request, and how to answer.

The request is the transaction: an unsafe method that ends below 400 commits once, anything else
rolls back. Beside it only limits, ``last_seen`` and what the audit log notes of looks and refusals
write, each in a short transaction of its own. An endpoint says ``@public`` or ``@needs(…)``; one
that says nothing stops the application from starting. A door that names ``DEVICE`` also lets in a
browser that nobody is signed in on, with a key for the one thing that its address names.
"""

from campaign.foundation.web.answers import go, is_fragment, page, see_other, wants_json
from campaign.foundation.web.cookies import (
    device_token,
    for_everybody,
    forget_device,
    remember_device,
)
from campaign.foundation.web.door import install
from campaign.foundation.web.following import Following
from campaign.foundation.web.geojson import collection
from campaign.foundation.web.marks import (
    DEVICE,
    PUBLIC,
    SIGNED_IN,
    check_every_endpoint,
    keeps_typing,
    lately,
    needs,
    public,
    standing_of,
    takes_files,
)
from campaign.foundation.web.state import (
    House,
    Nobody,
    Visitor,
    db,
    device,
    house,
    limit,
    limit_address,
    limit_of_person,
    note,
    settings,
    undo,
    visitor,
)

__all__ = [
    "DEVICE",
    "PUBLIC",
    "SIGNED_IN",
    "Following",
    "House",
    "Nobody",
    "Visitor",
    "check_every_endpoint",
    "collection",
    "db",
    "device",
    "device_token",
    "for_everybody",
    "forget_device",
    "go",
    "house",
    "install",
    "is_fragment",
    "keeps_typing",
    "lately",
    "limit",
    "limit_address",
    "limit_of_person",
    "needs",
    "note",
    "page",
    "public",
    "remember_device",
    "see_other",
    "settings",
    "standing_of",
    "takes_files",
    "undo",
    "visitor",
    "wants_json",
]
