"""What changed hands by plans before their table told who carried them out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, select, text

from tests.webadmin.store.conftest import Databases
from webadmin import migrations
from webadmin.store.tables import CUSTOMERS, PLAN_MOVES

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = datetime(2026, 1, 3, tzinfo=UTC)
PLAN = (
    "INSERT INTO plans (id, name, author, day, policy, people, what_if, by_hand, earlier, state, shared, applied,"
    " version, created_at, changed_at) VALUES ('p', 'n', 'login:a', '2026-01-02', 'x', '[]', '{}', '{}', '[]',"
    " 'applied', 'own', :applied, 1, :at, :at)"
)
MOVED = (
    "INSERT INTO plan_moves (plan_id, customer_id, giver, taker, since, why)"
    " VALUES ('p', 'c', 'am-1', 'am-2', '2026-01-02', '{}')"
)
MOVE = {"plan_id": "p", "customer_id": "c", "giver": "am-1", "taker": "am-2", "since": date(2026, 1, 2), "why": "{}"}


def test_what_changed_hands_before_says_who_carried_it_out(databases: Databases) -> None:
    """The key gains the instant: rows that were there take it from their plan; a step back loses what is taken back."""
    engine = create_engine(databases.empty())

    def go(step: Callable[[Config, str], None], to: str) -> None:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(migrations.HERE))
            config.attributes["connection"] = connection
            step(config, to)

    go(command.upgrade, "0007")
    at = AT.replace(tzinfo=None).isoformat(" ", "microseconds") if engine.dialect.name == "sqlite" else AT
    with engine.begin() as connection:
        connection.execute(insert(CUSTOMERS).values(id="c", created_at=AT))
        connection.execute(text(PLAN), {"applied": '{"by":"login:bob"}', "at": at})
        connection.execute(text(MOVED))

    go(command.upgrade, "0008")
    with engine.begin() as connection:
        row = connection.execute(select(PLAN_MOVES)).one()
        assert (row.carried_at, row.carried_by, row.taken_back_at) == (AT, "login:bob", None)
        back = {"carried_at": LATER, "carried_by": "login:bob", "taken_back_at": LATER, "taken_back_by": "login:b"}
        connection.execute(insert(PLAN_MOVES).values(**{**MOVE, "taker": "am-3"}, **back))

    go(command.downgrade, "0007")
    with engine.connect() as connection:
        assert list(connection.execute(text("SELECT taker FROM plan_moves")).scalars()) == ["am-2"]
    engine.dispose()
