"""What became of the rows of a file: how many were taken, mended, refused and skipped, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from policy.errors import plain_value, said
from policy.messages import Said, sentence
from policy.values import Language

MOST_LISTED = 1000
"""Mended and refused cells that are kept one by one; beyond that they are counted only."""

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Mended:
    """A cell that was mended.

    Attributes:
        row: Its row; the header is row 1.
        column: Its column, `<join>.<column>` in a joined file.
        found: As written.
        to: What it was taken for.
    """

    row: int
    column: str
    found: str
    to: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken.

    Attributes:
        row: Its row; the header is row 1.
        column: The column concerned; None when it is the whole row.
        field: The input concerned, None where there is none.
        code: A key of `policy.messages.CATALOGUE`.
        values: What its sentence names.
        sheet: The sheet the row is in; None where the file has none.
    """

    row: int
    column: str | None
    field: str | None
    code: str
    values: Mapping[str, Said] = attribute(default_factory=dict)
    sheet: str | None = None

    def text(self, language: Language) -> str:
        """Return its sentence, with the column it is about."""
        if self.column is None:
            return self.why(language)
        return sentence("report-cell", {"column": self.column, "why": self.why(language)}, language)

    def why(self, language: Language) -> str:
        """Return its sentence without the column."""
        return said(self.code, self.values, language)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, its sentence in both languages."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "code": self.code,
            **{name: plain_value(value) for name, value in self.values.items()},
            "message": {str(language): self.text(language) for language in Language},
        }


@dataclass(frozen=True, slots=True)
class Row:
    """What one row came to, or one group of rows.

    Attributes:
        number: Its row; the header is row 1. Of a group: the first one.
        rows: All rows it is made of.
        key: What people call it: the texts of the mapping's `key`, or what a group shares; may be empty.
        facts: Nested facts; None where there are problems.
        as_of: Day, or instant with offset, the decision is for, as ISO 8601 text; None where there are problems.
        problems: Why there are no facts.
    """

    number: int
    rows: tuple[int, ...]
    key: str
    facts: dict[str, Any] | None
    as_of: str | None
    problems: tuple[Refusal, ...] = ()


@dataclass(slots=True)
class Reason:
    """Refusals of one kind: how many, the first, and the first rows."""

    first: Refusal
    count: int = 0
    rows: list[int] = attribute(default_factory=list)


@dataclass(slots=True)
class Report:
    """What became of the rows; complete when the table has been read to its end.

    Attributes:
        sheet: The sheet they are in; None where the file has none.
        head: Code of the sentence that says how many there are.
        read: Rows below the header, blank ones left out.
        taken: Rows in facts that were given out.
        refused: Rows with a refusal, and sound rows of a group that has one.
        skipped: Rows that are left out: by the mapping, or because they repeat an earlier one.
        repeated: Rows that come to the same record as an earlier one.
        made: Facts given out; fewer than rows taken where rows are grouped.
        mends: (column, text found, text meant) → mended cells.
        skips: (column, text) → rows left out because of it.
        reasons: (code, column, field) → refusals of that kind.
        mended: The first mended cells, one by one.
        refusals: The first refusals, one by one.
    """

    sheet: str | None = None
    head: str = "report-rows"
    read: int = 0
    taken: int = 0
    refused: int = 0
    skipped: int = 0
    repeated: int = 0
    made: int = 0
    mends: Counter[tuple[str, str, str]] = attribute(default_factory=Counter)
    skips: Counter[tuple[str, str]] = attribute(default_factory=Counter)
    reasons: dict[tuple[str, str | None, str | None], Reason] = attribute(default_factory=dict)
    mended: list[Mended] = attribute(default_factory=list)
    refusals: list[Refusal] = attribute(default_factory=list)

    def mend(self, cells: Iterable[Mended]) -> None:
        """Note mended cells."""
        for cell in cells:
            self.mends[cell.column, cell.found, cell.to] += 1
            if len(self.mended) < MOST_LISTED:
                self.mended.append(cell)

    def skip(self, column: str, text: str) -> None:
        """Note a row that is left out."""
        self.skipped += 1
        self.skips[column, text] += 1

    def repeat(self) -> None:
        """Note a row that comes to the same record as an earlier one."""
        self.skipped += 1
        self.repeated += 1

    def count(self, rows: int, problems: Iterable[Refusal]) -> None:
        """Note what rows came to that belong together: with problems they are refused, else taken."""
        found = list(problems)
        if found:
            self.refused += rows
        else:
            self.taken += rows
            self.made += 1
        for refusal in found:
            self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        key = (refusal.code, refusal.column, refusal.field)
        reason = self.reasons.setdefault(key, Reason(refusal))
        reason.count += 1
        if len(reason.rows) < _EXAMPLES:
            reason.rows.append(refusal.row)
        if len(self.refusals) < MOST_LISTED:
            self.refusals.append(refusal)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "sheet": self.sheet,
            "rows": {name: getattr(self, name) for name in ("read", "taken", "refused", "skipped")},
            "made": self.made,
            "repeated": self.repeated,
            "mended": [
                {"column": column, "found": found, "to": to, "count": count}
                for (column, found, to), count in self.mends.items()
            ],
            "skipped": [{"column": column, "found": text, "count": n} for (column, text), n in self.skips.items()],
            "refused": [
                {**reason.first.to_data(), "count": reason.count, "rows": list(reason.rows)}
                for reason in self.reasons.values()
            ],
        }

    def to_text(self, language: Language) -> str:
        """Return it for people, one thing per line."""
        lines = [] if self.sheet is None else [sentence("report-sheet", {"found": self.sheet}, language)]
        lines.append(sentence(self.head, {name: getattr(self, name) for name in _COUNTS}, language))
        for (column, found, to), count in self.mends.items():
            values: dict[str, Said] = {"column": column, "found": found, "to": to, "count": count}
            lines.append(sentence("report-mended", values, language))
        for (column, text), count in self.skips.items():
            lines.append(sentence("report-skipped", {"column": column, "found": text, "count": count}, language))
        if self.repeated:
            lines.append(sentence("report-repeated", {"count": self.repeated}, language))
        lines += [_refused(reason, language) for reason in self.reasons.values()]
        return "\n".join(lines)


_COUNTS = ("read", "taken", "refused", "skipped", "made")


def _refused(reason: Reason, language: Language) -> str:
    rows = tuple(str(row) for row in reason.rows) + (("…",) if reason.count > len(reason.rows) else ())
    values: dict[str, Said] = {"count": reason.count, "rows": rows, "why": reason.first.why(language)}
    if reason.first.column is None:
        return sentence("report-refused-rows", values, language)
    return sentence("report-refused", {**values, "column": reason.first.column}, language)
