"""The first page: what waits for each role, and the first steps to a tried decision."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.publishing import service as publishing
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
SINCE = date(2024, 1, 1)


@pytest.fixture
def fresh(rules: Path, make_app: MakeApp) -> Flask:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


def organisation(transaction: Transaction, act: Act) -> None:
    """Two leads, one of whom has more load than capacity."""
    batch = roster.Batch(transaction, act)
    for name in ("east", "west"):
        batch.put(Thing(Of.TEAM, f"t-{name}", name), {}, SINCE)
        held = {"team": f"t-{name}", "role": "lead", "status": "active", "capacity": 4}
        batch.put(Thing(Of.PERSON, f"am-{name}", name), held, SINCE)
    for number in range(2):
        thing = Thing(Of.CUSTOMER, f"c-{number}", f"c-{number}")
        batch.put(thing, {"owner": "am-east", "tier": "A", "status": "active"}, SINCE)
    batch.finish()


def loaded(app: Flask) -> Record:
    record: Record = app.extensions["record"]
    act = Act("cli:test", clock(), today(clock()))
    record.writer.write(lambda transaction: organisation(transaction, act))
    return record


def page(client: FlaskClient, headers: dict[str, str] = ENGLISH) -> str:
    return unescape(client.get("/", headers=headers).text)


def test_the_first_steps_lead_to_a_tried_decision(fresh: Flask) -> None:
    client = signed_in(fresh)
    first = page(client)
    assert "0 of 5 done" in first
    assert "fairlead demo" in first
    steps = first.partition('<ol class="firsts">')[2].partition("</ol>")[0]
    assert re.findall('href="([^"]*)"', steps)[0] == "/imports", "own files are loaded on a page"

    form = client.get(re.findall(r'href="(/policies/[^"]+/try\?test=1)"', first)[0], headers=ENGLISH).text
    fields = dict(re.findall(r'name="([^"]+)"[^>]* value="([^"]*)"', form))
    action = re.findall(r'<form[^>]*id="facts"[^>]*action="([^"]+)"', form)[0]
    answer = client.post(action, data=fields, headers=ENGLISH)

    assert answer.status_code == 200
    assert "1 of 5 done" in page(client)


def test_a_decision_in_the_panel_takes_the_step_of_trying(fresh: Flask) -> None:
    client = signed_in(fresh)

    client.post("/policies/approval.order/beside", data={"@fill": "empty:"})
    assert client.get_cookie("steps") is None
    client.post("/policies/approval.order/beside", data={"@fill": "test:1"})

    assert "1 of 5 done" in page(client)


def test_what_is_done_already_is_said(fresh: Flask) -> None:
    record = loaded(fresh)
    signed_in(fresh, Role.AUDITOR)
    act = Act("login:somebody", clock(), today(clock()))
    text = (Path(fresh.extensions["settings"].rules) / "approval" / "order.yaml").read_text("utf-8")
    publishing.propose(record, {"approval.order": text + "# changed\n"}, Period(), "why", act)

    shown = page(signed_in(fresh))
    assert "3 of 5 done" in shown
    assert "1 proposal waits for your approval" in shown
    assert "1 person has more load than capacity" in shown
    assert 'href="/people?sort=over"' in shown


def test_comparing_takes_the_step_of_simulating(fresh: Flask) -> None:
    client = signed_in(fresh)

    client.post("/simulations/compare", data={"policy": "approval.order", "one": "live", "other": "live"})

    assert "simulate" in client.get_cookie("steps").value  # type: ignore[union-attr]
    assert "1 of 5 done" in unescape(client.get("/first-steps", headers=ENGLISH).text)


def test_the_steps_are_put_away_and_come_back(fresh: Flask) -> None:
    client = signed_in(fresh)

    assert "/first-steps/show" in client.post("/first-steps/hide", headers=ENGLISH, follow_redirects=True).text
    assert "0 of 5 done" not in page(client)
    assert "0 of 5 done" in unescape(client.get("/first-steps", headers=ENGLISH).text)
    client.post("/first-steps/show")
    assert "0 of 5 done" in page(client)


def test_a_manager_is_told_of_the_own_team_only(fresh: Flask) -> None:
    loaded(fresh)

    east = page(signed_in(fresh, Role.MANAGER, "east", "am-east"))
    assert "1 person has more load" in east
    assert "east: 10 of 4" in east
    assert "more load" not in page(signed_in(fresh, Role.MANAGER, "west", "am-west"))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ACCOUNT_MANAGER])
def test_others_have_no_first_steps(fresh: Flask, role: Role) -> None:
    client = signed_in(fresh, role)

    assert "First steps" not in client.get("/", headers=ENGLISH, follow_redirects=True).text
    assert client.get("/first-steps").status_code == 403
    assert client.post("/first-steps/hide").status_code == 403
    assert ("fairlead verify" in page(client)) == (role is Role.AUDITOR)


def test_it_speaks_chinese_and_a_cookie_of_nonsense_does_no_harm(fresh: Flask) -> None:
    client = signed_in(fresh)
    client.set_cookie("steps", "<script>.x." + "y" * 2000)

    shown = page(client, CHINESE)
    assert "已完成 0 / 5" in shown
    assert "<script>.x" not in shown


@pytest.mark.parametrize(
    ("address", "role", "code", "leads"),
    [
        ("/nowhere", Role.ADMIN, 404, 'action="/search"'),
        ("/signals", Role.ACCOUNT_MANAGER, 403, "/help/logins#roles"),
    ],
)
def test_what_went_wrong_leads_somewhere(fresh: Flask, address: str, role: Role, code: int, leads: str) -> None:
    answer = signed_in(fresh, role).get(address, headers=ENGLISH)

    assert answer.status_code == code
    assert leads in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(("code", "leads"), [(401, "/login?next=/policies"), (503, 'href="/policies?q=1"')])
def test_a_page_that_cannot_be_had_now_leads_back_to_it(fresh: Flask, code: int, leads: str) -> None:
    fresh.before_request_funcs.setdefault(None, []).insert(0, lambda: abort(code))

    answer = fresh.test_client().get("/policies?q=1", headers=ENGLISH)
    assert answer.status_code == code
    assert leads in answer.text


def test_one_step_is_the_next_one(fresh: Flask) -> None:
    steps = page(signed_in(fresh)).partition('<ol class="firsts">')[2].partition("</ol>")[0]

    assert len(re.findall(r'class="button(?: quiet)?"', steps)) == 5
    assert steps.count('class="button"') == 1
    assert '<li class="open">' in steps.partition('class="button"')[0]
