"""Decisions: kept with their facts, found by what they say, decided once more to the byte."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.decisions import service
from webadmin.decisions.service import Asked
from webadmin.ids import Ids
from webadmin.store import decisions, published, revisions
from webadmin.store.decisions import Query, term
from webadmin.store.recompute import Verdict, parsed, recompute
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import DECISIONS, REVISIONS

ORDER = {
    "order": {"id": "o1", "amount": 600000, "discount": 0.12},
    "customer": {"id": "c1", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}


def decided(record: Record, amount: int = 600000, customer: str = "c1") -> service.Made:
    facts = ORDER | {"order": ORDER["order"] | {"amount": amount}, "customer": {"id": customer, "tier": "B"}}
    with record.engine.connect() as connection:
        asked = Asked("approval.order", json.dumps(facts).encode(), "2026-03-01")
        made = service.make(record, connection, asked, actor="client:shop", now=NOW)
    service.keep(record, [made])
    return made


def test_a_decision_is_kept_whole(filled: Record) -> None:
    made = decided(filled)

    with filled.engine.connect() as connection:
        found = decisions.find(connection, made.record.id)

    assert found is not None
    assert found.body == made.record.body
    body = parsed(found.body or "")
    assert body["facts"]["order"]["amount"] == 600000
    assert body["decision"]["closure"]["vocabulary"].startswith("sha256:")
    assert (found.policy, found.status, found.actor) == ("approval.order", "decided", "client:shop")


@pytest.mark.parametrize(
    ("terms", "amounts"),
    [
        ([("customer=c1",)], [600000, 100]),
        ([("customer=c1", "customer=c2")], [100000, 600000, 100]),
        ([("hit=key-account",)], [600000]),
        ([("person=am-07",), ("status=decided",), ("customer=c2",)], [100000]),
        ([("outcome=stages:finance",)], [600000]),
        ([("person=nobody",)], []),
    ],
)
def test_decisions_are_found_by_what_they_say(filled: Record, terms: list[tuple[str, ...]], amounts: list[int]) -> None:
    for amount, customer in ((100, "c1"), (600000, "c1"), (100000, "c2")):
        decided(filled, amount, customer)

    with filled.engine.connect() as connection:
        found = decisions.search(connection, Query(tuple(terms), "approval.order"), 10)
        page = decisions.search(connection, Query(tuple(terms), before=found[0].id if found else None), 10)
        later = decisions.search(connection, Query(tuple(terms), since=NOW + timedelta(seconds=1)), 10)

    assert [parsed(each.body or "")["facts"]["order"]["amount"] for each in found] == amounts
    assert len(page) == max(len(found) - 1, 0)
    assert later == []


def test_instants_are_exact_whatever_the_clock_did(record: Record) -> None:
    """Decisions made in one millisecond, while the clock went on and stepped back, by little and by much."""
    ids, steps = Ids(), [0, 0, 1, 400, 999, 1000, 0, 60_000_000, 59_000_000, -5_000_000, 7_300_000_000, 0, 500, 3]
    made = {}
    with record.engine.begin() as connection:
        for micros in steps:
            at = NOW + timedelta(microseconds=micros)
            name = ids.new(at)
            made[name] = at
            row = {"id": name, "recorded_at": at, "policy": "p", "revision": "r", "as_of": "2026-01-01"}
            connection.execute(insert(DECISIONS).values(**row, status="a", actor="x", closure="x", body="{}"))

    ends = [None, *(NOW + timedelta(microseconds=micros + more) for micros in steps for more in (-1, 0, 1))]
    with record.engine.connect() as connection:
        for since, until in product(ends, ends):
            found = decisions.search(connection, Query(since=since, until=until), 100)
            fitting = [
                name
                for name, at in sorted(made.items(), reverse=True)
                if (since is None or at >= since) and (until is None or at < until)
            ]
            assert [each.id for each in found] == fitting, (since, until)


@pytest.mark.parametrize(
    "query",
    [Query(until=NOW), Query(since=NOW), Query(until=datetime(1, 1, 1, tzinfo=UTC)), Query(policy="p", until=NOW)],
    ids=str,
)
def test_a_time_is_a_range_of_ids(record: Record, query: Query) -> None:
    if record.engine.dialect.name != "sqlite":
        pytest.skip("its plan depends on how many rows there are")
    asked: list[tuple[str, Any]] = []
    with record.engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
        decisions.search(connection, query, 10)
        decisions.count(connection, query)
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all() for text, given in asked[:2]]

    assert len(plans) == 2
    for plan in plans:
        assert all(re.search(r"SEARCH .*\bid[<>]", row[3]) for row in plan), plan


def test_it_is_decided_once_more_to_the_byte(filled: Record) -> None:
    made = decided(filled)

    with filled.engine.connect() as connection:
        found = recompute(filled.catalogue, connection, parsed(made.record.body))

    assert (found.verdict, found.now) == (Verdict.SAME, made.decision.to_json())


def test_it_stays_with_its_revision_when_another_is_published(filled: Record, alice: Act, bob: Act) -> None:
    made = decided(filled)
    with filled.engine.connect() as connection:
        text = published.revision_of(connection, "approval.order", 1).text
    changed = text.replace("order.net_cny >= 500000", "order.net_cny >= 900000")
    assert changed != text

    def publish(transaction: object) -> None:
        revision = revisions.add(transaction, "approval.order", changed, alice)  # type: ignore[arg-type]
        name = revisions.propose(transaction, revision, revisions.Period(TODAY), "", alice)  # type: ignore[arg-type]
        revisions.approve(transaction, name, bob)  # type: ignore[arg-type]

    filled.writer.write(publish)
    with filled.engine.connect() as connection:
        found = recompute(filled.catalogue, connection, parsed(made.record.body))
        today = filled.catalogue.policy(connection, "approval.order", TODAY)
        before = filled.catalogue.policy(connection, "approval.order", TODAY - timedelta(days=1))

    assert found.verdict is Verdict.SAME
    assert today is not None
    assert today.text == changed
    assert before is not None
    assert before.text == text


def test_what_was_decided_by_a_text_that_is_not_kept_is_not_decided_again(filled: Record) -> None:
    body = parsed(decided(filled).record.body)
    body["decision"]["closure"]["vocabulary"] = f"sha256:{'0' * 64}"

    with filled.engine.connect() as connection:
        found = recompute(filled.catalogue, connection, body)

    assert (found.verdict, found.now, found.reason) == (Verdict.NOT_KEPT, None, "vocabulary")


def test_an_altered_text_counts_as_not_kept(filled: Record) -> None:
    with filled.engine.begin() as connection:
        connection.execute(update(REVISIONS).where(REVISIONS.c.document == "vocabulary").values(text="vocabulary: 1"))

    with filled.engine.connect() as connection:
        digests = {name: each.digest for name, each in revisions.in_effect(connection, TODAY).items()}
        kept = revisions.texts(connection, digests)

    assert set(digests) - set(kept) == {"vocabulary"}


def test_a_long_value_is_found_by_its_beginning_and_digest() -> None:
    long = term("customer", "c" * 400)

    assert len(long) <= 300
    assert long != term("customer", "c" * 401)
    assert term("paid", True) == "paid=true"
