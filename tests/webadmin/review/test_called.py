"""A review tells tests and rules that are called otherwise from those taken out and added, with both names."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.review.steps import EN, NAME, ZH, changed
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


def told(author: FlaskClient, headers: dict[str, str] = EN) -> str:
    page = author.get(f"/review/draft/{NAME}", headers=headers).text
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_test_with_another_name_is_renamed(site: Flask, author: FlaskClient) -> None:
    changed(site, author, "a hundred is large", "a hundred counts as large")

    page, chinese = told(author), told(author, ZH)

    assert "1 test was renamed" in page
    names = "name (English): before: a hundred is large → now: a hundred counts as large"
    assert f"renamed a hundred counts as large {names}" in page
    assert "test was removed" not in page
    assert "test was added" not in page
    assert "1 个测试改了名称" in chinese


def test_a_test_with_another_name_and_expectation_shows_both_before_and_after(site: Flask, author: FlaskClient) -> None:
    changed(site, author, ">= 100", ">= 200")
    changed(site, author, "name: {zh: 一百人算大, en: a hundred is large}", "name: a hundred is small")
    changed(site, author, "{size: large}}\n", "{size: small}}\n")

    page = told(author)

    assert "1 test expects something else" in page
    assert "name (Chinese): before: 一百人算大 → now: a hundred is small" in page
    assert "name (English): before: a hundred is large → now: a hundred is small" in page
    assert "Size: before: large → now: small" in page


def test_a_test_with_other_facts_shows_them_before_and_after(site: Flask, author: FlaskClient) -> None:
    changed(site, author, "staff: 100, kind", "staff: 150, kind")

    page = told(author)
    assert "Staff: before: 100 → now: 150" in page


def test_a_rule_with_another_id_is_renamed_and_said_once(site: Flask, author: FlaskClient) -> None:
    changed(site, author, "id: small", "id: few")

    page = told(author)

    assert "renamed small → few" in page
    assert "removed small" not in page
    assert "added few" not in page
