"""Migrations: the files' names tell the present form, and a later version's database is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from webadmin import migrations
from webadmin.store.record import Record


def test_the_names_of_the_files_tell_the_present_form() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))

    assert ScriptDirectory.from_config(config).get_current_head() == migrations.head()


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'record.db'}"
    Record.open(address).close()
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(migrations.NewerError):
        Record.open(address)
