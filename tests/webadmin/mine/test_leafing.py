"""The page of one's own is short: what is long is folded or stands on pages, and nothing is lost without scripts."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.mine.holding import Held
from webadmin.mine.leafing import ALL, MOST, leaf
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.naming import Named

EN = {"Accept-Language": "en"}
ROW = re.compile(r'<tr id="customer-([^"]+)"')


@pytest.fixture(scope="module")
def site(demonstrated: Path, make_app: MakeApp, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("mine")
    shutil.copytree(demonstrated, folder, dirs_exist_ok=True)
    made = make_app(rules=rules, database=f"sqlite:///{folder}/record.db", heads=folder / "heads.json")
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def own(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ACCOUNT_MANAGER, "leafing", "am-01")


def test_customers_stand_on_pages_and_all_at_once(own: FlaskClient) -> None:
    whole = ROW.findall(own.get("/me?customers=all").text)
    first, second = (ROW.findall(own.get(f"/me?customers={number}").text) for number in (1, 2))

    assert len(first) == MOST
    assert [*first, *second] == whole
    assert f'<span class="count">{len(whole)}</span>' in own.get("/me", headers=EN).text
    assert own.get("/me").text.count("<datalist") <= 1
    assert 'href="/me?customers=all#customers"' in own.get("/me").text
    assert 'href="/me?quarter=2026-Q2&amp;customers=2#customers"' in own.get("/me?quarter=2026-Q2").text


def test_the_page_of_a_customer_that_is_sought_or_contested_is_shown(own: FlaskClient) -> None:
    last = ROW.findall(own.get("/me?customers=all").text)[-1]
    sent = {"sort": "customer", "object": last, "statement": " "}

    found = own.get("/search", query_string={"q": last}).text
    refused = own.post("/me/contest", data=sent, headers=EN)

    assert f'href="/me?customer={last}#customer-{last}"' in found
    assert last in ROW.findall(own.get(f"/me?customer={last}").text)
    assert last in ROW.findall(refused.text)
    assert "what is wrong" in refused.text


@pytest.mark.parametrize(
    ("asked", "page"), [("", 1), ("1", 1), ("3", 3), ("4", 1), ("99", 1), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1)]
)
def test_a_page_that_is_none_is_the_first(asked: str, page: int) -> None:
    every = [Held(Named(Of.CUSTOMER, f"c-{number}", None), date(2026, 1, 1)) for number in range(MOST * 2 + 1)]

    assert leaf(every, asked).page == page
    assert leaf(every, asked, f"c-{MOST}").page == 2
    assert leaf(every, ALL).shown == every
    assert leaf([], asked).pages == 1


def test_what_may_ask_for_something_stands_above_what_is_long(own: FlaskClient) -> None:
    page = own.get("/me?quarter=2026-Q2").text
    order = re.findall(r'<h2 id="([a-z]+)"', page)

    assert order == ["pay", "signals", "contested", "points", "customers", "parted"]
    assert re.search(r'<details class="lines"><summary>', page)  # the deals; each stands in it
    assert page.count('<tr id="counted-') > 5


def test_what_is_no_longer_ones_own_is_folded_by_month(own: FlaskClient) -> None:
    page = own.get("/me?quarter=2026-Q2", headers=EN).text
    months = re.findall(r'<details class="months"( open)?><summary>([A-Za-z]+ [0-9]{4})', page)

    assert months == [(" open", "June 2026"), ("", "May 2026")]


@pytest.mark.parametrize(
    ("role", "person", "said"),
    [
        (Role.ACCOUNT_MANAGER, "am-02", "Ask an administrator to load your quota"),
        (Role.MANAGER, "am-03", "nothing is to be done"),
        (Role.ADMIN, "am-04", "Load the quota under"),
    ],
)
def test_only_who_has_a_quota_or_can_load_it_is_told_to(site: Flask, role: Role, person: str, said: str) -> None:
    client = signed_in(site, role, f"quota-{role}", person)

    page = client.get("/me?quarter=2019-Q1", headers=EN).text

    every = ("Ask an administrator to load", "nothing is to be done", "Load the quota")
    assert [each for each in every if each in page] == [each for each in every if said.startswith(each)]
