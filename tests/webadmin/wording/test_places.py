"""Where two texts differ is said by the names of tests and the labels of fields and rows, not by keys and ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from policy.engine import Policy, load_folder
from policy.model.comparison import Difference, What, differences
from policy.model.document import Document
from policy.reader import read
from policy.values import Language
from webadmin.wording.places import Places

ORDER = "approval.order"


@pytest.fixture
def found(rules: Path) -> tuple[Policy, Document, str]:
    policy = load_folder(rules)[ORDER]
    document = policy.rule_set.document
    return policy, document, document.text


def changed(text: str) -> Document:
    document = read(text, name=ORDER).document
    assert document is not None
    return document


def test_parts_of_tests_are_called_as_readers_call_them(found: tuple[Policy, Document, str], app: Flask) -> None:
    policy, document, _ = found
    name = document.tests[0].name  # type: ignore[union-attr]
    expected = ("tests", name.en, "expect")
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        places = Places([policy], Language.ZH, [document])

        assert places.said(("tests", name.en))[1] == name.zh
        assert places.said((*expected, "outcome", "stages"))[2:] == ["应为", "规则给出的内容", "审批环节"]
        assert places.said((*expected, "hits"))[3] == "命中的规则"
        assert places.said((*expected, "result", "needed"))[3:] == ["结果", "须审批"]
        assert places.said(("tests", name.en, "given", "order", "amount"))[2:] == ["数据", "订单", "订单金额"]
        assert places.said(("tests", name.en, "as_of"))[2] == "裁定所属日期"


def test_values_are_named_where_they_stand_for_something(found: tuple[Policy, Document, str], app: Flask) -> None:
    policy, document, _ = found
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        places = Places([policy], Language.ZH, [document])

        assert places.value(("rules", "key-account", "then", "stages"), "team-lead, director") == "销售主管、销售总监"
        assert places.value(("rules", "key-account", "then", "stages"), "[]") == "无"
        assert places.value(("rules", "key-account", "when", "requester.team"), "director") == "director"
        assert places.value(("inputs", "order.prepaid", "default"), "true") == "是"
        assert places.value(("stages", "director", "who"), 'approver.role = "director"') == 'approver.role = "director"'


def test_what_was_added_stands_in_words(found: tuple[Policy, Document, str], app: Flask) -> None:
    policy, document, text = found
    stage = '  - {id: board, who: approver.role = "board", need: 2, within: P3D, late: director}\n'
    at = text.index("\n", text.index("\nstages:") + 1) + 1
    later = changed(text[:at] + stage + text[at:])
    (added,) = (each for each in differences(document, later) if each.what is What.ADDED)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = Places([policy], Language.EN, [document, later]).item(added)

    assert said == (
        'Who may act: approver.role = "board"; Approvals needed: 2; Time to act: P3D; If late: sales director'
    )


def test_a_test_that_was_removed_is_not_named_twice(found: tuple[Policy, Document, str], app: Flask) -> None:
    policy, document, _ = found
    removed = Difference(What.REMOVED, ("tests", "x"), "", "", ((("name", "zh"), "某"), (("as_of",), "2026-03-01")))
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert Places([policy], Language.EN, [document]).item(removed) == "Day it is decided for: 2026-03-01"


def test_a_test_of_a_text_that_does_not_load_has_its_name(rules: Path, app: Flask) -> None:
    text = (rules / "approval" / "order.yaml").read_text("utf-8")
    document = changed(text.replace("order.net_cny", "order.nett"))
    name = document.tests[0].name  # type: ignore[union-attr]
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        places = Places([None], Language.ZH, [document])

    assert places.said(("tests", name.en))[1] == name.zh
