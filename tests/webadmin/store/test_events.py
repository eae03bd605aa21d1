"""Events: each is told once, however often it comes, one by one or many together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.webadmin.store.conftest import NOW
from webadmin.store import events
from webadmin.store.chain import Chain
from webadmin.store.events import Told
from webadmin.store.record import Record
from webadmin.store.tables import ENTRIES, EVENTS


def event(number: int, amount: int = 1, customer: str = "c1") -> dict[str, Any]:
    time = (NOW - timedelta(days=number)).isoformat()
    data = {"customer": {"id": customer}, "amount": amount}
    return {"id": f"e{number}", "source": "crm", "type": "refund", "subject": customer, "time": time, "data": data}


def tell(record: Record, *told: dict[str, Any]) -> list[Told]:
    return record.writer.write(lambda transaction: events.append_all(transaction, told, actor="cli:x", now=NOW))


def test_many_are_kept_in_their_order_under_one_chain(record: Record) -> None:
    done = tell(record, *(event(number) for number in range(1000)))

    with record.engine.connect() as connection:
        chosen = select(ENTRIES.c.row_id).where(ENTRIES.c.chain == str(Chain.EVENTS)).order_by(ENTRIES.c.seq)
        assert connection.execute(chosen).scalars().all() == [each.id for each in done]
        assert [each.event_id for each in events.concerning(connection, ["customer.id=c1"], limit=3)] == [
            "e2",
            "e1",
            "e0",
        ]


def test_one_told_twice_is_kept_once(record: Record) -> None:
    first = tell(record, event(1), event(2), event(1))
    again = tell(record, event(2), event(1, amount=5), event(3))

    assert [(each.known, each.differs) for each in first] == [(False, False), (False, False), (True, False)]
    assert first[2].id == first[0].id
    assert [(each.known, each.differs) for each in again] == [(True, False), (True, True), (False, False)]
    with record.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(EVENTS)).scalar_one() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_one_told_alone_is_the_same(record: Record, count: int) -> None:
    found = [
        record.writer.write(lambda transaction: events.append(transaction, event(1), actor="cli:x", now=NOW))
        for _ in range(count)
    ]

    assert [each.known for each in found] == [False, *[True] * (count - 1)]


def test_data_are_found_by_type_and_id(record: Record) -> None:
    tell(record, event(3), event(1), event(2, customer="c2"), {**event(4), "type": "contact"})

    with record.engine.connect() as connection:
        found = list(events.data_of(connection, "refund", "customer.id", ["c1"], NOW))
        early = list(events.data_of(connection, "refund", "customer.id", ["c1"], NOW - timedelta(days=2)))
    assert [time for time, _ in found] == [NOW - timedelta(days=3), NOW - timedelta(days=1)]
    assert [data["customer"] for _, data in early] == [{"id": "c1"}]
