"""Facts as a page sets them out: single values line by line, the items of a list as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from webadmin.decided.one import Fact

_OF_ITEM = re.compile(r"([^\[\]]+)\[(\d+)\]\.([^\[\]]+)")
"""Path of a value of an item of a list that lies in no other."""


@dataclass(frozen=True, slots=True)
class Table:
    """The items of one list.

    Attributes:
        path: Of the list.
        columns: Paths of the fields, as `credits[].amount`, in the order they come.
        rows: Number of the item from 0, and its values by column; None where an item has none.
    """

    path: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Fact | None]]]


def tables(facts: Sequence[Fact]) -> tuple[list[Fact], list[Table]]:
    """Return facts apart: those that stand by themselves, and those of the items of each list."""
    single: list[Fact] = []
    lists: dict[str, dict[int, dict[str, Fact]]] = {}
    for each in facts:
        found = _OF_ITEM.fullmatch(each.path)
        if found is None:
            single.append(each)
        else:
            lists.setdefault(found[1], {}).setdefault(int(found[2]), {})[each.field] = each
    return single, [_table(path, items) for path, items in lists.items()]


def _table(path: str, items: dict[int, dict[str, Fact]]) -> Table:
    columns = list(dict.fromkeys(field for values in items.values() for field in values))
    rows = [(number, [values.get(field) for field in columns]) for number, values in sorted(items.items())]
    return Table(path, columns, rows)
