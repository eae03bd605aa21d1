"""`fairlead backup` and `fairlead restore`: a copy of the record while it is written, and back again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.frame import FOUND, Refused, echo_json, json_option, language_option, out, progress, say, tell
from policy.values import Language
from webadmin.cli.opening import act, database_refusal, export_of, place_of, settings_of
from webadmin.cli.verifying import tell_report

if TYPE_CHECKING:
    from webadmin.store.backup import BackupError, Restored
    from webadmin.store.heads import Heads


@click.command(
    epilog="Example: fairlead backup /backups/fairlead-2026-11-26.db",
    short_help="Copy the record while it is in use. 备份记录。",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@language_option
def backup(file: Path, language: Language, *, as_json: bool) -> None:
    """Copy the record to FILE, one consistent state of it, while others go on writing.

    The copy is checked and compared with the exported heads before it gets its name. On PostgreSQL this takes pg_dump.
    The key of the heads is not in it: keep that elsewhere.

    将记录备份到 FILE：写入期间也可进行，得到一个一致的状态，并经过检查。
    """
    heads = _backed_up(file, language)
    if as_json:
        at = None if heads is None else heads.at.isoformat()
        echo_json({"file": str(file), "bytes": file.stat().st_size, "heads": at})
        return
    tell("backed-up", language, path=file, size=file.stat().st_size)


def _backed_up(file: Path, language: Language) -> Heads | None:
    from sqlalchemy.exc import DatabaseError

    from webadmin.store import backup as of_sqlite
    from webadmin.store import backup_postgres as of_postgres

    settings = settings_of(language)
    place = place_of(settings, language)
    source = settings.database_file()
    try:
        if source is None:
            return of_postgres.back_up(settings.database, file, place)
        with progress("backing-up", language) as advance:
            done = 0

            def told(pages: int, _total: int) -> None:
                nonlocal done
                advance(pages - done)
                done = pages

            return of_sqlite.back_up(source, file, place, told)
    except of_sqlite.BackupError as error:
        raise _refused(error, language) from error
    except DatabaseError as error:
        raise database_refusal(error, settings, language) from error
    except OSError as error:
        raise Refused(say("unwritable", language, path=file, why=error.strerror)) from error


@click.command(
    epilog="Example: fairlead restore /backups/fairlead-2026-11-26.db",
    short_help="Put a backup in the place of the record. 恢复备份。",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Also where newer heads were exported: what came later is lost. 强制恢复。")
@click.option(
    "--accept-findings", is_flag=True, help="Also where verification finds something wrong. 验证发现问题也恢复。"
)
@json_option
@language_option
@click.pass_context
def restore(
    context: click.Context, file: Path, language: Language, *, force: bool, accept_findings: bool, as_json: bool
) -> None:
    """Verify the backup FILE and put it in the place of the record, which is kept aside.

    Refused while anybody uses the record, and where the exported heads tell of entries the backup does not have: those
    would be lost. With --force they are, and the files of the heads are kept aside. Refused, too, where verification
    finds something wrong: with --accept-findings it is restored as it is, and the exit code is 1. An audit entry tells
    of either.

    验证备份 FILE，并以之替换当前记录；原数据库另存，不会被删除。已导出更新的链首时须加 --force；验证发现问题时须加
    --accept-findings，此时退出码为 1，审计记录写明问题数与位置。
    """
    done = _restored(file, language, older=force, altered=accept_findings)
    _tell(done, file, language, as_json=as_json)
    if not done.report.holds:
        context.exit(FOUND)


def _tell(done: Restored, file: Path, language: Language, *, as_json: bool) -> None:
    if as_json:
        echo_json({**asdict(done), "report": done.report.to_data()})
        return
    if not done.report.holds:
        tell_report(done.report, language)
    if done.aside is not None:
        out(say("kept-aside", language, aside=done.aside))
    tell("restored", language, path=file, entry=done.entry)


def _restored(file: Path, language: Language, *, older: bool, altered: bool) -> Restored:
    from sqlalchemy.exc import DatabaseError

    from webadmin.store import backup as of_sqlite
    from webadmin.store import backup_postgres as of_postgres

    settings = settings_of(language)
    consent = of_sqlite.Consent(older, altered)
    export, target = export_of(settings, language), settings.database_file()
    try:
        if target is None:
            return of_postgres.restore(file, settings.database, export, act(), consent)
        return of_sqlite.restore(file, target, export, act(), consent)
    except of_sqlite.BackupError as error:
        if error.report is not None:
            tell_report(error.report, language)
        raise _refused(error, language) from error
    except DatabaseError as error:
        raise database_refusal(error, settings, language) from error
    except OSError as error:
        raise Refused(say("unwritable", language, path=target or file, why=error.strerror)) from error


def _refused(error: BackupError, language: Language) -> Refused:
    return Refused(f"{error.why}: {say(str(error.why), language, **error.values)}")
