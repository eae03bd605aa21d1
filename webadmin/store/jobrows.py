"""Rows of what a job found: kept in the transaction that saves its step, read in pages, removed with the job."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from policy.model.canonical import canonical_json
from webadmin.store.tables import JOB_ROWS
from webadmin.store.writer import Transaction

AT_ONCE = 500
"""Rows that are read at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: From 1 on.
        decision: The recorded decision it is about; None where it came from a file.
        verdict: What it came to, a word of the kind of job.
        change: Which of the job's changes it is, from 0 on; None for none.
        body: Plain data.
    """

    number: int
    decision: str | None
    verdict: str
    change: int | None
    body: Mapping[str, Any]


def add(transaction: Transaction, job: str, rows: Sequence[Row]) -> None:
    """Keep rows of a job."""
    transaction.add(
        JOB_ROWS,
        *(
            {
                "job_id": job,
                "number": each.number,
                "decision_id": each.decision,
                "verdict": each.verdict,
                "change": each.change,
                "body": canonical_json(each.body),
            }
            for each in rows
        ),
    )


def count(connection: Connection, job: str, verdicts: Collection[str] = (), change: int | None = None) -> int:
    """Return how many rows a job has, of some verdicts where any are named, of one change where that is."""
    chosen = select(func.count()).select_from(JOB_ROWS).where(*_fitting(job, verdicts, change))
    return int(connection.execute(chosen).scalar_one())


def page(
    connection: Connection,
    job: str,
    verdicts: Collection[str] = (),
    change: int | None = None,
    *,
    after: int = 0,
    limit: int = AT_ONCE,
) -> list[Row]:
    """Return rows by number, those beyond `after`, at most `limit`; narrowed as `count`."""
    chosen = select(JOB_ROWS).where(*_fitting(job, verdicts, change), JOB_ROWS.c.number > after)
    found = connection.execute(chosen.order_by(JOB_ROWS.c.number).limit(limit))
    return [_read(each) for each in found]


def every(connection: Connection, job: str) -> Iterator[list[Row]]:
    """Yield all rows of a job, some at a time."""
    after = 0
    while rows := page(connection, job, after=after):
        yield rows
        after = rows[-1].number


def find(connection: Connection, job: str, number: int) -> Row | None:
    """Return one row, None where there is none of that number."""
    found = connection.execute(select(JOB_ROWS).where(JOB_ROWS.c.job_id == job, JOB_ROWS.c.number == number)).first()
    return None if found is None else _read(found)


def _fitting(job: str, verdicts: Collection[str], change: int | None) -> list[ColumnElement[bool]]:
    found = [JOB_ROWS.c.job_id == job]
    found += [JOB_ROWS.c.verdict.in_(verdicts)] if verdicts else []
    return found if change is None else [*found, JOB_ROWS.c.change == change]


def _read(row: Any) -> Row:
    body = json.loads(row.body, parse_float=Decimal, parse_int=Decimal)
    return Row(row.number, row.decision_id, row.verdict, row.change, body)
