"""Two processes look at events, one of them killed 50 times in the middle: every signal is raised, and once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from tests.webadmin.signals.conftest import DIVERTED, kept, tell, told
from webadmin.secondengine.process import SecondEngine
from webadmin.store import signals
from webadmin.store.audit import Action
from webadmin.store.record import Record
from webadmin.store.signals import State
from webadmin.store.tables import AUDIT

ROOT = Path(__file__).parents[3]
KILLS, CUSTOMERS = 50, 150


class Nursery:
    """The process of `tests.webadmin.signals.nursery`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.webadmin.signals.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.alive: list[int] = []

    def looker(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(self._address + "\n")
        self._process.stdin.flush()
        self.alive.append(int(self._process.stdout.readline()))

    def kill(self, pid: int) -> None:
        self.alive.remove(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        for each in list(self.alive):
            self.kill(each)
        self._process.communicate(timeout=20)


@pytest.fixture
def nursery(penal: Record) -> Iterator[Nursery]:
    made = Nursery(penal.engine.url.render_as_string(hide_password=False))
    yield made
    made.close()


def at(record: Record) -> int:
    with record.engine.connect() as connection:
        return signals.position(connection).seq


def waited(record: Record, seq: int, seconds: int) -> None:
    end = monotonic() + seconds
    while at(record) < seq and monotonic() < end:
        sleep(0.002)


def test_no_signal_is_lost_and_none_is_raised_twice(penal: Record, nursery: Nursery, engine: SecondEngine) -> None:
    assert engine.available().is_available
    chance = random.Random(5)
    nursery.looker()
    nursery.looker()
    history = [
        each
        for number in range(CUSTOMERS)
        for each in (
            told(f"lost-{number}", "customer_lost", 10, customer=f"c{number}", manager=f"am-{number}"),
            told(f"sold-{number}", "competitor_sale", 30, customer=f"c{number}", manager=f"am-{number}"),
            *(
                [told(f"moved-{number}", "transfer", 20, customer=f"c{number}", approved=True)]
                if number % 3 == 0
                else ()
            ),
        )
    ]
    chance.shuffle(history)
    share = len(history) // KILLS + 1
    for kill in range(KILLS):
        before = at(penal)
        tell(penal, *history[kill * share : (kill + 1) * share])
        waited(penal, before + chance.randrange(1, share + 1), 20)
        nursery.kill(chance.choice(nursery.alive))
        nursery.looker()
    waited(penal, len(history), 60)

    with penal.engine.connect() as connection:
        assert signals.behind(connection) == (0, None)
        raised = Counter(
            connection.execute(select(AUDIT.c.object).where(AUDIT.c.action == str(Action.SIGNALLED))).scalars()
        )
    found = kept(penal)
    stands = Counter(each.unit.key for each in found if each.finding.state is State.RAISED)
    assert stands == Counter(f"c{number}" for number in range(CUSTOMERS) if number % 3)
    assert {each.finding.state for each in found} <= {State.RAISED, State.WITHDRAWN}
    assert {each.unit.pattern for each in found} == {DIVERTED}
    assert raised == Counter(each.id for each in found)
