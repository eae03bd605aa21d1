"""Shows long work: how far it is, and what came of it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select

from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.access.scopes import Scope
from webadmin.api.calls import Answer, Call
from webadmin.api.problems import ProblemError
from webadmin.api.registry import operation
from webadmin.api.shapes import JobData
from webadmin.ids import is_id
from webadmin.store.tables import JOBS


@operation(
    "read-job",
    "GET",
    "/api/v1/jobs/{id}",
    title=Text("查看任务", "Read a job"),
    scopes=(Scope.READ,),
    answer=JobData,
    problems=("unknown-job",),
)
def read(call: Call) -> Answer:
    """Return a job this client began; with the scope `admin` any job."""
    name = call.path["id"]
    row = None
    if is_id(name):
        with call.record.engine.connect() as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.id == name)).first()
    if row is None or (row.created_by != call.holder.actor and Scope.ADMIN not in call.holder.scopes):
        raise ProblemError("unknown-job", {"found": name[:60]})
    return Answer(200, canonical_json(_told(row)))


def _told(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "result": None if row.result is None else json.loads(row.result, parse_float=Decimal, parse_int=Decimal),
        "problem": row.problem,
        "created_by": row.created_by,
        "created_at": row.created_at.isoformat(),
        "ended_at": None if row.ended_at is None else row.ended_at.isoformat(),
    }
