"""The worker beside a server: started as a process of its own, started again when it dies, ended with the server.

The worker's standard input is a pipe that only the server holds: when the server is gone, however it went, the pipe
ends, and so does the worker.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from threading import Event, Lock, Thread
from time import monotonic

COMMAND = (sys.executable, "-c", "from webadmin.cli import main; main(prog_name='fairlead')", "worker", "--tied")
"""The worker's command line."""

SHORTEST_PAUSE, LONGEST_PAUSE = 1, 60
"""Seconds before a dead worker is started again: doubled each time, until one has lived as long as the longest."""

PATIENCE = 10
"""Seconds a worker may take to end its step."""

log = logging.getLogger("fairlead.server")


class Child:
    """Keeps one worker running.

    Args:
        environment: Variables it is started with.
        command: Its command line.
    """

    def __init__(self, environment: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        self._environment = dict(environment)
        self._command = list(command)
        self._ending = Event()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, name="worker", daemon=True)

    @property
    def pid(self) -> int | None:
        """Return the id of the process, None where none runs just now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it."""
        self._thread.start()

    def close(self) -> None:
        """Let it end its step and give its job back, and wait for that; it is killed where it takes too long."""
        self._ending.set()
        with self._lock:
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            process = self._begun()
            if process is None:
                return
            begin = monotonic()
            code = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if self._ending.is_set():
                return
            pause = SHORTEST_PAUSE if monotonic() - begin >= LONGEST_PAUSE else pause
            log.warning("worker-died code=%d again-in=%d", code, pause)
            if self._ending.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE)

    def _begun(self) -> subprocess.Popen[bytes] | None:
        """Start the process, unless the end has come."""
        with self._lock:
            if self._ending.is_set():
                return None
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for the server, which then ends it
            )
            return self._process
