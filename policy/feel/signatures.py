"""Built-in functions in terms of types: which arguments fit, and what a call gives."""

from __future__ import annotations

from policy.feel import types as t
from policy.feel.builtins import Parameter, Signature
from policy.feel.typerules import items_of, said_any
from policy.messages import Said

_KINDS: dict[str, t.Type] = {
    "number": t.NUMBER,
    "string": t.STRING,
    "boolean": t.BOOLEAN,
    "date": t.DATE,
    "time": t.TIME,
    "date and time": t.DATE_TIME,
    "days": t.DAYS,
    "months": t.MONTHS,
    "list": t.LIST,
    "context": t.CONTEXT,
    "range": t.RANGE,
    "function": t.FUNCTION,
    "null": t.NULL,
    "any": t.ANY,
}


def arranged(signature: Signature, types: list[t.Type], names: tuple[str, ...] | None) -> list[tuple[int, Parameter]]:
    """Pair the places of the arguments with the parameters they go to."""
    if names is not None:
        order = signature.order(names) or ()
        pairs = zip(order, signature.parameters, strict=False)
        return [(place, parameter) for place, parameter in pairs if place is not None]
    last = len(signature.parameters) - 1
    return [(place, signature.parameters[min(place, last)]) for place in range(len(types))]


def wrong_argument(
    signature: Signature, types: list[t.Type], names: tuple[str, ...] | None
) -> tuple[int, str, Said] | None:
    """Return the first argument that cannot fit: its place, the parameter's name and what it takes."""
    for place, parameter in arranged(signature, types, names):
        if not _fits(types[place], parameter):
            kinds = [_KINDS[kind] for kind in parameter.kinds if kind != "null"]
            return place, parameter.name, said_any(kinds)
    return None


def _fits(of: t.Type, parameter: Parameter) -> bool:
    if not parameter.kinds or isinstance(of, t.AnyType | t.NullType):
        return True
    kinds = [type(_KINDS[kind]) for kind in parameter.kinds]
    if type(of) in kinds or t.ListType in kinds:
        return True
    if isinstance(of, t.DateType):
        return t.DateTimeType in kinds
    if isinstance(of, t.ListType):
        return isinstance(of.of, t.AnyType) or type(of.of) in kinds
    return False


def result_of(signature: Signature, types: list[t.Type], names: tuple[str, ...] | None) -> t.Type:
    """Return the type of what a call with arguments of these types gives."""
    pairs = arranged(signature, types, names)
    first = next((types[place] for place, parameter in pairs if parameter is signature.parameters[0]), t.ANY)
    if signature.result in ("first", "list<first>"):
        of = _fitted(first, signature.parameters[0])
        return of if signature.result == "first" else t.ListType(of)
    if signature.result in ("item", "list<item>", "list<items>"):
        item = _item(signature, types)
        return item if signature.result == "item" else t.ListType(item)
    if signature.result.startswith("list<"):
        return t.ListType(_KINDS[signature.result[5:-1]])
    return _KINDS[signature.result]


def _fitted(of: t.Type, parameter: Parameter) -> t.Type:
    # a list of one item stands for its item, and the other way round, where only that fits
    if isinstance(of, t.AnyType | t.NullType):
        return t.ANY
    if "list" in parameter.kinds:
        return of if isinstance(of, t.ListType) else t.ListType(of)
    return items_of(of)


def _item(signature: Signature, types: list[t.Type]) -> t.Type:
    if not types:
        return t.ANY
    of: t.Type = items_of(types[0])
    for each in types[1:]:
        of = _joined(of, items_of(each))
    return _joined(of, of) if signature.result == "list<items>" else of


def _joined(one: t.Type, other: t.Type) -> t.Type:
    # plain numbers take on the unit of the others: min(order.amount, 5000) is an amount
    if isinstance(one, t.NumberType) and isinstance(other, t.NumberType) and None in (one.unit, other.unit):
        return one if one.unit is not None else other
    return t.joined(one, other)
