"""The forms of requests and answers: bodies are decoded by them, and the OpenAPI document is made from them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from policy.model.decision import Status
from policy.model.document import Kind
from webadmin.store.recompute import Verdict
from webadmin.store.signals import State

MOST_ITEMS = 1000
"""Items of a batch."""

LARGEST_PAGE = 200
"""Decisions on one page."""

LONGEST = 300
"""Characters of a parameter."""

CURSOR = 60
"""Characters of a cursor."""

Digest = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]
Pointer = Annotated[str, Meta(description="JSON pointer (RFC 6901)")]
Id = Annotated[str, Meta(description="UUID that sorts by time", min_length=36, max_length=36)]
Cursor = Annotated[str, Meta(description="`next` of the page before", max_length=CURSOR)]
Name = Annotated[str, Meta(max_length=LONGEST)]
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Facts = Annotated[
    Raw,
    Meta(
        description="Values as the policy's inputs ask for them: GET /api/v1/policies/{policy} has their JSON Schema",
        extra_json_schema={"type": "object"},
    ),
]
Events = Annotated[
    Raw,
    Meta(
        description="The subject's events, each with an `id` of its own",
        extra_json_schema={"type": ["array", "null"], "items": {"type": "object"}},
    ),
]


class DecideBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is asked of a policy: the facts, and the day or instant the decision is for (now, where it is left out)."""

    facts: Facts
    as_of: Annotated[str, Meta(description="2026-03-01, or an instant with offset")] | None = None
    events: Events | UnsetType = UNSET


_Item = Annotated[Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/DecideBody"})]


class BatchBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Up to a thousand questions; one that cannot be answered does not fail the others."""

    items: Annotated[list[_Item], Meta(min_length=1, max_length=MOST_ITEMS)]


Explain = Literal["none", "reasons", "full"]


class DecideQuery(Struct, forbid_unknown_fields=True):
    """How much of the explanation the answer brings, in the language of Accept-Language."""

    explain: Explain = "none"


class SearchQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which decisions are sought, the newest first; all that is given must hold."""

    policy: Name | None = None
    status: Status | None = None
    outcome: (
        Annotated[
            str, Meta(description="`output:value`", pattern="^[^:]+:", max_length=LONGEST, examples=["stages:director"])
        ]
        | None
    ) = None
    hit: Annotated[str, Meta(description="Id of a rule", max_length=LONGEST)] | None = None
    person: Annotated[str, Meta(description="Own id, or another system's", max_length=LONGEST)] | None = None
    customer: Annotated[str, Meta(description="Own id, or another system's", max_length=LONGEST)] | None = None
    subject: Annotated[str, Meta(description="What it is about", max_length=LONGEST)] | None = None
    since: (
        Annotated[str, Meta(description="Recorded then or later", extra_json_schema={"format": "date-time"})] | None
    ) = None
    until: Annotated[str, Meta(description="Recorded before", extra_json_schema={"format": "date-time"})] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=LARGEST_PAGE)] = 50


class RecordedEvents(Struct):
    """The subject's events a decision was made with."""

    ids: list[str]
    digest: Digest | None


class DecisionData(Struct):
    """The answer of one policy to one set of facts."""

    policy: str
    revision: Digest
    as_of: str
    status: Status
    outcome: dict[str, Any] | list[Any] | None
    result: dict[str, Any] | None
    hits: list[Any]
    missing: list[str]
    closure: dict[str, Digest]
    events: RecordedEvents | None


class Explanation(Struct):
    """Why: the answer in a sentence and its reasons; with `full` every rule and every value it saw."""

    answer: str
    because: list[str]
    status: Status | UnsetType = UNSET
    details: list[str] | UnsetType = UNSET
    asked: list[dict[str, Any]] | UnsetType = UNSET
    rules: list[dict[str, Any]] | UnsetType = UNSET


class Decided(Struct):
    """A decision that is on disk. `hidden` points at what this token may not read, which is null."""

    id: Id
    recorded_at: Instant
    actor: str
    decision: DecisionData
    hidden: list[Pointer]
    explanation: Explanation | UnsetType = UNSET


class Recorded(Struct):
    """A recorded decision with the facts and events it was made from."""

    id: Id
    recorded_at: Instant
    actor: str
    decision: DecisionData
    hidden: list[Pointer]
    facts: dict[str, Any]
    events: list[dict[str, Any]]
    explanation: Explanation | UnsetType = UNSET


class Error(Struct):
    """One thing that is wrong: where, what, and the nearest known name; in texts of policies document, line and day."""

    code: str
    detail: str
    pointer: Pointer | UnsetType = UNSET
    parameter: str | UnsetType = UNSET
    suggestion: str | UnsetType = UNSET
    document: str | UnsetType = UNSET
    line: int | UnsetType = UNSET
    column: int | UnsetType = UNSET
    day: date | UnsetType = UNSET


class Problem(Struct):
    """Problem details (RFC 9457); `code` is stable, sentences are in the language of Accept-Language.

    `more` says how many things are wrong beyond those `errors` names, at least.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Error] | UnsetType = UNSET
    more: int | UnsetType = UNSET


class BatchItem(Struct):
    """What became of one item: the decision, or the problem."""

    index: int
    decided: Decided | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class BatchAnswer(Struct):
    """What became of the items, in their order."""

    items: list[BatchItem]
    kept: int
    refused: int


class Found(Struct):
    """A decision in a list; of one that was erased `decision` is null."""

    id: Id
    recorded_at: Instant
    actor: str
    policy: str
    status: Status
    as_of: str
    decision: DecisionData | None
    hidden: list[Pointer]


class Page(Struct):
    """Decisions this token may see, the newest first; `next`, opaque, is the cursor of the page after.

    It is null on the last page. A page can have fewer than `limit`, or none, and a page after it.
    """

    items: list[Found]
    next: str | None


class Difference(Struct):
    """A place where deciding again gave something else; a side that has nothing there is left out."""

    pointer: Pointer
    recorded: Any = UNSET
    now: Any = UNSET


class Recomputation(Struct):
    """What deciding once more came to. Digests are of the canonical texts; null where something is hidden."""

    id: Id
    verdict: Verdict
    recorded_digest: Digest | None
    now_digest: Digest | None
    differences: list[Difference]
    reason: str | None


class Title(Struct):
    """A text in both languages."""

    zh: str
    en: str


class PolicyBrief(Struct):
    """A policy in effect today."""

    policy: str
    kind: Kind
    title: Title
    digest: Digest
    revision: int
    since: date
    until: date | None
    loads: bool


class PolicyList(Struct):
    """The policies in effect today."""

    items: list[PolicyBrief]


class PublicationData(Struct):
    """When which revision was made effective, or retired where `retires` is true, for which days, by whom."""

    number: int
    digest: Digest
    since: date
    until: date | None
    retires: bool
    author: str
    approver: str
    note: str
    published_at: Instant


class PolicyFull(Struct):
    """A policy with its inputs (JSON Schema), outputs, and publications, the newest first."""

    policy: str
    kind: Kind
    title: Title
    digest: Digest
    revision: int
    since: date
    until: date | None
    closure: dict[str, Digest]
    inputs: dict[str, Any]
    outputs: dict[str, dict[str, Any]]
    publications: list[PublicationData]


class CloudEvent(Struct, kw_only=True):
    """An event in the JSON form of CloudEvents 1.0; `time` is required, and has come. Extension attributes are kept."""

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=200)]
    source: Annotated[str, Meta(min_length=1, max_length=200)]
    type: Annotated[str, Meta(min_length=1, max_length=100)]
    time: Instant
    subject: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    datacontenttype: Literal["application/json"] | None = None
    dataschema: str | None = None
    data: dict[str, Any] | None = None


class Fate(Struct):
    """What became of one event; `known` was told before, `differs` was told before as something else."""

    index: int
    fate: Literal["recorded", "known", "differs", "refused"]
    id: Id | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class EventsAnswer(Struct):
    """What became of the events, in their order."""

    items: list[Fate]
    recorded: int
    known: int
    differs: int
    refused: int


class JobData(Struct):
    """A piece of long work."""

    id: Id
    kind: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int
    total: int | None
    result: Any
    hidden: list[str]
    problem: str | None
    created_by: str
    created_at: Instant
    ended_at: Instant | None


class SignalQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which signals are sought, the newest first; all that is given must hold."""

    state: State | None = None
    policy: Name | None = None
    pattern: Annotated[str, Meta(description="Id of a pattern", max_length=LONGEST)] | None = None
    key: Annotated[str, Meta(description="The customer or manager, say, it is about", max_length=LONGEST)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=LARGEST_PAGE)] = 50


class SignalEvent(Struct):
    """An event of a signal; `event_id` is its id at its source."""

    id: Id
    source: str
    event_id: str
    type: str
    time: Instant


class SignalAnswers(Struct):
    """Ids of the events of each match an engine found; null where it gave no answer or was not asked."""

    first: list[list[Id]] | None
    second: list[list[Id]] | None


class SignalData(Struct):
    """A signal: it asks somebody to look and decides nothing. Because of `led`, events, it was withdrawn."""

    id: Id
    state: State
    severity: Literal["watch", "warn", "act"]
    policy: str
    revision: Digest
    pattern: str
    key_path: str
    key: str | None
    first_time: Instant
    last_time: Instant
    created_at: Instant
    changed_at: Instant
    reason: str | None
    events: list[SignalEvent]
    answers: SignalAnswers
    led: list[SignalEvent]
    hidden: list[Pointer]


class SignalPage(Struct):
    """Signals this token may see, the newest first; `next`, opaque, is the cursor of the page after.

    It is null on the last page. A page can have fewer than `limit`, or none, and a page after it.
    """

    items: list[SignalData]
    next: str | None


class SignalState(Struct):
    """A state a signal has had. Events are named by their ids in the record."""

    at: Instant
    state: State
    reason: str | None
    events: list[Id]
    led: list[Id]


class SignalWhole(SignalData):
    """A signal with every state it has had, the first one first."""

    history: list[SignalState]
