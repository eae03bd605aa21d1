"""Brings a database to the present form: Alembic's revisions, run from here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

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


def head() -> str:
    """Return the present form's number, which the names of the revisions' files begin with."""
    return max(path.name[1:5] for path in (HERE / "versions").glob("v[0-9]*_*.py"))


def _is_current(connection: Connection) -> bool:
    """Look without Alembic, which takes half a second: every start of a server would wait for it."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [head()]


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - only where it is needed
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        msg = "the database was written by a later version of Fairlead: start that version, or restore a backup"
        raise NewerError(msg) from error


def _config(connection: Connection) -> Any:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
