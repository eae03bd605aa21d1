"""Brings a database to the present form: Alembic's revisions, run from here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from webadmin.database import WriteLock

HERE = Path(__file__).resolve().parent


class NewerError(Exception):
    """The database was written by a later version of this product, which alone can read it."""


def upgrade(engine: Engine) -> None:
    """Bring a database to the present form, one process at a time; an empty one gets all tables.

    Raises:
        NewerError: it is in a form this version does not know.
    """
    with engine.connect() as connection:
        if _is_current(connection):
            return
    with WriteLock(engine).writing() as connection:
        _upgrade(connection)


def _is_current(connection: Connection) -> bool:
    from alembic.migration import MigrationContext  # noqa: PLC0415 - half a second, only where it is needed

    return bool(MigrationContext.configure(connection).get_current_revision() == _scripts().get_current_head())


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        msg = "the database was written by a later version of Fairlead: start that version, or restore a backup"
        raise NewerError(msg) from error


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def _scripts() -> Any:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory.from_config(_config())
