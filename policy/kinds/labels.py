"""What the rows of a section are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from policy.values import Text


def labels(section: Any) -> Mapping[str, Text]:
    """Return the id of every row of a section that has a label → that label."""
    return {row.id: row.label for _, rows in _lists(section) for row in rows if row.label is not None}


def labels_of(section: Any, name: str) -> Mapping[str, Text]:
    """Return the labels of one list of a section by the ids of its rows."""
    return {row.id: row.label for key, rows in _lists(section) if key == name for row in rows if row.label is not None}


def ids_of(section: Any, name: str) -> tuple[str, ...]:
    """Return the ids of the rows of one list of a section."""
    return tuple(str(row.id) for key, rows in _lists(section) if key == name for row in rows)


def rows_of(section: Any) -> list[tuple[str, Any]]:
    """Return every row of a section that has an id, also of lists one level below, with the name of its list."""
    found: list[tuple[str, Any]] = []
    for each in fields(section):
        value = getattr(section, each.name)
        if isinstance(value, tuple):
            found += [(each.name, row) for row in value if hasattr(row, "id")]
        elif hasattr(value, "__dataclass_fields__"):
            found += rows_of(value)
    return found


def lists_of(section: Any) -> tuple[str, ...]:
    """Return the names of the lists of a section that are there, whose rows have ids and can have labels."""
    return tuple(key for key, _ in _lists(section))


def _lists(section: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the lists of a section, also those one level below, whose rows can have labels."""
    found = []
    for each in fields(section):
        value = getattr(section, each.name)
        if isinstance(value, tuple) and value and hasattr(value[0], "label"):
            found.append((each.name, value))
        elif hasattr(value, "__dataclass_fields__"):
            found += _lists(value)
    return found
