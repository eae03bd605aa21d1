"""Points become a grade."""

from __future__ import annotations

from decimal import Decimal

import pytest

from policy.errors import EvaluationError
from policy.kinds.base import Undetermined
from policy.kinds.scorecard import GradeRow, Grades, ScorecardSection, result
from tests.policy.kinds.world import NOWHERE, World, scalar

ROWS = tuple(
    GradeRow(NOWHERE, Decimal(floor), scalar(grade)) for floor, grade in ((0, "D"), (40, "C"), (60, "B"), (80, "A"))
)
SECTION = ScorecardSection(Grades(NOWHERE, {}, "points", "grade", ROWS))


@pytest.mark.parametrize(
    ("points", "grade", "floor"),
    [("-5", "D", 0), ("0", "D", 0), ("39.99", "D", 0), ("40", "C", 40), ("79.96", "B", 60), ("80.0", "A", 80)],
)
def test_a_grade_begins_at_its_floor(points: str, grade: str, floor: int) -> None:
    got = result(SECTION, World(outputs={"points": Decimal(points)}))

    assert got is not None
    assert got.to_data() == {"points": Decimal(points), "grade": grade, "row": {"from": floor}}


def test_no_points_is_no_grade_rather_than_the_lowest() -> None:
    with pytest.raises(Undetermined) as unknown:
        result(SECTION, World(outputs={"points": None}))

    assert unknown.value.slot == "points"


def test_points_are_numbers() -> None:
    with pytest.raises(EvaluationError, match="not a number"):
        result(SECTION, World(outputs={"points": "many"}))


def test_without_grades_there_is_no_result() -> None:
    assert result(ScorecardSection(), World()) is None
