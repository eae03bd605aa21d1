"""How values are written as YAML: plain where YAML reads them back as they are, else quoted; mappings on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from policy.reader.scalars import is_number
from policy.values import Text, plain
from policy.yamltext import FORBIDDEN, MapNode, Node, ScalarNode, compose, double_quoted, is_read_elsewhere, quoted

Value = str | bool | int | Decimal | Text | Sequence["Value"] | Mapping[str, "Value"]
"""A value to be written: a `str` is text, also where it reads like a number; decimals keep their digits."""


def typed(written: str) -> Value:
    """Return what a person means by what they type where numbers and texts are both allowed: a cell, an expression.

    Example:
        >>> typed("0.20"), typed("true"), typed("> 0.2")
        (Decimal('0.20'), True, '> 0.2')
    """
    if is_number(written):
        return Decimal(written)
    return written == "true" if written in {"true", "false"} else written


def flow(value: Value) -> str:
    """Write a value on one line, as it may stand inside brackets.

    Example:
        >>> flow({"id": "a", "when": {"order.discount": "> 0.2", "tier": ["B", "C"]}, "n": Decimal("0.50")})
        '{id: a, when: {order.discount: "> 0.2", tier: [B, C]}, n: 0.50}'
    """
    match value:
        case Text(zh=zh, en=en):
            return flow(zh if zh == en else {"zh": zh, "en": en})
        case str():
            return value if is_plain(value, inside=True) else quoted(value)
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return plain(Decimal(value))
        case Mapping():
            return f"{{{', '.join(pair(key, each) for key, each in value.items())}}}"
        case _:
            return f"[{', '.join(map(flow, value))}]"


def pair(key: str, value: Value) -> str:
    """Write a key with its value on one line."""
    return f"{flow(key)}: {flow(value)}"


def scalar(value: Value, old: Node | None, indent: int) -> str:
    """Write a value in the place of an old one: in its quotes where these were the author's choice.

    Args:
        value: The value; mappings and lists are written on one line.
        old: What stood there; None where nothing did.
        indent: Spaces before further lines of a text that has several; negative inside brackets.
    """
    if not isinstance(value, str):
        return flow(value)
    inside = indent < 0
    if "\n" in value and not inside and _fits_a_block(value):
        return _block(value, indent)
    if isinstance(old, ScalarNode) and old.style in {"'", '"'} and is_plain(old.value, inside=inside):
        return _in_quotes(value, old.style)
    return value if is_plain(value, inside=inside) else quoted(value)


def is_plain(text: str, *, inside: bool) -> bool:
    """Say whether YAML reads a text back as it is, and as text, without quotes.

    Args:
        text: The text.
        inside: Whether it stands inside brackets.
    """
    if "\n" in text or FORBIDDEN.search(text) or is_number(text) or text in {"true", "false"}:
        return False
    composed = compose(f"{{a: {text}, b: c}}\n" if inside else f"a: {text}\n", "")
    if composed.collector.findings or not isinstance(composed.root, MapNode):
        return False
    if not is_read_elsewhere(f"{{a: {text}, {text}: b}}"):
        return False
    node = composed.root.get("a")
    return isinstance(node, ScalarNode) and not node.style and node.value == text and not node.is_null


def _in_quotes(text: str, quote: str) -> str:
    if quote == "'" and "\n" not in text and "\t" not in text:
        return "'" + text.replace("'", "''") + "'"
    return double_quoted(text)


def _fits_a_block(text: str) -> bool:
    """Say whether a text of several lines can be written as a literal block with default indentation."""
    lines = text.split("\n")
    return lines[0].strip() != "" and not lines[0].startswith((" ", "\t")) and not text.endswith("\n\n")


def _block(text: str, indent: int) -> str:
    chomping = "" if text.endswith("\n") else "-"
    lines = text.removesuffix("\n").split("\n")
    return f"|{chomping}\n" + "\n".join(" " * indent + line if line else "" for line in lines)
