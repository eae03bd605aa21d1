"""Impact reports: recorded decisions of a policy decided once more under another of its texts, by a worker.

The report of what is proposed is begun with the proposal, in its transaction; another period can be asked for later.
A policy that nothing is recorded of and that is not in effect has none: there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from webadmin.publishing.answers import Change
from webadmin.store import decisions, jobs, revisions
from webadmin.store.days import beginning, day_of
from webadmin.store.decisions import Query
from webadmin.store.jobs import Job, State
from webadmin.store.revisions import Act, Period
from webadmin.store.writer import Transaction

KIND = "reevaluate"
"""The kind of job that makes an impact report."""

DAYS = 90
"""Days whose decisions a report looks at, unless others are asked for."""

EARLIEST = date(1970, 1, 1)
"""Day before which no decision was recorded: ids count from there."""

LOOKED_AT = 200
"""Reports among which the newest of a text is sought."""

_WITHOUT = (State.FAILED, State.CANCELLED)
"""States of a report that came to nothing."""


def first_day(act: Act) -> date:
    """Return the day a report begins on where none is asked for."""
    return act.today - timedelta(DAYS)


def arguments(
    name: str, text: str, period: Period, act: Act, beside: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what the job of a report is given.

    Args:
        name: The policy.
        text: The text to decide under.
        period: Its first day, `first_day` where none is given, and its last day; None, today or later: up to now.
        act: Who asks, and when.
        beside: Other documents it is decided together with, by the digests of their texts; all others are in effect.
    """
    since = max(period.since or first_day(act), EARLIEST)
    given: dict[str, Any] = {"policy": name, "text": text, "since": beginning(since).isoformat()}
    if period.until is not None and period.until < act.today:
        given["until"] = beginning(period.until + timedelta(1)).isoformat()
    return {**given, "beside": dict(beside)} if beside else given


def begin(transaction: Transaction, changes: Sequence[Change], act: Act) -> None:
    """Begin the report of each policy that is proposed, unless it was begun today or has nothing to compare."""
    connection, digests = transaction.connection, {each.document: each.digest for each in changes}
    for each in changes:
        known = newest(connection, each.document, [each.text])
        if not is_comparable(connection, each.document, act.today) or _is_fresh(connection, known, act):
            continue
        beside = {name: digest for name, digest in digests.items() if name != each.document}
        jobs.start(transaction, KIND, arguments(each.document, each.text, Period(), act, beside), act.actor, act.now)


def is_comparable(connection: Connection, name: str, day: date) -> bool:
    """Say whether a document is a policy with an answer to hold another against: in effect, or with decisions."""
    return "." in name and _is_in_use(connection, name, day)  # the vocabulary and reference tables decide nothing


def _is_in_use(connection: Connection, name: str, day: date) -> bool:
    return name in revisions.in_effect(connection, day) or bool(decisions.search(connection, Query(policy=name), 1))


def newest(connection: Connection, name: str, texts: Sequence[str]) -> Job | None:
    """Return the newest report of a policy under one of some texts; None where there is none."""
    return next(_of(connection, name, texts), None)


def decisive(connection: Connection, name: str, text: str) -> Job | None:
    """Return the report that says who gains: the newest that is long enough and came out, or is being made.

    Where there is none the newest of all, which then lacks something; None where nobody asked for any. So a report of
    other days, which anybody may make for what they want to know, takes nothing away from one of all days.
    """
    found = list(_of(connection, name, [text]))
    sound = (each for each in found if is_long_enough(each) and each.state not in _WITHOUT)
    return next(sound, found[0] if found else None)


def _of(connection: Connection, name: str, texts: Sequence[str]) -> Iterator[Job]:
    for each in jobs.newest(connection, LOOKED_AT, kind=KIND):
        if each.arguments.get("policy") == name and each.arguments.get("text") in texts:
            yield each


def period_of(job: Job) -> tuple[date | None, date | None]:
    """Return the first and the last day of the decisions a report looks at; None where it has no such end."""
    ends = [job.arguments.get(name) for name in ("since", "until")]
    first, after = (None if each is None else day_of(datetime.fromisoformat(each)) for each in ends)
    return first, None if after is None else after - timedelta(1)


def is_long_enough(job: Job) -> bool:
    """Say whether a report looks at all the days that one does for which none are chosen.

    Else who gains most could choose days on which nobody gains anything.
    """
    first, last = period_of(job)
    made = day_of(job.created_at)
    return (first is None or first <= made - timedelta(DAYS)) and (last is None or last >= made)


def _is_fresh(connection: Connection, job: Job | None, act: Act) -> bool:
    """Say whether a report stands for one that would be begun now: made today, beside what is in effect by now."""
    if job is None or job.state in _WITHOUT or job.cancel_asked:
        return False
    if day_of(job.created_at) != act.today or not is_long_enough(job):
        return False
    standing = revisions.in_effect(connection, act.today).get(job.arguments["policy"])
    return job.result is None or job.result.get("standing") == (None if standing is None else standing.digest)
