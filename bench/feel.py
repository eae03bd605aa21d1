"""Times the language beside other expression engines: `python -m bench.feel` (`--help` lists the options).

Nanoseconds for each evaluation, all engines in one process and in turns, round after round; garbage collection is
off while the clock runs. Every answer is checked before it is timed. What the engines get is prepared beforehand:
expressions compiled, facts in each engine's own form.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import timeit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.engines import Engine, Ours, Prepared, peers
from bench.expressions import DAY, FACTS, LINES, Line
from policy.feel.reckoning import reckon

TARGET = 5
"""How many times faster than the fastest peer every line shall be."""

_GIVEN = {"whole": "the facts of a whole decision", "read": "only the facts the line reads"}
_COMPILES = 20
_NANO, _MICRO = 1e9, 1e6


@dataclass(frozen=True, slots=True)
class Timed:
    """Nanoseconds of one evaluation, over all rounds."""

    least: float
    median: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one line came to.

    Attributes:
        compile: Microseconds to compile its text here.
        ours: Our own time.
        peers: Name of a peer → its time; None where it cannot express the line, "differs" where it answers otherwise.
    """

    line: Line
    compile: float
    ours: Timed
    peers: Mapping[str, Timed | str | None]

    @property
    def fastest(self) -> tuple[str, Timed] | None:
        """Return the fastest peer."""
        timed = [(name, each) for name, each in self.peers.items() if isinstance(each, Timed)]
        return min(timed, key=lambda each: each[1].least, default=None)

    @property
    def ratio(self) -> float | None:
        """Return how many times longer the fastest peer takes, least against least."""
        return None if self.fastest is None else self.fastest[1].least / self.ours.least


def given(ours: Ours, line: Line, *, whole: bool) -> list[dict[str, Any]]:
    """Return the facts of every way through a line: those it reads, or those of the whole decision."""
    reads = ours.reads(line)
    base = FACTS if whole else {path: value for path, value in FACTS.items() if path in reads}
    return [{**base, **changes} for changes in line.given]


def agrees(got: Any, expected: Any) -> bool:
    """Say whether an answer is the expected one; binary floats may be off after 9 digits."""
    if isinstance(expected, Decimal) and got is not None and not isinstance(got, str | bool):
        return abs(Decimal(str(got)) - expected) <= abs(expected) * Decimal("1e-9")
    return bool(got == expected)


def timer(prepared: Sequence[Prepared]) -> timeit.Timer:
    """Return a timer over one evaluation after the other, written out so that nothing but the calls is timed."""
    names: dict[str, Any] = {}
    calls = []
    for at, each in enumerate(prepared):
        names[f"call{at}"] = each.call
        arguments = [f"a{at}_{number}" for number in range(len(each.arguments))]
        names.update(zip(arguments, each.arguments, strict=True))
        calls.append(f"call{at}({', '.join(arguments)}){each.after}")
    return timeit.Timer("; ".join(calls), globals=names)


def _ready(engine: Engine, line: Line, facts: list[dict[str, Any]]) -> timeit.Timer | str | None:
    with_day = [{**each, "as_of": DAY} if line.asks_time else each for each in facts]
    prepared = [engine.prepare(line, each) for each in (facts if isinstance(engine, Ours) else with_day)]
    usable = [each for each in prepared if each is not None]
    if not usable:
        return None
    if not all(agrees(each.answer(), answer) for each, answer in zip(usable, line.expected, strict=True)):
        return "differs"
    return timer(usable)


def _number(each: timeit.Timer, seconds: float) -> int:
    """Return how often to run a timer in one round; running it up to then warms it up."""
    number = 1
    while (taken := each.timeit(number)) < seconds / 4:
        number *= 2
    return max(1, round(number * seconds / taken))


def measure(ours: Ours, others: Sequence[Engine], line: Line, facts: str, options: argparse.Namespace) -> Measured:
    """Measure one line: all engines in turns, round after round."""
    facts_given = given(ours, line, whole=facts == "whole")
    ready = {engine.name: _ready(engine, line, facts_given) for engine in (ours, *others)}
    timers = {name: each for name, each in ready.items() if isinstance(each, timeit.Timer)}
    if ours.name not in timers:
        sys.exit(f"{line.name}: our own answer is not the expected one")
    numbers = {name: _number(each, options.seconds) for name, each in timers.items()}
    taken: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(options.rounds):
        for name, each in timers.items():
            clocked = reckon(each.timeit, numbers[name]) if name == ours.name else each.timeit(numbers[name])
            spent = clocked / numbers[name] / len(line.given)
            taken[name].append(spent * _NANO)
    times = {name: Timed(min(each), statistics.median(each)) for name, each in taken.items()}
    compiling = timeit.Timer(lambda: ours.compile(line)).repeat(options.rounds, _COMPILES)
    found = {engine.name: times.get(engine.name) or _said(ready[engine.name]) for engine in others}
    return Measured(line, min(compiling) / _COMPILES * _MICRO, times[ours.name], found)


def _said(ready: timeit.Timer | str | None) -> str | None:
    return ready if isinstance(ready, str) else None


# printing


def _cell(timed: Timed | str | None) -> str:
    return f"{timed.least:,.0f}" if isinstance(timed, Timed) else timed or "–"


def table(measured: Sequence[Measured], names: Sequence[str]) -> str:
    """Return the figures as text."""
    head = ["line", "kind", "ours", "median", *names, "ratio", "compile µs"]
    rows = [
        [
            each.line.name,
            each.line.kind,
            _cell(each.ours),
            f"{each.ours.median:,.0f}",
            *(_cell(each.peers[name]) for name in names),
            "–" if each.ratio is None else f"{each.ratio:.1f}",
            f"{each.compile:,.0f}",
        ]
        for each in measured
    ]
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if at < 2 else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (head, *rows)
    )


def summary(measured: Sequence[Measured]) -> str:
    """Return what the figures come to."""
    ratios = sorted((each.ratio, each.line.name) for each in measured if each.ratio is not None)
    if not ratios:
        return "no peer was measured"
    below = [f"{name} ({ratio:.1f})" for ratio, name in ratios if ratio < TARGET]
    slowest = max(measured, key=lambda each: each.compile)
    enough = len(ratios) - len(below)
    middle = statistics.median(ratio for ratio, _ in ratios)
    said = [f"{enough} of {len(ratios)} lines at least {TARGET} times faster than the fastest peer"]
    said += [f"least {ratios[0][0]:.1f} times, in the middle {middle:.1f} times"]
    said += [f"below {TARGET}: {', '.join(below)}"] if below else []
    return "\n".join([*said, f"slowest to compile: {slowest.line.name}, {slowest.compile:,.0f} µs"])


def _as_json(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    return [
        {
            "line": each.line.name,
            "kind": each.line.kind,
            "text": each.line.text,
            "compile_us": round(each.compile, 1),
            "ours_ns": _pair(each.ours),
            "peers_ns": {name: _pair(timed) for name, timed in each.peers.items()},
            "fastest": None if each.fastest is None else each.fastest[0],
            "ratio": None if each.ratio is None else round(each.ratio, 2),
        }
        for each in measured
    ]


def _pair(timed: Timed | str | None) -> dict[str, float] | str | None:
    return {"min": round(timed.least, 1), "median": round(timed.median, 1)} if isinstance(timed, Timed) else timed


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.feel", description="Time expressions beside other engines.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--facts", choices=sorted(_GIVEN), help="what every evaluation is given (default: once each)")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each engine on each line (default 9)")
    parser.add_argument("--seconds", type=float, default=0.01, help="length of one round (default 0.01)")
    parser.add_argument("--only", metavar="LINE", help="time one line")
    return parser.parse_args(arguments)


def _heading(others: Sequence[Engine], said: Mapping[str, str]) -> str:
    notes = {engine.name: engine.note for engine in others}
    lines = [f"Python {platform.python_version()}; nanoseconds of one evaluation, the least of its rounds"]
    for name, each in said.items():
        note = notes.get(name)
        lines.append(f"  {name} {each}" + (f" ({note})" if note else ""))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = _options(arguments)
    ours = Ours(LINES)
    others, said = peers()
    lines = [line for line in LINES if options.only in (None, line.name)]
    results: dict[str, Any] = {"python": platform.python_version(), "peers": said, "target": TARGET}
    if not options.json:
        print(_heading(others, said))
    for facts in (options.facts,) if options.facts else _GIVEN:
        measured = [measure(ours, others, line, facts, options) for line in lines]
        results[facts] = _as_json(measured)
        if not options.json:
            print(f"\nGiven {_GIVEN[facts]}:\n")
            print(table(measured, [engine.name for engine in others]), summary(measured), sep="\n\n")
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
