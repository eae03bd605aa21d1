"""The worker beside a server: started again when it dies, gone when the server is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from tests.patience import until
from tests.webadmin.jobs.conftest import NOW
from webadmin.jobs import service
from webadmin.jobs.child import Child
from webadmin.store.jobs import State
from webadmin.store.record import Record

ROOT = Path(__file__).parents[3]
PARENT = """\
import os, time
from webadmin.jobs.child import Child
child = Child(os.environ)
child.start()
while child.pid is None:
    time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(600)
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    address = f"sqlite:///{tmp_path / 'record.db'}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": address, "FAIRLEAD_ENV": "development"}


@pytest.fixture
def child(environment: dict[str, str]) -> Iterator[Child]:
    made = Child(environment)
    made.start()
    yield made
    made.close()


def test_it_does_jobs_and_is_started_again_when_it_dies(child: Child, environment: dict[str, str]) -> None:
    record = Record.open(environment["DATABASE_URL"])
    first = service.start(record, "recompute", {}, actor="client:alice", now=NOW)
    assert until(lambda: service.find(record, first).state is State.DONE)
    pid = child.pid
    assert pid is not None

    os.kill(pid, signal.SIGKILL)
    second = service.start(record, "recompute", {}, actor="client:alice", now=NOW)

    assert until(lambda: service.find(record, second).state is State.DONE)
    assert child.pid not in {None, pid}
    record.close()


def test_it_ends_with_the_server(child: Child) -> None:
    assert until(lambda: child.pid is not None)
    pid = child.pid
    assert pid is not None

    child.close()

    assert child.pid is None
    assert not is_running(pid)


def test_it_ends_when_the_server_is_killed(environment: dict[str, str]) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        sleep(2)
        parent.kill()

    assert until(lambda: not is_running(pid))


def test_one_that_was_never_started_can_be_closed(environment: dict[str, str]) -> None:
    Child(environment).close()
