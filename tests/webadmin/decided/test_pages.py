"""Decisions on pages: found, read by whom they concern, recomputed; every reading leaves its entry."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import HOSTILE, Place, decided, organisation
from tests.webadmin.signing import signed_in
from webadmin.decided import service as pages
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.store import events, revisions, standing
from webadmin.store.audit import Action
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period
from webadmin.store.tables import AUDIT, DECISIONS
from webadmin.store.writer import Transaction

ENGLISH = {"Accept-Language": "en"}
CHINESE = {"Accept-Language": "zh"}


def listed(place: Place, query: str = "", role: Role = Role.ADMIN, person: str | None = None) -> list[str]:
    answer = signed_in(place.app, role, f"{role}-{person}", person).get(f"/decisions{query}", headers=ENGLISH)
    assert answer.status_code == 200
    return [each for each in (place.east, place.west, place.hostile) if f"/decisions/{each}" in answer.text]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "ewh"),
        ("?policy=approval.order", "ewh"),
        ("?policy=scorecard.customer-value", ""),
        ("?status=decided&hit=any-discount&customer=c-2", "w"),
        ("?person=am-03", "eh"),
        ("?person=%E9%9F%A9%E6%A2%85", "eh"),
        ("?person=%E6%A2%85", "eh"),
        ("?person=MEI", "eh"),
        ("?person=Mei+Han&subject=o-1", "e"),
        ("?customer=Customer+c-2", "w"),
        ("?outcome=stages:finance", "eh"),
        ("?since=2020-01-01&until=2020-12-31", ""),
        ("?since=2020-01-01&until=2990-01-01", "ewh"),
        ("?policy=approval.order&revision=1", "ewh"),
        ("?policy=approval.order&revision=99", ""),
    ],
)
def test_filters_narrow_the_list(place: Place, query: str, found: str) -> None:
    names = {"e": place.east, "w": place.west, "h": place.hostile}

    assert listed(place, query) == [names[each] for each in found]


def test_the_list_says_what_about_whom_and_who_asked(place: Place) -> None:
    client = signed_in(place.app)

    english = client.get("/decisions?subject=o-1", headers=ENGLISH).text
    chinese = client.get("/decisions?subject=o-1", headers=CHINESE).text

    for part in ("Needs ", "Customer c-1", "Mei Han", "crm, by API", "1 decision", "any-discount"):
        assert part in english
    for part in ("客户c-1", "韩梅", "crm（通过 API）", "1 份裁定", "订单分级审批"):
        assert part in chinese


def test_rules_among_the_facets_are_called_by_their_reasons(place: Place) -> None:
    client = signed_in(place.app)

    english = client.get("/decisions", headers=ENGLISH).text.partition('id="facet-hit"')[2].partition("</ul>")[0]
    chinese = client.get("/decisions", headers=CHINESE).text.partition('id="facet-hit"')[2].partition("</ul>")[0]

    assert "Net amount [Net amount], customer tier [Customer tier]" in english
    assert "五十万元以上或A级客户" in chinese
    assert '<code class="path">key-account</code>' in chinese, "its id beside it"
    assert "hit=key-account" in chinese


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?since=yesterday", "year-month-day"),
        ("?since=0001-01-01", "Choose a day from 1970-01-02 to 9999-12-30."),
        ("?until=9999-12-31", "Choose a day from 1970-01-02 to 9999-12-30."),
        ("?since=2026-05-02&until=2026-05-01", "ends before it begins"),
        ("?status=lost", "no such status"),
        ("?person=" + "x" * 10_000, "At most 300"),
        ("?revision=zz", "no such revision"),
        ("?person=nobody", "Nothing fits"),
    ],
)
def test_what_cannot_be_sought_is_said(place: Place, query: str, said: str) -> None:
    answer = signed_in(place.app).get(f"/decisions{query}", headers=ENGLISH)

    assert answer.status_code == 200
    assert said in answer.text
    assert place.east not in answer.text


def test_the_filters_nothing_fits_are_said_in_words(place: Place) -> None:
    asked = "policy=approval.order&status=undetermined&hit=list-price&since=2030-01-01&subject=nobody"
    page = signed_in(place.app).get(f"/decisions?{asked}", headers=CHINESE).text
    chips = re.findall(r'<li><a class="button quiet" href="[^"]*">(.*?) <span aria', page)

    assert chips[0] == "策略：订单分级审批"
    assert chips[1] == "状态：无法裁定"
    assert chips[2].startswith("命中的规则：")
    assert not chips[2].startswith("命中的规则：<code>list-price")
    assert "起始日期：2030年1月1日" in chips
    assert "对象：nobody" in chips


def test_facts_are_said_as_people_read_them(place: Place) -> None:
    zh = signed_in(place.app).get(f"/decisions/{place.east}", headers=CHINESE).text
    facts = zh.partition('id="facts-title"')[2].partition("</table>")[0]

    assert re.search(r'<td>\s*<a href="/people/am-03">韩梅</a>\s*<code class="path">am-03</code></td>', facts)
    assert "客户c-1" in facts
    assert "<td>12%</td>" in facts
    assert "<td>¥600,000.00</td>" in facts, "its currency stands in a field of its own"


def test_what_happened_about_the_same_is_said_in_words(place: Place) -> None:
    lost = {"id": "e-1", "source": "crm", "type": "customer_lost", "time": "2026-03-01T09:00:00+08:00"}
    lost |= {"data": {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}}}
    place.record.writer.write(lambda each: events.append_all(each, [lost], actor="client:crm", now=clock()))
    page = signed_in(place.app).get(f"/decisions/{place.east}", headers=CHINESE).text

    told = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    assert re.search(r"客户流失：客户编号：客户c-1 c-1；客户经理：韩梅 am-03 [^·]* · 来自 crm", told)


def test_events_of_the_same_time_stand_as_they_were_told_the_newest_first(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)
    record: Record = app.extensions["record"]
    record.writer.write(lambda each: organisation(each, Act("cli:test", clock(), today(clock()))))
    name = decided(record, "o-1", "c-1", "am-03")
    data = {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}}
    lost = [
        {"id": f"same-{number}", "source": "crm", "type": "customer_lost", "time": "2027-03-01T09:00:00+08:00"}
        | {"data": {**data, "reason": f"reason {number}"}}
        for number in range(14)
    ]
    record.writer.write(lambda each: events.append_all(each, lost, actor="client:crm", now=clock()))

    page = signed_in(app).get(f"/decisions/{name}", headers=ENGLISH).text

    assert re.findall(r"reason (\d+)", page) == [str(number) for number in range(13, 3, -1)]


def made(record: Record, policy: str, facts: dict[str, object], day: str = "2026-03-31") -> str:
    with record.engine.connect() as connection:
        found = service.make(record, connection, Asked(policy, facts, day), actor="client:crm", now=clock())
    service.keep(record, [found])
    return found.record.id


def rows_of(table: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
    return [[" ".join(re.sub("<[^>]+>", " ", each).split()) for each in re.split("</t[hd]>", row)[:-1]] for row in rows]


@pytest.mark.parametrize(("language", "sum_called"), [(ENGLISH, "Total"), (CHINESE, "合计")])
def test_a_scorecard_says_what_each_reason_brings_and_the_total(
    rules: Path, make_app: MakeApp, language: dict[str, str], sum_called: str
) -> None:
    app = make_app(rules=rules)
    review = {"sales": 1_200_000, "quota": 1_000_000, "customers_at_start": 20, "customers_lost": 1, "surveys": 5}
    review |= {"satisfaction": 4.6, "problems": 40, "problems_on_time": 38, "problems_reopened": 1, "teamwork": 4}
    facts: dict[str, object] = {"manager": {"id": "am-03", "duty": "hunter"}, "review": review}
    name = made(app.extensions["record"], "scorecard.manager-performance", facts)

    page = signed_in(app).get(f"/decisions/{name}", headers=language).text

    rows = rows_of(page.partition('class="cards-small">')[2].partition("</table>")[0])
    points = [row[1] for row in rows[1:]]
    assert (len(points), rows[-1][0], points[-1]) == (6, sum_called, "100")
    assert sum(map(int, points[:-1])) == 100


@pytest.mark.parametrize(
    ("language", "item"), [(ENGLISH, "Item 3: deal-3, CN¥1,003.00"), (CHINESE, "第 3 项：deal-3、¥1,003.00")]
)
def test_items_of_a_statement_are_called_and_folded_and_every_one_is_there(
    rules: Path, make_app: MakeApp, language: dict[str, str], item: str
) -> None:
    app = make_app(rules=rules)
    credits_ = [{"id": f"deal-{number}", "amount": 1000 + number} for number in range(1, 31)]
    facts: dict[str, object] = {"person": {"id": "am-03", "quota": 100_000}, "credits": credits_}
    name = made(app.extensions["record"], "incentive.quarterly", facts)

    page = signed_in(app).get(f"/decisions/{name}", headers=language).text

    told = next(
        csv.DictReader(io.StringIO(signed_in(app).get("/decisions.csv", headers=ENGLISH).text.lstrip("\ufeff")))
    )
    assert told["Outcome"].endswith(" ×30")
    assert told["Outcome"].count(":") == 1
    assert page.count(item) == 3  # what it gives, why not the others, every rule
    depth, unfolded = 0, ""
    for piece in re.split("(<details[^>]*>|</details>)", page):
        depth += piece.startswith("<details") - (piece == "</details>")
        unfolded += "" if depth else piece
    assert "deal-3" not in unfolded


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.AUDITOR])
def test_that_somebody_reported_stands_in_no_list(place: Place, role: Role) -> None:
    """The type and the day alone let the person it is about, or their manager, guess who reported."""
    told = [
        {"id": f"{kind}-9", "source": f"from-{kind}", "type": kind, "time": "2026-03-02T09:00:00+08:00", "data": data}
        for kind, data in (
            ("complaint", {"customer": {"id": "c-1"}, "severity": "minor"}),
            ("report_received", {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}, "about": "other"}),
        )
    ]
    place.record.writer.write(lambda each: events.append_all(each, told, actor="client:crm", now=clock()))
    person = "am-01" if role is Role.MANAGER else None
    client = signed_in(place.app, role, f"{role}-{person}", person)

    for page in (f"/decisions/{place.east}", f"/decisions/{place.east}.json", "/customers/c-1", "/people/am-03"):
        text = client.get(page, headers=CHINESE).text
        assert "收到举报" not in text, page
        assert "report_received" not in text, page
        assert page.startswith("/people") or page.endswith(".json") or "from-complaint" in text, page


def test_a_fact_that_names_somebody_out_of_sight_stays_an_id(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = app.extensions["record"]
    act = Act("cli:test", clock(), today(clock()))
    record.writer.write(lambda transaction: organisation(transaction, act))
    name = decided(record, "o-1", "c-1", "am-02")  # of another team

    def facts(client: FlaskClient) -> str:
        return (
            client.get(f"/decisions/{name}", headers=CHINESE)
            .text.partition('id="facts-title"')[2]
            .partition("</table>")[0]
        )

    of_manager = facts(signed_in(app, Role.MANAGER, "manager", "am-01"))
    assert "客户c-1" in of_manager
    assert "李雷" not in of_manager
    assert "李雷" in facts(signed_in(app))


def test_a_cursor_leads_on(place: Place) -> None:
    assert listed(place, f"?cursor={place.hostile}") == [place.east, place.west]
    assert listed(place, "?cursor=x") == listed(place, "")


def test_the_oldest_come_first_where_that_is_asked_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    client = signed_in(place.app)
    order = [place.east, place.west, place.hostile]

    newest, oldest = (client.get(f"/decisions{each}", headers=ENGLISH).text for each in ("", "?sort=oldest"))
    further = re.search(r'rel="next" href="([^"]*)">Newer', oldest)
    assert further is not None
    rest = client.get(unescape(further[1]), headers=ENGLISH).text
    told = list(csv.DictReader(io.StringIO(client.get("/decisions.csv?sort=oldest").text.removeprefix("\ufeff"))))

    assert shown(newest) == order[:0:-1]
    assert shown(oldest) == order[:2]
    assert shown(rest) == order[2:]
    assert "sort=oldest" in rest.partition(">Oldest</a>")[0].rpartition("href=")[2]
    assert [next(iter(each.values())) for each in told] == order
    assert '<option value="oldest" selected>oldest first</option>' in oldest
    assert 'href="/decisions?sort=oldest&amp;policy=approval.order"' in oldest  # a facet keeps the order


def shown(page: str) -> list[str]:
    """Return the decisions a page lists, in their order."""
    return list(dict.fromkeys(re.findall(r'href="/decisions/([0-9a-f-]{36})"', page)))


def test_a_manager_sees_what_concerns_the_own_team(place: Place) -> None:
    assert listed(place, "", Role.MANAGER, "am-01") == [place.east, place.hostile]
    assert listed(place, "", Role.MANAGER, "am-02") == [place.west]
    assert listed(place, "", Role.MANAGER) == []
    assert listed(place, "?customer=c-2", Role.MANAGER, "am-01") == []
    assert listed(place, "", Role.AUDITOR) == [place.east, place.west, place.hostile]


def test_what_may_not_be_seen_is_not_there(place: Place) -> None:
    client = signed_in(place.app, Role.MANAGER, "manager-am-01", "am-01")

    assert client.get(f"/decisions/{place.east}").status_code == 200
    for address in (
        f"/decisions/{place.west}",
        f"/decisions/{place.west}.json",
        "/decisions/x",
        f"/decisions/{'0' * 36}",
    ):
        assert client.get(address).status_code == 404
    assert client.post(f"/decisions/{place.west}/recompute").status_code == 404
    assert place.west not in client.get("/decisions.csv").text


def test_account_managers_have_no_such_pages(place: Place) -> None:
    client = signed_in(place.app, Role.ACCOUNT_MANAGER, "account-manager-am-03", "am-03")

    for address in ("/decisions", "/decisions.csv"):
        assert client.get(address).status_code == 403
    for address in (f"/decisions/{place.east}", f"/decisions/{place.east}.json"):
        assert client.get(address).status_code == 404
    assert client.post(f"/decisions/{place.east}/recompute").status_code == 404


def test_one_decision_answers_first_and_says_why(place: Place) -> None:
    text = signed_in(place.app).get(f"/decisions/{place.east}", headers=ENGLISH).text

    for part in ("Needs ", "Why not the others", "600,000", "Discount", "decided the same today", "Revision 1", "o-1"):
        assert part in text
    assert f"/decisions/{place.hostile}" in text  # the other one about the same customer
    assert f"/decisions/{place.west}" not in text


def test_reading_leaves_an_entry(place: Place) -> None:
    before = clock() - timedelta(minutes=1)
    client = signed_in(place.app, Role.AUDITOR, "reader")

    client.get(f"/decisions/{place.east}")
    client.get(f"/decisions/{place.west}.json")
    client.get("/decisions.csv?person=am-03")

    with place.record.engine.connect() as connection:
        rows = standing.reads(connection, "login:reader", before, clock() + timedelta(minutes=1))
    assert [row.object for row in rows] == [place.east, place.west, "decisions"]
    assert json.loads(rows[2].body)["what"] == {"filters": {"person": "am-03"}, "as": "csv", "count": 2}


@pytest.mark.parametrize(
    ("query", "filters", "shown"),
    [
        ("", {}, "hwe"),
        ("?person=am-03&policy=approval.order", {"person": "am-03", "policy": "approval.order"}, "he"),
        ("?customer=c-2&cursor={east}", {"customer": "c-2"}, ""),
        ("?subject=nothing", {"subject": "nothing"}, ""),
    ],
)
def test_a_list_leaves_an_entry_of_what_was_asked_for_and_shown(
    place: Place, query: str, filters: dict[str, str], shown: str
) -> None:
    names = {"e": place.east, "w": place.west, "h": place.hostile}
    before = clock() - timedelta(minutes=1)

    signed_in(place.app, Role.AUDITOR, f"lists-{query}").get(f"/decisions{query.format(east=place.east)}")

    with place.record.engine.connect() as connection:
        (row,) = standing.reads(connection, f"login:lists-{query}", before, clock() + timedelta(minutes=1))
    assert row.object == "decisions"
    what = json.loads(row.body)["what"]
    assert what["filters"] == filters
    assert sorted(what["shown"]) == sorted(names[each] for each in shown)


@pytest.mark.parametrize("query", ["?since=soon", "?policy=approval.order&revision=99"])
def test_a_list_that_looked_for_nothing_leaves_no_entry(place: Place, query: str) -> None:
    before = clock() - timedelta(minutes=1)

    signed_in(place.app, Role.AUDITOR, f"none-{query}").get(f"/decisions{query}")

    with place.record.engine.connect() as connection:
        assert standing.reads(connection, f"login:none-{query}", before, clock() + timedelta(minutes=1)) == []


def test_recomputing_proves_it_and_says_what_it_does_not(place: Place) -> None:
    answer = signed_in(place.app, name="prover").post(f"/decisions/{place.east}/recompute", headers=ENGLISH)

    assert answer.status_code == 200
    for part in ("Byte for byte the same", "Entry 1 of 3", "holds the digest", "made from the entry before", "verify"):
        assert part in answer.text
    assert answer.text.count("sha256:") == 2
    with place.record.engine.connect() as connection:
        chosen = select(AUDIT.c.object).where(AUDIT.c.actor == "login:prover", AUDIT.c.action == str(Action.RECOMPUTED))
        assert list(connection.execute(chosen).scalars()) == [place.east]


def test_an_altered_decision_is_told(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record = app.extensions["record"]
    name = decided(record, "o-9", "c-9", "am-9", 100)
    with record.engine.begin() as connection:
        body = connection.execute(select(DECISIONS.c.body)).scalar_one()
        connection.execute(update(DECISIONS).values(body=body.replace('"amount":100', '"amount":900000')))

    text = signed_in(app).post(f"/decisions/{name}/recompute", headers=ENGLISH).text
    page = signed_in(app).get(f"/decisions/{name}", headers=ENGLISH).text

    assert "comes out differently" in text
    assert "the decision was altered" in text
    assert "Recompute it to see where" in page


def test_json_is_what_the_api_gives(place: Place) -> None:
    answer = signed_in(place.app).get(f"/decisions/{place.east}.json")
    told = json.loads(answer.text)

    assert answer.headers["Content-Disposition"] == f'attachment; filename="decision-{place.east}.json"'
    assert told["facts"]["order"]["amount"] == 600_000
    assert told["explanation"]["answer"]
    assert told["hidden"] == []


def test_csv_keeps_formulas_from_being_any(place: Place) -> None:
    answer = signed_in(place.app).get("/decisions.csv?customer=c-1", headers=ENGLISH)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert [row["Reference number"] for row in rows] == [place.hostile, place.east]
    assert rows[1]["Subject"] == "o-1"
    assert rows[1]["Person"] == "Mei Han (am-03)"
    assert rows[1]["Policy"] == "Tiered order approval (approval.order)"
    assert rows[1]["Status"] == "Decided"
    assert "team lead, sales director, finance" in rows[1]["Outcome"]
    assert "Discount [Discount] is above 5% (any-discount)" in rows[1]["Rules that hit"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[1]["Recorded"])
    assert rows[1]["Revision"] == "1"
    assert rows[1]["Digest of the revision"].startswith("sha256:")
    assert rows[1]["What was decided"].startswith("Needs ")
    assert "`" not in rows[1]["What was decided"]
    chinese = signed_in(place.app).get("/decisions.csv?customer=c-1", headers=CHINESE).text
    (answer, *_) = (row["裁定结果"] for row in csv.DictReader(io.StringIO(chinese.removeprefix("\ufeff"))))
    assert re.search("主管.*审批|审批.*主管", answer), answer
    assert all(not value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_hostile_texts_are_shown_as_texts(place: Place) -> None:
    client = signed_in(place.app)

    for address in (
        "/decisions",
        f"/decisions/{place.hostile}",
        "/decisions?subject=" + HOSTILE,
        "/search?q=" + HOSTILE,
    ):
        text = client.get(address).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_an_empty_record_says_what_to_do_first(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    assert "fairlead decide" in signed_in(app).get("/decisions", headers=ENGLISH).text


def test_it_says_what_todays_rules_would_say(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record = app.extensions["record"]
    name = decided(record, "o-1", "c-1", "am-03", 600_000)
    text = (rules / "approval" / "order.yaml").read_text("utf-8")
    changed(record, "approval.order", text.replace("stages: [team-lead, director, finance]", "stages: [team-lead]"))

    page = signed_in(app).get(f"/decisions/{name}", headers=ENGLISH).text

    assert "Decided by revision 1" in page
    assert "Revision 2 is in effect today" in page
    assert "It would be decided differently today" in page
    assert "Byte for byte the same" in signed_in(app).post(f"/decisions/{name}/recompute", headers=ENGLISH).text


def changed(record: Record, document: str, text: str) -> None:
    """Put a new text into effect today, by two people."""
    now = clock()
    first, second = Act("login:ann", now, today(now)), Act("login:ben", now, today(now))

    def publish(transaction: Transaction) -> None:
        row = revisions.add(transaction, document, text, first)
        revisions.approve(transaction, revisions.propose(transaction, row, Period(None), "", first), second)

    record.writer.write(publish)


def test_who_reported_is_hidden_and_said_to_be(folder: Path, make_app: MakeApp) -> None:
    written = folder / "scorecard" / "size.yaml"
    text = written.read_text("utf-8")
    written.write_text(
        text.replace("customer.founded: {type: date,", "customer.founded: {type: date, class: identity,"), "utf-8"
    )
    app = make_app(rules=folder)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record = app.extensions["record"]
    facts = {"customer": {"id": "c1", "staff": 7, "founded": "1987-06-05"}}
    with record.engine.connect() as connection:
        asked = Asked("scorecard.size", facts, "2026-03-01")
        made = service.make(record, connection, asked, actor="client:crm", now=clock())
    service.keep(record, [made])

    client = signed_in(app)
    page = client.get(f"/decisions/{made.record.id}", headers=ENGLISH).text

    assert "hidden: identity" in page
    assert "Some values are hidden" in page
    assert "1987" not in page + client.get(f"/decisions/{made.record.id}.json").text
    assert "sha256:" not in client.post(f"/decisions/{made.record.id}/recompute", headers=ENGLISH).text
