"""Verification left to a worker: killed in the middle it goes on, and its report is that of one never interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.patience import until
from tests.webadmin.jobs.test_worker import begun, decided, done
from tests.webadmin.store.conftest import NOW
from webadmin.decisions.service import clock
from webadmin.jobs import service, verifying
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.worker import Worker
from webadmin.store import walk
from webadmin.store.chain import Chain
from webadmin.store.jobs import State
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT, DECISIONS, ENTRIES
from webadmin.store.verify import Scope, verify

ROOT = Path(__file__).parents[3]
COUNT = 60


@pytest.fixture
def altered(filled: Record) -> Record:
    """Return a record in which two decisions were altered, an early and a late one."""
    names = [decided(filled, amount) for amount in range(100, 100 + COUNT)]
    with filled.engine.begin() as connection:
        for name in (names[3], names[-3]):
            body = connection.execute(select(DECISIONS.c.body).where(DECISIONS.c.id == name)).scalar_one()
            other = body.replace('"discount":0', '"discount":1')
            connection.execute(update(DECISIONS).where(DECISIONS.c.id == name).values(body=other))
    return filled


def reported(record: Record, scope: Scope) -> dict[str, Any]:
    with record.reading() as connection:
        return verify(connection, record.catalogue, None, scope).to_data()


def decisions_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a report what the audit entry a job ends with does not change."""
    kept = {name: told[name] for name in told if name not in {"checked", "ends", "unproven"}}
    kept["unproven"] = [each for each in told["unproven"] if each.get("chain") != "audit"]
    for name in ("checked", "ends"):
        kept[name] = {place: count for place, count in told[name].items() if place != "audit"}
    return kept


def test_it_comes_to_what_the_command_comes_to(altered: Record) -> None:
    job = done(altered, "verify", recompute=5)

    assert (job.state, job.done, job.total) == (State.DONE, job.total, job.total)
    assert decisions_of(job.result) == decisions_of(reported(altered, Scope(5)))
    with altered.engine.connect() as connection:
        noted = connection.execute(select(AUDIT.c.actor).where(AUDIT.c.action == "verified")).scalars().all()
    assert noted == ["client:alice"]


def test_a_part_can_be_asked_for(altered: Record) -> None:
    scope = Scope(0, Chain.DECISIONS, 10, 20)

    job = done(altered, "verify", **verifying.plain(scope))

    assert job.result == reported(altered, scope)
    assert job.result["checked"]["decisions"] == 11


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"chain": "x"}, "chain"), ({"recompute": -1}, "recompute"), ({"since": 0}, "since"), ({"until": True}, "until")],
    ids=str,
)
def test_what_cannot_be_read_is_told(record: Record, arguments: dict[str, Any], said: str) -> None:
    job = done(record, "verify", **arguments)

    assert job.problem is not None
    assert said in job.problem.en


def test_one_that_is_stopped_goes_on_from_its_page(altered: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "PAGE", 7)
    name = begun(altered, "verify", {"recompute": 9})
    whole = done_in_parts(altered, name)

    assert whole > 5
    assert decisions_of(service.find(altered, name).result) == decisions_of(reported(altered, Scope(9)))


def test_a_link_altered_at_the_end_of_a_page_is_told_alike(altered: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the entry after it follows cannot be seen without the link it should have."""
    monkeypatch.setattr(walk, "PAGE", 7)
    with altered.engine.begin() as connection:
        here = (ENTRIES.c.chain == "decisions") & (ENTRIES.c.seq == 14)
        connection.execute(update(ENTRIES).where(here).values(link=bytes(32)))
    name = begun(altered, "verify", {"recompute": 0})
    done_in_parts(altered, name)

    assert decisions_of(service.find(altered, name).result) == decisions_of(reported(altered, Scope(0)))


def done_in_parts(record: Record, name: str) -> int:
    """Let one worker after the other do a page and end; return how many it took."""
    for number in range(1, 100):
        stop = Stop()
        around = Around(lambda: NOW, stop, shown=lambda _done, _total, stop=stop: stop.ask())  # type: ignore[misc]
        assert Worker(record, {"verify": verifying.run}, around).once(name)
        if service.find(record, name).has_ended:
            return number
    pytest.fail("it never ends")


SLOW = """\
import sys, time
from datetime import timedelta
from webadmin.decisions.service import clock
from webadmin.jobs import verifying
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.worker import Worker
from webadmin.store import walk
from webadmin.store.record import Record

walk.PAGE, verifying.OFTEN = 5, 0
holds = sys.argv[2] == "hold"
shown = lambda done, total: time.sleep(600 if holds and done * 2 >= total else 0)
around = Around(clock, Stop(), timedelta(seconds=0.5), 0.05, shown)
Worker(Record.open(sys.argv[1]), {"verify": verifying.run}, around).run()
"""


def test_one_that_is_killed_goes_on_from_its_page(altered: Record) -> None:
    """Kill -9 in the middle, where it waits for that; the first of the altered decisions is known by then."""
    name = altered.writer.write(lambda each: service.jobs.start(each, "verify", {}, "client:alice", clock()))
    address = altered.engine.url.render_as_string(hide_password=False)
    positions = []
    for kill in (True, False):
        call = [sys.executable, "-c", SLOW, address, "hold" if kill else "go"]
        with subprocess.Popen(call, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
            holds = has_report if kill else has_ended
            assert until(lambda holds=holds: holds(service.find(altered, name)))  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
        positions.append(service.find(altered, name).checkpoint["report"]["position"])

    assert positions[0] is not None
    job = service.find(altered, name)
    assert (job.state, job.problem) == (State.DONE, None)
    assert decisions_of(job.result) == decisions_of(reported(altered, Scope()))
    assert job.result["counts"]["decisions"]


def has_ended(job: Any) -> bool:
    return bool(job.has_ended)


def has_report(job: Any) -> bool:
    return bool((job.checkpoint or {}).get("report"))
