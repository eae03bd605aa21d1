"""What commands on the record share: which record, who acts, and when."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from policy.cli.frame import Refused, WrongUse, say
from policy.values import Language

if TYPE_CHECKING:
    from webadmin.settings import Settings
    from webadmin.store.record import Record
    from webadmin.store.revisions import Act


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


@contextmanager
def opened(language: Language) -> Iterator[Record]:
    """Give the record the settings name, brought to the present form.

    Raises:
        WrongUse: it cannot be opened.
    """
    from sqlalchemy.exc import OperationalError

    from webadmin.migrations import NewerError
    from webadmin.store.record import Record

    address = settings_of(language).database
    try:
        record = Record.open(address)
    except (ValueError, NewerError) as error:
        raise WrongUse(str(error)) from error
    except OperationalError as error:
        raise WrongUse(str(error.orig)) from error
    try:
        yield record
    finally:
        record.close()


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
    """Return who acts at this terminal, and when: `cli:` and the name of the system's user."""
    from webadmin.decisions.service import today
    from webadmin.store.revisions import Act

    now = datetime.now(UTC)
    return Act(f"cli:{getpass.getuser()}", now, today(now))
