"""`import`: takes files of records into the database, one after the other, each whole or not at all.

What a file writes and that it is done are saved in one transaction, so a worker may be killed anywhere: another begins
that file again, and nothing is written twice. The result says of each file what it came to; after one that is refused
the rest is left, and the rows of that one that are not taken are kept with the job, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from policy.errors import SourceError
from policy.tables import Report, load_record_mapping
from policy.tables.report import MOST_LEFT
from policy.values import Language, Text
from webadmin.decisions.service import today
from webadmin.jobs.context import JobContext, ProblemError, Stopped
from webadmin.jobs.laying import MAPPING, laid_out
from webadmin.roster import importing
from webadmin.roster.imported import Imported
from webadmin.roster.importing import Source, Undone
from webadmin.roster.words import NoVocabularyError, Words
from webadmin.store import events, handed, jobrows
from webadmin.store.handed import Handed, HandedError
from webadmin.store.revisions import Act

KIND = "import"

WHOLE = 100
"""Parts of a file by which progress is told."""

NO_VOCABULARY = Text("没有生效的词汇表：请先发布策略", "no vocabulary is in effect: publish the policies first")
REFUSED, LEFT = "refused", "left out"
"""Verdicts of the rows of a file that is refused."""

UNREADABLE = Text("{name}：{first}", "{name}: {first}")
LACKING = Text("缺少映射所引用的文件“{name}”", "a file the mapping joins is missing: `{name}`")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be imported.

    Attributes:
        name: Its name, without a folder; its ending says what it is.
        mapping: Text of the mapping.
        since: The day from which on a record holds that does not say; None: the day it is handed over.
        joined: The files the mapping joins it with, by name.
    """

    name: str
    content: bytes
    mapping: bytes
    since: date | None = None
    joined: Mapping[str, bytes] = field(default_factory=dict)


def handed_over(uploads: Sequence[Upload], today: date) -> tuple[dict[str, Any], list[Handed]]:
    """Return the arguments of the job, and the files to keep for it.

    Raises:
        SourceError: a mapping has errors.
        HandedError: a file is too large, or lacks one it is joined with.
    """
    files: list[Handed] = []
    for step, each in enumerate(uploads):
        mapping = load_record_mapping(each.mapping)
        wanted = {join.file for join in mapping.joins if join.file is not None}
        for name in sorted(wanted - {each.name} - set(each.joined)):
            raise HandedError("file-lacking", LACKING, name=name)
        files.append(Handed(step, MAPPING, each.mapping))
        files += [Handed(step, name, each.joined[name]) for name in sorted(wanted - {each.name})]
        files.append(Handed(step, each.name or ".", each.content))
    handed.check(files)
    named = [{"name": each.name, "since": (each.since or today).isoformat()} for each in uploads]
    return {"files": named}, files


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Import the files of a job.

    Returns:
        `files`: what each came to, as `Imported.to_data` says; `left`: how many were not begun, as one was refused.

    Raises:
        ProblemError: a file cannot be read, or does not fit its mapping.
    """
    given = arguments["files"]
    done: list[dict[str, Any]] = list((context.resumed or {"files": []})["files"])
    while len(done) < len(given) and all(each["written"] for each in done):
        done = _one(context, given[len(done)], done, len(given))
    return {"files": done, "left": len(given) - len(done)}


def _one(context: JobContext, given: Mapping[str, Any], done: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Import the next file; return what all came to so far."""
    now = context.now()
    act = Act(context.job.created_by, now, today(now))
    with laid_out(context, len(done)) as folder:
        source = _read(context, folder, given, act, (len(done), count))
    after = list(done)

    def state(outcome: Imported) -> dict[str, Any]:
        after[:] = [*done, outcome.to_data()]
        return {"files": after}

    context.progress(WHOLE * (len(done) + 1), WHOLE * count)
    try:
        importing.written(
            context.record, source, act, lambda work: context.step(lambda transaction: state(work(transaction)))
        )
    except Undone as undone:
        rows = _not_taken(undone.outcome[0].report)
        context.checkpoint(state(undone.outcome[0]), partial(jobrows.add, job=context.job.id, rows=rows))
    return after


def _not_taken(report: Report) -> list[jobrows.Row]:
    """Return the rows of a file that are refused or left out, in its order, as far as they are told one by one."""
    found = [(REFUSED, each) for each in report.refusals] + [(LEFT, each) for each in report.left]
    return [
        jobrows.Row(number, None, verdict, None, {**importing.noted(each), "field": each.field})
        for number, (verdict, each) in enumerate(sorted(found, key=lambda pair: pair[1].row), 1)
    ]


def _read(context: JobContext, folder: Path, given: Mapping[str, Any], act: Act, place: tuple[int, int]) -> Source:
    number, count = place

    def told(so_far: int, whole: int) -> None:
        context.progress(WHOLE * number + WHOLE * so_far // max(whole, 1), WHOLE * count)
        if context.cancelled():
            raise Stopped

    try:
        mapping = load_record_mapping((folder.parent / "mapping.yaml").read_bytes())
        words = Words.on(context.record, act.today)
        since, latest = date.fromisoformat(given["since"]), events.latest(act.now)
        source = importing.read(folder / given["name"], mapping, words, since, latest=latest, progress=told)
        return replace(source, listed=MOST_LEFT)
    except NoVocabularyError as error:
        raise ProblemError(NO_VOCABULARY) from error
    except SourceError as error:
        first = error.findings[0]
        said = {each: f"{first.place}: {first.text(each)}" for each in Language}
        name = given["name"]
        text = Text(
            UNREADABLE.zh.format(name=name, first=said[Language.ZH]),
            UNREADABLE.en.format(name=name, first=said[Language.EN]),
        )
        raise ProblemError(text) from error
