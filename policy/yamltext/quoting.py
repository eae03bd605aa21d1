"""How a text is written as a YAML scalar on one line."""

from __future__ import annotations

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


def quoted(text: str) -> str:
    r"""Return `text` as a quoted scalar, double quotes before single ones before escapes.

    Example:
        >>> print(quoted("> 0.2"), quoted('"A","B"'), quoted('it\'s "A"'))
        "> 0.2" '"A","B"' "it's \"A\""
    """
    if not any(character in text for character in '"\\\n\t'):
        return f'"{text}"'
    if not any(character in text for character in "'\n\t"):
        return f"'{text}'"
    return double_quoted(text)


def double_quoted(text: str) -> str:
    """Return `text` in double quotes, with escapes where they are needed."""
    return f'"{text.translate(_ESCAPES)}"'
