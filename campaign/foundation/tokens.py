"""Random names and keys: what a URL shows, and what opens a door."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import secrets

# No 0/O, 1/l/I: an id is read out over the telephone now and then.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_PUBLIC_IDS = len(ALPHABET) ** 10


def public_id() -> str:
    """Ten characters for a URL (about 49 bits), never a sequence."""
    number, signs = secrets.randbelow(_PUBLIC_IDS), ""
    for _ in range(10):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return signs


def public_id_by(dice: random.Random) -> str:
    """A public id thrown with given dice: the demo is the same each time."""
    return "".join(dice.choice(ALPHABET) for _ in range(10))


def secret() -> str:
    """A key for a mailed link or a sign-in session: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def fingerprint(key: str) -> str:
    """What the database keeps of a key. Keys are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def derived(what: str, *, secret: str) -> str:
    """A key that is the same for the same thing, and that nobody without the secret can make."""
    made = hmac.new(secret.encode(), what.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
