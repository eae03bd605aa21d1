"""Long work: starts it, shows how far it is and what came of it, cancels it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import msgspec

from policy.engine import NamedText
from policy.engine import prepare as prepared
from policy.errors import Grade
from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.access.scopes import GUARDED, Scope
from webadmin.api.calls import Answer, Call, key_of
from webadmin.api.fitting import fitted
from webadmin.api.once import Draft
from webadmin.api.parsing import parsed
from webadmin.api.problems import Fault, ProblemError, body_problem, finding_fault, unknown_policy
from webadmin.api.registry import Example, operation
from webadmin.api.shapes import JobData
from webadmin.api.workshapes import JobBody
from webadmin.decisions.service import today
from webadmin.ids import is_id
from webadmin.store import jobs, published, revisions
from webadmin.store.jobs import Job

MOST_LISTED = 12
"""Revisions named where one is not there, the newest."""

_DIGITS = 20
"""Digits of a whole number that is made an integer; longer ones are out of every bound."""

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
        _check(call, kind, arguments)
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
    shaped: Any = fitted(_whole(parsed(body)), cast("type[Any]", JobBody))
    arguments = {name: each for name, each in msgspec.structs.asdict(shaped).items() if each is not None}
    if faults := list(_contrary(arguments)):
        raise body_problem(faults)
    return str(shaped.__struct_config__.tag), arguments


def _contrary(arguments: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what cannot be meant together."""
    if "revision" in arguments and "text" in arguments:
        text = Text("`revision` 与 `text` 只能给出一个", "found `revision` and `text`, expected one of them")
        yield Fault("body-both", text, pointer="/text")
    since, until = arguments.get("since"), arguments.get("until")
    if since is not None and until is not None and datetime.fromisoformat(until) <= datetime.fromisoformat(since):
        text = Text(
            f"此处是 `{until}`，应晚于 `since`（`{since}`）",
            f"found `{until}`, expected an instant after `since`, which is `{since}`",
        )
        yield Fault("body-range", text, pointer="/until")


def _check(call: Call, kind: str, arguments: Mapping[str, Any]) -> None:
    """Refuse what would fail as soon as a worker takes it.

    Raises:
        ProblemError: no policy is called that, none of that name is in effect, or it has no such revision.
    """
    name, number = arguments.get("policy"), arguments.get("revision")
    if name is None:
        return
    with call.record.engine.connect() as connection:
        known = published.known_policies(connection)
        numbers = [row.number for row in published.every(connection, name)]
        in_effect = call.record.catalogue.in_effect(connection, today(call.now))
    if name not in known:
        raise body_problem([replace(unknown_policy(name, known), pointer="/policy")])
    if number is not None and number not in numbers:
        listed = ", ".join(map(str, sorted(numbers)[-MOST_LISTED:]))
        text = Text(
            f"策略 `{name}` 没有修订 {number}，应为以下之一：{listed}",
            f"the policy `{name}` has no revision {number}, expected one of {listed}",
        )
        raise body_problem([Fault("unknown-revision", text, pointer="/revision")])
    if kind == "reevaluate" and number is None and "text" not in arguments and name not in in_effect:
        text = Text(
            f"策略 `{name}` 目前没有生效的修订：请给出 `revision` 或 `text`",
            f"no revision of the policy `{name}` is in effect: give `revision` or `text`",
        )
        raise body_problem([Fault("policy-not-in-effect", text, pointer="/policy")])
    if "text" in arguments:
        _check_text(call, name, arguments["text"])


def _check_text(call: Call, name: str, written: str) -> None:
    """Refuse a text that does not load with what is in effect, with what is wrong in it.

    Raises:
        ProblemError: it does not, or is the text of another policy.
    """
    with call.record.engine.connect() as connection:
        effective = call.record.catalogue.in_effect(connection, today(call.now)).values()
        texts = revisions.texts(connection, {each.document: each.digest for each in effective})
    made = prepared(NamedText(each, text) for each, text in {**texts, name: written}.items())
    if name in made.policies:
        return
    errors = [each for each in made.findings if each.grade is Grade.ERROR and each.place.source == name]
    other = Text(f"应为策略 `{name}` 的文本", f"expected the text of the policy `{name}`")
    raise body_problem(
        [replace(finding_fault(each), pointer="/text") for each in errors] or [Fault("policy-other", other, "/text")]
    )


def _whole(given: Any) -> Any:
    """Return a body whose whole numbers are integers."""
    if not isinstance(given, Mapping):
        return given
    return {
        name: int(each) if isinstance(each, Decimal) and each.adjusted() < _DIGITS and each == int(each) else each
        for name, each in given.items()
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
