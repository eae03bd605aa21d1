"""What the pages of review show, and the rule that nobody approves what benefits themselves most."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from policy.engine import Policy
from policy.model.comparison import Difference, differences
from policy.model.document import Document, Kind
from policy.reader import read
from policy.runtime.cases import CaseResult
from policy.values import Language
from webadmin import filters, library
from webadmin.access.members import Member
from webadmin.jobs import service as jobs
from webadmin.publishing import checking, impacts
from webadmin.publishing.answers import Checked, Item, Proposal, Remark
from webadmin.publishing.overtaking import Overtaken, overtaken
from webadmin.publishing.tested import ChangedTest, changed_tests
from webadmin.review import impact, remarking
from webadmin.review.whole import Whole, whole
from webadmin.store import drafts, published, revisions
from webadmin.store.days import day_of
from webadmin.store.jobs import Job
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period
from webadmin.wording import renaming
from webadmin.wording.cameout import CameOut
from webadmin.wording.places import Places
from webadmin.wording.rules import Changed, changed

Beside = tuple[Policy | None, Policy | None]
"""The policy that an earlier and a later text are."""

AROUND = 3
"""Lines of a text shown around a change."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts of a document beside each other.

    Attributes:
        rules: Rules that say something else, in words.
        tests: Tests of the policy that are not as they were.
        meaning: What is different, part by part.
        lines: The lines around every change: sign (` `, `+`, `-`, `@`) and text.
        places: Says where something is different.
        reads: Whether the later text can be read; where not, only the lines are held against each other.
        told: Says what tests compare; None where neither text is a policy that loads.
        whole: A new policy in words; None where there is an earlier text to hold it against, or it does not load.
        text: The later text.
        policies: The policies the two texts are; None where one is none or does not load.
    """

    name: str
    rules: tuple[Changed, ...]
    meaning: tuple[Difference, ...]
    lines: tuple[tuple[str, str], ...]
    places: Places
    told: CameOut | None
    reads: bool
    tests: tuple[ChangedTest, ...] = ()
    whole: Whole | None = None
    text: str = ""
    policies: Beside = (None, None)

    @property
    def renamed(self) -> tuple[Difference, ...]:
        """Return what is nothing but another label of the same thing."""
        return renaming.renamed(self.meaning)

    def label_of(self, path: Sequence[str]) -> str:
        """Say whose label a path of what is `renamed` leads to."""
        return renaming.label_of(path)

    @property
    def parts(self) -> tuple[Difference, ...]:
        """Return what is different otherwise, part by part."""
        return tuple(each for each in self.meaning if each not in self.renamed)

    def written(self, path: Sequence[str], text: str) -> str:
        """Return a single value as people call it; what a test compares as it is said where tests are shown."""
        below = path[3:] if path[0] == "tests" and path[2:3] == ("expect",) else ()
        return self.told.written(below, text) if self.told is not None and below else self.places.value(path, text)

    def expected(self, path: Sequence[str], text: str) -> list[str]:
        """Return what a test expects at a path as people call it; of several rules that hit each by itself."""
        below = path[3:]
        if self.told is None:
            said = [text]
        elif below[:1] == ("hits",):
            said = self.told.items(below, text)
        else:
            said = [self.told.written(below, text)]
        return [filters.spans(each) for each in said]


def compared(name: str, before: str | None, after: str, policies: Beside, language: Language) -> Compared:
    """Return what is different between two texts of a document.

    Args:
        name: Of the document.
        before: None: there was none.
        after: The later one.
        policies: The policies the two are; None where one is none or does not load.
        language: The reader's.
    """
    old, new = (None if text is None else _document(name, text) for text in (before, after))
    rules = () if None in policies and before is not None else tuple(changed(*policies, language))
    places = Places(policies, language, (old, new))
    found = () if new is None else tuple(differences(old, new))
    tests = (
        () if old is None or new is None else tuple(changed_tests(old, new, found))
    )  # what is new has nothing but new tests
    known = next((each for each in reversed(policies) if each is not None), None)
    told = None if known is None else CameOut(known, language)
    lines, added = tuple(_lines(before or "", after)), policies[1] if before is None else None
    entire = None if added is None else whole(added, language)
    return Compared(name, rules, found, lines, places, told, new is not None, tests, entire, after, policies)


def beside(record: Record, connection: Connection, name: str, digests: Sequence[str | None], act: Act) -> Beside:
    """Return the policies two revisions of a document are, beside what else is in effect; None where one is none."""
    effective = {each.document: each.digest for each in record.catalogue.in_effect(connection, act.today).values()}

    def policy(digest: str | None) -> Policy | None:
        if digest is None:
            return None
        return record.catalogue.prepared(connection, {**effective, name: digest}).policies.get(name)

    before, after = digests
    return policy(before), policy(after)


def _document(name: str, text: str) -> Document | None:
    return read(text, name=name).document


def _lines(before: str, after: str) -> list[tuple[str, str]]:
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=AROUND)
    return [(line[0], line[1:]) if line[0] in " +-" else ("@", line) for number, line in enumerate(found) if number > 1]


def text_in_effect(connection: Connection, name: str, day: date) -> str | None:
    """Return the text of a document in effect on a day, None where there is none."""
    live = revisions.in_effect(connection, day).get(name)
    return None if live is None else revisions.texts(connection, {name: live.digest}).get(name)


def policy_on(record: Record, connection: Connection, name: str, day: date) -> Policy | None:
    """Return the policy a document is on a day, beside what is in effect then; None where there is none."""
    return record.catalogue.policies(connection, day).get(name)


def failing(policy: Policy | None) -> list[CaseResult]:
    """Return the tests of a policy that a decision fails by coming out otherwise; none where it does not load."""
    results = () if policy is None else library.report(policy).results
    return [each for each in results if each.differences]


def start_impact(
    record: Record, name: str, text: str, period: Period, act: Act, beside: Mapping[str, str] | None = None
) -> str:
    """Have the recorded decisions of a period decided under a text; return the job's id.

    Args:
        record: Where they are.
        name: The policy.
        text: The text to decide under.
        period: As `impacts.arguments` takes it.
        act: Who asks, and when.
        beside: Other documents that are proposed together with it, by the digests of their texts.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    given = impacts.arguments(name, text, period, act, beside)
    return jobs.start(record, impacts.KIND, given, actor=act.actor, now=act.now)


@dataclass(frozen=True, slots=True)
class Reported:
    """Where the impact report of a policy stands.

    Attributes:
        job: The newest; None where nobody asked for it.
        decisive: The one that says who gains; None where nobody asked for any.
        is_comparable: False where nothing is in effect yet and no decision is recorded.
    """

    job: Job | None
    decisive: Job | None
    is_comparable: bool

    @property
    def is_short(self) -> bool:
        """Say whether there are only reports of fewer days than it takes to say who gains."""
        return self.decisive is not None and not impacts.is_long_enough(self.decisive)


def reported(connection: Connection, name: str, text: str, act: Act) -> Reported:
    """Return where the impact report of a policy under a text stands."""
    job = impacts.newest(connection, name, [text])
    decisive = impacts.decisive(connection, name, text)
    return Reported(job, decisive, job is not None or impacts.is_comparable(connection, name, act.today))


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as its page shows it.

    Attributes:
        compared: Each of its documents beside what is in effect, of a closed one beside what was when it was proposed.
        reports: Each of its policies with where its impact report stands.
        barred: Why whoever looks may not approve it, a word; empty where they may.
        aside: Documents whose draft lacks the text of this proposal, which is closed.
        asked: Earlier proposals of the same, whose authors were asked for changes.
        drafted: Its documents that have a draft.
        overtakes: What was to begin later and would not be in effect any more were it approved today.
        again: Those of its documents that were published before, which it brings back.
        first: First day of the period, where it is still to come; else None.
        retired: The policy it is to retire, in words.
        checked: Whether it holds by now, while it is open; None where it is to retire.
        known: Remarks of that which are made of what is in effect, too; None where nothing is.
    """

    proposal: Proposal
    compared: tuple[Compared, ...]
    reports: Mapping[str, Reported]
    barred: str
    aside: tuple[str, ...] = ()
    asked: tuple[Row[Any], ...] = ()
    drafted: tuple[str, ...] = ()
    overtakes: tuple[Overtaken, ...] = ()
    again: tuple[Item, ...] = ()
    first: date | None = None
    retired: Whole | None = None
    checked: Checked | None = None
    known: tuple[Remark, ...] | None = None

    @property
    def policies(self) -> Mapping[str, Beside]:
        """Return of each document the policy before and the one proposed."""
        return {each.name: each.policies for each in self.compared}


def shown(record: Record, proposal: Proposal, member: Member, act: Act, language: Language) -> Shown:
    """Return what the page of a proposal shows to somebody."""
    with record.engine.connect() as connection:
        digests = {each.document: each.digest for each in proposal.items}
        lost = _overtakes(connection, proposal, act)
        if proposal.retires:
            gone = _retired(record, connection, proposal, act, language)
            return Shown(proposal, (), {}, barred(proposal, {}, member), overtakes=lost, retired=gone)
        texts = revisions.texts(connection, digests)
        held = tuple(_held(record, connection, proposal, texts, act, language))
        aside = [
            name for name in sorted(digests) if proposal.id in {row.batch for row in drafts.aside(connection, name)}
        ]
        asked = {row.batch: row for name in sorted(digests) for row in revisions.asked(connection, name, proposal.id)}
        drafted = tuple(name for name in sorted(digests) if drafts.find(connection, name) is not None)
        again = tuple(each for each in proposal.items if _was_published(connection, each, proposal.base))
        checked = _checked(connection, proposal, texts, act)
        known = remarking.known(connection, checked.remarks if checked else (), sorted(digests), act.today)
        reports = {name: reported(connection, name, text, act) for name, text in texts.items() if library.kind_of(name)}
    why = _barred(proposal, reports, member)
    since = proposal.period.since
    return Shown(
        proposal,
        held,
        reports,
        why,
        tuple(aside),
        tuple(asked.values()),
        drafted,
        lost,
        again,
        since if since is not None and since > act.today else None,
        checked=checked,
        known=known,
    )


def _checked(connection: Connection, proposal: Proposal, texts: Mapping[str, str], act: Act) -> Checked | None:
    """Say whether an open proposal holds beside what is in effect by now; a closed one is not looked at again."""
    if proposal.state != "open":
        return None
    return checking.check(connection, texts, proposal.period, act, may_backdate=True)


def _retired(record: Record, connection: Connection, proposal: Proposal, act: Act, language: Language) -> Whole | None:
    item = proposal.items[0]
    gone, _ = beside(record, connection, item.document, (item.digest, None), act)
    return None if gone is None else whole(gone, language)


def _was_published(connection: Connection, item: Item, base: int) -> bool:
    """Say whether a text was published before somebody proposed it."""
    rows = published.history(connection, item.document)
    return any(row.digest == item.digest and row.seq <= base and not row.retires for row in rows)


def _overtakes(connection: Connection, proposal: Proposal, act: Act) -> tuple[Overtaken, ...]:
    """Return what an open proposal would take the place of, before that has begun."""
    if proposal.state != "open":
        return ()
    digests = {each.document: None if proposal.retires else each.digest for each in proposal.items}
    return overtaken(connection, digests, proposal.period, act)


def _held(
    record: Record, connection: Connection, proposal: Proposal, texts: Mapping[str, str], act: Act, language: Language
) -> Iterator[Compared]:
    """Yield each document of a proposal beside what it would change, once closed beside what it was to change.

    That is what would be in effect on the first day of its period, which may be another text than today's.
    """
    day, seen = (act.today, None) if proposal.state == "open" else (day_of(proposal.created_at), proposal.base)
    day = max(day, proposal.period.since or day)
    stood = {each.document: each.digest for each in revisions.in_effect(connection, day, seen).values()}
    proposed = {**stood, **{each.document: each.digest for each in proposal.items}}
    before = revisions.texts(connection, {name: stood[name] for name in texts if name in stood})
    policies = [record.catalogue.prepared(connection, digests).policies for digests in (stood, proposed)]
    for name, text in sorted(texts.items()):
        old, new = (each.get(name) for each in policies)
        yield compared(name, before.get(name), text, (old, new), language)


def _barred(proposal: Proposal, reports: Mapping[str, Reported], member: Member) -> str:
    """Return why somebody may not approve a proposal, as `barred`, and what they can do about a missing report."""
    why = barred(proposal, {name: each.decisive for name, each in reports.items()}, member)
    if why != "report-missing":
        return why
    if any(each.decisive is not None and not each.decisive.has_ended for each in reports.values()):
        return "report-running"
    return why if any(each.is_comparable for each in reports.values()) else "report-empty"


def barred(proposal: Proposal, made: Mapping[str, Job | None], member: Member) -> str:
    """Return why somebody may not approve a proposal; empty where they may.

    Args:
        proposal: What is proposed.
        made: Its policies with the impact reports that say who gains, None where nobody asked for one.
        member: Who would approve.

    Returns:
        `own`, `written`, `kind`, `report-missing`, `report-short`, `report-empty` or `gain`.
    """
    if proposal.author == member.actor:
        return "own"
    if member.actor in proposal.writers:
        return "written"
    kinds = {library.kind_of(each.document) for each in proposal.items}
    if not all(member.may_approve(kind) for kind in kinds):
        return "kind"
    if member.person is None or str(Kind.INCENTIVE) not in kinds:
        return ""
    return _barred_by([job for name, job in made.items() if library.kind_of(name) == Kind.INCENTIVE], member.person)


def _barred_by(reports: Sequence[Job | None], person: str) -> str:
    """Return why reports of what pay would come to keep somebody from approving it; empty where they do not."""
    if any(job is not None and not impacts.is_long_enough(job) for job in reports):
        return "report-short"
    if any(job is None or job.result is None for job in reports):
        return "report-missing"
    if not all(_has_compared(job) for job in reports):
        return "report-empty"
    return "gain" if any(_gains_most(person, gains) for gains in _gains(reports)) else ""


def _gains_most(person: str, gains: Mapping[str, Decimal]) -> bool:
    most = max(gains.values(), default=Decimal(0))
    return most > 0 and gains.get(person) == most


def _has_compared(job: Job | None) -> bool:
    """Say whether a report decided anything once more: one that did not shows nobody's gain."""
    counts = {} if job is None or job.result is None else job.result["counts"]
    return bool(counts.get("same") or counts.get("changed"))


def _gains(reports: Sequence[Job | None]) -> Iterator[dict[str, Decimal]]:
    """Yield person → how much more is paid to them: beside what is in effect, and beside what was recorded."""
    sides = [dict(impact.comparisons(job.result)) for job in reports if job is not None and job.result is not None]
    for of in ("now", "recorded"):
        gains: dict[str, Decimal] = {}
        for each in sides:
            found: Mapping[str, Any] = (each.get(of) or next(iter(each.values()))).get("gains", {})
            for person, gain in found.items():
                gains[person] = gains.get(person, Decimal(0)) + Decimal(str(gain))
        yield gains
