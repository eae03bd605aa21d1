"""What `fairlead serve --demo` puts into an empty record: the made-up organisation, decisions, contests, logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from policy.cli.frame import progress, say, tell
from policy.values import Language
from webadmin.cli.opening import act, furnished, patient

if TYPE_CHECKING:
    from pathlib import Path

    from webadmin.settings import Settings
    from webadmin.store.record import Record
    from webadmin.store.revisions import Act

DECIDED = "approval.order"
"""The policy under which the orders of the demonstration are decided."""


def furnish(settings: Settings, language: Language) -> None:
    """Load the demonstration where there is nothing yet, and say how to come in.

    Raises:
        WrongUse: the record cannot be opened.
        NothingShipped: there are no policies for it.
        Refused: nothing can be written to it just now.
    """
    from webadmin.demo import disputing, loading, logins

    acting = act()
    with furnished(language, acting, settings.rules) as record, patient(language):
        with record.engine.connect() as connection:
            is_empty = loading.is_empty(connection)
        if is_empty:
            _load(record, acting, language)
        file = keys(settings)
        if made := logins.make(record, acting):
            logins.keep(made, file)
        if is_empty:
            # by now the signals have been found: nobody opens a case before
            disputing.dispute(record, act(), acting.today, logins.cast(made, acting))
        if file.exists():
            click.echo(file.read_text("utf-8").rstrip(), err=True)
            tell("demo-logins", language, path=file)


def keys(settings: Settings) -> Path:
    """Return where names and passwords of the demonstration lie: beside the database."""
    return settings.heads_file().parent / "demo-logins.txt"


def _load(record: Record, acting: Act, language: Language) -> None:
    from webadmin.cli.signals import look_here
    from webadmin.decisions.deals import DealRun
    from webadmin.demo import deciding, loading
    from webadmin.store import deals

    tell("demo-loading", language)
    with progress("loading", language, 8) as advance:
        loading.load(record, acting, acting.today, told=lambda _: advance(1))
    with record.engine.connect() as connection:
        count = deals.count(connection)
    with progress("deciding", language, count) as advance:
        for _ in DealRun(record, DECIDED, acting, progress=advance):
            pass
    deciding.decide(record, acting, acting.today)
    look_here(record)
    click.echo(say("demo-loaded", language, day=acting.today), err=True)
