"""Random expressions, compiled and interpreted: `python -m tests.differential 20000` prints how many agreed.

Each expression is evaluated four ways against the interpreter: in both readings of missing data, compiled with the
declared types and compiled knowing none. Beside each a formula of amounts is drawn (`tests.reference.amounts`): with
what is declared of its numbers and without, it gives the interpreter's value, and the same text and reasons.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any, Literal

from policy.errors import EvaluationError, ExpressionError
from policy.feel.checker import check
from policy.feel.compiler import Emitter
from policy.feel.evaluation import Surroundings
from policy.feel.extents import Extent
from policy.feel.nodes import Node
from policy.feel.parser import parse, parse_tests
from policy.feel.problems import Note, noting
from policy.feel.types import ANY, ContextType, Type
from tests.reference import amounts
from tests.reference.expressions import NAMES, SCOPE, Writer, scope_values
from tests.reference.feel import Interpreter

SURROUNDINGS = Surroundings(date(2026, 11, 21))
READINGS: tuple[Literal["null", "unknown"], ...] = ("null", "unknown")


def leaf_paths(scope: Mapping[str, Type], before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of a scope that lead to a value."""
    found: list[tuple[str, ...]] = []
    for name, of in scope.items():
        path = (*before, name)
        found += leaf_paths(of.fields, path) if isinstance(of, ContextType) else [path]
    return found


PATHS = {path: f"v{number}" for number, path in enumerate(leaf_paths(SCOPE))}


def typed(node: Node, missing: Literal["null", "unknown"], subject: Type | None) -> Callable[..., Any]:
    """Compile with the declared types; values come as attributes of `s`."""
    return _compiled(node, missing, subject, SCOPE, lambda path: f"s.{PATHS[path]}" if path in PATHS else None)


def untyped(node: Node, missing: Literal["null", "unknown"], subject: Type | None) -> Callable[..., Any]:
    """Compile knowing no types; values come from the dict `c`."""

    def resolve(path: tuple[str, ...]) -> str | None:
        return f"c[{path[0]!r}]" if path[0] in SCOPE and len(path) == 1 else None

    return _compiled(node, missing, None if subject is None else ANY, dict.fromkeys(SCOPE, ANY), resolve)


def _compiled(
    node: Node,
    missing: Literal["null", "unknown"],
    subject: Type | None,
    scope: Mapping[str, Type],
    resolve: Callable[[tuple[str, ...]], str | None],
) -> Callable[..., Any]:
    emitter = Emitter(missing=missing, resolve=resolve, parameters=("s", "c", "env", "subject"))
    checked = check(node, scope, subject=subject)
    source = emitter.expression(checked) if subject is None else emitter.test(checked, "subject")
    return emitter.function(f"return {source}")


class Record:
    """Values of the scope as attributes."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        for path, name in PATHS.items():
            value: Any = values
            for step in path:
                value = None if value is None else value.get(step)
            setattr(self, name, value)


def alike(one: Any, other: Any) -> bool:
    """Say whether two values are the same, numbers by their value."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    return bool(one == other)


def outcome(run: Callable[[], Any]) -> Any:
    """Return the value, or the code of the error."""
    try:
        return run()
    except EvaluationError as error:
        return ("error", error.code)


def differences(random: Random) -> list[str]:
    """Draw one expression or cell and one scope; return what differs from the interpreter."""
    values = scope_values(random)
    kind = random.choice(["number", "string", "boolean", "boolean", "boolean", "date", "days", "numbers"])
    is_cell = random.random() < 0.25
    writer = Writer(random)
    if is_cell:
        kind = random.choice(["number", "string", "boolean", "date"])
        path = {"number": ("n",), "string": ("s",), "boolean": ("b",), "date": ("d",)}[kind]
        text = writer.cell(kind, 2)
        node: Node = parse_tests(text, NAMES)
        subject, of = values[path[0]], SCOPE[path[0]]
    else:
        text = writer.draw(kind, random.randint(1, 4))
        node = parse(text, NAMES)
        subject, of = None, None
    found = []
    for missing in READINGS:
        interpreter = Interpreter(unknown=missing == "unknown", surroundings=SURROUNDINGS, subject=subject)
        wanted = outcome(lambda interpreter=interpreter: interpreter.value(node, values))
        for way in (typed, untyped):
            made = way(node, missing, of)
            got = outcome(lambda made=made: made(Record(values), values, SURROUNDINGS, subject))
            if not alike(got, wanted):
                found.append(f"{text}\n  {missing} {way.__name__}: got {got!r}, wanted {wanted!r}\n  with {values!r}")
    return found


def amount_differences(random: Random) -> list[str]:
    """Draw one formula of amounts and some facts; return where what is declared makes a difference."""
    text = amounts.drawn(random)
    node = parse(text, amounts.TYPES)
    found = []
    for missing in READINGS:
        short, long = (_of_amounts(node, missing, each) for each in (amounts.EXTENTS, {}))
        for _ in range(6):
            values = amounts.facts(random)
            got, wanted = (_noted(each, values) for each in (short, long))
            interpreted = Interpreter(unknown=missing == "unknown", surroundings=SURROUNDINGS).value(node, values)
            if repr(got) != repr(wanted) or not alike(got[0], interpreted):
                found.append(f"{text}\n  {missing}: got {got!r}, wanted {wanted!r}, {interpreted!r}\n  with {values!r}")
    return found


def _of_amounts(
    node: Node, missing: Literal["null", "unknown"], extents: Mapping[str, Extent]
) -> Callable[[Mapping[str, Any]], Any]:
    emitter = Emitter(
        missing=missing,
        resolve=lambda path: f"v[{path[0]!r}]",
        parameters=("v",),
        extent=lambda path: extents.get(path[0]),
    )
    return emitter.function(f"return {emitter.expression(check(node, amounts.TYPES))}")


def _noted(function: Callable[[Mapping[str, Any]], Any], values: Mapping[str, Any]) -> tuple[Any, list[Note]]:
    notes: list[Note] = []
    with noting(notes):
        return function(values), notes


def main(count: int) -> int:
    """Compare `count` random expressions; print and count what differs."""
    failures = 0
    for seed in range(count):
        try:
            found = [*differences(Random(seed)), *amount_differences(Random(seed))]
        except (ExpressionError, ArithmeticError, TypeError, AttributeError, SyntaxError) as error:
            found = [f"{type(error).__name__}: {error}"]
        for each in found[:1]:
            failures += 1
            if failures <= 20:
                print(seed, each)
    print(f"{count} expressions, {failures} with a difference")
    return failures


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000) > 0)
