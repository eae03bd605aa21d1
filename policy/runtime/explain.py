"""Why a decision is as it is: the answer first, then every rule with the part that decided it and the value it saw.

Nothing of it is kept while deciding: it is computed again from the facts when it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policy import kinds
from policy.feel.reckoning import reckon
from policy.kinds.assignment import AssignmentResult
from policy.kinds.detailing import details
from policy.kinds.saying import sentence as said_of_result
from policy.kinds.statement import IncentiveResult
from policy.messages import Said, sentence
from policy.model.decision import Status
from policy.model.document import FieldClass
from policy.model.ruleset import Rule
from policy.runtime.adding import Adding, additions
from policy.runtime.decide import Decided, Run, hit
from policy.runtime.environment import Answer
from policy.runtime.hits import formed
from policy.runtime.leaves import Leaf, decisive, leaves, supporting
from policy.runtime.scope import RuntimeScope
from policy.runtime.showing import ALL_CLASSES, Eyes, gives, labelled
from policy.runtime.telling import Barring, Telling, gave
from policy.values import Language

_ITEMS_NAMED = 3
"""Items a reason names by their place; of more it says how many."""


@dataclass(frozen=True, slots=True)
class RuleWhy:
    """How one rule came out over one scope.

    Attributes:
        number: Its number in the rule set, from 0.
        item: Number of the item under `each`, from 0; None without.
        verdict: True, false or None for unknown.
        counted: True where it is among the decision's hits.
        gave: True where the outcome is what it gave, alone or with others.
        leaves: Every part of its condition.
        decisive: The first part that was false or unknown; None where the rule is true.
    """

    rule: Rule
    number: int
    scope: RuntimeScope
    item: int | None
    verdict: bool | None
    counted: bool
    gave: bool
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
        return reckon(self._data, language, may_see)

    def answer(self, language: Language, may_see: Collection[FieldClass] = ALL_CLASSES) -> str:
        """Return the first sentence alone; see `to_text`."""
        return reckon(self._said, language, may_see)

    def because(self, language: Language, may_see: Collection[FieldClass] = ALL_CLASSES) -> list[str]:
        """Return the reasons of a decision that was made, without the rest; see `to_text`."""
        return reckon(self._reasons, language, may_see)

    def given(
        self, language: Language, may_see: Collection[FieldClass] = ALL_CLASSES
    ) -> dict[tuple[int | None, str], tuple[str | None, dict[str, Any]]]:
        """Return the reason of each rule that gave something, None where it has none, and what it gave.

        Returns:
            Item, from 0, None without items, and id of the rule → reason, and output → value.
        """
        return reckon(self._given, language, may_see)

    def barred(
        self, language: Language, may_see: Collection[FieldClass] = ALL_CLASSES
    ) -> dict[str, tuple[Barring, ...]]:
        """Return candidate → the rows of an assignment that exclude them, each with what holds instead."""
        return reckon(self._barred, language, may_see)

    def additions(self) -> dict[str, Adding]:
        """Return how each addition of a statement came out, by the id of its line; nothing of another kind."""
        return reckon(additions, self._decided)

    def _barred(self, language: Language, may_see: Collection[FieldClass]) -> dict[str, tuple[Barring, ...]]:
        telling = Telling(self._decided, Eyes(self._decided.program.rule_set, may_see, language))
        result = self._decided.decision.result
        excluded = result.excluded if isinstance(result, AssignmentResult) else ()
        return {
            each.manager: tuple(telling.barring(row, each.manager) for row in (*each.by, *each.unknown))
            for each in excluded
        }

    def _given(
        self, language: Language, may_see: Collection[FieldClass]
    ) -> dict[tuple[int | None, str], tuple[str | None, dict[str, Any]]]:
        program = self._decided.program
        eyes = Eyes(program.rule_set, may_see, language)
        found: dict[tuple[int | None, str], tuple[str | None, dict[str, Any]]] = {}
        for each in self.rules():
            if each.gave:
                because = each.rule.because
                reason = None if because is None else eyes.reason(because, self._with_outputs(each))
                values = formed(program.rule_set.outputs.values(), hit(program, each.scope, each.number))
                found[each.item, each.rule.id] = (reason, dict(values))
        return found

    def _reasons(self, language: Language, may_see: Collection[FieldClass]) -> list[str]:
        eyes = Eyes(self._decided.program.rule_set, may_see, language)
        is_made = self._decided.decision.status is Status.DECIDED
        return list(self._because(list(self.rules()), eyes)) if is_made else []

    def _said(self, language: Language, may_see: Collection[FieldClass]) -> str:
        return self._answer(Eyes(self._decided.program.rule_set, may_see, language))

    def _data(self, language: Language, may_see: Collection[FieldClass]) -> dict[str, Any]:
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
                names = tuple(_missing_name(path, language) for path in decision.missing)
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
        if self._hides_pay(eyes):
            return sentence("why-hidden", {}, eyes.language)
        if isinstance(result, kinds.KindResult):
            return said_of_result(result, eyes.language, labelled(self._decided.program.rule_set))
        outcome = self._decided.decision.outcome
        rows = outcome if isinstance(outcome, list) else [outcome]
        pairs = (each for row in rows for each in (row or {}).items())
        return gives(((eyes.output(name), eyes.given(name, value)) for name, value in pairs), eyes.language)

    def _hides_pay(self, eyes: Eyes) -> bool:
        """Say whether the result tells what somebody earns, and the reader may not see pay."""
        return isinstance(self._decided.decision.result, IncentiveResult) and not eyes.sees(FieldClass.PAY)

    def _details(self, eyes: Eyes) -> list[str]:
        result = self._decided.decision.result
        if self._hides_pay(eyes) or not isinstance(result, kinds.KindResult):
            return []
        return details(result, eyes.language, Telling(self._decided, eyes))

    def _because(self, rules: list[RuleWhy], eyes: Eyes) -> Iterator[str]:
        items: dict[str, list[int | None]] = {}
        for each in rules:
            if each.gave and each.rule.because is not None:
                text = eyes.reason(each.rule.because, self._with_outputs(each))
                items.setdefault(text, []).append(each.item)
        for text, places in items.items():
            yield text if places[0] is None else _of_items(text, places, eyes.language)

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
            "name": f"`{name}`" if eyes.label(name) == name else eyes.label(name),
            "policy": f"`{policy}`",
            "value": value,
            "missing": tuple(answer.missing),
        }
        code = "why-asked" if answer.value is not None else _unanswered(answer)
        return {
            "name": name,
            "policy": policy,
            "value": value,
            "missing": list(answer.missing),
            "reason": sentence(code, values, eyes.language),
        }

    def _rule(self, number: int, run: Run, item: int | None) -> RuleWhy:
        rule = self._decided.program.rule_set.rules[number]
        verdict = run.scope.all_hold(rule.when)
        return RuleWhy(
            rule,
            number,
            run.scope,
            item,
            verdict,
            bool(run.true >> number & 1),
            number in gave(self._decided.program, run),
            tuple(leaf for part in rule.when for leaf in leaves(part, run.scope)),
            decisive(rule.when, run.scope) if verdict is not True else None,
        )

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
        values: dict[str, Said] = {"rule": f"`{why.rule.id}`"}
        if why.decisive is None:
            found = [leaf for part in why.rule.when for leaf in supporting(part, why.scope)]
            parts = _seen(found, why.scope, eyes)
            code = "why-hit" if why.gave else "why-outranked" if why.counted else "why-after-hit"
            return sentence(code if parts else f"{code}-always", {**values, "seen": parts}, eyes.language)
        values |= {"part": f"`{why.decisive.text}`", "seen": _seen([why.decisive], why.scope, eyes)}
        if why.verdict is False:
            return sentence("why-not" if why.decisive.reads else "why-not-always", values, eyes.language)
        missing = why.scope.missing_among(why.decisive.reads, why.decisive.text)
        if missing:
            named = tuple(f"`{path}`" for path in missing)
            return sentence("why-unknown-missing", {**values, "missing": named}, eyes.language)
        notes = tuple(note.text(eyes.language) for note in why.decisive.notes)
        return sentence("why-unknown-note" if notes else "why-unknown", {**values, "notes": notes}, eyes.language)


def _of_items(text: str, items: Sequence[int | None], language: Language) -> str:
    """Return a reason with the items it is about, the first few by their number from 1."""
    numbers = [str((item or 0) + 1) for item in items[:_ITEMS_NAMED]]
    places = tuple(sentence("why-item", {"number": each}, language) for each in numbers)
    more = len(items) - len(places)
    values: dict[str, Said] = {"reason": text, "items": places, "more": more}
    return sentence("why-of-items-more" if more else "why-of-items", values, language)


def _missing_name(path: str, language: Language) -> str:
    """Return what is missing in words: a path, or another policy that has no answer."""
    policy, colon, status = path.partition(": ")
    if colon and status in (Status.NO_HIT, Status.CONFLICT):
        return sentence(f"why-no-answer-{status.replace('_', '-')}", {"policy": f"`{policy}`"}, language)
    return f"`{path}`"


def _unanswered(answer: Answer) -> str:
    """Return the code of the sentence about a policy that gave no answer."""
    status = None if answer.decision is None else answer.decision.status
    return {Status.NO_HIT: "why-asked-no-hit", Status.CONFLICT: "why-asked-conflict"}.get(status, "why-asked-unknown")  # type: ignore[arg-type]


def explain(decided: Decided) -> DecisionExplanation:
    """Return the explanation of a decision."""
    return DecisionExplanation(decided)


def _seen(found: Sequence[Leaf], scope: RuntimeScope, eyes: Eyes) -> tuple[str, ...]:
    """Return each value that some parts of a condition read, once, under the name people know."""
    paths = dict.fromkeys(path for leaf in found for path in leaf.reads)
    return tuple(f"{eyes.label(path)} = {eyes.value(scope, path)}" for path in paths)


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
