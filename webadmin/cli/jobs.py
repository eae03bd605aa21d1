"""`fairlead jobs` and `fairlead recompute`: long work as seen from a terminal."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import FOUND, Refused, WrongUse, echo_json, json_option, language_option, out, progress, say, tell
from policy.values import Language
from webadmin.cli.opening import act, check_policy, opened, patient
from webadmin.cli.options import day_option

if TYPE_CHECKING:
    from webadmin.store.jobs import Job
    from webadmin.store.record import Record

LOOK = 0.2
"""Seconds between two looks at a job that somebody else works on."""


@click.group(
    invoke_without_command=True,
    epilog="Examples: fairlead jobs; fairlead jobs show 01932f…; fairlead jobs cancel 01932f…",
    short_help="List long work, look at it, cancel it. 查看和取消长任务。",
)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, help="How many at most, the newest first. 最多几条。"
)
@json_option
@language_option
@click.pass_context
def jobs(context: click.Context, limit: int, language: Language, *, as_json: bool) -> None:
    """List the newest jobs.

    列出最近的任务。
    """
    if context.invoked_subcommand is not None:
        return
    from webadmin.jobs import service

    with opened(language) as record:
        found = service.newest(record, limit)
    if as_json:
        echo_json([service.plain(each) for each in found])
        return
    for each in found:
        out(_line(each, language))
    if not found:
        tell("no-jobs", language)


@jobs.command(epilog="Example: fairlead jobs show 01932f…", short_help="Show one job. 查看一个任务。")
@click.argument("job")
@json_option
@language_option
def show(job: str, language: Language, *, as_json: bool) -> None:
    """Show a job: where it stands, and its result or what went wrong. Exit code 1 where it failed.

    查看一个任务的进度、结果或失败原因。
    """
    with opened(language) as record:
        found = _found(record, job, language)
    _print(found, language, as_json=as_json)


@jobs.command(epilog="Example: fairlead jobs cancel 01932f…", short_help="Cancel one job. 取消一个任务。")
@click.argument("job")
@json_option
@language_option
def cancel(job: str, language: Language, *, as_json: bool) -> None:
    """Cancel a job: one that waits ends at once, one that runs after its present step.

    取消一个任务：等待中的立即取消，执行中的在当前步骤后停止。
    """
    from webadmin.jobs import service

    who = act()
    with opened(language) as record:
        before = _found(record, job, language)
        if before.has_ended:
            raise Refused(say("job-over", language, id=job, state=say(f"job-{before.state}", language)))
        with patient(language):
            found = service.cancel(record, job, actor=who.actor, now=who.now)
    if as_json:
        echo_json(service.plain(found))
    tell("job-cancelled-now" if found.has_ended else "job-cancelled-soon", language, id=job)


@click.command(
    epilog="Example: fairlead recompute --policy approval.order --since 2026-01-01 --wait",
    short_help="Decide recorded decisions once more. 重新计算已记录的裁定。",
)
@click.option("--policy", metavar="POLICY", help="Those of one policy. 某个策略的裁定。")
@day_option("--since", "since", "Those recorded on this day or later. 起始日。")
@day_option("--until", "until", "Those recorded before this day. 截止日（不含）。")
@click.option("--customer", metavar="ID", help="Those about one customer. 某位客户的裁定。")
@click.option("--person", metavar="ID", help="Those about one person. 某位人员的裁定。")
@click.option("--hit", metavar="RULE", help="Those a rule hit. 命中某条规则的裁定。")
@click.option("--wait", is_flag=True, help="Wait for the end, and do it here if no worker has. 等待完成。")
@json_option
@language_option
def recompute(
    since: date | None, until: date | None, language: Language, *, wait: bool, as_json: bool, **filters: str | None
) -> None:
    """Decide recorded decisions once more, each under the texts it was decided by, and compare to the byte.

    Without --wait a worker does it, and `fairlead jobs show` tells what it came to. Exit code 1 where any differs.

    按当时的策略文本重新计算已记录的裁定，逐字节比较。
    """
    from webadmin.jobs import service

    if since is not None and until is not None and since >= until:
        raise WrongUse(say("empty-period", language, since=since, until=until))
    who = act()
    arguments = _arguments(filters, {"since": since, "until": until})
    with opened(language) as record, patient(language):
        check_policy(record, filters["policy"], language)
        job = service.start(record, "recompute", arguments, actor=who.actor, now=who.now)
        found = _waited(record, job, language) if wait else service.find(record, job)
    if found.has_ended:
        _print(found, language, as_json=as_json)
    else:
        tell_started(found, language, as_json=as_json)


def tell_started(job: Job, language: Language, *, as_json: bool) -> None:
    """Tell of a job that was handed to a worker."""
    from webadmin.jobs import service

    if as_json:
        echo_json(service.plain(job))
    tell("job-started", language, id=job.id)


def _arguments(filters: Mapping[str, str | None], days: Mapping[str, date | None]) -> dict[str, Any]:
    """Return the filters of the command line as the job reads them."""
    from webadmin.store.days import beginning
    from webadmin.store.decisions import term

    found: dict[str, Any] = {"policy": filters["policy"]} if filters["policy"] else {}
    found |= {name: beginning(day).isoformat() for name, day in days.items() if day is not None}
    terms = [[term(name, filters[name])] for name in ("customer", "person", "hit") if filters[name] is not None]
    return {**found, "terms": terms} if terms else found


def _waited(record: Record, name: str, language: Language) -> Job:
    """Return a job once it has ended, or at Ctrl-C; it is done here unless a worker is quicker."""
    from webadmin.decisions.service import clock
    from webadmin.jobs import service
    from webadmin.jobs.context import Around, Stop
    from webadmin.jobs.kinds import KINDS
    from webadmin.jobs.worker import Worker

    stop = Stop()
    before = signal.signal(signal.SIGINT, stop.ask)
    try:
        with progress("recomputing", language) as advance:
            shown = _Shown(advance)
            worker = Worker(record, KINDS, Around(clock, stop, shown=shown.at))
            while not (found := service.find(record, name)).has_ended and not stop.asked:
                if not worker.once(name):
                    shown.at(found.done, found.total)
                    stop.wait(LOOK)
    finally:
        signal.signal(signal.SIGINT, before)
    return found


class _Shown:
    """Turns steps done so far into steps since the last time."""

    def __init__(self, advance: Any) -> None:
        self._advance = advance
        self._last = 0

    def at(self, done: int, _total: int | None) -> None:
        """Show that so many steps are done."""
        self._advance(done - self._last)
        self._last = done


def _found(record: Record, name: str, language: Language) -> Job:
    from webadmin.jobs import service

    try:
        return service.find(record, name)
    except service.UnknownJobError as error:
        raise WrongUse(say("job-unknown", language, id=name)) from error


def _print(job: Job, language: Language, *, as_json: bool) -> None:
    """Print a job whole; leave with 1 where it failed or found differences."""
    from policy.model.canonical import canonical_json
    from webadmin.jobs import service

    if as_json:
        echo_json(service.plain(job))
    else:
        out(_line(job, language))
        if job.problem is not None:
            out(job.problem.to(language))
        for name, value in (job.result or {}).items():
            out(f"{name}: {canonical_json(value)}")
    if job.problem is not None or _is_finding(job):
        raise click.exceptions.Exit(FOUND)


def _is_finding(job: Job) -> bool:
    """Say whether what a job came to is not as it should be."""
    result = job.result or {}
    match job.kind:
        case "recompute":
            return bool(set(result.get("counts", {})) - {"same", "erased"})
        case "verify":
            return not result.get("holds", True)
        case "import":
            return not all(each["written"] for each in result.get("files", []))
        case _:
            return False


def _line(job: Job, language: Language) -> str:
    """Return a job on one line: id, kind, state, steps, who, when."""
    steps = f"{job.done}" if job.total is None else f"{job.done}/{job.total}"
    when = job.created_at.isoformat(timespec="seconds")
    return f"{job.id}  {job.kind}  {say(f'job-{job.state}', language)}  {steps}  {job.created_by}  {when}"
