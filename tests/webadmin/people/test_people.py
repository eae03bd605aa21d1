"""Pages of people and customers: who sees whom, what they say, and the entry that reading leaves."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from policy.engine import load_folder
from policy.model.document import FieldClass
from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import HOSTILE, SINCE, organisation
from tests.webadmin.signing import signed_in
from webadmin.access.circle import Circle
from webadmin.customers import service as customers
from webadmin.decisions.service import clock, today
from webadmin.reassigning import carrying
from webadmin.store import deals, roster
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

SERVED = {"regions": ["Shanghai", "Chengdu", "Lhasa"], "skills": ["cloud"], "languages": ["zh"]}
ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh"}


@pytest.fixture(scope="module")
def peopled(rules: Path, make_app: MakeApp) -> Flask:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))

    def told(transaction: Transaction) -> None:
        organisation(transaction, act)
        batch = roster.Batch(transaction, act)
        held = {"team": "t-east", "region": HOSTILE, "status": "active", "capacity": 2}
        batch.put(Thing(Of.PERSON, "am-04", HOSTILE), held, SINCE)
        batch.put(Thing(Of.CUSTOMER, "c-3", HOSTILE), {"owner": "am-04", "tier": "A"}, SINCE)
        batch.put(
            Thing(Of.PERSON, "am-05", "何五"), {"team": "t-east", "region": "Shanghai", "capacity": 9, **SERVED}, SINCE
        )
        batch.finish()

    app.extensions["record"].writer.write(told)
    return app


def test_values_are_called_as_the_vocabulary_has_them(peopled: Flask) -> None:
    client = signed_in(peopled)

    listed = client.get("/people?region=Shanghai", headers=CHINESE).text
    alone = client.get("/people/am-05", headers=CHINESE).text

    assert '<option value="Shanghai" selected>上海</option>' in listed
    assert set(re.findall(r'data-label="区域">([^<]*)<', listed)) == {"上海"}
    assert "何五" in listed
    assert '<th scope="col">姓名</th>' in listed, "people have 姓名, things 名称"
    for said in ("上海、成都、Lhasa", "云计算", "中文"):
        assert said in alone
    assert "Shanghai" not in re.sub(r"<[^>]*>", "", alone)


def test_people_on_a_day_with_load_in_both_languages(peopled: Flask) -> None:
    client = signed_in(peopled)

    english, chinese = (client.get("/people", headers=each).text for each in (ENGLISH, CHINESE))

    assert "Mei Han" in english
    assert "5 of 2" in english
    assert "too much" in english
    assert '<a href="/customers?owner=am-03">1</a>' in english
    assert "韩梅" in chinese
    assert "负荷" in chinese
    assert "<script>alert" not in english


@pytest.mark.parametrize(
    ("query", "found"),
    [("?team=t-west", "Lei Li"), ("?status=left", "Nothing fits"), ("?day=2020-01-01", "Nobody is known on this day")],
)
def test_filters_and_empty_states(peopled: Flask, query: str, found: str) -> None:
    text = signed_in(peopled).get(f"/people{query}", headers=ENGLISH).text

    assert found in text
    assert "Mei Han" not in text


@pytest.mark.parametrize(("role", "leads"), [(Role.ADMIN, True), (Role.AUDITOR, False)])
def test_nobody_known_leads_to_imports_whoever_may_import(peopled: Flask, role: Role, *, leads: bool) -> None:
    text = signed_in(peopled, role).get("/people?day=2020-01-01", headers=ENGLISH).text
    section = text.partition('<section class="empty">')[2].partition("</section>")[0]

    assert ('href="/imports"' in section) is leads


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "x" * 10_000])
def test_a_day_nobody_can_read_is_said(peopled: Flask, day: str) -> None:
    for page in ("/people", "/people/am-03"):
        assert "year-month-day" in signed_in(peopled).get(page, query_string={"day": day}, headers=ENGLISH).text


def test_the_most_loaded_come_first(peopled: Flask) -> None:
    text = signed_in(peopled).get("/people?sort=load", headers=ENGLISH).text

    assert text.index("/people/am-04") < text.index("/people/am-03") < text.index("/people/am-01")


@pytest.mark.parametrize(("sort", "first"), [("room", ["am-05", "am-04"]), ("over", ["am-04", "am-05"])])
def test_who_has_most_room_or_least_comes_first(peopled: Flask, sort: str, first: list[str]) -> None:
    page = signed_in(peopled).get(f"/people?sort={sort}").text

    assert re.findall(r'href="/people/([^"?]+)\?', page)[:2] == first


def test_people_are_found_by_words_of_their_names(peopled: Flask) -> None:
    client = signed_in(peopled)
    for name, found in (("lei", "am-02"), ("LI lei", "am-02"), ("李雷", "am-02"), ("am-02", "am-02")):
        page = client.get("/people", query_string={"name": name}, headers=ENGLISH).text
        assert re.findall(r'href="/people/([^"?]+)\?', page) == [found], name
    assert "Nothing fits" in client.get("/people?name=nobody", headers=ENGLISH).text
    assert "没有符合的内容" in client.get("/people?name=nobody", headers={"Accept-Language": "zh"}).text


def test_a_manager_sees_the_own_team_only(peopled: Flask) -> None:
    client = signed_in(peopled, Role.MANAGER, "east", "am-01")

    assert "Lei Li" not in client.get("/people", headers=ENGLISH).text
    pages = ("/people/am-03", "/people/am-02", "/customers/c-1", "/customers/c-2", "/people/none")
    assert [client.get(each).status_code for each in pages] == [200, 404, 200, 404, 404]


def test_an_account_manager_sees_none_and_an_auditor_all(peopled: Flask) -> None:
    pages = ("/people", "/people/am-03", "/customers/c-1", "/people/none")
    for role, person, said in (
        (Role.ACCOUNT_MANAGER, "am-03", [403, 404, 404, 404]),
        (Role.AUDITOR, None, [200, 200, 200, 404]),
    ):
        client = signed_in(peopled, role, f"one-{role}", person)
        assert [client.get(each).status_code for each in pages] == said


@pytest.mark.parametrize(("page", "name"), [("/people/am-04", "am-04"), ("/customers/c-3", "c-3")])
def test_reading_leaves_an_entry_and_texts_are_escaped(peopled: Flask, page: str, name: str) -> None:
    text = signed_in(peopled).get(page, headers=ENGLISH).text

    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    with peopled.extensions["record"].engine.connect() as connection:
        chosen = select(AUDIT.c.actor).where(AUDIT.c.object == name, AUDIT.c.action == str(Action.READ))
        assert connection.execute(chosen).scalars().first() == "login:admin"


def test_a_person_and_a_customer_lead_to_each_other(peopled: Flask) -> None:
    client = signed_in(peopled)

    assert "/customers/c-1" in client.get("/people/am-03").text
    assert "/people/am-03" in client.get("/customers/c-1").text
    assert client.get("/teams/t-east").location == "/people?team=t-east"


def test_what_is_not_for_the_reader_is_left_out_of_a_customers_page(peopled: Flask, rules: Path) -> None:
    policies = load_folder(rules)
    every = frozenset(FieldClass)

    assert customers.hidden(policies, every) == frozenset()
    assert {"owner", "customer.owner"} <= customers.hidden(policies, frozenset((FieldClass.OPEN,)))
    record: Record = peopled.extensions["record"]
    with record.engine.connect() as connection:
        eyes = (frozenset((FieldClass.OPEN,)), Circle(is_all=True))
        seen = customers.customer(connection, policies, "c-1", 1, eyes)
    assert seen is not None
    assert "tier" in {each.attribute for each in seen.history}
    assert "owner" not in {each.attribute for each in seen.history}


def test_a_load_says_which_policy_it_comes_from(peopled: Flask) -> None:
    client = signed_in(peopled)

    for page in ("/people", "/people/am-03"):
        english, chinese = (client.get(page, headers=each).text for each in (ENGLISH, CHINESE))
        assert "Load is what the policy weighs each active customer" in english
        assert 'href="/policies/assignment.new-customer/read">Assignment of new customers</a>' in english
        assert 'href="/policies/assignment.new-customer/read">新客户分配</a>' in chinese


def test_where_there_are_too_many_to_weigh_load_is_by_tier(peopled: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "MOST", 0)
    client = signed_in(peopled)

    assert "Load is by tier, as there are too many" in client.get("/people/am-03?day=2099-01-01", headers=ENGLISH).text
    assert "负荷按等级折算：客户太多" in client.get("/people?day=2099-01-01", headers=CHINESE).text


def test_attributes_values_and_events_are_called_by_their_names(peopled: Flask) -> None:
    act = Act("cli:test", clock(), today(clock()))

    def told(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        held = {"industry": "finance", "customer.growth": 1, "customer.annual_revenue": 1200, "owner": "am-03"}
        batch.put(Thing(Of.CUSTOMER, "c-9", "Nine"), held, SINCE)
        batch.put(Thing(Of.PERSON, "am-03", "韩梅"), {"industries": ["finance"], "hired_on": date(2019, 5, 8)}, SINCE)
        batch.finish()
        deals.put(transaction, [Deal("d-9", "c-9", "am-03", "open", SINCE, None, '{"order":{"amount":50}}')], act)

    peopled.extensions["record"].writer.write(told)
    client = signed_in(peopled)
    pages = {each: client.get("/customers/c-9", headers={"Accept-Language": each}).text for each in ("en", "zh")}
    person = {each: client.get("/people/am-03", headers={"Accept-Language": each}).text for each in ("en", "zh")}

    for text in (
        "Revenue of the last twelve months",
        "finance",
        "CN¥1,200.00",
        "CN¥50.00",
        "Customer changed",
    ):
        assert text in pages["en"]
    for text in ("近十二个月成交额", "金融", "¥1,200.00", "¥50.00", "客户"):
        assert text in pages["zh"]
    for code in ("customer.annual_revenue", "customer_changed", "deal_changed"):
        assert code not in pages["en"] + pages["zh"]
    assert "金融" in person["zh"]
    assert "2019年5月8日" in person["zh"]


def test_the_pages_of_people_keep_what_was_asked_for(peopled: Flask) -> None:
    act = Act("cli:test", clock(), today(clock()))

    def many(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        for at in range(60):
            batch.put(Thing(Of.PERSON, f"z-{at:02}", f"众{at:02}"), {"team": "t-east"}, SINCE)
        batch.finish()

    peopled.extensions["record"].writer.write(many)
    client = signed_in(peopled)

    first = client.get("/people?name=z-&sort=team", headers=ENGLISH).text
    last = client.get("/people?name=z-&sort=team&page=2", headers=ENGLISH).text

    assert "60 people" in first
    assert f'href="/people?page=2&amp;day={act.today}&amp;name=z-&amp;sort=team"' in first
    assert (first.count("众"), last.count("众")) == (50, 10)
    assert "Page 2 of 2" in last
    assert "There are only 2 pages" in client.get("/people?name=z-&page=9", headers=ENGLISH).text
    assert "There is only 1 page" in client.get("/people?name=z-0&page=9", headers=ENGLISH).text
    assert "Take every filter away" in last
    assert "Take every filter away" not in client.get("/people?page=2", headers=ENGLISH).text


def test_whoever_holds_very_many_customers_has_a_short_page_all_the_same(peopled: Flask) -> None:
    act = Act("cli:test", clock(), today(clock()))

    def many(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        batch.put(Thing(Of.PERSON, "y-1", "多客", "Many"), {"team": "t-east", "status": "active"}, SINCE)
        for at in range(53):
            batch.put(Thing(Of.CUSTOMER, f"y-{at:02}", f"众户{at:02}"), {"owner": "y-1", "status": "active"}, SINCE)
        batch.finish()

    peopled.extensions["record"].writer.write(many)
    page = signed_in(peopled).get("/people/y-1", headers=ENGLISH).text
    shown, _, more = page.partition("<details><summary>3 more customers</summary>")

    assert (shown.count("众户"), more.count("众户")) == (50, 3)
    assert '<h2 id="absences">' in more
