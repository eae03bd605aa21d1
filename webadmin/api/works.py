"""Long work: starts it, shows how far it is and what came of it, cancels it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.access.scopes import GUARDED, Scope
from webadmin.api.bodies import fitted
from webadmin.api.calls import Answer, Call, key_of
from webadmin.api.once import Draft
from webadmin.api.parsing import parsed
from webadmin.api.problems import Fault, ProblemError
from webadmin.api.registry import Example, operation
from webadmin.api.shapes import JobData
from webadmin.api.workshapes import JobBody, RecomputeJob, ReevaluateJob, VerifyJob
from webadmin.ids import is_id
from webadmin.jobs import context, selecting, verifying
from webadmin.store import jobs
from webadmin.store.jobs import Job

_FORMS: Mapping[str, type[Any]] = {verifying.KIND: VerifyJob, "recompute": RecomputeJob, "reevaluate": ReevaluateJob}
_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    verifying.KIND: verifying.scope_of,
    "recompute": selecting.query_of,
    "reevaluate": selecting.query_of,
}
_NAMING_NOBODY = frozenset({"recompute"})
"""Kinds whose results hold ids of decisions and counts alone."""


@operation(
    "start-job",
    "POST",
    "/api/v1/jobs",
    title=Text("启动任务", "Start a job"),
    scopes=(Scope.ADMIN,),
    body=JobBody,
    answer=JobData,
    status=202,
    problems=("json", "body"),
    once=True,
    examples=(Example("verify the record", {"kind": "verify", "recompute": 1000}),),
)
def start(call: Call) -> Answer:
    """Leave work to a worker: verify the record, recompute decisions, or re-evaluate them under another text."""
    kind, arguments = _asked(call.body)

    def make() -> Draft:
        job = jobs.made(kind, arguments, call.holder.actor, call.now)
        return Draft(202, canonical_json(_told(call, job)), lambda transaction: jobs.add(transaction, job))

    given = call.once.answer(key_of(call), call.now, make)
    return Answer(given.status, given.body, {"Idempotent-Replayed": "true"} if given.again else {})


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
    return Answer(200, canonical_json(_told(call, _found(call))))


@operation(
    "cancel-job",
    "POST",
    "/api/v1/jobs/{id}/cancel",
    title=Text("取消任务", "Cancel a job"),
    scopes=(Scope.ADMIN,),
    answer=JobData,
    problems=("unknown-job",),
)
def cancel(call: Call) -> Answer:
    """Cancel a job: one that waits ends at once, one that runs after its present step; one that has ended stays."""
    name = _found(call).id
    call.record.writer.write(lambda transaction: jobs.cancel(transaction, name, call.holder.actor, call.now))
    return Answer(200, canonical_json(_told(call, _found(call))))


def _asked(body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the kind of a job and its arguments, as far as they can be checked before it runs.

    Raises:
        ProblemError: the body cannot be read.
    """
    given = parsed(body)
    kind = given.get("kind") if isinstance(given, Mapping) else None
    form: Any = _FORMS.get(kind, JobBody) if isinstance(kind, str) else JobBody
    shaped: Any = fitted(_whole(given), form)
    arguments = {name: each for name, each in msgspec.structs.asdict(shaped).items() if each is not None}
    try:
        _CHECKS[str(kind)](arguments)
    except context.ProblemError as error:
        raise ProblemError("body", faults=(Fault("body-form", error.text, pointer=""),)) from error
    return str(kind), arguments


def _whole(given: Any) -> Any:
    """Return a body whose whole numbers are integers."""
    if not isinstance(given, Mapping):
        return given
    return {
        name: int(each) if isinstance(each, Decimal) and each == int(each) else each for name, each in given.items()
    }


def _found(call: Call) -> Job:
    name, job = call.path["id"], None
    if is_id(name):
        with call.record.engine.connect() as connection:
            job = jobs.find(connection, name)
    if job is None or (job.created_by != call.holder.actor and Scope.ADMIN not in call.holder.scopes):
        raise ProblemError("unknown-job", {"found": name[:60]})
    return job


def _told(call: Call, job: Job) -> dict[str, Any]:
    """Return a job as this token may see it: outcomes and names stand in results of most kinds."""
    is_hidden = job.result is not None and job.kind not in _NAMING_NOBODY and not call.holder.classes >= GUARDED
    return {
        "id": job.id,
        "kind": job.kind,
        "state": str(job.state),
        "done": job.done,
        "total": job.total,
        "result": None if is_hidden else job.result,
        "hidden": ["result"] if is_hidden else [],
        "problem": None if job.problem is None else job.problem.to(call.language),
        "created_by": job.created_by,
        "created_at": job.created_at.isoformat(),
        "ended_at": None if job.ended_at is None else job.ended_at.isoformat(),
    }
