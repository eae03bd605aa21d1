"""What the pages of policies show: lists with their state, documents, tests with coverage, and trials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from policy.engine import Policy, TestReport
from policy.errors import EvaluationError, FactsError, Finding, Grade
from policy.model.canonical import canonical_json
from policy.model.decision import Decision
from policy.model.fields import Field
from policy.model.instants import zone
from policy.model.ruleset import Case
from policy.runtime.cases import CaseResult
from policy.values import Language
from webadmin import library
from webadmin.explaining import Explained
from webadmin.filling import typed
from webadmin.filling.forms import FactsForm
from webadmin.library import Listed, Look
from webadmin.rulesets.listing import Line, lines


@dataclass(frozen=True, slots=True)
class Summary:
    """One document in short.

    Attributes:
        passed: Of its tests.
        tests: All of them.
        unhit: Rules no test hits.
        weighed: Findings by grade, the gravest first.
        listed: What the list knows besides; None on the document's own pages.
    """

    look: Look
    passed: int
    tests: int
    unhit: int
    weighed: tuple[tuple[Grade, int], ...]
    listed: Listed | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document, line by line."""

    name: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def weighed(self) -> tuple[tuple[Grade, int], ...]:
        """Return its findings by grade, the gravest first."""
        return weighed(self.findings)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests of a policy say: results in order, and each rule with the number of tests that hit it."""

    report: TestReport
    cases: tuple[tuple[Case, CaseResult], ...]
    hits: tuple[tuple[str, int], ...]

    @property
    def passed(self) -> int:
        """Return how many pass."""
        return sum(result.passed for _, result in self.cases)


@dataclass(frozen=True, slots=True)
class Trial:
    """A filled form and, where it was fit to decide, the decision with its explanation."""

    form: FactsForm
    answer: Explained | None = None

    @property
    def decision(self) -> Decision | None:
        """Return the decision."""
        return None if self.answer is None else self.answer.decision

    @property
    def answered(self) -> bool:
        """Say whether something was said about what was typed: a decision, or what is wrong."""
        return self.decision is not None or bool(self.form.errors or self.form.mistakes())


def summaries(listed: Iterable[Listed]) -> list[Summary]:
    """Return every document of a list in short."""
    return [summary(each.look, each) for each in listed]


def summary(look: Look, listed: Listed | None = None) -> Summary:
    """Return one document in short."""
    report = look.report
    passed, tests, unhit = (
        (0, 0, 0)
        if report is None
        else (sum(each.passed for each in report.results), len(report.results), len(report.never_hit))
    )
    return Summary(look, passed, tests, unhit, weighed(look.findings), listed)


def weighed(findings: Sequence[Finding]) -> tuple[tuple[Grade, int], ...]:
    """Count findings by grade, the gravest first; grades without any are left out."""
    counted = Counter(each.grade for each in findings)
    return tuple((grade, counted[grade]) for grade in Grade if counted[grade])


def fields(look: Look) -> Mapping[str, Field]:
    """Return the fields of a policy by path; of one that does not load, those of the policy in effect."""
    policy = look.policy or look.before
    return {} if policy is None else policy.rule_set.fields


def document(look: Look) -> Document:
    """Return the text of a document, line by line."""
    return Document(look.name, tuple(lines(look.text, look.findings)), look.findings)


def coverage(policy: Policy) -> Coverage:
    """Return what the tests of a policy say."""
    report = library.report(policy)
    counted = Counter(rule for result in report.results for rule in hit_rules(result))
    rules = tuple((rule.id, counted[rule.id]) for rule in policy.rule_set.rules)
    return Coverage(report, tuple(zip(policy.rule_set.cases, report.results, strict=True)), rules)


def hit_rules(result: CaseResult) -> set[str]:
    """Return the rules a test hit, under `each` those of any item."""
    if result.decision is None:
        return set()
    found: set[str] = set()
    for hit in result.decision.hits:
        found.update([hit] if isinstance(hit, str) else hit)
    return found


def empty(policy: Policy) -> Trial:
    """Return the form as it is before anything is typed: today, one row in each list that needs one."""
    tree = policy.rule_set.tree
    return Trial(FactsForm(tree, typed.first(tree), MultiDict({"as_of": _today(policy)})))


def _today(policy: Policy) -> str:
    return datetime.now(UTC).astimezone(zone(policy.rule_set.document.time_zone)).date().isoformat()


def from_case(policy: Policy, case: Case, language: Language) -> Trial:
    """Fill the form with a test of the policy, and decide."""
    events = canonical_json(case.events) if case.events else ""
    circumstances = MultiDict({"as_of": case.as_of, "events": events})
    facts = typed.from_facts(policy.rule_set.tree, policy.reader.plain(case.given))
    return _decided(policy, facts, circumstances, language)


def from_form(policy: Policy, form: MultiDict[str, str], language: Language) -> Trial:
    """Fill the form with what was typed; add or take away a row or only keep it where that was asked, else decide."""
    tree = policy.rule_set.tree
    facts = typed.from_form(tree, form)
    if {"add", "remove", "keep"} & form.keys():
        typed.with_row(tree, facts, form.get("add", ""))
        typed.without_row(tree, facts, form.get("remove", ""))
        return Trial(FactsForm(tree, facts, form))
    return _decided(policy, facts, form, language)


def _decided(policy: Policy, facts: typed.Typed, circumstances: MultiDict[str, str], language: Language) -> Trial:
    """Decide; with a mistake in the form's shape only to learn what else is wrong, so that all is said at once."""
    form = FactsForm(policy.rule_set.tree, facts, circumstances)
    sound = form.validate()
    try:
        as_of = form.circumstances.as_of.data or _today(policy)
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
    return Trial(form, Explained.of(policy, decision, why))


def as_json(trial: Trial) -> tuple[str, int]:
    """Return the canonical text of a decision, or what is wrong, and the status of the answer."""
    if trial.decision is not None:
        return trial.decision.to_json(), 200
    problems = [{"input": each.id, "message": each.said} for each in trial.form.mistakes()]
    problems += [{"input": "", "message": message} for message in trial.form.errors]
    return canonical_json({"problems": problems}), 422
