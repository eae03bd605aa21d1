"""Seals a place in a list, so that a caller can go on from there without reading what stands at it.

It is hidden by a key stream and signed (HMAC-SHA-256, a fresh number each time), and opens for the same context only.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

_FRESH, _ID, _SIGN = 13, 16, 16
"""Bytes of the fresh number, of the id, and of the signature."""


class Seal:
    """Seals ids, and opens what it sealed.

    Args:
        secret: What it is done with; who has it can read and make them.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def closed(self, name: str, context: str) -> str:
        """Seal an id; only with the same context it opens again."""
        fresh = secrets.token_bytes(_FRESH)
        hidden = fresh + _mixed(UUID(name).bytes, self._digest(b"hidden", fresh))
        return urlsafe_b64encode(hidden + self._digest(b"signed", hidden, context)[:_SIGN]).decode()

    def opened(self, text: str, context: str) -> str | None:
        """Return the id that was sealed, None where it was not sealed so."""
        try:
            whole = urlsafe_b64decode(text)
        except ValueError:
            return None
        if len(whole) != _FRESH + _ID + _SIGN:
            return None
        hidden, signed = whole[:-_SIGN], whole[-_SIGN:]
        if not hmac.compare_digest(signed, self._digest(b"signed", hidden, context)[:_SIGN]):
            return None
        fresh, mixed = hidden[:_FRESH], hidden[_FRESH:]
        return str(UUID(bytes=_mixed(mixed, self._digest(b"hidden", fresh))))

    def _digest(self, use: bytes, given: bytes, context: str = "") -> bytes:
        return hmac.digest(self._secret, b"cursor:" + use + b":" + given + context.encode(), "sha256")


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
