r"""Regular expressions so plain that Python's own engine carries them out in linear time, with the same meaning as RE2.

They begin with `^` and are a sequence of ASCII signs and classes, each as often as `{n}` says; only the last may be
repeated openly, and nothing can follow it but `$`. So nothing is ever tried twice. `?` is none of the signs: it stands
for what RE2 cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_ESCAPED = r"\\[dw.+*()\[\]{}^$|\\-]"
_MEMBER = rf"[0-9]-[0-9]|[A-Za-z]-[A-Za-z]|[A-Za-z0-9_ .,/@:#]|{_ESCAPED}"
_PART = rf"(?:[A-Za-z0-9_ ,/@:#-]|{_ESCAPED}|\[(?:{_MEMBER})+\])"
_PLAIN = re.compile(rf"(\^(?:{_PART}(?:\{{[0-9]+\}})?)*(?:{_PART}(?:[*+?]|\{{[0-9]+,[0-9]*\}}))?)(\$?)")


def matching(pattern: str) -> Callable[[str], Any] | None:
    """Return what finds a pattern that RE2 accepts, without flags, in a text; None where it is not plain.

    It gives None where the pattern is not found.
    """
    found = _PLAIN.fullmatch(pattern)
    if found is None:
        return None
    # a `$` of Python's also matches before a line's end
    return re.compile(found[1] + (r"\Z" if found[2] else ""), re.ASCII).match
