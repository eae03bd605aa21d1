"""Names are found as people type them, and what is kept beside a name follows it, whatever changes the name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, event, select, text

from policy.values import Language
from tests.webadmin.store.conftest import alice, databases, filled, postgres, record
from webadmin import migrations, spelling
from webadmin.access.circle import Circle
from webadmin.customers import listing
from webadmin.customers.listing import Sight
from webadmin.store import naming, roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import CUSTOMERS, PEOPLE
from webadmin.store.things import Thing

__all__ = ["alice", "databases", "filled", "postgres", "record"]


def found(record: Record, of: Of, typed: str) -> set[str]:
    with record.reading() as connection:
        return {each.id for each in naming.holding(connection, of, typed)}


def told(record: Record, act: Act, *things: Thing) -> None:
    record.writer.write(lambda transaction: roster.apply(transaction, things, [], act, "test"))


TYPED = {
    "张伟": ("zhangwei", "zw", "zhang wei", "wei", "ZhangW", "wei zhang", "张 wei"),
    "单婷": ("shanting", "danting", "st"),
    "吕鑫": ("lvxin", "lüxin", "lx"),
    "重庆长江银行": ("chongqing", "cqcjyh", "changjiang", "yinhang", "yh"),
    "华为 Cloud 研发": ("huawei", "yanfa", "cloud yf"),
}


@pytest.mark.parametrize("of", [Of.PERSON, Of.CUSTOMER])
@pytest.mark.parametrize("name", TYPED)
def test_a_name_is_found_as_it_is_typed(filled: Record, alice: Act, of: Of, name: str) -> None:
    told(filled, alice, Thing(of, "x-1", name))

    for typed in TYPED[name]:
        assert "x-1" in found(filled, of, typed), typed
        assert naming.has_words(naming.Named(of, "x-1", name), typed), typed


@pytest.mark.parametrize("typed", ["hangwei", "ang", "zhangwang", "w", "z_", "z%", "zhan gwei x"])
def test_what_does_not_begin_with_a_syllable_finds_nobody(filled: Record, alice: Act, typed: str) -> None:
    told(filled, alice, Thing(Of.PERSON, "0-1", "张伟"))

    assert "0-1" not in found(filled, Of.PERSON, typed)
    assert not naming.has_words(naming.Named(Of.PERSON, "0-1", "张伟"), typed)


def test_whoever_is_renamed_is_found_by_the_new_name_alone(filled: Record, alice: Act) -> None:
    told(filled, alice, Thing(Of.CUSTOMER, "x-1", "张伟商行", "Zhang Trading"))
    told(filled, alice, Thing(Of.CUSTOMER, "x-1", "李娜商行"))

    assert "x-1" in found(filled, Of.CUSTOMER, "lina")
    assert "x-1" not in found(filled, Of.CUSTOMER, "zhangwei")
    with filled.reading() as connection:
        kept = connection.execute(
            select(*(CUSTOMERS.c[name] for name in spelling.COLUMNS)).where(CUSTOMERS.c.id == "x-1")
        )
        assert kept.one()._asdict() == spelling.beside("李娜商行", "Zhang Trading")


def test_rows_of_an_older_database_are_spelled(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'record.db'}", poolclass=NullPool)

    def go(step: Callable[[Config, str], None], to: str) -> None:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(migrations.HERE))
            config.attributes["connection"] = connection
            step(config, to)

    go(command.upgrade, "0010")
    with engine.begin() as connection:
        for table in ("people", "customers"):
            connection.execute(
                text(f"INSERT INTO {table} (id, name, name_en, created_at) VALUES ('a', '张伟', NULL, '2026-01-01')")  # noqa: S608
            )
    go(command.upgrade, "0011")

    with engine.connect() as connection:
        for table in (PEOPLE, CUSTOMERS):
            kept = connection.execute(select(*(table.c[name] for name in spelling.COLUMNS))).one()
            assert kept._asdict() == spelling.beside("张伟", None)
    go(command.downgrade, "0010")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM customers")).scalar_one() == "张伟"


def test_customers_are_sorted_by_what_is_kept(tmp_path: Path, alice: Act) -> None:
    """SQLite walks the index and reads a page, where all the names would have to be read and sorted otherwise."""
    record = Record.open(f"sqlite:///{tmp_path / 'record.db'}")
    told(record, alice, Thing(Of.CUSTOMER, "x-1", "张伟商行"))
    asked: list[tuple[str, Any]] = []
    event.listen(record.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    for language, index in ((Language.ZH, "ix_customers_turn"), (Language.EN, "ix_customers_turn_en")):
        sight = Sight(Circle(is_all=True), language, ())
        with record.reading() as connection:
            listing.customers(connection, listing.read({}), alice.today, sight)
            statement, values = next(each for each in asked if "ORDER BY customers.turn" in each[0])
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        asked.clear()

        assert f"SCAN customers USING INDEX {index}" in plan
        assert not any("ORDER BY" in step for step in plan)
    record.close()
