"""The shipped mappings over the real Maven CRM data; what comes out is calculated once more, plainly.

The data is no part of the product: where its folder is absent, these tests are skipped.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy.engine import Policies, load_folder
from policy.model.decision import Decision, Status
from policy.tables import Row, Table, load_mapping
from policy.values import Language, rounded

CHECKOUT = Path(__file__).parents[2]
DATA = CHECKOUT.parent / "shared" / "data" / "maven_crm"
PIPELINE = DATA / "sales_pipeline.csv"

pytestmark = pytest.mark.skipif(not PIPELINE.is_file(), reason="the Maven CRM data is not here")

USD_IN_CNY = [
    (date(2017, 1, 1), Decimal("6.9370")),
    (date(2017, 4, 1), Decimal("6.8993")),
    (date(2017, 7, 1), Decimal("6.7744")),
    (date(2017, 10, 1), Decimal("6.6369")),
]
"""The book rates of rules/reference/exchange-rate.yaml for the year of the data."""


@cache
def policies() -> Policies:
    return load_folder(CHECKOUT / "rules")


@cache
def read(policy: str) -> tuple[Table, list[Row]]:
    mapping = load_mapping(CHECKOUT / "config" / "mappings" / f"maven-{policy.replace('.', '-')}.yaml")
    assert mapping.policy == policy
    table = Table(PIPELINE, mapping, policies()[policy].reader)
    return table, list(table)


@cache
def decisions(policy: str) -> dict[str, Decision]:
    """Return the decision of every row or group that has facts, by what it is called."""
    decide = policies()[policy].decide
    return {
        row.key: decide(row.facts, as_of=row.as_of)
        for row in read(policy)[1]
        if row.facts is not None and row.as_of is not None
    }


def lines(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def day_of(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def test_every_opportunity_with_a_value_is_decided() -> None:
    table, _ = read("approval.order")

    assert (table.report.read, table.report.taken, table.report.refused) == (8800, 6711, 2089)
    assert Counter(decision.status for decision in decisions("approval.order").values()) == {Status.DECIDED: 6711}


def test_open_opportunities_are_reported_with_what_is_missing() -> None:
    _, rows = read("approval.order")
    missing = Counter(frozenset(each.column for each in row.problems) for row in rows if row.facts is None)

    assert missing == {
        frozenset({"close_value", "close_date"}): 664,
        frozenset({"close_value", "close_date", "account", "accounts.revenue"}): 1425,
    }
    assert {each.code for row in rows for each in row.problems} == {"table-empty", "table-unjoined"}


def test_the_known_slips_are_mended_and_reported() -> None:
    table, _ = read("approval.order")

    assert dict(table.report.mends) == {
        ("product", "GTXPro", "GTX Pro"): 1480,
        ("accounts.sector", "technolgy", "technology"): 12,
    }
    assert "column `product`, `GTXPro` taken as `GTX Pro` in 1480 cells" in table.report.to_text(Language.EN)
    assert "列 `product` 的 `GTXPro` 按 `GTX Pro` 处理，共 1480 格" in table.report.to_text(Language.ZH)


def test_days_are_month_day_year() -> None:
    _, rows = read("approval.order")

    assert (rows[0].key, rows[0].as_of) == ("1C1I7A6R", "2017-03-01")
    assert {row.as_of[:4] for row in rows if row.as_of is not None} == {"2017"}


BY_HAND: dict[str, tuple[list[str], list[str]]] = {
    # Cancity, 718.62 million: tier C. 1054 of 1096 is 3.8% below the list, 7311.60 CNY.
    "1C1I7A6R": (["list-price"], []),
    # Isdom, 3178.24 million: tier B. GTX Pro, written GTXPro: 4514 of 4821 is 6.4% below the list, 31313.62 CNY.
    "Z063OYW0": (["list-price", "hidden-discount-slight"], ["team-lead"]),
    # Lost, so 0 of 4821: the whole price below the list, with no discount stated.
    "KWVA7VR1": (["list-price", "hidden-discount"], ["team-lead", "director"]),
    # Condax, 4.54 million: tier D. 437 of 550 is 20.5% below the list: finance looks at the margin.
    "RV3LPOYP": (
        ["list-price", "hidden-discount", "hidden-discount-margin"],
        ["team-lead", "director", "margin"],
    ),
    # GTK 500 above its list price of 26768: 30288 at 6.8993 is 208966.00 CNY, from 200000 on it is large.
    "60UOBOEM": (["large", "list-price"], ["team-lead", "director"]),
    # Kan-code, 11698.03 million: tier A, so 462 of 550 (16% below the list) needs all three all the same.
    "25YKPHX8": (["key-account", "list-price", "hidden-discount-slight"], ["team-lead", "director", "finance"]),
}


@pytest.mark.parametrize("key", BY_HAND, ids=str)
def test_agrees_with_a_calculation_by_hand(key: str) -> None:
    decision = decisions("approval.order")[key]

    assert (decision.hits, decision.outcome) == (BY_HAND[key][0], {"stages": BY_HAND[key][1]})


def expected_stages(line: Mapping[str, str], revenue: Decimal, price: Decimal) -> list[str]:
    """Say who approves, straight from the policy's text as it applies to this data."""
    amount = Decimal(line["close_value"])
    rate = [rate for since, rate in USD_IN_CNY if since <= day_of(line["close_date"])][-1]
    if revenue >= 5000 or amount * rate >= 500_000:
        return ["team-lead", "director", "finance"]
    below = 1 - amount / price
    if below > Decimal("0.2"):
        return ["team-lead", "director", *(["margin"] if revenue < 500 else [])]
    if amount * rate >= 200_000:
        return ["team-lead", "director"]
    return ["team-lead"] if below > Decimal("0.05") else []


def test_every_approval_agrees_with_a_plain_calculation() -> None:
    revenues = {line["account"]: Decimal(line["revenue"]) for line in lines("accounts.csv")}
    prices = {line["product"]: Decimal(line["sales_price"]) for line in lines("products.csv")}
    expected = {
        line["opportunity_id"]: expected_stages(
            line, revenues[line["account"]], prices[line["product"].replace("GTXPro", "GTX Pro")]
        )
        for line in lines("sales_pipeline.csv")
        if line["close_value"]
    }

    found: dict[str, Any] = {
        key: decision.outcome["stages"]
        for key, decision in decisions("approval.order").items()
        if isinstance(decision.outcome, dict)
    }

    assert found == expected
    assert Counter("/".join(stages) for stages in found.values()) == {
        "": 2485,
        "team-lead": 1075,
        "team-lead/director": 1675,
        "team-lead/director/margin": 504,
        "team-lead/director/finance": 972,
    }


def test_won_deals_become_one_statement_per_agent_and_quarter() -> None:
    table, rows = read("incentive.quarterly")

    assert (table.report.read, table.report.taken, table.report.made) == (8800, 4238, 120)
    assert dict(table.report.skips) == {
        ("deal_stage", "Lost"): 2473,
        ("deal_stage", "Engaging"): 1589,
        ("deal_stage", "Prospecting"): 500,
    }
    assert len({row.key.partition(" · ")[0] for row in rows}) == 30
    assert Counter(row.as_of for row in rows) == dict.fromkeys(
        ["2017-03-31", "2017-06-30", "2017-09-30", "2017-12-31"], 30
    )


def statement(credited: Decimal, quota: Decimal) -> tuple[Decimal, Decimal]:
    """Return what a quarter earns and pays: slices at their rates, a cap, a fifth held back; each line rounded."""
    rows = [(Decimal(0), "0.02"), (Decimal("0.8"), "0.03"), (Decimal(1), "0.05"), (Decimal("1.5"), "0.06")]
    ends = [least * quota for least, _ in rows[1:]] + [Decimal("Infinity")]
    slices = [
        rounded(max(Decimal(0), min(credited, end) - least * quota) * Decimal(rate), 2)
        for (least, rate), end in zip(rows, ends, strict=True)
    ]
    earned = sum(slices, Decimal(0))
    capped = min(earned, Decimal("0.12") * quota)
    return earned, capped - rounded(capped * Decimal("0.2"), 2)


def test_every_statement_agrees_with_a_plain_calculation() -> None:
    credited: Counter[str] = Counter()
    for line in lines("sales_pipeline.csv"):
        if line["deal_stage"] == "Won":
            day = day_of(line["close_date"])
            credited[f"{line['sales_agent']} · {day.year}-Q{(day.month + 2) // 3}"] += int(line["close_value"])

    results = {key: decision.result for key, decision in decisions("incentive.quarterly").items()}
    found = {key: result.to_data() for key, result in results.items() if result is not None}

    assert {key: each["credited"] for key, each in found.items()} == credited
    assert {key: (each["earned"], each["total"]) for key, each in found.items()} == {
        key: statement(Decimal(amount), Decimal(80_000)) for key, amount in credited.items()
    }
