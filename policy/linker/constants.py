"""What can be told of the constants in an expression: bounds they meet, values a field can never have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from policy import feel as language
from policy.errors import EvaluationError
from policy.feel import nodes as n
from policy.feel import types as feel
from policy.feel.builtins import BUILTINS
from policy.feel.checker import Checked
from policy.linker.log import Log
from policy.model.fields import Field
from policy.model.written import Expression
from policy.values import plain, shortest

_CONSTANT = (n.Literal, n.Negation, n.Arithmetic, n.ListLiteral, n.Range, n.Call)
_LONG = (feel.StringType, feel.ListType)
"""Types of what may grow until a bound is met."""


def check_bounds(written: Expression, checked: Checked, log: Log) -> None:
    """Note calls that meet a bound whatever the facts are.

    Args:
        written: The expression.
        checked: The same, checked without a remark.
        log: Takes the findings.
    """
    for call in _constant_calls(checked.node):
        if not any(isinstance(each, n.Call) and isinstance(checked.types.get(each), _LONG) for each in n.walk(call)):
            continue
        try:
            language.evaluate(written.text[call.start : call.end], {})
        except EvaluationError as error:
            log.add(error.code, written.marks.at(call.start), call.end - call.start, **error.values)


def check_literals(written: Expression, tests: n.Tests, field: Field, log: Log) -> None:
    """Note literals of a cell that are finer than its field's scale, and tests its bounds never let hold.

    Args:
        written: The cell.
        tests: The same, read.
        field: What it tests.
        log: Takes the findings.
    """
    for test in _tests(tests.tests):
        fine = [(node, value) for node, value in _literals(test) if _is_finer(value, field)]
        for node, value in fine:
            place, length = written.marks.at(node.start), node.end - node.start
            digits, most = _decimals(value), field.scale or 0
            log.add("value-scale", place, length, found=plain(value), digits=digits, expected=most)
        if not fine and not tests.negated and _never_holds(test, field):
            place, length = written.marks.at(test.start), test.end - test.start
            log.add("cell-out-of-bounds", place, length, name=field.path, **_bounds(field))


def check_reckoned(written: Expression, tests: n.Tests, log: Log) -> None:
    """Note tests of a number that are a sum of constants: `200-500` is no range, it means -300.

    Args:
        written: The cell.
        tests: The same, read.
        log: Takes the findings.
    """
    for test in _tests(tests.tests):
        if not isinstance(test, n.Arithmetic) or not _is_constant(test):
            continue
        text = written.text[test.start : test.end]
        value = _reckoned(text)
        if value is not None:
            ends = _value(test.left), _value(test.right)
            is_span = test.sign == "-" and None not in ends
            example = f"[{plain(ends[0])}..{plain(ends[1])}]" if is_span else "[100..500]"
            place, length = written.marks.at(test.start), len(text)
            log.add("cell-reckoned", place, length, found=text, value=shortest(value), example=example)


def _reckoned(text: str) -> Decimal | None:
    try:
        value = language.evaluate(text, {})
    except EvaluationError:
        return None
    return value if isinstance(value, Decimal) else None


def _constant_calls(node: n.Node) -> Iterator[n.Call]:
    """Yield the outermost calls of built-in functions that know all their arguments."""
    if isinstance(node, n.Call) and _is_constant(node):
        yield node
        return
    for child in n.children(node):
        yield from _constant_calls(child)


def _is_constant(node: n.Node) -> bool:
    if not isinstance(node, _CONSTANT):
        return False
    if isinstance(node, n.Call):
        known = isinstance(node.function, n.Name) and node.function.name in BUILTINS
        return known and all(map(_is_constant, node.arguments))
    return all(map(_is_constant, n.children(node)))


def _tests(tests: tuple[n.Node, ...]) -> Iterator[n.Node]:
    for test in tests:
        if isinstance(test, n.ListLiteral):
            yield from test.items
        else:
            yield test


def _literals(test: n.Node) -> Iterator[tuple[n.Node, Any]]:
    ends = (test.low, test.high) if isinstance(test, n.Range) else (test,)
    for end in ends:
        value = _value(end)
        if value is not None:
            yield end, value


def _value(node: n.Node) -> Any:
    """Return the value of a literal, with the sign or the comparison before it; None of anything else."""
    if isinstance(node, n.UnaryTest):
        return _value(node.operand)
    if isinstance(node, n.Negation):
        value = _value(node.operand)
        return -value if isinstance(value, Decimal) else None
    return node.value if isinstance(node, n.Literal) else None


def _is_finer(value: Any, field: Field) -> bool:
    return isinstance(value, Decimal) and field.scale is not None and _decimals(value) > field.scale


def _decimals(value: Decimal) -> int:
    return len(plain(value).partition(".")[2].rstrip("0"))


def _never_holds(test: n.Node, field: Field) -> bool:
    if isinstance(test, n.Range):
        return _is_above(_value(test.low), field) or _is_below(_value(test.high), field)
    value, sign = _value(test), test.sign if isinstance(test, n.UnaryTest) else "="
    if sign == "!=":
        return False
    above = sign in ("=", ">", ">=") and (_is_above(value, field) or (sign == ">" and value == field.max))
    below = sign in ("=", "<", "<=") and (_is_below(value, field) or (sign == "<" and value == field.min))
    return value is not None and (above or below)


def _is_above(value: Any, field: Field) -> bool:
    return type(value) is type(field.max) and value is not None and bool(value > field.max)


def _is_below(value: Any, field: Field) -> bool:
    return type(value) is type(field.min) and value is not None and bool(value < field.min)


def _bounds(field: Field) -> dict[str, str]:
    def said(bound: Any) -> str:
        """Return a bound as findings say it: `…` where there is none."""
        return "…" if bound is None else shortest(bound) if isinstance(bound, Decimal) else str(bound)

    return {"least": said(field.min), "most": said(field.max)}
