"""Two workers, one of them killed again and again in the middle of a job: every step's effect is there once.

`FAIRLEAD_KILLS=30 pytest tests/webadmin/jobs/test_kills.py` kills 30 times, as long as that takes.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from tests.patience import PATIENCE
from tests.webadmin.nursery import Nursery
from webadmin.decisions.service import clock
from webadmin.store import jobs
from webadmin.store.jobs import State
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT

WORK = "tests.webadmin.jobs.nursery"
KILLS = int(os.environ.get("FAIRLEAD_KILLS", "6"))
STEPS = 20 * KILLS


@pytest.fixture
def nursery(record: Record) -> Iterator[Nursery]:
    made = Nursery(WORK, record.engine.url.render_as_string(hide_password=False))
    yield made
    made.close()


def state(record: Record, name: str) -> jobs.Job:
    with record.engine.connect() as connection:
        found = jobs.find(connection, name)
    assert found is not None
    return found


def holder(record: Record, name: str, nursery: Nursery, chance: random.Random) -> int:
    """Return who holds the job now, mostly; any worker else."""
    held = (state(record, name).worker or "").partition("#")[0].rpartition(":")[2]
    return int(held) if held.isdecimal() and int(held) in nursery.alive else chance.choice(nursery.alive)


def test_every_step_has_its_effect_once(record: Record, nursery: Nursery) -> None:
    chance = random.Random(7)
    now: datetime = clock()
    name = record.writer.write(lambda each: jobs.start(each, "steps", {"steps": STEPS}, "client:alice", now))
    nursery.make()
    nursery.make()
    kills = 0
    while kills < KILLS:
        before = state(record, name).done
        end = monotonic() + 20
        while state(record, name).done < min(before + chance.randrange(1, 8), STEPS) and monotonic() < end:
            sleep(0.005)
        if state(record, name).has_ended:
            break
        nursery.kill(holder(record, name, nursery, chance))
        kills += 1
        nursery.make()
    end = monotonic() + PATIENCE
    while not (job := state(record, name)).has_ended and monotonic() < end:
        sleep(0.05)

    with record.engine.connect() as connection:
        noted = Counter(connection.execute(select(AUDIT.c.object).where(AUDIT.c.action == "changed")).scalars())
    assert kills == KILLS
    assert (job.state, job.result) == (State.DONE, {"steps": STEPS}), job.problem
    assert noted == Counter(f"step-{number}" for number in range(STEPS))
