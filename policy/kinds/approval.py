"""Approvals: which stages a request needs, who may act in each, and what separation forbids."""

from __future__ import annotations

from dataclasses import dataclass, field

from policy.errors import Place
from policy.model.document import Duration, Id
from policy.model.written import Expression


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; the order of stages is the order of approval.

    Attributes:
        who: True for a person (`approver`) who may act here.
        need: How many different persons must approve.
        unless: Where true, the stage is skipped.
        within: Time to act.
        late: Stage to which it goes when that time is over.
    """

    place: Place
    id: Id
    who: Expression
    need: int = field(default=1, metadata={"at_least": 1})
    unless: Expression | None = None
    within: Duration | None = None
    late: Id | None = None


@dataclass(frozen=True, slots=True)
class Separation:
    """Where `never` is true for a person, that person may not act."""

    place: Place
    id: Id
    never: Expression


@dataclass(frozen=True, slots=True)
class ApprovalSection:
    """Top-level keys of an approval policy."""

    stages: tuple[Stage, ...]
    separation: tuple[Separation, ...] = ()
