"""What is contested reaches those responsible, is answered once by somebody else, and nobody else finds it."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import HOSTILE, organisation
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.roster.quarters import Quarter
from webadmin.store import contests, roster
from webadmin.store.audit import Action
from webadmin.store.contests import Query, Verdict
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, EVENTS
from webadmin.store.things import Change, Thing
from webadmin.store.writer import Transaction

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
NUMBERS = count()


@pytest.fixture(scope="module")
def place(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application where am-03 of the east, led by am-01, holds a customer."""
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))
    app.extensions["record"].writer.write(lambda transaction: organisation(transaction, act))
    return app


@pytest.fixture
def site(place: Flask) -> Flask:
    """Return it with everything answered that was contested before, and a customer with am-03 nobody has contested."""
    record: Record = place.extensions["record"]
    act = Act("cli:test", clock(), today(clock()))
    with record.engine.connect() as connection:
        sort = record.catalogue.policies(connection, act.today).events[contests.ANSWERED]
        waiting = contests.search(connection, Query(waits=True), 100)
    name = f"c-1{next(NUMBERS)}"
    things = [Thing(Of.CUSTOMER, name, f"客户{name}", f"Customer {name}")]
    held = [Change(Of.CUSTOMER, name, "owner", "am-03", act.today)]

    def settled(transaction: Transaction) -> None:
        for each in waiting:
            contests.answer(transaction, sort, each, (Verdict.DECLINED, "settled"), act)
        roster.apply(transaction, things, held, act, "test")

    record.writer.write(settled)
    place.config["CUSTOMER"] = name
    return place


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ACCOUNT_MANAGER, "mei", "am-03")


@pytest.fixture
def lead(site: Flask) -> FlaskClient:
    return signed_in(site, Role.MANAGER, "east", "am-01")


def contest(client: FlaskClient, said: str = "never mine", of: str = "") -> str:
    """Contest a customer, the fresh one where none is named; return the id of what was contested."""
    sent = {"sort": "customer", "object": of or client.application.config["CUSTOMER"], "statement": said}
    assert client.post("/me/contest", data=sent).location == "/me#contested"
    record: Record = client.application.extensions["record"]
    with record.engine.connect() as connection:
        return contests.search(connection, Query(), 1)[0].id


def reply(client: FlaskClient, name: str, verdict: str = "upheld", said: str = "You are right.") -> int:
    return client.post(f"/contests/{name}/answer", data={"verdict": verdict, "statement": said}, headers=EN).status_code


def test_what_waits_stands_on_the_first_page_and_in_the_list(
    site: Flask, author: FlaskClient, lead: FlaskClient
) -> None:
    name = contest(author, "I never had them")

    for client in (lead, signed_in(site)):
        first, page = client.get("/", headers=EN).text, client.get("/contests", headers=EN).text
        assert "1 thing that was contested waits for an answer." in first
        assert 'href="/contests"' in first
        assert "I never had them" in page
        assert f"/contests/{name}" in page
        assert f"/customers/{site.config['CUSTOMER']}" in page
        assert "/people/am-03" in page
    assert (
        f"<h1>Mei Han contests: Customer {site.config['CUSTOMER']}</h1>"
        in lead.get(f"/contests/{name}", headers=EN).text
    )
    assert "1 项异议等待答复" in lead.get("/", headers=ZH).text


def test_who_is_not_responsible_finds_nothing(site: Flask, author: FlaskClient) -> None:
    name = contest(author)
    others = (
        (Role.ACCOUNT_MANAGER, "mei", "am-03", 403),
        (Role.ACCOUNT_MANAGER, "other", None, 403),
        (Role.MANAGER, "west", "am-02", 200),
    )
    for role, login, person, listed in others:
        client = signed_in(site, role, login, person)
        assert client.get("/contests").status_code == listed, login
        assert client.get(f"/contests/{name}").status_code == 404, login
        assert reply(client, name) == 404, login
        if listed == 200:
            assert name not in client.get("/contests?state=all").text
            assert "contested wait" not in client.get("/", headers=EN).text
    assert signed_in(site).get("/contests/x").status_code == 404


@pytest.mark.parametrize("verdict", contests.ANSWERS)
def test_an_answer_is_an_event_and_stands_on_the_own_page(
    site: Flask, author: FlaskClient, lead: FlaskClient, verdict: Verdict
) -> None:
    name = contest(author)

    assert reply(lead, name, str(verdict), "because <b>so</b>") == 303

    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        chosen = select(EVENTS.c.body, EVENTS.c.subject).where(EVENTS.c.type == contests.ANSWERED)
        body, subject = connection.execute(chosen.order_by(EVENTS.c.id.desc()).limit(1)).one()
        found = contests.search(connection, Query(waits=False), 1)[0]
        assert contests.count(connection, Query(waits=True)) == 0
    told = json.loads(body)
    assert (told["actor"], subject) == ("login:east", "am-03")
    assert told["event"]["data"]["contest"] == {"id": name}
    assert found.answer is not None
    assert (found.answer.verdict, found.answer.statement) == (verdict, "because <b>so</b>")
    page = author.get("/me", headers=EN).text
    assert "because &lt;b&gt;so&lt;/b&gt;" in page
    assert "answered by east" in page
    assert "Waiting for an answer" not in page
    assert "waits for an answer" not in lead.get("/", headers=EN).text


def test_what_was_contested_can_be_taken_back_while_it_waits(
    site: Flask, author: FlaskClient, lead: FlaskClient
) -> None:
    name = contest(author, "my mistake")
    place = f"/me/contests/{name}/withdraw"
    assert f'action="{place}"' in author.get("/me", headers=EN).text
    assert signed_in(site, Role.ACCOUNT_MANAGER, "other", "am-01").post(place).status_code == 404
    assert signed_in(site).post(place).status_code == 404  # of nobody

    assert author.post(place, headers=EN).location == "/me#contested"

    page = author.get("/me", headers=EN).text
    assert "Taken back. That it was said stays in the record" in page
    assert "taken back by whoever contested it" in page
    assert place not in page
    assert "Contest it again" in page
    assert "waits for an answer" not in lead.get("/", headers=EN).text
    assert "提出者已撤回" in lead.get("/contests?state=answered", headers=ZH).text
    assert "Your answer" not in lead.get(f"/contests/{name}", headers=EN).text
    assert reply(lead, name) == 303
    with site.extensions["record"].engine.connect() as connection:
        found = contests.find(connection, name)
    assert found is not None
    assert found.answer is not None
    assert (found.answer.verdict, found.answer.actor) == (Verdict.WITHDRAWN, "login:mei")


def test_what_was_answered_stays_answered(author: FlaskClient, lead: FlaskClient) -> None:
    name = contest(author)
    reply(lead, name, said="too late")

    author.post(f"/me/contests/{name}/withdraw", headers=EN)

    page = author.get("/me", headers=EN).text
    assert "It had been answered already" in page
    assert "too late" in page
    assert [author.post(f"/me/contests/{each}/withdraw").status_code for each in ("x", name[:-1] + "z")] == [404, 404]


def test_nobody_else_answers_that_it_is_withdrawn(author: FlaskClient, lead: FlaskClient) -> None:
    assert reply(lead, contest(author), "withdrawn") == 422


@pytest.mark.parametrize("blank", ["", "   ", "\n\t"])
def test_an_answer_has_a_reason(author: FlaskClient, lead: FlaskClient, blank: str) -> None:
    name = contest(author)

    assert reply(lead, name, said=blank) == 422
    assert reply(lead, name) == 303


def test_it_is_answered_once(site: Flask, author: FlaskClient, lead: FlaskClient) -> None:
    name = contest(author)
    reply(lead, name, said="the first answer")

    admin = signed_in(site)
    reply(admin, name, "declined", "a second one")

    assert "Somebody had answered it already" in admin.get(f"/contests/{name}", headers=EN).text
    page = author.get("/me", headers=EN).text
    assert "the first answer" in page
    assert "a second one" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"verdict": "upheld"},
        {"statement": "so"},
        {"verdict": "no", "statement": "so"},
        {"verdict": "upheld", "statement": "."},
    ],
)
def test_an_answer_says_how_it_comes_out_and_why(author: FlaskClient, lead: FlaskClient, sent: dict[str, str]) -> None:
    name = contest(author)

    answer = lead.post(f"/contests/{name}/answer", data=sent, headers=EN)

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert lead.post(f"/contests/{name}/answer", data={"verdict": "upheld", "statement": "x" * 2001}).status_code == 422


def test_earlier_texts_and_answers_stay_when_it_is_contested_again(author: FlaskClient, lead: FlaskClient) -> None:
    first = contest(author, "the first text")
    reply(lead, first, "declined", "no, it stays")

    assert "Contest it again" in author.get("/me", headers=EN).text
    second = contest(author, "the second text")

    page, seen = author.get("/me", headers=EN).text, lead.get(f"/contests/{second}", headers=EN).text
    for text in ("the first text", "no, it stays", "the second text", "Waiting for an answer"):
        assert text in page
        assert text in seen


def test_what_is_no_longer_ones_own_keeps_its_answer(site: Flask, author: FlaskClient, lead: FlaskClient) -> None:
    """The list of customers may have changed since; what was said of one stays readable."""
    name = contest(author)
    reply(lead, name, said="given to somebody else")
    act = Act("cli:test", clock(), today(clock()))
    given = [Change(Of.CUSTOMER, site.config["CUSTOMER"], "owner", "am-02", act.today)]
    site.extensions["record"].writer.write(lambda transaction: roster.apply(transaction, [], given, act, "test"))

    page = author.get("/me", headers=EN).text

    assert "given to somebody else" in page


def test_an_auditor_reads_and_answers_nothing(site: Flask, author: FlaskClient, lead: FlaskClient) -> None:
    name, done = contest(author, "to be read"), contest(author, "done with")
    reply(lead, done)
    auditor = signed_in(site, Role.AUDITOR, "auditor")

    listed, waiting = (auditor.get(f"/contests{each}", headers=EN).text for each in ("?state=all", f"/{name}"))

    assert "to be read" in listed
    assert "done with" in listed
    assert ">Answer<span" not in listed
    assert "to be read" in waiting
    assert "you read it only" in waiting
    assert "<form" not in waiting.partition("<main")[2].partition("</main>")[0]
    assert "You are right." in auditor.get(f"/contests/{done}", headers=EN).text
    assert reply(auditor, name) == 403  # it is read, and answering is not for this role
    with site.extensions["record"].engine.connect() as connection:
        assert contests.count(connection, Query(waits=True)) == 1
        chosen = select(AUDIT.c.object).where(AUDIT.c.actor == "login:auditor", AUDIT.c.action == str(Action.READ))
        assert {"contests", name, done} <= set(connection.execute(chosen).scalars())
    assert "waits for an answer" not in auditor.get("/", headers=EN).text


def test_an_auditor_finds_nothing_about_themselves(site: Flask, author: FlaskClient) -> None:
    contest(author, "of somebody else")
    record, act = site.extensions["record"], Act("cli:test", clock(), today(clock()))
    joined = [Change(Of.PERSON, "am-09", "team", "t-east", act.today)]
    people = [Thing(Of.PERSON, "am-09", "am-09")]
    record.writer.write(lambda transaction: roster.apply(transaction, people, joined, act, "test"))
    own = signed_in(site, Role.AUDITOR, "auditor-am-09", "am-09")
    sent = {"sort": "missing-deal", "object": Quarter.of(today(clock())).name, "statement": "of my own", "deal": "d-9"}
    assert own.post("/me/contest", data=sent).status_code == 303
    with record.engine.connect() as connection:
        name = contests.of_person(connection, "am-09")[0].id

    listed = own.get("/contests?state=all", headers=EN).text

    assert "of somebody else" in listed
    assert "of my own" not in listed
    assert own.get(f"/contests/{name}").status_code == 404


def test_hostile_texts_stay_text_and_reading_leaves_an_entry(
    site: Flask, author: FlaskClient, lead: FlaskClient
) -> None:
    name = contest(author, HOSTILE)
    reply(lead, name, said=HOSTILE)

    for client, page in ((lead, f"/contests/{name}"), (lead, "/contests?state=answered"), (author, "/me")):
        text = client.get(page, headers=EN).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        chosen = select(AUDIT.c.actor).where(AUDIT.c.object == name, AUDIT.c.action == str(Action.READ))
        assert connection.execute(chosen).scalars().first() == "login:east"
        lists = select(AUDIT.c.body).where(AUDIT.c.object == "contests", AUDIT.c.actor == "login:east")
        told = [json.loads(body)["what"] for body in connection.execute(lists).scalars()]
    assert [each["filters"] for each in told if name in each["shown"]] == [{"state": "answered"}]


def test_pages_follow_one_another(author: FlaskClient, lead: FlaskClient) -> None:
    names = [contest(author, f"text {number}") for number in range(32)]

    first = lead.get("/contests").text
    older = re.search(r'rel="next" href="([^"]+)"', first)

    assert older is not None
    second = lead.get(older[1].replace("&amp;", "&")).text
    listed = [set(re.findall(r'href="/contests/([0-9a-f-]{36})"', each)) for each in (first, second)]
    assert listed[0] | listed[1] == set(names)
    assert not listed[0] & listed[1]
    assert "32 things that were contested wait" in lead.get("/", headers=EN).text


def test_nobody_answers_what_they_contested_themselves(site: Flask) -> None:
    """A manager sees the own person in the own team, and an administrator sees everybody."""
    own = signed_in(site, Role.MANAGER, "west", "am-02")
    name = contest(own, of="c-2")

    assert name not in own.get("/contests?state=all").text
    assert own.get(f"/contests/{name}").status_code == 404
    assert reply(own, name) == 404
    assert reply(signed_in(site), name) == 303


def test_the_list_of_people_leads_there_whoever_may_read(site: Flask, lead: FlaskClient) -> None:
    auditor = signed_in(site, Role.AUDITOR, "auditor")

    for page in ("/people", "/customers"):
        assert 'href="/contests"' in lead.get(page).text
        assert 'href="/contests"' in auditor.get(page).text


def test_an_empty_list_says_where_it_comes_from(lead: FlaskClient) -> None:
    assert "Nothing waits for an answer" in lead.get("/contests", headers=EN).text
    assert "没有等待答复的异议" in lead.get("/contests", headers=ZH).text
