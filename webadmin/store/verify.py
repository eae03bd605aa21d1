"""Proves the record: holds every entry, row, column and term of it against the hash chains and the exported heads.

It reads in one snapshot, page by page, so memory stays bounded. What it finds is a `Report`; it can be stopped after
any page and go on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from webadmin.store import anchors
from webadmin.store.catalogue import Catalogue
from webadmin.store.chain import Chain, Head, beginning
from webadmin.store.expected import SHELVES
from webadmin.store.heads import Outside, link_at
from webadmin.store.marks import Marks, check_heads
from webadmin.store.raw import undecoded
from webadmin.store.report import Open, Report
from webadmin.store.rows import Rows
from webadmin.store.tables import ENTRIES
from webadmin.store.walk import Walk


@dataclass(frozen=True, slots=True)
class Scope:
    """What is verified.

    Attributes:
        recompute: How many decisions are decided once more, spread evenly; None: all of them.
        chain: Only this chain; None: all.
        since: With `chain`: the first number; the entry before it is taken as it stands.
        until: With `chain`: the last number; None: to the end.
    """

    recompute: int | None = None
    chain: Chain | None = None
    since: int = 1
    until: int | None = None

    @property
    def chains(self) -> list[Chain]:
        """Return the chains, in order."""
        return list(Chain) if self.chain is None else [self.chain]


def _unwatched(_done: int, _total: int, _report: Report) -> None:
    return


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on.

    Attributes:
        told: Called after each page, unless the next one hangs on what this one found, with entries done, all entries,
            and the report so far; from its `to_data` verification can go on.
        cancelled: Asked before each page.
    """

    told: Callable[[int, int, Report], None] = _unwatched
    cancelled: Callable[[], bool] = lambda: False


EVERYTHING = Scope()
UNWATCHED = Watch()


def verify(
    connection: Connection,
    catalogue: Catalogue,
    outside: Outside | None,
    scope: Scope = EVERYTHING,
    *,
    watch: Watch = UNWATCHED,
    before: Report | None = None,
) -> Report:
    """Verify the record.

    Args:
        connection: In a transaction that sees one state throughout: on PostgreSQL `REPEATABLE READ`.
        catalogue: Compiled policies of this database.
        outside: The exported heads; None where there are none.
        scope: What is verified.
        watch: Who looks on.
        before: The report of a run that was stopped; it is added to, from its `position` on.

    Returns:
        What was found; not `complete` where it was cancelled.
    """
    report = before or Report()
    with undecoded(connection):
        aside = report if report.position is None else Report()  # these were told by the run before
        kept = anchors.check(connection, aside)
        marks = check_heads(connection, outside, aside)
        if aside is not report:
            report.unproven += aside.unproven
        rows = Rows(connection, catalogue, kept, report, scope.recompute)
        marks.confirmed = report.confirmed
        is_whole = _walked(connection, rows, marks, scope, watch)
    if is_whole:
        report.complete, report.position = True, None
        _leave_open(report, scope, marks)
    return report


def _walked(connection: Connection, rows: Rows, marks: Marks, scope: Scope, watch: Watch) -> bool:
    """Go along the chains; return False where it was cancelled."""
    report = rows.report
    totals = {chain: _count(connection, chain) for chain in Chain}
    rows.total = totals[Chain.DECISIONS]
    for chain in scope.chains:
        head = _start(connection, chain, scope, report)
        if head is None:
            continue
        walk = Walk(connection, SHELVES[chain], rows, marks, report)
        walk.begin(head)
        more = True
        while more:
            if walk.is_settled and watch.cancelled():
                return False
            more = walk.page(scope.until)
            report.position = (str(chain), walk.head.seq)
            if walk.is_settled:
                watch.told(sum(report.checked[str(each)] for each in Chain), sum(totals.values()), report)
        walk.finish(to_end=scope.until is None, whole=scope.until is None and scope.since == 1)
        report.ends[str(chain)] = walk.head.seq
        report.position = (str(following), 0) if (following := _after(chain, scope)) is not None else None
    return True


def _after(chain: Chain, scope: Scope) -> Chain | None:
    later = scope.chains[scope.chains.index(chain) + 1 :]
    return later[0] if later else None


def _count(connection: Connection, chain: Chain) -> int:
    return connection.execute(select(func.count()).where(ENTRIES.c.chain == str(chain))).scalar_one()


def _start(connection: Connection, chain: Chain, scope: Scope, report: Report) -> Head | None:
    """Return the head to go on from, None where a chain was gone along before."""
    seq = scope.since - 1
    if report.position is not None:
        order = list(Chain)
        stopped = Chain(report.position[0])
        if order.index(chain) < order.index(stopped):
            return None
        seq = report.position[1] if chain is stopped else seq
    columns = ENTRIES.c
    there = connection.execute(
        select(func.max(columns.seq)).where(columns.chain == str(chain), columns.seq <= seq, columns.seq > 0)
    ).scalar()
    link = None if there is None else link_at(connection, chain, there)
    return beginning(chain) if there is None or link is None else Head(there, link)


def _leave_open(report: Report, scope: Scope, marks: Marks) -> None:
    """Say what cannot be proven."""
    marks.leave_open(report)
    if scope.chain is not None:
        report.leave_open(Open.PART, chain=scope.chain, since=scope.since, until=report.ends[str(scope.chain)])
    emptied = sum(each.emptied for each in report.erasures.values())
    redacted = sum(each.redacted for each in report.erasures.values())
    skipped = report.checked["decisions"] - report.recomputed.total()
    for what, count in ((Open.ERASED, emptied), (Open.REDACTED, redacted), (Open.RECOMPUTED, skipped)):
        if count:
            report.leave_open(what, count=count)
    for what in (Open.CONSULTATION, Open.TABLES, Open.TRUTH, Open.KEY):
        report.leave_open(what)
