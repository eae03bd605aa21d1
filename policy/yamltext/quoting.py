"""How a text is written as a YAML scalar on one line."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\W_][^\x00-\x1f:#,\[\]{}\"'`&*!|>%@\\]*", re.ASCII | re.DOTALL)
_PLAIN_PATH = re.compile(r"[\w.\-\u0080-\U0010ffff]+(?: [\w.\-\u0080-\U0010ffff]+)*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_RESOLVED = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|[-+]?\.?[0-9][0-9_.:eE+\-]*|[-+]?\.(?:inf|nan)|<<|=", re.IGNORECASE
)


def quoted(text: str) -> str:
    r"""Return `text` as a quoted scalar, double quotes before single ones before escapes.

    Example:
        >>> print(quoted("> 0.2"), quoted('"A","B"'), quoted('it\'s "A"'))
        "> 0.2" '"A","B"' "it's \"A\""
    """
    if "\n" in text or "\t" in text:
        return f'"{text.translate(_ESCAPES)}"'
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    return f'"{text.translate(_ESCAPES)}"'
