"""Which stages, who may act, and that what is unknown never opens a door."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import EvaluationError
from policy.kinds.approval import ApprovalResult, ApprovalSection, Separation, Stage, StageResult, result
from policy.kinds.base import Undetermined
from policy.model.document import Duration, Id
from tests.policy.kinds.world import NOWHERE, World, fx


def stage(name: str, who: str = "approver.role = stage", **keys: Any) -> Stage:
    return Stage(NOWHERE, Id(name), fx(who.replace("stage", f'"{name}"')), **keys)


def never(name: str, text: str) -> Separation:
    return Separation(NOWHERE, Id(name), fx(text))


STAGES = (
    stage("lead", within=Duration("P1D"), late=Id("director")),
    stage("director"),
    stage("finance", need=2, unless=fx("order.prepaid")),
)
SECTION = ApprovalSection(STAGES, (never("no-beneficiary", "approver.id = order.commission_to"),))


def person(name: str, role: str | None = "lead") -> dict[str, Any]:
    return {"id": name, "role": role}


def world(*persons: Any, stages: Any = ("lead",), **order: Any) -> World:
    order = {"prepaid": False, "commission_to": "nobody", **order}
    facts: dict[str, Any] = {"order": order, "requester": {"id": "am-07"}}
    return World(
        {**facts, "approvers": list(persons)} if persons else facts,
        {"stages": None if stages is None else list(stages)},
    )


def decided(scope: World, section: ApprovalSection = SECTION) -> list[StageResult]:
    return list(result(section, scope).stages)


def first(scope: World, section: ApprovalSection = SECTION) -> dict[str, Any]:
    return decided(scope, section)[0].to_data()


def test_stages_come_in_the_order_of_the_section() -> None:
    assert [each.id for each in decided(world(stages=("finance", "lead")))] == ["lead", "finance"]


def test_stages_of_several_hits_are_taken_together() -> None:
    assert [each.id for each in decided(world(stages=(["director"], ["lead", "director"])))] == ["lead", "director"]


def test_a_stage_tells_what_the_section_says_of_it() -> None:
    assert first(world()) == {
        "id": "lead",
        "need": 1,
        "within": "P1D",
        "late": "director",
        "unless": None,
        "skipped": False,
        "who": 'approver.role = "lead"',
    }


def test_an_empty_list_needs_no_approval() -> None:
    assert result(SECTION, world(stages=())).to_data() == {"needed": False, "stages": []}


@pytest.mark.parametrize("stages", [None, ["lead", None]])
def test_unknown_stages_are_never_read_as_no_approval(stages: Any) -> None:
    with pytest.raises(Undetermined) as unknown:
        result(SECTION, World(outputs={"stages": stages}))

    assert unknown.value.slot == "stages"


def test_a_stage_the_section_does_not_have_is_refused() -> None:
    with pytest.raises(EvaluationError, match=r"`boss`.*lead, director, finance"):
        result(SECTION, world(stages=("boss",)))


@pytest.mark.parametrize(
    ("prepaid", "unless", "needed"), [(True, "true", False), (False, "false", True), (None, "unknown", True)]
)
def test_only_a_true_unless_skips(prepaid: bool | None, unless: str, needed: bool) -> None:
    got = result(SECTION, world(stages=("finance",), prepaid=prepaid))

    assert (got.stages[0].unless, got.stages[0].skipped, got.needed) == (unless, not needed, needed)


def test_without_persons_nobody_is_named() -> None:
    assert decided(world())[0].actors is None


def test_an_empty_list_of_persons_is_nobody() -> None:
    scope = world().binding({"approvers": []})

    assert (first(scope)["may_act"], first(scope)["enough"]) == ([], False)


def test_who_is_meant_may_act_and_others_are_barred_by_it() -> None:
    got = first(world(person("a"), person("b", "director")))

    assert got["may_act"] == ["a"]
    assert got["barred"] == [{"approver": "b", "by": ["who"]}]
    assert got["enough"] is True


def test_a_skipped_stage_names_nobody() -> None:
    got = first(world(person("a", "finance"), stages=("finance",), prepaid=True))

    assert "may_act" not in got


def test_a_stage_that_needs_two_says_that_one_is_too_few() -> None:
    assert first(world(person("a", "finance"), stages=("finance",)))["enough"] is False


def test_who_asks_may_not_approve_whatever_the_rules_say() -> None:
    everybody = ApprovalSection((stage("lead", "true"),), (never("requester", "false"),))

    assert first(world(person("am-07")), everybody)["barred"] == [{"approver": "am-07", "by": ["requester"]}]


@pytest.mark.parametrize(
    ("approver", "requester", "missing"),
    [
        ({"role": "lead"}, {"id": "am-07"}, ["approver.id"]),
        ({"id": "a", "role": "lead"}, {}, ["requester.id"]),
        ({"id": 7, "role": "lead"}, {"id": "7"}, []),
    ],
    ids=["approver without id", "requester without id", "ids of different types"],
)
def test_an_identity_that_cannot_be_told_bars(
    approver: dict[str, Any], requester: dict[str, Any], missing: list[str]
) -> None:
    section = ApprovalSection((stage("lead"),))

    got = first(world(approver).binding({"requester": requester}), section)

    known = {7: 7}.get(approver.get("id", 0), approver.get("id"))
    assert got["may_act"] == []
    assert got["barred"] == [{"approver": known, "by": ["requester"]}]
    assert got["unknown"] == [{"approver": known, "by": ["requester"], "missing": missing}]


def test_a_true_separation_bars() -> None:
    got = first(world(person("a"), person("b"), commission_to="a"))

    assert (got["may_act"], got["barred"]) == (["b"], [{"approver": "a", "by": ["no-beneficiary"]}])


def test_an_unknown_separation_bars_with_its_reason() -> None:
    got = first(world(person("a"), commission_to=None))

    assert got["barred"] == [{"approver": "a", "by": ["no-beneficiary"]}]
    assert got["unknown"] == [{"approver": "a", "by": ["no-beneficiary"], "missing": ["order.commission_to"]}]


def test_an_unknown_who_does_not_admit() -> None:
    got = first(world(person("a", None)))

    assert (got["may_act"], got["barred"]) == ([], [])
    assert got["unknown"] == [{"approver": "a", "by": ["who"], "missing": ["approver.role"]}]


def test_a_person_stands_in_the_list_once() -> None:
    with pytest.raises(EvaluationError, match="`approvers` holds the id `a` twice"):
        result(SECTION, world(person("a"), person("a", "director")))


TRUTHS = st.sampled_from(["true", "false", "null"])


def may_act(got: ApprovalResult) -> set[str]:
    actors = got.stages[0].actors
    assert actors is not None
    return set(actors.may_act)


@given(who=TRUTHS, rows=st.lists(TRUTHS, max_size=3), more=TRUTHS)
def test_more_separation_never_lets_more_persons_act(who: str, rows: list[str], more: str) -> None:
    scope = world(person("a"), person("am-07"))
    stages = (stage("lead", who),)

    def acting(texts: list[str]) -> set[str]:
        return may_act(result(ApprovalSection(stages, tuple(never(f"s{n}", t) for n, t in enumerate(texts))), scope))

    assert acting([*rows, more]) <= acting(rows)
    assert acting(rows) == ({"a"} if who == "true" and set(rows) <= {"false"} else set())
