"""Which recorded decisions a job works on, and the walk over them, newest first, that can be taken up anywhere.

Arguments, all optional: `policy`, an id; `since` and `until`, instants with offset, half-open, by when a decision was
recorded; `terms`, lists of which each holds terms (`customer=c-1`) of which one must fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from policy.values import Text
from webadmin.jobs.context import ProblemError
from webadmin.store import decisions
from webadmin.store.decisions import Found, Query

PAGE = 100
"""Decisions of one step."""

UNREADABLE = Text("任务参数无法读取：{name}", "an argument of the job cannot be read: {name}")


def query_of(arguments: Mapping[str, Any]) -> Query:
    """Return what decisions are meant.

    Raises:
        ProblemError: an argument cannot be read.
    """
    try:
        terms = tuple(tuple(map(str, each)) for each in arguments.get("terms", ()))
    except TypeError as error:
        raise refused("terms") from error
    return Query(terms, arguments.get("policy"), _instant(arguments, "since"), _instant(arguments, "until"))


def refused(name: str) -> ProblemError:
    """Return the problem of an argument that cannot be read."""
    return ProblemError(Text(UNREADABLE.zh.format(name=name), UNREADABLE.en.format(name=name)))


def _instant(arguments: Mapping[str, Any], name: str) -> datetime | None:
    written = arguments.get(name)
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written)
    except (TypeError, ValueError) as error:
        raise refused(name) from error
    if found.utcoffset() is None:
        raise refused(name)
    return found


def pages(engine: Engine, query: Query, before: str | None, size: int = PAGE) -> Iterator[list[Found]]:
    """Yield the decisions that fit, in pages; no connection is held between them.

    Args:
        engine: The database.
        query: Which ones.
        before: Id of the last one that was worked on; None at the beginning.
        size: Decisions of a page.
    """
    while True:
        with engine.connect() as connection:
            page = decisions.search(connection, replace(query, before=before), size)
        if not page:
            return
        yield page
        before = page[-1].id
