"""What stood there is kept when it is contested, and stands beside what is worked out now: deals, lines, customers."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import HOSTILE, SINCE, organisation
from tests.webadmin.signing import signed_in
from webadmin.access.rights import CLASSES
from webadmin.contests import service as contest_pages
from webadmin.decisions.service import clock, today
from webadmin.roster import pay
from webadmin.roster.pay import Eyes
from webadmin.roster.quarters import Quarter
from webadmin.store import contests, deals, roster
from webadmin.store.contests import Contested, Seen, Sort
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import EVENTS
from webadmin.store.things import Change

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
THIS = Quarter.of(today(clock()))


def deal(name: str, order: dict[str, Any], stage: str = "won") -> Deal:
    return Deal(name, "c-1", "am-03", stage, None, THIS.since, canonical_json({"order": order}))


@pytest.fixture
def site(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application where am-03, led by am-01, has a quota, a deal that counts and one without an amount."""
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))
    record: Record = app.extensions["record"]
    record.writer.write(lambda transaction: organisation(transaction, act))
    held = {"quota": Decimal(100000), "quota_currency": "CNY"}
    changes = [Change(Of.PERSON, "am-03", name, value, SINCE) for name, value in held.items()]
    record.writer.write(lambda transaction: roster.apply(transaction, [], changes, act, "test"))
    told = [deal("d-1", {"amount": Decimal(50000)}), deal("d-2", {}), deal("d-3", {"amount": Decimal(9)}, "lost")]
    record.writer.write(lambda transaction: deals.put(transaction, told, act))
    return app


def change(site: Flask, told: Deal) -> None:
    act = Act("cli:test", clock(), today(clock()))
    site.extensions["record"].writer.write(lambda transaction: deals.put(transaction, [told], act))


def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ACCOUNT_MANAGER, "mei", "am-03")


def lead(site: Flask) -> FlaskClient:
    return signed_in(site, Role.MANAGER, "east", "am-01")


def contest(site: Flask, sort: str, of: str, **more: str) -> str:
    sent = {"sort": sort, "object": of, "statement": f"about {of}", **more}
    assert author(site).post("/me/contest", data=sent).status_code == 303
    with site.extensions["record"].engine.connect() as connection:
        return contests.of_person(connection, "am-03")[0].id


def kept(site: Flask, name: str) -> dict[str, Any]:
    with site.extensions["record"].engine.connect() as connection:
        body = connection.execute(select(EVENTS.c.body).where(EVENTS.c.id == name)).scalar_one()
    found: dict[str, Any] = json.loads(body)["event"]["data"].get("seen", {})
    return found


def pairs(page: str) -> list[str]:
    """Return what stood then, and what stands now, without markup."""
    section = page[page.index('id="stood"') :]
    found = re.findall(r"<dd>(.*?)</dd>", section[: section.index("</section>")], re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", "", each)).split()) for each in found]


def test_a_line_is_kept_as_it_stood_with_the_revision(site: Flask) -> None:
    name = contest(site, "line", f"{THIS.name} band-0")
    change(site, deal("d-1", {"amount": Decimal(60000)}))

    seen = kept(site, name)
    page = lead(site).get(f"/contests/{name}", headers=EN).text

    assert (seen["amount"], seen["unit"]) == (1000, "CNY")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}|[0-9a-f]{64}", seen["policy"])
    assert pairs(page) == [
        "CN¥1,000.00 by revision 1 of the policy",
        "CN¥1,200.00 by revision 1 of the policy",
    ]
    assert "As it stood then: CN¥1,000.00" in author(site).get("/me", headers=EN).text


def test_a_deal_is_contested_beside_itself(site: Flask) -> None:
    page = author(site).get("/me", headers=EN).text
    for name in ("d-1", "d-2"):
        assert f'name="sort" value="deal"><input type="hidden" name="object" value="{THIS.name} {name}"' in page
    name = contest(site, "deal", f"{THIS.name} d-1")
    change(site, deal("d-1", {}))

    assert pairs(lead(site).get(f"/contests/{name}", headers=EN).text) == [
        "CN¥50,000.00; counts 100% by revision 1 of the policy",
        "–; No amount is on record, so it counts for nothing. by revision 1 of the policy",
    ]
    assert f"A deal: d-1, quarter {THIS.number} of {THIS.year}" in author(site).get("/me", headers=EN).text
    for other in ("d-3", "d-9", ""):
        sent = {"sort": "deal", "object": f"{THIS.name} {other}", "statement": "not so"}
        assert author(site).post("/me/contest", data=sent).status_code == 404, other


def test_deals_that_were_won_and_do_not_count_stand_there_with_why(site: Flask) -> None:
    english, chinese = (author(site).get("/me", headers=each).text for each in (EN, ZH))

    apart = english.partition("Won, and not counted</h3>")[2]
    assert "d-2" in apart
    assert "No amount is on record, so it counts for nothing." in apart
    assert "没有金额记录，因此不计。" in chinese
    assert not re.search(r"\bd-3\b(?!-)", re.sub(r"[0-9a-f-]{36}", "", english)), "it was not won"


MISSING = {"deal": "d-77", "customer": "华兴 <Motor>", "amount": "120,000.5"}


def test_a_missing_deal_is_called_by_its_number_customer_amount_and_quarter(site: Flask) -> None:
    name = contest(site, "missing-deal", THIS.name, **MISSING)

    english, chinese = (lead(site).get(f"/contests/{name}", headers=each).text for each in (EN, ZH))
    called = f"d-77, 华兴 &lt;Motor&gt;, CN¥120,000.50, quarter {THIS.number} of {THIS.year}"
    assert re.search(rf"<h1>[^<]* contests: {re.escape(called)}</h1>", english)
    assert f"d-77、华兴 &lt;Motor&gt;、¥120,000.50，{THIS.year} 年第 {THIS.number} 季度”提出异议</h1>" in chinese
    for page in (lead(site).get("/contests", headers=EN).text, author(site).get("/me", headers=EN).text):
        assert called in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"deal": " ", "customer": ""}, "Say which deal: its number, its customer, or both."),
        ({"deal": "d-8", "amount": "much"}, "Write the amount in figures"),
        ({"deal": "d-8", "amount": "-5"}, "Write the amount in figures"),
        ({"deal": "d" * 101}, "At most 100 characters."),
        ({"deal": "d-8", "statement": " "}, "Say in up to 2000 characters what is wrong."),
    ],
)
def test_a_missing_deal_that_nobody_could_look_for_is_refused_at_its_field(
    site: Flask, typed: dict[str, str], said: str
) -> None:
    sent = {"sort": "missing-deal", "object": THIS.name, "statement": "closed by me", **typed}

    answer = author(site).post("/me/contest", data=sent, headers=EN)

    assert (answer.status_code, answer.text.count('<details class="contest" open>')) == (422, 1)
    assert said in re.findall(r'<p class="error" id="s-missing-deal-[^>]*>([^<]*)', answer.text)[0]
    assert "d-8" not in typed.values() or 'value="d-8"' in answer.text


def test_each_missing_deal_is_claimed_by_itself(site: Flask) -> None:
    assert author(site).get("/me", headers=EN).text.count('name="sort" value="missing-deal"') == 1
    name = contest(site, "missing-deal", THIS.name, deal="d-9")
    change(site, deal("d-4", {"amount": Decimal(1)}))

    page = lead(site).get(f"/contests/{name}", headers=EN).text

    assert pairs(page) == ["1 deal counted", "2 deals counted"]
    assert "A missing deal" in page
    assert contest(site, "missing-deal", THIS.name, deal="d-10") != name
    sent = {"sort": "missing-deal", "statement": "not so", "deal": "d-8"}
    for of in (THIS.after.name, "soon"):
        assert author(site).post("/me/contest", data={**sent, "object": of}).status_code == 404, of


@pytest.mark.parametrize(("deal", "place"), [("d-1", "counted-1"), ("d-2", "barred-1")])
def test_a_missing_deal_that_is_listed_leads_to_its_line(site: Flask, deal: str, place: str) -> None:
    sent = {"sort": "missing-deal", "object": THIS.name, "statement": "it is <mine>", "deal": deal}

    answer = author(site).post("/me/contest", data=sent, headers=EN)

    assert answer.status_code == 422
    assert "It stands on the statement already: line 1 of" in answer.text
    row = re.search(rf'<tr id="{place}">(.*?)</tr>', answer.text, re.DOTALL)
    assert row is not None
    assert f'href="#{place}"' in answer.text
    assert deal in row[1]
    assert '<details class="contest" open>' in row[1]
    assert "it is &lt;mine&gt;</textarea>" in row[1]
    assert "已在结算单上" in author(site).post("/me/contest", data=sent, headers=ZH).text


def test_whoever_answers_sees_the_deals_as_their_own_page_has_them(site: Flask) -> None:
    name = contest(site, "line", f"{THIS.name} band-0")

    page = lead(site).get(f"/contests/{name}", headers=EN).text

    for text in ("The deals it counts", "d-1", "CN¥50,000.00", "Won, and not counted", "d-2"):
        assert text in page
    assert 'action="/me/contest"' not in page


@pytest.mark.parametrize("sort", [Sort.LINE, Sort.DEAL, Sort.POINTS, Sort.MISSING])
def test_who_does_not_read_pay_sees_neither_figure_nor_deals(site: Flask, sort: Sort) -> None:
    record: Record = site.extensions["record"]
    quarter = f"{THIS.name} band-0"
    found = Contested("x", "am-03", sort, quarter, "", Seen(Decimal(9)), "login:mei", clock(), None)
    eyes = Eyes("en", CLASSES[Role.ACCOUNT_MANAGER])  # type: ignore[arg-type]

    with record.engine.connect() as connection:
        asked = (record, connection, found, today(clock()), eyes)
        assert contest_pages.stood(*asked) is None
        assert contest_pages.statement(*asked) is None


def test_hostile_deals_stay_text(site: Flask) -> None:
    name = f'{HOSTILE}" onx=1'
    change(site, deal(name, {"amount": Decimal(7)}))

    number = contest(site, "deal", f"{THIS.name} {name}")

    for page in (author(site).get("/me", headers=EN).text, lead(site).get(f"/contests/{number}", headers=EN).text):
        assert "<script>alert" not in page
        assert '" onx=1' not in page
        assert "&lt;script&gt;" in page


def test_points_are_kept_as_they_stood(site: Flask) -> None:
    name = contest(site, "points", f"{THIS.name} review.sales")

    assert kept(site, name)["amount"] == 50000
    assert pairs(lead(site).get(f"/contests/{name}", headers=EN).text)[0].startswith("CN¥50,000.00")


def test_a_customer_that_was_taken_away_is_contested(site: Flask) -> None:
    """Whoever loses a customer saw nothing of it, and could contest nothing."""
    act = Act("cli:test", clock(), today(clock()))
    given = [Change(Of.CUSTOMER, "c-1", "owner", "am-02", act.today)]
    site.extensions["record"].writer.write(lambda transaction: roster.apply(transaction, [], given, act, "test"))

    name = contest(site, "customer", "c-1")

    assert kept(site, name) == {"since": SINCE.isoformat(), "until": act.today.isoformat()}
    then, now = pairs(lead(site).get(f"/contests/{name}", headers=EN).text)
    assert then == now
    assert then.startswith("held from January 1, 2024 until before ")
    assert (
        author(site).post("/me/contest", data={"sort": "customer", "object": "c-2", "statement": "not so"}).status_code
        == 404
    )


def test_what_an_older_vocabulary_does_not_declare_is_not_kept(rules: Path, make_app: MakeApp, tmp_path: Path) -> None:
    """The vocabulary in effect is the organisation's: contesting goes on without what it does not know yet."""
    older = tmp_path / "rules"
    older.mkdir()
    for each in rules.rglob("*.yaml"):
        place = older / each.relative_to(rules)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = each.read_text(encoding="utf-8")
        if each.name == "vocabulary.yaml":
            text = re.sub(r"\n      (# What stood there|- seen\.)[^\n]*", "", text)
            text = text.replace(
                "one_of: [customer, line, deal, missing-deal, points, signal, case]",
                "one_of: [customer, line, points, signal]",
            )
            text = re.sub(r"(missing-)?deal: \{zh: [^}]*\}, |, case: \{zh: 案件, en: case\}", "", text)
        place.write_text(text, encoding="utf-8")
    app = make_app(rules=older)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))
    app.extensions["record"].writer.write(lambda transaction: organisation(transaction, act))

    name = contest(app, "customer", "c-1")

    assert kept(app, name) == {}
    page = author(app).get("/me", headers=EN).text
    assert 'value="missing-deal"' not in page
    sent = {"sort": "missing-deal", "object": THIS.name, "statement": "not so", "deal": "d-9"}
    assert author(app).post("/me/contest", data=sent).status_code == 503
    assert "That was not kept then." in lead(app).get(f"/contests/{name}", headers=EN).text


def test_whoever_contested_sees_whether_it_was_put_right(site: Flask) -> None:
    name = contest(site, "line", f"{THIS.name} band-0")
    said = {"verdict": "upheld", "statement": "the amount was wrong"}
    assert "It has changed since then" not in author(site).get("/me", headers=EN).text  # nobody has answered
    lead(site).post(f"/contests/{name}/answer", data=said)

    same = author(site).get("/me", headers=EN).text
    change(site, deal("d-1", {"amount": Decimal(60000)}))
    other = author(site).get("/me", headers=EN).text

    assert "Today it stands as it did then." in same
    assert "It has changed since then:</strong> CN¥1,200.00" in other
    assert "自那时起已有变化：" in author(site).get("/me", headers=ZH).text
    for text in ("upheld: it was wrong", "answered by east on", "the amount was wrong"):
        assert text in other, text


def test_a_line_that_was_added_says_what_it_was_reckoned_from(site: Flask) -> None:
    record: Record = site.extensions["record"]
    quarter = Quarter.read(THIS.name)
    assert quarter is not None
    with record.engine.connect() as connection:
        found = pay.statement(record, connection, "am-03", quarter, today(clock()), Eyes("en", frozenset(FieldClass)))  # type: ignore[arg-type]
    kept = found.facts.value("person.retention")
    page = author(site).get("/me", headers=EN).text

    assert kept is not None
    row = page[page.index(">Retention bonus</th>") :].partition("</tr>")[0]
    assert "Kept 95% of the customers" in row
    assert re.search(r"\([^()]+ 100%\)", row)


@pytest.mark.parametrize(
    "text", [HOSTILE, "\0\x1b[2J\u202e", "' OR 1=1 --", "{{ 7 * 7 }}", "%s %(x)s", "\ud800"], ids=ascii
)
def test_hostile_texts_of_a_missing_deal_stay_text(site: Flask, text: str) -> None:
    typed = {"deal": text[:100], "customer": text[:100], "amount": "1", "statement": f"so it was {text}"}
    sent = {"sort": "missing-deal", "object": THIS.name, **typed}
    body = {name: each.encode("utf-8", "replace").decode() for name, each in sent.items()}

    answer = author(site).post("/me/contest", data=body, headers=EN)

    assert answer.status_code in (303, 422)
    for page in (answer.text, author(site).get("/me", headers=EN).text, lead(site).get("/contests", headers=EN).text):
        assert "<script>alert" not in page
        assert "\x1b" not in page
        assert ">49<" not in page
