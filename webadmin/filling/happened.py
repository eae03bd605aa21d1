"""What happened before, as rows of a form: a list for each kind of event the patterns of a policy look for.

A row has the time, and the data as the vocabulary declares them. The form holds it at `happened.<kind>.<row>`; what
these events raise is a signal, which decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from policy.engine import Policy
from policy.model.document import FieldType
from policy.model.events import EventType, read_typed
from policy.model.fields import Field, Group, Rows
from policy.model.instants import zone
from policy.runtime.patterns import Signal, matches, signals
from policy.values import Text
from webadmin.filling import typed
from webadmin.filling.typed import Typed

PLACE = "happened"
"""Where the rows stand in the form."""

_SOURCE = "typed"
_TIME = "time"
_CALLED = Text("时间", "Time")
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class History:
    """What happened before, as it is typed.

    Attributes:
        types: Kinds of events that can be told, by name.
        tree: Their lists as a form holds them; without members where the policy looks for no events.
        typed: What stands in them.
        zone: Name of the time zone of times without an offset.
    """

    types: Mapping[str, EventType]
    tree: Group
    typed: Typed
    zone: str

    @classmethod
    def of(cls, policies: Iterable[Policy], form: MultiDict[str, str] | None = None) -> History:
        """Return what was typed, a row more or less where that was asked; nothing for a form that is new."""
        named = ""
        types: dict[str, EventType] = {}
        for policy in policies:
            named = policy.rule_set.document.time_zone
            for pattern in policy.rule_set.patterns:
                types |= {each.type.name: each.type for each in pattern.wanted()}
        tree = Group({PLACE: Group({name: _rows(each) for name, each in types.items()})}) if types else Group()
        if form is None:
            return cls(types, tree, typed.first(tree), named)
        rows = typed.from_form(tree, form)
        typed.with_row(tree, rows, form.get("add", ""))
        typed.without_row(tree, rows, form.get("remove", ""))
        return cls(types, tree, rows, named)

    def events(self, values: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """Return the events of what is typed, each with the pointer of its row in the form.

        Args:
            values: Pointer of an input → its value; None where nothing is typed.
        """
        rows = [(name, at) for name, each in self.typed.get(PLACE, {}).items() for at in range(len(each))]
        return [(f"/{PLACE}/{name}/{at}", self._event(name, at, values)) for name, at in rows]

    def _event(self, name: str, at: int, values: Mapping[str, Any]) -> dict[str, Any]:
        event: dict[str, Any] = {"id": f"{name}-{at + 1}", "source": _SOURCE, "type": name, "data": {}}
        for key, _ in _inputs(self.types[name]):
            value = values.get(f"/{PLACE}/{name}/{at}/{key}")
            if value is not None:
                *groups, last = key.split(".")
                _within(event, groups)[last] = self._instant(value) if key == _TIME else value
        return event

    def _instant(self, text: str) -> str:
        """Return a time with its offset; one that is written without is of the policy's own zone."""
        if not _LOCAL.fullmatch(text):
            return text
        try:
            return datetime.fromisoformat(text).replace(tzinfo=zone(self.zone)).isoformat()
        except ValueError:  # there is no such day: the engine says so
            return text


def input_of(place: str) -> str:
    """Return the key of an input by where the engine finds something wrong with an event, below `/events/0/`."""
    return place.replace("/", ".")


def _rows(of: EventType) -> Rows:
    listed = Field(f"{PLACE}.{of.name}", FieldType.LIST, label=of.label, optional=True)
    return Rows(listed, Group(dict(_inputs(of))))


def _inputs(of: EventType) -> Iterator[tuple[str, Field]]:
    """Yield the inputs of one event, in one row without groups: its time, and every field of its data."""
    yield _TIME, Field(_TIME, FieldType.DATE_TIME, label=_CALLED)
    yield from _fields("data.", of.group)


def _fields(prefix: str, group: Group) -> Iterator[tuple[str, Field]]:
    for name, member in group.members.items():
        if isinstance(member, Group):
            yield from _fields(f"{prefix}{name}.", member)
        else:
            yield f"{prefix}{name}", member.field if isinstance(member, Rows) else member


def _within(event: dict[str, Any], groups: Iterable[str]) -> dict[str, Any]:
    here = event
    for name in groups:
        here = here.setdefault(name, {})
    return here


@dataclass(frozen=True, slots=True)
class Raised:
    """What some events raise.

    Attributes:
        kinds: Id of an event → what its kind is called.
    """

    signals: tuple[Signal, ...]
    kinds: Mapping[str, Text]


def raised(policy: Policy, history: History, events: list[dict[str, Any]]) -> Raised:
    """Return the signals a policy's patterns raise of events.

    Raises:
        FactsError: events do not fit their declaration; pointers are `/events/0/…`.
        EvaluationError: a condition of a pattern met a bound.
    """
    read = read_typed(events, history.types)
    kinds = {each.id: history.types[each.type].label for each in read}
    return Raised(signals(matches(policy.patterns, read)), kinds)
