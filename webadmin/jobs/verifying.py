"""`verify`: proves the record, page by page; after a kill it goes on from the last page that was saved.

Arguments, all optional: `recompute`, how many decisions are decided once more (all without it); `chain`, with `since`
and `until`, the first and last number of a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from webadmin.jobs.context import JobContext, Stopped
from webadmin.jobs.selecting import refused
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.chain import Chain
from webadmin.store.report import Report
from webadmin.store.verify import Scope, Watch, verify
from webadmin.store.writer import Transaction

KIND = "verify"

OFTEN = 1.0
"""Seconds between two checkpoints at least; each is a write, synchronised to the disk."""


def scope_of(arguments: Mapping[str, Any]) -> Scope:
    """Return what is to be verified.

    Raises:
        ProblemError: an argument cannot be read.
    """
    chain = arguments.get("chain")
    if chain is not None and chain not in set(Chain):
        raise refused("chain")
    numbers = {name: _number(arguments, name) for name in ("recompute", "since", "until")}
    since = numbers["since"]
    return Scope(
        numbers["recompute"], None if chain is None else Chain(chain), 1 if since is None else since, numbers["until"]
    )


def _number(arguments: Mapping[str, Any], name: str) -> int | None:
    found = arguments.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or found < (name != "recompute"):
        raise refused(name)
    return found


def plain(scope: Scope) -> dict[str, Any]:
    """Return the arguments of a job that verifies so much."""
    told: dict[str, Any] = {"recompute": scope.recompute, "until": scope.until}
    if scope.chain is not None:
        told |= {"chain": str(scope.chain), "since": scope.since}
    return {name: value for name, value in told.items() if value is not None}


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Verify the record.

    Returns:
        The report, as `Report.to_data` says.

    Raises:
        ProblemError: an argument cannot be read.
    """
    scope = scope_of(arguments)
    state = context.resumed or {"report": None, "ended": False}
    if state["ended"]:
        return dict(state["report"])
    before = None if state["report"] is None else Report.from_data(state["report"])
    exporter = context.record.exporter
    outside = None if exporter is None else exporter.outside()
    with context.record.reading() as connection:
        watch = _watch(context)
        report = verify(connection, context.record.catalogue, outside, scope, watch=watch, before=before)
    told = report.to_data()
    if not report.complete:
        context.checkpoint({"report": told, "ended": False})
        raise Stopped
    context.checkpoint({"report": told, "ended": True}, lambda transaction: _note(context, transaction, told))
    return told


def _watch(context: JobContext) -> Watch:
    saved = monotonic()

    def told(done: int, total: int, report: Report) -> None:
        nonlocal saved
        context.progress(done, total)
        if monotonic() - saved >= OFTEN:
            context.checkpoint({"report": report.to_data(), "ended": False})
            saved = monotonic()

    return Watch(told, context.cancelled)


def _note(context: JobContext, transaction: Transaction, told: Mapping[str, Any]) -> None:
    what = {name: told[name] for name in ("holds", "wrong", "checked")}
    audit.note(transaction, context.now(), context.job.created_by, Action.VERIFIED, context.job.id, what)
