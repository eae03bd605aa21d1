"""What ids of an outside system mean here, and where records name others.

The ids of the source `fairlead` are our own; those of any other are kept beside ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from policy.tables import RecordKind
from policy.values import Text
from webadmin.ids import new_id
from webadmin.store import dated, roster
from webadmin.store.changes import SOURCE
from webadmin.store.tables import ABSENCES, CUSTOMERS, DEALS, PEOPLE, TEAMS

SORTS: Mapping[RecordKind, str] = {
    RecordKind.TEAMS: "team",
    RecordKind.PEOPLE: "person",
    RecordKind.ABSENCES: "absence",
    RecordKind.CUSTOMERS: "customer",
    RecordKind.DEALS: "deal",
}
"""What the ids of records name; events keep theirs."""

TABLES: Mapping[str, Table] = {
    "team": TEAMS,
    "person": PEOPLE,
    "absence": ABSENCES,
    "customer": CUSTOMERS,
    "deal": DEALS,
}

CALLED: Mapping[str, Text] = {
    "team": Text("团队", "team"),
    "person": Text("人员", "person"),
    "customer": Text("客户", "customer"),
}

NAMED: Mapping[RecordKind, Mapping[str, str]] = {
    RecordKind.TEAMS: {"parent": "team"},
    RecordKind.PEOPLE: {"team": "team"},
    RecordKind.ABSENCES: {"person": "person"},
    RecordKind.CUSTOMERS: {"owner": "person"},
    RecordKind.DEALS: {"customer": "customer", "owner": "person"},
    RecordKind.EVENTS: {},
}
"""Own fields that name something else."""

PATHS: Mapping[str, str] = {
    "customer.id": "customer",
    "customer.owner": "person",
    "customer.introduced_by": "person",
    "manager.id": "person",
    "offer.commission_to": "person",
    "order.commission_to": "person",
    "person.id": "person",
    "requester.id": "person",
    "requester.team": "team",
    "team.id": "team",
    "to": "person",
}
"""Paths of facts, and of the data of events, that name something."""


@dataclass(frozen=True, slots=True)
class Named:
    """Where a record names something else.

    Attributes:
        names: Where it stands in the record.
        path: The field's own name, or the path of the vocabulary.
        sort: What it names.
        found: The id there.
    """

    names: tuple[str, ...]
    path: str
    sort: str
    found: str


def named(kind: RecordKind, record: Mapping[str, Any]) -> Iterator[Named]:
    """Yield what a record names."""
    for name, sort in NAMED[kind].items():
        if record.get(name) is not None:
            yield Named((name,), name, sort, record[name])
    top = "data" if kind is RecordKind.EVENTS else "facts"
    for path, sort in PATHS.items():
        here: Any = record.get(top)
        for name in path.split("."):
            here = here.get(name) if isinstance(here, Mapping) else None
        if isinstance(here, str):
            yield Named((top, *path.split(".")), path, sort, here)


def sort_of(kind: RecordKind, path: str) -> str | None:
    """Return what a field of a record names: `team`, `person` or `customer`; None where it names nothing."""
    return NAMED[kind].get(path) or PATHS.get(path)


@dataclass(slots=True)
class Known:
    """Ids of a source that are known here, and those that have become known.

    Attributes:
        source: Whose ids they are.
        fresh: Sort → id there → id here, of what is new.
    """

    source: str
    fresh: dict[str, dict[str, str]] = field(default_factory=dict)
    _own: dict[str, dict[str, str]] = field(default_factory=dict)
    _called: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def look_up(self, connection: Connection, sort: str, names: Iterable[str]) -> None:
        """Find out which of some ids are known."""
        own = self._own.setdefault(sort, {})
        wanted = [name for name in dict.fromkeys(names) if name not in own]
        if self.source != SOURCE:
            own |= roster.own_ids(connection, sort, self.source, wanted)
            return
        column = TABLES[sort].c.id
        for chunk in dated.chunks(wanted):
            own |= {name: name for name in connection.execute(select(column).where(column.in_(chunk))).scalars()}

    def look_up_names(self, connection: Connection, sort: str, names: Iterable[str]) -> None:
        """Find out who or what has some names, in either language."""
        columns = TABLES[sort].c
        for chunk in dated.chunks(dict.fromkeys(names)):
            wanted = set(chunk)
            chosen = select(columns.id, columns.name, columns.name_en)
            for row in connection.execute(chosen.where(columns.name.in_(chunk) | columns.name_en.in_(chunk))):
                for name in wanted.intersection((row.name, row.name_en)):
                    self.call(sort, name, row.id)

    def call(self, sort: str, name: str, own: str) -> None:
        """Note that something of ours has a name."""
        self._called.setdefault(sort, {}).setdefault(name, set()).add(own)

    def called(self, sort: str, name: str) -> frozenset[str]:
        """Return our ids of those that have a name."""
        return frozenset(self._called.get(sort, {}).get(name, ()))

    def own(self, sort: str, name: str) -> str | None:
        """Return our id, None where it is not known."""
        return self._own.get(sort, {}).get(name) or self.fresh.get(sort, {}).get(name)

    def make(self, sort: str, name: str, now: datetime) -> str:
        """Return our id, a new one where it is not known."""
        found = self.own(sort, name)
        if found is None:
            found = name if self.source == SOURCE else new_id(now)
            self.fresh.setdefault(sort, {})[name] = found
        return found

    def bindings(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield what has to be kept of the ids that are new, sort by sort."""
        if self.source != SOURCE:
            yield from self.fresh.items()
