"""A record with two teams and a signal of each sort, as the engines would have kept them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from policy.values import Text
from tests.webadmin.conftest import MakeApp
from webadmin.decisions.service import clock, today
from webadmin.demo import loading
from webadmin.store import events, roster, signals
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Finding, State, Unit, identity_of
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

SINCE = date(2024, 1, 1)
POLICY = "penalty.order-diversion"
HOSTILE = "<script>alert(1)</script>\u202e=1+1"
REPORTER = "Reporter-Whose-Name-Nobody-Sees"


@dataclass(frozen=True, slots=True)
class Place:
    """An application, and how to tell events and raise signals there."""

    app: Flask

    @property
    def record(self) -> Record:
        found: Record = self.app.extensions["record"]
        return found

    def tell(self, *given: tuple[str, dict[str, Any]]) -> list[str]:
        """Tell events, a day apart; return their ids in the record."""
        begin = datetime.fromisoformat("2026-03-01T09:00:00+08:00")
        number = len(self.events())
        told = [
            {"id": f"e-{number + at}", "source": "crm", "type": kind, "time": (begin + timedelta(at)).isoformat()}
            | {"data": data}
            for at, (kind, data) in enumerate(given)
        ]
        done = self.record.writer.write(lambda each: events.append_all(each, told, actor="client:crm", now=clock()))
        return [each.id for each in done]

    def events(self) -> list[str]:
        """Return the ids of all events."""
        with self.record.engine.connect() as connection:
            return list(connection.exec_driver_sql("select id from events").scalars())

    def raised(self, key: tuple[str, str], names: list[str], state: State = State.RAISED, **found: Any) -> str:
        """Raise a signal; return its id."""
        path, value = key
        pattern = "three-losses" if path == "manager.id" else "lost-then-sold-elsewhere"
        with self.record.engine.connect() as connection:
            revision = self.record.catalogue.in_effect(connection, today(clock()))[POLICY].digest
        unit = Unit(POLICY, revision, pattern, "warn", path, value)
        both: dict[str, Any] = {"first": (tuple(names),), "second": (tuple(names),)}
        times = (clock() - timedelta(3), clock())
        identity = identity_of(revision, f"{value}{names}{state}")
        finding = Finding(identity, state, tuple(names), *times, **{**both, **found})
        return self.record.writer.write(lambda each: signals.raise_(each, unit, finding, clock()))


def organisation(transaction: Transaction, act: Act) -> None:
    batch = roster.Batch(transaction, act)
    for team in ("t-east", "t-west"):
        batch.put(Thing(Of.TEAM, team, team), {}, SINCE)
    people = {"am-01": ("王芳", "Fang Wang", "t-east", "lead"), "am-02": ("李雷", "Lei Li", "t-west", "lead")}
    people["am-03"] = (HOSTILE, HOSTILE, "t-east", "account-manager")
    for name, (zh, en, team, role) in people.items():
        batch.put(Thing(Of.PERSON, name, zh, en), {"team": team, "role": role, "status": "active"}, SINCE)
    for name, owner in (("c-1", "am-03"), ("c-2", "am-02")):
        held = {"owner": owner, "tier": "B", "status": "active"}
        batch.put(Thing(Of.CUSTOMER, name, f"客户{name}", f"Customer {name}"), held, SINCE)
    batch.finish()


@pytest.fixture(scope="module")
def empty(rules: Path, make_app: MakeApp) -> Place:
    return place_with(make_app(rules=rules))


def place_with(app: Flask) -> Place:
    """Fill an application with the two teams."""
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    place = Place(app)
    act = Act("cli:test", clock(), today(clock()))
    place.record.writer.write(lambda each: organisation(each, act))
    place.record.writer.write(lambda each: loading.consult(each, act, act.today))
    return place


Losses = Callable[..., str]


@pytest.fixture
def east(empty: Place) -> str:
    """Return a signal about somebody of the team `t-east`."""
    data = {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}, "reason": HOSTILE}
    report = {"manager": {"id": "am-03"}, "reporter": REPORTER, "about": "outside-order"}
    given = [("customer_lost", data), ("customer_lost", data), ("report_received", report)]
    return empty.raised(("manager.id", "am-03"), empty.tell(*given))


@pytest.fixture
def west(empty: Place) -> str:
    """Return a signal about a customer of the team `t-west`, on which the engines differ."""
    names = empty.tell(("customer_lost", {"manager": {"id": "am-02"}, "customer": {"id": "c-2"}}))
    said = Text("两个引擎结果不同", "the engines differ here")
    return empty.raised(("customer.id", "c-2"), names, State.UNDER_REVIEW, reason=said, second=())
