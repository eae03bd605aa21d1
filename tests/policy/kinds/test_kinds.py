"""Every kind has its section and its result."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import pytest

from policy.kinds import SECTIONS, KindResult, Section, result
from policy.kinds.approval import ApprovalResult, ApprovalSection
from policy.kinds.assignment import Allocate, AssignmentResult, AssignmentSection
from policy.kinds.incentive import IncentiveSection, PlanPeriod
from policy.kinds.penalty import PenaltyResult, PenaltySection
from policy.kinds.scorecard import GradeRow, Grades, ScorecardResult, ScorecardSection
from policy.kinds.statement import IncentiveResult
from policy.model.document import Kind, Path
from tests.policy.kinds.world import NOWHERE, World, scalar

CASES: list[tuple[Section, type[KindResult]]] = [
    (ApprovalSection(()), ApprovalResult),
    (AssignmentSection(Allocate(NOWHERE, Path("managers"), ())), AssignmentResult),
    (IncentiveSection(PlanPeriod.YEAR), IncentiveResult),
    (PenaltySection(()), PenaltyResult),
    (
        ScorecardSection(Grades(NOWHERE, {}, "of", "give", (GradeRow(NOWHERE, Decimal(0), scalar("A")),))),
        ScorecardResult,
    ),
]

WORLD = World(outputs={"of": Decimal(1), "stages": [], "measures": []})


def test_every_kind_has_a_section() -> None:
    assert set(SECTIONS) == set(Kind)
    assert {type(section) for section, _ in CASES} == set(SECTIONS.values())


@pytest.mark.parametrize(("section", "expected"), CASES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_section_gives_the_result_of_its_kind(section: Section, expected: type[KindResult]) -> None:
    got = result(section, WORLD)

    assert type(got) is expected
    assert got is not None
    assert is_plain(got.to_data())


@pytest.mark.parametrize("expected", [each for _, each in CASES])
def test_results_are_frozen_and_slotted(expected: type[KindResult]) -> None:
    assert is_dataclass(expected)
    assert expected.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert set(expected.__slots__) == {each.name for each in fields(expected)}


def is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and is_plain(each) for name, each in value.items())
    if isinstance(value, list):
        return all(is_plain(each) for each in value)
    return value is None or type(value) in (str, Decimal, bool)
