"""What a test is given and expects stands beside it, in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from policy.engine import load_folder
from webadmin.wording import testwords


def said(page: str, number: int) -> str:
    """Return what stands of one test, without markup."""
    row = page[page.index(f'id="test-{number}"') :]
    row = row[row.index('class="test-says"') : row.index("</details>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split())


@pytest.mark.parametrize(
    ("language", "given", "expected"),
    [
        ("zh", "订单号 o1 订单金额 100 客户编号 c1 客户等级 A", "审批环节 销售主管、销售总监、财务"),
        ("en", "Order o1 Order amount 100 Customer c1 Customer tier A", "Stages team lead, sales director, finance"),
    ],
)
def test_facts_and_expectations_stand_in_words(client: FlaskClient, language: str, given: str, expected: str) -> None:
    page = client.get("/policies/approval.order/tests", headers={"Accept-Language": language}).text
    numbers = re.findall(r'id="test-(\d+)"', page)
    every = [said(page, int(number)) for number in numbers]

    assert len(every) > 30
    assert any(given in each and expected in each for each in every), every[0]
    assert not any(re.search(r"\b(true|false)\b", each) for each in every)
    assert all(("已知" if language == "zh" else "Given") in each for each in every)
    assert not any("team-lead" in each for each in every)


def test_items_are_numbered_and_parts_told_apart(rules: Path) -> None:
    policy = load_folder(rules)["assignment.new-customer"]
    case = policy.rule_set.cases[0]

    given = testwords.given(policy, case)
    expected = dict(testwords.expected(case))

    assert [(each.path, each.item) for each in given if each.path.endswith(".id")] == [
        ("customer.id", None),
        ("managers[0].id", 1),
        ("managers[1].id", 2),
    ]
    assert all(each.field is not None for each in given)
    assert expected["status"] == "decided"
    assert expected["hits"] == ["small"]
    assert expected["outcome.weight"] == "1"
    assert [each["manager"] for each in expected["result.ranked"]] == ["am-new", "am-old"]
