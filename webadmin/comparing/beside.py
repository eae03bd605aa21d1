"""One case under two revisions: both answers, where they differ, and which parts of the change touch the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from werkzeug.datastructures import MultiDict

from policy.engine import Policy
from policy.errors import EvaluationError, FactsError
from policy.model.canonical import canonical_json
from policy.model.comparison import Difference
from policy.model.comparison import differences as of_documents
from policy.model.document import FieldClass
from policy.model.fields import Field, Group
from policy.model.ruleset import Output
from policy.runtime.explain import DecisionExplanation
from policy.values import Language, Text
from webadmin.access.sight import sight_of
from webadmin.comparing.labelling import labelled
from webadmin.comparing.sources import Filled
from webadmin.comparison import pair
from webadmin.comparison.inputs import merged, only_in, unknown
from webadmin.comparison.pair import Answer, Pair, Verdict
from webadmin.comparison.sides import Side
from webadmin.decisions.differing import differences
from webadmin.explaining import Explained, rows
from webadmin.filling import happened, typed
from webadmin.filling.forms import FactsForm
from webadmin.filling.happened import History, Raised
from webadmin.wording import people, rules
from webadmin.wording.places import Places
from webadmin.wording.rules import Changed

MOST_PLACES = 50
"""Places of a result that are told one by one."""

_UNTOLD = frozenset({"tests", "title", "source", "policy", "language"})
"""Parts of a document that decide nothing."""


@dataclass(frozen=True, slots=True)
class View:
    """What one side says.

    Attributes:
        explained: The decision with its reasons; None where there is none.
        problems: Why there is none.
        unknown: Paths of given facts it has no input for.
        hidden: Whether part of the outcome is hidden from the reader.
    """

    side: Side
    explained: Explained | None
    problems: Sequence[str]
    unknown: Sequence[str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing both give.

    Attributes:
        label: What it is called: of an output its label, else its name.
        item: Number of the item it is of, from 1; None where there are none.
        one: Its value, None where there is none.
        outputs: What each side declares it as; None for what a section makes, and where a side does not have it.
    """

    label: Text | str
    item: int | None
    one: Any
    other: Any
    outputs: tuple[Output | None, Output | None] = (None, None)

    @property
    def differs(self) -> bool:
        """Say whether the two are different."""
        return canonical_json(self.one) != canonical_json(self.other)


@dataclass(frozen=True, slots=True)
class Touch:
    """A rule the two revisions do not have alike, and that this case touches.

    Attributes:
        hits: Sides on which it hits: `one`, `other`.
        differences: What is different in it.
        said: What it says on both sides, in words; None where it says the same.
    """

    rule: str
    hits: tuple[str, ...]
    differences: tuple[Difference, ...]
    said: Changed | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Both answers.

    Attributes:
        lines: What they give, thing by thing.
        places: Where their results differ, place by place: pointer, and the two values.
        touched: Changed rules that hit on one side or the other.
        apart: Rules that hit on one side only and are written alike on both.
        others: Other differences between the revisions that may matter: derived values, bands, rates.
        documents: Other documents that are not the same on both sides: the vocabulary, tables, policies asked.
        where: Says where something is different.
    """

    verdict: Verdict
    views: tuple[View, View]
    lines: Sequence[Line]
    places: Sequence[Mapping[str, Any]]
    touched: Sequence[Touch]
    apart: Sequence[str]
    others: Sequence[Difference]
    documents: Sequence[str]
    where: Places

    @property
    def differing(self) -> int:
        """Return how many of the lines differ."""
        return sum(each.differs for each in self.lines)

    @property
    def people(self) -> frozenset[str]:
        """Return the ids of everybody the two results speak of."""
        results = [each.explained.result for each in self.views if each.explained is not None]
        return frozenset(who for each in results for who in people.named_in(each))

    @property
    def called(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return what the rules of each side are called, by that side's own words."""
        one, other = ({} if each.explained is None else each.explained.words.rules for each in self.views)
        return one, other


@dataclass(frozen=True, slots=True)
class Trial:
    """The form and, where it was fit to decide, both answers."""

    form: FactsForm
    fields: Mapping[str, Field]
    only_one: tuple[Field, ...]
    only_other: tuple[Field, ...]
    beside: Beside | None = None
    raised: tuple[Raised, Raised] | None = None

    @property
    def answered(self) -> bool:
        """Say whether something was said about what was typed."""
        return self.beside is not None or bool(self.form.mistakes())


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: in which language, for which classes of values, and on which day."""

    language: Language
    classes: frozenset[FieldClass]
    today: date


def empty(sides: tuple[Side, Side], asker: Asker) -> Trial:
    """Return the form before anything is typed."""
    tree = _tree(sides)
    circumstances = MultiDict({"as_of": asker.today.isoformat()})
    return _trial(sides, FactsForm(tree, typed.first(tree), circumstances, _history(sides)))


def filled(sides: tuple[Side, Side], facts: Filled, asker: Asker) -> Trial:
    """Fill the form with facts that are there already, and answer."""
    tree = _tree(sides)
    events = canonical_json(list(facts.events)) if facts.events else ""
    circumstances = MultiDict({"as_of": facts.as_of or asker.today.isoformat(), "events": events})
    form = FactsForm(tree, typed.from_facts(tree, _plain(facts.facts)), circumstances, _history(sides))
    return _decided(sides, form, asker, _history(sides))


def from_form(sides: tuple[Side, Side], form: MultiDict[str, str], asker: Asker) -> Trial:
    """Fill the form with what was typed; a row more or less where that was asked, else answer."""
    tree = _tree(sides)
    facts = typed.from_form(tree, form)
    if {"add", "remove", "keep"} & form.keys():
        typed.with_row(tree, facts, form.get("add", ""))
        typed.without_row(tree, facts, form.get("remove", ""))
        return _trial(sides, FactsForm(tree, facts, form, _history(sides, form)))
    history = _history(sides, form)
    return _decided(sides, FactsForm(tree, facts, form, history), asker, history)


def _history(sides: tuple[Side, Side], form: MultiDict[str, str] | None = None) -> History:
    return History.of([each.policy for each in sides], form)


def _tree(sides: tuple[Side, Side]) -> Group:
    return merged(sides[0].policy.reader.group, sides[1].policy.reader.group)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts without what is null: it was hidden, or never there."""
    return {
        name: _plain(value) if isinstance(value, Mapping) else value
        for name, value in facts.items()
        if value is not None
    }


def _trial(sides: tuple[Side, Side], form: FactsForm, beside: Beside | None = None) -> Trial:
    one, other = (each.policy for each in sides)
    fields = {**one.rule_set.fields, **other.rule_set.fields}
    return Trial(form, fields, only_in(one, other), only_in(other, one), beside)


def _decided(sides: tuple[Side, Side], form: FactsForm, asker: Asker, history: History) -> Trial:
    sound = form.validate()
    raised = _raised(sides, form, asker, history)
    return replace(_answered(sides, form, asker) if sound else _trial(sides, form), raised=raised)


def _raised(sides: tuple[Side, Side], form: FactsForm, asker: Asker, history: History) -> tuple[Raised, Raised] | None:
    """Return what the events raise under each; None where there are none, or what is wrong stands beside them."""
    if not history.types or not form.history():
        return None
    try:
        one, other = (happened.raised(each.policy, history, form.history()) for each in sides)
    except FactsError as error:
        form.refuse(error.problems, asker.language)
    except EvaluationError as error:
        form.errors.append(error.text(asker.language))
    else:
        return one, other
    return None


def _answered(sides: tuple[Side, Side], form: FactsForm, asker: Asker) -> Trial:
    as_of = form.circumstances.as_of.data or asker.today.isoformat()
    facts = form.facts()
    answers = Pair(sides[0].policy, sides[1].policy).decide(facts, as_of, form.events(), explain=True)
    return _trial(sides, form, beside(sides, answers, facts, asker))


def beside(sides: tuple[Side, Side], answers: tuple[Answer, Answer], facts: Mapping[str, Any], asker: Asker) -> Beside:
    """Return both answers beside each other."""
    one, other = (_view(side, answer, facts, asker) for side, answer in zip(sides, answers, strict=True))
    changed = of_documents(*(each.policy.rule_set.document for each in sides))
    hits = [set(pair.hits(each)) for each in answers]
    policies = (sides[0].policy, sides[1].policy)
    said = {each.id: each for each in rules.changed(*policies, asker.language)}
    touched = tuple(_touched(changed, hits, said))
    written = {each.rule for each in touched}
    return Beside(
        pair.verdict(*answers),
        (one, other),
        tuple(_lines(one, other)),
        tuple(_places(one, other)),
        touched,
        tuple(sorted((hits[0] ^ hits[1]) - written)),
        tuple(each for each in changed if each.path[0] not in {*_UNTOLD, "rules"}),
        tuple(_documents(*policies)),
        Places(policies, asker.language),
    )


def _view(side: Side, answer: Answer, facts: Mapping[str, Any], asker: Asker) -> View:
    spare = unknown(side.policy, facts)
    decision = answer.decision
    if decision is None or answer.data is None or not isinstance(decision.explanation, DecisionExplanation):
        fields = side.policy.rule_set.fields
        problems = tuple(labelled(each, fields) for each in _problems(answer, asker.language))
        return View(side, None, problems, spare)
    sight = sight_of(side.policy, asker.classes)
    data, hidden = sight.decision(answer.data, facts)
    shut = [each for each in hidden if each.startswith(("/decision/outcome", "/decision/result"))]
    why = sight.explanation(decision.explanation, facts, asker.language)
    result = None if any(each.startswith("/decision/result") for each in shut) else decision.result
    outcome = rows(data["outcome"] if shut else decision.outcome)
    return View(side, Explained(side.policy, decision, why, outcome, result, asker.classes), (), spare, bool(shut))


def _problems(answer: Answer, language: Language) -> Iterator[str]:
    for each in answer.problems:
        path = each.pointer.removeprefix("/").replace("/", ".")
        said = each.text(language)
        yield f"`{path}`: {said}" if path and path not in said else said
    for why in () if answer.problems else answer.reasons():
        yield why.text.to(language)


def _lines(one: View, other: View) -> Iterator[Line]:
    """Yield what both give: every output, of every item, then what stands at the top of their results."""
    sides = (one.explained, other.explained)
    outcomes = [() if each is None else each.outcome for each in sides]
    outputs = [each.side.policy.rule_set.outputs for each in (one, other)]
    count = max(map(len, outcomes))
    for item in range(count):
        values = [each[item] if item < len(each) and isinstance(each[item], Mapping) else {} for each in outcomes]
        for name in dict.fromkeys((*outputs[0], *outputs[1])):
            known = (outputs[0].get(name), outputs[1].get(name))
            label = next((each.label for each in reversed(known) if each is not None and each.label), None) or name
            yield Line(label, item + 1 if count > 1 else None, values[0].get(name), values[1].get(name), known)
    results = [_top(each) for each in sides]
    for name in dict.fromkeys((*results[0], *results[1])):
        if name not in outputs[0] and name not in outputs[1]:
            yield Line(name, None, results[0].get(name), results[1].get(name))


def _top(explained: Explained | None) -> dict[str, Any]:
    """Return the single values at the top of a result."""
    if explained is None or explained.result is None:
        return {}
    data = explained.result.to_data()
    return {name: value for name, value in data.items() if not isinstance(value, Mapping | list | tuple)}


def _places(one: View, other: View) -> Iterator[Mapping[str, Any]]:
    found = [each.explained for each in (one, other) if each.explained is not None]
    results = [each.result.to_data() for each in found if each.result is not None]
    if len(results) == 2:
        yield from islice(differences(results[0], results[1]), MOST_PLACES)


def _touched(changed: Sequence[Difference], hits: Sequence[set[str]], said: Mapping[str, Changed]) -> Iterator[Touch]:
    of_rules = [each for each in changed if each.path[0] == "rules" and len(each.path) > 1]
    for rule in dict.fromkeys(each.path[1] for each in of_rules):
        where = tuple(name for name, held in zip(("one", "other"), hits, strict=True) if rule in held)
        if where:
            yield Touch(rule, where, tuple(each for each in of_rules if each.path[1] == rule), said.get(rule))


def _documents(one: Policy, other: Policy) -> Iterator[str]:
    """Yield the names of other documents that the two do not have alike."""
    closures = [{name: each for name, each in of.rule_set.closure.items() if name != of.id} for of in (one, other)]
    for name in sorted({*closures[0], *closures[1]}):
        if closures[0].get(name) != closures[1].get(name):
            yield name
