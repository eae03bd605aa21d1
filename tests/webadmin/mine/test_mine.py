"""The page of one's own: only what is one's own, worked out exactly, and contested with an event."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from policy.model.canonical import canonical_json
from policy.values import rounded
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.decisions import service
from webadmin.decisions.service import clock, today
from webadmin.roster.quarters import Quarter
from webadmin.roster.statement import statement_facts
from webadmin.store import contests, deals, events, roster
from webadmin.store.dated import Of
from webadmin.store.days import beginning
from webadmin.store.deals import Deal
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import EVENTS
from webadmin.store.things import Change, Thing

EN = {"Accept-Language": "en"}
DAY = today(clock())
THIS = Quarter.of(DAY)
SINCE = date(2020, 1, 1)


def order(amount: Decimal, discount: Decimal) -> str:
    return canonical_json({"order": {"amount": amount, "discount": discount}})


@pytest.fixture(scope="module")
def site(rules: Path, make_app: MakeApp) -> Flask:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = made.extensions["record"]
    act = Act("cli:test", clock(), DAY)
    things = [Thing(Of.PERSON, "am-1", "Li", "Li"), Thing(Of.PERSON, "am-2", "Wang", "Wang")]
    things += [Thing(Of.CUSTOMER, name, f"{name} Ltd") for name in ("c-1", "c-2")]
    changes = [
        Change(Of.PERSON, "am-1", "quota", Decimal(100000), SINCE),
        Change(Of.PERSON, "am-1", "quota_currency", "CNY", SINCE),
        Change(Of.CUSTOMER, "c-1", "owner", "am-1", SINCE),
        Change(Of.CUSTOMER, "c-2", "owner", "am-2", SINCE),
    ]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, act, "test"))
    told = [
        Deal(
            f"d-{number}",
            customer,
            owner,
            stage,
            None,
            on,
            canonical_json({"order": {"amount": amount, "discount": discount}}),
        )
        for number, (customer, owner, stage, on, amount, discount) in enumerate(
            (
                ("c-1", "am-1", "won", THIS.since, Decimal("100000.01"), Decimal("0.05")),
                ("c-1", "am-1", "lost", THIS.since, Decimal(500000), Decimal(0)),
                ("c-2", "am-2", "won", THIS.since, Decimal(700000), Decimal(0)),
                ("c-1", "am-1", "won", THIS.since - timedelta(1), Decimal(30000), Decimal(0)),
            )
        )
    ]
    record.writer.write(lambda transaction: deals.put(transaction, told, act))
    return made


def test_quarters_follow_one_another() -> None:
    assert Quarter.of(date(2026, 11, 27)) == Quarter(2026, 4)
    assert (Quarter(2026, 4).since, Quarter(2026, 4).until) == (date(2026, 10, 1), date(2027, 1, 1))
    assert (Quarter(2026, 4).after, Quarter(2026, 1).before) == (Quarter(2027, 1), Quarter(2025, 4))
    assert Quarter(2026, 2).before.after == Quarter(2026, 2)


def test_a_statement_counts_won_deals_of_the_quarter_after_the_discount(site: Flask) -> None:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        found = statement_facts(connection, "am-1", THIS, DAY)

    assert [(each.id, each.amount) for each in found.deals] == [("d-0", Decimal("95000.01"))]
    assert found.facts["person"] == {
        "id": "am-1",
        "quota": Decimal(100000),
        "currency": "CNY",
        "retention": Decimal(1),
    }
    assert found.lacking == ()


def test_my_page_shows_what_is_mine_alone(site: Flask) -> None:
    page = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1").get("/me", headers=EN)

    assert page.status_code == 200
    assert "c-1 Ltd" in page.text
    assert "c-2 Ltd" not in page.text
    assert "95,000.01" in page.text
    assert "700,000" not in page.text


def test_a_quarter_can_be_chosen(site: Flask) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")
    before = THIS.before

    page = client.get(f"/me?quarter={before.year}-Q{before.number}", headers=EN).text

    assert "30,000" in page
    for none in ("1999-Q9", "1999-Q4", "9999-Q4", "٢٠٢٦-Q1", "x" * 10_000):  # none such: the present one
        assert client.get("/me", query_string={"quarter": none}).status_code == 200


def test_without_a_quota_it_says_so(site: Flask) -> None:
    page = signed_in(site, Role.ACCOUNT_MANAGER, "wang", "am-2").get("/me", headers=EN).text

    assert "No quota of yours is on record for this quarter" in page
    assert "Ask an administrator to load your quota" in page
    assert "person.quota" not in page
    assert "700,000" in page  # the deals it would count stand there all the same


@pytest.mark.parametrize(("sort", "of"), [("customer", "c-1"), ("line", f"{THIS.year}-Q{THIS.number} band-0")])
def test_contesting_is_an_event_and_shown(site: Flask, sort: str, of: str) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")
    said = f"<b>wrong</b> {sort}"

    answer = client.post("/me/contest", data={"sort": sort, "object": of, "statement": said})

    assert answer.status_code == 303
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        rows = connection.execute(select(EVENTS.c.body).where(EVENTS.c.type == contests.TYPE)).scalars()
        found = [json.loads(body) for body in rows]
    assert [(each["actor"], each["event"]["data"]["statement"]) for each in found if said in str(each)] == [
        ("login:li", said)
    ]
    page = client.get("/me", headers=EN).text
    assert f"&lt;b&gt;wrong&lt;/b&gt; {sort}" in page
    assert "Waiting for an answer" in page
    assert "<b>wrong" not in page


@pytest.mark.parametrize(
    ("sort", "of", "status"),
    [
        ("customer", "c-2", 404),
        ("signal", "x", 404),
        ("line", "soon", 404),
        ("line", f"{THIS.name} bonus", 404),
        ("boss", "x", 400),
        ("customer", "", 400),
    ],
)
def test_what_is_not_ones_own_cannot_be_contested(site: Flask, sort: str, of: str, status: int) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")

    assert client.post("/me/contest", data={"sort": sort, "object": of, "statement": "no"}).status_code == status


@pytest.mark.parametrize("statement", ["", "  ", "x", " - ", "x" * 2001], ids=len)
def test_a_statement_is_needed_and_limited_and_stays_as_it_was_typed(site: Flask, statement: str) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")
    sent = {"sort": "customer", "object": "c-1", "statement": statement}
    before = client.get("/me", headers=EN).text.count("their-words")

    answer = client.post("/me/contest", data=sent, headers=EN)

    assert answer.status_code == 422
    assert '<details class="contest" open>' in answer.text
    assert 'id="s-customer-c-1-error">Say in up to 2000 characters what is wrong.</p>' in answer.text
    assert f'aria-describedby="s-customer-c-1-error">\n{statement.strip()}</textarea>' in answer.text
    assert client.get("/me", headers=EN).text.count("their-words") == before  # nothing was kept


def test_what_is_refused_stays_with_its_quarter(site: Flask) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")
    sent = {"sort": "line", "object": f"{THIS.before.name} band-0", "statement": " "}

    assert f'value="{THIS.before.name} band-0"' in client.post("/me/contest", data=sent).text
    assert client.get("/me/contest").location == "/me"  # where a change of language asks for it again


def test_a_login_of_nobody_has_nothing(site: Flask) -> None:
    client = signed_in(site, Role.ADMIN, "nobody")

    assert "belongs to nobody" in client.get("/me", headers=EN).text
    assert (
        client.post("/me/contest", data={"sort": "customer", "object": "c-1", "statement": "not so"}).status_code == 404
    )


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [
        (
            "en",
            ("Rate table from 0%", "Held back", "Team reward", "80% to 95.00001%: 3% of CN¥15,000.01"),
            ("band-0", "holdback", "<code>draw"),
        ),
        ("zh", ("费率档：0% 起", "暂留", "团队奖励", "达成：95.00001%"), ("band-0", "holdback", "draw", ">training")),
    ],
)
def test_lines_are_called_by_their_labels(
    site: Flask, language: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")

    page = client.get("/me", headers={"Accept-Language": language}).text
    shown = re.sub(r'(?:value|for|id|href|action|aria-labelledby)="[^"]*"', "", page)

    assert [each for each in said if each not in shown] == []
    assert [each for each in unsaid if each in shown] == []


def line(page: str, name: str) -> str:
    """Return the line of a statement that is called so, without markup."""
    row = page[page.index(f'role="rowheader">{name}</th>') :]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", row[: row.index("</tr>")])).split())


TIMES = re.compile(r"([0-9.,]+(?:…)?)% of (-?)CN¥([0-9.,]+)")


def test_each_line_can_be_worked_out_by_hand(
    demonstrated: Path, make_app: MakeApp, rules: Path, tmp_path: Path
) -> None:
    """What is shown of a line, rate times amount and rounded once, is what the line says; over the demonstration."""
    shutil.copytree(demonstrated, tmp_path, dirs_exist_ok=True)
    app = make_app(rules=rules, database=f"sqlite:///{tmp_path}/record.db", heads=tmp_path / "heads.json")
    seen, measures = 0, []
    for person in ("am-01", "am-02", "am-07", "am-12"):
        page = (
            signed_in(app, Role.ACCOUNT_MANAGER, f"hand-{person}", person).get("/me?quarter=2026-Q2", headers=EN).text
        )
        statement = page[page.index("<caption>Statement") : page.index("</table>", page.index("<caption>Statement"))]
        for row in statement.split("<tr ")[2:]:
            text = " ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split())
            found = TIMES.search(text)
            if found is None:
                continue
            assert "…" not in found[1], text
            worth = Decimal(found[1]) / 100 * Decimal(found[3].replace(",", "")) * (-1 if found[2] else 1)
            came = re.search(r"(-?)CN¥([0-9.,]+)", text[found.end() :])
            assert came is not None, text
            assert rounded(worth, 2) == Decimal(came[2].replace(",", "")), text
            seen += 1
        measures += re.findall(r"Measure</dt><dd><code>([0-9.]+)</code>", page)
    assert seen > 12
    assert all(len(each.replace(".", "")) >= 30 for each in measures)
    assert measures  # a quotient without end is cut in its line, and stands in full below


def test_a_line_that_comes_to_nothing_says_why_not_what_it_would_be_for(site: Flask) -> None:
    """A reward that is not due stood there with the reason for it."""
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")
    english, chinese = (client.get("/me", headers={"Accept-Language": each}).text for each in ("en", "zh"))

    team = line(english, "Team reward")
    assert "Not known: Attainment of the team. Nothing is added. CN¥0.00" in team
    assert "The team met its target" not in team
    assert "未知：团队达成率。没有加发。" in line(chinese, "团队奖励")
    assert "团队达标" not in chinese
    assert "Kept 95% of the customers (5% of CN¥2,050.00, Customers kept 100%) CN¥102.50" in line(
        english, "Retention bonus"
    )  # of one customer, held all along
    assert "None known to the record: Draw to be recovered." in line(english, "Draw")
    assert "at most CN¥12,000.00 not reached" in line(english, "Cap")


def test_a_reward_whose_condition_is_not_met_says_so(rules: Path, make_app: MakeApp) -> None:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = made.extensions["record"]
    act = Act("cli:test", clock(), DAY)
    held = {"quota": Decimal(100000), "quota_currency": "CNY", "team": "t", "role": "account-manager"}
    changes = [Change(Of.PERSON, "am-1", name, value, SINCE) for name, value in held.items()]
    changes += [
        Change(Of.CUSTOMER, "c-1", "owner", "am-1", SINCE),
        Change(Of.CUSTOMER, "c-1", "status", "lost", THIS.since),
    ]
    things = [Thing(Of.TEAM, "t", "t"), Thing(Of.PERSON, "am-1", "Li"), Thing(Of.CUSTOMER, "c-1", "c-1")]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, act, "test"))
    sold = Deal("d-1", "c-1", "am-1", "won", None, THIS.since, order(Decimal(50000), Decimal(0)))
    record.writer.write(lambda transaction: deals.put(transaction, [sold], act))

    page = signed_in(made, Role.ACCOUNT_MANAGER, "li", "am-1").get("/me", headers=EN).text

    for name in ("Team reward", "Retention bonus"):
        assert "Not met: nothing is added. CN¥0.00" in line(page, name)


@pytest.fixture(scope="module")
def refunded(rules: Path, make_app: MakeApp) -> Flask:
    """A site where am-1 won one deal of which a part was paid back."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = made.extensions["record"]
    act = Act("cli:test", clock(), DAY)
    held = {"quota": Decimal(100000), "quota_currency": "CNY"}
    changes = [Change(Of.PERSON, "am-1", name, value, SINCE) for name, value in held.items()]
    changes += [Change(Of.CUSTOMER, "c-1", "owner", "am-1", SINCE)]
    things = [Thing(Of.PERSON, "am-1", "Li"), Thing(Of.CUSTOMER, "c-1", "c-1 Ltd")]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, act, "test"))
    sold = Deal("d-1", "c-1", "am-1", "won", None, THIS.since, order(Decimal(50000), Decimal(0)))
    record.writer.write(lambda transaction: deals.put(transaction, [sold], act))
    told = [
        refund("e-1", "am-1", "d-1", clock() - timedelta(minutes=1), "34484.00"),
        refund("e-2", "am-2", "d-7", clock() - timedelta(minutes=1), "7.00"),
        refund("e-3", "am-1", "d-0", beginning(THIS.since) - timedelta(seconds=1), "8.00"),
    ]
    record.writer.write(lambda transaction: events.append_all(transaction, told, actor="cli:test", now=clock()))
    return made


def refund(name: str, manager: str, deal: str, time: datetime, amount: str) -> dict[str, Any]:
    data = {
        "customer": {"id": "c-1"},
        "manager": {"id": manager},
        "order": {"id": deal},
        "amount": Decimal(amount),
    }
    return {"id": name, "source": "erp", "type": "refund", "subject": "c-1", "time": time.isoformat(), "data": data}


def test_refunds_on_record_are_said_where_they_cannot_be_counted(refunded: Flask) -> None:
    """The line said that the record knew of none; one of somebody else or of an earlier quarter is not told."""
    client = signed_in(refunded, Role.ACCOUNT_MANAGER, "li", "am-1")
    english, chinese = (client.get("/me", headers={"Accept-Language": each}).text for each in ("en", "zh"))

    said = line(english, "Refunds")
    assert "1 refund of this quarter is on record and not counted yet: d-1, CN¥34,484.00." in said
    assert "Not known: Commission paid on it." in said
    assert "d-7" not in said
    assert "None known to the record: Refunds" not in english
    assert "记录中有本季度的 1 笔退款，尚未计入：d-1、¥34,484.00。未知：已发提成。" in line(chinese, "退款扣回")


def test_what_a_statement_comes_to_is_written_one_way(site: Flask) -> None:
    """It is worked out, and nobody has paid it; headline and table write the same amount alike."""
    page = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1").get("/me", headers=EN).text
    pay = page[page.index('id="pay"') : page.index('id="points"')]
    headline = re.search(r'class="answer">([^<]*)<', pay)

    assert headline is not None
    amount = re.search(r"<th[^>]*>Comes to</th><td[^>]*><strong>([^<]*)</strong>", pay)
    assert amount is not None
    assert headline[1].startswith(f"Comes to {amount[1]}: ")
    assert " CNY" not in pay
    assert "Paid" not in pay


def test_each_line_is_contested_beside_itself(site: Flask) -> None:
    page = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1").get("/me", headers=EN).text
    body = page.partition('<table class="statement"')[2].partition("<tbody")[2].partition("</tbody>")[0]
    rows = body.split("</tr>")[:-1]

    assert len(rows) == 10
    for row in rows:  # what waits for an answer leads to it instead
        assert ('name="sort" value="line"' in row) != ("Waiting for an answer" in row)
    assert page.count('name="sort" value="line"') == body.count('name="sort" value="line"')  # and nowhere else


def test_without_a_score_the_page_says_what_is_known_and_what_is_missing(site: Flask) -> None:
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")

    english, chinese = (client.get("/me", headers={"Accept-Language": each}).text for each in ("en", "zh"))

    assert "No score of this quarter is on record." in english
    assert "Sales in the period" in english
    assert "Duty (new or existing business), Mean satisfaction, Peer rating of teamwork" in english
    assert "Surveys returned" in english
    assert "考核期销售额" in chinese
    assert "review.sales" not in re.sub(r'(?:value|for|id)="[^"]*"', "", chinese)


def test_a_score_on_record_is_shown_rule_by_rule_and_contested(site: Flask) -> None:
    record: Record = site.extensions["record"]
    review = {"sales": 1200000, "quota": 1000000, "customers_at_start": 20, "customers_lost": 1, "surveys": 8}
    review |= {"satisfaction": Decimal("4.9"), "problems": 0, "teamwork": Decimal("4.2"), "complaints_upheld": 1}
    facts = {"manager": {"id": "am-1", "duty": "hunter"}, "review": review}
    asked = service.Asked("scorecard.manager-performance", facts, THIS.before.since.isoformat())
    with record.engine.connect() as connection:
        made = service.make(record, connection, asked, actor="client:hr", now=clock())
    service.keep(record, [made])
    client = signed_in(site, Role.ACCOUNT_MANAGER, "li", "am-1")

    page = client.get(f"/me?quarter={THIS.before.name}", headers=EN).text

    assert made.record.id in page
    assert "Satisfaction 4.9 from 8 answers" in page
    assert "1 complaints upheld: 5 points each, at most 15" in page
    assert made.record.id not in client.get("/me", headers=EN).text  # another quarter
    for rule, status in (("complaints-upheld", 303), ("poor-colleague", 404), ("review.sales", 404)):
        sent = {"sort": "points", "object": f"{THIS.before.name} {rule}", "statement": "not so"}
        answer = client.post("/me/contest", data=sent)
        assert answer.status_code == status
        assert status == 404 or answer.location == f"/me?quarter={THIS.before.name}#contested"
    assert "… complaints upheld: 5 points each, at most 15" in client.get("/me", headers=EN).text


def test_scores_of_others_are_not_shown(site: Flask) -> None:
    page = signed_in(site, Role.ACCOUNT_MANAGER, "wang", "am-2").get(f"/me?quarter={THIS.before.name}", headers=EN).text

    assert "Satisfaction 4.9" not in page
