"""A record with two teams, their customers, and orders decided for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

SINCE = date(2024, 1, 1)
HOSTILE = "<script>alert(1)</script>\u202e=1+1"


@dataclass(frozen=True, slots=True)
class Place:
    """An application, and ids of decisions: `east` and `west` by team, and one about a hostile subject."""

    app: Flask
    east: str
    west: str
    hostile: str

    @property
    def record(self) -> Record:
        found: Record = self.app.extensions["record"]
        return found


def organisation(transaction: Transaction, act: Act) -> None:
    batch = roster.Batch(transaction, act)
    for team in ("t-east", "t-west"):
        batch.put(Thing(Of.TEAM, team, team), {}, SINCE)
    people = {"am-01": ("王芳", "Fang Wang", "t-east", "lead"), "am-02": ("李雷", "Lei Li", "t-west", "lead")}
    people["am-03"] = ("韩梅", "Mei Han", "t-east", "account-manager")
    for name, (zh, en, team, role) in people.items():
        held = {"team": team, "role": role, "status": "active", "region": "Shanghai"}
        batch.put(Thing(Of.PERSON, name, zh, en), held, SINCE)
    for name, owner in (("c-1", "am-03"), ("c-2", "am-02")):
        held = {"owner": owner, "tier": "B", "status": "active"}
        batch.put(Thing(Of.CUSTOMER, name, f"客户{name}", f"Customer {name}"), held, SINCE)
    batch.finish()


def decided(record: Record, order: str, customer: str, requester: str, amount: int = 600_000) -> str:
    facts: dict[str, Any] = {
        "order": {"id": order, "amount": amount, "discount": 0.12},
        "customer": {"id": customer, "tier": "B"},
        "requester": {"id": requester, "team": "t-x"},
    }
    with record.engine.connect() as connection:
        made = service.make(
            record, connection, Asked("approval.order", facts, "2026-03-01"), actor="client:crm", now=clock()
        )
    service.keep(record, [made])
    return made.record.id


@pytest.fixture(scope="module")
def place(rules: Path, make_app: MakeApp) -> Place:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = app.extensions["record"]
    act = Act("cli:test", clock(), today(clock()))
    record.writer.write(lambda transaction: organisation(transaction, act))
    east = decided(record, "o-1", "c-1", "am-03")
    west = decided(record, "o-2", "c-2", "am-02", 100)
    return Place(app, east, west, decided(record, HOSTILE, "c-1", "am-03"))
