"""The names an expression can see, as types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from policy.feel import types as feel
from policy.model.fields import Group, feel_type


class Scope:
    """Names with their types; nested names make contexts. Never changed: `adding` makes a new one.

    Attributes:
        types: Top name → type.
        names: Every single name in it that expressions may have to tell apart from an operator or a space.
    """

    def __init__(self, types: Mapping[str, feel.Type]) -> None:
        self.types = dict(types)

    def adding(self, path: str, of: feel.Type) -> Scope:
        """Return a scope that also knows `path`; an existing context gains a member."""
        return Scope(_added(self.types, path.split("."), of))

    def type_at(self, path: str) -> feel.Type | None:
        """Return the type at a path, None where nothing is declared there."""
        here: feel.Type | None = feel.ContextType(self.types)
        for name in path.split("."):
            if not isinstance(here, feel.ContextType):
                return here if isinstance(here, feel.AnyType) else None
            here = here.fields.get(name)
        return here

    def paths(self) -> list[str]:
        """Return every path in it, for suggestions."""
        return list(_paths(self.types, ""))

    @property
    def names(self) -> frozenset[str]:
        """Return every single name in it, at any depth."""
        return frozenset(_names(self.types))


def scope_of(facts: Group) -> Scope:
    """Return what can be seen of facts: their members by name."""
    return Scope({name: feel_type(member) for name, member in facts.members.items()})


def _added(types: Mapping[str, feel.Type], names: list[str], of: feel.Type) -> dict[str, feel.Type]:
    first, rest = names[0], names[1:]
    if not rest:
        return {**types, first: of}
    below = types.get(first)
    inside = below.fields if isinstance(below, feel.ContextType) else {}
    return {**types, first: feel.ContextType(_added(inside, rest, of))}


def _paths(types: Mapping[str, feel.Type], prefix: str) -> Iterable[str]:
    for name, each in types.items():
        yield f"{prefix}{name}"
        if isinstance(each, feel.ContextType):
            yield from _paths(each.fields, f"{prefix}{name}.")


def _names(each: Any) -> Iterable[str]:
    if isinstance(each, Mapping):
        for name, below in each.items():
            yield name
            yield from _names(below)
    elif isinstance(each, feel.ContextType):
        yield from _names(each.fields)
    elif isinstance(each, feel.ListType):
        yield from _names(each.of)
