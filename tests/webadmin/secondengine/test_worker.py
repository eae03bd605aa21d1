"""The worker's own part, with an engine of plain Python in the place of the C core, which stays in its process."""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from webadmin.secondengine import worker
from webadmin.secondengine.worker import ReplayError, Replays


class Engine:
    """Fires every fact by itself, the last one first."""

    def __init__(self, *, code: int = 0, fires: int = 1) -> None:
        self.code = code
        self.fires = fires
        self.facts: list[dict[str, Any]] = []
        self.waiting: list[str] = []
        self.deleted: list[str] = []

    def create_ruleset(self, name: str, text: str) -> int:
        assert (name, text) == ("rules0", "{}")
        return 7

    def assert_fact(self, handle: int, text: str) -> tuple[int, int]:
        self.facts.append(json.loads(text))
        return self.code, handle + 1

    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None:
        assert (handle, state) == (7, 8)
        self.waiting = [json.dumps({"p0": {"s0": fact}}) for fact in self.facts[: self.fires and None]]
        self.facts = []
        return ("{}", self.waiting.pop()) if self.fires else None

    def complete_and_start_action(self, handle: int, state: int) -> str | None:
        assert (handle, state) == (7, 8)
        return self.waiting.pop() if self.waiting else None

    def delete_state(self, handle: int, sid: str) -> None:
        self.deleted.append(f"{handle} {sid}")


FACTS = [{"ty": "lost", "t": 0}, {"ty": "-"}]


def test_matches_are_read_as_positions_and_every_state_is_deleted() -> None:
    engine = Engine()
    replays = Replays(engine)

    assert [replays.matches("{}", FACTS) for _ in range(2)] == [[("p0", [0])], [("p0", [0])]]
    assert engine.deleted == ["7 1", "7 2"]


@pytest.mark.parametrize("engine", [Engine(code=2), Engine(fires=0)], ids=["seen before", "no sentinel"])
def test_what_must_not_happen_is_an_error(engine: Engine) -> None:
    with pytest.raises(ReplayError):
        Replays(engine).matches("{}", FACTS)

    assert engine.deleted == [], "a state that never fired must not be deleted"


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note the limits set instead of setting them."""
    said: list[Any] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: said.append(limit))
    monkeypatch.setattr(signal, "alarm", said.append)
    return said


def lines(monkeypatch: pytest.MonkeyPatch, engine: Any, asked: bytes) -> list[Any]:
    """Run the worker's main part on some input; return its answers."""
    output = io.BytesIO()
    monkeypatch.setitem(sys.modules, "durable_rules_engine", engine)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(asked)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=output))
    try:
        worker.main()
    finally:
        monkeypatch.undo()
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_it_answers_line_by_line_under_limits(monkeypatch: pytest.MonkeyPatch, limits: list[Any]) -> None:
    asked = json.dumps({"rules": "{}", "facts": FACTS}).encode() + b"\n"

    answers = lines(monkeypatch, Engine(), asked * 2)

    assert answers == [{"ready": True}, {"matches": [["p0", [0]]]}, {"matches": [["p0", [0]]]}]
    assert limits == [(resource.RLIMIT_AS, (1 << 30, 1 << 30)), 4, 0, 4, 0]


@pytest.mark.usefixtures("limits")
def test_any_error_ends_it_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(json.JSONDecodeError):
        lines(monkeypatch, Engine(), b"nonsense\n")


@pytest.mark.usefixtures("limits")
def test_an_engine_that_cannot_be_imported_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = lines(monkeypatch, None, b"")

    assert answer["ready"] is False
    assert "durable_rules_engine" in answer["reason"]
