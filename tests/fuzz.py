"""Throws hostile texts at the language: `python -m tests.fuzz --count 100000`.

Each text is parsed, checked, compiled and evaluated, as an expression and as a cell, with and without declared types,
in both readings of missing data. Nothing but an error of the language may come out, with a place inside the text, and
nothing may take longer than a second. Workers carry the texts out; one that does not come back is killed and told.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from random import Random
from typing import Any

from policy import feel
from policy.errors import EvaluationError, ExpressionError, said
from policy.feel.checker import asks_time, check, leaves, lookups, paths
from policy.feel.problems import Note
from policy.feel.types import ANY, NUMBER, STRING, Type
from policy.values import Language
from tests.differential import READINGS, SURROUNDINGS, Record, typed
from tests.mutations import Mutated, mutated
from tests.reference.expressions import NAMES, SCOPE, scope_values
from tests.tck import AS_OF

LIMIT = 1.0
"""Seconds of processor time any step may take."""

_PATIENCE = 15.0
_CHUNK = 250
_SHRINKING = 5.0
_SUBJECTS: tuple[Any, ...] = (None, 1, "A", True, [1, "A", None], {"a": 1})


@dataclass(frozen=True, slots=True)
class Failure:
    """A text that broke a promise.

    Attributes:
        what: Which, in one line.
        text: The text, shortened as far as it still breaks it.
    """

    number: int
    what: str
    text: str


@dataclass(slots=True)
class Report:
    """What some texts came to.

    Attributes:
        outcomes: How often each outcome was met.
        slowest: Seconds, number and text of the slowest.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, int, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in another."""
        self.outcomes += other.outcomes
        self.failures += other.failures
        self.slowest = sorted(self.slowest + other.slowest, reverse=True)[:5]


class BrokenPromiseError(AssertionError):
    """Something came out that must not."""


# one text


def judge(given: Mutated, limit: float = LIMIT) -> tuple[Counter[str], float]:
    """Carry out one text in every way.

    Returns:
        The outcomes, and the seconds of processor time of the slowest step.

    Raises:
        BrokenPromiseError: an error has no place, or a step takes too long.
        Exception: whatever else comes out of it.
    """
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for step in steps(given):
        begin = time.process_time()
        outcomes[_outcome(step, given.text)] += 1
        taken = time.process_time() - begin
        if taken > limit:
            msg = f"takes {taken:.1f} s"
            raise BrokenPromiseError(msg)
        slowest = max(slowest, taken)
    return outcomes, slowest


def _outcome(step: Callable[[], Any], text: str) -> str:
    try:
        found = step()
        feel.to_text(found)
    except ExpressionError as error:
        _check_place(error, text)
        _check_sentences(error.code, error.values)
        return "syntax error"
    except EvaluationError as error:
        _check_sentences(error.code, error.values)
        return "bound"
    return "null" if found is None else "value"


def _check_place(error: ExpressionError, text: str) -> None:
    lines = text.split("\n")
    line, column = error.place.line, error.place.column
    if not 0 <= error.start <= error.end <= len(text):
        msg = f"{error.code} marks what is outside the text"
        raise BrokenPromiseError(msg)
    if not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1):
        msg = f"{error.code} has a line and column outside the text"
        raise BrokenPromiseError(msg)
    if sum(len(each) + 1 for each in lines[: line - 1]) + column - 1 != error.start:
        msg = f"{error.code} has another line and column than it marks"
        raise BrokenPromiseError(msg)


def _check_sentences(code: str, values: Mapping[str, Any]) -> None:
    if not all(said(code, values, language) for language in Language):
        msg = f"{code} says nothing"
        raise BrokenPromiseError(msg)


def steps(given: Mutated) -> Iterator[Callable[[], Any]]:
    """Yield every way to carry out a text."""
    text, inputs = given.text, given.inputs
    subject = _SUBJECTS[given.number % len(_SUBJECTS)]
    notes: list[Note] = []
    for missing in READINGS:
        yield lambda missing=missing: feel.evaluate(text, inputs, as_of=AS_OF, problems=notes, missing=missing)
        yield lambda missing=missing: feel.unary_test(
            text, subject, inputs, as_of=AS_OF, problems=notes, missing=missing
        )
    for note in notes:
        _check_sentences(note.code, note.values)
    values = scope_values(Random(given.number))
    yield lambda: _typed(feel.parse, text, values, None)
    of = (NUMBER, STRING, ANY)[given.number % 3]
    yield lambda: _typed(feel.parse_tests, text, values, of)


def _typed(read: Callable[..., Any], text: str, values: Mapping[str, Any], subject: Type | None) -> Any:
    """Do what a policy does with a text: check it against declared types, ask about it, and run it."""
    node = read(text, NAMES)
    checked = check(node, SCOPE, subject=subject)
    for remark in checked.remarks:
        _check_sentences(remark.code, remark.values)
        if not 0 <= remark.start <= remark.end <= len(text):
            msg = f"{remark.code} marks what is outside the text"
            raise BrokenPromiseError(msg)
    paths(node, SCOPE), asks_time(node), lookups(node), leaves(node)
    sample = {NUMBER: values["n"], STRING: values["s"]}.get(subject, values["xs"]) if subject else None
    functions = [typed(node, missing, subject) for missing in READINGS]
    return [function(Record(values), values, SURROUNDINGS, sample) for function in functions][-1]


def failure(given: Mutated, limit: float = LIMIT) -> tuple[Failure | None, Counter[str], float]:
    """Carry out one text; return how it breaks its promise, if it does, with the shortest text that still does."""
    said = _broken(given, limit)
    if isinstance(said, tuple):
        return None, *said
    text = given.text
    if "takes" not in said:
        text = shortened(text, lambda shorter: _broken(Mutated(given.number, shorter, given.inputs), limit) == said)
    return Failure(given.number, said, text), Counter({"failure": 1}), 0.0


def _broken(given: Mutated, limit: float) -> str | tuple[Counter[str], float]:
    try:
        return judge(given, limit)
    except BrokenPromiseError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {last.name} ({last.filename.rpartition('/')[2]}:{last.lineno}): {error}"[
            :300
        ]


def shortened(text: str, still: Callable[[str], bool]) -> str:
    """Drop pieces of a text, large ones first, for as long as something still holds of it, and there is time."""
    size, until = len(text) // 2, time.monotonic() + _SHRINKING
    while size and time.monotonic() < until:
        at = 0
        while at < len(text) and time.monotonic() < until:
            shorter = text[:at] + text[at + size :]
            if still(shorter):
                text = shorter
            else:
                at += size
        size //= 2
    return text


def run(
    seed: int,
    numbers: Sequence[int],
    begun: Callable[[int], None] = lambda _: None,
    limit: float = LIMIT,
) -> Report:
    """Carry out some texts."""
    report = Report()
    for number in numbers:
        begun(number)
        given = mutated(seed, number)
        found, outcomes, taken = failure(given, limit)
        failures = [] if found is None else [found]
        report.add(Report(outcomes, [(taken, number, given.text)], failures))
    return report


# many, in workers


@dataclass(slots=True)
class Worker:
    """A process that carries out texts.

    Attributes:
        doing: Number of the text it is at.
        seen: That number when last looked, and when it was first seen.
    """

    process: Any
    connection: Connection
    doing: Any
    numbers: list[int] = field(default_factory=list)
    seen: tuple[int, float] = (-1, 0.0)

    def give(self, numbers: list[int]) -> None:
        """Give it texts to carry out."""
        self.numbers = numbers
        self.seen = (-1, time.monotonic())
        self.connection.send(numbers)

    def hangs(self) -> bool:
        """Say whether it has been at one text for too long."""
        now = time.monotonic()
        if self.doing.value != self.seen[0]:
            self.seen = (self.doing.value, now)
        return now - self.seen[1] > _PATIENCE

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()


def _work(connection: Connection, doing: Any, seed: int) -> None:
    def begun(number: int) -> None:
        doing.value = number

    while (numbers := connection.recv()) is not None:
        connection.send(run(seed, numbers, begun))


def _hired(seed: int) -> Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    doing = context.Value("q", -1)
    process = context.Process(target=_work, args=(theirs, doing, seed), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours, doing)


def fuzz(seed: int, count: int, processes: int) -> Report:
    """Carry out `count` texts in worker processes."""
    report = Report()
    waiting = [list(range(low, min(low + _CHUNK, count))) for low in range(0, count, _CHUNK)][::-1]
    workers = [_hired(seed) for _ in range(processes)]
    for worker in workers:
        _next(worker, waiting)
    while any(worker.numbers for worker in workers):
        wait([worker.connection for worker in workers if worker.numbers], timeout=0.5)
        for at, worker in enumerate(workers):
            if worker.numbers and (lost := _looked_after(worker, report)) is not None:
                worker.end()
                report.add(Report(Counter({"failure": 1}), [], [lost]))
                waiting.append([number for number in worker.numbers if number != lost.number])
                workers[at] = _hired(seed)
                _next(workers[at], waiting)
            elif not worker.numbers:
                _next(worker, waiting)
    for worker in workers:
        worker.end()
    return report


def _next(worker: Worker, waiting: list[list[int]]) -> None:
    if waiting:
        worker.give(waiting.pop())


def _looked_after(worker: Worker, report: Report) -> Failure | None:
    """Take what a worker has done; return the text it was lost at, if it was."""
    try:
        if worker.connection.poll():
            report.add(worker.connection.recv())
            worker.numbers = []
            return None
    except EOFError:
        worker.process.join()
        return Failure(worker.doing.value, f"the process ended with code {worker.process.exitcode}", "")
    if worker.hangs():
        return Failure(worker.doing.value, f"does not come back within {_PATIENCE:.0f} s", "")
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out texts, print what came of them; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Throw hostile texts at the language.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="print one text and carry it out")
    options = parser.parse_args(arguments)
    if options.only is not None:
        print(repr(mutated(options.seed, options.only).text))
        report = run(options.seed, [options.only])
    else:
        report = fuzz(options.seed, options.count, options.processes)
    for each in sorted(report.failures, key=lambda each: (each.what, len(each.text)))[:50]:
        print(f"{each.number}: {each.what}\n    {each.text or mutated(options.seed, each.number).text!r}"[:1000])
    print(", ".join(f"{name} {count:,}" for name, count in sorted(report.outcomes.items())))
    for taken, number, text in report.slowest:
        print(f"{taken * 1000:.0f} ms: {number} {text[:80]!r}{'…' if len(text) > 80 else ''}")
    print(f"{options.count if options.only is None else 1:,} texts, {len(report.failures)} failures")
    return int(bool(report.failures))


if __name__ == "__main__":
    sys.exit(main())
