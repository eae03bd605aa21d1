"""A subject's events as a caller gives them: plain data, each with its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policy.errors import FactsError, Problem
from policy.model import reading
from policy.model.document import FieldType
from policy.model.fields import Field

_EVENTS = Field("events", FieldType.LIST)


def read_events(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Read events, numbers as decimals.

    Args:
        events: Mappings as JSON gives them, each with a text `id` of its own.

    Raises:
        FactsError: some are no mappings, have no id or an id given before; carries every problem.
    """
    read, problems = reading.from_plain(_EVENTS, list(events), "/events")
    seen: set[str] = set()
    for index, event in enumerate(read or ()):
        pointer = f"/events/{index}"
        name = event.get("id") if isinstance(event, dict) else None
        if not isinstance(name, str) or not name:
            problems.append(Problem("event-without-id", pointer))
        elif name in seen:
            problems.append(Problem("event-twice", pointer, {"found": name}))
        else:
            seen.add(name)
    if problems:
        raise FactsError(problems)
    found: list[dict[str, Any]] = read
    return found
