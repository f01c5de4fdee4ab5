"""A hall without internet: one laptop, one hotspot, and phones that come by plain http.

Over the hall's own network travels one cookie, that of a phone in its room. Everything else of the
site stays on the laptop itself or on https.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import closing
from typing import TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
# What may be a hall: the ranges that no router of the internet forwards (RFC 1918, RFC 4193), and
# this machine itself, to try it.
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "127.0.0.0/8")
# The pages of a phone and of the projector, and what they are made of. The desk and who opens the
# door for others need a sign-in, and a sign-in does not travel here.
OPEN = re.compile(
    r"/m(/[A-Za-z]{6}(?!/(desk|door|incidents|people|exports?)(/|$)).*)?"
    r"|/static/.+|/brand\.css|/tiles/.+|/maps/\w+\.js|/privacy|/report(/sent|/follow)?"
)
REFUSED = (
    "Over the hall’s own network only the pages of the meetup are open. Open this one on the "
    "laptop itself, or over https."
)


def network(text: str) -> Network | None:
    """The range of a setting; None for an empty one. ValueError for what is no private range."""
    if not text.strip():
        return None
    found = ipaddress.ip_network(text.strip(), strict=False)
    if not any(_within(found, ipaddress.ip_network(one)) for one in PRIVATE):
        raise ValueError("not private")
    return found


def _within(one: Network, other: Network) -> bool:
    if isinstance(one, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return one.subnet_of(other)
    if isinstance(one, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return one.subnet_of(other)
    return False


def is_inside(host: str, hall: Network | None) -> bool:
    """Whether the host of a request, with or without its port, is an address of the hall."""
    if hall is None:
        return False
    bare = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    try:
        return ipaddress.ip_address(bare) in hall
    except ValueError:
        return False


def own_address(hall: Network) -> str | None:
    """This machine's address in the hall, to write into the QR code; None where it has none.

    The socket is only asked by which address it would go out: nothing is sent.
    """
    family = socket.AF_INET6 if hall.version == 6 else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as asked:
        try:
            asked.connect((str(hall.network_address + (hall.num_addresses > 1)), 9))
            address = str(asked.getsockname()[0])
        except OSError:
            return None
    if not is_inside(f"[{address}]" if hall.version == 6 else address, hall):
        return None
    return f"[{address}]" if hall.version == 6 else address
