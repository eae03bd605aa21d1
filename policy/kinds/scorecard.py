"""Scorecards: rules give points, the table `grades` makes a grade of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policy.errors import Place
from policy.kinds.base import Scope, Undetermined, number, trimmed
from policy.model.written import Raw


@dataclass(frozen=True, slots=True)
class GradeRow:
    """From `from_` points on (inclusive) the grade is `value`."""

    place: Place
    from_: Decimal
    value: Raw


@dataclass(frozen=True, slots=True)
class Grades:
    """Gives the output `give` from the output `of`; the first row reaches down without end.

    Attributes:
        rows: At least one, `from_` strictly rising.
    """

    place: Place
    places: Mapping[str, Place]
    of: str
    give: str
    rows: tuple[GradeRow, ...]


@dataclass(frozen=True, slots=True)
class ScorecardSection:
    """Top-level keys of a scorecard."""

    grades: Grades | None = None


@dataclass(frozen=True, slots=True)
class ScorecardResult:
    """The grade and how it came about.

    Attributes:
        of: Name of the output that was graded.
        points: Its value, unrounded.
        give: Name of what the table gives.
        value: The grade.
        row: `from` of the row that gave it.
    """

    of: str
    points: Decimal
    give: str
    value: Any
    row: Decimal

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, points and grade under the names of their outputs."""
        return {self.of: trimmed(self.points), self.give: self.value, "row": {"from": trimmed(self.row)}}


def result(section: ScorecardSection, scope: Scope) -> ScorecardResult | None:
    """Grade the points of a scorecard; without `grades` there is nothing to do.

    Raises:
        Undetermined: the points are unknown.
    """
    grades = section.grades
    if grades is None:
        return None
    points = number(scope.output(grades.of), grades.of)
    if points is None:
        raise Undetermined([], grades.of)
    row = reached(grades.rows, points)
    return ScorecardResult(grades.of, points, grades.give, scope.literal(row.value, grades.give), row.from_)


def reached(rows: tuple[GradeRow, ...], points: Decimal) -> GradeRow:
    """Return the last row that begins at or below `points`; the first one reaches down without end."""
    return next((row for row in reversed(rows) if row.from_ <= points), rows[0])
