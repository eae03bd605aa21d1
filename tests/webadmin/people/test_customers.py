"""The list of customers: who sees which, its filters, and its pages."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import HOSTILE, SINCE, organisation
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.revisions import Act
from webadmin.store.things import Change, Thing
from webadmin.store.writer import Transaction

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}


@pytest.fixture(scope="module")
def site(rules: Path, make_app: MakeApp) -> Flask:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))

    def told(transaction: Transaction) -> None:
        organisation(transaction, act)
        batch = roster.Batch(transaction, act)
        batch.put(Thing(Of.CUSTOMER, "c-3", HOSTILE), {"tier": "A"}, SINCE)
        batch.put(Thing(Of.CUSTOMER, "c-4", "四号", "Number four"), {"owner": "am-03", "status": "lost"}, SINCE)
        for name, worth in (("c-1", 120_000), ("c-2", 9_000)):
            batch.change(Change(Of.CUSTOMER, name, "customer.annual_revenue", worth, SINCE))
        batch.change(Change(Of.CUSTOMER, "c-1", "customer.gross_margin", Decimal("0.44"), SINCE))
        batch.change(Change(Of.CUSTOMER, "c-4", "customer.expected_revenue", 50_000, SINCE))
        for number in range(60):
            batch.put(Thing(Of.CUSTOMER, f"d-{number:02}", f"D{number:02}"), {"owner": "am-02", "tier": "C"}, SINCE)
        batch.finish()
        roster.apply(transaction, [], [Change(Of.CUSTOMER, "c-1", "tier", "A", act.today)], act, "test")

    app.extensions["record"].writer.write(told)
    return app


def listed(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/customers/([^"]+)"', text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?owner=am-03", ["c-4", "c-1"]),
        ("?owner=-", ["c-3"]),
        ("?tier=A", ["c-3", "c-1"]),
        ("?tier=B", ["c-2"]),
        ("?status=lost", ["c-4"]),
        ("?owner=am-03&tier=A&status=active", ["c-1"]),
        ("?owner=am-99", []),
        ("?name=four+NUMBER", ["c-4"]),
        ("?team=t-east&status=active", ["c-1"]),
        ("?team=t-99", []),
        ("?name=nobody+at+all", []),
    ],
)
def test_filters(site: Flask, query: str, found: list[str]) -> None:
    assert sorted(listed(signed_in(site).get(f"/customers{query}").text)) == sorted(found)


@pytest.mark.parametrize(
    ("sort", "language", "found"),
    [
        ("owner", EN, ["c-2", "c-1", "c-4", "c-3"]),  # Lei Li, Mei Han, nobody
        ("owner", ZH, ["c-1", "c-4", "c-2", "c-3"]),  # 韩梅, 李雷, nobody
        ("tier", EN, ["c-3", "c-1", "c-2", "c-4"]),
        ("newest", EN, ["c-1", "c-2", "c-4", "c-3"]),
        ("value", EN, ["c-1", "c-4", "c-2", "c-3"]),
        ("nonsense", EN, ["c-3", "c-1", "c-2", "c-4"]),
    ],
)
def test_customers_stand_in_the_order_asked_for(
    site: Flask, sort: str, language: dict[str, str], found: list[str]
) -> None:
    page = signed_in(site).get(f"/customers?name=c-&sort={sort}", headers=language).text

    assert listed(page) == found


def test_customers_say_what_they_are_worth_and_teams_are_offered(site: Flask) -> None:
    page = signed_in(site).get("/customers?name=c-&sort=value", headers=EN).text

    assert re.search(r'data-label="Worth a year">CN¥120,000.00<', page)
    assert '<option value="t-west"' in page
    manager = signed_in(site, Role.MANAGER, "east", "am-01").get("/customers", headers=EN).text
    assert "t-west" not in manager, "nobody is told of teams of others"


def test_the_next_page_keeps_what_was_asked_for(site: Flask) -> None:
    page = signed_in(site).get("/customers?name=d&sort=owner", headers=EN).text

    assert len(listed(page)) == 50
    assert 'href="/customers?page=2&amp;name=d&amp;sort=owner"' in page


def test_pages_hold_every_customer_once(site: Flask) -> None:
    client = signed_in(site)

    first, second = (client.get(f"/customers?page={page}", headers=EN).text for page in (1, 2))

    assert "64 customers" in first
    assert "Page 1 of 2" in first
    assert len(listed(first)) == 50
    assert len(set(listed(first) + listed(second))) == 64
    for page in ("0", "-1", "x", "٣", "9" * 50):
        assert client.get("/customers", query_string={"page": page}).status_code == 200
    assert "There are only 2 pages" in client.get("/customers?page=99", headers=EN).text


def test_a_manager_sees_what_the_own_people_hold(site: Flask) -> None:
    client = signed_in(site, Role.MANAGER, "east", "am-01")

    text = client.get("/customers", headers=EN).text

    assert sorted(listed(text)) == ["c-1", "c-4"]
    assert "without an owner" not in text
    assert "Lei Li" not in text
    assert listed(client.get("/customers?owner=-").text) == []
    assert listed(client.get("/customers?owner=am-02").text) == []


def test_the_list_of_people_leads_there_whoever_may_see_it(site: Flask) -> None:
    assert 'href="/customers"' in signed_in(site).get("/people").text
    other = signed_in(site, Role.ACCOUNT_MANAGER, "mei", "am-03")
    assert 'href="/customers"' not in other.get("/me").text
    assert other.get("/customers").status_code == 403


def test_both_languages_and_hostile_names(site: Flask) -> None:
    client = signed_in(site)

    english, chinese = (client.get("/customers?status=lost", headers=each).text for each in (EN, ZH))

    assert "Number four" in english
    assert "四号" in chinese
    assert "1 customer<" in english
    assert "&lt;script&gt;" in client.get("/customers?owner=-").text
    assert "<script>alert" not in client.get("/customers?owner=-").text


def test_without_customers_it_says_what_to_do_first(make_app: MakeApp, rules: Path) -> None:
    assert "No customers yet" in signed_in(make_app(rules=rules)).get("/customers", headers=EN).text


def test_who_serves_a_customer_stands_apart_from_what_is_known_of_it(site: Flask) -> None:
    client = signed_in(site)

    english, chinese = (client.get("/customers/c-1", headers=each).text for each in (EN, ZH))

    owners = english.partition('id="held-1"')[2].partition("</section>")[0]
    assert re.search(r'<th scope="row"><a href="/people/am-03">[^<]+</a> <span class="badge">now</span>', owners)
    assert '<td data-label="Value">44% <span' in re.sub(r"\s+", " ", english).replace("> ", ">"), "a share, per cent"
    assert "Held by" not in owners, "each row is somebody, and not once more that it is held"
    assert "负责的客户经理" in chinese
    assert "/people/am-03" not in english.partition('id="held-2"')[2].partition("</section>")[0]


def test_a_customer_whom_nobody_serves_says_so(site: Flask) -> None:
    assert "Nobody has served this customer yet." in signed_in(site).get("/customers/c-3", headers=EN).text


def test_what_happened_is_told_before_when(site: Flask) -> None:
    happened = signed_in(site).get("/customers/c-1", headers=ZH).text.partition('<ol class="happened">')[2]

    first = happened.partition("</li>")[0]
    assert first.index("客户信息变动") < first.index("<time")
    assert "00:00:00" not in happened.partition("</ol>")[0], "what is known to the day is told as that day"
    assert "由本系统记录" in first
