"""Reference tables: the row in effect on the day, null with a reason where there is none."""

from __future__ import annotations

from typing import Any

import pytest

import policy
from policy.feel.builtins.described import DESCRIPTIONS
from policy.feel.builtins.nullrules import NULL_RULES
from tests.acceptance.support import decide, document, errors, exact, reference, said, vocabulary

NUM = {"type": "number", "scale": 4}
STR = {"type": "string"}
WAGES = [
    {"from": "2023-07-01", "region": "Shanghai", "monthly": 2690},
    {"from": "2025-07-01", "region": "Shanghai", "monthly": 2740},
    {"from": "2025-03-01", "region": "Shenzhen", "monthly": 2520, "until": "2026-01-01"},
]
TABLE = reference("minimum-wage", ["region"], {"region": STR, "monthly": {"type": "number", "scale": 2}}, WAGES)


def policy_text(formula: str = 'lookup("minimum-wage", m.region).monthly', **output: Any) -> str:
    outputs = {"v": {"type": "number", "scale": 4, **output}}
    return document(
        {"m.region": {**STR, "optional": True}},
        outputs=outputs,
        hit_policy="first",
        rules=[{"id": "t", "then": {"v": f"= {formula}"}}],
    )


def at(day: str, region: str | None, *, formula: str | None = None, table: str = TABLE) -> Any:
    given = {"m": {"region": region} if region else {}}
    return decide(policy_text(formula) if formula else policy_text(), given, others=(table,), as_of=day)


DAYS = [
    ("2023-07-01", "Shanghai", 2690),
    ("2025-06-30", "Shanghai", 2690),
    ("2025-07-01", "Shanghai", 2740),
    ("2099-01-01", "Shanghai", 2740),
    ("2025-03-01", "Shenzhen", 2520),
    ("2025-12-31", "Shenzhen", 2520),
]


@pytest.mark.parametrize(("day", "region", "expected"), DAYS)
def test_the_row_in_effect_on_the_day(day: str, region: str, expected: int) -> None:
    assert at(day, region).outcome == {"v": expected}


@pytest.mark.parametrize(
    ("day", "region"),
    [
        ("2023-06-30", "Shanghai"),
        ("2026-01-01", "Shenzhen"),
        ("2026-03-01", "Lhasa"),
        ("2026-03-01", "shanghai"),
        ("2026-03-01", ""),
    ],
)
def test_no_row_is_null_with_a_reason_and_never_the_nearest(day: str, region: str) -> None:
    decision = at(day, region) if region else at(day, None)
    assert (decision.status, decision.outcome) == ("undetermined", None)
    assert decision.missing
    if region:
        assert any("minimum-wage" in each for each in decision.missing), decision.missing


def test_the_reason_stands_in_the_explanation() -> None:
    loaded = policy.load(policy_text(), others=[TABLE])
    decision = loaded.decide({"s": {"id": "1"}, "m": {"region": "Lhasa"}}, as_of="2026-03-01", explain=True)
    assert "minimum-wage" in decision.explanation.to_text(policy.Language.EN)
    assert "Lhasa" in decision.explanation.to_text(policy.Language.ZH)


def test_an_instant_is_looked_up_by_the_policys_day() -> None:
    assert at("2025-06-30T15:59:59Z", "Shanghai").outcome == {"v": 2690}
    assert at("2025-06-30T16:00:00Z", "Shanghai").outcome == {"v": 2740}


def test_the_order_of_rows_does_not_matter() -> None:
    table = reference(
        "minimum-wage", ["region"], {"region": STR, "monthly": {"type": "number", "scale": 2}}, list(reversed(WAGES))
    )
    assert at("2025-06-30", "Shanghai", table=table).outcome == {"v": 2690}


def test_a_null_test_is_definite() -> None:
    formula = 'if lookup("minimum-wage", m.region) = null then 0 else 1'
    assert at("2026-03-01", "Lhasa", formula=formula).outcome == {"v": 0}
    assert at("2026-03-01", "Shanghai", formula=formula).outcome == {"v": 1}


def test_two_keys() -> None:
    rows = [
        {"from": "2026-01-01", "base": "USD", "quote": "CNY", "rate": 7.0288},
        {"from": "2026-01-01", "base": "EUR", "quote": "CNY", "rate": 8.25},
    ]
    table = reference(
        "fx", ["base", "quote"], {"base": STR, "quote": STR, "rate": {"type": "number", "scale": 6}}, rows
    )
    formula = 'lookup("fx", m.region, "CNY").rate'
    assert at("2026-03-01", "USD", formula=formula, table=table).outcome == {"v": exact("7.0288")}
    assert at("2026-03-01", "EUR", formula=formula, table=table).outcome == {"v": exact("8.25")}


SLIPS = [
    'lookup("minimum-wages", m.region).monthly',
    'lookup("minimum-wage", m.region).montly',
    "lookup(m.region, m.region).monthly",
]


@pytest.mark.parametrize("formula", SLIPS)
def test_slips_are_found_when_checked(formula: str) -> None:
    assert errors(policy_text(formula), TABLE), formula


def test_an_unknown_table_asks_did_you_mean() -> None:
    assert "minimum-wage`" in said(errors(policy_text(SLIPS[0]), TABLE))


COLUMNS = {"region": STR, "monthly": {"type": "number", "scale": 2}}
ROW = {"from": "2025-01-01", "region": "A", "monthly": 1}
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("a key that is no column", {"key": ["regoin"], "rows": [ROW]}),
    ("an unknown column in a row", {"rows": [{**ROW, "montly": 2}]}),
    ("a row without its key", {"rows": [{"from": "2025-01-01", "monthly": 1}]}),
    ("a row without day", {"rows": [{"region": "A", "monthly": 1}]}),
    ("a day that does not exist", {"rows": [{**ROW, "from": "2025-02-30"}]}),
    ("a text for a number", {"rows": [{**ROW, "monthly": "much"}]}),
    ("a value finer than its scale", {"rows": [{**ROW, "monthly": 1.005}]}),
    ("two rows of one key and day", {"rows": [ROW, {**ROW, "monthly": 2}]}),
    ("an end before the beginning", {"rows": [{**ROW, "until": "2024-01-01"}]}),
]


@pytest.mark.parametrize(("why", "change"), BROKEN)
def test_a_broken_table_is_refused(why: str, change: dict[str, Any]) -> None:
    table = reference("minimum-wage", change.get("key", ["region"]), COLUMNS, change["rows"])
    assert errors(policy_text(), table), why


def test_two_tables_of_one_name_are_refused() -> None:
    assert errors(policy_text(), TABLE, TABLE.replace("2740", "2741"))


def test_a_changed_table_changes_the_closure() -> None:
    first, second = (at("2026-03-01", "Shanghai", table=table) for table in (TABLE, TABLE + "# new\n"))
    assert first.closure["reference/minimum-wage"] != second.closure["reference/minimum-wage"]
    assert first.outcome == second.outcome


def test_a_table_and_a_vocabulary_together() -> None:
    text = policy_text().replace('{"m.region": {"type": "string", "optional": true}}', "m.region")
    words = vocabulary({"m.region": STR})
    decision = policy.load(text, others=[TABLE, words]).decide(
        {"s": {"id": "1"}, "m": {"region": "Shanghai"}}, as_of="2026-03-01"
    )
    assert decision.outcome == {"v": 2740}
    assert set(decision.closure) == {"scorecard.t", "vocabulary", "reference/minimum-wage"}


def test_the_examples_of_the_reference_page_give_what_they_say() -> None:
    about, rule = DESCRIPTIONS["lookup"], NULL_RULES["lookup"]
    missing = rule.example.replace("nothing", "m.region")

    assert at("2026-03-01", None, formula=about.example).outcome == {"v": exact(about.gives)}
    assert at("2026-03-01", None, formula=f"if {missing} = null then 0 else 1").outcome == {"v": 0}
    assert rule.gives == "null"
