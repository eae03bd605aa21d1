"""What the engine answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from policy.values import Language


class Status(StrEnum):
    """How a decision ended."""

    DECIDED = "decided"
    NO_HIT = "no_hit"
    UNDETERMINED = "undetermined"
    CONFLICT = "conflict"


class Result(Protocol):
    """What a kind's section makes of the outcome."""

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data: dict, list, str, Decimal, bool, None."""


class Explanation(Protocol):
    """Why a decision is as it is."""

    def to_text(self, language: Language, may_see: Collection[FieldClass] = ...) -> str:
        """Return it for people: the answer first, then every rule; values of other classes than `may_see` hidden."""

    def to_data(self, language: Language, may_see: Collection[FieldClass] = ...) -> dict[str, Any]:
        """Return it as plain data with sentences in `language`."""

    def because(self, language: Language, may_see: Collection[FieldClass] = ...) -> list[str]:
        """Return the reasons alone, without the answer and the rules."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of one policy to one set of facts.

    Attributes:
        policy: Id of the policy.
        as_of: The day or instant it is for, as text.
        status: How it ended.
        outcome: Output → value; a list of those under `rule order`, `output order` and `each`; None where none.
        result: What the kind's section makes of the outcome; None where there is none.
        hits: Ids of the rules that hit, in order of the document; under `each` one such list per item.
        missing: Paths whose value was missing and mattered; `<policy>: <path>` for what an asked policy missed.
        closure: Name → digest of everything used: the policy itself, `vocabulary`, `reference/<name>`, asked policies.
        events: Ids of the subject's events that were given and the digest over them; None where none were.
        explanation: Why, when it was asked for; not part of the canonical text.
    """

    policy: str
    as_of: str
    status: Status
    outcome: dict[str, Any] | list[Any] | None
    result: Result | None
    hits: list[Any]
    missing: list[str]
    closure: Mapping[str, str]
    events: Mapping[str, Any] | None = None
    explanation: Explanation | None = None

    @property
    def revision(self) -> str:
        """Return the digest of the policy's text."""
        return self.closure[self.policy]

    def to_data(self) -> dict[str, Any]:
        """Return everything but the explanation as plain data."""
        return {
            "policy": self.policy,
            "revision": self.revision,
            "as_of": self.as_of,
            "status": str(self.status),
            "outcome": self.outcome,
            "result": None if self.result is None else self.result.to_data(),
            "hits": self.hits,
            "missing": self.missing,
            "closure": dict(self.closure),
            "events": None if self.events is None else dict(self.events),
        }

    def to_json(self) -> str:
        """Return the canonical text: the same facts and closure give the same bytes."""
        return canonical_json(self.to_data())
