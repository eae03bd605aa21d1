"""Makes processes quickly, to be killed: a nursery is told an address, forks, and says the id of the new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.patience import LONG

ROOT = Path(__file__).parents[2]


class Nursery:
    """The process of a module that calls `fork_for_each_line`.

    Attributes:
        alive: Ids of the processes it made and nobody killed.
    """

    def __init__(self, module: str, address: str) -> None:
        self._address = address
        self._process = subprocess.Popen(
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.alive: list[int] = []

    def make(self) -> None:
        """Make one more process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(self._address + "\n")
        self._process.stdin.flush()
        self.alive.append(int(self._process.stdout.readline()))

    def kill(self, pid: int) -> None:
        """Kill one of them."""
        self.alive.remove(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill them all, and end the nursery."""
        for each in list(self.alive):
            self.kill(each)
        self._process.communicate(timeout=LONG)


def fork_for_each_line(work: Callable[[str], None], warm: Callable[[str], None] = lambda _: None) -> None:
    """Do some work in a process of its own for every line, which is the address of a record.

    Args:
        work: What each process does.
        warm: What is done once before, for all that are forked later.
    """
    for line in sys.stdin:
        warm(line.strip())
        made = os.fork()
        if not made:
            sys.stdin.close()
            work(line.strip())
        print(made, flush=True)
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
