"""Decides every stored deal under the policy in effect on its day, and keeps the decisions.

A deal is decided for the day it was closed on. Of its facts those are given that the policy declares. What was decided
from the same facts under the same texts before is not kept a second time, so a run that was broken off can simply be
started again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.errors import EvaluationError, FactsError
from policy.messages import Said
from policy.tables import Refusal, Report, Row
from webadmin.decisions import service
from webadmin.decisions.service import Asked, Made, RetiredPolicyError, UnknownPolicyError
from webadmin.roster.facts import declared, read_facts
from webadmin.store import deals, decisions
from webadmin.store.catalogue import Unloadable
from webadmin.store.deals import Deal
from webadmin.store.record import Record
from webadmin.store.revisions import Act

BATCH = 500
"""Decisions that are kept in one transaction."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one deal came to.

    Attributes:
        row: The deal, numbered in the order deals were first told, with its facts or why there are none.
        made: The decision.
        error: What was met while deciding.
        is_known: Whether the same decision was in the record already.
    """

    row: Row
    made: Made | None = None
    error: EvaluationError | None = None
    is_known: bool = False


@dataclass(slots=True)
class DealRun:
    """One run over the stored deals; iterating over it decides them, and keeps what is new batch by batch.

    Attributes:
        record: Where the deals are and the decisions go.
        policy: Id of the policy.
        act: Who asks, and when.
        as_of: Day or instant for every deal; None: the day each was closed on.
        is_dry: Whether nothing is kept.
        again: Whether decisions are kept that are in the record already.
        report: What became of the deals so far.
        kept: Decisions kept so far.
        known: Decisions so far that were in the record already.
    """

    record: Record
    policy: str
    act: Act
    as_of: str | None = None
    is_dry: bool = False
    again: bool = False
    progress: Callable[[int], None] = lambda _: None
    report: Report = field(default_factory=Report)
    kept: int = 0
    known: int = 0
    _policies: dict[date, Policy | None] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Outcome]:
        """Yield what each deal came to.

        Raises:
            BusyError: the batch could not be kept; what was yielded before is.
        """
        with self.record.engine.connect() as connection:
            batch: list[Outcome] = []
            for number, deal in enumerate(list(deals.every(connection)), 1):
                batch.append(self._decided(connection, number, deal))
                if len(batch) == BATCH:
                    yield from self._finished(connection, batch)
                    batch = []
            yield from self._finished(connection, batch)

    def _finished(self, connection: Connection, batch: list[Outcome]) -> list[Outcome]:
        made = [each.made for each in batch if each.made is not None]
        known = decisions.recorded(connection, [each.record for each in made])
        fresh = [each for each in made if self.again or each.record.id not in known]
        if fresh and not self.is_dry:
            service.keep(self.record, fresh)
            self.kept += len(fresh)
        self.known += len(known)
        self.progress(len(batch))
        return [Outcome(each.row, each.made, each.error, is_known=_is_in(each.made, known)) for each in batch]

    def _decided(self, connection: Connection, number: int, deal: Deal) -> Outcome:
        self.report.read += 1
        row, facts, policy = self._row(connection, number, deal)
        error: EvaluationError | None = None
        made: Made | None = None
        if policy is not None and facts is not None and row.as_of is not None:
            try:
                asked = Asked(policy.id, facts, row.as_of)
                made = service.made(policy, asked, row.as_of, actor=self.act.actor, now=self.act.now)
            except FactsError as unfit:
                row = _refused(row, [_refusal(number, each.pointer, each.code, each.values) for each in unfit.problems])
            except EvaluationError as met:
                error = met
        self.report.count(1, row.problems)
        return Outcome(row, made, error)

    def _row(self, connection: Connection, number: int, deal: Deal) -> tuple[Row, dict[str, Any] | None, Policy | None]:
        """Return a deal as a row, and what decides it where something does."""
        day = self.as_of
        if day is None and deal.closed_on is not None:
            day = deal.closed_on.isoformat()
        stored = read_facts(deal.facts)
        key = str(stored.get("order", {}).get("id", deal.id))
        row = Row(number, (number,), key, stored, day)
        if day is None:
            return _refused(row, [Refusal(number, "closed_on", "as_of", "deal-not-closed")]), None, None
        policy = self._policy(connection, day)
        if policy is None:
            return _refused(row, [Refusal(number, None, None, "deal-no-policy", {"day": day})]), None, None
        return row, declared(policy.reader.group, stored), policy

    def _policy(self, connection: Connection, as_of: str) -> Policy | None:
        """Return the policy in effect on a day, None where there is none that loads."""
        day = service.day_for(as_of)
        if day not in self._policies:
            try:
                self._policies[day] = service.policy_for(self.record, connection, self.policy, day)
            except (UnknownPolicyError, RetiredPolicyError, Unloadable):
                self._policies[day] = None
        return self._policies[day]


def _is_in(made: Made | None, known: frozenset[str]) -> bool:
    return made is not None and made.record.id in known


def _refused(row: Row, problems: list[Refusal]) -> Row:
    return Row(row.number, row.rows, row.key, None, None, tuple(problems))


def _refusal(number: int, pointer: str, code: str, values: dict[str, Said] | Any) -> Refusal:
    path = pointer.removeprefix("/").replace("/", ".")
    return Refusal(number, path or None, path or None, code, values)
