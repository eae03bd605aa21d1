"""The worker process from outside: killed, late, absent, replaced; no answer is lost, doubled or waited for in vain."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from tests.histories import history, loaded, patterns_of
from webadmin.secondengine import process
from webadmin.secondengine.agreement import Agreement, Standing
from webadmin.secondengine.process import SecondEngine, SecondEngineError

RULES = '{"sentinel": {"all": [{"s0": {"$and": [{"ty": "-"}]}}]}}'
SENTINEL = [{"ty": "-"}]
READY = """echo '{"ready": true}'; """
KILLS = 50


@pytest.fixture
def engine() -> Iterator[SecondEngine]:
    made = SecondEngine()
    if not (said := made.available()).is_available:
        pytest.skip(str(said.reason))
    yield made
    made.close()


def pid(engine: SecondEngine) -> int:
    """Return the number of the process at work."""
    worker = engine._worker  # noqa: SLF001 - there is no other way to shoot it
    assert worker is not None
    return worker.pid


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def shoot(number: int, delay: float, killed: list[int]) -> None:
    """End a process after a while, unless it is gone by then."""
    time.sleep(delay)
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
        killed.append(number)


def test_killed_at_random_moments_no_signal_is_lost_or_doubled(engine: SecondEngine) -> None:
    """Every kill leaves one try, so that every signal must be raised, and once."""
    policies, chance = loaded(), random.Random(2)
    agreement = Agreement(patterns_of(policies), engine)
    killed = list[int]()

    while len(killed) < KILLS:
        events = history(chance, policies)
        wanted = agreement.look(events)
        shot = Thread(target=shoot, args=(pid(engine), chance.random() / 250, killed))
        shot.start()
        answers = agreement.look(events)
        shot.join()
        assert answers == wanted
        assert {each.standing for each in answers} <= {Standing.AGREED}
        ids = [raised.id for each in answers for raised in each.signals]
        assert len(ids) == len(set(ids))


def test_what_ends_twice_fails_closed() -> None:
    engine = SecondEngine(("bash", "-c", READY + "read -r line"))

    with pytest.raises(SecondEngineError, match="its process ended"):
        engine.matches(RULES, SENTINEL)

    assert engine.available().is_available, "the next question begins anew"
    engine.close()


def test_what_ends_once_is_asked_again(tmp_path: os.PathLike[str]) -> None:
    begun = f"{tmp_path}/begun"
    script = READY + f"""read -r line; mkdir '{begun}' && exit 1; echo '{{"matches": []}}'; sleep 5"""
    engine = SecondEngine(("bash", "-c", script))

    assert engine.matches(RULES, SENTINEL) == []
    engine.close()


def test_what_is_late_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.2)
    engine = SecondEngine(("bash", "-c", READY + "exec sleep 60"))
    engine.available()
    late, before = pid(engine), time.monotonic()

    with pytest.raises(SecondEngineError, match="did not answer in time"):
        engine.matches(RULES, SENTINEL)

    assert time.monotonic() - before < 30  # of 60
    assert not is_running(late)


def test_a_worker_that_does_not_take_a_long_question_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.2)
    engine = SecondEngine(("bash", "-c", READY + "exec sleep 60"))

    with pytest.raises(SecondEngineError, match="did not answer in time"):
        engine.matches("x" * 1_000_000, SENTINEL)


def test_nonsense_is_no_answer() -> None:
    engine = SecondEngine(("bash", "-c", READY + "while read -r line; do echo nonsense; done"))

    with pytest.raises(SecondEngineError, match="its process ended"):
        engine.matches(RULES, SENTINEL)
    engine.close()


def test_an_engine_that_cannot_be_imported_is_asked_once(tmp_path: os.PathLike[str]) -> None:
    count = f"{tmp_path}/count"
    script = f"""echo x >> '{count}'; echo '{{"ready": false, "reason": "no module"}}'"""
    engine = SecondEngine(("bash", "-c", script))

    said = engine.available()
    with pytest.raises(SecondEngineError, match="no module"):
        engine.matches(RULES, SENTINEL)

    assert said.reason is not None
    assert said.reason.en == "it cannot be imported: no module"
    with open(count, encoding="utf-8") as file:  # noqa: PTH123 - a path as bash takes it
        assert file.read() == "x\n"


def test_a_command_that_is_not_there_is_unavailable() -> None:
    assert not SecondEngine(("/nowhere/python",)).available().is_available


def test_a_process_is_replaced_after_so_many_replays(engine: SecondEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MOST_REPLAYS", 3)
    first = pid(engine)

    numbers = []
    for _ in range(7):
        engine.matches(RULES, SENTINEL)
        numbers.append(pid(engine))

    assert numbers[:3] == [first] * 3
    assert len(set(numbers)) == 3
    assert not is_running(first)


def test_threads_share_one_process(engine: SecondEngine) -> None:
    policies, chance = loaded(), random.Random(3)
    agreement = Agreement(patterns_of(policies), engine)
    histories = [history(chance, policies) for _ in range(40)]
    expected = [agreement.look(events) for events in histories]

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(agreement.look, histories))

    assert got == expected


def test_closing_ends_the_process_and_asking_begins_anew(engine: SecondEngine) -> None:
    before = pid(engine)

    engine.close()

    assert not is_running(before)
    assert engine.matches(RULES, SENTINEL) == []


def test_a_process_ends_with_what_started_it() -> None:
    engine = SecondEngine(("bash", "-c", READY + "exec sleep 60"))
    engine.available()
    number = pid(engine)

    del engine

    assert not is_running(number)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([{"ty": "lost", "t": 1}], id="without a sentinel"),
        pytest.param([], id="nothing"),
    ],
)
def test_a_replay_that_does_not_end_with_the_sentinel_is_no_answer(
    engine: SecondEngine, facts: list[dict[str, int | str]]
) -> None:
    with pytest.raises(SecondEngineError):
        engine.matches(RULES, facts)
