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

MOST_LEFT = 50_000
"""Rows left out that are kept one by one; beyond that they are counted only."""

MOST_VALUES = 200
"""Different values of one kind of refusal that are told apart."""

_EXAMPLES = 5
_ROWS = 20


@dataclass(frozen=True, slots=True)
class Mended:
    """A cell that was mended.

    Attributes:
        row: Its row, as `rowfile` counts.
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
        row: Its row, as `rowfile` counts.
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
        number: Its row, as `rowfile` counts. Of a group: the first one.
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
class Value:
    """Refusals of one kind because of the same value: how many, and the first rows."""

    count: int = 0
    rows: list[int] = attribute(default_factory=list)


@dataclass(slots=True)
class Reason:
    """Refusals of one kind: how many, the first, and the first rows.

    Attributes:
        found: What was found → refusals because of it; those of values beyond `MOST_VALUES` are counted only.
    """

    first: Refusal
    count: int = 0
    rows: list[int] = attribute(default_factory=list)
    found: dict[str, Value] = attribute(default_factory=dict)

    def add(self, refusal: Refusal) -> None:
        """Count one."""
        self.count += 1
        if len(self.rows) < _EXAMPLES:
            self.rows.append(refusal.row)
        value = str(refusal.values.get("found", ""))
        if value in self.found or len(self.found) < MOST_VALUES:
            held = self.found.setdefault(value, Value())
            held.count += 1
            if len(held.rows) < _ROWS:
                held.rows.append(refusal.row)

    @property
    def values(self) -> list[tuple[str, Value]]:
        """Return what was found, the most frequent first."""
        return sorted(self.found.items(), key=lambda each: (-each[1].count, each[1].rows))

    @property
    def more(self) -> int:
        """Return how many refusals are because of values that are not told apart."""
        return self.count - sum(each.count for each in self.found.values())

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data; where it is because of one value alone, that is the first's."""
        data = {**self.first.to_data(), "count": self.count, "rows": list(self.rows)}
        if len(self.found) == 1:
            return data
        values = [{"found": found, "count": each.count, "rows": list(each.rows)} for found, each in self.values]
        return {**data, "values": values}


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
        left: The first rows that are left out, one by one, with why.
        listed: How many refusals are told one by one at most.
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
    left: list[Refusal] = attribute(default_factory=list)
    listed: int = attribute(default_factory=lambda: MOST_LISTED)

    def mend(self, cells: Iterable[Mended]) -> None:
        """Note mended cells."""
        for cell in cells:
            self.mends[cell.column, cell.found, cell.to] += 1
            if len(self.mended) < MOST_LISTED:
                self.mended.append(cell)

    def skip(self, row: Refusal) -> None:
        """Note a row that the mapping leaves out because of what stands in a column."""
        self.skips[row.column or "", str(row.values["found"])] += 1
        self._leave(row)

    def repeat(self, row: Refusal) -> None:
        """Note a row that comes to the same record as an earlier one."""
        self.repeated += 1
        self._leave(row)

    def _leave(self, row: Refusal) -> None:
        self.skipped += 1
        if len(self.left) < MOST_LEFT:
            self.left.append(row)

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
        self.reasons.setdefault(key, Reason(refusal)).add(refusal)
        if len(self.refusals) < self.listed:
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
            "refused": [reason.to_data() for reason in self.reasons.values()],
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
    text = sentence("report-refused", {**values, "column": reason.first.column}, language)
    if len(reason.found) == 1:
        return text
    told = [f"`{found}` ({each.count})" for found, each in reason.values[:_EXAMPLES]]
    more = ("…",) if len(reason.found) > _EXAMPLES or reason.more else ()
    return text + sentence("report-values", {"count": len(reason.found), "found": (*told, *more)}, language)
