"""`fairlead demo`: a made-up sales organisation to look around in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.frame import FOUND, WrongUse, echo_json, json_option, language_option, out, progress, say, tell
from policy.values import Language
from webadmin.cli.opening import act, furnished, patient
from webadmin.cli.options import day_option
from webadmin.cli.signals import look_here

if TYPE_CHECKING:
    from webadmin.roster.imported import Imported

STEPS = 9
"""Files the organisation is made of, and looking at its events, for the progress bar."""


@click.command(
    epilog="Examples: fairlead demo; fairlead demo --day 2026-11-30; fairlead demo --files demo/",
    short_help="Load a made-up organisation to look around in. 载入演示数据。",
)
@day_option(
    "--day",
    "day",
    "Last day anything happens on; 2026-06-30 otherwise. 基准日。",
    first=date(2010, 1, 1),
    last=date(2999, 12, 31),
)
@click.option("--force", is_flag=True, help="Load it beside what is in the database. 与已有数据并存。")
@click.option(
    "--files",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write the files and their mappings there, and load nothing. 只写出文件。",
)
@json_option
@language_option
@click.pass_context
def demo(
    context: click.Context,
    /,
    *,
    day: date | None,
    force: bool,
    files: Path | None,
    as_json: bool,
    language: Language,
) -> None:
    """Load 40 account managers in 6 teams with 1,200 customers and a year of deals and events: nobody is real.

    The same day gives the same data, to the byte. The penalty policy comes into effect with a consultation that is
    marked as made up. A database that holds anything is left alone, unless --force is given.

    载入虚构的销售组织：40 名客户经理、6 个团队、1,200 家客户及一年的商机与事件。
    """
    from webadmin.demo.files import DAY

    chosen = DAY if day is None else day
    if files is not None:
        _write(files, chosen, language)
        return
    done, found = _loaded(chosen, language, force=force)
    if as_json:
        echo_json([each.to_data() for each in done])
    else:
        out("\n\n".join(each.to_text(language) for each in done))
    if any(each.is_refused for each in done):
        context.exit(FOUND)
    tell("demo-loaded", language, day=chosen)
    tell("demo-signals", language, count=found)


def _write(folder: Path, day: date, language: Language) -> None:
    from webadmin.demo import files

    try:
        files.write(folder, day)
    except OSError as error:
        raise WrongUse(say("unwritable", language, path=folder, why=error.strerror)) from error
    tell("demo-written", language, path=folder)


def _loaded(day: date, language: Language, *, force: bool) -> tuple[list[Imported], int]:
    """Load it and look at its events; return what each file came to, and how many signals there are."""
    from webadmin.demo import loading
    from webadmin.store import signals

    acting = act()
    with furnished(language, acting) as record, patient(language), progress("loading", language, STEPS) as advance:
        try:
            done = loading.load(record, acting, day, force=force, told=lambda _: advance(1))
        except loading.NotEmptyError as error:
            raise WrongUse(say("demo-not-empty", language)) from error
        look_here(record)
        advance(1)
        with record.engine.connect() as connection:
            return done, sum(signals.counts(connection).values())
