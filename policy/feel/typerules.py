"""What operators, paths and comparisons do to types; and types as sentences name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.feel.values import KINDS, Function, Range
from policy.messages import Said
from policy.values import Text

COMPARABLE = (
    t.NumberType,
    t.StringType,
    t.DateType,
    t.TimeType,
    t.DateTimeType,
    t.DaysType,
    t.MonthsType,
    t.AnyType,
    t.NullType,
)
"""Types whose values have an order."""

CLASSES: Mapping[type, type] = {
    t.NumberType: Decimal,
    t.StringType: str,
    t.BooleanType: bool,
    t.DateType: date,
    t.TimeType: Time,
    t.DateTimeType: DateTime,
    t.DaysType: DaysDuration,
    t.MonthsType: MonthsDuration,
    t.ListType: list,
    t.ContextType: dict,
    t.RangeType: Range,
    t.FunctionType: Function,
    t.NullType: type(None),
}
"""Class of the values of each type."""

OF_CLASS: Mapping[type, t.Type] = {
    Decimal: t.NUMBER,
    str: t.STRING,
    bool: t.BOOLEAN,
    date: t.DATE,
    Time: t.TIME,
    DateTime: t.DATE_TIME,
    DaysDuration: t.DAYS,
    MonthsDuration: t.MONTHS,
    type(None): t.NULL,
}
"""Type of the scalar values of each class."""

_CALENDAR: dict[str, t.Type] = dict.fromkeys(("year", "month", "day", "weekday"), t.NUMBER)
_CLOCK: dict[str, t.Type] = {
    **dict.fromkeys(("hour", "minute", "second"), t.NUMBER),
    "time offset": t.DAYS,
    "timezone": t.STRING,
}
MEMBERS: Mapping[type, Mapping[str, t.Type]] = {
    t.DateType: _CALENDAR,
    t.TimeType: _CLOCK,
    t.DateTimeType: {**_CALENDAR, **_CLOCK},
    t.DaysType: dict.fromkeys(("days", "hours", "minutes", "seconds"), t.NUMBER),
    t.MonthsType: dict.fromkeys(("years", "months"), t.NUMBER),
    t.RangeType: {"start": t.ANY, "end": t.ANY, "start included": t.BOOLEAN, "end included": t.BOOLEAN},
}
"""What a path can read of the values of each type."""


def said(of: t.Type) -> Said:
    """Name the values of a type in a sentence."""
    if isinstance(of, t.AnyType):
        return Text(zh="任意值", en="any value")
    return KINDS[CLASSES[type(of)]]


def said_any(types: Iterable[t.Type]) -> Said:
    """Name the values of any of several types in a sentence."""
    names = [each if isinstance(each, Text) else Text(zh=str(each), en=str(each)) for each in map(said, types)]
    return Text(zh="或".join(each.zh for each in names), en=" or ".join(each.en for each in names))


def items_of(of: t.Type) -> t.Type:
    """Return the type of the items of a list; another value counts as a list of itself."""
    return of.of if isinstance(of, t.ListType) else of


def units_differ(left: t.Type, right: t.Type) -> bool:
    """Say whether both are numbers of known, different units."""
    if not isinstance(left, t.NumberType) or not isinstance(right, t.NumberType):
        return False
    return left.unit is not None and right.unit is not None and left.unit != right.unit


def comparable(left: t.Type, right: t.Type) -> bool:
    """Say whether values of the two types can be equal at all."""
    if isinstance(left, t.AnyType | t.NullType) or isinstance(right, t.AnyType | t.NullType):
        return True
    if isinstance(left, t.ListType) and isinstance(right, t.ListType):
        return comparable(left.of, right.of)
    return type(left) is type(right)


_TEMPORAL = (t.DateType, t.TimeType, t.DateTimeType)
_DURATIONS = (t.DaysType, t.MonthsType)


def arithmetic_type(sign: str, left: t.Type, right: t.Type) -> t.Type | None:
    """Return the type of `left sign right`; None when it has no meaning."""
    if isinstance(left, t.AnyType | t.NullType) or isinstance(right, t.AnyType | t.NullType):
        return _half_known(sign, left, right)
    if isinstance(left, t.NumberType) and isinstance(right, t.NumberType):
        return _number(sign, left, right)
    if sign == "+":
        return _sum(left, right) or _sum(right, left)
    if sign == "-":
        return _difference(left, right)
    if sign == "*":
        return _scaled(left, right) or _scaled(right, left)
    if sign == "/":
        same = isinstance(left, _DURATIONS) and type(left) is type(right)
        return t.NUMBER if same else _scaled(left, right)
    return None


def _half_known(sign: str, left: t.Type, right: t.Type) -> t.Type | None:
    known = right if isinstance(left, t.AnyType | t.NullType) else left
    if isinstance(known, t.BooleanType | t.ListType | t.ContextType | t.RangeType | t.FunctionType):
        return None
    if isinstance(known, t.StringType):
        return t.STRING if sign == "+" else None
    return t.NUMBER if sign == "**" else t.ANY


def _number(sign: str, left: t.NumberType, right: t.NumberType) -> t.Type:
    if sign in ("+", "-"):
        return left if left.unit is not None else right
    if sign == "*":
        return t.NUMBER if left.unit and right.unit else (left if left.unit else right)
    if sign == "/":
        return left if right.unit is None else t.NUMBER
    return t.NUMBER


def _sum(left: t.Type, right: t.Type) -> t.Type | None:
    if isinstance(left, t.StringType) and isinstance(right, t.StringType):
        return t.STRING
    if isinstance(left, _DURATIONS) and type(left) is type(right):
        return left
    if isinstance(left, _TEMPORAL) and isinstance(right, _DURATIONS):
        return None if isinstance(left, t.TimeType) and isinstance(right, t.MonthsType) else left
    return None


def _difference(left: t.Type, right: t.Type) -> t.Type | None:
    days = (t.DateType, t.DateTimeType)
    if isinstance(left, days) and isinstance(right, days):
        return t.DAYS
    if isinstance(left, t.TimeType) and isinstance(right, t.TimeType):
        return t.DAYS
    return None if isinstance(left, t.StringType) else _sum(left, right)


def _scaled(duration: t.Type, factor: t.Type) -> t.Type | None:
    return duration if isinstance(duration, _DURATIONS) and isinstance(factor, t.NumberType) else None


def resolved(written: n.TypeExpression) -> tuple[t.Type | None, str | None]:
    """Return the type an expression writes, or None with the name that is not known."""
    inside: list[t.Type] = []
    for each in (*written.of, *([written.result] if written.result is not None else [])):
        of, unknown = resolved(each)
        if of is None:
            return None, unknown
        inside.append(of)
    if written.name == "list" and inside:
        return t.ListType(inside[0]), None
    if written.name == "range" and inside:
        return t.RangeType(inside[0]), None
    if written.name == "context":
        return t.ContextType(dict(zip(written.keys, inside, strict=True))), None
    if written.name == "function":
        result = inside.pop() if written.result is not None else t.ANY
        return t.FunctionType(tuple(inside), result), None
    of = t.NAMED.get(written.name)
    return (of, None) if of is not None and not inside else (None, written.name)


def is_within(narrow: t.Type, wide: t.Type) -> bool:
    """Say whether every value of one type is of the other."""
    if isinstance(wide, t.AnyType) or isinstance(narrow, t.NullType):
        return True
    match narrow, wide:
        case t.ListType(of=inner), t.ListType(of=outer):
            return is_within(inner, outer)
        case t.RangeType(of=inner), t.RangeType(of=outer):
            return is_within(inner, outer)
        case t.ContextType(fields=has), t.ContextType(fields=asked):
            return all(name in has and is_within(has[name], each) for name, each in asked.items())
        case t.FunctionType(parameters=has), t.FunctionType(parameters=asked):
            return asked is None or len(has or ()) == len(asked)
        case _:
            return type(narrow) is type(wide)
