"""A rule set as it is meant: every name resolved, every expression checked, every literal typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.errors import Place
from policy.feel.checker import Checked
from policy.model.document import Combine, Expect, FieldType, HitPolicy, Kind, OnUnknown, PolicyDocument, Severity
from policy.model.events import EventType
from policy.model.facts import Facts, FactsReader
from policy.model.fields import Field, Group
from policy.model.reference import ReferenceTable
from policy.model.written import Condition, Expression
from policy.values import Text


@dataclass(frozen=True, slots=True)
class Part:
    """One checked expression: a whole FEEL text, or one cell of a row.

    Attributes:
        text: As written.
        subject: For a cell the path it tests (`?`), else None.
        reads: Static paths it reads, the subject first, in order.
    """

    text: str
    checked: Checked
    place: Place
    subject: str | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal output value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        when: All parts must hold; none: it always hits.
        then: Output → literal or formula, in order of the outputs.
        because: The reason, with `{path}` where a value stands.
    """

    id: str
    when: tuple[Part, ...]
    then: Mapping[str, Constant | Part]
    because: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class Output:
    """One declared output; see `policy.model.document.OutputOptions`.

    Attributes:
        one_of: Values allowed, best first; for `of: <section>` the ids of that section in its order.
        names: Value → what people call it; of the ids of a section what their rows are labelled.
        section: Name of the section whose ids it holds, else None.
    """

    name: str
    type: FieldType
    of: FieldType | None
    one_of: tuple[Any, ...] | None
    unit: str | None
    scale: int | None
    combine: Combine
    optional: bool
    has_default: bool
    default: Any
    label: Text | None
    section: str | None
    names: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A derived value that another policy gives.

    Attributes:
        policy: Its id.
        take: Name of what is taken from it.
        given: Its input path → what this policy puts there; the others are taken from the same paths.
    """

    policy: str
    take: str
    given: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a policy, its facts typed.

    Attributes:
        given: Decoded facts.
        expect: What is compared, as written; it gets its types from what the decision says.
    """

    name: Text
    as_of: str
    given: Facts
    events: tuple[Any, ...]
    expect: Expect


@dataclass(frozen=True, slots=True)
class Wanted:
    """One event a pattern looks for.

    Attributes:
        alias: What conditions call its data.
        within: Whole seconds after the event before it, inclusive; None: however long.
        where: What must be true of it; it may read the aliases of the events before it.
    """

    alias: str
    type: EventType
    within: int | None = None
    where: Part | None = None


@dataclass(frozen=True, slots=True)
class EventPattern:
    """One pattern of events: a sequence, or a count.

    Attributes:
        policy: Id of the policy that holds it.
        id: Its own id, known within the policy.
        key: Path of the text all its events share.
        steps: The events of the sequence, one after the other; of a count the one that is counted.
        without: What must not lie between the first and the last step; None: nothing is looked for.
        at_least: How many events within the step's `within` are counted; None: it is a sequence.
    """

    policy: str
    id: str
    severity: Severity
    key: str
    steps: tuple[Wanted, ...]
    without: Wanted | None
    at_least: int | None
    because: Text | None
    place: Place

    @property
    def name(self) -> str:
        """Return what it is known by among the patterns of all policies."""
        return f"{self.policy}/{self.id}"

    def wanted(self) -> Iterator[Wanted]:
        """Yield everything it looks for, what must not be there last."""
        yield from self.steps
        if self.without is not None:
            yield self.without


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One policy, ready to be compiled.

    Attributes:
        document: The document it was made of.
        fields: All inputs by path, inherited ones last.
        tree: The same as they stand in facts.
        reader: Decodes facts.
        derived: Name → how it is made, in order of making.
        made: Name of a derived value → what it is, as a field that is always given by the policy itself.
        conditions: Every condition of the section → its parts.
        expressions: Every expression of the section → checked.
        patterns: Its patterns of events; none where the vocabulary declares no events.
        asked: The policies it asks, by id.
        references: The reference tables it reads, by name.
        cases: The tests that travel with it.
        closure: Name → digest of everything a decision uses: itself, `vocabulary`, `reference/<name>`, asked policies.
    """

    document: PolicyDocument
    fields: Mapping[str, Field]
    tree: Group
    reader: FactsReader
    derived: Mapping[str, Part | Question]
    made: Mapping[str, Field]
    outputs: Mapping[str, Output]
    rules: tuple[Rule, ...]
    conditions: Mapping[Condition, tuple[Part, ...]]
    expressions: Mapping[Expression, Part]
    patterns: tuple[EventPattern, ...]
    asked: Mapping[str, RuleSet]
    references: Mapping[str, ReferenceTable]
    cases: tuple[Case, ...]
    closure: Mapping[str, str]

    @property
    def id(self) -> str:
        """Return the policy's id."""
        return self.document.policy

    @property
    def kind(self) -> Kind:
        """Return what it decides."""
        return self.document.kind

    @property
    def hit_policy(self) -> HitPolicy:
        """Return what several hits mean."""
        return self.document.hit_policy

    @property
    def skips_unknown(self) -> bool:
        """Say whether an unknown condition counts as false."""
        return self.document.on_unknown is OnUnknown.SKIP
