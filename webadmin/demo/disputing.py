"""What people of the demonstration have made of its signals: a case with what is proposed in it, and two contests.

One was answered; the other waits for the manager, as does the signal it is about. A case is opened by hand from a
signal, so there is none where nobody has looked at the events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from policy.engine import Policies
from webadmin import contested
from webadmin.contested import About
from webadmin.decisions import service
from webadmin.decisions.service import Asked
from webadmin.demo import planted
from webadmin.demo.loading import PENALTY
from webadmin.roster import facts
from webadmin.signals import cases
from webadmin.signals.cases import Opening
from webadmin.store import contests, signals
from webadmin.store.contests import Claim, Sort, Verdict
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept, Query
from webadmin.store.writer import Transaction

_OPENED = "客户流失两周后向同行采购，需要了解经过"
_ANSWERED = (
    "交接前我已与客户谈妥续约，希望仍由我服务。",
    "交接按团队调整进行，不再变动；交接前谈妥的续约，业绩仍归您。",
)
_WAITS = "导出联系人是为了上季度的客户回访，由主管安排；客户搬迁停用产品，与导出无关。"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does it, as the record calls them.

    Attributes:
        lead: Opens the case and answers.
        manager: Contests.
    """

    lead: str
    manager: str


def dispute(record: Record, act: Act, day: date, cast: Cast) -> None:
    """Open a case and decide what is proposed in it, contest two things, and answer one of them.

    What the policies in effect do not know is left out, and so is what rests on a signal nobody has found.

    Args:
        record: With the demonstration, its events looked at.
        act: When it happens.
        day: The reference day.
        cast: Who does it.

    Raises:
        BusyError: something could not be written.
    """
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, act.today)
        ordered = _signal(record, planted.ORDERED_OUTSIDE)
        exported = _signal(record, planted.EXPORTING)
    lead, manager = replace(act, actor=cast.lead), replace(act, actor=cast.manager)
    if ordered is not None:
        _open(record, policies, ordered, lead)
        _propose(record, ordered, day, lead)
    _contest(record, policies, About(planted.EXPORTING, Sort.CUSTOMER, planted.HANDED_OVER), _ANSWERED[0], manager)
    _answer(record, policies, lead)
    if exported is not None:
        _contest(record, policies, About(planted.EXPORTING, Sort.SIGNAL, exported.id), _WAITS, manager)


def _signal(record: Record, key: str) -> Kept | None:
    with record.engine.connect() as connection:
        return next(iter(signals.search(connection, Query(policy=PENALTY, key=key), 1)), None)


def _open(record: Record, policies: Policies, kept: Kept, act: Act) -> None:
    sort = policies.events.get(cases.TYPE)
    if sort is not None:
        opening = Opening(tuple(kept.finding.events), _OPENED)
        record.writer.write(lambda transaction: cases.open_case(transaction, sort, kept, opening, act))


def _propose(record: Record, kept: Kept, day: date, act: Act) -> None:
    """Keep the decision about the case: which measures the policy proposes, and what each still needs."""
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, day)
        policy = policies.get(PENALTY)
        if policy is None:
            return
        told = facts.declared(policy.reader.group, _inquired(kept, day))
        made = service.made(policy, Asked(PENALTY, told), day.isoformat(), actor=act.actor, now=act.now)
    service.keep(record, [made])


def _inquired(kept: Kept, day: date) -> Mapping[str, Any]:
    """Return what the inquiry into the case has found."""
    return {
        "case": {
            "id": f"case-{kept.id}",
            "kind": "outside-order",
            "finding": "proven",
            "informed": True,
            "known_on": day - timedelta(planted.KNOWN_BEFORE),
            "order_value": Decimal(64_000),
            "self_reported": False,
            "reporter": "customer",
            "evidence": [
                {"id": "contract", "kind": "document", "source": "finance"},
                {"id": "interview", "kind": "statement", "source": "customer"},
            ],
        },
        "manager": {"id": planted.ORDERING_OUTSIDE},
        "customer": {"id": planted.ORDERED_OUTSIDE},
    }


def _contest(record: Record, policies: Policies, about: About, statement: str, act: Act) -> None:
    sort = policies.events.get(contests.TYPE)
    with record.reading() as connection:
        seen = contested.stands(record, connection, about, act.today)
    if sort is not None and seen is not None and contests.knows(sort, about.sort):
        claim = Claim(about.sort, about.of, statement, seen)
        record.writer.write(lambda transaction: contests.contest(transaction, sort, about.person, claim, act))


def _answer(record: Record, policies: Policies, act: Act) -> None:
    """Answer all that was contested until now."""
    sort = policies.events.get(contests.ANSWERED)
    if sort is None:
        return

    def work(transaction: Transaction) -> None:
        for each in contests.of_person(transaction.connection, planted.EXPORTING):
            contests.answer(transaction, sort, each, (Verdict.PARTLY, _ANSWERED[1]), act)

    record.writer.write(work)
