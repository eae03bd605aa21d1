"""Retiring a policy: from a day on nothing of it is in effect, proposed by one and approved by a second person.

It is a publication like any other: never changed, without end, and undone by another one that brings a revision back.
Decisions for days before stay possible, and those that were made stay readable and verifiable.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from policy.errors import Problem
from webadmin.ids import new_id
from webadmin.publishing import checking, notes
from webadmin.publishing.answers import Change, Checked, Proposed, Refused
from webadmin.publishing.overtaking import overtaken
from webadmin.store import revisions
from webadmin.store.reasons import says_something
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Batch, Effective, Period, Refusal
from webadmin.store.writer import Transaction


def propose(record: Record, document: str, since: date | None, reason: str, act: Act) -> Proposed | Refused:
    """Propose to retire a policy; where that waits already, it is not proposed twice.

    Args:
        record: Where it is in effect.
        document: Its id.
        since: First day on which nothing is decided by it; None: the day it is approved.
        reason: Why; needed.
        act: Who proposes, and when.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    with record.reading() as connection:
        checked = check(connection, document, since, act)
        waiting = _waiting(connection, document, since)
    missing = () if says_something(reason) else (Problem(str(Refusal.NO_REMARK), "/note", {}),)
    unfit = notes.problems(reason, "/note") or missing
    if unfit or not checked.is_fit:
        return Refused((*unfit, *checked.problems), checked.remarks)
    name = waiting or record.writer.write(lambda transaction: _proposed(transaction, checked, since, reason, act))
    return Proposed(name, checked.changes, (), checked.remarks, waiting is None, checked.overtakes)


def check(connection: Connection, document: str, since: date | None, act: Act) -> Checked:
    """Say what retiring a policy would come to: whether it is in effect, and whether all others load without it.

    Args:
        connection: To the record.
        document: Its id.
        since: First day on which nothing is decided by it; None: today.
        act: Who would propose or approve it, and when.
    """
    first = since or act.today
    stands = revisions.standing(connection, max(first, act.today)).get(document)
    problems = [*_of_day(first, act), *_of_standing(document, stands, first)]
    asking: tuple[str, ...] = ()
    if not problems:
        asking = tuple(sorted(_asking(connection, document, first)))
    if asking:
        problems.append(Problem(str(Refusal.ASKED), "", {"document": document, "names": asking}))
    remarks = () if problems else tuple(checking.without(connection, document, first))
    ahead = () if problems else overtaken(connection, {document: None}, Period(first), act)
    return Checked(_change(connection, stands), (), tuple(problems), remarks, revisions.newest(connection), ahead)


def _of_day(since: date, act: Act) -> Iterator[Problem]:
    if since < act.today:
        yield Problem(str(Refusal.BACKDATED), "/since", {"since": str(since), "today": str(act.today)})


def _of_standing(document: str, stands: Effective | None, day: date) -> Iterator[Problem]:
    if stands is None or "." not in document:
        yield Problem(str(Refusal.NOTHING_TO_RETIRE), "/since", {"document": document, "day": str(day)})
    elif stands.retires:
        values = {"document": document, "since": str(stands.since), "approver": stands.approver}
        yield Problem(str(Refusal.RETIRED), "/since", values)


def _asking(connection: Connection, document: str, since: date) -> set[str]:
    """Return the policies that ask a policy on some day from `since` on."""
    found: set[str] = set()
    for beside in checking.sets(connection, since):
        if document in beside:
            policies = checking.prepared(connection, beside).policies
            closures = {name: each.rule_set.closure for name, each in policies.items() if name != document}
            found |= {name for name, closure in closures.items() if document in closure}
    return found


def _change(connection: Connection, stands: Effective | None) -> tuple[Change, ...]:
    if stands is None:
        return ()
    text = revisions.texts(connection, {stands.document: stands.digest}).get(stands.document, "")
    return (Change(stands.document, stands.document, stands.digest, stands, text),)


def _waiting(connection: Connection, document: str, since: date | None) -> str | None:
    """Return the id of an open proposal of the very same."""
    rows = revisions.proposals(connection)
    return next((row.batch for row in rows if row.retires and (row.document, row.since) == (document, since)), None)


def _proposed(transaction: Transaction, checked: Checked, since: date | None, reason: str, act: Act) -> str:
    batch = Batch(new_id(act.now), checked.newest, retires=True)
    for each in checked.changes:
        revision = revisions.add(transaction, each.document, each.text, act)
        revisions.propose(transaction, revision, Period(since), reason, act, batch)
    return batch.id
