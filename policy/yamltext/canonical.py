"""The canonical form of a document's text, and its digest.

Canonical: UTF-8 without byte order mark, LF, exactly one newline at the end, at most 1 MiB, no control
characters. A browser's CRLF and an old editor's CR become LF. Canonical text is its own canonical form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from hashlib import sha256

from policy.errors import Finding, Place, SourceError
from policy.messages import Said

LARGEST = 1 << 20
"""Bytes of canonical text that are read at most."""

MOST_BYTES = 2 * LARGEST + 4
"""Bytes worth looking at: more than that cannot become small enough by normalising line ends."""

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters no document may hold: controls (C0 without tab and line ends, C1), the invisible line ends
U+2028 and U+2029, what turns the direction of writing (U+202A to U+202E, U+2066 to U+2069) and what has no width
(U+200B, U+2060, byte order marks inside), since with them a person reads another text than the engine; halves of
surrogate pairs, noncharacters. Joiners (U+200C, U+200D) may stand: some scripts need them within words."""

_MOST_CHARACTERS = 20


def canonical(source: str | bytes, name: str = "<text>") -> str:
    r"""Return the canonical form of a text.

    Args:
        source: The text, or its UTF-8 bytes.
        name: What the places of findings call it.

    Raises:
        SourceError: it is too large, not UTF-8, or holds forbidden characters.

    Example:
        >>> canonical(b"\xef\xbb\xbfowner: sales\r\n\r\n")
        'owner: sales\n'
    """
    if len(source) > MOST_BYTES:
        raise SourceError([_too_large(name, len(source))])
    text = source if isinstance(source, str) else _decoded(source, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    forbidden = list(_forbidden(text, name))
    if forbidden:
        raise SourceError(forbidden)
    size = len(text.encode())
    if size > LARGEST:
        raise SourceError([_too_large(name, size)])
    return text


def digest(text: str) -> str:
    """Return `sha256:` and the hexadecimal digest of a canonical text."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def character_name(character: str) -> str:
    r"""Name an invisible character so that a person can look for it.

    Example:
        >>> character_name("\u2028")
        'U+2028 LINE SEPARATOR'
    """
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _decoded(source: bytes, name: str) -> str:
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        before = source[: error.start].removeprefix(b"\xef\xbb\xbf").decode()
        before = before.replace("\r\n", "\n").replace("\r", "\n")
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        values: dict[str, Said] = {"found": f"0x{source[error.start]:02X}", "offset": error.start}
        raise SourceError([Finding("not-utf-8", place, values)]) from error


def _forbidden(text: str, name: str) -> Iterator[Finding]:
    for number, match in enumerate(FORBIDDEN.finditer(text)):
        if number == _MOST_CHARACTERS:
            return
        before = text[: match.start()]
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        yield Finding("forbidden-character", place, {"found": character_name(match[0])}, 1)


def _too_large(name: str, size: int) -> Finding:
    return Finding("too-large", Place(name, 1, 1), {"found": size, "limit": LARGEST})
