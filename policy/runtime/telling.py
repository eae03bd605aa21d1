"""Tells what stands behind the rows of a result: the condition that failed, the value it saw, the reason of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from policy.compilers.python import Program
from policy.kinds.approval import ApprovalSection
from policy.kinds.assignment import AssignmentSection
from policy.kinds.incentive import IncentiveSection
from policy.kinds.labels import labels
from policy.messages import Said, sentence
from policy.model.document import Combine, HitPolicy
from policy.model.ruleset import Output, Part
from policy.runtime import members
from policy.runtime.decide import Decided, Run, given_by_rules, hit
from policy.runtime.hits import combined, formed
from policy.runtime.leaves import Leaf, decisive, opposing
from policy.runtime.scope import RuntimeScope
from policy.runtime.showing import Eyes
from policy.values import Text


def gave(program: Program, run: Run) -> set[int]:
    """Return the numbers of the rules that gave the outcome: not those it would be the same without.

    Under `priority` they are the rules that give the best outcome; under `collect` those that add to it, or all
    where none does; under every other hit policy all hits.
    """
    true = [index for index in range(run.true.bit_length()) if run.true >> index & 1]
    outputs = given_by_rules(program)
    values = run.outcome.values
    if program.rule_set.hit_policy is HitPolicy.PRIORITY and isinstance(values, dict):
        best = formed(outputs, values)
        return {each for each in true if _alone(program, run, outputs, each) == best}
    if program.rule_set.hit_policy is HitPolicy.COLLECT and isinstance(values, dict):
        adding = {each for each in true if _adds(hit(program, run.scope, each), outputs, values)}
        return adding or set(true)
    return set(true)


def _alone(program: Program, run: Run, outputs: Sequence[Output], rule: int) -> Any:
    return formed(outputs, combined(outputs, HitPolicy.FIRST, [hit(program, run.scope, rule)]).values or {})


def _adds(given: Mapping[str, Any], outputs: Sequence[Output], whole: Mapping[str, Any]) -> bool:
    """Say whether what one rule gives is anything in what all of them come to."""
    for output in outputs:
        value = given.get(output.name)
        if output.name not in given or value == []:
            continue
        if output.combine is Combine.SUM and value == 0:
            continue
        if output.combine in (Combine.MIN, Combine.MAX) and value != whole.get(output.name):
            continue
        return True
    return False


@dataclass(frozen=True, slots=True)
class Barring:
    """A row that shuts somebody out.

    Attributes:
        row: Its id, or that of a guard rail.
        is_known: False where it shuts out because something is not known.
        parts: What holds and must not, as an explanation writes it; of what is not known the part that is asked.
        seen: What the values are called that were read, and the values.
        reads: The paths of `seen`, in the same order.
        numbers: Path → the value, of the numbers among them that may be seen.
        missing: Part → the members it looks for and does not find, as they are called.
    """

    row: str
    is_known: bool
    parts: tuple[str, ...] = ()
    seen: tuple[tuple[str, str], ...] = ()
    reads: tuple[str, ...] = ()
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Telling:
    """Tells of the rows of one decision's result.

    Args:
        decided: The decision.
        eyes: Its reader.
    """

    def __init__(self, decided: Decided, eyes: Eyes) -> None:
        self._scope = decided.scope
        self._section = decided.program.rule_set.document.section
        self._eyes = eyes

    def row(self, row: str, person: str) -> str:
        """Tell why a row of the section shuts a person out: its id, the part that decided, the value it saw."""
        if row in ("requester", "inactive", "absent"):
            return sentence(f"told-{row}", {}, self._eyes.language)
        found = self._condition(row, person)
        if found is None:
            return self._row(row)
        scope, parts, wanted = found
        return self._told(row, scope, parts, wanted=wanted)

    def barring(self, row: str, person: str) -> Barring:
        """Return in parts why a row that should be true shuts a person out."""
        found = self._condition(row, person)
        if found is None or not found[2]:
            return Barring(row, is_known=True)
        scope, parts, _ = found
        wrong = [part for part in parts if scope.part(part) is False]
        false = [(part, leaf) for part in wrong for leaf in opposing(part, scope)]
        unsure = None if false else decisive(parts, scope)
        leaves = [leaf for _, leaf in false] if unsure is None else [unsure]
        reads = dict.fromkeys(path for leaf in leaves for path in leaf.reads)
        outputs = scope.program.rule_set.outputs
        called = {path: self._eyes.output(path) if path in outputs else self._eyes.label(path) for path in reads}
        seen = tuple((called[path], self._eyes.value(scope, path)) for path in reads)
        known = {path: scope.read(path) for path in reads if self._eyes.may_see(path)}
        numbers = {path: value for path, value in known.items() if isinstance(value, Decimal)}
        missing = {leaf.text: named for part, leaf in false if (named := self._missing(part, leaf, scope))}
        return Barring(row, bool(false), tuple(leaf.text for leaf in leaves), seen, tuple(reads), numbers, missing)

    def _missing(self, part: Part, leaf: Leaf, scope: RuntimeScope) -> tuple[str, ...]:
        """Return the members a part looks for and does not find; none where they may not be seen."""
        if part.subject is not None or scope.node(part, leaf.node) is not False:
            return ()
        found = members.missing(part, leaf.node, scope)
        if found is None or not all(map(self._eyes.may_see, leaf.reads)):
            return ()
        path, values = found
        return tuple(self._eyes.member(path, value) for value in values if value is not None)

    def _row(self, row: str) -> str:
        name = self.called(row)
        return f"`{row}`" if name == row else name

    def _told(self, row: str, scope: RuntimeScope, parts: Sequence[Part], *, wanted: bool) -> str:
        leaf = decisive(parts, scope) if wanted else None
        reads = leaf.reads if leaf is not None else [path for part in parts for path in part.reads]
        text = leaf.text if leaf is not None else " ".join(parts[0].text.split())
        seen = tuple(f"{self._eyes.label(path)} = {self._eyes.value(scope, path)}" for path in dict.fromkeys(reads))
        values: dict[str, Said] = {"row": self._row(row), "part": f"`{text}`", "seen": seen}
        return sentence("told-row" if seen else "told-row-bare", values, self._eyes.language)

    def _condition(self, row: str, person: str) -> tuple[RuntimeScope, Sequence[Part], bool] | None:
        """Return the condition of a row over one person, and whether it should be true."""
        rules = self._scope.program.rule_set
        if isinstance(self._section, AssignmentSection) and self._section.allocate is not None:
            allocate = self._section.allocate
            scope = self._over("manager", allocate.candidates, person)
            for eligible in allocate.eligible:
                if eligible.id == row and scope is not None:
                    return scope, rules.conditions[eligible.when], True
        if isinstance(self._section, ApprovalSection):
            scope = self._over("approver", "approvers", person)
            for separation in self._section.separation:
                if separation.id == row and scope is not None:
                    return scope, (rules.expressions[separation.never],), False
        return None

    def called(self, name: str) -> str:
        """Return what a row of the section is called, its id where it has no label."""
        label = labels(self._section).get(name)
        return name if label is None else label.to(self._eyes.language)

    def stage(self, stage: str, person: str) -> str:
        """Tell why a person is not meant by a stage."""
        scope = self._over("approver", "approvers", person)
        if not isinstance(self._section, ApprovalSection) or scope is None:
            return "`who`"
        who = next(each.who for each in self._section.stages if each.id == stage)
        return self._told("who", scope, (self._scope.program.rule_set.expressions[who],), wanted=True)

    def _over(self, name: str, path: str, person: str) -> RuntimeScope | None:
        for each in self._scope.read(path) or ():
            if isinstance(each, dict) and str(each.get("id")) == person:
                return self._scope.binding({name: each})
        return None

    def line(self, line: str) -> str | None:
        """Return the reason the policy gives for a line or an award of a statement."""
        if not isinstance(self._section, IncentiveSection):
            return None
        because: dict[str, Text | None] = {str(each.id): each.because for each in self._section.adjustments}
        because |= {str(each.id): each.because for each in self._section.awards}
        found = because.get(line)
        return None if found is None else self._eyes.reason(found, self._scope)
