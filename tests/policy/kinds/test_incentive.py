"""Statements line by line, and the laws of their sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import EvaluationError
from policy.kinds.bands import Band, Method
from policy.kinds.base import Undetermined
from policy.kinds.incentive import (
    Adjustment,
    Award,
    Bands,
    Basis,
    IncentiveSection,
    PlanPeriod,
    result,
)
from policy.kinds.statement import IncentiveResult
from policy.model.document import Id
from tests.policy.kinds.world import NOWHERE, World, fx

RATES = (("0", "0.02"), ("0.8", "0.03"), ("1", "0.05"))


def bands(*rows: tuple[str, str], base: str = "quota", **keys: Any) -> Bands:
    written = tuple(Band(NOWHERE, Decimal(floor), Decimal(rate)) for floor, rate in rows or RATES)
    return Bands(NOWHERE, fx(base), written, **keys)


def adjust(name: str, **keys: Any) -> Adjustment:
    written = {key: Decimal(text) if key == "hold" else fx(text) for key, text in keys.items()}
    return Adjustment(NOWHERE, Id(name), **written)


def plan(
    table: Bands | None = None, *adjustments: Adjustment, measure: str | None = "credited / quota", **keys: Any
) -> IncentiveSection:
    credit = fx(keys.pop("credit", "amount"))
    written = None if measure is None else fx(measure)
    return IncentiveSection(PlanPeriod.QUARTER, credit, written, table, adjustments, **keys)


def world(*amounts: Any, currency: str | None = "CNY", **facts: Any) -> World:
    units = {} if currency is None else {"quota": currency, "amount": currency}
    items = tuple(World({"amount": amount}, units=units) for amount in amounts)
    facts = {"quota": 100000, **facts}
    return World(facts, units=units, each=tuple(each.binding(facts) for each in items))


def statement(section: IncentiveSection, *amounts: Any, **facts: Any) -> IncentiveResult:
    return result(section, world(*amounts, **facts))


def lines(got: IncentiveResult) -> list[tuple[str, str]]:
    return [(line.id, str(line.amount)) for line in got.lines]


def test_a_statement_line_by_line() -> None:
    section = plan(
        bands(),
        adjust("cap", at_most="3 * pay"),
        adjust("clawback", add="-refunded"),
        adjust("holdback", hold="0.2"),
        awards=(Award(NOWHERE, Id("star"), fx("measure >= 1.2"), "recognition"),),
    )

    got = statement(section, 100000, Decimal("50000.00"), pay=1200, refunded=Decimal("100.004")).to_data()

    assert got == {
        "currency": "CNY",
        "credited": 150000,
        "measure": Decimal("1.5"),
        "lines": [
            line("band-0 band 1600 1600", "0 0.8 100000 0.02"),
            line("band-0.8 band 600 2200", "0.8 1 100000 0.03"),
            line("band-1 band 2500 4700", "1 1.5 100000 0.05"),
            line("cap at_most -1100 3600", "- - 3600 -"),
            line("clawback add -100 3500", "- - - -"),
            line("holdback hold -700 2800", "- - 3500 0.2"),
        ],
        "earned": 4700,
        "total": 2800,
        "paid": 2800,
        "carried": 0,
        "held": 700,
        "awards": [{"id": "star", "give": "recognition"}],
        "credits": [{"index": 0, "credited": 100000}, {"index": 1, "credited": 50000}],
    }


def line(what: str, how: str) -> dict[str, Any]:
    name, kind, amount, running = what.split()
    numbers = (None if text == "-" else Decimal(text) for text in how.split())
    bounds = dict(zip(("from", "to", "base", "rate"), numbers, strict=True))
    return {"id": name, "kind": kind, **bounds, "amount": Decimal(amount), "running": Decimal(running)}


def test_amounts_have_the_decimals_of_their_currency() -> None:
    assert [str(statement(plan(bands()), 1000, currency=code).paid) for code in ("CNY", "JPY", "BHD", None)] == [
        "20.00",
        "20",
        "20.000",
        "20.00",
    ]


def test_the_currency_is_that_of_the_base_and_else_of_the_credits() -> None:
    per_unit = plan(bands(("0", "0.1"), base="1"), measure=None)

    assert statement(per_unit, 1000).currency == "CNY"
    assert statement(per_unit, 1000, currency="hours").currency is None
    assert statement(per_unit, 1000, currency=None).currency is None


def test_without_credits_the_currency_is_not_known() -> None:
    got = result(IncentiveSection(PlanPeriod.MONTH, adjustments=(adjust("bonus", add="500"),)), World())

    assert (got.currency, got.credited, got.measure, str(got.paid)) == (None, None, None, "500.00")


def test_credits_in_several_currencies_have_no_sum() -> None:
    items = tuple(World({"amount": 1}, units={"amount": code}) for code in ("CNY", "USD"))

    with pytest.raises(EvaluationError, match="CNY, USD"):
        result(plan(measure=None), World(each=items))


def test_without_bands_each_credit_is_a_line() -> None:
    got = statement(plan(measure=None, credit="amount * 0.1"), 1000, Decimal("0.05"), -1000)

    assert lines(got) == [("credit-0", "100.00"), ("credit-1", "0.01"), ("credit-2", "-100.00")]
    assert [str(each.to_data()["earned"]) for each in got.credits] == ["100.00", "0.01", "-100.00"]
    assert str(got.credited) == "0.005"
    assert str(got.earned) == "0.01"


def test_without_measure_the_table_is_applied_to_what_is_credited() -> None:
    got = statement(plan(bands(("0", "0.1"), ("100", "0.2"), base="1"), measure=None), 150)

    assert lines(got) == [("band-0", "10.00"), ("band-100", "10.00")]


def test_a_table_for_each_credit_alone() -> None:
    table = bands(("0", "0.01"), ("1000", "0.02"), base="1", basis=Basis.EACH)

    got = statement(plan(table, measure="credited"), 200, 1500)

    assert lines(got) == [
        ("credit-0-band-0", "2.00"),
        ("credit-1-band-0", "10.00"),
        ("credit-1-band-1000", "10.00"),
    ]
    assert [each.to_data() for each in got.credits] == [
        {"index": 0, "credited": 200, "measure": 200, "earned": 2},
        {"index": 1, "credited": 1500, "measure": 1500, "earned": 20},
    ]
    assert got.measure == 1700, "the measure of all credits, for awards and adjustments"


def test_the_base_may_read_the_measure() -> None:
    got = statement(plan(bands(("0", "0.1"), base="if measure > 1 then 2 * quota else quota")), 200000)

    assert lines(got) == [("band-0", "40000.00")]


def test_no_credits_earn_nothing() -> None:
    assert lines(result(plan(bands()), World({"quota": 100}, each=()).binding({"amount": 0}))) == [("band-0", "0.00")]


def test_a_negative_total_is_carried_and_never_paid() -> None:
    got = statement(plan(bands(), adjust("draw", add="-5000")), 100000)

    assert (str(got.total), str(got.paid), str(got.carried)) == ("-2800.00", "0.00", "-2800.00")


def test_nothing_is_held_of_a_negative_total() -> None:
    got = statement(plan(bands(), adjust("draw", add="-5000"), adjust("holdback", hold="0.2")), 100000)

    assert (str(got.held), str(got.carried)) == ("0.00", "-2800.00")


def test_a_cap_that_is_not_reached_is_a_line_of_nothing() -> None:
    got = statement(plan(bands(), adjust("cap", at_most="99999")), 1000)

    assert lines(got)[-1] == ("cap", "0.00")


def test_a_cap_line_is_the_rounded_difference() -> None:
    got = statement(plan(bands(), adjust("cap", at_most="10.004")), 1000)

    assert (str(got.lines[-1].amount), str(got.total)) == ("-10.00", "10.00")


def test_adjustments_see_what_was_credited_measured_and_earned() -> None:
    got = statement(plan(bands(), adjust("thirteenth", add="earned + measure + credited")), 100000)

    assert lines(got)[-1] == ("thirteenth", "102201.00")


def test_adjustments_work_in_order() -> None:
    cap, bonus = adjust("cap", at_most="2000"), adjust("bonus", add="500")

    assert str(statement(plan(bands(), cap, bonus), 100000).total) == "2500.00"
    assert str(statement(plan(bands(), bonus, cap), 100000).total) == "2000.00"


@pytest.mark.parametrize(
    ("section", "facts", "slot", "missing"),
    [
        (plan(bands()), {"quota": None}, "measure", ["quota"]),
        (plan(bands(base="worth"), measure=None), {"worth": None}, "bands.base", ["worth"]),
        (plan(bands(basis=Basis.EACH)), {"quota": None}, "measure", ["quota"]),
        (plan(bands()), {"quota": 0}, "measure", []),
        (plan(bands(), adjust("a", add="x"), adjust("b", at_most="y")), {"x": None, "y": None}, "a", ["x", "y"]),
        (
            plan(bands(), awards=(Award(NOWHERE, Id("star"), fx("stars > 3"), "trip"),)),
            {"stars": None},
            "star",
            ["stars"],
        ),
    ],
)
def test_what_is_unknown_is_never_zero_pay(
    section: IncentiveSection, facts: dict[str, Any], slot: str, missing: list[str]
) -> None:
    with pytest.raises(Undetermined) as unknown:
        statement(section, 1000, **facts)

    assert (unknown.value.slot, unknown.value.missing) == (slot, missing)


def test_credits_that_are_unknown_are_all_named_at_once() -> None:
    items = tuple(World({name: amount}) for name, amount in (("a", None), ("b", 1), ("c", None)))
    scopes = tuple(item.binding({other: 1 for other in "abc" if other not in item.facts}) for item in items)

    with pytest.raises(Undetermined) as unknown:
        result(plan(credit="a + b + c"), World(each=scopes))

    assert (unknown.value.slot, unknown.value.missing) == ("credit", ["a", "c"])


def test_awards_are_given_where_their_condition_is_true() -> None:
    rows = tuple(
        Award(NOWHERE, Id(name), fx(text), f"a {name}")
        for name, text in (("trip", "earned > 1"), ("car", "credited > 1000000"))
    )

    assert [each.id for each in statement(plan(bands(), awards=rows), 100000).awards] == ["trip"]


AMOUNTS = st.lists(st.decimals(min_value=-(10**6), max_value=10**7, places=2), max_size=4)
QUOTAS = st.integers(1, 10**6)


@given(amounts=AMOUNTS, quota=QUOTAS, method=st.sampled_from(Method), basis=st.sampled_from(Basis))
def test_the_total_is_the_sum_of_the_lines(amounts: list[Decimal], quota: int, method: Method, basis: Basis) -> None:
    section = plan(
        bands(method=method, basis=basis),
        adjust("cap", at_most="quota / 7"),
        adjust("draw", add="-quota / 13"),
        adjust("holdback", hold="0.3"),
    )

    got = statement(section, *amounts, quota=quota)

    total = Decimal(0)
    for each in got.lines:
        total += each.amount
        assert each.running == total
    assert got.total == total == got.paid + got.carried
    assert got.held == -got.lines[-1].amount >= 0
    assert {each.amount.as_tuple().exponent for each in got.lines} == {-2}


@given(amounts=AMOUNTS, more=st.decimals(min_value=0, max_value=10**6, places=2), quota=QUOTAS)
def test_more_credit_never_earns_less(amounts: list[Decimal], more: Decimal, quota: int) -> None:
    table = bands(("0", "0.05"), ("0.8", "0.02"), ("1", "0.1"))

    assert (
        statement(plan(table), *amounts, more, quota=quota).earned
        >= statement(plan(table), *amounts, quota=quota).earned
    )
