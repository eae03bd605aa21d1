"""The API over the shipped policies, on SQLite and on PostgreSQL; and tokens for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy.model.document import FieldClass
from tests.bodies import ORDER
from tests.webadmin.conftest import MakeApp
from tests.webadmin.store.conftest import Databases, databases, postgres
from webadmin.access import tokens
from webadmin.access.scopes import READABLE, Scope
from webadmin.decisions.service import clock, today
from webadmin.demo import loading
from webadmin.secondengine.process import SecondEngine
from webadmin.signals.looking import Looker
from webadmin.store import signals
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Query

__all__ = ["ORDER", "databases", "postgres"]

DECIDE = "/api/v1/policies/approval.order/decisions"
STATEMENT: dict[str, Any] = {
    "person": {"id": "am-07", "quota": 100000, "currency": "CNY"},
    "credits": [],
}


def token_for(record: Record, *scopes: Scope, classes: tuple[FieldClass, ...] = READABLE, **wish: Any) -> str:
    """Return a new token, of a client of its own unless one is named."""
    now = clock()
    asked = tokens.Wish(
        wish.pop("client", f"c{uuid4().hex[:12]}"),
        frozenset(scopes or Scope),
        frozenset(classes),
        wish.pop("expires_at", now + timedelta(days=1)),
        **wish,
    )
    return record.writer.write(lambda transaction: tokens.make(transaction, asked, actor="cli:test", now=now)).secret


class Api:
    """Calls one application as one holder of a token."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self.token = token
        self.client: FlaskClient = app.test_client()

    @property
    def record(self) -> Record:
        found: Record = self.app.extensions["record"]
        return found

    def other(self, *scopes: Scope, **wish: Any) -> Api:
        """Return the same application for another holder."""
        return Api(self.app, token_for(self.record, *scopes, **wish))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        given: dict[str, Any] = {}
        if isinstance(body, bytes | str):
            given = {"data": body, "content_type": "application/json"}
        elif body is not None:
            given = {"json": body}
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, headers=sent, **given)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("POST", path, body, **headers)

    def decided(self, **facts: Any) -> str:
        """Return the id of a decision made of the order, some of its facts changed."""
        answer = self.post(DECIDE, {"facts": {**ORDER, **facts}, "as_of": "2026-03-01"})
        assert answer.status_code == 201, answer.text
        name: str = answer.json["id"]
        return name


def proposed(api: Api) -> str:
    """Return the id of a proposal: a table of its own each time."""
    text = (
        f"reference: trial-{uuid4().hex[:12]}\ntitle: {{zh: 试, en: Trial}}\nkey: [region]\n"
        "columns:\n  region: {type: string, label: {zh: 区, en: Region}}\n"
        "  points: {type: number, scale: 0, label: {zh: 分, en: Points}}\n"
        "rows:\n  - {from: 2026-01-01, region: east, points: 10}\n"
    )
    answer = api.post("/api/v1/proposals", {"documents": {"trial.yaml": text}})
    assert answer.status_code == 200, answer.text
    name: str = answer.json["proposal"]
    return name


def signalled(
    api: Api,
    customer: str = "c-77",
    *,
    manager: str = "am-07",
    pattern: str = "lost-then-sold-elsewhere",
    engine: SecondEngine | None = None,
) -> str:
    """Return the id of a signal: the penalty policy put into effect, the events told over HTTP and looked at."""
    with api.record.engine.connect() as connection:
        there = signals.search(connection, Query(pattern=pattern, key=_key(pattern, customer, manager)), 1)
    if there:
        return there[0].id
    act = Act("system", clock(), today(clock()))
    api.record.writer.write(lambda transaction: loading.consult(transaction, act, date(2026, 6, 30)))
    number = customer[2:]
    told = [("lost", "customer_lost", customer, 2), ("sold", "competitor_sale", customer, 12)]
    if pattern == "three-losses":
        told = [(f"lost{day}", "customer_lost", f"{customer}-{day}", day) for day in (1, 2, 3)]
    body = [
        {
            "specversion": "1.0",
            "id": f"{name}-{number}",
            "source": "crm",
            "type": sort,
            "time": f"2026-03-{day:02}T09:30:00+08:00",
            "data": {"customer": {"id": whose}, "manager": {"id": manager}},
        }
        for name, sort, whose, day in told
    ]
    answer = api.post("/api/v1/events", body)
    assert answer.json["recorded"] == len(body), answer.text
    Looker(api.record, engine or api.app.extensions["second-engine"], clock).catch_up()
    with api.record.engine.connect() as connection:
        found = signals.search(connection, Query(pattern=pattern, key=_key(pattern, customer, manager)), 1)
    return found[0].id


def _key(pattern: str, customer: str, manager: str) -> str:
    return manager if pattern == "three-losses" else customer


@pytest.fixture
def api(databases: Databases, rules: Path, make_app: MakeApp) -> Iterator[Api]:
    """Return the API on either database, called by who may do anything and read everything."""
    address = databases.filled(rules)
    app = make_app(rules=rules, database=address)
    app.config["TESTING"] = True
    yield Api(app, token_for(app.extensions["record"]))
    app.extensions["record"].close()
    databases.drop(address)


@pytest.fixture(scope="module")
def near(rules: Path, make_app: MakeApp) -> Api:
    """Return the API on SQLite, shared by the tests of a module."""
    app = make_app(rules=rules)
    app.config["TESTING"] = True
    return Api(app, token_for(app.extensions["record"]))
