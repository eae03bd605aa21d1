"""What commands on the record share: which record, who acts, and when."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.checking import line
from policy.cli.frame import Refused, WrongUse, say, tell
from policy.errors import did_you_mean
from policy.values import Language

if TYPE_CHECKING:
    from webadmin.settings import Settings
    from webadmin.store.heads import HeadsError, Outside, Place
    from webadmin.store.record import Export, Record
    from webadmin.store.revisions import Act


class NothingShipped(WrongUse):
    """Nothing is in effect, and nothing could be published from the folder of policies."""


def settings_of(_language: Language) -> Settings:
    """Return the settings of this environment.

    Raises:
        WrongUse: they cannot be read.
    """
    from webadmin.settings import SettingsError, load

    try:
        return load(os.environ)
    except SettingsError as error:
        raise WrongUse(str(error)) from error


def place_of(settings: Settings, language: Language, *, make: bool = True) -> Place:
    """Return where the signed heads of the record lie.

    Raises:
        WrongUse: there is no key to sign them with.
    """
    from webadmin.store.heads import HeadsError, Place

    try:
        return Place.at(settings.heads_file(), os.environ, make=make)
    except HeadsError as error:
        raise heads_refusal(error, language) from error


def heads_refusal(error: HeadsError, language: Language) -> WrongUse:
    """Return the refusal to work on a record whose heads are another one's, or cannot be signed."""
    from webadmin.store.heads import Trouble

    is_other = error.trouble is Trouble.OTHER
    return WrongUse(say("heads-other" if is_other else "heads-key", language, where=error.where))


def database_refusal(error: Exception, settings: Settings, language: Language) -> WrongUse:
    """Return the refusal to work on a database that cannot be opened; a password in its address is not shown."""
    from webadmin.database import url_of

    why = getattr(error, "strerror", None) or str(getattr(error, "orig", error)).strip().split("\n")[0]
    return WrongUse(say("no-database", language, database=url_of(settings.database), why=why))


def check_policy(record: Record, name: str | None, language: Language) -> None:
    """Refuse the name of a policy by which nothing can be found.

    Raises:
        WrongUse: no policy of that name was ever published, proposed or drafted.
    """
    from webadmin.store import published

    if name is None:
        return
    with record.engine.connect() as connection:
        known = published.known_policies(connection)
    if name not in known:
        near = did_you_mean(name, known).get("suggestion")
        meant = say("near", language, name=near) if near else ""
        listed = say("joint", language).join(known) or "–"
        raise WrongUse(say("policy-unknown", language, name=name, near=meant, known=listed))


def exported(language: Language) -> Outside | None:
    """Return the exported heads, None where there is nothing to check them with."""
    from webadmin.store.heads import HeadsError, Outside, Place, everything

    path = settings_of(language).heads_file()
    try:
        return everything(Place.at(path, os.environ, make=False))
    except HeadsError as error:
        return Outside(troubles=(error,)) if path.exists() else None


def export_of(settings: Settings, language: Language) -> Export:
    """Return where heads are exported to after commits, by the clock of this process."""
    from webadmin.decisions.service import clock
    from webadmin.store.record import Export

    return Export(place_of(settings, language), clock)


@contextmanager
def opened(language: Language, *, changing: bool = True) -> Iterator[Record]:
    """Give the record the settings name, brought to the present form.

    Args:
        language: Of the reader.
        changing: Whether it will be written to: it is made where there is none, and its heads are exported.

    Raises:
        WrongUse: it cannot be opened.
    """
    from sqlalchemy.exc import DatabaseError

    from webadmin.migrations import NewerError
    from webadmin.store.heads import HeadsError
    from webadmin.store.record import Record

    settings = settings_of(language)
    file = settings.database_file()
    if not changing and file is not None and not file.exists():
        raise WrongUse(say("file-missing", language, path=file))
    try:
        record = Record.open(settings.database, export_of(settings, language) if changing else None)
        record.check_heads()
    except HeadsError as error:
        raise heads_refusal(error, language) from error
    except (ValueError, NewerError) as error:
        raise WrongUse(str(error)) from error
    except (DatabaseError, OSError) as error:
        raise database_refusal(error, settings, language) from error
    try:
        yield record
    finally:
        record.close()


@contextmanager
def furnished(language: Language, act: Act, rules: Path | None = None) -> Iterator[Record]:
    """Give the record; one in which nothing was ever published gets the shipped policies.

    Args:
        language: Of the reader.
        act: Who acts, and when.
        rules: Folder of the policies; None: the one the settings name.

    Raises:
        WrongUse: it cannot be opened.
        NothingShipped: nothing could be published.
    """
    from webadmin.store import revisions

    with opened(language) as record:
        with record.engine.connect() as connection:
            is_bare = revisions.newest(connection) == 0
        if is_bare:
            _publish(record, rules or settings_of(language).rules, act, language)
        yield record


def _publish(record: Record, rules: Path, act: Act, language: Language) -> None:
    from webadmin.store import shipped
    from webadmin.store.revisions import SYSTEM

    done = shipped.publish_folder(record, rules, replace(act, actor=SYSTEM))
    record.catalogue.left = done.left
    for finding in (each for errors in done.left.values() for each in errors):
        click.echo(line(finding, language), err=True)
    if not done.published:
        raise NothingShipped(say("no-vocabulary", language, rules=rules))
    if done.left:
        tell("left-out", language, names=say("joint", language).join(sorted(done.left)), rules=rules)


@contextmanager
def patient(language: Language) -> Iterator[None]:
    """Say of a database that takes no writes just now.

    Raises:
        Refused: it does not.
    """
    from webadmin.store.writer import BusyError

    try:
        yield
    except BusyError as error:
        raise Refused(say("record-busy", language, why=error)) from error


def act() -> Act:
    """Return who acts at this terminal, and when: `cli:` and the name of the system's user.

    The user is the process's own: variables of the environment name anybody one likes.
    """
    from webadmin.decisions.service import today
    from webadmin.store.revisions import Act

    now = datetime.now(UTC)
    return Act(f"cli:{_user()}", now, today(now))


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
