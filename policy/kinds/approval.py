"""Approvals: which stages a request needs, who may act in each, and what separation forbids.

What is unknown never opens a door: an unknown `who` does not admit, an unknown `never` bars, an unknown `unless`
keeps the stage. Beside the policy's own separation, who asks may not approve (DESIGN, guard rail 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from policy.errors import Place
from policy.kinds.base import Scope, chosen, people, truth
from policy.model.document import Duration, Id
from policy.model.written import Expression
from policy.values import Text

APPROVERS = "approvers"
"""Path of the list of persons who could act; where facts hold none, nobody is named."""

REQUESTER = "requester.id"
"""Path of the id of who asks."""


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
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Separation:
    """Where `never` is true for a person, that person may not act."""

    place: Place
    id: Id
    never: Expression
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class ApprovalSection:
    """Top-level keys of an approval policy."""

    stages: tuple[Stage, ...]
    separation: tuple[Separation, ...] = ()


class Truth(StrEnum):
    """What became of a condition."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Barred:
    """A person who may not act.

    Attributes:
        approver: Id of the person, None when it is missing.
        by: What bars: `who` (not meant by the stage), `requester` (is who asks), ids of separation rows.
    """

    approver: str | None
    by: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"approver": self.approver, "by": list(self.by)}


@dataclass(frozen=True, slots=True)
class Unsure:
    """A person of whom something could not be told, and who therefore may not act.

    Attributes:
        approver: Id of the person, None when it is missing.
        by: What is unknown: `who`, `requester`, ids of separation rows.
        missing: Paths whose value was missing.
    """

    approver: str | None
    by: tuple[str, ...]
    missing: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"approver": self.approver, "by": list(self.by), "missing": list(self.missing)}


@dataclass(frozen=True, slots=True)
class Actors:
    """The persons given, told apart by whether they may act in one stage.

    Attributes:
        may_act: Ids of those who may, in the order given.
        barred: Those who may not, with everything that bars them.
        unknown: Those of whom something is unknown; with an unknown separation they stand in `barred` too.
        enough: Whether those who may act are as many as the stage needs.
    """

    may_act: tuple[str, ...]
    barred: tuple[Barred, ...]
    unknown: tuple[Unsure, ...]
    enough: bool

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "may_act": list(self.may_act),
            "barred": [each.to_data() for each in self.barred],
            "unknown": [each.to_data() for each in self.unknown],
            "enough": self.enough,
        }


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage the outcome names.

    Attributes:
        unless: What became of the stage's own `unless`; None where it has none.
        who: The condition on the person, as written.
        actors: Who may act; None where the stage is skipped or facts name no persons.
    """

    id: str
    need: int
    within: str | None
    late: str | None
    unless: Truth | None
    who: str
    actors: Actors | None

    @property
    def skipped(self) -> bool:
        """Say whether its `unless` takes it away; what is unknown does not."""
        return self.unless is Truth.TRUE

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data; who may act is left out where it is not told."""
        return {
            "id": self.id,
            "need": Decimal(self.need),
            "within": self.within,
            "late": self.late,
            "unless": None if self.unless is None else str(self.unless),
            "skipped": self.skipped,
            "who": self.who,
            **({} if self.actors is None else self.actors.to_data()),
        }


@dataclass(frozen=True, slots=True)
class ApprovalResult:
    """The stages a request needs, in order of approval."""

    stages: tuple[StageResult, ...]

    @property
    def open(self) -> tuple[StageResult, ...]:
        """Return the stages that are not skipped."""
        return tuple(stage for stage in self.stages if not stage.skipped)

    @property
    def needed(self) -> bool:
        """Say whether anybody must approve."""
        return bool(self.open)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"needed": self.needed, "stages": [stage.to_data() for stage in self.stages]}


@dataclass(frozen=True, slots=True)
class _Person:
    """A person who could act, and what no stage changes about that.

    Attributes:
        scope: Knows the person as `approver`.
        bars: What bars the person, whether true or unknown.
        unknown: What of it is unknown.
        missing: Paths missing for it.
    """

    id: str | None
    scope: Scope
    bars: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def result(section: ApprovalSection, scope: Scope) -> ApprovalResult:
    """Tell which stages a request without history needs, and who may act in each.

    Args:
        section: The stages and the separation.
        scope: Gives the output `of: stages`; the list `approvers` where persons are to be told apart.

    Raises:
        Undetermined: the stages are unknown.
        EvaluationError: the outcome names a stage that is none, or a person stands in `approvers` twice.
    """
    wanted = chosen(scope, "stages", [stage.id for stage in section.stages])
    persons = _persons(section, scope)
    return ApprovalResult(tuple(_stage(stage, persons, scope) for stage in section.stages if stage.id in wanted))


def _persons(section: ApprovalSection, scope: Scope) -> list[_Person] | None:
    if scope.read(APPROVERS) is None:
        return None
    return [_person(section, each, scope) for each in people(scope, APPROVERS)]


def _person(section: ApprovalSection, approver: Mapping[str, Any], scope: Scope) -> _Person:
    bound = scope.binding({"approver": approver})
    own, requester = approver.get("id"), scope.read(REQUESTER)
    asks = _same(own, requester)
    judged = [(row, truth(bound.value(row.never))) for row in section.separation]
    missing = [path for path, value in (("approver.id", own), (REQUESTER, requester)) if value is None]
    missing += bound.missing(*(row.never for row, never in judged if never is None))
    return _Person(
        own,
        bound,
        bars=("requester",) * (asks is not False) + tuple(row.id for row, never in judged if never is not False),
        unknown=("requester",) * (asks is None) + tuple(row.id for row, never in judged if never is None),
        missing=tuple(dict.fromkeys(missing)),
    )


def _same(one: Any, other: Any) -> bool | None:
    """Say whether two ids are the same person's; ids of different types cannot be told apart."""
    return None if one is None or type(one) is not type(other) else one == other


def _stage(stage: Stage, persons: list[_Person] | None, scope: Scope) -> StageResult:
    unless = None if stage.unless is None else _told(truth(scope.value(stage.unless)))
    actors = None if persons is None or unless is Truth.TRUE else _actors(stage, persons)
    return StageResult(stage.id, stage.need, stage.within, stage.late, unless, stage.who.text, actors)


def _told(verdict: bool | None) -> Truth:  # noqa: FBT001 - a verdict, not a switch
    if verdict is None:
        return Truth.UNKNOWN
    return Truth.TRUE if verdict else Truth.FALSE


def _actors(stage: Stage, persons: Sequence[_Person]) -> Actors:
    may_act: list[str] = []
    barred: list[Barred] = []
    unknown: list[Unsure] = []
    for person in persons:
        meant = truth(person.scope.value(stage.who))
        bars = person.bars if meant is not False else ("who", *person.bars)
        unsure = person.unknown if meant is not None else ("who", *person.unknown)
        if bars:
            barred.append(Barred(person.id, bars))
        if unsure:
            missing = person.missing if meant is not None else (*person.scope.missing(stage.who), *person.missing)
            unknown.append(Unsure(person.id, unsure, tuple(dict.fromkeys(missing))))
        if person.id is not None and not bars and not unsure:
            may_act.append(person.id)
    return Actors(tuple(may_act), tuple(barred), tuple(unknown), enough=len(may_act) >= stage.need)
