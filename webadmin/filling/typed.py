"""What a person typed into the form of a policy, arranged as the facts are.

Groups are dicts, lists of rows are lists of dicts, and at each field stands the list of texts its inputs held. In
a form the place of a field is its path with a row's number for `[]`: `credits.0.amount`; `credits.0` itself marks
that the row is there, so that an empty one is not lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from policy.model.canonical import canonical_json
from policy.model.fields import Field, Group, Member, Rows
from webadmin.filling.controls import control_of, shown

MOST_ROWS = 100
"""Rows of one list a form takes; longer lists are for the command line and the API."""

Typed = dict[str, Any]


def from_form(tree: Group, form: MultiDict[str, str], prefix: str = "") -> Typed:
    """Arrange the inputs of a form; names that are no input of the policy are passed over."""
    found: Typed = {}
    for name, member in tree.members.items():
        place = prefix + name
        if isinstance(member, Field):
            found[name] = form.getlist(place)
        elif isinstance(member, Group):
            found[name] = from_form(member, form, f"{place}.")
        else:
            found[name] = [from_form(member.item, form, f"{place}.{row}.") for row in _rows(form, place)]
    return found


def _rows(form: MultiDict[str, str], place: str) -> list[int]:
    """Return the numbers of a list's rows.

    Raises:
        RequestEntityTooLarge: there are more than a form shows; none is left out in silence.
    """
    marker = re.compile(rf"{re.escape(place)}\.([0-9]{{1,6}})")
    numbers = sorted(int(match[1]) for match in map(marker.fullmatch, form) if match)
    if len(numbers) > MOST_ROWS:
        raise RequestEntityTooLarge
    return numbers


def first(tree: Group) -> Typed:
    """Return what stands in a form before anything is typed: a list that is needed begins with one empty row."""
    return {name: _first(member) for name, member in tree.members.items()}


def _first(member: Member) -> Any:
    if isinstance(member, Group):
        return first(member)
    if isinstance(member, Rows):
        return [first(member.item)] if member.required else []
    return []


def from_facts(tree: Group, facts: Mapping[str, Any]) -> Typed:
    """Arrange facts as if a person had typed them."""
    return {name: _as_typed(member, facts.get(name)) for name, member in tree.members.items()}


def _as_typed(member: Member, value: Any) -> Any:
    if isinstance(member, Group):
        return from_facts(member, value or {})
    if isinstance(member, Rows):
        return [from_facts(member.item, row) for row in value or ()]
    return _texts(member, value)


def inputs(typed: Typed, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield place and text of every input, as a form would send them."""
    for name, value in typed.items():
        place = prefix + name
        if isinstance(value, dict):
            yield from inputs(value, f"{place}.")
        elif any(isinstance(item, dict) for item in value):
            for number, row in enumerate(value):
                yield f"{place}.{number}", ""
                yield from inputs(row, f"{place}.{number}.")
        else:
            yield from ((place, text) for text in value)


def with_row(tree: Group, typed: Typed, place: str) -> None:
    """Add an empty row to the list at `place`; nothing happens where there is no such list."""
    rows, member = _list(tree, typed, place.split("."))
    if member is not None and len(rows) < MOST_ROWS:
        rows.append(first(member.item))


def without_row(tree: Group, typed: Typed, place: str) -> None:
    """Take the row at `place` away; nothing happens where there is no such row."""
    path, _, number = place.rpartition(".")
    rows, member = _list(tree, typed, path.split("."))
    if member is not None and number.isascii() and number.isdecimal() and len(number) < 4 and int(number) < len(rows):
        del rows[int(number)]


def _texts(declared: Field, value: Any) -> list[str]:
    """Return what the inputs of a field hold when it has `value`."""
    shape = control_of(declared).shape
    if value is None:
        return []
    if shape == "many":
        return [shown(item) for item in value]
    if shape == "lines":
        return ["\n".join(shown(item) for item in value)]
    return [canonical_json(value) if shape == "json" else shown(value)]


def _list(tree: Group, typed: Typed, names: list[str]) -> tuple[list[Typed], Rows | None]:
    """Find the list of rows at a place, and how its rows are declared."""
    member: Member | None = tree
    here: Any = typed
    for name in names:
        if isinstance(member, Group) and name in member.members:
            member, here = member.members[name], here[name]
        elif (
            isinstance(member, Rows) and name.isascii() and name.isdecimal() and len(name) < 4 and int(name) < len(here)
        ):
            member, here = member.item, here[int(name)]
        else:
            return [], None
    return (here, member) if isinstance(member, Rows) else ([], None)
