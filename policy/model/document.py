"""The documents a person writes, as they stand in the text: policy, vocabulary, reference table.

These classes are the grammar of the documents: their fields are the keys (a trailing underscore is dropped),
fields without a default are required, types say the shape. The reader builds them, the JSON Schema is made
from them. `of`, `doc` and `at_least` in a field's metadata refine a shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType

from policy.errors import Place
from policy.model.written import Condition, Entries, Expression, Raw
from policy.values import Text

Id = NewType("Id", str)
"""Lower case letters, digits and hyphens, begun by a letter or digit; known within its list."""

PolicyId = NewType("PolicyId", str)
"""`<kind>.<name>`, both written as ids."""

Path = NewType("Path", str)
"""Names joined by dots; `[]` after a name means its items: `order.lines[].quantity`."""

EventName = NewType("EventName", str)
"""Type of an event: lower case letters, digits and underscores, begun by a letter."""

Duration = NewType("Duration", str)
"""ISO 8601 duration as written: `P7D`, `PT12H`, `P12M`."""


class Kind(StrEnum):
    """What a policy decides."""

    APPROVAL = "approval"
    ASSIGNMENT = "assignment"
    INCENTIVE = "incentive"
    PENALTY = "penalty"
    SCORECARD = "scorecard"


class HitPolicy(StrEnum):
    """What to do with several hits (DMN)."""

    UNIQUE = "unique"
    ANY = "any"
    PRIORITY = "priority"
    FIRST = "first"
    RULE_ORDER = "rule order"
    OUTPUT_ORDER = "output order"
    COLLECT = "collect"


class OnUnknown(StrEnum):
    """What an unknown condition means for the decision."""

    STOP = "stop"
    SKIP = "skip"


class Combine(StrEnum):
    """How `collect` makes one value of several."""

    LIST = "list"
    UNION = "union"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


class Severity(StrEnum):
    """How grave a pattern of events is."""

    WATCH = "watch"
    WARN = "warn"
    ACT = "act"


class FieldType(StrEnum):
    """Types of inputs and outputs."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date-time"
    DAYS_DURATION = "days-duration"
    MONTHS_DURATION = "months-duration"
    LIST = "list"
    CONTEXT = "context"


class FieldClass(StrEnum):
    """Who may see a field's value."""

    OPEN = "open"
    PERSONAL = "personal"
    PAY = "pay"
    IDENTITY = "identity"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class FieldOptions:
    """What is declared of a field, in the vocabulary or as a refinement; None: not said.

    Attributes:
        of: For a list: the type of its items, or (in `outputs`) a section whose ids they are.
        one_of: Values allowed, in order of priority.
        names: Value → what people call it; without `one_of` of those that have a name.
        unit: A currency code, another unit, or the path of an input that holds the currency.
        scale: Decimals allowed, >= 0.
        share: Whether a number is a fraction of a whole, which people read as per cent; None: by its bounds.
    """

    place: Place
    type: FieldType | None = None
    of: str | None = None
    one_of: tuple[Raw, ...] | None = None
    unit: str | None = None
    scale: int | None = None
    min: Raw | None = None
    max: Raw | None = None
    class_: FieldClass | None = None
    label: Text | None = None
    names: Mapping[str, Text] | None = None
    optional: bool | None = None
    default: Raw | None = None
    share: bool | None = None


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """A declared output."""

    place: Place
    type: FieldType
    of: str | None = None
    one_of: tuple[Raw, ...] | None = None
    unit: str | None = None
    scale: int | None = None
    combine: Combine | None = None
    default: Raw | None = None
    optional: bool = False
    label: Text | None = None
    names: Mapping[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class InputItem:
    """One item of `inputs`: a path, alone or with options."""

    path: Path
    options: FieldOptions
    place: Place


@dataclass(frozen=True, slots=True)
class Ask:
    """A derived value taken from another policy.

    Attributes:
        take: Name of the other policy's output (or of what its section gives).
        with_: The other policy's input → FEEL over this policy's names.
        label: What people call it; None: what they call the output that is taken.
    """

    place: Place
    policy: PolicyId
    take: str
    with_: Mapping[str, Expression] = field(default_factory=dict)
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A derived value that is worked out, and how people read it; without that its expression stands alone.

    Attributes:
        share: Whether it is a fraction of a whole, which people read as per cent.
    """

    place: Place
    is_: Expression
    label: Text | None = None
    share: bool = False


Derived = Expression | Worked | Ask
"""How a derived value is written."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is decided about, and whom it concerns: paths of inputs."""

    place: Place
    id: Path
    about: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Rules run once per item of `list`, which they see as `as_`."""

    place: Place
    list: Path
    as_: str


@dataclass(frozen=True, slots=True)
class RuleItem:
    """One rule; without `when` it always hits."""

    place: Place
    id: Id
    then: Entries
    when: Condition | None = None
    because: Text | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expect:
    """What a test expects; a part left out is not compared."""

    place: Place
    status: str | None = None
    hits: Raw | None = None
    outcome: Raw | None = None
    missing: tuple[str, ...] | None = None
    result: Raw | None = None


@dataclass(frozen=True, slots=True)
class TestItem:
    """One test that travels with the policy."""

    __test__ = False

    place: Place
    name: Text
    as_of: str
    given: Entries
    expect: Expect
    events: tuple[Entries, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One policy as written, without its kind's own keys, which stand in `section`.

    Attributes:
        text: Canonical text.
        digest: `sha256:` and the hexadecimal digest of the canonical text.
        section: The kind's section, a dataclass of `policy.kinds.SECTIONS`.
        owner: Who keeps it: what people call them, or the id of a team or person.
        places: Place of each top-level key.
    """

    place: Place
    text: str
    digest: str
    places: Mapping[str, Place]
    policy: PolicyId
    title: Text
    inputs: tuple[InputItem, ...]
    outputs: Mapping[str, OutputOptions]
    rules: tuple[RuleItem, ...]
    subject: Subject
    section: Any
    owner: Text | None = None
    basis: Text | None = None
    language: int = 1
    time_zone: str = "Asia/Shanghai"
    derived: Mapping[str, Derived] = field(default_factory=dict)
    each: Each | None = None
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    on_unknown: OnUnknown = OnUnknown.STOP
    tests: tuple[TestItem, ...] = ()

    @property
    def kind(self) -> Kind:
        """Return what it decides."""
        return Kind(self.policy.partition(".")[0])


@dataclass(frozen=True, slots=True)
class EventOptions:
    """What is declared of a type of event.

    Attributes:
        label: What people call it.
        data: What its `data` hold, declared as a policy declares its inputs.
    """

    place: Place
    places: Mapping[str, Place]
    label: Text
    data: tuple[InputItem, ...]


@dataclass(frozen=True, slots=True)
class VocabularyDocument:
    """The fields and types of events all policies share; `vocabulary` is the version of its form."""

    place: Place
    text: str
    digest: str
    vocabulary: int
    fields: Mapping[Path, FieldOptions]
    events: Mapping[EventName, EventOptions] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One dated row of a reference table.

    Attributes:
        from_: First day in effect.
        until: First day no longer in effect; None: until a later row of the same key, or without end.
        cells: The other keys: column → value as written.
    """

    place: Place
    from_: date
    cells: Mapping[str, Raw]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ReferenceDocument:
    """A table of dated rows, read by `lookup`; `key` names the columns a row is known by."""

    place: Place
    text: str
    digest: str
    reference: Id
    title: Text
    key: tuple[str, ...]
    columns: Mapping[str, FieldOptions]
    rows: tuple[ReferenceRow, ...]
    basis: Text | None = None


Document = PolicyDocument | VocabularyDocument | ReferenceDocument

Amount = Decimal
"""A number in a document's section, read exactly as written."""
