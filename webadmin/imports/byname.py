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
    known = Known(str(mapping.source))
    fields = {path: _said(connection, mapping, known, look, before, path) for path in mapping.fields}
    by = {source.column: source.by for source in fields.values() if source.by is By.NAME}
    facts = {
        path: dataclasses.replace(source, by=by[source.column])
        if source.column in by and source.join is None and sort_of(mapping.into, path)
        else source
        for path, source in mapping.facts.items()
    }
    return dataclasses.replace(mapping, fields=fields, facts=facts)


def _said(
    connection: Connection,
    mapping: RecordMapping,
    known: Known,
    look: Look,
    before: RecordMapping | None,
    path: Path,
) -> FactSource:
    source = mapping.fields[path]
    sort = sort_of(mapping.into, path)
    seen = None if source.column is None or source.join is not None else look.column(source.column)
    was = None if before is None else before.fields.get(path)
    if sort is None or seen is None or (was is not None and was.column == source.column):
        return source
    cells = dict.fromkeys(seen.values)
    known.look_up(connection, sort, cells)
    strange = [each for each in cells if known.own(sort, each) is None]
    own, name = mapping.fields.get(Path("id")), mapping.fields.get(Path("name"))
    if SORTS.get(mapping.into) == sort:
        strange = [each for each in strange if each not in _values(look, own)]
    known.look_up_names(connection, sort, strange)
    others = _values(look, name) if SORTS.get(mapping.into) == sort else set()
    is_name = any(each in others or known.called(sort, each) for each in strange)
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
