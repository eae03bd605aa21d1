"""A record with two teams, orders decided for both, and a draft of the policy they were decided by."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from tests.webadmin.decided.conftest import HOSTILE, organisation
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store import drafts, jobs
from webadmin.store.jobs import Job
from webadmin.store.record import Record
from webadmin.store.revisions import Act

POLICY = "approval.order"
CHANGES = (
    ('order.net_cny >= 500000 or customer.tier = "A"', 'order.net_cny >= 800000 or customer.tier = "A"'),
    ('{order.net_cny: "[200000..500000)"}', '{order.net_cny: "[200000..800000)"}'),
    ('"A large order, {order.net_cny}', '"A big order, {order.net_cny}'),
)
"""What the draft has otherwise: three levels from 800,000 on, and another reason of a rule."""

LARGE, BIG = (f"A {size} order, [Net amount in CNY] in CNY: the director approves" for size in ("large", "big"))
"""What that rule is called under the revision in effect, and in the draft."""

ORDERS = (
    ("o-1", "c-1", "am-03", 600_000, "B"),
    ("o-2", "c-2", "am-02", 100, "B"),
    ("o-3", "c-2", "am-02", 700_000, "B"),
    ("o-4", "c-1", "am-03", 900_000, "B"),
    (HOSTILE, "c-1", "am-03", 650_000, "C"),
)
"""Order, customer, who asks, amount, tier."""


def facts_of(order: str, customer: str, requester: str, amount: int, tier: str) -> dict[str, Any]:
    return {
        "order": {"id": order, "amount": amount, "discount": 0.02},
        "customer": {"id": customer, "tier": tier},
        "requester": {"id": requester, "team": "t-x"},
    }


@dataclass(frozen=True, slots=True)
class Place:
    """An application, and the ids of decisions by order."""

    app: Flask
    decisions: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        found: Record = self.app.extensions["record"]
        return found

    def work(self) -> None:
        """Do the jobs that wait."""
        worker = Worker(self.record, KINDS, Around(clock, Stop()))
        while worker.once():
            pass

    def job(self, name: str) -> Job:
        with self.record.engine.connect() as connection:
            found = jobs.find(connection, name)
        assert found is not None
        return found


def decide(record: Record, facts: dict[str, Any], policy: str = POLICY, as_of: str = "2026-03-01") -> str:
    with record.engine.connect() as connection:
        made = service.make(record, connection, Asked(policy, facts, as_of), actor="client:crm", now=clock())
    service.keep(record, [made])
    return made.record.id


def draft(record: Record, name: str, *changes: tuple[str, str]) -> None:
    """Begin a draft of what is in effect, with something else in it."""
    act = Act("cli:test", clock(), today(clock()))
    with record.engine.connect() as connection:
        text = record.catalogue.policies(connection, act.today)[name].text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    record.writer.write(lambda transaction: drafts.begin(transaction, name, text, act))


@pytest.fixture(scope="module")
def place(rules: Path, make_app: MakeApp) -> Place:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made = Place(app)
    act = Act("cli:test", clock(), today(clock()))
    made.record.writer.write(lambda transaction: organisation(transaction, act))
    for order in ORDERS:
        made.decisions[order[0]] = decide(made.record, facts_of(*order))
    draft(made.record, POLICY, *CHANGES)
    return made
