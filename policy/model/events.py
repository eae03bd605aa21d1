"""Events: something that happened, in the fields of CloudEvents, and the types the vocabulary declares of them.

A plain event is `{id, source, type, subject, time, data}`; `time` is an RFC 3339 instant with its offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from policy.errors import FactsError, Problem, did_you_mean
from policy.model import reading, words
from policy.model.document import FieldType
from policy.model.facts import FactsReader
from policy.model.fields import Field, Group, Rows, tree
from policy.model.problems import Problems, gathered
from policy.values import Text

_EVENTS = Field("events", FieldType.LIST)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_EXPECTED_INSTANT = Text(
    "带时区偏移的时刻，例如 `2026-01-31T09:30:00+08:00`", "an instant with offset such as `2026-01-31T09:30:00+08:00`"
)


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event the vocabulary declares.

    Attributes:
        name: Such as `customer_lost`.
        label: What people call it.
        reader: Reads the `data` of its events.
    """

    name: str
    label: Text
    reader: FactsReader

    @property
    def group(self) -> Group:
        """Return the fields of its data as they stand there."""
        return self.reader.group

    def field(self, path: str) -> Field | None:
        """Return the field at a path of its data; None where it declares none there, or a group."""
        here: object = self.group
        for name in path.split("."):
            here = here.members.get(name) if isinstance(here, Group) else None
        return here.field if isinstance(here, Rows) else here if isinstance(here, Field) else None

    def read(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Read and check the data of one event, numbers as decimals, without what is missing.

        Args:
            data: A mapping as JSON gives it.

        Raises:
            FactsError: they do not fit; carries every problem with its JSON pointer into the data.
        """
        return self.reader.plain(self.reader.read(data))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        id: Known by it among the events of all sources.
        source: Which system tells of it.
        type: Name of its type.
        subject: What or whom it is about, as its source calls that; None where nothing is said.
        time: When it happened, with offset.
        data: What its type declares, checked.
        second: Its time in whole seconds since 1970 UTC, fractions cut off.
    """

    id: str
    source: str
    type: str
    subject: str | None
    time: datetime
    data: Mapping[str, Any]
    second: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "second", second_of(self.time))

    def at(self, path: str) -> Any:
        """Return the value at a path of its data; None where it is missing."""
        return value_at(self.data, path)


def second_of(time: datetime) -> int:
    """Return an instant in whole seconds since 1970 UTC, fractions cut off."""
    return (time - _EPOCH) // _SECOND


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path of nested mappings; None where it is missing."""
    here: Any = data
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def read_events(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Read events of which nothing is declared, numbers as decimals.

    Args:
        events: Mappings as JSON gives them, each with a text `id` of its own.

    Raises:
        FactsError: some are no mappings, have no id or an id given before; carries the problems, as many as are named.
    """
    read, problems = gathered(lambda problems: _read(events, problems))
    if problems:
        raise FactsError(problems)
    found: list[dict[str, Any]] = read
    return found


def _read(events: Sequence[Mapping[str, Any]], problems: Problems) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = reading.read(_EVENTS, list(events), "/events", problems) or []
    for each in _identified(read):
        problems.append(each)
    return read


def _identified(events: Sequence[Any]) -> Iterator[Problem]:
    """Yield what is wrong with the ids of events."""
    seen: set[str] = set()
    for index, event in enumerate(events):
        pointer = f"/events/{index}"
        name = event.get("id") if isinstance(event, dict) else None
        if not isinstance(name, str) or not name:
            yield Problem("event-without-id", pointer)
        elif name in seen:
            yield Problem("event-twice", pointer, {"found": name})
        else:
            seen.add(name)


def read_typed(events: Sequence[Mapping[str, Any]], types: Mapping[str, EventType]) -> tuple[Event, ...]:
    """Read events whose types the vocabulary declares; nothing else is taken.

    Args:
        events: Mappings as JSON gives them: `id`, `source`, `type`, `time` and `data`, perhaps `subject`,
            `specversion` (`1.0`) and `datacontenttype` (`application/json`).
        types: Name → declared type.

    Returns:
        The events in the order given. An event that is there again, the same in everything, is left out.

    Raises:
        FactsError: some do not fit; carries the problems, as many as are named, each with its JSON pointer
            (`/events/0/data/customer/id`).
    """
    found, problems = gathered(lambda problems: _typed(events, types, problems))
    if problems:
        raise FactsError(problems)
    return tuple(found.values())


def _typed(events: Sequence[Mapping[str, Any]], types: Mapping[str, EventType], problems: Problems) -> dict[str, Event]:
    """Return events by id, and note what is wrong."""
    envelope = _envelope()
    found: dict[str, Event] = {}
    for index, given in enumerate(events):
        pointer = f"/events/{index}"
        try:
            event = _event(given, envelope, types)
        except FactsError as error:
            for each in error.problems:
                problems.append(replace(each, pointer=f"{pointer}{each.pointer}"))
            continue
        if found.setdefault(event.id, event) != event:
            problems.append(Problem("event-twice", pointer, {"found": words.shown(event.id)}))
    return found


@cache
def _envelope() -> FactsReader:
    fields = [
        *(Field(name, FieldType.STRING) for name in ("id", "source", "type", "time")),
        Field("data", FieldType.CONTEXT),
        Field("subject", FieldType.STRING, optional=True),
        Field("specversion", FieldType.STRING, one_of=("1.0",), optional=True),
        Field("datacontenttype", FieldType.STRING, one_of=("application/json",), optional=True),
    ]
    return FactsReader(tree({each.path: each for each in fields}))


def _event(given: Any, envelope: FactsReader, types: Mapping[str, EventType]) -> Event:
    if not isinstance(given, Mapping):
        found = {"found": words.kind_of(given), "expected": words.EXPECTED[FieldType.CONTEXT]}
        raise FactsError([Problem("value-type", "", found)])
    read = envelope.plain(envelope.read(given))
    problems = [Problem("event-empty", f"/{name}", {"name": name}) for name in ("id", "source") if not read[name]]
    time = _instant(read["time"])
    if time is None:
        problems.append(
            Problem("value-form", "/time", {"found": words.shown(read["time"]), "expected": _EXPECTED_INSTANT})
        )
    data: dict[str, Any] = {}
    name = read["type"]
    if name in types:
        try:
            data = types[name].read(given["data"])
        except FactsError as error:
            problems += [replace(each, pointer=f"/data{each.pointer}") for each in error.problems]
    else:
        problems.append(Problem("unknown-event", "/type", {"found": words.shown(name), **did_you_mean(name, types)}))
    if problems or time is None:
        raise FactsError(problems)
    return Event(read["id"], read["source"], read["type"], read.get("subject"), time, data)


def _instant(text: str) -> datetime | None:
    """Read an RFC 3339 instant; None where it is none. What is finer than a microsecond is cut off."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None
