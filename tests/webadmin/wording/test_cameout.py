"""What tests compare, in words: parts of decisions and what stands there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from policy.engine import load_folder
from policy.runtime.cases import Difference
from policy.values import Language
from webadmin import library
from webadmin.wording.cameout import CameOut

ORDER = "approval.order"
SAID: list[tuple[str, Any, tuple[str, Any], tuple[str, Any]]] = [
    ("status", "no_hit", ("状态", "无规则命中"), ("Status", "No rule hit")),
    ("outcome.stages", ["director"], ("审批环节", ["销售总监"]), ("Stages", ["sales director"])),
    ("missing", ["order.amount"], ("缺少", ["订单金额"]), ("Missing", ["Order amount"])),
    (
        "result.stages[0]",
        {"id": "director", "unless": None},
        ("结果 \u203a 审批环节 \u203a 第 1 项", {"名称": "销售总监", "跳过条件": None}),
        ("Result \u203a Stages \u203a item 1", {"Name": "sales director", "Left out where": None}),
    ),
    ("hits[1]", "unheard", ("命中的规则 \u203a 第 2 项", "unheard"), ("Rules that hit \u203a item 2", "unheard")),
]


@pytest.mark.parametrize("row", SAID, ids=[each[0] for each in SAID])
def test_what_is_compared_is_said(
    row: tuple[str, Any, tuple[str, Any], tuple[str, Any]], app: Flask, rules: Path
) -> None:
    path, value, *expected = row
    found = load_folder(rules)[ORDER]
    for language, said in zip((Language.ZH, Language.EN), expected, strict=True):
        with app.test_request_context(headers={"Accept-Language": str(language)}):
            told = CameOut(found, language)
            assert (told.what(path), told.value(path, value)) == said


def test_rules_that_hit_are_called_by_their_reasons(app: Flask, rules: Path) -> None:
    found = load_folder(rules)[ORDER]
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        (said,) = CameOut(found, Language.ZH).value("hits", ["list-price"])

    assert said != "list-price"
    assert not said.isascii()


WRITTEN = [
    (ORDER, ("status",), "no_hit", "无规则命中", "No rule hit"),
    (ORDER, ("outcome", "stages"), "[]", "无", "none"),
    (ORDER, ("outcome", "stages"), "director, finance", "销售总监、财务", "sales director, finance"),
    (ORDER, ("missing",), "order.amount, customer.tier", "订单金额、客户等级", "Order amount, Customer tier"),
    (ORDER, ("hits",), "unheard, of", "unheard、of", "unheard, of"),
    ("assignment.new-customer", ("outcome", "newcomers"), "true", "是", "yes"),
    ("assignment.new-customer", ("outcome", "weight"), "1.5", "1.5", "1.5"),
    (
        "assignment.new-customer",
        ("result", "ranked"),
        "manager: am-1; score: 0.5, manager: am-2; score: 0.3",
        "客户经理：am-1；得分：0.5、客户经理：am-2；得分：0.3",
        "Account manager: am-1; Score: 0.5, Account manager: am-2; Score: 0.3",
    ),
]


@pytest.mark.parametrize("row", WRITTEN, ids=[".".join(each[1]) for each in WRITTEN])
def test_what_a_text_expects_is_said_item_by_item(
    row: tuple[str, tuple[str, ...], str, str, str], app: Flask, rules: Path
) -> None:
    policy, path, text, zh, en = row
    found = load_folder(rules)[policy]
    for language, said in ((Language.ZH, zh), (Language.EN, en)):
        with app.test_request_context(headers={"Accept-Language": str(language)}):
            assert CameOut(found, language).written(path, text) == said


STAGE = {"id": "director", "need": Decimal(1), "within": "P1D", "who": 'approver.role = "director"', "enough": True}
MORE = {**STAGE, "id": "team-lead", "barred": [{"approver": "am-1", "by": ["requester"]}]}
BOTH: list[tuple[str, Any, Any, tuple[Any, Any]]] = [
    ("result.stages[0].enough", "false", True, (False, True)),
    ("result.lines[0].amount", "62000", Decimal("63000.00"), (Decimal(62000), Decimal("63000.00"))),
    ("result.lines[0].amount", "much", Decimal(1), ("much", Decimal(1))),
    ("result.stages[0].within", "P2D", "P1D", ("2 天", "1 天")),
    ("result.needed", [], [STAGE, MORE], ([], [{"名称": "销售总监"}, {"名称": "销售主管"}])),
    (
        "result.needed",
        [{"id": "director", "within": "P2D"}],
        [STAGE, MORE],
        (
            [{"名称": "销售总监", "办理时限": "2 天"}],
            [{"名称": "销售总监", "办理时限": "1 天"}, {"名称": "销售主管", "办理时限": "1 天"}],
        ),
    ),
    (
        "result.needed",
        [{"id": "director", "need": "2", "enough": "true"}],
        [STAGE, MORE],
        (
            [{"名称": "销售总监", "所需审批人数": Decimal(2), "有权者人数足够": True}],
            [
                {"名称": "销售总监", "所需审批人数": Decimal(1), "有权者人数足够": True},
                {"名称": "销售主管", "所需审批人数": Decimal(1), "有权者人数足够": True},
            ],
        ),
    ),
    ("result.stages[0].barred[0].by", ["who"], ["requester"], (["不是本环节的审批人"], ["是申请人本人"])),
    ("result.stages[0].who", "x", 'approver.role = "director"', ("x", "审批角色为销售总监")),
    ("outcome.stages", "director", ["director"], ("销售总监", ["销售总监"])),
]


@pytest.mark.parametrize("row", BOTH, ids=[f"{each[0]}-{at}" for at, each in enumerate(BOTH)])
def test_both_sides_say_no_more_than_is_compared(
    row: tuple[str, Any, Any, tuple[Any, Any]], app: Flask, rules: Path
) -> None:
    path, expected, got, said = row
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert CameOut(load_folder(rules)[ORDER], Language.ZH).both(Difference(path, expected, got)) == said


def test_every_key_of_a_result_has_words(app: Flask, rules: Path) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        for policy in load_folder(rules).values():
            told = CameOut(policy, Language.ZH)
            for result in library.report(policy).results:
                data = None if result.decision is None else result.decision.to_data()["result"]
                assert [each for each in keys(data) if told.what(f"result.{each}").endswith(f" {each}")] == [], (
                    policy.id
                )


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for each in value.values() for name in keys(each)}
    return {name for each in value for name in keys(each)} if isinstance(value, list) else set()
