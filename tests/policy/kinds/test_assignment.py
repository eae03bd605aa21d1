"""Who is ranked how, who is excluded by what, and a total order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import EvaluationError
from policy.feel.temporal import DaysDuration, MonthsDuration
from policy.kinds.assignment import (
    Allocate,
    AssignmentResult,
    AssignmentSection,
    Eligible,
    Otherwise,
    Score,
    result,
)
from policy.model.document import Id, Path
from tests.policy.kinds.world import NOWHERE, World, fx


def allocate(
    *,
    eligible: dict[str, str] | None = None,
    score: dict[str, tuple[str, str]] | None = None,
    tie_break: tuple[str, ...] = (),
    otherwise: Otherwise = Otherwise.UNASSIGNED,
) -> AssignmentSection:
    return AssignmentSection(
        Allocate(
            NOWHERE,
            Path("managers"),
            tuple(Eligible(NOWHERE, Id(name), fx(text)) for name, text in (eligible or {}).items()),
            tuple(
                Score(NOWHERE, Id(name), Decimal(weight), fx(text)) for name, (weight, text) in (score or {}).items()
            ),
            tie_break=tuple(Path(path) for path in tie_break),
            otherwise=otherwise,
        )
    )


def ranking(section: AssignmentSection, *managers: dict[str, Any], **facts: Any) -> AssignmentResult:
    got = result(section, World({"managers": list(managers), "customer": {"region": "east"}, **facts}))
    assert got is not None
    return got


REGION = allocate(eligible={"region": "manager.region = customer.region"})
FIT = allocate(score={"fit": ("1", "manager.fit")})


def test_the_best_score_is_assigned_with_every_term() -> None:
    section = allocate(score={"industry": ("60", "manager.fit"), "tenure": ("40", "min(manager.years / 10, 1)")})

    got = ranking(section, {"id": "b", "fit": Decimal("0.5"), "years": 20}, {"id": "a", "fit": 1, "years": 5})

    assert got.to_data() == {
        "assigned": "a",
        "otherwise": None,
        "ranked": [
            {
                "manager": "a",
                "score": Decimal("0.8"),
                "terms": [
                    {"id": "industry", "weight": 60, "value": 1, "points": 60},
                    {"id": "tenure", "weight": 40, "value": Decimal("0.5"), "points": 20},
                ],
            },
            {
                "manager": "b",
                "score": Decimal("0.7"),
                "terms": [
                    {"id": "industry", "weight": 60, "value": Decimal("0.5"), "points": 30},
                    {"id": "tenure", "weight": 40, "value": 1, "points": 40},
                ],
            },
        ],
        "excluded": [],
    }


def test_a_score_is_rounded_half_up_to_six_decimals() -> None:
    got = ranking(FIT, {"id": "a", "fit": Decimal("0.1234565")})

    assert str(got.ranked[0].score) == "0.123457"


def test_what_is_not_true_excludes_by_its_row() -> None:
    section = allocate(eligible={"region": "manager.region = customer.region", "level": "manager.level >= 2"})

    got = ranking(section, {"id": "a", "region": "west", "level": 1}, {"id": "b", "region": "east", "level": 2})

    assert got.assigned == "b"
    assert [each.to_data() for each in got.excluded] == [
        {"manager": "a", "by": ["region", "level"], "unknown": [], "missing": []}
    ]


def test_what_is_unknown_excludes_with_what_was_missing() -> None:
    got = ranking(REGION, {"id": "a", "region": None})

    assert got.assigned is None
    assert [each.to_data() for each in got.excluded] == [
        {"manager": "a", "by": [], "unknown": ["region"], "missing": ["manager.region"]}
    ]


@pytest.mark.parametrize(
    ("known", "by", "unknown", "missing"),
    [
        ({"active": False}, ["inactive"], [], []),
        ({"active": None}, [], ["inactive"], ["manager.active"]),
        ({"active": "yes"}, [], ["inactive"], ["manager.active"]),
        ({"active": True, "absent": True}, ["absent"], [], []),
        ({"active": False, "absent": True}, ["inactive", "absent"], [], []),
    ],
)
def test_nobody_inactive_or_absent_is_assigned_whatever_the_rules_say(
    known: dict[str, Any], by: list[str], unknown: list[str], missing: list[str]
) -> None:
    anybody = allocate(eligible={"inactive": "true", "absent": "true"})

    got = ranking(anybody, {"id": "a", **known})

    assert [each.to_data() for each in got.excluded] == [
        {"manager": "a", "by": by, "unknown": unknown, "missing": missing}
    ]


def test_who_the_rules_exclude_already_is_excluded_by_the_rules_alone() -> None:
    section = allocate(eligible={"present": "manager.active"})

    assert ranking(section, {"id": "a", "active": False}).excluded[0].by == ("present",)


@pytest.mark.parametrize("known", [{}, {"active": True}, {"active": True, "absent": False}, {"absent": None}])
def test_who_is_present_can_be_assigned(known: dict[str, Any]) -> None:
    assert ranking(allocate(), {"id": "a", **known}).assigned == "a"


def test_an_unknown_score_excludes_with_its_term() -> None:
    got = ranking(FIT, {"id": "a", "fit": None}, {"id": "b", "fit": 0})

    assert got.assigned == "b"
    assert [each.to_data() for each in got.excluded] == [
        {"manager": "a", "by": [], "unknown": ["fit"], "missing": ["manager.fit"]}
    ]


@pytest.mark.parametrize("fit", ["-0.1", "1.01"])
def test_a_score_outside_its_range_is_refused_rather_than_cut(fit: str) -> None:
    with pytest.raises(EvaluationError, match=f"`fit` of `a` is {fit}"):
        ranking(FIT, {"id": "a", "fit": Decimal(fit)})


def test_the_score_of_somebody_excluded_is_not_looked_at() -> None:
    section = allocate(eligible={"never": "false"}, score={"fit": ("1", "manager.fit")})

    assert ranking(section, {"id": "a", "fit": 7}).excluded[0].by == ("never",)


@pytest.mark.parametrize("weight", ["0", "-1"])
def test_weights_that_add_up_to_nothing_are_refused(weight: str) -> None:
    with pytest.raises(EvaluationError, match="add up to nothing"):
        ranking(allocate(score={"fit": (weight, "manager.fit")}), {"id": "a", "fit": 1})


def test_weights_beyond_every_number_are_refused() -> None:
    section = allocate(score={"one": ("9E+6144", "1"), "two": ("9E+6144", "1")})

    with pytest.raises(EvaluationError, match="beyond every bound"):
        ranking(section, {"id": "a"})


def test_without_score_there_is_none() -> None:
    got = ranking(allocate(), {"id": "b"}, {"id": "a"})

    assert [(each.manager, each.score) for each in got.ranked] == [("a", None), ("b", None)]


TIES = [False, True, Decimal(2), Decimal(10), "B", "a", date(2026, 1, 1), DaysDuration(5), MonthsDuration(1), None]


def test_ties_are_told_apart_by_paths_ascending_missing_last() -> None:
    rows = [{"id": f"m{index}", "key": key} for index, key in enumerate(TIES)]

    got = ranking(allocate(tie_break=("manager.key",)), *reversed(rows))

    assert [each.manager for each in got.ranked] == [row["id"] for row in rows]


def test_ties_need_values_that_have_an_order() -> None:
    with pytest.raises(EvaluationError, match=r"`manager\.skills`"):
        ranking(allocate(tie_break=("manager.skills",)), {"id": "a", "skills": ["x"]})


CANDIDATES = st.lists(
    st.fixed_dictionaries(
        {"id": st.text("abc", min_size=1, max_size=3), "fit": st.sampled_from([0, 1]), "years": st.integers(0, 2)}
    ),
    unique_by=lambda row: row["id"],
    max_size=8,
)


@given(rows=CANDIDATES, data=st.data())
def test_the_order_is_total_and_never_depends_on_the_facts_order(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    section = allocate(score={"fit": ("1", "manager.fit")}, tie_break=("manager.years",))
    shuffled = data.draw(st.permutations(rows))

    got = ranking(section, *rows)

    expected = sorted(rows, key=lambda row: (-row["fit"], row["years"], row["id"]))
    assert [each.manager for each in got.ranked] == [row["id"] for row in expected]
    assert ranking(section, *shuffled).to_data() == got.to_data()


@pytest.mark.parametrize("otherwise", list(Otherwise))
@pytest.mark.parametrize("managers", [None, [], [{"id": "a", "region": "west"}]])
def test_nobody_eligible_is_said_and_nobody_is_chosen(otherwise: Otherwise, managers: Any) -> None:
    section = allocate(eligible={"region": 'manager.region = "east"'}, otherwise=otherwise)

    got = result(section, World({"managers": managers}))

    assert got is not None
    assert (got.assigned, got.otherwise) == (None, otherwise)


@pytest.mark.parametrize(
    ("managers", "said"),
    [([{"id": "a"}, {"id": "a"}], "`managers` holds the id `a` twice"), ([{"id": "a"}, {}], "item 2 of `managers`")],
)
def test_candidates_are_known_by_their_ids(managers: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        ranking(allocate(), *managers)


def test_without_allocate_there_is_no_result() -> None:
    assert result(AssignmentSection(), World()) is None
