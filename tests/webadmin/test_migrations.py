"""Migrations: the files' names tell the present form, and a later version's database is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from webadmin import migrations
from webadmin.store.record import Record


def test_the_names_of_the_files_tell_the_present_form() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))

    assert ScriptDirectory.from_config(config).get_current_head() == migrations.head()


def test_what_was_published_before_is_not_retired(tmp_path: Path) -> None:
    """The tables gain a column; rows that were there say no, and a step back takes retirements with it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'record.db'}")

    def go(step: Callable[[Config, str], None], to: str) -> list[tuple[int, ...]]:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(migrations.HERE))
            config.attributes["connection"] = connection
            step(config, to)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text("SELECT * FROM publications"))]

    go(command.upgrade, "0006")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO revisions VALUES ('r', 'a.b', 1, 'sha256:0', 'x', 'alice', '2026-01-01 00:00:00.000000')")
        )
        values = "'a.b', 'r', '2026-01-01', NULL, 'alice', 'bob', '', '2026-01-01 00:00:00.000000', NULL"
        connection.execute(text(f"INSERT INTO publications VALUES (1, {values})"))  # noqa: S608 - our own values
    assert [row[-1] for row in go(command.upgrade, "0007")] == [0]
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO publications VALUES (2, {values}, 1)"))  # noqa: S608

    assert [row[0] for row in go(command.downgrade, "0006")] == [1]


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'record.db'}"
    Record.open(address).close()
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(migrations.NewerError):
        Record.open(address)
