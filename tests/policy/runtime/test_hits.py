"""Hit policies, and which unknown rules could change an outcome, against plain enumeration."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.model.decision import Status
from policy.model.document import Combine, FieldType, HitPolicy
from policy.model.ruleset import Output
from policy.runtime.hits import combined, formed, swaying

GRADES = ("A", "B", "C")


def output(  # noqa: PLR0913 - one argument per option of an output
    name: str = "grade",
    kind: FieldType = FieldType.STRING,
    *,
    combine: Combine = Combine.LIST,
    default: Any = None,
    one_of: tuple[Any, ...] | None = GRADES,
    scale: int | None = None,
    optional: bool = False,
) -> Output:
    has_default = default is not None
    return Output(name, kind, None, one_of, None, scale, combine, optional, has_default, default, None, None)


def number(name: str = "points", **options: Any) -> Output:
    return output(name, FieldType.NUMBER, one_of=None, **options)


@pytest.mark.parametrize(
    ("hit_policy", "hits", "expected"),
    [
        (HitPolicy.UNIQUE, ["B"], {"grade": "B"}),
        (HitPolicy.ANY, ["B", "B"], {"grade": "B"}),
        (HitPolicy.PRIORITY, ["C", "A", "B"], {"grade": "A"}),
        (HitPolicy.FIRST, ["C", "A"], {"grade": "C"}),
        (HitPolicy.RULE_ORDER, ["C", "A"], [{"grade": "C"}, {"grade": "A"}]),
        (HitPolicy.OUTPUT_ORDER, ["C", "A", "C"], [{"grade": "A"}, {"grade": "C"}, {"grade": "C"}]),
        (HitPolicy.COLLECT, ["C", "A", "C"], {"grade": ["C", "A", "C"]}),
    ],
)
def test_outcome(hit_policy: HitPolicy, hits: list[str], expected: Any) -> None:
    got = combined([output()], hit_policy, [{"grade": each} for each in hits])

    assert (got.status, got.values) == (Status.DECIDED, expected)


@pytest.mark.parametrize(
    ("hit_policy", "hits"), [(HitPolicy.UNIQUE, ["B", "B"]), (HitPolicy.ANY, ["B", "A"])], ids=["unique", "any"]
)
def test_conflict(hit_policy: HitPolicy, hits: list[str]) -> None:
    got = combined([output()], hit_policy, [{"grade": each} for each in hits])

    assert (got.status, got.values) == (Status.CONFLICT, None)


@pytest.mark.parametrize(
    ("combine", "expected"),
    [
        (Combine.LIST, [Decimal(3), Decimal(1), Decimal(3)]),
        (Combine.UNION, [Decimal(3), Decimal(1)]),
        (Combine.SUM, Decimal(7)),
        (Combine.MIN, Decimal(1)),
        (Combine.MAX, Decimal(3)),
        (Combine.COUNT, Decimal(3)),
    ],
)
def test_combine(combine: Combine, expected: Any) -> None:
    hits = [{"points": Decimal(each)} for each in (3, 1, 3)]

    assert combined([number(combine=combine)], HitPolicy.COLLECT, hits).values == {"points": expected}


def test_union_follows_the_declared_order() -> None:
    stages = output("stages", FieldType.LIST, combine=Combine.UNION, one_of=("lead", "director", "finance"))
    hits = [{"stages": ["finance", "lead"]}, {"stages": ["director", "lead"]}]

    assert combined([stages], HitPolicy.COLLECT, hits).values == {"stages": ["lead", "director", "finance"]}


def test_without_hits_and_without_default_there_is_no_hit() -> None:
    assert combined([number(default=Decimal(0)), output()], HitPolicy.FIRST, []).status is Status.NO_HIT


def test_defaults_apply_to_each_output_no_hit_gave() -> None:
    got = combined([number(default=Decimal(5)), output()], HitPolicy.FIRST, [{"grade": "A"}])

    assert got.values == {"points": Decimal(5), "grade": "A"}


@pytest.mark.parametrize("hit_policy", [each for each in HitPolicy if each is not HitPolicy.COLLECT])
def test_null_in_an_output_that_is_not_optional_is_undetermined(hit_policy: HitPolicy) -> None:
    got = combined([number()], hit_policy, [{"points": None}])

    assert (got.status, got.null) == (Status.UNDETERMINED, ("points",))


def test_null_in_a_sum_is_undetermined_never_zero() -> None:
    hits = [{"points": Decimal(3)}, {"points": None}]

    assert combined([number(combine=Combine.SUM)], HitPolicy.COLLECT, hits).status is Status.UNDETERMINED


def test_null_in_an_optional_output_stands() -> None:
    assert combined([number(optional=True)], HitPolicy.FIRST, [{"points": None}]).values == {"points": None}


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [("2.345", 2, "2.35"), ("-2.345", 2, "-2.35"), ("1", 2, "1.00"), ("2.50", None, "2.5")],
)
def test_rounded_half_up_once(value: str, scale: int | None, expected: str) -> None:
    got = formed([number(scale=scale)], {"points": Decimal(value)})

    assert str(got["points"]) == expected


def test_a_sum_is_rounded_after_adding() -> None:
    points = number(combine=Combine.SUM, scale=0)
    hits = [{"points": Decimal("0.4")}] * 3

    got = combined([points], HitPolicy.COLLECT, hits)

    assert formed([points], got.values) == {"points": Decimal(1)}


VALUES = st.sampled_from([Decimal(-1), Decimal(0), Decimal(1), Decimal(2), None])
HITS = st.fixed_dictionaries({}, optional={"grade": st.sampled_from([*GRADES, None]), "points": VALUES})


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Output], HitPolicy, list[dict[str, Any]], list[bool | None]]:
    outputs = [
        output(default=draw(st.sampled_from([None, "A", "B"])), optional=draw(st.booleans())),
        number(
            combine=draw(st.sampled_from(list(Combine))),
            default=draw(st.sampled_from([None, Decimal(0), Decimal(1)])),
            optional=draw(st.booleans()),
        ),
    ]
    gives = draw(st.lists(HITS, min_size=1, max_size=5))
    verdicts = draw(st.lists(st.sampled_from([True, False, None]), min_size=len(gives), max_size=len(gives)))
    return outputs, draw(st.sampled_from(list(HitPolicy))), gives, verdicts


@given(tables())
def test_an_unknown_rule_matters_exactly_where_some_choice_changes_the_outcome(
    table: tuple[list[Output], HitPolicy, list[dict[str, Any]], list[bool | None]],
) -> None:
    outputs, hit_policy, gives, verdicts = table
    true = [index for index, verdict in enumerate(verdicts) if verdict]
    unknown = [index for index, verdict in enumerate(verdicts) if verdict is None]

    def outcome_with(more: Any) -> Any:
        got = combined(outputs, hit_policy, [gives[index] for index in sorted([*true, *more])])
        return got.status, None if got.values is None else formed(outputs, got.values)

    every_choice = chain.from_iterable(combinations(unknown, size) for size in range(len(unknown) + 1))
    could_change = any(outcome_with(choice) != outcome_with(()) for choice in every_choice)

    assert bool(swaying(unknown, outcome_with, outcome_with(()))) is could_change
