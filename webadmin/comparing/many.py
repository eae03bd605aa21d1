"""Comparisons of many cases: what is asked for, a file looked at before it is worked through, and the jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask_babel import gettext
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from policy.errors import SourceError
from policy.values import Language
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.comparing.choosing import Chosen
from webadmin.comparing.forms import RecordedForm
from webadmin.comparing.sources import Reading
from webadmin.comparison import files
from webadmin.comparison.files import Preview
from webadmin.comparison.sides import Side
from webadmin.jobs import service as jobs
from webadmin.jobs.comparing import KIND
from webadmin.store import handed, naming, standing
from webadmin.store.dated import Of
from webadmin.store.days import beginning
from webadmin.store.decisions import term
from webadmin.store.jobs import Job
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import TEAMS

LISTED = 20
"""Comparisons in the list."""

LOOKED_THROUGH = 400
"""Newest jobs among which they are sought."""


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was looked at.

    Attributes:
        preview: None where it cannot be read.
        findings: Why not: place and finding.
    """

    name: str
    preview: Preview | None = None
    findings: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be worked through.

    Attributes:
        arguments: Of the job, besides the two revisions and who asks.
        filters: What the audit entry says of it.
        file: Its content; None for recorded decisions.
    """

    arguments: Mapping[str, Any]
    filters: Mapping[str, str]
    file: bytes | None = None


def recorded(reading: Reading, form: RecordedForm) -> dict[str, Any] | None:
    """Return the arguments of a job over recorded decisions; None where a filter names nobody, which the form says."""
    terms = []
    for of in (Of.PERSON, Of.CUSTOMER):
        value = _text(form[of].data)
        if value:
            terms.append([term(of, each) for each in naming.called(reading.connection, of, value)])
    team = _text(form.team.data)
    if team:
        within = _of_team(reading, team)
        if within is None:
            form.team.errors = [gettext("There is no such team that you may see.")]
            return None
        terms.append(list(within))
    arguments: dict[str, Any] = {"terms": terms}
    if form.since.data is not None:
        arguments["since"] = beginning(form.since.data).isoformat()
    if form.day_after is not None:
        arguments["until"] = beginning(form.day_after).isoformat()
    return arguments


def _of_team(reading: Reading, team: str) -> tuple[str, ...] | None:
    """Return what decisions about a team are found by; None where somebody of it may not be seen, or it has nobody."""
    day = reading.act.today
    people = frozenset(standing.members(reading.connection, team, day))
    if not people or not all(reading.circle.sees(Of.PERSON, each) for each in people):
        return None
    customers = frozenset(standing.customers_of(reading.connection, people, day))
    return Circle(people=people, customers=customers).terms(reading.connection)


def teams(reading: Reading, language: Language) -> dict[str, str]:
    """Return id → name of the teams whose people all may be seen, by name."""
    columns = TEAMS.c
    named = {
        row.id: (row.name_en if language is Language.EN and row.name_en else row.name) or row.id
        for row in reading.connection.execute(select(columns.id, columns.name, columns.name_en))
    }
    seen = {each: name for each, name in named.items() if reading.circle.is_all or _of_team(reading, each) is not None}
    return dict(sorted(seen.items(), key=lambda each: each[1]))


def _text(value: str | None) -> str:
    """Return a text that a database can hold."""
    return "".join(each for each in (value or "") if each.isprintable()).strip()


def start(record: Record, chosen: Chosen, asked: Asked, member: Member, act: Act) -> str:
    """Start a comparison; return the id of the job.

    Raises:
        HandedError: the file is too large, or too many wait.
        BusyError: nothing was written; trying again may help.
    """
    one, other = cast("tuple[Side, Side]", chosen.both)
    arguments = {
        "policy": chosen.choice.policy,
        "one": one.to_data(),
        "other": other.to_data(),
        "login": member.login,
        **asked.arguments,
    }
    what = {"policy": chosen.choice.policy, "filters": dict(asked.filters)}
    return jobs.start_comparison(record, arguments, asked.file, what, act)


def listed(record: Record, member: Member) -> list[Job]:
    """Return the newest comparisons somebody may see."""
    found = [each for each in jobs.newest(record, LOOKED_THROUGH) if each.kind == KIND]
    return [each for each in found if each.created_by == member.actor or member.sees_everybody][:LISTED]


def named(upload: FileStorage) -> str:
    """Return what an uploaded file is called: its name without folders, cut to what can be kept."""
    return handed.short(upload.filename or "")


def look(sides: tuple[Side, Side], name: str, content: bytes, as_of: str) -> Look:
    """Look at a file: its columns, its first rows and what does not fit; nothing of it is kept."""
    with _laid_out(name, content) as path:
        try:
            return Look(name, files.preview(path, sides[0].policy, sides[1].policy, as_of))
        except SourceError as error:
            return Look(name, findings=tuple(files.findings(error)))


@contextmanager
def _laid_out(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fairlead-look-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path
