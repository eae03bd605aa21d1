"""What the pages of policies show: lists with their state, documents, tests with coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from policy.engine import Policy, TestReport
from policy.errors import Finding, Grade
from policy.model.decision import Decision
from policy.model.document import PolicyDocument, RuleItem
from policy.model.fields import Field
from policy.model.ruleset import Case
from policy.model.written import Cells, Expression
from policy.runtime.cases import CaseResult
from policy.values import Text
from webadmin import language, library
from webadmin.library import Listed, Look
from webadmin.rulesets import declaring, sound, taking
from webadmin.rulesets.editing import ANY, written
from webadmin.rulesets.listing import Line, lines
from webadmin.store import histories, naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.wording import rules as wording
from webadmin.wording.rules import SaidRule


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

    @property
    def gravest_first(self) -> list[Finding]:
        """Return its findings by grade."""
        return gravest_first(self.findings)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests of a policy say.

    Attributes:
        cases: In their order, each with how it came out.
        by: Rule, in the order of the rules → the numbers of the tests that hit it, counted from 1.
    """

    report: TestReport
    cases: tuple[tuple[Case, CaseResult], ...]
    by: Mapping[str, tuple[int, ...]]

    @property
    def hits(self) -> list[tuple[str, int]]:
        """Return each rule with the number of tests that hit it."""
        return [(rule, len(tests)) for rule, tests in self.by.items()]

    @property
    def fewest_first(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return each rule with its tests: those without any first, then in their order."""
        return sorted(self.by.items(), key=lambda each: bool(each[1]))

    @property
    def ordered(self) -> list[tuple[int, Case, CaseResult]]:
        """Return the tests with their numbers in the text, those that fail first."""
        numbered = [(number, case, result) for number, (case, result) in enumerate(self.cases, 1)]
        return sorted(numbered, key=lambda each: each[2].passed)

    @property
    def names(self) -> dict[int, Text]:
        """Return what each test is called, by its number."""
        return {number: case.name for number, (case, _) in enumerate(self.cases, 1)}

    @property
    def passed(self) -> int:
        """Return how many pass."""
        return sum(result.passed for _, result in self.cases)


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


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by grade, those of one grade in their order."""
    grades = list(Grade)
    return sorted(findings, key=lambda each: grades.index(each.grade))


def fields(look: Look) -> Mapping[str, Field]:
    """Return the fields and derived values of a policy by path.

    Where it does not load they are those its text declares, and what the one in effect knows besides.
    """
    policy = look.policy or look.before
    known = {} if policy is None else {**policy.rule_set.fields, **policy.rule_set.made}
    document = look.document
    if look.policy is not None or not isinstance(document, PolicyDocument):
        return known
    own = declaring.fields(document, taking.among(look.prepared.policies.documents))
    typed = {path: each for path, each in own.items() if path not in known or path not in document.derived}
    return {**typed, **{path: each for path, each in known.items() if path not in typed}}


def document(look: Look) -> Document:
    """Return the text of a document, line by line."""
    return Document(look.name, tuple(lines(look.text, look.findings)), look.findings)


def owner(connection: Connection, document: PolicyDocument) -> Text | Named | None:
    """Return who keeps a policy: as its text says, or the team or person whose id stands there."""
    told = document.owner
    if told is None or told.zh != told.en:
        return told
    person = naming.named(connection, Of.PERSON, [told.zh]).get(told.zh)
    return person or histories.team_names(connection).get(told.zh, told)


def titles(look: Look) -> Mapping[str, Text]:
    """Return what the policies in effect beside a document are called, by id."""
    return {name: each.title for name, each in look.prepared.policies.items()}


def coverage(policy: Policy) -> Coverage:
    """Return what the tests of a policy say."""
    report = library.report(policy)
    hit = [hit_rules(result.decision) for result in report.results]
    by = {
        rule.id: tuple(number for number, each in enumerate(hit, 1) if rule.id in each)
        for rule in policy.rule_set.rules
    }
    return Coverage(report, tuple(zip(policy.rule_set.cases, report.results, strict=True)), by)


def reached(look: Look) -> Mapping[str, int]:
    """Return how many tests hit each rule, none where the policy does not load."""
    return dict(coverage(look.policy).hits) if look.policy is not None else {}


def unfilled(look: Look) -> str | None:
    """Return the rule that was added and asks for nothing yet, where tests fail that it hits; None for none.

    Whoever means a rule to hold always gives its reason, or has published it so.
    """
    if look.report is None or not isinstance(look.document, PolicyDocument):
        return None
    old = {each.id for each in look.before.rule_set.rules} if look.before is not None else set()
    hit = {rule for each in look.report.results if not each.passed for rule in hit_rules(each.decision)}
    blank = (each.id for each in look.document.rules if asks_nothing(each) and each.because is None)
    return next((each for each in blank if each in hit - old), None)


def asks_nothing(rule: RuleItem) -> bool:
    """Say whether a rule has no condition."""
    cells = rule.when.cells if isinstance(rule.when, Cells) else ()
    return not isinstance(rule.when, Expression) and all(written(each.value) == ANY for each in cells)


def sayings(look: Look) -> Mapping[str, SaidRule]:
    """Return every rule in words, by id; of a policy that does not load those that can be read."""
    policy = sound.policy(look)
    return wording.by_id(policy, language.chosen()) if policy is not None else {}


def hit_rules(decision: Decision | None) -> set[str]:
    """Return the rules that hit in a decision, under `each` those of any item; none where there is none."""
    found: set[str] = set()
    for hit in () if decision is None else decision.hits:
        found.update([hit] if isinstance(hit, str) else hit)
    return found
