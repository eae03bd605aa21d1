"""Decides every row of a file, and reports what was taken, mended, refused and missing."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from policy.cli.checking import line
from policy.cli.frame import FOUND, Refused, WrongUse, echo_json, out, progress, say, unreadable
from policy.errors import EvaluationError, SourceError
from policy.runtime.summing import Sums
from policy.values import Language

if TYPE_CHECKING:
    from policy.cli.deciding import Asked
    from policy.engine import Policy
    from policy.model.decision import Decision
    from policy.tables import Report, Row, Table

SHOWN = 20
"""Refused and undecided rows shown on the screen; the report file holds all."""


@dataclass(frozen=True, slots=True)
class Files:
    """What is read: the rows, and how they become facts."""

    table: Path
    mapping: Path


class Tally:
    """What came of the rows.

    Attributes:
        statuses: Status → rows.
        sums: What the decisions come to.
        missing: Path → rows it was missing for.
        failed: Rows for which there is no decision: refused by the table, or met with an error while deciding.
        remarks: How many remarks on single rows there are.
        first: The first of them.
    """

    def __init__(self, language: Language, body: TextIO) -> None:
        self.statuses: Counter[str] = Counter()
        self.sums = Sums(language)
        self.missing: Counter[str] = Counter()
        self.failed = 0
        self.first: list[str] = []
        self.remarks = 0
        self._language = language
        self._body = body

    def decided(self, row: Row, decision: Decision, policy: Policy) -> None:
        """Count a decision of `policy`; one that is none is remarked with what was missing."""
        self.statuses[str(decision.status)] += 1
        if decision.outcome is not None:
            self.sums.add(decision, policy.rule_set)
        self.missing.update(decision.missing)
        if decision.outcome is None:
            status = say(str(decision.status), self._language)
            missing = say("joint", self._language).join(decision.missing)
            self._remark(row, f"{status}: {missing}" if missing else status)

    def refused(self, row: Row) -> None:
        """Count a row whose cells do not fit."""
        self.failed += 1
        self._remark(row, say("also", self._language).join(each.text(self._language) for each in row.problems))

    def erred(self, row: Row, error: EvaluationError) -> None:
        """Count a row that met an error while deciding."""
        self.failed += 1
        self._remark(row, error.text(self._language))

    def _remark(self, row: Row, text: str) -> None:
        self.remarks += 1
        key = f" ({row.key})" if row.key else ""
        remark = say("row", self._language, number=row.number, key=key, text=text)
        self._body.write(remark + "\n")
        if len(self.first) < SHOWN:
            self.first.append(remark)

    def copy_remarks(self, stream: TextIO) -> None:
        """Write every remark on a single row to `stream`."""
        self._body.seek(0)
        shutil.copyfileobj(self._body, stream)

    def to_data(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return {
            "decisions": dict(self.statuses),
            "answers": [{"answer": text, "rows": count} for text, count in self.sums.answers.most_common()],
            "amounts": [
                {"name": name, "currency": currency, "sum": amount}
                for (name, currency), amount in self.sums.amounts.items()
            ],
            "awards": dict(self.sums.awards),
            "missing": dict(self.missing),
            "without_decision": self.failed,
        }


def decide_table(asked: Asked, files: Files, policy: Policy, as_of: str) -> int:
    """Decide every row of a file, write what was asked for, and print the report.

    Returns:
        The exit code.

    Raises:
        Refused: the file or its mapping does not fit; every finding is printed before.
        WrongUse: the mapping is for another policy, or a file cannot be read or written.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as body:
        tally = Tally(asked.language, body)
        with _refusing(files, asked.language), progress("deciding", asked.language, 100) as advance:
            table = _table(asked, files, policy, as_of, advance)
            drain(asked, _records(table, policy, tally))
        return tell_outcome(asked, table.report, tally)


def drain(asked: Asked, records: Iterator[Mapping[str, Any]]) -> None:
    """Go through the records, and write them where that is asked for.

    Raises:
        WrongUse: the file cannot be written.
    """
    if asked.output is None:
        for _ in records:
            pass
    else:
        _write(asked.output, records, asked.language)


def tell_outcome(asked: Asked, report: Report, tally: Tally) -> int:
    """Print what became of all rows, and write the report where that is asked for; return the exit code.

    Raises:
        WrongUse: the report cannot be written.
    """
    if asked.report is not None:
        _write_report(asked.report, report, tally, asked.language)
    if asked.as_json:
        echo_json({"table": report.to_data(), **tally.to_data()})
    else:
        out("\n".join(_lines(report, tally, asked.language)))
    return FOUND if tally.failed else 0


@contextmanager
def _refusing(files: Files, language: Language) -> Iterator[None]:
    from policy.tables import TableError

    try:
        yield
    except (SourceError, TableError) as error:
        for finding in error.findings:
            click.echo(line(finding, language), err=True)
        raise Refused(say("table-refused", language, table=files.table, mapping=files.mapping)) from error
    except OSError as error:
        raise unreadable(error, error.filename, language) from error


def _table(asked: Asked, files: Files, policy: Policy, as_of: str, advance: Callable[[int], None]) -> Table:
    from policy.tables import Table, load_mapping

    language = asked.language
    mapping = load_mapping(files.mapping)
    if mapping.policy != policy.id:
        raise WrongUse(say("map-other", language, mapping=files.mapping, found=mapping.policy, name=policy.id))
    if asked.as_of is not None and mapping.as_of is not None:
        raise WrongUse(say("as-of-twice", language, mapping=files.mapping))
    joined = [files.table.parent / each.file for each in mapping.joins if each.file is not None]
    _check_written(asked, [files.table, files.mapping, *joined])
    done = 0

    def read(so_far: int, whole: int) -> None:
        """Move the bar on to the share of the file's bytes that has been read."""
        nonlocal done
        percent = so_far * 100 // max(whole, 1)
        advance(percent - done)
        done = percent

    return Table(files.table, mapping, policy.reader, as_of=as_of, progress=read)


def _check_written(asked: Asked, read: list[Path]) -> None:
    """Refuse to write over what is read, or one result over the other.

    Raises:
        WrongUse: a file would be lost.
    """
    sources = {path.resolve() for path in read}
    for option, path in (("--output", asked.output), ("--report", asked.report)):
        if path is not None and path.resolve() in sources:
            raise WrongUse(say("also-read", asked.language, option=option, path=path))
    if asked.output is not None and asked.report is not None and asked.output.resolve() == asked.report.resolve():
        raise WrongUse(say("written-twice", asked.language, path=asked.output))


def _records(table: Table, policy: Policy, tally: Tally) -> Iterator[Mapping[str, Any]]:
    """Yield one flat record for each row that was decided."""
    from policy.tables import flat

    for row in table:
        if row.facts is None or row.as_of is None:
            tally.refused(row)
            continue
        try:
            decision = policy.decide(row.facts, as_of=row.as_of)
        except EvaluationError as error:
            tally.erred(row, error)
            continue
        tally.decided(row, decision, policy)
        yield flat(row, decision)


def _write(path: Path, records: Iterator[Mapping[str, Any]], language: Language) -> None:
    """Write the records beside `path` and move them there when they are whole.

    Raises:
        WrongUse: the file cannot be written.
    """
    from policy.tables import write_csv, write_jsonl, write_xlsx

    part = path.with_name(f"{path.name}.part")
    if not path.parent.is_dir() or path.is_dir():
        raise WrongUse(say("unwritable", language, path=path, why=os.strerror(errno.ENOENT)))
    try:
        if path.suffix == ".xlsx":
            with part.open("wb") as stream:
                write_xlsx(stream, records)
        else:
            is_csv = path.suffix == ".csv"
            with part.open("w", newline="" if is_csv else "\n", encoding="utf-8-sig" if is_csv else "utf-8") as text:
                (write_csv if is_csv else write_jsonl)(text, records)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_report(path: Path, report: Report, tally: Tally, language: Language) -> None:
    try:
        with path.open("w", encoding="utf-8") as stream:
            stream.write("\n".join(_summary(report, tally, language)) + "\n")
            tally.copy_remarks(stream)
    except OSError as error:
        raise WrongUse(say("unwritable", language, path=path, why=error.strerror)) from error


def _lines(report: Report, tally: Tally, language: Language) -> list[str]:
    lines = _summary(report, tally, language)
    if tally.first:
        lines += [
            "",
            say("rows-shown", language, shown=len(tally.first), count=tally.remarks),
            *(f"  {each}" for each in tally.first),
        ]
    return lines


def _sums(sums: Sums, language: Language) -> list[str]:
    """Return what the decisions come to, a line for each answer, amount and award."""
    lines: list[str] = []
    if sums.answers:
        lines += ["", say("answers", language)]
        lines += [f"  {count} × {text}" for text, count in sums.said(sums.answers)[:SHOWN]]
        if len(sums.answers) > SHOWN:
            lines.append(f"  {say('answers-more', language, count=len(sums.answers) - SHOWN)}")
    if sums.amounts:
        lines += ["", say("amounts", language)]
        lines += [
            f"  {say(name, language)}: {amount:,f} {currency or ''}".rstrip()
            for (name, currency), amount in sums.amounts.items()
        ]
    if sums.awards:
        lines += ["", say("awards", language)]
        lines += [f"  {count} × {award}" for award, count in sums.said(sums.awards)]
    return lines


def _summary(report: Report, tally: Tally, language: Language) -> list[str]:
    lines = [report.to_text(language).rstrip("\n"), "", say("decisions", language)]
    lines += [f"  {say(status, language)}: {count}" for status, count in tally.statuses.most_common()]
    if tally.failed:
        lines.append(f"  {say('without-decision', language)}: {tally.failed}")
    lines += _sums(tally.sums, language)
    if tally.missing:
        lines += ["", say("missing-in", language)]
        lines += [f"  {path}: {count}" for path, count in tally.missing.most_common()]
    return lines
