"""Warns of what is written with constants and can only come to nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policy.errors import EvaluationError
from policy.feel import nodes as n
from policy.feel.builtins import BUILTINS
from policy.feel.builtins.registry import chosen, packed
from policy.feel.operations import less, same
from policy.values import decimals

if TYPE_CHECKING:
    from policy.feel.checker import Checker

_DAYS = frozenset(["date", "time", "date and time", "duration"])
_CHEAP = _DAYS | {"years and months duration", "number", "sqrt", "log", "modulo", "decimal"}
"""Functions that are tried out: what they take does not grow with what is written."""


def check_call(checker: Checker, node: n.Call, name: str) -> None:
    """Warn of a call of constants that gives null, such as `date(2026, 13, 1)`."""
    if name not in _CHEAP:
        return
    values = [constant(argument) for argument in node.arguments]
    if values and None not in values and node.names is None and _called(name, values) is None:
        checker.remark("feel-always-null", node, function=name)


def check_divisor(checker: Checker, node: n.Arithmetic) -> None:
    """Warn of a division by a constant zero."""
    divisor = constant(node.right)
    if node.sign == "/" and isinstance(divisor, Decimal) and not divisor:
        checker.remark("feel-zero-divisor", node.right)


def check_position(checker: Checker, node: n.Filter) -> None:
    """Warn of a constant position that no list has."""
    place = constant(node.test)
    if isinstance(place, Decimal) and (not place or decimals(place)):
        checker.remark("feel-no-position", node.test, found=str(place))


def check_span(checker: Checker, node: n.Node) -> None:
    """Warn of a range of constants that nothing lies in, where it is a test."""
    if not isinstance(node, n.Range):
        return
    low, high = constant(node.low), constant(node.high)
    if low is None or high is None:
        return
    closed = node.low_included and node.high_included
    if less(high, low) is True or (same(low, high) is True and not closed):
        checker.remark("feel-empty-range", node)


def constant(node: n.Node) -> Any:
    """Return the value of a literal, of one with a minus, or of a day written out; None for all others."""
    if isinstance(node, n.Literal):
        return node.value
    if isinstance(node, n.Negation):
        value = constant(node.operand)
        return value.copy_negate() if isinstance(value, Decimal) else None
    if isinstance(node, n.Call) and isinstance(node.function, n.Name) and node.function.name in _DAYS:
        values = [constant(argument) for argument in node.arguments]
        return _called(node.function.name, values) if None not in values and node.names is None else None
    return None


def _called(name: str, values: list[Any]) -> Any:
    """Return what a function gives; false where it meets a bound, which it says when it is carried out."""
    function, signature = chosen(name, len(values)) if name in BUILTINS else (None, None)
    if function is None or signature is None:
        return False
    try:
        return function(*packed(signature, tuple(values)))
    except EvaluationError:
        return False
