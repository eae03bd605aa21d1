"""Two workers, one of them killed again and again in the middle of a job: every step's effect is there once.

`FAIRLEAD_KILLS=30 pytest tests/webadmin/jobs/test_kills.py` kills 30 times, as long as that takes.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.patience import until
from tests.webadmin.nursery import Nursery
from webadmin.decisions.service import clock
from webadmin.store import jobs
from webadmin.store.jobs import State
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT

WORK = "tests.webadmin.jobs.nursery"
KILLS = int(os.environ.get("FAIRLEAD_KILLS", "6"))
BETWEEN = 20
"""Steps that may be done between two kills, however long these take to come."""

STEPS = BETWEEN * KILLS


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


def open_to(gate: Path, step: int) -> None:
    """Let workers do the steps before this one; they never read half a number."""
    new = gate.with_suffix(".new")
    new.write_text(str(step), "utf-8")
    new.replace(gate)


def test_every_step_has_its_effect_once(record: Record, nursery: Nursery, tmp_path: Path) -> None:
    chance, gate = random.Random(7), tmp_path / "gate"
    now: datetime = clock()
    open_to(gate, 0)
    asked = {"steps": STEPS, "gate": str(gate)}
    name = record.writer.write(lambda each: jobs.start(each, "steps", asked, "client:alice", now))
    nursery.make()
    nursery.make()
    for kill in range(1, KILLS + 1):
        wanted = state(record, name).done + chance.randrange(1, 8)
        open_to(gate, BETWEEN * kill - 1)
        assert until(lambda wanted=wanted: state(record, name).done >= wanted, pause=0.005)  # type: ignore[misc]
        assert not state(record, name).has_ended
        nursery.kill(holder(record, name, nursery, chance))
        nursery.make()
    open_to(gate, STEPS)
    assert until(lambda: state(record, name).has_ended)

    job = state(record, name)
    with record.engine.connect() as connection:
        noted = Counter(connection.execute(select(AUDIT.c.object).where(AUDIT.c.action == "changed")).scalars())
    assert (job.state, job.result) == (State.DONE, {"steps": STEPS}), job.problem
    assert noted == Counter(f"step-{number}" for number in range(STEPS))
