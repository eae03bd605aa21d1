"""Rows on their way to a table: one statement for all, its text made once, its values in order.

SQLAlchemy would look at every row anew, which takes several times as long as SQLite takes to write it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import ScalarElementColumnDefault


@cache
def order(table: Table) -> int:
    """Return where a table stands among all, those it refers to before it."""
    return list(table.metadata.sorted_tables).index(table)


def send(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns; a column they leave out gets its default."""
    text, values = prepared(connection.dialect, table, rows)
    connection.exec_driver_sql(text, values)


def prepared(dialect: Dialect, table: Table, rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[tuple[Any, ...]]]:
    """Return the statement that inserts rows, and the values of each as the driver takes them."""
    statement = _statement(table, tuple(rows[0]), dialect)
    return statement.text, [statement.values(row) for row in rows]


class _Statement:
    """An `INSERT` of one row with places for its values."""

    def __init__(self, table: Table, named: tuple[str, ...], dialect: Dialect) -> None:
        written = dialect.identifier_preparer
        defaults = {
            each.name: each.default.arg
            for each in table.columns
            if each.name not in named and isinstance(each.default, ScalarElementColumnDefault)
        }
        self._defaults = tuple(defaults.values())
        self._picked = itemgetter(*named) if len(named) > 1 else lambda row: (row[named[0]],)
        names = (*named, *defaults)
        columns = ", ".join(written.format_column(table.columns[name]) for name in names)
        mark = "?" if dialect.paramstyle == "qmark" else "%s"
        places = ", ".join([mark] * len(names))
        self.text = f"INSERT INTO {written.format_table(table)} ({columns}) VALUES ({places})"  # noqa: S608 - our names
        processors = (table.columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names)
        self._processed = tuple((place, each) for place, each in enumerate(processors) if each is not None)
        self._is_plain = not self._processed and not defaults

    def values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of one row as the driver takes them."""
        if self._is_plain:
            return self._picked(row)
        found = [*self._picked(row), *self._defaults]
        for place, process in self._processed:
            found[place] = process(found[place])
        return tuple(found)


@lru_cache(256)
def _statement(table: Table, named: tuple[str, ...], dialect: Dialect) -> _Statement:
    return _Statement(table, named, dialect)
