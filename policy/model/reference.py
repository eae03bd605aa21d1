"""Reference tables: dated rows, read by key on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.model.fields import Field
from policy.values import Text


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """A table of dated rows.

    Attributes:
        name: Its id.
        key: Columns a row is known by.
        columns: All columns with their fields.
        rows: Key → rows of that key, newest first: first day, first day no longer in effect or None, cells.
        digest: Digest of its document.
    """

    name: str
    title: Text
    key: tuple[str, ...]
    columns: Mapping[str, Field]
    rows: Mapping[tuple[Any, ...], tuple[tuple[date, date | None, dict[str, Any]], ...]]
    digest: str

    def row(self, key: tuple[Any, ...], day: date) -> dict[str, Any] | None:
        """Return the cells of the row in effect on `day`, None where there is none.

        A later row of the same key ends the one before it.
        """
        for since, until, cells in self.rows.get(key, ()):
            if since <= day:
                return cells if until is None or day < until else None
        return None
