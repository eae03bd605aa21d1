"""Writes arithmetic, comparisons, logic and `if`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel import operations as op
from policy.feel import types as t
from policy.feel.temporal import DaysDuration
from policy.feel.typerules import CLASSES
from policy.feel.values import LONG_TEXT, MANY
from policy.feel.writing.code import NULL, Code, constant_code
from policy.feel.writing.figures import ANY_OPERATIONS, are_numbers, guarded, write_compared, write_figure
from policy.feel.writing.folding import folded

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

_ORDERS: dict[str, tuple[str, str]] = {
    "<": ("<", "_less"),
    "<=": ("<=", "_at_most"),
    ">": (">", "_more"),
    ">=": (">=", "_at_least"),
}
_CALENDAR = (date.max - date.min).days
_ORDERED = (t.NumberType, t.StringType, t.DateType, t.DaysType, t.MonthsType)
EQUATED = (*_ORDERED, t.BooleanType)
"""Types whose values Python compares as the language does, by `==`."""


def write_negation(emitter: Emitter, node: n.Negation) -> Code:
    """Write a minus."""
    if are_numbers(emitter, node.operand):
        return write_figure(emitter, node)
    return folded(emitter, "_negate", op.negate, emitter.emit(node.operand))


def write_arithmetic(emitter: Emitter, node: n.Arithmetic) -> Code:
    """Write an arithmetic operation."""
    if node.sign != "**" and are_numbers(emitter, node.left, node.right):
        return write_figure(emitter, node)
    left, right = emitter.emit(node.left), emitter.emit(node.right)
    name, function = ANY_OPERATIONS[node.sign]
    classes = [CLASSES.get(type(emitter.type_of(each)), object) for each in (node.left, node.right)]
    known = op.operation(node.sign, *classes)
    if known is None or (left.is_constant and right.is_constant):
        return folded(emitter, name, function, left, right)
    if classes == [date, DaysDuration] and right.constant.__class__ is DaysDuration:
        return _later(emitter, node.sign, left, op.whole_days(node.sign, right.constant))
    return _operation(emitter, node.sign, f"{emitter.bound(known)}({{}}, {{}})", left, right)


def _later(emitter: Emitter, sign: str, day: Code, days: int) -> Code:
    """Write the day so many days later."""
    if abs(days) > _CALENDAR:
        return _operation(emitter, sign, f"_days_after({{}}, {days})", day)
    first, again = emitter.twice(day)
    delta = timedelta(days)
    last = f"> {emitter.bound(date.max - delta)}" if days > 0 else f"< {emitter.bound(date.min - delta)}"
    missing = () if day.definite else ((f"{first} is None", f"_fail('feel-null-operand', sign={sign!r})"),)
    beyond = (f"{first if day.definite else again} {last}", "_fail('feel-year-out-of-range')")
    return Code(guarded((*missing, beyond), f"{again} + {emitter.bound(delta)}").source)


def _operation(emitter: Emitter, sign: str, written: str, *codes: Code) -> Code:
    """Write an operation on values of known types other than numbers."""
    guards, sources = [], []
    for code in codes:
        first, again = (code.source, code.source) if code.definite else emitter.twice(code)
        sources.append(again)
        if not code.definite:
            guards.append((f"{first} is None", f"_fail('feel-null-operand', sign={sign!r})"))
    return Code(guarded(tuple(guards), written.format(*sources)).source)


def write_comparison(emitter: Emitter, node: n.Comparison) -> Code:
    """Write a comparison."""
    if node.sign in _ORDERS or emitter.missing == "unknown":
        sign = {"=": "=="}.get(node.sign, node.sign)
        noted = node.sign if node.sign in _ORDERS else ""
        numbers = write_compared(emitter, sign, (node.left, node.right), _missing(emitter, noted))
        if numbers is not None:
            return numbers
    left, right = emitter.emit(node.left), emitter.emit(node.right)
    return compared(emitter, node.sign, left, right, emitter.type_of(node.left), emitter.type_of(node.right))


def compared(emitter: Emitter, sign: str, left: Code, right: Code, *of: t.Type) -> Code:
    """Write a comparison of two codes of the given types."""
    if sign in ("=", "!="):
        return _equated(emitter, sign, left, right, *of)
    inline, name = _ORDERS[sign]
    if type(of[0]) is type(of[1]) and isinstance(of[0], _ORDERED) and not _may_be_long(emitter, of[0], left, right):
        return _inline(emitter, inline, left, right, noted=sign)
    return Code(f"{name}({left.source}, {right.source})")


def _equated(emitter: Emitter, sign: str, left: Code, right: Code, *of: t.Type) -> Code:
    if left.constant is None or right.constant is None:
        other = right if left.constant is None else left
        if other.definite or other.is_constant:
            return constant_code(other.constant is None if sign == "=" else other.constant is not None) or NULL
        return Code(f"({other.source} is {'not ' * (sign == '!=')}None)", definite=True)
    inline = "==" if sign == "=" else "!="
    known = "known_" if emitter.missing == "unknown" else ""
    function = f"_{known}{'equal' if sign == '=' else 'unequal'}"
    if type(of[0]) is type(of[1]) and isinstance(of[0], EQUATED):
        may_be_long = _may_be_long(emitter, of[0], left, right)
        if emitter.missing == "unknown":
            return _inline(emitter, inline, left, right, noted="", long=function if may_be_long else "")
        if not may_be_long:
            return Code(f"({left.source} {inline} {right.source})", definite=True)
    return Code(f"{function}({left.source}, {right.source})")


def _may_be_long(emitter: Emitter, of: t.Type, left: Code, right: Code) -> bool:
    """Say whether a loop may compare long texts; a function charges for them."""
    if not emitter.loops or not isinstance(of, t.StringType):
        return False
    return not any(each.constant.__class__ is str and len(each.constant) <= LONG_TEXT for each in (left, right))


def _inline(emitter: Emitter, inline: str, left: Code, right: Code, *, noted: str, long: str = "") -> Code:
    """Write an operation on two codes by Python's own.

    Args:
        emitter: Writes.
        inline: Python's operator.
        left: Before it.
        right: After it.
        noted: The operation that is noted where one of them is missing; empty: none is.
        long: The function that long texts are left to; empty: there are none.
    """
    checks = []
    sides = []
    for code in (left, right):
        if code.definite:
            sides.append(code.source)
        else:
            check, again = emitter.unless_null(code)
            checks.append(check)
            sides.append(again)
    whole = f"{sides[0]} {inline} {sides[1]}"
    if long and len(set(emitter.twice(Code(sides[1])))) > 1:  # it would have to be written twice
        whole = f"{long}({sides[0]}, {sides[1]})"
    elif long:
        first, again = emitter.twice(Code(sides[0]))
        whole = f"{again} {inline} {sides[1]} if len({first}) <= {LONG_TEXT} else {long}({again}, {sides[1]})"
    if not checks:
        return Code(f"({whole})", definite=True)
    return Code(f"({_missing(emitter, noted)} if {' or '.join(checks)} else {whole})")


def _missing(emitter: Emitter, sign: str) -> str:
    return f"_fail('feel-null-operand', sign={sign!r})" if sign and emitter.missing == "null" else "None"


def contained(emitter: Emitter, items: Code, value: Code, items_of: t.Type, of: t.Type) -> Code | None:
    """Write whether a list of a known sort contains a value of the same; None where that is not known.

    Inside loops long lists are left to a function that charges for them.
    """
    alike = isinstance(items_of, t.ListType) and type(items_of.of) is type(of) and isinstance(of, EQUATED)
    if not alike or value.constant is None or (emitter.scopes and emitter.missing == "null"):
        return None
    listed, again = emitter.twice(items)
    if emitter.missing == "null":
        return Code(f"({_missing(emitter, 'in')} if {listed} is None else {value.source} in {again})")
    found = f"True if {{}} in {again} else None if None in {again} else False"
    if value.definite:
        found = found.format(value.source)
    else:
        first, sought = emitter.twice(value)
        # nothing is compared with the items of an empty list
        found = f"(None if {again} else False) if {first} is None else {found.format(sought)}"
    if emitter.scopes:
        found = f"_list_contains({again}, {value.source}) if len({again}) > {MANY} else {found}"
    return Code(f"(None if {listed} is None else {found})")


def write_both(emitter: Emitter, node: n.Both) -> Code:
    """Write three-valued `and`."""
    return emitter.all_of([emitter.truth(part) for part in node.parts])


def write_either(emitter: Emitter, node: n.Either) -> Code:
    """Write three-valued `or`."""
    return emitter.any_of([emitter.truth(part) for part in node.parts])


def write_if(emitter: Emitter, node: n.If) -> Code:
    """Write `if`; unknown gives unknown in the reading of policies."""
    test = emitter.truth(node.test)
    yes, no = emitter.emit(node.yes), emitter.emit(node.no)
    definite = yes.definite and no.definite
    if test.definite or emitter.missing == "null":
        return Code(f"({yes.source} if {test.source} else {no.source})", definite=definite)
    first, again = emitter.twice(test)
    return Code(f"({yes.source} if {first} else None if {again} is None else {no.source})")


def write_between(emitter: Emitter, node: n.Between) -> Code:
    """Write `between`."""
    value = emitter.emit(node.value)
    low, high = emitter.emit(node.low), emitter.emit(node.high)
    types = tuple(emitter.type_of(each) for each in (node.value, node.low, node.high))
    return held(emitter, value, lambda bound: spanned(emitter, bound, (low, high), ("<=", "<="), types))


def held(emitter: Emitter, value: Code, write: Callable[[Code], Code]) -> Code:
    """Write something that reads `value` several times, so that it is computed once."""
    first, again = emitter.twice(value)
    if first == again:
        return write(value)
    code = write(Code(again, definite=value.definite))
    if again not in code.source:
        return code
    return Code(f"({first}, {code.source})[1]", definite=code.definite)


def spanned(
    emitter: Emitter, value: Code, ends: tuple[Code, Code], signs: tuple[str, str], types: tuple[t.Type, ...]
) -> Code:
    """Write whether a value lies between two ends; the signs stand between low end, value and high end."""
    low, high = ends
    alike = all(type(of) is type(types[0]) for of in types) and isinstance(types[0], _ORDERED)
    if alike and low.definite and high.definite and not _may_be_long(emitter, types[0], low, high):
        whole = f"{low.source} {signs[0]} {value.source} {signs[1]} {high.source}"
        if value.definite:
            return Code(f"({whole})", definite=True)
        return Code(f"({_missing(emitter, 'in')} if {value.source} is None else {whole})")
    above = compared(emitter, ">=" if signs[0] == "<=" else ">", value, low, types[0], types[1])
    return emitter.all_of([above, compared(emitter, signs[1], value, high, types[0], types[2])])
