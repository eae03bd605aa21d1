"""Tests in a review, failing or changed: each part on a line of its own, and each rule, whose reason has commas."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.review.steps import EN, ZH, draft
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

ORDER = "approval.order"
LARGE = "given: {order: {id: o4, amount: 200000}, customer: {id: c2, tier: D}, requester: {id: am-07, team: east-1}}\n"
EXPECTED = "    expect: {hits: [large, list-price], "
BOTH = LARGE + EXPECTED
LARGE_ORDER = "A large order, [Net amount in CNY] in CNY: the director approves"
STATED = "The stated discount [Discount] is within everybody's authority"
OWES = "The customer owes money that is [Longest overdue in days] days overdue"


@pytest.fixture
def author(rules: Path, make_app: MakeApp) -> FlaskClient:
    site = make_app(rules=rules)
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return signed_in(site, Role.ADMIN, "author")


def edited(author: FlaskClient, *changes: tuple[str, str]) -> None:
    """Change the draft of the policy of orders."""
    site: Flask = author.application
    author.post(f"/drafts/{ORDER}/begin")
    now = draft(site, ORDER)
    text = now.text
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    author.post(f"/drafts/{ORDER}/text", data={"text": text, "since": now.version})


def lines(part: str) -> list[str]:
    """Return the items of the lists in a part of a page, without marks."""
    return [words(each) for each in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]


def words(part: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split())


def failed(page: str) -> str:
    """Return the table of what came out otherwise."""
    return page[page.index('<table class="cards-small"') :].split("</table>", maxsplit=1)[0]


@pytest.mark.parametrize("address", [f"/review/draft/{ORDER}", f"/policies/{ORDER}/tests?of=draft"])
def test_each_rule_that_hit_otherwise_than_a_test_expects_stands_on_its_line(author: FlaskClient, address: str) -> None:
    edited(author, (BOTH, LARGE + "    expect: {hits: [large, list-price, overdue], "))

    english = author.get(address, headers=EN).text
    chinese = author.get(address, headers=ZH).text
    assert lines(failed(english)) == [LARGE_ORDER, STATED, OWES, LARGE_ORDER, STATED]
    assert len(lines(failed(chinese))) == 5


def test_each_part_of_a_changed_test_stands_on_its_line_with_both_sides(author: FlaskClient) -> None:
    facts = LARGE.replace("200000", "100")
    name = ("en: from 200000 on an order is large", "en: a hundred is not large")
    edited(author, name, (BOTH, f"{facts}    expect: {{hits: [list-price], "))

    english, chinese = (turned(author.get(f"/review/draft/{ORDER}", headers=each).text) for each in (EN, ZH))

    assert [words(each) for each in english] == [
        "name (English): before: from 200000 on an order is large → now: a hundred is not large",
        "Order \u203a Order amount: before: 200000 → now: 100",
        f"Rules that hit: before: {LARGE_ORDER} {STATED} now: {STATED}",
    ]
    assert [words(each) for each in re.findall(r"<del>.*?</del>", english[2])] == [LARGE_ORDER, STATED]
    assert re.sub(r"\s", "", words(chinese[0])).startswith("名称（英文）：原：from")


def turned(page: str) -> list[str]:
    """Return the parts of the one test that is changed, each up to the next."""
    parts = page[page.index('<ul class="one-by-one">') :].split("<details", maxsplit=1)[0]
    return re.split(r"<li>(?!<del>|<ins>)", parts)[1:]
