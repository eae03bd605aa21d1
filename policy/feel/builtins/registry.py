"""The table of built-in functions: signatures as text, checked calls made from them.

A signature reads `name(parameter: kind, optional?: kind, many...: kind) -> result`. Kinds are types, joined by `|`;
`null` among them lets null in, otherwise a null argument gives null with a reason. `many...` takes either one list or
any number of values. The implementations only ever see values of the kinds they name.

As the language asks, a list of one item stands for its item, an item for a list of one, and a day for its midnight
UTC, where only that fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from policy.feel.problems import fail
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.feel.values import Function, Range, charge, kind
from policy.messages import Said

_CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days": (DaysDuration,),
    "months": (MonthsDuration,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
    "null": (type(None),),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in function.

    Attributes:
        name: As written in a call with named arguments.
        kinds: Names of the kinds it takes; empty means any value.
        optional: Whether a call may leave it out.
        many: Whether it takes one list or any number of values.
    """

    name: str
    kinds: tuple[str, ...]
    optional: bool
    many: bool

    @property
    def classes(self) -> frozenset[type] | None:
        """Return the classes of values it takes; None means any."""
        if not self.kinds:
            return None
        return frozenset(each for name in self.kinds for each in _CLASSES[name])


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function.

    Attributes:
        name: Name of the function.
        parameters: In order.
        result: What it gives, as the signature says.
        text: The signature as written.
        call: Takes the arguments by position, of any kind; null with a reason when one does not fit.
        plain: Takes arguments of the kinds it names only.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    text: str
    call: Callable[..., Any]
    plain: Callable[..., Any]

    @property
    def fewest(self) -> int:
        """Return how many arguments it needs."""
        return sum(not each.optional for each in self.parameters)

    @property
    def many(self) -> bool:
        """Say whether its last parameter takes any number of values."""
        return bool(self.parameters) and self.parameters[-1].many

    def takes_whole(self, count: int) -> bool:
        """Say whether the only argument is the list of many itself; a list of lists is always made of them."""
        return count == 1 and len(self.parameters) == 1 and self.parameters[0].kinds != ("list",)

    def takes(self, count: int) -> bool:
        """Say whether it can be called with that many arguments by position."""
        return self.fewest <= count and (self.many or count <= len(self.parameters))

    def order(self, names: tuple[str, ...]) -> tuple[int | None, ...] | None:
        """Return which named argument each parameter gets (None: left out); None when the names do not fit."""
        known = [each.name for each in self.parameters]
        if len(set(names)) != len(names) or not set(names) <= set(known):
            return None
        places = [names.index(name) if name in names else None for name in known]
        while places and places[-1] is None and self.parameters[len(places) - 1].optional:
            places.pop()
        for place, parameter in zip(places, self.parameters, strict=False):
            if place is None and not (parameter.optional and "null" in parameter.kinds):
                return None
        return tuple(places) if len(places) >= self.fewest else None


BUILTINS: dict[str, list[Signature]] = {}
"""Every built-in function by name, each with its signatures."""

KNOWN: dict[str, list[Signature]] = {}
"""Those that policies carry out otherwise, because to them what is missing is unknown."""

_SIGNATURE = re.compile(r"(?P<name>[a-z ]+)\((?P<inside>.*)\) -> (?P<result>.+)")
_PARAMETER = re.compile(r"(?P<name>[A-Za-z0-9 ]+)(?P<mark>\?|\.\.\.)?: (?P<kinds>.+)")


def function(
    text: str, table: dict[str, list[Signature]] = BUILTINS
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter the decorated function into a table under a signature."""
    name, parameters, result = parts_of(text)

    def enter(made: Callable[..., Any]) -> Callable[..., Any]:
        """Enter a function under the signature, its arguments checked, and return it as it was."""
        signature = Signature(name, parameters, result, text, _checked(name, parameters, made), made)
        table.setdefault(name, []).append(signature)
        return made

    return enter


def parts_of(text: str) -> tuple[str, tuple[Parameter, ...], str]:
    """Return name, parameters and result of a signature as written.

    Raises:
        ValueError: it is none.
    """
    found = _SIGNATURE.fullmatch(text)
    if found is None:
        msg = f"not a signature: {text}"
        raise ValueError(msg)
    inside = found["inside"]
    return found["name"], tuple(_parameter(each) for each in inside.split(", ")) if inside else (), found["result"]


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        msg = f"not a parameter: {text}"
        raise ValueError(msg)
    kinds = () if found["kinds"] == "any" else tuple(found["kinds"].split("|"))
    return Parameter(found["name"], kinds, found["mark"] == "?", found["mark"] == "...")


def _checked(name: str, parameters: tuple[Parameter, ...], made: Callable[..., Any]) -> Callable[..., Any]:
    classes = tuple(frozenset([list]) if each.many else each.classes for each in parameters)
    if not any(each is not None for each in classes):
        return made

    def fitted(*arguments: Any) -> Any:
        """Call it with arguments coerced to its parameters, or return null with a reason."""
        return _fitted(name, parameters, classes, made, arguments)

    if all(each is not None and len(each) == 1 for each in classes) and not any(each.optional for each in parameters):
        exact = [next(iter(each or ())) for each in classes]
        if len(exact) == 1:
            return _checked_one(exact[0], made, fitted)
        if len(exact) == 2:
            return _checked_two(exact[0], exact[1], made, fitted)

    def checked(*arguments: Any) -> Any:
        """Call it when each argument is of a class its parameter takes; the items of lists are charged."""
        for argument, allowed in zip(arguments, classes, strict=False):
            if allowed is not None and argument.__class__ not in allowed:
                return fitted(*arguments)
            if argument.__class__ is list:
                charge(len(argument))
        return made(*arguments)

    return checked


def _checked_one(allowed: type, made: Callable[..., Any], fitted: Callable[..., Any]) -> Callable[..., Any]:
    def checked(argument: Any) -> Any:
        """Call it when its only argument is of the class it takes; the items of a list are charged."""
        if argument.__class__ is not allowed:
            return fitted(argument)
        if argument.__class__ is list:
            charge(len(argument))
        return made(argument)

    return checked


def _checked_two(first: type, second: type, made: Callable[..., Any], fitted: Callable[..., Any]) -> Callable[..., Any]:
    def checked(one: Any, other: Any) -> Any:
        """Call it when both arguments are of the classes it takes; the items of a list are charged."""
        if one.__class__ is not first or other.__class__ is not second:
            return fitted(one, other)
        if one.__class__ is list:
            charge(len(one))
        return made(one, other)

    return checked


def _fitted(
    name: str,
    parameters: tuple[Parameter, ...],
    classes: tuple[frozenset[type] | None, ...],
    made: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> Any:
    fitting = list(arguments)
    for place, (argument, allowed) in enumerate(zip(arguments, classes, strict=False)):
        if allowed is None or argument.__class__ in allowed:
            continue
        fitting[place] = _coerced(argument, allowed)
        if fitting[place].__class__ not in allowed:
            return _refuse(name, parameters[place], argument)
    return made(*fitting)


def _coerced(argument: Any, allowed: frozenset[type]) -> Any:
    if argument.__class__ is list and len(argument) == 1:
        argument = argument[0]
    if argument.__class__ is date and date not in allowed and DateTime in allowed:
        return DateTime(argument, 0, 0)
    if argument is not None and argument.__class__ not in allowed and list in allowed:
        return [argument]
    return argument


def _refuse(name: str, parameter: Parameter, argument: Any) -> Any:
    if argument is None:
        return fail("feel-null-argument", function=name, parameter=parameter.name)
    expected: Said = tuple(parameter.kinds) or ("list",)
    return fail("feel-wrong-argument", function=name, parameter=parameter.name, found=kind(argument), expected=expected)


def as_value(name: str) -> Function:
    """Return a built-in function as a value to hand on."""
    signatures = BUILTINS[name]

    def apply(*arguments: Any) -> Any:
        """Call the function by position; null with a reason where no signature takes so many arguments."""
        function, signature = chosen(name, len(arguments))
        if signature is None:
            return fail("feel-argument-count-of", function=name, found=len(arguments))
        return function(*packed(signature, arguments))

    def arrange(arguments: tuple[Any, ...], names: tuple[str, ...]) -> tuple[Any, ...] | None:
        """Return arguments given by name in the order of the parameters, None where no signature has the names."""
        for signature in signatures:
            order = signature.order(names)
            if order is not None:
                return tuple(None if place is None else arguments[place] for place in order)
        return None

    return Function(name, None, apply, arrange)


def packed(signature: Signature, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments as its call takes them: what goes into the last parameter of many as one list."""
    if not signature.many:
        return arguments
    before = len(signature.parameters) - 1
    if signature.takes_whole(len(arguments)):
        return arguments
    return (*arguments[:before], list(arguments[before:]))


@lru_cache(maxsize=1024)
def chosen(name: str, count: int, *, known: bool = False) -> tuple[Callable[..., Any], Signature | None]:
    """Return what carries out a call with `count` arguments by position, and the signature it goes by.

    With `known`, what is missing is unknown to it.

    Where several signatures take that many, the classes of the arguments choose at run time.
    """
    fitting = [each for each in (KNOWN if known else BUILTINS)[name] if each.takes(count)]
    if len(fitting) < 2:
        return (fitting[0].call, fitting[0]) if fitting else (_nothing, None)
    classes = [tuple(parameter.classes for parameter in each.parameters) for each in fitting]

    def choose(*arguments: Any) -> Any:
        """Call the first signature that takes the classes of the arguments, else the first that takes them coerced."""
        for signature, allowed in zip(fitting, classes, strict=True):
            if all(each is None or value.__class__ in each for value, each in zip(arguments, allowed, strict=False)):
                return signature.call(*arguments)
        for signature, allowed in zip(fitting, classes, strict=True):
            coerced = zip(arguments, allowed, strict=False)
            if all(each is None or _coerced(value, each).__class__ in each for value, each in coerced):
                return signature.call(*arguments)
        return fitting[0].call(*arguments)

    return choose, fitting[0]


def _nothing(*_arguments: Any) -> None:
    return None
