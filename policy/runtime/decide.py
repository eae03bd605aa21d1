"""Decides one set of facts: rules, hits, outcome, and what the kind's section makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy import kinds
from policy.compilers.python import Program
from policy.errors import EvaluationError, UnsupportedError
from policy.feel.reckoning import reckon
from policy.kinds.base import Undetermined
from policy.model.canonical import canonical_json
from policy.model.decision import Decision, Status
from policy.model.document import Kind
from policy.model.instants import AsOf
from policy.model.ruleset import Constant, Output, Part
from policy.runtime.environment import Environment
from policy.runtime.hits import Combined, combined, formed, swaying
from policy.runtime.scope import RuntimeScope

_FOLDS_HISTORY = (Kind.APPROVAL, Kind.PENALTY)


@dataclass(frozen=True, slots=True)
class Run:
    """How the rules came out over one scope: the whole facts, or one item under `each`.

    Attributes:
        scope: The names the rules saw.
        true: Bit mask of the rules that are true; under `first` of the first one alone.
        unknown: Bit mask of the rules that are unknown; under `first` only those above the hit.
        outcome: What the true rules come to, before rounding.
        mattered: Numbers of the unknown rules that could change the outcome.
        missing: What was missing where that matters.
    """

    scope: RuntimeScope
    true: int
    unknown: int
    outcome: Combined
    mattered: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Return how it ended."""
        return Status.UNDETERMINED if self.mattered else self.outcome.status


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what an explanation needs beside it."""

    decision: Decision
    program: Program
    scope: RuntimeScope
    runs: tuple[Run, ...]


def decide(program: Program, facts: Any, as_of: AsOf, events: Sequence[Mapping[str, Any]] = ()) -> Decided:
    """Decide decoded facts.

    Args:
        program: The compiled policy.
        facts: Facts decoded by `program.reader`.
        as_of: The day or instant.
        events: The subject's events, each with at least an `id`; recorded with the decision.

    Raises:
        EvaluationError: a bound was met, or a value does not fit its output.
        UnsupportedError: events were given to a kind whose history is not carried out yet.
    """
    recorded = _recorded(program, events)
    return reckon(_decided, program, facts, as_of, recorded)


def _decided(program: Program, facts: Any, as_of: AsOf, recorded: dict[str, Any] | None) -> Decided:
    env = Environment(program, facts, as_of, _asked)
    runs = _runs(program, env, facts)
    whole = _whole_scope(program, env, facts, runs)
    missing = [*_missing_list(program, whole), *(path for run in runs for path in run.missing)]
    status = Status.UNDETERMINED if missing and not runs else _status(runs)
    result = None
    if status is Status.DECIDED:
        try:
            result = kinds.result(program.rule_set.document.section, whole)
        except Undetermined as unknown:
            status, missing = Status.UNDETERMINED, unknown.missing or [unknown.slot]
    decision = Decision(
        program.rule_set.id,
        as_of.text,
        status,
        _outcome(program, runs, result) if status is Status.DECIDED else None,
        result,
        _hits(program, runs),
        list(dict.fromkeys(missing)),
        program.rule_set.closure,
        recorded,
    )
    return Decided(decision, program, whole, runs)


def _asked(program: Program, facts: Any, as_of: AsOf) -> Decision:
    return decide(program, facts, as_of).decision


def _recorded(program: Program, events: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if not events:
        return None
    if program.rule_set.kind in _FOLDS_HISTORY:
        msg = "history-not-carried-out"
        raise UnsupportedError(msg, name=program.rule_set.id)
    digest = hashlib.sha256(canonical_json([dict(event) for event in events]).encode()).hexdigest()
    return {"ids": [event["id"] for event in events], "digest": f"sha256:{digest}"}


def _runs(program: Program, env: Environment, facts: Any) -> tuple[Run, ...]:
    each = program.rule_set.document.each
    if each is None:
        return (_run(program, RuntimeScope(program, env, facts, {})),)
    items = RuntimeScope(program, env, facts, {}).read(each.list)
    return tuple(
        _run(program, RuntimeScope(program, env, facts, {each.as_: item}, alias=(each.as_, f"{each.list}[{index}]")))
        for index, item in enumerate(items or ())
    )


def _missing_list(program: Program, whole: RuntimeScope) -> list[str]:
    """Return the list that rules run over where it is missing: what it would hold is unknown, not nothing."""
    each = program.rule_set.document.each
    return [each.list] if each is not None and whole.read(each.list) is None else []


def _run(program: Program, scope: RuntimeScope) -> Run:
    rule_set = program.rule_set
    true, unknown = program.rules(scope.env, scope.facts, scope.names)
    if rule_set.skips_unknown:
        unknown = 0
    outputs = given_by_rules(program)
    outcome = combined(outputs, rule_set.hit_policy, [hit(program, scope, rule) for rule in _bits(true)])
    mattered = _mattered(program, scope, outputs, true, unknown, outcome) if unknown else ()
    if not mattered and outcome.status is not Status.UNDETERMINED:
        return Run(scope, true, unknown, outcome)
    missing = _missing(program, scope, mattered, _bits(true), outcome.null)
    return Run(scope, true, unknown, outcome, mattered, missing)


def given_by_rules(program: Program) -> list[Output]:
    """Return the outputs that rules give: all but the one the section gives."""
    given = kinds.section_output(program.rule_set.document.section)
    return [output for output in program.rule_set.outputs.values() if output.name != given]


def _bits(mask: int) -> list[int]:
    return [index for index in range(mask.bit_length()) if mask >> index & 1]


def hit(program: Program, scope: RuntimeScope, rule: int) -> dict[str, Any]:
    """Return what one rule gives, unrounded: output → value; outputs it does not give are not in it.

    Raises:
        EvaluationError: a computed value is none of those its output allows.
    """
    found = {}
    for name, given in program.formulas[rule].items():
        if isinstance(given, Constant):
            found[name] = given.value
        else:
            found[name] = _fitting(program, rule, name, given(scope.env, scope.facts, scope.names))
    return found


def _fitting(program: Program, rule: int, name: str, value: Any) -> Any:
    """Return a computed value, refused where the output does not allow it."""
    allowed = program.rule_set.outputs[name].one_of
    for each in value if isinstance(value, list) else [value]:
        if allowed is not None and each is not None and each not in allowed:
            msg = "output-not-allowed"
            raise EvaluationError(
                msg,
                name=name,
                rule=program.rule_set.rules[rule].id,
                found=str(each),
                expected=tuple(str(one) for one in allowed),
            )
    return value


def _mattered(
    program: Program, scope: RuntimeScope, outputs: Sequence[Output], true: int, unknown: int, base: Combined
) -> tuple[int, ...]:
    def outcome_with(rules: Sequence[int]) -> tuple[Status, Any]:
        """Return status and outcome, fit to compare, if some of the unknown rules were true."""
        mask = true | sum(1 << rule for rule in rules)
        return _comparable(outputs, combined(outputs, hit_policy, [hit(program, scope, each) for each in _bits(mask)]))

    hit_policy = program.rule_set.hit_policy
    return tuple(swaying(_bits(unknown), outcome_with, _comparable(outputs, base)))


def _comparable(outputs: Sequence[Output], outcome: Combined) -> tuple[Status, Any]:
    return outcome.status, None if outcome.values is None else formed(outputs, outcome.values)


def _missing(
    program: Program, scope: RuntimeScope, mattered: Sequence[int], hits: Sequence[int], null: Sequence[str]
) -> tuple[str, ...]:
    """Return what the unknown rules that matter missed, and what the outputs that are null missed."""
    found: list[str] = []
    for rule in mattered:
        for part in program.rule_set.rules[rule].when:
            if scope.part(part) not in (True, False):
                found += scope.missing_in(part)
    for rule in hits:
        for name in null:
            given = program.rule_set.rules[rule].then.get(name)
            if isinstance(given, Part):
                found += scope.missing_in(given)
    return tuple(dict.fromkeys(found))


def _status(runs: Sequence[Run]) -> Status:
    """Return how the whole ended: the gravest of its runs."""
    order = (Status.CONFLICT, Status.UNDETERMINED, Status.NO_HIT)
    found = {run.status for run in runs}
    return next((status for status in order if status in found), Status.DECIDED)


def _whole_scope(program: Program, env: Environment, facts: Any, runs: Sequence[Run]) -> RuntimeScope:
    each = program.rule_set.document.each
    if each is None:
        names = _seen(runs[0].outcome.values)
        return RuntimeScope(program, env, facts, names)
    items = [
        RuntimeScope(program, env, facts, {**run.scope.names, **_seen(run.outcome.values)}, alias=run.scope.alias)
        for run in runs
    ]
    return RuntimeScope(program, env, facts, {}, items=items)


def _seen(values: Any) -> dict[str, Any]:
    """Return the outputs as sections see them; of a list of outcomes each output is a list."""
    if isinstance(values, list):
        return {name: [each[name] for each in values] for name in (values[0] if values else ())}
    return dict(values or {})


def _outcome(program: Program, runs: Sequence[Run], result: Any) -> dict[str, Any] | list[Any]:
    outputs = list(program.rule_set.outputs.values())
    outcomes = [formed(outputs, run.outcome.values) for run in runs]
    if program.rule_set.document.each is not None:
        return outcomes
    given = kinds.section_output(program.rule_set.document.section)
    if given is not None and isinstance(outcomes[0], dict):
        values = {**outcomes[0], given: result.to_data()[given]}
        outcomes[0] = {output.name: values[output.name] for output in outputs}
    whole: dict[str, Any] | list[Any] = outcomes[0]
    return whole


def _hits(program: Program, runs: Sequence[Run]) -> list[Any]:
    names = [rule.id for rule in program.rule_set.rules]
    lists = [[names[rule] for rule in _bits(run.true)] for run in runs]
    return lists if program.rule_set.document.each is not None else lists[0]
