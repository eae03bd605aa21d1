"""Texts that may hurt a person and were never published are for those who write, approve or check policies."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from tests.webadmin.review.steps import EN, ZH
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.publishing import service as publishing
from webadmin.publishing.answers import Approved, Proposed
from webadmin.store import drafts
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period

PENALTY = "penalty.order-diversion"
CONSULTED = "consultation: {held: 2025-11-03, published: 2025-12-01, record: minutes 7}\n"


def penalty_proposed(app: Flask) -> str:
    record: Record = app.extensions["record"]
    with record.engine.connect() as connection:
        found = drafts.find(connection, PENALTY)
    assert found is not None
    text = f"{found.text[: found.text.index('tests:')]}{CONSULTED}"
    done = publishing.propose(record, {PENALTY: text}, Period(), "because", Act("login:one", clock(), today(clock())))
    assert isinstance(done, Proposed), done
    return str(done.proposal)


@pytest.mark.parametrize(
    ("role", "reads"),
    [(Role.ACCOUNT_MANAGER, False), (Role.MANAGER, True), (Role.AUDITOR, True), (Role.ADMIN, True)],
    ids=str,
)
def test_a_penalty_is_read_by_others_once_it_was_approved(app: Flask, role: Role, reads: bool) -> None:
    name, client = penalty_proposed(app), signed_in(app, role)
    expected = 200 if reads else 403

    for view in ("", "?of=draft", "/read?of=draft", "/text?of=draft", "/tests?of=draft", "/try?of=draft", "/text?of=1"):
        assert client.get(f"/policies/{PENALTY}{view}").status_code in (expected, 302 if reads else 403), view
    assert client.get(f"/review/{name}").status_code == expected
    for page in ("/policies", "/review", "/search?q=diversion"):
        assert (PENALTY in client.get(page).text.replace("<wbr>", "")) == reads, page
    for view in ("", "/read", "/text"):
        assert client.get(f"/policies/approval.order{view}").status_code == 200


def test_the_history_names_a_penalty_that_waits_to_those_who_may_read_it(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)  # of its own: what is approved here stays
    record: Record = app.extensions["record"]
    now = clock()
    one, other = (Act(f"login:{each}", now, today(now)) for each in ("one", "two"))
    done = publishing.approve(record, penalty_proposed(app), other)
    assert isinstance(done, Approved), done
    with record.engine.connect() as connection:
        text = drafts.find(connection, PENALTY).text  # type: ignore[union-attr]
    harder = f"{text[: text.index('tests:')]}{CONSULTED.replace('minutes 7', 'minutes 8')}"
    waiting = publishing.propose(record, {PENALTY: harder}, Period(), "it is to hurt more", one)
    assert isinstance(waiting, Proposed), waiting

    for role, reads in ((Role.ACCOUNT_MANAGER, False), (Role.ADMIN, True)):
        page = signed_in(app, role).get(f"/history/{PENALTY}", headers=EN)
        assert page.status_code == 200
        assert ("it is to hurt more" in page.text) == reads, role
        assert (str(waiting.proposal) in page.text) == reads, role


@pytest.mark.parametrize(
    ("role", "said", "chinese"),
    [
        (Role.ADMIN, "choose “Change it”", "如需提出改动"),
        (Role.MANAGER, "to be approved, declined or sent back by you", "由您批准"),
        (Role.ACCOUNT_MANAGER, "to be read until somebody else has decided", "供您查阅"),
        (Role.AUDITOR, "to be read until somebody else has decided", "供您查阅"),
    ],
    ids=str,
)
def test_everybody_is_told_what_is_theirs_to_do(site: Flask, role: Role, said: str, chinese: str) -> None:
    client = signed_in(site, role)

    assert said in client.get("/review", headers=EN).text
    assert chinese in client.get("/review", headers=ZH).text
