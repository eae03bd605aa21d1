"""Passwords: kept as argon2id hashes, with the parameters OWASP advises; a weak one is refused with the reason."""

from __future__ import annotations

import secrets
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Makes and checks the hashes; one that was made otherwise is made anew when its password is next used."""

LEAST = 10
"""Characters a password has at least."""

MOST = 200
"""Characters a password has at most, so that nobody has megabytes hashed."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_COMMON = frozenset(
    ("password", "passw0rd", "qwertyuiop", "1234567890", "0123456789", "letmein", "welcome", "fairlead")
)


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "password-short"
    LONG = "password-long"
    NAME = "password-name"
    COMMON = "password-common"
    SAME = "password-same"


def hashed(password: str) -> str:
    """Return the hash of a password, with its salt and parameters."""
    return HASHER.hash(password)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """Return the hash of a password that nobody knows."""
    return hasher.hash(secrets.token_hex(16))


_nobody(HASHER)  # now, so that the first wrong name takes no longer than others


def fits(stored: str | None, password: str) -> bool:
    """Say whether a password is the one of a hash; takes as long where there is none."""
    try:
        HASHER.verify(stored or _nobody(HASHER), password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Say whether a hash was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(stored)


def weakness(password: str, name: str) -> Weakness | None:
    """Return why a password is not good enough for a login, None where it is."""
    if len(password) < LEAST:
        return Weakness.SHORT
    if len(password) > MOST:
        return Weakness.LONG
    small = password.casefold()
    if name.casefold() in small and len(name) > 2:
        return Weakness.NAME
    if any(each in small for each in _COMMON) or len(set(small)) < 4:
        return Weakness.COMMON
    return None


def made_up() -> str:
    """Return a random password that can be read aloud: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
