"""The worker process as its parent sees it: one question at a time, ended when it is late or wrong.

`SecondEngine` is safe to share between threads. A replay gets two seconds and, should its process end or be late, one
more try in a new process; then it fails. A process is replaced after 2,000 replays, and ended with its parent.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import IO, Any, cast

from policy.messages import sentence
from policy.values import Language, Text

SECONDS = 2
"""How long a replay may take."""

SECONDS_TO_START = 10
"""How long a process may take until it is ready."""

MOST_REPLAYS = 2_000
"""Replays after which a process is replaced."""

TRIES = 2

_ROOT = Path(__file__).resolve().parent.parent.parent
_CHUNK = 1 << 16
_ABSENT, _ENDED, _LATE = "says-engine-import", "says-engine-ended", "says-engine-late"


class SecondEngineError(Exception):
    """The second engine gave no answer.

    Attributes:
        reason: Why.
    """

    def __init__(self, code: str, **values: str) -> None:
        self.reason = Text(sentence(code, values, Language.ZH), sentence(code, values, Language.EN))
        super().__init__(self.reason.en)


class _AbsentError(SecondEngineError):
    """It cannot be imported here, so that asking again is of no use."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether the second engine can be asked.

    Attributes:
        reason: Why not; None where it can.
    """

    reason: Text | None

    @property
    def is_available(self) -> bool:
        """Say whether it can be asked."""
        return self.reason is None


class SecondEngine:
    """durable-rules in a process of its own, started when first asked."""

    def __init__(self, command: Sequence[str] = (sys.executable, "-m", "webadmin.secondengine.worker")) -> None:
        """Remember how the worker is started; a test may name another one."""
        self._command = tuple(command)
        self._lock = Lock()
        self._worker: _Worker | None = None
        self._absent: _AbsentError | None = None

    def available(self) -> Availability:
        """Say whether the engine can be asked, starting its process where there is none."""
        try:
            with self._lock:
                self._ready()
        except SecondEngineError as error:
            return Availability(error.reason)
        return Availability(None)

    def matches(self, rules: str, facts: Sequence[Mapping[str, int | str]]) -> list[tuple[str, list[int]]]:
        """Replay facts.

        Args:
            rules: A compiled rule set's `text`.
            facts: What `policy.runtime.replay.facts` makes of the events of one key.

        Returns:
            Name of the rule and positions of the facts of every match, in no particular order.

        Raises:
            SecondEngineError: it cannot be imported, or failed twice.
        """
        line = json.dumps({"rules": rules, "facts": list(facts)}).encode() + b"\n"
        with self._lock:
            for _ in range(TRIES - 1):
                try:
                    return self._asked(line)
                except _AbsentError:
                    raise
                except SecondEngineError:
                    continue
            return self._asked(line)

    def close(self) -> None:
        """End the process; asked again, another one is started, also where the engine could not be imported before."""
        with self._lock:
            self._absent = None
            self._end()

    def _asked(self, line: bytes) -> list[tuple[str, list[int]]]:
        try:
            answer = self._ready().answer(line)
        except SecondEngineError:
            self._end()
            raise
        return [(rule, ranks) for rule, ranks in answer["matches"]]

    def _ready(self) -> _Worker:
        """Return a process that waits for questions.

        Raises:
            SecondEngineError: there is none.
        """
        if self._absent is not None:
            raise self._absent
        if self._worker is not None and (self._worker.replays >= MOST_REPLAYS or not self._worker.is_running):
            self._end()
        if self._worker is None:
            worker = _started(self._command)
            try:
                worker.greet()
            except SecondEngineError as error:
                worker.end()
                self._absent = error if isinstance(error, _AbsentError) else None
                raise
            self._worker = worker
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
        self._worker = None


class _Worker:
    """One process.

    Attributes:
        replays: Questions it has been asked.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.replays = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            start_new_session=True,
        )
        self.end = weakref.finalize(self, _ended, self._process)  # when it is given up, and when Python ends
        self._input, self._output = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        for pipe in (self._input, self._output):
            os.set_blocking(pipe.fileno(), False)

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Say whether it has not ended, as far as is known."""
        return self._process.poll() is None

    def greet(self) -> None:
        """Wait until it is ready.

        Raises:
            SecondEngineError: the engine cannot be imported there, or the process ended or is late.
        """
        hello = self._exchanged(b"", SECONDS_TO_START)
        if not hello["ready"]:
            raise _AbsentError(_ABSENT, found=hello["reason"])

    def answer(self, line: bytes) -> dict[str, Any]:
        """Ask one question.

        Raises:
            SecondEngineError: the process ended or is late.
        """
        self.replays += 1
        return self._exchanged(line, SECONDS)

    def _exchanged(self, line: bytes, seconds: int) -> dict[str, Any]:
        """Write a line and read one, never waiting longer than `seconds` for both."""
        deadline = monotonic() + seconds
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            if line:
                selector.register(self._input, selectors.EVENT_WRITE)
            while not received.endswith(b"\n"):
                left = deadline - monotonic()
                ready = selector.select(left) if left > 0 else []
                if not ready:
                    raise SecondEngineError(_LATE)
                line = self._moved(ready, selector, line, received)
        try:
            read: dict[str, Any] = json.loads(received)
        except ValueError:
            raise SecondEngineError(_ENDED) from None
        return read

    def _moved(
        self,
        ready: Sequence[tuple[selectors.SelectorKey, int]],
        selector: selectors.BaseSelector,
        line: bytes,
        received: bytearray,
    ) -> bytes:
        """Move bytes as far as the pipes take and give them; return what is left to write."""
        for key, event in ready:
            try:
                if event == selectors.EVENT_WRITE:
                    line = line[os.write(key.fd, line[:_CHUNK]) :]
                    if not line:
                        selector.unregister(key.fileobj)
                    continue
                read = os.read(key.fd, _CHUNK)
            except OSError:
                raise SecondEngineError(_ENDED) from None
            if not read:
                raise SecondEngineError(_ENDED)
            received += read
        return line


def _started(command: Sequence[str]) -> _Worker:
    try:
        return _Worker(command)
    except OSError:
        raise SecondEngineError(_ENDED) from None


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End a process that may be anywhere, and wait for it."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
