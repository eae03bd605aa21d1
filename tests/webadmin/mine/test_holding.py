"""Why a customer is one's own: what a decision or a reassignment said of oneself, and of nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import organisation
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from webadmin.decisions import service
from webadmin.decisions.service import clock, today
from webadmin.reassigning import applying
from webadmin.reassigning.whatif import WhatIf
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change

HERE: dict[str, Any] = {"active": True, "absent": False, "region": "Shanghai", "regions": ["Shanghai"], "level": 1}
HERE |= {"hired_on": "2025-03-02", "capacity": 20, "satisfaction": 5}


@pytest.fixture
def made(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application in which there is nobody yet."""
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def site(made: Flask) -> Flask:
    """Return an application where am-03 holds c-1."""
    act = Act("cli:test", clock(), today(clock()))
    made.extensions["record"].writer.write(lambda transaction: organisation(transaction, act))
    return made


def decide(site: Flask, *managers: dict[str, Any], customer: str = "c-1") -> str:
    """Decide who gets a customer; return the id of the decision."""
    record: Record = site.extensions["record"]
    about = {"id": customer, "region": "Shanghai", "industry": "retail", "expected_revenue": 40000}
    facts = {"customer": about, "managers": list(managers)}
    asked = service.Asked("assignment.new-customer", facts, "2026-03-02")
    with record.engine.connect() as connection:
        made = service.make(record, connection, asked, actor="client:crm", now=clock())
    service.keep(record, [made])
    return made.record.id


def rows(site: Flask, person: str, *customers: str, language: str = "en") -> list[str]:
    """Return what somebody's own page says of some customers, without markup."""
    client = signed_in(site, Role.ACCOUNT_MANAGER, f"login-{person}", person)
    page = client.get("/me", headers={"Accept-Language": language}).text
    found = [page[page.index(f'id="customer-{name}"') :] for name in customers]
    return [" ".join(unescape(re.sub(r"<[^>]*>", "", row[: row.index("</tr>")])).split()) for row in found]


def why(site: Flask, language: str = "en") -> str:
    return rows(site, "am-03", "c-1", language=language)[0]


def test_nothing_on_record_is_said_as_such(site: Flask) -> None:
    assert "as your organisation's data say" in why(site)


@pytest.mark.parametrize("called", ["am-03", "crm-4711"])
def test_a_decision_says_ones_own_score_and_names_nobody_else(site: Flask, called: str) -> None:
    record: Record = site.extensions["record"]
    record.writer.write(lambda transaction: roster.bind(transaction, Of.PERSON, "crm", {"crm-4711": "am-03"}))
    mine = {**HERE, "id": called}
    name = decide(site, mine, {**HERE, "id": "am-01", "satisfaction": 1}, {**HERE, "id": "am-02", "active": False})

    said = why(site)

    assert "The decision for March 2, 2026 chose you: the best score of 2 who could be chosen, 0.5." in said
    assert "nearby 1 (weight 15)" in said
    assert "1 other could not be chosen." in said
    assert name in said
    assert "am-01" not in said
    assert "2026年3月2日的裁定选定了您：2 名可选人员中得分最高，0.5。" in why(site, "zh")
    assert "就近 1（权重 15）" in why(site, "zh")


def test_who_was_first_by_the_tie_break_is_told_so(site: Flask) -> None:
    decide(site, {**HERE, "id": "am-03"}, {**HERE, "id": "am-09"}, {**HERE, "id": "am-08", "satisfaction": 1})

    assert re.search(
        r"chose you of 3 who could be chosen: [0-9.]+, as much as 1 other, and first by the tie break", why(site)
    )
    assert "am-09" not in why(site)


def test_the_only_one_is_told_so(site: Flask) -> None:
    decide(site, {**HERE, "id": "am-03"})

    assert "you were the only one who could be chosen" in why(site)


def test_a_decision_that_chose_somebody_else_is_no_reason(site: Flask) -> None:
    decide(site, {**HERE, "id": "am-03"})
    decide(site, {**HERE, "id": "am-01"})

    assert "as your organisation's data say" in why(site)


def test_a_reassignment_is_told_with_its_reasons(made: Flask) -> None:
    record: Record = made.extensions["record"]
    act = Act("login:boss", clock(), today(clock()))
    crew.fill(record, act)
    plan = crew.chosen(record, act, crew.planned(record, act, WhatIf(leave=("am-1",))), c_2="am-3")

    record.writer.write(lambda transaction: applying.apply(transaction, plan, act, "because"))

    taken, by_hand = rows(made, "am-3", "c-1", "c-2")
    assert re.search(r"reassigned by the policy “[^”]+”, revision 1 · score", taken)
    assert "A strategic customer goes to the highest level" in taken
    assert "Chosen by hand" not in taken
    assert "Chosen by hand. said so Carried out by boss on" in by_hand
    assert re.search(r"Your score: [^;]+ [0-9.]+ \(weight [0-9]+\)(; |$)", taken)
    assert "您的得分：" in rows(made, "am-3", "c-1", language="zh")[0]
    assert "Second best" not in taken
    assert "am-2" not in taken
    assert "战略客户，由最高职级负责" in rows(made, "am-3", "c-1", language="zh")[0]


def test_what_came_back_since_is_not_explained_by_the_plan(made: Flask) -> None:
    record: Record = made.extensions["record"]
    act = Act("login:boss", clock(), today(clock()))
    crew.fill(record, act)
    plan = crew.planned(record, act, WhatIf(leave=("am-1",)))
    record.writer.write(lambda transaction: applying.apply(transaction, plan, act, "because"))
    crew.change(record, act, Change(Of.CUSTOMER, "c-1", "owner", "am-3", act.today - timedelta(30)))

    assert "as your organisation's data say" in rows(made, "am-3", "c-1")[0]


def handed_over(client: FlaskClient, customer: str, language: str = "en") -> str:
    """Return what the page of a customer says of why it changed hands, without markup."""
    page = client.get(f"/customers/{customer}", headers={"Accept-Language": language}).text
    section = page[page.index('id="why-owner"') :].partition("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", section)).split())


def test_the_customers_page_says_the_score_term_by_term_and_the_second_best_by_right(made: Flask) -> None:
    record: Record = made.extensions["record"]
    act = Act("login:boss", clock(), today(clock()))
    crew.fill(record, act)
    plan = crew.planned(record, act, WhatIf(leave=("am-1",)))
    move = next(each for each in plan.moves if each.rival is not None)
    assert move.taker is not None
    assert move.rival is not None
    record.writer.write(lambda transaction: applying.apply(transaction, plan, act, "because"))

    everybody = signed_in(made, Role.ADMIN, "boss")
    narrow = signed_in(made, Role.MANAGER, "narrow", move.taker)

    told = handed_over(everybody, move.customer)
    assert "What the score is made of" in told
    assert f"Second best is <b>{move.rival.person}</b> with" in told
    assert re.search(rf"Term Weight <b>{move.taker}</b> <b>{move.rival.person}</b>", told)
    assert "次优者为" in handed_over(everybody, move.customer, "zh")
    hidden = handed_over(narrow, move.customer)
    assert "Somebody whom you do not see came second; their score is not shown." in hidden
    assert move.rival.person not in hidden
    assert "What the score is made of" in hidden
