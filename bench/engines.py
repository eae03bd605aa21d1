"""Each engine made ready to evaluate a line: its text compiled, its facts in its own natural form.

A peer's package is imported when it is asked for; where it is missing, the reason is kept and printed.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn, Protocol

from bench.expressions import DAY, INPUTS, Line
from policy import engine, feel
from policy.compilers.python import Resolver
from policy.feel.checker import check
from policy.feel.compiler import Emitter
from policy.feel.types import Type
from policy.linker.scope import Scope
from policy.model.fields import feel_type
from policy.model.instants import AsOf
from policy.model.ruleset import Part
from policy.runtime.environment import Environment


@dataclass(frozen=True, slots=True)
class Prepared:
    """One evaluation, ready to be timed: `call(*arguments)`, and `after` written behind it.

    Attributes:
        answer: Gives the value as Python's own, to be compared.
    """

    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    answer: Callable[[], Any]
    after: str = ""


class Engine(Protocol):
    """Something that evaluates expressions.

    Attributes:
        name: Name of its package.
        note: What a reader of its figures should know; empty where nothing.
    """

    name: str
    note: str

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared | None:
        """Return an evaluation of a line on facts (path → value); None where it cannot express the line."""


# ours

_POLICY = """\
policy: scorecard.bench
title: Expressions to be timed
owner: bench
subject: {{id: order.id, about: [order.id]}}
inputs:
{inputs}
derived:
{derived}
outputs: {{points: {{type: number, scale: 0, combine: sum, default: 0}}, grade: {{type: string, one_of: [A]}}}}
hit_policy: collect
rules:
{rules}
grades: {{of: points, give: grade, rows: [{{from: 0, value: A}}]}}
"""


class Ours:
    """The expressions as parts of a policy: read, checked, linked and compiled as any other."""

    name = "fairlead"
    note = ""

    def __init__(self, lines: Sequence[Line]) -> None:
        text = _POLICY.format(
            inputs="\n".join(f"  - {path}: {{{options}}}" for path, options in INPUTS.items()),
            derived="\n".join(_derived(line) for line in lines if line.kind == "formula"),
            rules="\n".join(_rule(line) for line in lines if line.kind != "formula"),
        )
        self._policy = engine.load(text)
        rule_set = self._policy.rule_set
        self._parts = {rule.id: rule.when[0] for rule in rule_set.rules}
        for line in lines:
            made = rule_set.derived.get(f"made.{_identifier(line)}")
            if isinstance(made, Part):
                self._parts[line.name] = made
        self._resolver = Resolver(rule_set, self._policy.reader)
        self._as_of = AsOf.read(DAY, rule_set.document.time_zone)
        self._scope = Scope({name: feel_type(member) for name, member in rule_set.tree.members.items()})

    def reads(self, line: Line) -> tuple[str, ...]:
        """Return the paths a line reads."""
        return self._parts[line.name].reads

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared:
        """Return an evaluation as a decision does it: decoded facts, and the environment of the day."""
        program = self._policy.program
        function = program.function(self._parts[line.name])
        decoded = self._policy.reader.read(nested(facts))
        arguments: tuple[Any, ...] = (Environment(program, decoded, self._as_of, _asks_nobody), decoded, {})
        return Prepared(function, arguments, lambda: function(*arguments))

    def compile(self, line: Line) -> Callable[..., Any]:
        """Compile a line from its text, as one expression: parse, check, write, and have Python compile it."""
        part = self._parts[line.name]
        emitter = Emitter(
            missing="unknown",
            resolve=self._resolver,
            parameters=("env", "f", "k"),
            extent=self._resolver.extent,
        )
        types: Mapping[str, Type] = self._scope.types
        if part.subject is None:
            source = emitter.expression(check(feel.parse(part.text, self._scope.names), types))
        else:
            node = feel.parse_tests(part.text, self._scope.names)
            checked = check(node, types, subject=self._scope.type_at(part.subject))
            source = emitter.test(checked, self._resolver(tuple(part.subject.split("."))) or "None")
        return emitter.function(f"return {source}")


def _identifier(line: Line) -> str:
    return line.name.replace("-", "_")


def _derived(line: Line) -> str:
    return f"  made.{_identifier(line)}: |-\n    {line.text}"


def _rule(line: Line) -> str:
    when = f"{{{line.text}}}" if line.kind == "cell" else f"|-\n      {line.text}"
    return f"  - id: {line.name}\n    when: {when}\n    then: {{points: 1}}"


def _asks_nobody(*_arguments: Any) -> NoReturn:
    raise AssertionError


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts by path as nested dicts."""
    found: dict[str, Any] = {}
    for path, value in facts.items():
        here = found
        *groups, name = path.split(".")
        for group in groups:
            here = here.setdefault(group, {})
        here[name] = value
    return found


def _converted(value: Any, day: Callable[[date], Any]) -> Any:
    """Return a value with binary floats for numbers, as every peer wants them, and days its own way."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return [_converted(each, day) for each in value]
    if isinstance(value, dict):
        return {name: _converted(each, day) for name, each in value.items()}
    return value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _itself(day: date) -> date:
    return day


# peers


class Zen:
    """GoRules' engine in Rust; expressions compiled beforehand, facts as dicts, days as ISO 8601 texts."""

    name = "zen-engine"
    note = ""

    def __init__(self) -> None:
        self._zen = importlib.import_module("zen")

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared | None:
        """See `Engine`."""
        if line.zen is None:
            return None
        evaluate = self._zen.compile_expression(line.zen).evaluate
        context = nested(_converted(dict(facts), date.isoformat))
        return Prepared(evaluate, (context,), lambda: evaluate(context))


class CelExpr:
    """Google's CEL in C++; variables declared with types, activations made beforehand."""

    name = "cel-expr-python"
    note = ""

    def __init__(self) -> None:
        self._cel = importlib.import_module("cel_expr_python.cel")
        self._math = importlib.import_module("cel_expr_python.ext.ext_math").ExtMath()

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared | None:
        """See `Engine`."""
        text = line.cel_expr or line.cel
        if text is None:
            return None
        values = _converted(dict(facts), _midnight)
        types = {path: self._type(value) for path, value in values.items()}
        environment = self._cel.NewEnv(variables=types, extensions=[self._math])
        evaluate = environment.compile(text).eval
        activation = environment.Activation(values)
        return Prepared(evaluate, (activation,), lambda: evaluate(activation).plain_value(), ".value()")

    def _type(self, value: Any) -> Any:
        of = self._cel.Type
        if isinstance(value, list):
            return of.List(self._type(value[0]) if value else of.DYN)
        classes = {str: of.STRING, bool: of.BOOL, float: of.DOUBLE, datetime: of.TIMESTAMP}
        return classes.get(type(value), of.DYN)


class CelPython:
    """CEL in Python; its interpreting runner, as the compiling one of 0.5.0 fails on these expressions."""

    name = "cel-python"
    note = "InterpretedRunner: its CompiledRunner raises AttributeError on every line here"

    def __init__(self) -> None:
        self._celpy = importlib.import_module("celpy")
        self._environment = self._celpy.Environment()

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared | None:
        """See `Engine`."""
        if line.cel is None:
            return None
        evaluate = self._environment.program(self._environment.compile(line.cel)).evaluate
        values = nested(_converted(dict(facts), _midnight))
        activation = {name: self._celpy.json_to_cel(value) for name, value in values.items()}
        return Prepared(evaluate, (activation,), lambda: evaluate(activation))


class Bkflow:
    """Tencent's FEEL in Python; its tree is built beforehand, which its own function does anew for each call."""

    name = "bkflow-feel"
    note = "the parsed tree evaluated; its `parse_expression` parses at every call"

    def __init__(self) -> None:
        self._bkflow = importlib.import_module("bkflow_feel")
        logging.getLogger("bkflow_feel").setLevel(logging.ERROR)

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared | None:
        """See `Engine`."""
        if line.bkflow is None:
            return None
        evaluate = self._bkflow.transformer.transform(self._bkflow.parser.parse(line.bkflow)).evaluate
        context = nested(_converted(dict(facts), _itself))
        return Prepared(evaluate, (context,), lambda: evaluate(context))


class PySFeel:
    """S-FEEL in Python; it has no compiled form: every evaluation parses the text."""

    name = "pySFeel"
    note = "has no compiled form: parses at every call"

    def __init__(self) -> None:
        self._pysfeel = importlib.import_module("pySFeel")

    def prepare(self, line: Line, facts: Mapping[str, Any]) -> Prepared | None:
        """See `Engine`."""
        if line.pysfeel is None:
            return None
        parser = self._pysfeel.SFeelParser()
        parser.names.update(_converted(dict(facts), _itself))
        return Prepared(parser.sFeelParse, (line.pysfeel,), lambda: parser.sFeelParse(line.pysfeel)[1])


_PEERS = (Zen, CelExpr, CelPython, Bkflow, PySFeel)


def peers() -> tuple[list[Engine], dict[str, str]]:
    """Return the peers that are there, and of every peer its version or why it is not there."""
    found: list[Engine] = []
    said: dict[str, str] = {}
    for make in _PEERS:
        try:
            found.append(make())
        except ImportError as error:
            said[make.name] = f"not measured, {error}"
        else:
            said[make.name] = importlib.metadata.version(make.name)
    return found, said
