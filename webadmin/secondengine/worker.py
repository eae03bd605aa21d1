"""The process in which durable-rules runs: one replay per line of standard input, one answer per line of output.

Its C core can damage memory, so nothing else lives here, and any error ends the process without an answer. Every replay
is a state of its own, deleted afterwards; matches are read from the actions it would start, nothing is ever run. The
last fact of a replay always fires a rule of its own: without that the replay has failed, and deleting its state would
crash. The first line says `{"ready": true}`, or why the engine cannot be imported.
"""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

MEMORY = 1 << 30
"""Bytes of address space the process may take."""

ALARM = 4
"""Seconds after which a replay ends the process by itself, should nobody be left to end it."""

_SEEN_BEFORE = 2


class ReplayError(Exception):
    """The engine did something it must not do; its answer is worth nothing."""


class Replays:
    """The rules handed over so far, and the replays on them."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._handles: dict[str, int] = {}
        self._replays = 0

    def matches(self, rules: str, facts: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[int]]]:
        """Replay facts and return the rule and the positions of the facts of every match.

        Raises:
            ReplayError: a fact was taken for another one, or the last one did not fire.
        """
        if rules not in self._handles:
            self._handles[rules] = self._engine.create_ruleset(f"rules{len(self._handles)}", rules)
        handle = self._handles[rules]
        self._replays += 1
        sid = str(self._replays)
        state = self._given(handle, sid, facts)
        found = self._fired(handle, state)
        last = len(facts) - 1
        if [positions for _, positions in found if last in positions] != [[last]]:
            raise ReplayError
        self._engine.delete_state(handle, sid)
        return [(rule, positions) for rule, positions in found if last not in positions]

    def _given(self, handle: int, sid: str, facts: Sequence[Mapping[str, Any]]) -> int:
        """Give the facts one by one, each with a number for its id; return the state they are in."""
        state = 0
        for number, fact in enumerate(facts, 1):
            code, state = self._engine.assert_fact(handle, json.dumps({**fact, "sid": sid, "id": number}))
            if code == _SEEN_BEFORE:
                raise ReplayError
        return state

    def _fired(self, handle: int, state: int) -> list[tuple[str, list[int]]]:
        found: list[tuple[str, list[int]]] = []
        begun = self._engine.start_action_for_state(handle, state)
        action = begun[1] if begun else None
        while action:
            for rule, events in json.loads(action).items():
                found.append((rule, [events[name]["id"] - 1 for name in sorted(events)]))
            action = self._engine.complete_and_start_action(handle, state)
        return found


def main() -> None:
    """Answer until the input ends."""
    with contextlib.suppress(ValueError, OSError):  # not every system limits address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        import durable_rules_engine  # noqa: PLC0415 - under the limit, and its absence is an answer
    except ImportError as error:
        _say({"ready": False, "reason": str(error)})
        return
    _say({"ready": True})
    replays = Replays(durable_rules_engine)
    for line in sys.stdin.buffer:
        signal.alarm(ALARM)
        asked = json.loads(line)
        _say({"matches": replays.matches(asked["rules"], asked["facts"])})
        signal.alarm(0)


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
