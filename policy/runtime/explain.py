"""Why a decision is as it is: the answer first, then every rule with the part that decided it and the value it saw.

Nothing of it is kept while deciding: it is computed again from the facts when it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from policy import kinds
from policy.feel.checker import paths
from policy.feel.nodes import Both, Either, Node
from policy.feel.problems import Note, noting
from policy.kinds.detailing import details
from policy.kinds.saying import sentence as said_of_result
from policy.kinds.statement import IncentiveResult
from policy.messages import Said, sentence
from policy.model.decision import Status
from policy.model.document import FieldClass
from policy.model.ruleset import Part, Rule
from policy.runtime.decide import Decided, Run, hit
from policy.runtime.hits import formed
from policy.runtime.leaves import leaf_nodes, negated
from policy.runtime.scope import RuntimeScope
from policy.runtime.showing import ALL_CLASSES, Eyes, shown
from policy.values import Language


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part of a condition that is not made of others by `and`, `or`, `not`.

    Attributes:
        text: As written; of a cell its column and the cell.
        verdict: True, false, or None for unknown.
        reads: Paths it reads.
        notes: Why it is null where an expression in it could not be computed.
    """

    text: str
    verdict: bool | None
    reads: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class RuleWhy:
    """How one rule came out over one scope.

    Attributes:
        number: Its number in the rule set, from 0.
        item: Number of the item under `each`, from 0; None without.
        verdict: True, false or None for unknown.
        counted: True where it is among the decision's hits.
        leaves: Every part of its condition.
        decisive: The first part that was false or unknown; None where the rule is true.
    """

    rule: Rule
    number: int
    scope: RuntimeScope
    item: int | None
    verdict: bool | None
    counted: bool
    leaves: tuple[Leaf, ...]
    decisive: Leaf | None


class DecisionExplanation:
    """The explanation of one decision.

    Args:
        decided: The decision with what it was made from.
    """

    def __init__(self, decided: Decided) -> None:
        self._decided = decided
        self._each = decided.program.rule_set.document.each is not None

    def rules(self) -> Iterator[RuleWhy]:
        """Yield every rule over every item, in order."""
        for index, run in enumerate(self._decided.runs):
            for number in range(len(self._decided.program.rule_set.rules)):
                yield self._rule(number, run, index if self._each else None)

    def to_text(self, language: Language, may_see: Collection[FieldClass] = ALL_CLASSES) -> str:
        """Write it for people: the answer, the reasons, then every rule on its line.

        Args:
            language: The reader's language.
            may_see: Classes of fields the reader may see; values of others are hidden.
        """
        data = self.to_data(language, may_see)
        answer = sentence("why-because", {"answer": data["answer"]}, language) if data["because"] else data["answer"]
        lines = [answer, *(f"  {each}" for each in data["because"])]
        if data["details"]:
            lines += ["", sentence("why-details", {}, language), *(f"  {each}" for each in data["details"])]
        if data["asked"]:
            lines += ["", *(question["reason"] for question in data["asked"])]
        item = object()
        for rule in data["rules"]:
            if rule["item"] != item:
                item = rule["item"]
                lines += ["", self._heading(item, language)]
            mark = {True: "✓", False: "✗", None: "?"}[rule["verdict"]]
            lines.append(f"  {mark} {rule['reason']}")
        return "\n".join(lines) + "\n"

    def to_data(self, language: Language, may_see: Collection[FieldClass] = ALL_CLASSES) -> dict[str, Any]:
        """Return it as plain data, sentences in `language`; see `to_text`."""
        decision = self._decided.decision
        eyes = Eyes(self._decided.program.rule_set, may_see, language)
        rules = list(self.rules())
        return {
            "status": str(decision.status),
            "answer": self._answer(eyes),
            "because": list(self._because(rules, eyes)) if decision.status is Status.DECIDED else [],
            "details": self._details(eyes),
            "asked": [self._question(index, eyes) for index in self._decided.scope.env.asked()],
            "rules": [self._rule_data(each, eyes) for each in rules],
        }

    def _heading(self, item: object, language: Language) -> str:
        if item is None:
            return sentence("why-rules", {}, language)
        each = self._decided.program.rule_set.document.each
        name = each.list if each is not None else ""
        return sentence("why-rules-item", {"list": name, "index": str(item)}, language)

    def _answer(self, eyes: Eyes) -> str:
        decision = self._decided.decision
        language = eyes.language
        match decision.status:
            case Status.UNDETERMINED:
                names = tuple(f"`{path}`" for path in decision.missing)
                code = "why-undetermined" if names else "why-undetermined-otherwise"
                return sentence(code, {"missing": names}, language)
            case Status.NO_HIT:
                return sentence("why-no-hit", {}, language)
            case Status.CONFLICT:
                return sentence("why-conflict", {"rules": self._in_conflict()}, language)
            case Status.DECIDED:
                return self._decided_answer(eyes)

    def _in_conflict(self) -> tuple[str, ...]:
        run = next(each for each in self._decided.runs if each.status is Status.CONFLICT)
        rules = self._decided.program.rule_set.rules
        return tuple(f"`{rule.id}`" for index, rule in enumerate(rules) if run.true >> index & 1)

    def _decided_answer(self, eyes: Eyes) -> str:
        result = self._decided.decision.result
        outputs = self._decided.program.rule_set.outputs
        if self._hides_pay(eyes):
            return sentence("why-hidden", {}, eyes.language)
        if isinstance(result, kinds.KindResult):
            labels = {name: output.label for name, output in outputs.items() if output.label is not None}
            return said_of_result(result, eyes.language, labels)
        outcome = self._decided.decision.outcome
        rows = outcome if isinstance(outcome, list) else [outcome]
        given = tuple(f"{name} = {shown(value, eyes.language)}" for row in rows for name, value in (row or {}).items())
        return sentence("why-gives", {"values": given}, eyes.language)

    def _hides_pay(self, eyes: Eyes) -> bool:
        """Say whether the result tells what somebody earns, and the reader may not see pay."""
        return isinstance(self._decided.decision.result, IncentiveResult) and not eyes.sees(FieldClass.PAY)

    def _details(self, eyes: Eyes) -> list[str]:
        result = self._decided.decision.result
        if self._hides_pay(eyes) or not isinstance(result, kinds.KindResult):
            return []
        return details(result, eyes.language)

    def _because(self, rules: list[RuleWhy], eyes: Eyes) -> Iterator[str]:
        seen: set[str] = set()
        for each in rules:
            if each.counted and each.rule.because is not None:
                text = eyes.reason(each.rule.because, self._with_outputs(each))
                if text not in seen:
                    seen.add(text)
                    yield text

    def _with_outputs(self, why: RuleWhy) -> RuntimeScope:
        """Return the scope a reason sees: also what its rule gives, rounded."""
        program = self._decided.program
        given = hit(program, why.scope, why.number)
        return why.scope.binding(formed(program.rule_set.outputs.values(), given))

    def _question(self, index: int, eyes: Eyes) -> dict[str, Any]:
        program = self._decided.program
        answer = self._decided.scope.env.answer(index)
        name = program.derived[index]
        policy = program.inquiries[index].policy
        value = eyes.value(self._decided.scope, name)
        values: dict[str, Said] = {
            "name": f"`{name}`",
            "policy": f"`{policy}`",
            "value": value,
            "missing": tuple(answer.missing),
        }
        code = "why-asked" if answer.value is not None else "why-asked-unknown"
        return {
            "name": name,
            "policy": policy,
            "value": value,
            "missing": list(answer.missing),
            "reason": sentence(code, values, eyes.language),
        }

    def _rule(self, number: int, run: Run, item: int | None) -> RuleWhy:
        leaves: list[Leaf] = []
        decisive: Leaf | None = None
        rule = self._decided.program.rule_set.rules[number]
        verdict = run.scope.all_hold(rule.when)
        for part in rule.when:
            of_part = run.scope.part(part)
            inside = [_leaf(part, node, run.scope) for node in leaf_nodes(part.checked.node)]
            leaves += inside
            if (
                decisive is None
                and verdict is not True
                and of_part is not True
                and (verdict is None) == (of_part is not False)
            ):
                decisive = _decisive(part, part.checked.node, run.scope, of_part)
        counted = bool(run.true >> number & 1)
        return RuleWhy(rule, number, run.scope, item, verdict, counted, tuple(leaves), decisive)

    def _rule_data(self, why: RuleWhy, eyes: Eyes) -> dict[str, Any]:
        return {
            "id": why.rule.id,
            "item": why.item,
            "verdict": why.verdict,
            "counted": why.counted,
            "reason": self._reason(why, eyes),
            "parts": [_leaf_data(leaf, why.scope, eyes) for leaf in why.leaves],
            "decisive": None if why.decisive is None else _leaf_data(why.decisive, why.scope, eyes),
        }

    def _reason(self, why: RuleWhy, eyes: Eyes) -> str:
        name = f"`{why.rule.id}`"
        language = eyes.language
        if why.decisive is None:
            code = "why-hit" if why.counted else "why-after-hit"
            leaves = [leaf for part in why.rule.when for leaf in _supporting(part, part.checked.node, why.scope)]
            parts = tuple(dict.fromkeys(_seen(leaf, why.scope, eyes) for leaf in leaves if leaf.reads))
            return sentence(code if parts else f"{code}-always", {"rule": name, "seen": parts}, language)
        values: dict[str, Said] = {
            "rule": name,
            "part": f"`{why.decisive.text}`",
            "seen": _seen(why.decisive, why.scope, eyes),
        }
        if why.verdict is False:
            code = "why-not" if why.decisive.reads else "why-not-always"
            return sentence(code, values, language)
        missing = tuple(f"`{path}`" for path in _missing(why))
        if missing:
            return sentence("why-unknown-missing", {**values, "missing": missing}, language)
        notes = tuple(note.text(language) for note in why.decisive.notes)
        return sentence("why-unknown-note" if notes else "why-unknown", {**values, "notes": notes}, language)


def explain(decided: Decided) -> DecisionExplanation:
    """Return the explanation of a decision."""
    return DecisionExplanation(decided)


def _leaf(part: Part, node: Node, scope: RuntimeScope) -> Leaf:
    notes: list[Note] = []
    with noting(notes):
        value = scope.node(part, node)
    verdict = value if isinstance(value, bool) else None
    if part.subject is not None:
        return Leaf(f"{part.subject}: {part.text}", verdict, part.reads, tuple(notes))
    text = " ".join(part.text[node.start : node.end].split())
    reads = tuple(read for read in part.reads if tuple(read.split(".")) in _reads(node))
    return Leaf(text, verdict, reads, tuple(notes))


def _reads(node: Node) -> set[tuple[str, ...]]:
    return set(paths(node))


def _decisive(part: Part, node: Node, scope: RuntimeScope, verdict: Any) -> Leaf:
    """Return the first part that made a condition false or unknown."""
    inside = negated(node)
    if inside is not None:
        return _decisive(part, inside, scope, scope.node(part, inside))
    if isinstance(node, Both | Either):
        values = [scope.node(part, each) for each in node.parts]
        same = [each for each, value in zip(node.parts, values, strict=True) if value is verdict]
        chosen = same[0] if same else node.parts[0]
        return _decisive(part, chosen, scope, verdict)
    return _leaf(part, node, scope)


def _supporting(part: Part, node: Node, scope: RuntimeScope, wanted: bool = True) -> Iterator[Leaf]:  # noqa: FBT001, FBT002
    """Yield the parts that made a condition what it is: `wanted`."""
    inside = negated(node)
    if inside is not None:
        yield from _supporting(part, inside, scope, not wanted)
    elif isinstance(node, Both | Either):
        for each in node.parts:
            if scope.node(part, each) is wanted:
                yield from _supporting(part, each, scope, wanted)
    else:
        yield _leaf(part, node, scope)


def _missing(why: RuleWhy) -> list[str]:
    found: dict[str, None] = {}
    for part in why.rule.when:
        if not isinstance(why.scope.part(part), bool):
            found.update(dict.fromkeys(why.scope.missing_in(part)))
    return list(found)


def _seen(leaf: Leaf, scope: RuntimeScope, eyes: Eyes) -> str:
    """Write what a part saw: its text, and each value it read."""
    joint = "，" if eyes.language is Language.ZH else ", "
    values = joint.join(f"{path} = {eyes.value(scope, path)}" for path in leaf.reads)
    return values or f"`{leaf.text}`"


def _leaf_data(leaf: Leaf, scope: RuntimeScope, eyes: Eyes) -> dict[str, Any]:
    return {
        "text": leaf.text,
        "verdict": leaf.verdict,
        "reads": [
            {
                "path": path,
                "label": eyes.label(path),
                "value": eyes.value(scope, path),
                "hidden": not eyes.may_see(path),
            }
            for path in leaf.reads
        ],
        "notes": [note.text(eyes.language) for note in leaf.notes],
    }
