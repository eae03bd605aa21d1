"""The one entrance: load rule sets, check them, run their tests, decide.

Nothing here reads a clock, a network or a database; files are read where a path is given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from policy import linker, reader
from policy.analysis import Analysis
from policy.analysis import analysed as analysis_of
from policy.compilers.durable import compile_patterns
from policy.compilers.events import CompiledPattern, compile_pattern
from policy.compilers.python import Program, compile_rule_set
from policy.errors import Finding, Grade, Place, SourceError
from policy.linker.keeping import Same
from policy.model.decision import Decision
from policy.model.document import Document, Kind, PolicyDocument
from policy.model.events import EventType, read_events
from policy.model.facts import FactsReader
from policy.model.instants import AsOf
from policy.model.ruleset import RuleSet
from policy.runtime.cases import TestReport, run_cases
from policy.runtime.decide import decide
from policy.runtime.explain import explain as explanation_of
from policy.runtime.weighing import Weighed
from policy.runtime.weighing import weigh as weighed
from policy.values import Text

__all__ = [
    "NamedText",
    "Policies",
    "Policy",
    "Prepared",
    "Source",
    "TestReport",
    "Weighed",
    "check",
    "documents_in",
    "load",
    "load_folder",
    "prepare",
]


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text with the name that findings call it by."""

    name: str
    text: str | bytes


Source = str | bytes | Path | NamedText
"""A text (`str`, UTF-8 `bytes`, or with a name), or the path of a file that holds one."""


class Policy:
    """One policy, ready to decide.

    Attributes:
        text: Canonical text.
        source: Name of the text: its path, or `<text>`.
        findings: Warnings and notes on its text.
        program: Its compiled form.
        patterns: The patterns of events it looks for.
    """

    def __init__(self, program: Program, source: str, findings: Sequence[Finding]) -> None:
        self.program = program
        self.source = source
        self.findings = tuple(findings)
        self.patterns: tuple[CompiledPattern, ...] = tuple(map(compile_pattern, self.rule_set.patterns))

    @property
    def rule_set(self) -> RuleSet:
        """Return the rule set it was compiled from."""
        return self.program.rule_set

    @property
    def id(self) -> str:
        """Return its id, such as `approval.order`."""
        return self.rule_set.id

    @property
    def kind(self) -> Kind:
        """Return what it decides."""
        return self.rule_set.kind

    @property
    def title(self) -> Text:
        """Return its title."""
        return self.rule_set.document.title

    @property
    def text(self) -> str:
        """Return its canonical text."""
        return self.rule_set.document.text

    @property
    def digest(self) -> str:
        """Return the digest of its canonical text."""
        return self.rule_set.document.digest

    @property
    def reader(self) -> FactsReader:
        """Return what decodes facts for it."""
        return self.program.reader

    @property
    def analysis(self) -> Analysis:
        """Return what its rules come to together."""
        return _kept_analysis(Same(self.rule_set))

    def decide(
        self,
        facts: Mapping[str, Any] | bytes | str,
        *,
        as_of: date | datetime | str,
        events: Sequence[Mapping[str, Any]] = (),
        explain: bool = False,
    ) -> Decision:
        """Decide.

        Args:
            facts: Nested mapping, or a JSON object as text.
            as_of: The day, or the instant with offset, the decision is for; ISO 8601 where it is a text.
            events: The subject's events.
            explain: Whether the decision brings its explanation.

        Raises:
            FactsError: the facts do not fit the inputs; every problem at once.
            EvaluationError: a bound was met, or a value does not fit its output.
            AsOfError: `as_of` is neither a day nor an instant with offset.
            UnsupportedError: the kind cannot fold events yet.
        """
        day = AsOf.read(as_of, self.rule_set.document.time_zone)
        decided = decide(self.program, self.reader.read(facts), day, read_events(events))
        if not explain:
            return decided.decision
        return replace(decided.decision, explanation=explanation_of(decided))

    def weigh(
        self,
        facts: Mapping[str, Any] | bytes | str,
        *,
        as_of: date | datetime | str,
        asked: Collection[str] = (),
    ) -> Weighed:
        """Decide, and say besides what the customer brings to each limit of an assignment policy.

        Args:
            facts: As for `decide`.
            as_of: As for `decide`.
            asked: Ids of candidates whose score and limits are asked for, whatever excludes them.

        Raises:
            FactsError, EvaluationError, AsOfError: as `decide` raises them.
        """
        day = AsOf.read(as_of, self.rule_set.document.time_zone)
        return weighed(decide(self.program, self.reader.read(facts), day), asked)

    def test(self) -> TestReport:
        """Run the tests that travel with it."""
        return run_cases(self.program)

    def __repr__(self) -> str:
        return f"<Policy {self.id} {self.digest[:19]}>"


class Policies(Mapping[str, Policy]):
    """Policies loaded together, by id, in order of their sources.

    Attributes:
        findings: Warnings and notes on all texts.
        documents: Every document read: policies, vocabulary, reference tables.
        events: The types of events the vocabulary declares, by name.
    """

    def __init__(
        self,
        policies: Mapping[str, Policy],
        findings: Sequence[Finding],
        documents: Sequence[Document],
        events: Mapping[str, EventType],
    ) -> None:
        self._policies = dict(policies)
        self.findings = tuple(findings)
        self.documents = tuple(documents)
        self.events = events

    def __getitem__(self, name: str) -> Policy:
        return self._policies[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def __len__(self) -> int:
        return len(self._policies)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What checking texts came to.

    Attributes:
        policies: The sound ones.
        findings: Every finding, in order of place.
        sources: Names of the texts that were read.
        unread: Name of a text that is no document for its errors → what the document would be called, as far as that
            can be told: `approval.order`, `vocabulary`, `reference/exchange-rate`.
    """

    policies: Policies
    findings: tuple[Finding, ...]
    sources: tuple[str, ...]
    unread: Mapping[str, str]

    @property
    def is_sound(self) -> bool:
        """Say whether no finding is an error."""
        return not _errors(self.findings)


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.grade is Grade.ERROR]


def prepare(sources: Iterable[Source]) -> Prepared:
    """Read, link, check and compile texts that belong together.

    Args:
        sources: Policies, reference tables and at most one vocabulary.

    Returns:
        The sound policies and every finding; nothing is raised for a text with errors.
    """
    reads = _read(sources)
    documents = [read.document for read in reads if read.document is not None]
    remains = [read.remains for read in reads if read.remains is not None]
    unreadable = [_likely_id(read) for read in reads if read.document is None]
    linked = linker.link(documents, remains=remains, unreadable=unreadable)
    findings = sorted(
        [
            *(finding for read in reads for finding in read.findings),
            *linked.findings,
            *_alone(linked.rule_sets),
            *_together(linked.rule_sets, linked.findings),
        ],
        key=lambda finding: finding.place,
    )
    names: dict[str, str] = {
        read.document.policy: read.name for read in reads if isinstance(read.document, PolicyDocument)
    }
    programs = _compiled(linked.rule_sets)
    policies = {
        name: Policy(program, names[name], [each for each in findings if each.place.source == names[name]])
        for name, program in programs.items()
    }
    loaded = Policies(policies, findings, documents, linked.events)
    unread = {read.name: _likely_name(read) for read in reads if read.document is None}
    return Prepared(loaded, tuple(findings), tuple(read.name for read in reads), unread)


def _alone(rule_sets: Mapping[str, RuleSet]) -> Iterator[Finding]:
    """Yield a note for every pattern the second engine cannot look for."""
    for rule_set in rule_sets.values():
        reasons = compile_patterns(rule_set.patterns).alone
        for pattern in rule_set.patterns:
            if pattern.name in reasons:
                yield Finding(
                    "pattern-one-engine", pattern.place, {"name": pattern.id, "reason": reasons[pattern.name]}
                )


def _together(rule_sets: Mapping[str, RuleSet], known: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what the rules of each rule set come to together, but that a rule never holds where it is known why."""
    why = [each.place for each in known if each.code in ("cell-out-of-bounds", "cell-reckoned")]
    for rule_set in rule_sets.values():
        begins = [rule.place for rule in rule_set.rules]
        told = {bisect_right(begins, place) for place in why if begins and place.source == begins[0].source}
        for issue in _kept_analysis(Same(rule_set)).issues:
            finding = issue.finding
            if finding.code != "rule-never" or bisect_right(begins, finding.place) not in told:
                yield finding


@lru_cache(maxsize=128)
def _kept_analysis(rule_set: Same) -> Analysis:
    """Analyse a rule set, the same one once."""
    return analysis_of(rule_set.thing)


def _likely_id(read: reader.Read) -> str:
    """Return the id that a text with errors says it has, or its file's place says."""
    if isinstance(read.remains, PolicyDocument):
        return read.remains.policy
    written = re.search(r"^(policy|vocabulary|reference):[ ]*(\S*)", read.text, re.MULTILINE)
    if written is not None:
        return written[2] if written[1] == "policy" else written[1]
    return f"{Path(read.name).parent.name}.{Path(read.name).stem}"


def _likely_name(read: reader.Read) -> str:
    """Return what the document of a text with errors is likely called; of a reference table with its own name."""
    written = re.search(r"^reference:[ ]*(\S+)", read.text, re.MULTILINE)
    return f"reference/{written[1]}" if written is not None else _likely_id(read)


def _read(sources: Iterable[Source]) -> list[reader.Read]:
    """Read texts; those that are no files are named `<text>`, `<text 2>` and so on."""
    reads: list[reader.Read] = []
    texts = 0
    for source in sources:
        if isinstance(source, Path):
            reads.append(_of_file(source))
        elif isinstance(source, NamedText):
            reads.append(_kept_read(source.text, source.name))
        else:
            texts += 1
            reads.append(reader.read(source, name="<text>" if texts == 1 else f"<text {texts}>"))
    return reads


def _of_file(path: Path) -> reader.Read:
    """Read a file; one that cannot be read is a text with an error."""
    try:
        return reader.read(path)
    except OSError as error:
        finding = Finding("file-unreadable", Place(str(path), 1, 1), {"why": error.strerror or str(error)})
        return reader.Read(None, (finding,), "", str(path))


@lru_cache(maxsize=64)
def _kept_read(text: str | bytes, name: str) -> reader.Read:
    """Read a text, the same one once: whoever changes one document prepares it with the others time and again."""
    return reader.read(text, name=name)


def _compiled(rule_sets: Mapping[str, RuleSet]) -> dict[str, Program]:
    programs: dict[str, Program] = {}

    def compiled(name: str) -> Program:
        """Return the program of one policy, those it asks compiled before it."""
        if name not in programs:
            rule_set = rule_sets[name]
            asked = tuple(Same(compiled(other)) for other in rule_set.asked)
            programs[name] = _kept_program(Same(rule_set), asked)
        return programs[name]

    return {name: compiled(name) for name in rule_sets}


@lru_cache(maxsize=128)
def _kept_program(rule_set: Same, asked: tuple[Same, ...]) -> Program:
    """Compile a rule set, the same one once."""
    return compile_rule_set(rule_set.thing, {each.thing.rule_set.id: each.thing for each in asked})


def load(source: Source, *, others: Iterable[Source] = ()) -> Policy:
    """Load one policy.

    Args:
        source: The policy.
        others: The documents it needs: vocabulary, reference tables, policies it asks, known by their top key.

    Raises:
        SourceError: some text has errors, or a file cannot be read; carries every finding.
    """
    prepared = prepare([source, *others])
    if not prepared.is_sound:
        raise SourceError(prepared.findings)
    name = prepared.sources[0]
    for policy in prepared.policies.values():
        if policy.source == name:
            return policy
    raise SourceError([Finding("not-a-policy", Place(name, 1, 1))])


def load_folder(path: str | Path) -> Policies:
    """Load every document of a folder, whole.

    Args:
        path: The folder; `*.yaml` in it at any depth.

    Raises:
        SourceError: some text has errors, or there is none; carries every finding.
    """
    prepared = prepare(documents_in([Path(path)]))
    if not prepared.sources:
        raise SourceError([Finding("folder-empty", Place(str(path), 1, 1))])
    if not prepared.is_sound:
        raise SourceError(prepared.findings)
    return prepared.policies


def documents_in(paths: Iterable[Path]) -> list[Path]:
    """Return the documents at some paths: files as they are, of folders every `*.yaml` at any depth, in order.

    Of folders also links that lead nowhere, so that they are told; never folders, devices and pipes of such a name.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(filter(_may_be_document, path.rglob("*.yaml"))) if path.is_dir() else [path]
        found.update(dict.fromkeys(inside))
    return list(found)


def _may_be_document(path: Path) -> bool:
    return path.is_file() or not path.exists()


def check(paths: Iterable[Path]) -> Prepared:
    """Check the documents at some paths; nothing is raised for a text with errors."""
    return prepare(documents_in(paths))
