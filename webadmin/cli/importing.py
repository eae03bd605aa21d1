"""`fairlead import`: people, teams, absences, customers, deals and events from files into the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from sys import maxsize
from typing import TYPE_CHECKING, Any

import click

from policy.cli.checking import line
from policy.cli.frame import (
    FOUND,
    Refused,
    WrongUse,
    check_writable,
    echo_json,
    json_option,
    language_option,
    out,
    progress,
    say,
    tell,
    unreadable,
)
from policy.errors import SourceError
from policy.values import Language
from webadmin.cli.opening import act, furnished, patient, settings_of
from webadmin.cli.options import day_option

if TYPE_CHECKING:
    from webadmin.jobs.importing import Upload
    from webadmin.roster.differing import Difference
    from webadmin.roster.folders import Planned
    from webadmin.roster.imported import Imported
    from webadmin.roster.importing import Source
    from webadmin.roster.words import Words
    from webadmin.store.record import Record
    from webadmin.store.revisions import Act


FIRST = 20
"""Values that change which the screen tells one by one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for, one attribute per option."""

    source: Path
    mapping: Path | None
    since: date | None
    dry_run: bool
    job: bool
    report: Path | None
    as_json: bool
    language: Language


@click.command(
    "import",
    epilog=(
        "Examples: fairlead import people.xlsx --map people.yaml --since 2026-01-01 --dry-run; "
        "fairlead import crm/ --report report.txt"
    ),
    short_help="Take people, customers, deals or events from a file. 导入人员、客户、商机或事件。",
)
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    metavar="MAPPING.yaml",
    type=click.Path(path_type=Path),
    help="Which column is which field. 列与字段的对应。",
)
@day_option("--since", "since", "From when on it holds; today otherwise. 生效日，默认今天。")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing. 只检查，不写入。")
@click.option("--job", is_flag=True, help="Leave it to a worker. 交给任务进程。")
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The whole report, every refused row; as JSON where it ends in .json. 完整报告。",
)
@json_option
@language_option
@click.pass_context
def import_(context: click.Context, /, **options: Any) -> None:
    """Take a CSV or XLSX file of records through its mapping, or all files of a folder with an import.toml.

    A file is taken whole or not at all, and what is known already is not written again; what changes is told, from
    what to what. What has changed holds from
    `since` on: the day a row names, else the one of --since. Exit code 1 when a row is refused.

    导入文件：要么全部写入，要么不写；重复导入不会重复写入。
    """
    asked = Asked(**options)
    acting = act()
    if asked.job:
        _handed_over(asked, acting)
        return
    with _refusing(asked):
        files = _planned(asked)
        _check_report(asked, files)
        with furnished(asked.language, acting) as record, patient(asked.language):
            done = _tried(asked, record, files, acting) if asked.dry_run else _done(asked, record, files, acting)
            changed = [_changed(record, each, asked.language) for each in done]
    _show(asked, done, changed)
    refused = next((each for each in done if each.is_refused), None)
    if refused is None:
        return
    tell("import-refused", asked.language, name=refused.name, count=refused.report.refused)
    if len(done) < len(files):
        tell("import-stopped", asked.language, count=len(files) - len(done))
    context.exit(FOUND)


def _handed_over(asked: Asked, acting: Act) -> None:
    """Hand the files over to a worker, and tell the id of the job."""
    from webadmin.cli.jobs import tell_started
    from webadmin.jobs import service
    from webadmin.store.handed import HandedError

    if asked.dry_run or asked.report is not None:
        raise WrongUse(say("import-job-only", asked.language))
    with _refusing(asked):
        uploads = [_upload(each) for each in _planned(asked)]
        with furnished(asked.language, acting) as record, patient(asked.language):
            try:
                name = service.start_import(record, uploads, acting)
            except HandedError as error:
                raise Refused(error.text.to(asked.language)) from error
            tell_started(service.find(record, name), asked.language, as_json=asked.as_json)


def _upload(file: Planned) -> Upload:
    from policy.tables.opening import read_whole
    from policy.tables.rowfile import LARGEST
    from webadmin.jobs.importing import Upload
    from webadmin.store import handed

    name = handed.short(file.file.name)
    names = {each.file for each in file.mapping.joins if each.file not in {None, name}}
    joined = {each: read_whole(file.file.parent / each, LARGEST) for each in sorted(names)}
    return Upload(name, read_whole(file.file, LARGEST), file.text, file.since, joined)


@contextmanager
def _refusing(asked: Asked) -> Iterator[None]:
    from webadmin.roster.folders import ManifestError
    from webadmin.roster.words import NoVocabularyError

    try:
        yield
    except ManifestError as error:
        raise WrongUse(say("import-manifest", asked.language, why=error)) from error
    except NoVocabularyError as error:
        rules = settings_of(asked.language).rules
        raise WrongUse(say("no-vocabulary", asked.language, rules=rules)) from error
    except SourceError as error:
        for finding in error.findings:
            click.echo(line(finding, asked.language), err=True)
        mapping = asked.source if asked.mapping is None else asked.mapping
        raise Refused(say("table-refused", asked.language, table=asked.source, mapping=mapping)) from error
    except OSError as error:
        raise unreadable(error, error.filename or asked.source, asked.language) from error


def _check_report(asked: Asked, files: list[Planned]) -> None:
    """Refuse a report that could not be written once all is done, or would be written over what is read.

    Raises:
        WrongUse: it is so.
    """
    if asked.report is None:
        return
    check_writable(asked.report, asked.language)
    if asked.report.resolve() in {each.resolve() for file in files for each in file.read}:
        raise WrongUse(say("also-read", asked.language, option="--report", path=asked.report))


def _planned(asked: Asked) -> list[Planned]:
    """Return the files that are asked for.

    Raises:
        WrongUse: it is not said how to read them.
        SourceError, ManifestError, OSError: a mapping or the folder's description cannot be used.
    """
    from webadmin.roster.folders import Planned, planned

    if asked.source.is_dir():
        if asked.mapping is not None:
            raise WrongUse(say("import-folder-map", asked.language, path=asked.source))
        return [replace(each, since=each.since or asked.since) for each in planned(asked.source)]
    if asked.mapping is None:
        raise WrongUse(say("import-map", asked.language, path=asked.source))
    return [Planned.of(asked.source, asked.mapping, asked.since)]


def _read(asked: Asked, words: Words, file: Planned, acting: Act) -> Source:
    from webadmin.roster import importing
    from webadmin.store import events

    with progress("importing", asked.language, 100) as advance:
        since, latest = file.since or acting.today, events.latest(acting.now)
        read = importing.read(file.file, file.mapping, words, since, latest=latest, progress=_percent(advance))
    return read if asked.report is None else replace(read, listed=maxsize)


def _percent(advance: Callable[[int], None]) -> Callable[[int, int], None]:
    done = 0

    def read(so_far: int, whole: int) -> None:
        nonlocal done
        percent = so_far * 100 // max(whole, 1)
        advance(percent - done)
        done = percent

    return read


def _done(asked: Asked, record: Record, files: list[Planned], acting: Act) -> list[Imported]:
    """Import files one after the other, as far as the first that is refused."""
    from webadmin.roster import importing
    from webadmin.roster.words import Words

    done: list[Imported] = []
    words = Words.on(record, acting.today)
    for file in files:
        done.append(importing.write(record, _read(asked, words, file, acting), acting))
        if done[-1].is_refused:
            break
    return done


def _tried(asked: Asked, record: Record, files: list[Planned], acting: Act) -> list[Imported]:
    from webadmin.roster import importing
    from webadmin.roster.words import Words

    words = Words.on(record, acting.today)
    return importing.try_out(record, [_read(asked, words, file, acting) for file in files], acting)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was known and changes by a file.

    Attributes:
        names: What people, teams and customers in it are called, by our ids.
    """

    differences: Sequence[Difference]
    names: Mapping[str, str]

    def to_data(self) -> list[dict[str, Any]]:
        """Return it as plain data."""
        return [{**each.to_data(), "name": self.names.get(each.id)} for each in self.differences]

    def lines(self, language: Language, most: int | None = None) -> Iterator[str]:
        """Yield it for people, from what to what; of more than `most` the first ones, and how many are left."""
        if self.differences:
            yield say("import-changed", language, count=len(self.differences))
        for each in self.differences[:most]:
            told: dict[str, Any] = {"of": each.of, "id": self.names.get(each.id, each.id), "field": each.attribute}
            told |= {"before": self._written(each.before), "after": self._written(each.after)}
            if each.since is None:
                yield say("import-value", language, **told)
            else:
                yield say("import-value-since", language, **told, since=each.since)
        if most is not None and len(self.differences) > most:
            yield say("import-more", language, count=len(self.differences) - most)

    def _written(self, value: Any) -> str:
        """Return a value on one line, whom it names by name, a dash for nothing."""
        from policy.model.canonical import canonical_json

        if value is None:
            return "–"
        if isinstance(value, date):
            return value.isoformat()
        text = self.names.get(value, value) if isinstance(value, str) else canonical_json(value)
        return "".join(each if each.isprintable() else " " for each in text)


def _changed(record: Record, imported: Imported, language: Language) -> Changed:
    """Return what was known and changes; nothing where a row is refused."""
    from webadmin.roster.differing import differences
    from webadmin.store import naming
    from webadmin.store.dated import Of

    kept = imported.kept
    if kept is None or imported.is_refused:
        return Changed((), {})
    found = differences(kept.journal, kept.rows)
    values = {value for each in found for value in (each.before, each.after) if isinstance(value, str)}
    sought = {each.id for each in found} | values
    with record.engine.connect() as connection:
        named = [each for of in (Of.PERSON, Of.CUSTOMER) for each in naming.named(connection, of, sought).values()]
    return Changed(found, {each.id: f"{each.to(language)} ({imported.ids.get(each.id, each.id)})" for each in named})


def _show(asked: Asked, done: list[Imported], changed: list[Changed]) -> None:
    both = list(zip(done, changed, strict=True))
    if asked.as_json:
        echo_json([{**each.to_data(), "changes": told.to_data()} for each, told in both])
    else:
        texts = ([each.to_text(asked.language), *told.lines(asked.language, FIRST)] for each, told in both)
        out("\n\n".join("\n".join(each) for each in texts))
    if asked.report is not None:
        try:
            asked.report.write_text(_report(asked, both) + "\n", "utf-8")
        except OSError as error:
            why = error.strerror
            raise WrongUse(say("unwritable", asked.language, path=asked.report, why=why)) from error


def _report(asked: Asked, both: list[tuple[Imported, Changed]]) -> str:
    from policy.model.canonical import canonical_json

    if asked.report is not None and asked.report.suffix == ".json":
        refused = [[row.to_data() for row in each.report.refusals] for each, _ in both]
        told = [{**each.to_data(), "changes": changed.to_data()} for each, changed in both]
        return canonical_json([{**each, "rows_refused": rows} for each, rows in zip(told, refused, strict=True)])
    language = asked.language
    texts = ([each.to_text(language), *told.lines(language), *_rows(each, language)] for each, told in both)
    return "\n\n".join("\n".join(each) for each in texts)


def _rows(imported: Imported, language: Language) -> Iterator[str]:
    for each in imported.report.refusals:
        sheet = "" if each.sheet is None else say("import-sheet", language, sheet=each.sheet)
        column = each.column or "–"
        yield say(
            "import-row", language, sheet=sheet, row=each.row, column=column, remark=each.code, why=each.why(language)
        )
