"""Decides the same facts under two policies, and says whether the answers differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from policy.currency import is_currency
from policy.engine import Policy
from policy.errors import AsOfError, EvaluationError, FactsError, PolicyError, Problem
from policy.model.decision import Decision, Status
from policy.model.document import FieldType
from policy.values import Language, Text
from webadmin.roster.facts import declared

PARTS = ("status", "outcome", "result")
"""What of two decisions is held against each other."""


class Verdict(StrEnum):
    """What a case came to under both.

    `open`: one of them gives no answer (undetermined, conflict, no rule hit); `refused`: one of them cannot take the
    facts, or met a bound; `erased`: the facts are gone.
    """

    SAME = "same"
    CHANGED = "changed"
    OPEN = "open"
    REFUSED = "refused"
    ERASED = "erased"


LONGEST_FOUND = 60
"""Characters of a value that is told."""

_ITEM = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why there is no answer.

    Attributes:
        code: What is wrong, and where: reasons of one code are of one kind about the same place.
        text: Its sentence.
        found: The value that does not fit; None where that says nothing.
    """

    code: str
    text: Text
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one policy says.

    Attributes:
        decision: None where it cannot decide.
        data: The decision as plain data.
        problems: Why the facts do not fit.
        error: What else was met.
    """

    decision: Decision | None = None
    data: Mapping[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    error: PolicyError | None = None

    @property
    def is_decided(self) -> bool:
        """Say whether there is an answer."""
        return self.decision is not None and self.decision.status is Status.DECIDED

    def reasons(self) -> list[Why]:
        """Return why there is no answer, each thing that does not fit; nothing where there is one."""
        if self.problems:
            return [_of_problem(each) for each in self.problems]
        if isinstance(self.error, AsOfError | EvaluationError):
            return [Why(self.error.code, Text(self.error.text(Language.ZH), self.error.text(Language.EN)))]
        if self.error is not None:
            return [Why(self.error.code, Text(str(self.error), str(self.error)))]
        if self.decision is None or self.is_decided:
            return []
        missing = ", ".join(self.decision.missing)
        return [Why(f"{self.decision.status} {missing}", Text(missing, missing))]


def _of_problem(problem: Problem) -> Why:
    path = problem.pointer.removeprefix("/").replace("/", ".")
    said = {each: problem.text(each) for each in Language}
    said = {each: text if path in text else f"`{path}`: {text}" for each, text in said.items()}
    found = problem.values.get("found")
    value = str(found)[:LONGEST_FOUND] if isinstance(found, str | int) and str(found) not in path else None
    return Why(f"{problem.code} {_ITEM.sub('[]', path)}", Text(said[Language.ZH], said[Language.EN]), value)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two policies."""

    one: Policy
    other: Policy

    def decide(
        self, facts: Mapping[str, Any], as_of: str, events: Sequence[Any] = (), *, explain: bool = False
    ) -> tuple[Answer, Answer]:
        """Decide under both; of the facts each is given what it has inputs for."""
        return (
            answer(self.one, facts, as_of, events, explain=explain),
            answer(self.other, facts, as_of, events, explain=explain),
        )


def answer(
    policy: Policy, facts: Mapping[str, Any], as_of: str, events: Sequence[Any] = (), *, explain: bool = False
) -> Answer:
    """Decide under one policy."""
    try:
        try:
            made = policy.decide(facts, as_of=as_of, events=events, explain=explain)
        except FactsError:  # perhaps only for what the policy does not ask for
            made = policy.decide(declared(policy.reader.group, facts), as_of=as_of, events=events, explain=explain)
    except FactsError as error:
        return Answer(problems=error.problems)
    except PolicyError as error:
        return Answer(error=error)
    return Answer(made, made.to_data())


def verdict(one: Answer, other: Answer) -> Verdict:
    """Return what a case came to."""
    if one.data is None or other.data is None:
        return Verdict.REFUSED
    if not (one.is_decided and other.is_decided):
        return Verdict.OPEN
    return Verdict.SAME if all(one.data[part] == other.data[part] for part in PARTS) else Verdict.CHANGED


def rules_apart(one: Answer, other: Answer) -> set[str]:
    """Return the rules that hit on one side only."""
    return set(hits(one)) ^ set(hits(other))


def hits(of: Answer) -> Iterator[str]:
    """Yield the ids of the rules that hit, those of every item."""
    for each in () if of.decision is None else of.decision.hits:
        yield from each if isinstance(each, list) else [each]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number a decision gives.

    Attributes:
        name: Of the output, or of the part of the result.
        unit: Currency, another unit, or empty.
    """

    name: str
    unit: str

    @property
    def is_money(self) -> bool:
        """Say whether it is an amount of money."""
        return is_currency(self.unit)

    @property
    def key(self) -> str:
        """Return it as one text."""
        return f"{self.name} {self.unit}".rstrip()


def quantities(policy: Policy, data: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[Quantity, Decimal]:
    """Return the numbers of a decision: those among its outputs, and what a statement pays.

    Args:
        policy: Whose decision it is.
        data: The decision as plain data.
        facts: From which it was made; a unit may be the path of one of them.
    """
    found: dict[Quantity, Decimal] = {}
    outcome, result = data["outcome"], data["result"]
    if isinstance(outcome, Mapping):
        for name, output in policy.rule_set.outputs.items():
            value = outcome.get(name)
            if output.type is FieldType.NUMBER and isinstance(value, Decimal):
                found[Quantity(name, _unit(output.unit, facts))] = value
    if isinstance(result, Mapping) and isinstance(result.get("paid"), Decimal):
        found[Quantity("paid", str(result.get("currency") or ""))] = result["paid"]
    return found


def _unit(unit: str | None, facts: Mapping[str, Any]) -> str:
    if unit is None or "." not in unit:
        return unit or ""
    here: Any = facts
    for name in unit.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return str(here or "")


def told(policy: Policy, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a decision that a table of changes tells apart: what it gives besides numbers.

    Where it gives nothing else, that is who is assigned, or that there is an answer.
    """
    outcome, result = data["outcome"], data["result"]
    if data["status"] != Status.DECIDED:
        return {"status": str(data["status"])}
    found: dict[str, Any] = {}
    if isinstance(outcome, Mapping):
        outputs = policy.rule_set.outputs
        found = {name: value for name, value in outcome.items() if outputs[name].type is not FieldType.NUMBER}
    if isinstance(result, Mapping) and "assigned" in result:
        found = {"assigned": result["assigned"] or result["otherwise"]}
    return found or {"status": str(data["status"])}
