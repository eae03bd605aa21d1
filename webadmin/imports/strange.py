"""Values a file brings that the vocabulary does not name and nobody has yet: most are slips of the pen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from policy.tables import RecordKind
from webadmin.imports.offered import Offered
from webadmin.store import dated
from webadmin.store.dated import Of
from webadmin.store.tables import DATED

_OF = {RecordKind.PEOPLE: Of.PERSON, RecordKind.CUSTOMERS: Of.CUSTOMER}


@dataclass(frozen=True, slots=True)
class Strange:
    """Values of one field that stand nowhere else, in the order of the file."""

    field: str
    values: Sequence[str]


def strange(connection: Connection, offered: Offered, records: Iterable[Mapping[str, Any]]) -> list[Strange]:
    """Return what is new among the values of fields that allow any and name some.

    Args:
        connection: To the record.
        offered: The fields of the kind.
        records: Those of the file.
    """
    of = _OF.get(offered.kind)
    names = [name for name, each in offered.own.items() if each.one_of is None and each.names]
    found: dict[str, dict[str, None]] = {name: {} for name in names}
    for record in records if of is not None else ():
        for name in names:
            found[name].update(dict.fromkeys(_unnamed(record.get(name), offered.own[name].names)))
    return [
        Strange(name, new)
        for name, values in found.items()
        if of is not None and values and (new := _new(connection, of, name, values))
    ]


def _unnamed(value: Any, names: Mapping[str, Any]) -> Iterator[str]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return (each for each in items if isinstance(each, str) and each not in names)


def _new(connection: Connection, of: Of, name: str, values: Iterable[str]) -> list[str]:
    """Return the values that nobody has or had."""
    columns = DATED.c
    chosen = select(columns.value).where(columns.of == str(of), columns.attribute == name).distinct()
    held: set[Any] = set()
    for text in connection.execute(chosen).scalars():
        value = dated.read(text)
        held.update(value if isinstance(value, list) else [value])
    return [each for each in values if each not in held]
