"""The worker: how jobs end, what a stopped one leaves, and what each kind comes to."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from policy.values import Text
from tests.patience import until
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.decisions import service as deciding
from webadmin.decisions.service import Asked
from webadmin.jobs import service, worker
from webadmin.jobs.context import Around, JobContext, ProblemError, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.selecting import pages, query_of
from webadmin.jobs.worker import Kind, Worker
from webadmin.store import audit, jobs, published, revisions
from webadmin.store.audit import Action
from webadmin.store.jobs import LEASE, Job, State
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, DECISIONS

ORDER = {
    "order": {"id": "o1", "amount": 600000, "discount": 0},
    "customer": {"id": "c1", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}


def begun(record: Record, kind: str = "some", arguments: Mapping[str, Any] | None = None) -> str:
    given = arguments or {}
    return record.writer.write(lambda each: jobs.start(each, kind, given, "client:alice", NOW))


def worked(record: Record, run: Kind, stop: Stop | None = None, *, name: str | None = None) -> Job:
    """Let a worker do one job, and return it."""
    name = name or begun(record)
    assert Worker(record, {"some": run}, Around(lambda: NOW, stop or Stop())).once()
    return service.find(record, name)


def test_a_result_is_kept(record: Record) -> None:
    job = worked(record, lambda _context, arguments: {"read": dict(arguments)})

    assert (job.state, job.result, job.ended_at) == (State.DONE, {"read": {}}, NOW)


def test_there_may_be_nothing_to_do(record: Record) -> None:
    assert not Worker(record, {}, Around(lambda: NOW, Stop())).once()


def test_a_foreseen_problem_is_told_as_it_is(record: Record) -> None:
    def run(_context: JobContext, _arguments: Mapping[str, Any]) -> None:
        raise ProblemError(Text("文件无法读取", "the file cannot be read"))

    job = worked(record, run)

    assert (job.state, job.problem) == (State.FAILED, Text("文件无法读取", "the file cannot be read"))


def test_an_unforeseen_one_is_told_without_what_it_met(
    record: Record, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.log, "disabled", False)  # import-linter, run by another test, disables every logger

    def run(_context: JobContext, _arguments: Mapping[str, Any]) -> None:
        raise KeyError("Zhang Wei")

    with caplog.at_level(logging.INFO):
        job = worked(record, run)

    assert job.state is State.FAILED
    assert job.problem is not None
    assert "KeyError at test_worker.py:" in job.problem.en
    assert "Zhang" not in job.problem.en + caplog.text
    assert f"job-broken job={job.id}" in caplog.text


def test_an_unknown_kind_fails(record: Record) -> None:
    name = begun(record, "dance")

    job = worked(record, lambda _context, _arguments: None, name=name)

    assert job.problem is not None
    assert "dance" in job.problem.zh


def steps(after: int, act: Callable[[JobContext], object]) -> Kind:
    """Return a kind of ten steps, which does something after one of them."""

    def run(context: JobContext, _arguments: Mapping[str, Any]) -> str:
        for number in range(context.resumed or 0, 10):
            if number == after and context.job.attempts == 1 and context.resumed is None:
                act(context)
            context.progress(number + 1, 10)
            context.checkpoint(
                number + 1,
                lambda transaction, number=number: audit.note(transaction, NOW, "system", Action.CHANGED, str(number)),
            )
        return "all"

    return run


def noted(record: Record) -> list[str]:
    with record.engine.connect() as connection:
        chosen = select(AUDIT.c.object).where(AUDIT.c.action == "changed").order_by(AUDIT.c.id)
        return list(connection.execute(chosen).scalars())


def test_a_cancelled_one_stops_after_its_step(record: Record) -> None:
    job = worked(record, steps(3, lambda context: service.cancel(record, context.job.id, actor="client:bob", now=NOW)))

    assert (job.state, job.done, job.total, job.checkpoint) == (State.CANCELLED, 4, 10, 4)
    assert noted(record) == ["0", "1", "2", "3"]


def test_a_worker_that_ends_gives_it_back_and_another_goes_on(record: Record) -> None:
    stop = Stop()
    name = begun(record)
    run = steps(3, lambda _context: stop.ask())

    first = worked(record, run, stop, name=name)
    second = worked(record, run, name=name)

    assert (first.state, first.attempts, first.checkpoint) == (State.WAITING, 0, 4)
    assert (second.state, second.result) == (State.DONE, "all")
    assert noted(record) == [str(number) for number in range(10)]


def test_who_lost_it_leaves_it_to_the_other(record: Record) -> None:
    def taken_over(_context: JobContext) -> None:
        record.writer.write(lambda each: jobs.claim(each, "other", NOW + LEASE))

    job = worked(record, steps(3, taken_over))

    assert job.state is State.RUNNING
    assert (job.worker or "").startswith("other#")
    assert noted(record) == ["0", "1", "2"]


def test_work_without_checkpoints_asks_whether_to_stop(record: Record) -> None:
    def run(context: JobContext, _arguments: Mapping[str, Any]) -> str | None:
        service.cancel(record, context.job.id, actor="client:bob", now=NOW)
        context.beat()
        return None if context.cancelled() else "all"

    assert worked(record, run).state is State.CANCELLED


def test_a_long_step_is_not_taken_over(record: Record) -> None:
    """Signs of life move its lease on: whoever comes when the one before would have run out finds it held."""
    lease = timedelta(seconds=0.3)
    begun(record)

    def run(context: JobContext, _arguments: Mapping[str, Any]) -> list[Job | None]:
        taken = []
        for _ in range(4):
            ends = held_until(record, context.job.id)
            assert until(lambda ends=ends: held_until(record, context.job.id) > ends)  # type: ignore[misc]
            taken.append(record.writer.write(lambda each, now=ends: jobs.claim(each, "other", now)))  # type: ignore[misc]
        return taken

    assert Worker(record, {"some": run}, Around(deciding.clock, Stop(), lease)).once()
    with record.engine.connect() as connection:
        (job,) = jobs.newest(connection, 2)
    assert (job.state, job.result) == (State.DONE, [None] * 4)


def held_until(record: Record, name: str) -> datetime:
    with record.engine.connect() as connection:
        found = jobs.find(connection, name)
    assert found is not None
    assert found.lease_until is not None
    return found.lease_until


def decided(record: Record, amount: int, customer: str = "c1") -> str:
    facts = ORDER | {"order": ORDER["order"] | {"amount": amount}, "customer": {"id": customer, "tier": "B"}}
    with record.engine.connect() as connection:
        asked = Asked("approval.order", json.dumps(facts).encode(), "2026-03-01")
        made = deciding.make(record, connection, asked, actor="client:shop", now=NOW)
    deciding.keep(record, [made])
    return made.record.id


def done(record: Record, kind: str, **arguments: Any) -> Job:
    name = begun(record, kind, arguments)
    assert Worker(record, KINDS, Around(lambda: NOW + timedelta(hours=1), Stop())).once()
    return service.find(record, name)


def test_recompute_counts_and_names_what_differs(filled: Record) -> None:
    same, other, gone = (decided(filled, amount) for amount in (100, 600000, 700000))
    decided(filled, 100, "c2")
    with filled.engine.begin() as connection:
        body = connection.execute(select(DECISIONS.c.body).where(DECISIONS.c.id == other)).scalar_one()
        altered = body.replace('"amount":600000', '"amount":100')
        assert altered != body
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == other).values(body=altered))
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == gone).values(body=None))

    job = done(filled, "recompute", terms=[["customer=c1"]])

    assert job.problem is None
    assert (job.done, job.total) == (3, 3)
    assert job.result == {
        "total": 3,
        "counts": {"same": 1, "different": 1, "erased": 1},
        "first": [{"id": other, "policy": "approval.order", "verdict": "different"}],
    }
    assert same < other
    with filled.engine.connect() as connection:
        assert connection.execute(select(AUDIT.c.actor).where(AUDIT.c.action == "recomputed")).scalar() == (
            "client:alice"
        )


def test_the_walk_goes_on_where_it_was_left(filled: Record) -> None:
    names = [decided(filled, amount) for amount in range(100, 107)]

    walked = [[each.id for each in page] for page in pages(filled.engine, query_of({}), None, 3)]
    rest = [[each.id for each in page] for page in pages(filled.engine, query_of({}), walked[0][-1], 3)]

    assert [each for page in walked for each in page] == names[::-1]
    assert rest == walked[1:]


def test_reevaluate_says_what_a_draft_would_change(filled: Record) -> None:
    for amount in (100, 600000, 700000, 950000):
        decided(filled, amount)
    with filled.engine.connect() as connection:
        text = published.revision_of(connection, "approval.order", 1).text
        before = connection.execute(select(func.count()).select_from(DECISIONS)).scalar()
    changed = text.replace("order.net_cny >= 500000", "order.net_cny >= 900000")

    job = done(filled, "reevaluate", policy="approval.order", text=changed)

    assert job.problem is None
    assert job.result["counts"] == {"same": 2, "changed": 2}
    (change,) = job.result["changes"]
    assert (change["count"], len(change["examples"]), job.result["others"]) == (2, 2, 0)
    assert change["from"]["outcome"] != change["to"]["outcome"]
    assert 2 in job.result["rules"].values()
    with filled.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(DECISIONS)).scalar() == before


def test_reevaluate_takes_the_revision_in_effect_or_the_one_named(filled: Record, alice: Act, bob: Act) -> None:
    decided(filled, 600000)
    with filled.engine.connect() as connection:
        text = published.revision_of(connection, "approval.order", 1).text
    changed = text.replace("order.net_cny >= 500000", "order.net_cny >= 900000")

    def publish(transaction: Any) -> None:
        revision = revisions.add(transaction, "approval.order", changed, alice)
        revisions.approve(
            transaction, revisions.propose(transaction, revision, revisions.Period(TODAY), "", alice), bob
        )

    filled.writer.write(publish)

    live = done(filled, "reevaluate", policy="approval.order").result
    back = done(filled, "reevaluate", policy="approval.order", revision=1).result

    assert (live["counts"], live["now"]["counts"], live["earlier"]) == ({"changed": 1}, {"same": 1}, 1)
    assert (back["counts"], back["now"]["counts"], back["earlier"]) == ({"same": 1}, {"changed": 1}, 1)
    (there,), (and_back,) = live["changes"], back["now"]["changes"]
    assert (and_back["from"], and_back["to"]) == (there["to"], there["from"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "policy"),
        ({"policy": "approval.order", "since": "yesterday"}, "since"),
        ({"policy": "approval.order", "since": "2026-01-01T00:00:00"}, "since"),
        ({"policy": "approval.order", "terms": 5}, "terms"),
        ({"policy": "approval.other"}, "approval.other"),
        ({"policy": "approval.order", "revision": 9}, "revision 9"),
        ({"policy": "approval.order", "text": "policy: approval.order\n"}, "has errors: approval.order:1"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_told(filled: Record, arguments: dict[str, Any], said: str) -> None:
    job = done(filled, "reevaluate", **arguments)

    assert job.state is State.FAILED
    assert job.problem is not None
    assert said in job.problem.en


def test_only_known_kinds_are_started(record: Record) -> None:
    with pytest.raises(service.UnknownKindError):
        service.start(record, "dance", {}, actor="client:alice", now=NOW)
    with pytest.raises(service.UnknownJobError):
        service.find(record, "nobody")
