"""Trying a policy: its form, filled by hand or from what the record holds, and the decision. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from policy.engine import Policy
from policy.errors import EvaluationError, FactsError, Finding
from policy.model.canonical import canonical_json
from policy.model.decision import Decision
from policy.model.fields import Field
from policy.model.instants import zone
from policy.model.ruleset import Case
from policy.runtime.showing import ALL_CLASSES
from policy.values import Language
from webadmin import filters
from webadmin.explaining import Explained
from webadmin.filling import happened, typed
from webadmin.filling.candidates import Candidates
from webadmin.filling.forms import FactsForm
from webadmin.filling.happened import History, Raised
from webadmin.rulesets import testing
from webadmin.store.revisions import Act

NEAR = 3
"""Rules that nearly hit which are shown before the list of all."""


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that would hit but for one part of its condition.

    Attributes:
        item: Number of the item it was asked for, from 1; None without items.
        part: The part, as explanations on pages have it; its verdict is None where something is missing.
    """

    rule: str
    item: int | None
    part: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts in a form come from.

    Attributes:
        said: What it is called: a test, a customer, a deal, a decision; empty where there was none.
        hidden: Fields left empty because the reader may not see them; None as field: what happened before.
        wanted: Id of a rule the facts are to hit; empty for none.
        candidates: The account managers that are filled in; None where the policy chooses nobody.
        is_hit: False where the rule that is wanted does not hit by these facts yet.
        never: Why no facts can hit it; None where that is not known.
    """

    said: str
    hidden: Sequence[Field | None] = ()
    wanted: str = ""
    candidates: Candidates | None = None
    is_hit: bool = True
    never: Finding | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a form is filled with; `as_of` is None for today."""

    facts: Mapping[str, Any]
    as_of: str | None
    events: Sequence[Any]
    source: Source


@dataclass(frozen=True, slots=True)
class Trial:
    """A filled form and, where it was fit to decide, the decision with its explanation."""

    form: FactsForm
    answer: Explained | None = None
    source: Source | None = None
    raised: Raised | None = None

    @property
    def decision(self) -> Decision | None:
        """Return the decision."""
        return None if self.answer is None else self.answer.decision

    @property
    def answered(self) -> bool:
        """Say whether something was said about what was typed: a decision, or what is wrong."""
        return self.decision is not None or bool(self.form.errors or self.form.mistakes())

    @property
    def verdicts(self) -> Mapping[str, str]:
        """Return `hit`, `open` or `near` by the ids of the rules a view marks: hit, unknown, one condition short."""
        if self.answer is None:
            return {}
        found = {each.rule: "near" for each in self.near}
        for each in self.answer.why["rules"]:
            if each["counted"] or (each["verdict"] is None and found.get(each["id"]) != "hit"):
                found[each["id"]] = "hit" if each["counted"] else "open"
        return found

    @property
    def lines(self) -> Mapping[str, int]:
        """Return the line of each of these rules in the text."""
        if self.answer is None:
            return {}
        verdicts = self.verdicts
        return {rule.id: rule.place.line for rule in self.answer.policy.rule_set.rules if rule.id in verdicts}

    @property
    def parts(self) -> Sequence[str]:
        """Return what of the decision a test may expect."""
        return () if self.decision is None else testing.parts(self.decision)

    @property
    def usual(self) -> Sequence[str]:
        """Return those of them that are ticked at first."""
        return () if self.decision is None else testing.usual(self.decision)

    @property
    def near(self) -> Sequence[Near]:
        """Return the rules that are one condition short, in their order, the first few."""
        if self.answer is None:
            return ()
        found = []
        for rule in self.answer.why["rules"]:
            short = [part for part in rule["parts"] if part["verdict"] is not True]
            if rule["verdict"] is not True and len(short) == 1 and len(rule["parts"]) > 1:
                item = rule["item"]
                lacking = next(each for each in self.answer.words.rule(rule)["parts"] if each["verdict"] is not True)
                found.append(Near(rule["id"], None if item is None else item + 1, lacking))
        return found[:NEAR]

    @property
    def short(self) -> Sequence[Mapping[str, Any]]:
        """Return what the rule that is wanted still lacks, of several items where it lacks least; as pages have it."""
        if self.answer is None or self.source is None:
            return ()
        told = [each["parts"] for _, rules in self.answer.rules for each in rules if each["id"] == self.source.wanted]
        lacking = ([part for part in parts if part["verdict"] is not True] for parts in told)
        return min(lacking, key=len, default=())


def empty(policy: Policy, act: Act, source: Source | None = None) -> Trial:
    """Return the form as it is before anything is typed: today, one row in each list that needs one."""
    tree = policy.rule_set.tree
    circumstances = MultiDict({"as_of": today(policy, act)})
    return Trial(FactsForm(tree, typed.first(tree), circumstances, History.of([policy])), None, source)


def today(policy: Policy, act: Act) -> str:
    """Return the day a form is for, where none was chosen."""
    return act.now.astimezone(zone(policy.rule_set.document.time_zone)).date().isoformat()


def from_case(policy: Policy, case: Case, act: Act, language: Language) -> Trial:
    """Fill the form with a test of the policy, and decide."""
    said = gettext("the test “%(name)s”", name=filters.own(case.name))
    facts = policy.reader.plain(case.given)
    return filled(policy, Given(facts, case.as_of, case.events, Source(said)), act, language)


def filled(policy: Policy, given: Given, act: Act, language: Language) -> Trial:
    """Fill the form with facts, and decide."""
    events = canonical_json(list(given.events)) if given.events else ""
    circumstances = MultiDict({"as_of": given.as_of or today(policy, act), "events": events})
    facts = typed.from_facts(policy.rule_set.tree, given.facts)
    return replace(_decided(policy, facts, circumstances, act, language), source=given.source)


def from_form(policy: Policy, form: MultiDict[str, str], act: Act, language: Language) -> Trial:
    """Fill the form with what was typed; add or take away a row or only keep it where that was asked, else decide."""
    tree = policy.rule_set.tree
    facts = typed.from_form(tree, form)
    if {"add", "remove", "keep"} & form.keys():
        typed.with_row(tree, facts, form.get("add", ""))
        typed.without_row(tree, facts, form.get("remove", ""))
        return Trial(FactsForm(tree, facts, form, History.of([policy], form)))
    return _decided(policy, facts, form, act, language)


def is_blank(policy: Policy, form: MultiDict[str, str]) -> bool:
    """Say whether nothing is typed in any input of a policy."""
    facts = typed.from_form(policy.rule_set.tree, form)
    told = any(name.startswith(f"{happened.PLACE}.") for name in form)
    return not told and not form.get("events") and not any(text for _, text in typed.inputs(facts))


def _decided(
    policy: Policy, facts: typed.Typed, circumstances: MultiDict[str, str], act: Act, language: Language
) -> Trial:
    """Decide; with a mistake in the form's shape only to learn what else is wrong, so that all is said at once."""
    history = History.of([policy], circumstances)
    form = FactsForm(policy.rule_set.tree, facts, circumstances, history)
    sound = form.validate()
    return replace(_tried(policy, form, act, language, sound=sound), raised=_raised(policy, form, history, language))


def _raised(policy: Policy, form: FactsForm, history: History, language: Language) -> Raised | None:
    """Return what the events raise; None where there are none, or what is wrong with them stands beside them."""
    if not history.types or not form.history():
        return None
    try:
        return happened.raised(policy, history, form.history())
    except FactsError as error:
        form.refuse(error.problems, language)
    except EvaluationError as error:
        form.errors.append(error.text(language))
    return None


def _tried(policy: Policy, form: FactsForm, act: Act, language: Language, *, sound: bool) -> Trial:
    try:
        as_of = form.circumstances.as_of.data or today(policy, act)
        decision = policy.decide(form.facts(), as_of=as_of, events=form.events(), explain=True)
    except FactsError as error:
        form.refuse(error.problems, language)
    except EvaluationError as error:
        form.errors.append(error.text(language))
    else:
        return _answered(policy, form, decision, language) if sound else Trial(form)
    return Trial(form)


def _answered(policy: Policy, form: FactsForm, decision: Decision, language: Language) -> Trial:
    why = decision.explanation.to_data(language) if decision.explanation is not None else {}
    return Trial(form, Explained.of(policy, decision, why, ALL_CLASSES))


def as_json(trial: Trial) -> tuple[str, int]:
    """Return the canonical text of a decision, or what is wrong, and the status of the answer."""
    if trial.decision is not None:
        return trial.decision.to_json(), 200
    problems = [{"input": each.id, "message": each.said} for each in trial.form.mistakes()]
    problems += [{"input": "", "message": message} for message in trial.form.errors]
    return canonical_json({"problems": problems}), 422
