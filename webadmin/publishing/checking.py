"""Checks texts together with all they would be in effect with, on every day the set changes.

Of publications that cover a day the latest counts, so the texts proposed stand in the place of whatever is in effect
under their names, in all of their period; what else is in effect changes on the boundary days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from policy import reader
from policy.engine import NamedText, Policy, Prepared, prepare
from policy.errors import Finding, Grade, Problem
from policy.model.canonical import canonical_json
from policy.model.document import Document, Kind
from policy.runtime.cases import CaseResult
from policy.values import Text
from webadmin.publishing.answers import Change, Checked, Remark
from webadmin.publishing.overtaking import overtaken
from webadmin.store import revisions
from webadmin.store.revisions import Act, Effective, Period, Refusal
from webadmin.store.shipped import name_of, needs_consultation

LONGEST_NAME = 200
"""Characters of the name of a document the record keeps."""

_TOP = re.compile(r"^(policy|vocabulary|reference):[ ]*[\"']?([^\s\"'#]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Named:
    """A text that is proposed, and the name of the document it is or seems to be."""

    document: str
    text: NamedText
    sound: Document | None


def check(
    connection: Connection,
    documents: Mapping[str, str | bytes],
    period: Period,
    act: Act,
    *,
    may_backdate: bool = False,
) -> Checked:
    """Check texts with what they would be in effect with; nothing is written.

    Args:
        connection: To the record.
        documents: What findings call a text → the text.
        period: From when to when; without a beginning from today.
        act: Who would propose or approve it, and when.
        may_backdate: True for who may give a period that begins in the past; never for penalty policies.
    """
    newest = revisions.newest(connection)
    named = [_named(*each) for each in documents.items()]
    problems = tuple(_of_period(named, period, act, may_backdate=may_backdate))
    since = period.since or act.today
    if problems:  # what else is wrong is said all the same, of days that could be meant
        since = max(since, act.today)
        period = Period(since)
    days = revisions.boundaries(connection, since, period.until)
    effective = {day: revisions.in_effect(connection, day) for day in days}
    changed = [each for each in named if not _is_in_effect(each, effective.values())]
    remarks: list[Remark] = []
    altered: dict[str, None] = {}
    if changed:
        for day, beside in _different(effective, {each.document for each in named}):
            texts = revisions.texts(connection, beside)
            altered.update(dict.fromkeys(sorted(beside.keys() - texts.keys())))
            remarks += (Remark(finding, day) for finding in _findings(named, texts))
    digests = {each.document: each.sound.digest if each.sound else None for each in changed}
    return Checked(
        tuple(_changes(changed, effective[since])),
        tuple(sorted(each.document for each in named if each not in changed)),
        (*problems, *(Problem("publication-altered", "", {"document": each}) for each in altered)),
        tuple(_first(remarks)),
        newest,
        overtaken(connection, digests, period, act),
    )


def without(connection: Connection, document: str, since: date) -> Iterator[Remark]:
    """Yield every error there would be from a day on if a document were not in effect, each once."""
    found: list[Remark] = []
    effective = {day: revisions.in_effect(connection, day) for day in revisions.boundaries(connection, since, None)}
    for day, beside in _different(effective, {document}):
        findings = prepared(connection, beside).findings
        found += (Remark(each, day) for each in findings if each.grade is Grade.ERROR)
    return _first(found)


def sets(connection: Connection, since: date) -> Iterator[dict[str, str]]:
    """Yield each set of documents in effect from a day on: name → digest."""
    effective = {day: revisions.in_effect(connection, day) for day in revisions.boundaries(connection, since, None)}
    return (beside for _, beside in _different(effective, set()))


def prepared(connection: Connection, digests: Mapping[str, str]) -> Prepared:
    """Return some documents of the record, prepared together."""
    texts = revisions.texts(connection, digests)
    return prepare([NamedText(name, text) for name, text in sorted(texts.items())])


def _named(source: str, text: str | bytes) -> _Named:
    read = reader.read(text, name=source)
    known = read.document or read.remains
    if known is not None:
        return _Named(name_of(known), NamedText(source, text), read.document)
    top = _TOP.search(read.text)
    if top is None:
        return _Named(source, NamedText(source, text), None)
    names = {"policy": top[2], "vocabulary": "vocabulary", "reference": f"reference/{top[2]}"}
    return _Named(names[top[1]], NamedText(source, text), None)


def _of_period(named: Iterable[_Named], period: Period, act: Act, *, may_backdate: bool) -> Iterator[Problem]:
    since = period.since or act.today
    if period.until is not None and period.until <= since:
        values = {"since": str(since), "until": str(period.until)}
        yield Problem(str(Refusal.EMPTY_PERIOD), "/until", values)
    hurts = any(each.document.startswith(f"{Kind.PENALTY}.") for each in named)
    if since < act.today and (hurts or not may_backdate):
        yield Problem(str(Refusal.BACKDATED), "/since", {"since": str(since), "today": str(act.today)})


def _is_in_effect(named: _Named, days: Iterable[Mapping[str, Effective]]) -> bool:
    """Say whether a text is in effect already, whatever the day."""
    if named.sound is None:
        return False
    return all(named.document in day and day[named.document].digest == named.sound.digest for day in days)


def _different(
    effective: Mapping[date, Mapping[str, Effective]], without: set[str]
) -> Iterator[tuple[date, dict[str, str]]]:
    """Yield what is in effect beside some documents, name → digest, with the first day of each such set."""
    seen: list[dict[str, str]] = []
    for day, documents in effective.items():
        beside = {name: each.digest for name, each in documents.items() if name not in without}
        if beside not in seen:
            seen.append(beside)
            yield day, beside


def _findings(named: Iterable[_Named], beside: Mapping[str, str]) -> Iterator[Finding]:
    """Yield every error of a set, and warnings and notes on what is proposed."""
    proposed = list(named)
    others = [NamedText(name, text) for name, text in sorted(beside.items())]
    prepared = prepare([*(each.text for each in proposed), *others])
    own = {each.text.name for each in proposed}
    for finding in prepared.findings:
        if finding.code == "without-consultation" and finding.place.source in own:
            continue  # said more gravely below
        if finding.grade is Grade.ERROR or finding.place.source in own:
            yield finding
    for document in (each.sound for each in proposed if each.sound is not None):
        if needs_consultation(document):
            yield Finding("publish-without-consultation", document.place)
        if len(name_of(document)) > LONGEST_NAME:
            values = {"found": len(name_of(document)), "expected": LONGEST_NAME}
            yield Finding("publish-name-too-long", document.place, values)
    yield from _failures(prepared, {each.document for each in proposed})


def _failures(prepared: Prepared, proposed: set[str]) -> Iterator[Finding]:
    """Yield the failing tests of policies that use a document proposed."""
    for policy in prepared.policies.values():
        if not proposed.isdisjoint(policy.rule_set.closure):
            yield from _failing(policy)


def _failing(policy: Policy) -> Iterator[Finding]:
    for item, result in zip(policy.rule_set.document.tests, policy.test().results, strict=True):
        if not result.passed:
            said = {"name": result.name, "why": _why(result)}
            yield Finding("publish-test-fails", item.place, {"policy": policy.id, **said})


def _why(result: CaseResult) -> Text:
    """Say where a decision first differs from what its test expects."""
    if result.problem is not None:
        return result.problem
    first = result.differences[0]
    return Text(
        f"{first.path}：应为 {canonical_json(first.expected)}，得到 {canonical_json(first.got)}",
        f"{first.path}: expected {canonical_json(first.expected)}, got {canonical_json(first.got)}",
    )


def _changes(changed: Iterable[_Named], before: Mapping[str, Effective]) -> Iterator[Change]:
    for each in sorted(changed, key=lambda each: each.document):
        if each.sound is not None:
            document = each.sound
            yield Change(each.document, each.text.name, document.digest, before.get(each.document), document.text)


def _first(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """Yield each finding once, with the first day it holds on, in order of place."""
    seen: set[tuple[str, str, str]] = set()
    for each in sorted(remarks, key=lambda each: (each.finding.place, each.day)):
        key = (each.finding.code, str(each.finding.place), repr(each.finding.values))
        if key not in seen:
            seen.add(key)
            yield each
