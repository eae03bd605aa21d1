"""Decides every row of a file, and reports what was taken, mended, refused and missing."""

from __future__ import annotations

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
from policy.cli.frame import FOUND, Refused, WrongUse, echo_json, progress, say, unreadable
from policy.errors import EvaluationError, SourceError
from policy.model.canonical import canonical_json
from policy.values import Language

if TYPE_CHECKING:
    from policy.cli.deciding import Asked
    from policy.engine import Policy
    from policy.model.decision import Decision
    from policy.tables import Row, Table

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
        outcomes: Canonical text of an outcome → rows.
        missing: Path → rows it was missing for.
        failed: Rows for which there is no decision: refused by the table, or met with an error while deciding.
        remarks: How many remarks on single rows there are.
        first: The first of them.
    """

    def __init__(self, language: Language, body: TextIO) -> None:
        self.statuses: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.failed = 0
        self.first: list[str] = []
        self.remarks = 0
        self._language = language
        self._body = body

    def decided(self, row: Row, decision: Decision) -> None:
        """Count a decision; one that is none is remarked with what was missing."""
        self.statuses[str(decision.status)] += 1
        if decision.outcome is not None:
            self.outcomes[canonical_json(decision.outcome)] += 1
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
            "outcomes": [{"outcome": text, "rows": count} for text, count in self.outcomes.most_common(SHOWN)],
            "different_outcomes": len(self.outcomes),
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
            table = _table(files, asked.language, policy, as_of, advance)
            records = _records(table, policy, tally)
            if asked.output is None:
                for _ in records:
                    pass
            else:
                _write(asked.output, records)
        if asked.report is not None:
            _write_report(asked.report, table, tally, asked.language)
    if asked.as_json:
        echo_json({"table": table.report.to_data(), **tally.to_data()})
    else:
        click.echo("\n".join(_lines(table, tally, asked.language)))
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


def _table(files: Files, language: Language, policy: Policy, as_of: str, advance: Callable[[int], None]) -> Table:
    from policy.tables import Table, load_mapping

    mapping = load_mapping(files.mapping)
    if mapping.policy != policy.id:
        raise WrongUse(say("map-other", language, mapping=files.mapping, found=mapping.policy, name=policy.id))
    done = 0

    def read(so_far: int, whole: int) -> None:
        nonlocal done
        percent = so_far * 100 // max(whole, 1)
        advance(percent - done)
        done = percent

    return Table(files.table, mapping, policy.reader, as_of=as_of, progress=read)


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
        tally.decided(row, decision)
        yield flat(row, decision)


def _write(path: Path, records: Iterator[Mapping[str, Any]]) -> None:
    """Write the records beside `path` and move them there when they are whole."""
    from policy.tables import write_csv, write_jsonl

    part = path.with_name(f"{path.name}.part")
    is_csv = path.suffix == ".csv"
    try:
        with part.open("w", newline="" if is_csv else "\n", encoding="utf-8-sig" if is_csv else "utf-8") as stream:
            (write_csv if is_csv else write_jsonl)(stream, records)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_report(path: Path, table: Table, tally: Tally, language: Language) -> None:
    try:
        with path.open("w", encoding="utf-8") as stream:
            stream.write("\n".join(_summary(table, tally, language)) + "\n")
            tally.copy_remarks(stream)
    except OSError as error:
        raise WrongUse(say("unwritable", language, path=path, why=error.strerror)) from error


def _lines(table: Table, tally: Tally, language: Language) -> list[str]:
    lines = _summary(table, tally, language)
    if tally.first:
        lines += [
            "",
            say("rows-shown", language, shown=len(tally.first), count=tally.remarks),
            *(f"  {each}" for each in tally.first),
        ]
    return lines


def _summary(table: Table, tally: Tally, language: Language) -> list[str]:
    lines = [table.report.to_text(language).rstrip("\n"), "", say("decisions", language)]
    lines += [f"  {say(status, language)}: {count}" for status, count in tally.statuses.most_common()]
    if tally.failed:
        lines.append(f"  {say('without-decision', language)}: {tally.failed}")
    if tally.outcomes:
        lines += ["", say("outcomes", language, count=len(tally.outcomes))]
        lines += [f"  {count} × {text}" for text, count in tally.outcomes.most_common(SHOWN)]
    if tally.missing:
        lines += ["", say("missing-in", language)]
        lines += [f"  {path}: {count}" for path, count in tally.missing.most_common()]
    return lines
