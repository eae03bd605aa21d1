"""Types of expressions, as the checker infers them and inputs declare them.

A type says what a value is when it is not null; every type includes null. `AnyType` is "not known" and never
causes a remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NumberType:
    """A decimal number.

    Attributes:
        unit: Currency code or other unit; None means a plain number or not known.
    """

    unit: str | None = None


@dataclass(frozen=True, slots=True)
class StringType:
    """A text.

    Attributes:
        one_of: The only texts it can be, in declared order; None means any.
    """

    one_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BooleanType:
    """True or false."""


@dataclass(frozen=True, slots=True)
class DateType:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class TimeType:
    """A time of day."""


@dataclass(frozen=True, slots=True)
class DateTimeType:
    """A day and a time of it."""


@dataclass(frozen=True, slots=True)
class DaysType:
    """A duration of days, hours, minutes and seconds."""


@dataclass(frozen=True, slots=True)
class MonthsType:
    """A duration of years and months."""


@dataclass(frozen=True, slots=True)
class AnyType:
    """Not known before run time."""


@dataclass(frozen=True, slots=True)
class NullType:
    """Nothing but null."""


@dataclass(frozen=True, slots=True)
class ListType:
    """A list.

    Attributes:
        of: Type of its items.
    """

    of: Type = field(default_factory=AnyType)


@dataclass(frozen=True, slots=True, eq=True)
class ContextType:
    """A context (a group of named values).

    Attributes:
        fields: Type of each entry by name.
    """

    fields: Mapping[str, Type]

    def __hash__(self) -> int:
        return hash(tuple(self.fields))


@dataclass(frozen=True, slots=True)
class RangeType:
    """A range.

    Attributes:
        of: Type of its endpoints.
    """

    of: Type = field(default_factory=AnyType)


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function.

    Attributes:
        parameters: Type of each parameter in order; None when not known.
        result: Type of what it gives.
    """

    parameters: tuple[Type, ...] | None = None
    result: Type = field(default_factory=AnyType)


Type = (
    NumberType
    | StringType
    | BooleanType
    | DateType
    | TimeType
    | DateTimeType
    | DaysType
    | MonthsType
    | ListType
    | ContextType
    | RangeType
    | FunctionType
    | AnyType
    | NullType
)

NUMBER = NumberType()
STRING = StringType()
BOOLEAN = BooleanType()
DATE = DateType()
TIME = TimeType()
DATE_TIME = DateTimeType()
DAYS = DaysType()
MONTHS = MonthsType()
ANY = AnyType()
NULL = NullType()
LIST = ListType()
RANGE = RangeType()
FUNCTION = FunctionType()
CONTEXT = ContextType({})

NAMED: Mapping[str, Type] = {
    "Any": ANY,
    "Null": NULL,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "days and time duration": DAYS,
    "dayTimeDuration": DAYS,
    "years and months duration": MONTHS,
    "yearMonthDuration": MONTHS,
    "list": LIST,
    "context": CONTEXT,
    "range": RANGE,
    "function": FUNCTION,
}
"""Types by the names expressions use in `instance of`."""

_NAMES: Mapping[type, str] = {
    NumberType: "number",
    StringType: "string",
    BooleanType: "boolean",
    DateType: "date",
    TimeType: "time",
    DateTimeType: "date and time",
    DaysType: "days and time duration",
    MonthsType: "years and months duration",
    AnyType: "Any",
    NullType: "null",
}


def type_name(of: Type) -> str:
    """Write a type as expressions name it.

    Example:
        >>> type_name(ListType(NumberType("CNY")))
        'list<number>'
    """
    if isinstance(of, ListType):
        return f"list<{type_name(of.of)}>"
    if isinstance(of, RangeType):
        return f"range<{type_name(of.of)}>"
    if isinstance(of, ContextType):
        inside = ", ".join(f"{name}: {type_name(each)}" for name, each in of.fields.items())
        return f"context<{inside}>" if inside else "context"
    if isinstance(of, FunctionType):
        inside = ", ".join(type_name(each) for each in of.parameters or ())
        return f"function<{inside}> -> {type_name(of.result)}"
    return _NAMES[type(of)]


def joined(one: Type, other: Type) -> Type:
    """Return the type of a value that is one or the other."""
    if one == other or isinstance(other, NullType):
        return one
    if isinstance(one, NullType):
        return other
    return _merged(one, other) if type(one) is type(other) else ANY


def _merged(one: Type, other: Type) -> Type:
    match one, other:
        case ListType(of=first), ListType(of=second):
            return ListType(joined(first, second))
        case RangeType(of=first), RangeType(of=second):
            return RangeType(joined(first, second))
        case StringType(one_of=first_of), StringType(one_of=second_of):
            return StringType(_either(first_of, second_of))
        case NumberType(), NumberType():
            return NUMBER
        case _:
            return ANY


def _either(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if one is None or other is None:
        return None
    return (*one, *(each for each in other if each not in one))
