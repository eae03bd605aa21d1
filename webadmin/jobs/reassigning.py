"""`reassign`: calculates the proposal of a plan that takes long, and keeps it with the plan.

Started again after a kill it calculates anew: until it is done nothing is kept of it. Nothing is logged as a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy.values import Text
from webadmin.jobs.context import JobContext, ProblemError, Stopped
from webadmin.reassigning import calculating, keeping
from webadmin.reassigning.calculating import UnusableError
from webadmin.reassigning.keeping import Plan
from webadmin.store.writer import Transaction

KIND = "reassign"

GONE = Text("方案已被修改或删除", "the plan was changed or thrown away")


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Calculate a plan.

    Args:
        context: The job.
        arguments: `plan`, its id, and `among`, ids of those who may be thought of; null for everybody.

    Returns:
        `moves` and `unassigned`.

    Raises:
        ProblemError: the plan waits for no such job, or its policy cannot propose.
        Stopped: the job was cancelled.
    """

    def told(done: int, total: int) -> None:
        context.progress(done, total)
        if context.cancelled():
            raise Stopped

    with context.record.engine.connect() as connection:
        plan = _plan(context, arguments)
        try:
            found = calculating.calculate(connection, context.record.catalogue, plan, arguments.get("among"), told)
        except UnusableError as error:
            made = replace(plan, job=None, problem=error.text)
            _keep(context, made)
            raise ProblemError(error.text) from error
    _keep(context, found)
    moves = () if found.proposal is None else found.proposal.moves
    return {"moves": len(moves), "unassigned": sum(move.taker is None for move in moves)}


def _plan(context: JobContext, arguments: Mapping[str, Any]) -> Plan:
    with context.record.engine.connect() as connection:
        plan = keeping.find(connection, str(arguments.get("plan")))
    if plan is None or plan.job != context.job.id:
        raise ProblemError(GONE)
    return plan


def _keep(context: JobContext, plan: Plan) -> None:
    def work(transaction: Transaction) -> None:
        keeping.save(transaction, plan, context.now())

    try:
        context.write(work)
    except keeping.ChangedError as error:
        raise ProblemError(GONE) from error
