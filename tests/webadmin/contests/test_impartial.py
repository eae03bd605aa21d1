"""Whoever had a part in what is contested does not answer it: the page says why and who may, of every sort."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from policy.model.canonical import canonical_json
from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import organisation
from tests.webadmin.signalled.conftest import Place
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.demo import loading
from webadmin.ids import new_id
from webadmin.roster.pay import STATEMENT
from webadmin.roster.points import SCORECARD
from webadmin.roster.quarters import Quarter
from webadmin.store import contests, deals, logins, roster
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.logins import Role
from webadmin.store.revisions import Act
from webadmin.store.tables import DECISION_TERMS, DECISIONS
from webadmin.store.things import Change

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
THIS = Quarter.of(today(clock()))
ANSWER = {"verdict": "declined", "statement": "It stays."}


def acting(name: str) -> Act:
    return Act(name, clock(), today(clock()))


@pytest.fixture
def place(rules: Path, make_app: MakeApp) -> Place:
    """Return an application where am-03 of the east, led by am-01, can contest one thing of each sort."""
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    found = Place(app)
    found.record.writer.write(lambda each: organisation(each, acting("cli:test")))
    found.record.writer.write(lambda each: loading.consult(each, acting("cli:test"), today(clock())))
    held = {"quota": 100000, "quota_currency": "CNY"}
    changes = [Change(Of.PERSON, "am-03", name, value, THIS.since) for name, value in held.items()]
    found.record.writer.write(lambda each: roster.apply(each, [], changes, acting("cli:test"), "test"))
    load(found, "cli:test", 50_000)
    return found


def load(place: Place, actor: str, amount: int) -> None:
    facts = canonical_json({"order": {"amount": amount}})
    deal = Deal("d-1", "c-1", "am-03", "won", None, THIS.since, facts)
    place.record.writer.write(lambda each: deals.put(each, [deal], acting(actor)))


def lead(place: Place) -> FlaskClient:
    return signed_in(place.app, Role.MANAGER, "east", "am-01")


def admin(place: Place) -> FlaskClient:
    return signed_in(place.app)


def contest(place: Place, sort: str, of: str) -> str:
    """Let am-03 contest something; return the id of what was contested."""
    author = signed_in(place.app, Role.ACCOUNT_MANAGER, "mei", "am-03")
    sent = {"sort": sort, "object": of, "statement": "it is wrong", "deal": "d-9"}
    assert author.post("/me/contest", data=sent).status_code == 303
    with place.record.engine.connect() as connection:
        return contests.of_person(connection, "am-03")[0].id


def signal(place: Place) -> str:
    lost = {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}}
    return place.raised(("manager.id", "am-03"), place.tell(("customer_lost", lost)))


def open_case(place: Place) -> tuple[str, str]:
    """Let the lead open a case; return its signal and its id."""
    name, client = signal(place), lead(place)
    event = re.findall(r'name="event" value="([^"]+)"', client.get(f"/signals/{name}").text)
    assert client.post(f"/signals/{name}/case", data={"event": event, "note": "ask them"}).status_code == 303
    return name, f"case-{name}"


def decide(place: Place, subject: str, policy: str, actor: str = "login:east") -> None:
    """Keep that somebody asked for a decision."""
    name, given = new_id(clock()), {"revision": "r", "status": "decided", "closure": "x", "body": None}
    row = {"id": name, "recorded_at": clock(), "policy": policy, "as_of": today(clock()).isoformat(), "actor": actor}
    with place.record.engine.begin() as connection:
        connection.execute(insert(DECISIONS).values(**row, **given))
        connection.execute(insert(DECISION_TERMS).values(term=f"subject={subject}", decision_id=name))


def case_opened(place: Place) -> str:
    return contest(place, "case", open_case(place)[1])


def signal_of_a_case(place: Place) -> str:
    return contest(place, "signal", open_case(place)[0])


def case_decided(place: Place) -> str:
    name = signal(place)
    event = re.findall(r'name="event" value="([^"]+)"', admin(place).get(f"/signals/{name}").text)
    signed_in(place.app, Role.ADMIN, "other").post(f"/signals/{name}/case", data={"event": event, "note": "ask them"})
    decide(place, f"case-{name}", "penalty.order-diversion")
    return contest(place, "case", f"case-{name}")


def again(place: Place) -> str:
    first = contest(place, "customer", "c-1")
    assert lead(place).post(f"/contests/{first}/answer", data=ANSWER).status_code == 303
    return contest(place, "customer", "c-1")


def moved(place: Place) -> str:
    lead(place)
    given = [Change(Of.CUSTOMER, "c-2", "owner", "am-03", today(clock()) - timedelta(1))]
    place.record.writer.write(lambda each: roster.apply(each, [], given, acting("login:east"), "plan"))
    return contest(place, "customer", "c-2")


def taken(place: Place) -> str:
    given = [Change(Of.CUSTOMER, "c-1", "owner", "am-02", today(clock()))]
    place.record.writer.write(lambda each: roster.apply(each, [], given, acting("login:east"), "plan"))
    return contest(place, "customer", "c-1")


def held_by_who_would_answer(place: Place) -> str:
    given = [Change(Of.CUSTOMER, "c-1", "owner", "am-01", today(clock()))]
    place.record.writer.write(lambda each: roster.apply(each, [], given, acting("cli:test"), "plan"))
    return contest(place, "customer", "c-1")


def chosen(place: Place) -> str:
    decide(place, "c-1", "assignment.new-customer")
    return contest(place, "customer", "c-1")


def loaded(place: Place) -> str:
    load(place, "login:east", 40_000)
    return contest(place, "deal", f"{THIS.name} d-1")


def line(place: Place) -> str:
    decide(place, "am-03", STATEMENT)
    return contest(place, "line", f"{THIS.name} band-0")


def missing(place: Place) -> str:
    decide(place, "am-03", STATEMENT)
    return contest(place, "missing-deal", THIS.name)


def points(place: Place) -> str:
    decide(place, "am-03", SCORECARD)
    return contest(place, "points", f"{THIS.name} review.customers_at_start")


WHY: dict[Callable[[Place], str], str] = {
    case_opened: "You opened the case",
    signal_of_a_case: "You opened the case",
    case_decided: "You asked for the decision",
    again: "You have answered it before",
    moved: "You carried out the change",
    taken: "You carried out the change",
    held_by_who_would_answer: "You hold the customer",
    chosen: "You asked for the decision",
    loaded: "You loaded the deal",
    line: "You asked for the decision",
    missing: "You asked for the decision",
    points: "You asked for the decision",
}


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main(page))).split())


@pytest.mark.parametrize("made", WHY, ids=lambda made: made.__name__)
def test_whoever_had_a_part_does_not_answer_and_is_told_why_and_who_may(
    place: Place, made: Callable[[Place], str]
) -> None:
    admin(place)
    name, client = made(place), lead(place)

    page = client.get(f"/contests/{name}", headers=EN).text
    refused = client.post(f"/contests/{name}/answer", data=ANSWER, headers=EN)

    assert WHY[made] in text(page)
    assert "These may answer it: admin Administrator" in text(page)
    assert "<form" not in main(page)
    assert refused.status_code == 403
    assert WHY[made] in text(refused.text)
    assert "wait" not in text(client.get("/", headers=EN).text).partition("First steps")[0].partition("contested")[2]
    listed = text(client.get("/contests", headers=EN).text)
    assert "somebody else answers it Look at it" in listed
    assert "1 thing that was contested waits" in text(admin(place).get("/", headers=EN).text)
    assert admin(place).post(f"/contests/{name}/answer", data=ANSWER).status_code == 303


@pytest.mark.parametrize(
    ("sort", "of"),
    [
        ("customer", "c-1"),
        ("deal", f"{THIS.name} d-1"),
        ("line", f"{THIS.name} band-0"),
        ("points", f"{THIS.name} review.customers_at_start"),
        ("missing-deal", THIS.name),
    ],
)
def test_whoever_had_no_part_answers(place: Place, sort: str, of: str) -> None:
    other = {"line": STATEMENT, "points": SCORECARD}.get(sort, "assignment.new-customer")
    decide(place, "am-03" if sort in ("line", "points") else "c-1", other, "client:crm")
    name = contest(place, sort, of)

    assert 'name="verdict"' in lead(place).get(f"/contests/{name}", headers=EN).text
    assert lead(place).post(f"/contests/{name}/answer", data=ANSWER).status_code == 303


def test_the_page_of_a_signal_and_the_list_of_cases_offer_no_answer_to_who_opened_the_case(place: Place) -> None:
    name, case = open_case(place)
    contest(place, "case", case)
    admin(place)

    for address in (f"/signals/{name}", "/cases"):
        for client, word in ((lead(place), "Read"), (admin(place), "Answer")):
            assert re.findall(r'href="/contests/[^"]+">(\w+)<', client.get(address, headers=EN).text) == [word]


def test_what_was_answered_and_contested_again_offers_the_earlier_answer_and_no_form(place: Place) -> None:
    name = again(place)

    page = text(lead(place).get(f"/contests/{name}", headers=EN).text)

    assert "It stays." in page
    assert "Your answer" not in page


def test_what_was_taken_back_bars_nobody(place: Place) -> None:
    first = contest(place, "customer", "c-1")
    author = signed_in(place.app, Role.ACCOUNT_MANAGER, "mei", "am-03")
    author.post(f"/me/contests/{first}/withdraw")
    name = contest(place, "customer", "c-1")

    assert lead(place).post(f"/contests/{name}/answer", data=ANSWER).status_code == 303


def test_where_nobody_else_is_left_it_says_what_to_do(place: Place) -> None:
    alone = admin(place)
    given = [Change(Of.CUSTOMER, "c-1", "owner", "am-03", today(clock()))]
    gone = [Change(Of.CUSTOMER, "c-1", "owner", None, today(clock()) - timedelta(1)), *given]
    place.record.writer.write(lambda each: roster.apply(each, [], gone, acting("login:admin"), "by hand"))
    name = contest(place, "customer", "c-1")

    page, chinese = (alone.get(f"/contests/{name}", headers=each).text for each in (EN, ZH))
    first = text(alone.get("/", headers=EN).text)

    assert "Just now nobody else may answer it. It needs a second login" in text(page)
    assert 'href="/logins"' in main(page)
    assert "目前没有其他人可以答复" in text(chinese)
    assert "1 thing that was contested can be answered by nobody: make a second login that may." in first
    assert "waits for an answer" not in first
    assert alone.post(f"/contests/{name}/answer", data=ANSWER).status_code == 403

    lead(place)
    assert "These may answer it: east Manager" in text(alone.get(f"/contests/{name}", headers=EN).text)
    assert "can be answered by nobody" not in alone.get("/", headers=EN).text
    close(place.app, "east")
    assert "nobody else may answer it" in alone.get(f"/contests/{name}", headers=EN).text


def close(app: Flask, name: str) -> None:
    place = Place(app)
    place.record.writer.write(lambda each: logins.disable(each, name, acting("cli:test")))


def test_who_may_answer_is_who_sees_the_person_and_is_not_them(place: Place) -> None:
    name = loaded(place)
    people: dict[str, tuple[Role, Any]] = {
        "west": (Role.MANAGER, "am-02"),
        "checks": (Role.AUDITOR, None),
        "boss": (Role.ADMIN, None),
    }
    for login, (role, person) in people.items():
        signed_in(place.app, role, login, person)

    page = text(lead(place).get(f"/contests/{name}", headers=EN).text)

    assert "These may answer it: boss Administrator" in page
    for login in ("west", "checks"):
        assert login not in page
    read_only = signed_in(place.app, Role.AUDITOR, "checks").get(f"/contests/{name}", headers=EN).text
    assert "you read it only" in read_only
