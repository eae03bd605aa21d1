"""Scorecards: rules give points, the table `grades` makes a grade of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policy.errors import Place
from policy.model.written import Raw


@dataclass(frozen=True, slots=True)
class GradeRow:
    """From `from_` points on (inclusive) the grade is `value`."""

    place: Place
    from_: Decimal
    value: Raw


@dataclass(frozen=True, slots=True)
class Grades:
    """Gives the output `give` from the output `of`; the first row reaches down without end."""

    place: Place
    of: str
    give: str
    rows: tuple[GradeRow, ...]


@dataclass(frozen=True, slots=True)
class ScorecardSection:
    """Top-level keys of a scorecard."""

    grades: Grades | None = None
