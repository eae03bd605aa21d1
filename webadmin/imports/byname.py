"""Proposes to find teams, people and customers by their names, where a column holds names and not ids."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from policy.model.document import Path
from policy.tables import RecordMapping
from policy.tables.document import By, FactSource
from policy.values import Text
from webadmin import language
from webadmin.imports.looking import Look
from webadmin.roster.references import SORTS, TABLES, Known, named, sort_of
from webadmin.store import dated


def proposed(
    connection: Connection, mapping: RecordMapping, look: Look, before: RecordMapping | None = None
) -> RecordMapping:
    """Return a mapping in which columns of names say so.

    Args:
        connection: To the record.
        mapping: As it is.
        look: The file.
        before: As it was, where somebody has changed it: what names the same by the same column stays as it is said.
    """
    looking = _Looking(connection, mapping, look)
    fields = {
        path: looking.said(path, source, None if before is None else before.fields.get(path))
        for path, source in mapping.fields.items()
    }
    by = {source.column: source.by for source in fields.values() if source.by is By.NAME and source.join is None}
    facts = {
        path: dataclasses.replace(source, by=by[source.column])
        if source.column in by and source.join is None and sort_of(mapping.into, path)
        else looking.said(path, source, None if before is None else before.facts.get(path))
        for path, source in mapping.facts.items()
    }
    return dataclasses.replace(mapping, fields=fields, facts=facts)


class _Looking:
    """Looks at what columns hold: ids of others, or their names."""

    def __init__(self, connection: Connection, mapping: RecordMapping, look: Look) -> None:
        self._connection = connection
        self._mapping = mapping
        self._look = look
        self._known = Known(str(mapping.source))

    def said(self, path: Path, source: FactSource, was: FactSource | None) -> FactSource:
        """Return how a field is fed: by names where its column holds some; as before where the column is the same."""
        sort = sort_of(self._mapping.into, path)
        is_same = was is not None and was.column == source.column
        cells = [] if source.join is not None else list(_values(self._look, source))
        if sort is None or is_same or not cells:
            return source
        own, names = set[str](), set[str]()
        if SORTS.get(self._mapping.into) == sort:
            own, names = (_values(self._look, self._mapping.fields.get(Path(each))) for each in ("id", "name"))
        self._known.look_up(self._connection, sort, cells)
        strange = [each for each in cells if self._known.own(sort, each) is None and each not in own]
        self._known.look_up_names(self._connection, sort, strange)
        is_name = any(each in names or self._known.called(sort, each) for each in strange)
        return dataclasses.replace(source, by=By.NAME) if is_name else source


def _values(look: Look, source: FactSource | None) -> set[str]:
    """Return what the column of a field holds."""
    seen = None if source is None or source.column is None else look.column(source.column)
    return set() if seen is None else set(seen.values)


def called(
    connection: Connection, mapping: RecordMapping, records: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, str]]:
    """Return what records name others by: field → what stands in it → what that is called, as far as it is known."""
    known, found = Known(str(mapping.source)), [each for record in records for each in named(mapping.into, record)]
    made: dict[str, dict[str, str]] = {}
    for sort in {each.sort for each in found}:
        known.look_up(connection, sort, [each.found for each in found if each.sort == sort])
        pairs = [(each, known.own(sort, each.found)) for each in found if each.sort == sort]
        names = names_of(connection, sort, [own for _, own in pairs if own is not None])
        for each, own in pairs:
            if own in names:
                made.setdefault(each.path, {})[each.found] = names[own].to(language.chosen())
    return made


def names_of(connection: Connection, sort: str, ids: Iterable[str]) -> dict[str, Text]:
    """Return what people, teams or customers are called, by our ids; nobody of whom the name is gone."""
    columns = TABLES[sort].c
    rows = (
        row
        for chunk in dated.chunks(ids)
        for row in connection.execute(
            select(columns.id, columns.name, columns.name_en).where(columns.id.in_(chunk), columns.name.is_not(None))
        )
    )
    return {row.id: Text(row.name, row.name_en or row.name) for row in rows}
