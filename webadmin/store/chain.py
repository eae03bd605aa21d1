"""Hash chains: each entry's link covers the one before, and a salted digest of the row it stands for.

Without the salt, which lies in the row, a digest says nothing about a row that was emptied: nobody can try out which
name it held.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

SALT = 16
"""Bytes of a salt."""


class Chain(StrEnum):
    """The chains."""

    DECISIONS = "decisions"
    EVENTS = "events"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its number, 0 where there is none, and its link."""

    seq: int
    link: bytes


def beginning(chain: Chain) -> Head:
    """Return what comes before the first entry."""
    return Head(0, hashlib.sha256(f"fairlead {chain}".encode()).digest())


def new_salt() -> bytes:
    """Return a salt of its own for one row."""
    return secrets.token_bytes(SALT)


def digest_of(salt: bytes, body: str) -> bytes:
    """Return the salted digest of a row's body: SHA-256 of the salt and the UTF-8 text."""
    return hashlib.sha256(salt + body.encode()).digest()


def linked(head: Head, chain: Chain, row_id: str, digest: bytes) -> Head:
    """Return the head after one more entry."""
    seq = head.seq + 1
    made = hashlib.sha256(head.link + f"{chain} {seq} {row_id} ".encode() + digest).digest()
    return Head(seq, made)
