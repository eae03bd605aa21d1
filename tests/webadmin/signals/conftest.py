"""Records in which the penalty policy is in effect, and events told to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from tests.webadmin.store.conftest import NOW, alice, bob, databases, filled, postgres, record
from webadmin.demo import loading
from webadmin.secondengine.process import SecondEngine
from webadmin.signals.looking import Looker
from webadmin.store import events, signals
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept, Query, State

__all__ = ["NOW", "alice", "bob", "databases", "filled", "postgres", "record"]

DIVERTED, LOSSES, EXPORTED = "lost-then-sold-elsewhere", "three-losses", "contacts-exported-before-loss"


def clock() -> Any:
    return NOW


def told(name: str, sort: str, day: int, *, customer: str = "c1", manager: str = "am-1", **data: Any) -> dict[str, Any]:
    """Return an event on a day of 2026, counted from its first."""
    time = date.fromordinal(date(2026, 1, 1).toordinal() + day)
    shared = {"manager": {"id": manager}, **({} if sort == "contacts_exported" else {"customer": {"id": customer}})}
    return {"id": name, "source": "crm", "type": sort, "time": f"{time}T09:00:00+08:00", "data": {**shared, **data}}


LOST, SOLD = told("lost", "customer_lost", 10), told("sold", "competitor_sale", 30)
TRANSFER = told("moved", "transfer", 20, approved=True)


def tell(record: Record, *given: dict[str, Any]) -> list[str]:
    """Put events into the record; return their ids there."""
    done = record.writer.write(lambda each: events.append_all(each, given, actor="client:crm", now=NOW))
    return [each.id for each in done]


def consult(record: Record) -> None:
    """Put the penalty policy into effect, from a year before 2026-06-30 on."""
    record.writer.write(lambda each: loading.consult(each, Act("system", NOW, NOW.date()), date(2026, 6, 30)))


def kept(record: Record, state: State | None = None) -> Sequence[Kept]:
    """Return the signals, the oldest first."""
    with record.engine.connect() as connection:
        return signals.search(connection, Query(state), 1000)[::-1]


def states(record: Record) -> list[tuple[str, str, str]]:
    return sorted((each.unit.pattern, each.unit.key, str(each.finding.state)) for each in kept(record))


@pytest.fixture(scope="session")
def engine() -> Iterator[SecondEngine]:
    made = SecondEngine()
    if not (said := made.available()).is_available:
        pytest.skip(str(said.reason))
    yield made
    made.close()


@pytest.fixture
def penal(filled: Record) -> Record:
    """Return a record in which the penalty policy is in effect."""
    consult(filled)
    return filled


@pytest.fixture
def looker(penal: Record, engine: SecondEngine) -> Looker:
    return Looker(penal, engine, clock)
