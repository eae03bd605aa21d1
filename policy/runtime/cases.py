"""Runs the tests that travel with a policy, and says which rules none of them hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from policy.compilers.python import Program
from policy.errors import EvaluationError
from policy.feel import to_text
from policy.model.decision import Decision
from policy.model.instants import AsOf
from policy.model.ruleset import Case
from policy.model.written import Entries, Items, Raw, Scalar
from policy.runtime.decide import Decided, decide
from policy.values import Language, Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a decision is not as its test expects.

    Attributes:
        path: What was compared, such as `outcome.stages[0]`.
        expected: As the test has it.
        got: What the decision says.
    """

    path: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one test came out.

    Attributes:
        differences: Every difference; none when it passed.
        problem: Why there is no decision to compare; None when there is one.
    """

    name: Text
    differences: tuple[Difference, ...]
    problem: Text | None
    decision: Decision | None

    @property
    def passed(self) -> bool:
        """Say whether all is as expected."""
        return not self.differences and self.problem is None


@dataclass(frozen=True, slots=True)
class TestReport:
    """How the tests of a policy came out.

    Attributes:
        results: One per test, in order.
        never_hit: Ids of the rules that no test hits, in order.
    """

    __test__ = False

    results: tuple[CaseResult, ...]
    never_hit: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Say whether every test passed."""
        return all(result.passed for result in self.results)


def run_cases(program: Program) -> TestReport:
    """Run every test of a policy."""
    hit: set[int] = set()
    results = []
    for case in program.rule_set.cases:
        result, true = run_case(program, case)
        results.append(result)
        hit |= true
    rules = program.rule_set.rules
    return TestReport(tuple(results), tuple(rule.id for index, rule in enumerate(rules) if index not in hit))


def run_case(program: Program, case: Case) -> tuple[CaseResult, set[int]]:
    """Run one test.

    Returns:
        How it came out, and the numbers of the rules it hit.
    """
    try:
        decided = _decided(program, case)
    except EvaluationError as error:
        why = Text(error.text(Language.ZH), error.text(Language.EN))
        return CaseResult(case.name, (), why, None), set()
    data = decided.decision.to_data()
    expect = case.expect
    differences = [
        *([] if expect.status in (None, data["status"]) else [Difference("status", expect.status, data["status"])]),
        *([] if expect.hits is None else compare(expect.hits, data["hits"], "hits")),
        *([] if expect.outcome is None else compare(expect.outcome, data["outcome"], "outcome")),
        *_missing(expect.missing, data["missing"]),
        *([] if expect.result is None else compare(expect.result, data["result"], "result")),
    ]
    true = {index for run in decided.runs for index in range(run.true.bit_length()) if run.true >> index & 1}
    return CaseResult(case.name, tuple(differences), None, decided.decision), true


def _decided(program: Program, case: Case) -> Decided:
    as_of = AsOf.read(case.as_of, program.rule_set.document.time_zone)
    return decide(program, case.given, as_of, case.events)


def _missing(expected: Sequence[str] | None, got: Sequence[str]) -> list[Difference]:
    if expected is None or sorted(expected) == sorted(got):
        return []
    return [Difference("missing", list(expected), list(got))]


def compare(expected: Raw, got: Any, path: str) -> list[Difference]:
    """Compare what a test expects with what a decision says; the value found gives the written one its type.

    A mapping compares the keys it names, a list item by item and in length.
    """
    if isinstance(expected, Entries):
        return _compare_entries(expected, got, path)
    if isinstance(expected, Items):
        return _compare_items(expected, got, path)
    return [] if _means(expected, got) else [Difference(path, expected.text, got)]


def _compare_entries(expected: Entries, got: Any, path: str) -> list[Difference]:
    if not isinstance(got, Mapping):
        return [Difference(path, plain(expected), got)]
    found = []
    for entry in expected.entries:
        if entry.key in got:
            found += compare(entry.value, got[entry.key], f"{path}.{entry.key}")
        else:
            found.append(Difference(f"{path}.{entry.key}", plain(entry.value), None))
    return found


def _compare_items(expected: Items, got: Any, path: str) -> list[Difference]:
    if not isinstance(got, list) or len(got) != len(expected.items):
        return [Difference(path, plain(expected), got)]
    found = []
    for index, (item, value) in enumerate(zip(expected.items, got, strict=True)):
        found += compare(item, value, f"{path}[{index}]")
    return found


def _means(expected: Scalar, got: Any) -> bool:
    text = expected.text
    if isinstance(got, bool):
        return expected.plain and text == ("true" if got else "false")
    if got is None:
        return text == "null"
    if isinstance(got, Decimal):
        return expected.plain and _number(text) == got
    return text == (str(got) if isinstance(got, str | date) else to_text(got))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def plain(raw: Raw) -> Any:
    """Return what is written as plain lists, mappings and texts."""
    if isinstance(raw, Entries):
        return {entry.key: plain(entry.value) for entry in raw.entries}
    if isinstance(raw, Items):
        return [plain(item) for item in raw.items]
    return raw.text
