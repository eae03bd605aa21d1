"""Resolves reference tables: columns, keys, dated rows."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date
from typing import Any

from policy.errors import did_you_mean
from policy.feel import types as feel
from policy.linker.fields import declared
from policy.linker.log import Log
from policy.model import reading
from policy.model.document import ReferenceDocument, ReferenceRow
from policy.model.fields import Field, feel_type
from policy.model.reference import ReferenceTable

Dated = tuple[date, date | None, dict[str, Any]]


def reference(document: ReferenceDocument, log: Log) -> ReferenceTable:
    """Resolve one reference table; cells with findings are left out."""
    columns = {}
    for name, options in document.columns.items():
        field = declared(name, options, log)
        if field is not None:
            columns[name] = field
    for name in document.key:
        if name not in document.columns:
            log.add("unknown-key-column", document.place, found=name, **did_you_mean(name, document.columns))
    rows: dict[tuple[Any, ...], list[tuple[ReferenceRow, Dated]]] = defaultdict(list)
    for row in document.rows:
        cells = _cells(row, columns, log)
        key = tuple(cells.get(name) for name in document.key)
        rows[key].append((row, (row.from_, row.until, cells)))
    return ReferenceTable(
        document.reference,
        document.title,
        document.key,
        columns,
        {key: _newest_first(each, log) for key, each in rows.items()},
        document.digest,
    )


def _cells(row: ReferenceRow, columns: dict[str, Field], log: Log) -> dict[str, Any]:
    cells: dict[str, Any] = dict.fromkeys(columns)
    for name, raw in row.cells.items():
        field = columns.get(name)
        if field is None:
            log.add("unknown-column", raw.place, found=name, **did_you_mean(name, columns))
            continue
        cells[name], findings = reading.from_raw(field, raw)
        log.extend(findings)
    for name, field in columns.items():
        if name not in row.cells and field.has_default:
            cells[name] = field.default
        elif name not in row.cells and not field.optional:
            log.add("missing-cell", row.place, name=name)
    if row.until is not None and row.until <= row.from_:
        log.add("period-empty", row.place, found=str(row.until), expected=str(row.from_))
    return cells


def _newest_first(rows: list[tuple[ReferenceRow, Dated]], log: Log) -> tuple[Dated, ...]:
    rows = sorted(rows, key=lambda each: each[0].from_)
    for (before, _), (after, _) in itertools.pairwise(rows):
        if before.from_ == after.from_:
            log.add("row-twice", after.place, found=str(after.from_), line=before.place.line)
    return tuple(dated for _, dated in reversed(rows))


def row_type(table: ReferenceTable) -> feel.Type:
    """Return the type of a row, as `lookup` gives it."""
    return feel.ContextType({name: feel_type(field) for name, field in table.columns.items()})
