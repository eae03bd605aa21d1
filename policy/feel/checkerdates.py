"""Tells a day that somebody wrote bare, such as `2026-01-01`, from the subtraction it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel import types as t

if TYPE_CHECKING:
    from policy.feel.checker import Checker

_EXAMPLE = 'date("2026-03-01")'


def bare_date(checker: Checker, beside: t.Type, node: n.Node) -> bool:
    """Remark on days written bare where they are held against a day; say whether there was one."""
    if not isinstance(beside, t.DateType | t.DateTimeType):
        return False
    ends = (node.low, node.high) if isinstance(node, n.Range) else (node,)
    found = [(end, numbers) for end in ends if (numbers := _numbers(end))]
    for end, (sign, year, month, day) in found:
        written = f"{year}{sign}{month:02}{sign}{day:02}"
        try:
            meant = date(year, month, day)
        except ValueError:
            checker.remark("feel-no-day", end, found=written, example=_EXAMPLE)
        else:
            checker.remark("feel-bare-date", end, found=written, expected=f'date("{meant.isoformat()}")')
    return bool(found)


def _numbers(node: n.Node) -> tuple[str, int, int, int] | None:
    """Return the sign between them, year, month and day; None where it cannot be a day."""
    if not isinstance(node, n.Arithmetic) or not isinstance(node.left, n.Arithmetic) or node.sign not in ("-", "/"):
        return None
    parts = [_whole(each) for each in (node.left.left, node.left.right, node.right)]
    year, month, day = parts
    if node.left.sign != node.sign or year is None or month is None or day is None or not 1000 <= year <= 9999:
        return None
    return (node.sign, year, month, day) if month < 100 and day < 100 else None


def _whole(node: n.Node) -> int | None:
    value = node.value if isinstance(node, n.Literal) else None
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else None
