"""`recompute`: decides recorded decisions once more, each under the texts it was decided by.

The result counts what that came to and names the first decisions that came out otherwise or could not be decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from webadmin.jobs.context import JobContext
from webadmin.jobs.selecting import pages, query_of
from webadmin.store import audit, decisions
from webadmin.store.audit import Action
from webadmin.store.decisions import Found
from webadmin.store.recompute import Verdict, parsed, recompute

NAMED = 20
"""Decisions named in the result."""

ERASED = "erased"
"""What nobody can decide again, as the facts are gone."""


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Recompute decisions.

    Args:
        context: The job.
        arguments: As `webadmin.jobs.selecting` describes them.

    Returns:
        `total`, `counts` (verdict → decisions) and `first`: ids with verdict and reason.

    Raises:
        ProblemError: an argument cannot be read.
    """
    query = query_of(arguments)
    state = context.resumed or _begun(context, query)
    if not state.get("ended"):
        for page in pages(context.record.engine, query, state["before"]):
            state = _after(context, state, page)
            context.progress(sum(state["counts"].values()), state["total"])
            context.checkpoint(state)
        context.checkpoint({**state, "ended": True}, lambda transaction: _note(context, transaction, state))
    return {name: state[name] for name in ("total", "counts", "first")}


def _begun(context: JobContext, query: decisions.Query) -> dict[str, Any]:
    with context.record.engine.connect() as connection:
        total = decisions.count(connection, query)
    return {"before": None, "total": total, "counts": {}, "first": []}


def _after(context: JobContext, state: Mapping[str, Any], page: list[Found]) -> dict[str, Any]:
    """Return the state after one more page."""
    counts = Counter(state["counts"])
    first = list(state["first"])
    with context.record.engine.connect() as connection:
        for each in page:
            if each.body is None:
                counts[ERASED] += 1
                continue
            found = recompute(context.record.catalogue, connection, parsed(each.body))
            counts[str(found.verdict)] += 1
            if found.verdict is not Verdict.SAME and len(first) < NAMED:
                first.append({"id": each.id, "policy": each.policy, "verdict": str(found.verdict)})
    return {**state, "before": page[-1].id, "counts": dict(counts), "first": first}


def _note(context: JobContext, transaction: Any, state: Mapping[str, Any]) -> None:
    what = {"total": state["total"], "counts": state["counts"]}
    audit.note(transaction, context.now(), context.job.created_by, Action.RECOMPUTED, context.job.id, what)
