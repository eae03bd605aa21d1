"""Parts of a document exactly as a person wrote them, each with its place.

A `Raw` value has no type yet: what `NO`, `012` or `2026-01-01` mean is decided by the field it stands for,
never by YAML. An `Expression` is FEEL text that has not been read yet.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from policy.errors import Place


@dataclass(frozen=True, slots=True)
class Marks:
    """Where each code point of a scalar's text stands in its document.

    Attributes:
        source: Name of the document.
        runs: At least one `(offset, line, column)`, offsets rising from 0: from that offset on, the text
            runs on in the document, one column for one code point.
        exact: False where an escape or folding inside a run may shift a column.
    """

    source: str
    runs: tuple[tuple[int, int, int], ...]
    exact: bool = True

    def at(self, offset: int) -> Place:
        """Return the place of the code point at `offset`."""
        start, line, column = self.runs[bisect_right(self.runs, (offset, 1 << 60, 0)) - 1]
        return Place(self.source, line, column + offset - start)


@dataclass(frozen=True, slots=True)
class Expression:
    """FEEL text as written.

    Attributes:
        text: The text, without YAML's quoting.
        marks: Where it stands.
    """

    text: str
    marks: Marks

    @property
    def place(self) -> Place:
        """Return where it begins."""
        return self.marks.at(0)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written.

    Attributes:
        text: Its text, without YAML's quoting.
        plain: True when it was not quoted, so that a number or boolean may be meant.
        marks: Where it stands.
    """

    text: str
    plain: bool
    marks: Marks

    @property
    def place(self) -> Place:
        """Return where it begins."""
        return self.marks.at(0)


@dataclass(frozen=True, slots=True)
class Items:
    """A list as written."""

    items: tuple[Raw, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One key and its value as written."""

    key: str
    place: Place
    value: Raw


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping as written, keys unique, in order."""

    entries: tuple[Entry, ...]
    place: Place


Raw = Scalar | Items | Entries


@dataclass(frozen=True, slots=True)
class Cells:
    """A condition written as a table row: every cell must hold.

    Attributes:
        cells: Path of a field (`key`) and the cell as written (`value`), in order.
        place: Where the mapping begins.
    """

    cells: tuple[Entry, ...]
    place: Place


Condition = Expression | Cells
