"""What tests compare, in words: parts of decisions and what stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from policy.engine import load_folder
from policy.values import Language
from webadmin.wording.cameout import CameOut

SAID: list[tuple[str, str, Any, tuple[str, Any], tuple[str, Any]]] = [
    ("approval.order", "status", "no_hit", ("状态", "无规则命中"), ("Status", "No rule hit")),
    ("approval.order", "outcome.stages", ["director"], ("审批环节", ["销售总监"]), ("Stages", ["sales director"])),
    ("approval.order", "missing", ["order.amount"], ("缺少", ["订单金额"]), ("Missing", ["Order amount"])),
    (
        "approval.order",
        "result.stages[0]",
        {"id": "director", "unless": None},
        ("结果 › 审批环节 › 第 1 项", {"名称": "销售总监", "跳过条件": None}),
        ("Result › Stages › item 1", {"Name": "sales director", "Left out where": None}),
    ),
    ("approval.order", "hits[1]", "unheard-of", ("命中的规则 › 第 2 项", "unheard-of"), ("Rules that hit › item 2", "unheard-of")),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "path", "value", "zh", "en"), SAID, ids=[each[1] for each in SAID])
def test_what_is_compared_is_said(
    policy: str, path: str, value: Any, zh: tuple[str, Any], en: tuple[str, Any], app: Flask, rules: Path
) -> None:
    found = load_folder(rules)[policy]
    for language, expected in ((Language.ZH, zh), (Language.EN, en)):
        with app.test_request_context(headers={"Accept-Language": str(language)}):
            told = CameOut(found, language)
            assert (told.what(path), told.value(path, value)) == expected


def test_rules_that_hit_are_called_by_their_reasons(app: Flask, rules: Path) -> None:
    found = load_folder(rules)["approval.order"]
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        (said,) = CameOut(found, Language.ZH).value("hits", ["list-price"])

    assert said != "list-price"
    assert not said.isascii()
