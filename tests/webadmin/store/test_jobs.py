"""Jobs in the record: leases that run out at their time, holders that lose what they held, attempts that end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from tests.webadmin.store.conftest import NOW
from webadmin.store import audit, jobs
from webadmin.store.audit import Action
from webadmin.store.jobs import LEASE, MOST_ATTEMPTS, Hold, Job, LostError, State
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT
from webadmin.store.writer import Transaction

T = TypeVar("T")
SECOND = timedelta(seconds=1)


def write(record: Record, work: Callable[[Transaction], T]) -> T:
    return record.writer.write(work)


def started(record: Record) -> str:
    return write(record, lambda each: jobs.start(each, "verify", {"from": 1}, "client:alice", NOW))


def claimed(record: Record, worker: str = "one", after: timedelta = timedelta()) -> Job | None:
    return write(record, lambda each: jobs.claim(each, worker, NOW + after))


def held(job: Job | None) -> Hold:
    assert job is not None
    return Hold(job.id, job.worker or "")


def found(record: Record, name: str) -> Job:
    with record.engine.connect() as connection:
        job = jobs.find(connection, name)
    assert job is not None
    return job


def test_a_job_waits_is_claimed_and_done(record: Record) -> None:
    name = started(record)
    waiting = found(record, name)
    job = claimed(record)

    write(record, lambda each: held(job).finish(each, NOW + SECOND, {"rows": 3}))

    assert (waiting.state, waiting.arguments, waiting.created_by) == (State.WAITING, {"from": 1}, "client:alice")
    assert job is not None
    assert (job.state, job.attempts, job.lease_until) == (State.RUNNING, 1, NOW + LEASE)
    done = found(record, name)
    assert (done.state, done.result, done.ended_at) == (State.DONE, {"rows": 3}, NOW + SECOND)
    assert claimed(record, after=2 * LEASE) is None


def test_the_oldest_is_claimed_first_and_each_once(record: Record) -> None:
    names = [started(record) for _ in range(12)]

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda number: claimed(record, f"w{number}"), range(13)))

    assert sorted(each.id for each in taken if each is not None) == names
    assert taken.count(None) == 1
    first = started(record)
    started(record)
    job = claimed(record)
    assert job is not None
    assert job.id == first


@pytest.mark.parametrize(("after", "taken"), [(LEASE - SECOND, False), (LEASE, True)])
def test_a_silent_worker_loses_its_job_when_the_lease_runs_out(
    record: Record, after: timedelta, *, taken: bool
) -> None:
    started(record)
    claimed(record, "one")

    with record.engine.connect() as connection:
        assert jobs.is_claimable(connection, NOW + after) is taken
    assert (claimed(record, "two", after) is not None) is taken


def test_a_sign_of_life_moves_the_lease(record: Record) -> None:
    name = started(record)
    hold = held(claimed(record))

    asked = write(record, lambda each: hold.beat(each, NOW + 2 * LEASE, 5, 10))

    assert not asked
    assert claimed(record, "two", 2 * LEASE - SECOND) is None
    job = found(record, name)
    assert (job.done, job.total, job.lease_until) == (5, 10, NOW + 2 * LEASE)


def test_who_lost_a_job_saves_nothing_of_its_step(record: Record) -> None:
    name = started(record)
    old = held(claimed(record, "one"))
    new = held(claimed(record, "one", LEASE))

    def step(transaction: Transaction, hold: Hold, word: str) -> None:
        audit.note(transaction, NOW, "system", Action.CHANGED, word)
        hold.save(transaction, NOW + 3 * LEASE, {"at": word}, 1, None)

    write(record, lambda each: step(each, new, "new"))
    with pytest.raises(LostError):
        write(record, lambda each: step(each, old, "old"))
    with pytest.raises(LostError):
        write(record, lambda each: old.finish(each, NOW, None))

    with record.engine.connect() as connection:
        words = connection.execute(select(AUDIT.c.object).where(AUDIT.c.action == "changed")).scalars().all()
    assert words == ["new"]
    assert found(record, name).checkpoint == {"at": "new"}


def test_a_job_that_ends_every_worker_fails_with_the_reason(record: Record) -> None:
    name = started(record)
    for number in range(MOST_ATTEMPTS):
        assert claimed(record, f"w{number}", number * LEASE) is not None

    assert claimed(record, "last", MOST_ATTEMPTS * LEASE) is None

    job = found(record, name)
    assert job.state is State.FAILED
    assert job.problem is not None
    assert str(MOST_ATTEMPTS) in job.problem.en


def test_one_that_gets_on_is_taken_over_as_often_as_it_takes(record: Record) -> None:
    started(record)
    for number in range(3 * MOST_ATTEMPTS):
        job = claimed(record, f"w{number}", number * LEASE)
        hold = held(job)
        until = NOW + (number + 1) * LEASE
        write(record, lambda each, hold=hold, until=until, number=number: hold.save(each, until, number, number, None))

    job = claimed(record, "last", 3 * MOST_ATTEMPTS * LEASE)
    assert job is not None
    assert job.checkpoint == 3 * MOST_ATTEMPTS - 1


def test_giving_back_is_no_attempt(record: Record) -> None:
    name = started(record)
    for _ in range(2 * MOST_ATTEMPTS):
        hold = held(claimed(record))
        write(record, lambda each, hold=hold: hold.give_back(each))

    job = found(record, name)
    assert (job.state, job.attempts, job.worker, job.lease_until) == (State.WAITING, 0, None, None)


def test_one_that_waits_is_cancelled_at_once(record: Record) -> None:
    name = started(record)

    assert write(record, lambda each: jobs.cancel(each, name, "client:bob", NOW))
    assert not write(record, lambda each: jobs.cancel(each, name, "client:bob", NOW))

    assert found(record, name).state is State.CANCELLED
    assert claimed(record) is None
    with record.engine.connect() as connection:
        noted = connection.execute(select(AUDIT.c.action, AUDIT.c.actor).order_by(AUDIT.c.id)).all()
    assert [tuple(each) for each in noted] == [("job-started", "client:alice"), ("job-cancelled", "client:bob")]


def test_one_that_runs_hears_of_it_at_its_next_step(record: Record) -> None:
    name = started(record)
    hold = held(claimed(record))

    write(record, lambda each: jobs.cancel(each, name, "client:bob", NOW))

    assert found(record, name).state is State.RUNNING
    assert write(record, lambda each: hold.save(each, NOW + LEASE, None, 1, None))
    write(record, lambda each: hold.stop(each, NOW))
    assert found(record, name).state is State.CANCELLED


def test_one_whose_worker_is_gone_is_cancelled_not_taken_over(record: Record) -> None:
    late, early = started(record), started(record)
    for _ in range(2):
        claimed(record)

    write(record, lambda each: jobs.cancel(each, early, "client:bob", NOW))
    write(record, lambda each: jobs.cancel(each, late, "client:bob", NOW + LEASE))

    assert found(record, late).state is State.CANCELLED
    assert claimed(record, "two", LEASE) is None
    assert found(record, early).state is State.CANCELLED


def test_the_newest_are_listed_first(record: Record) -> None:
    names = [started(record) for _ in range(3)]
    claimed(record)

    with record.engine.connect() as connection:
        assert [each.id for each in jobs.newest(connection, 2)] == names[:0:-1]
        assert [each.id for each in jobs.newest(connection, 9, [State.RUNNING])] == names[:1]
