"""Who a customer's facts name is found as a person, in decisions that were filed before that, too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, select

from policy.errors import Place
from policy.model.document import Path, Subject
from tests.webadmin.store.conftest import Databases
from webadmin import migrations
from webadmin.store import decisions
from webadmin.store.tables import DECISION_TERMS, DECISIONS, REVISIONS

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LONG = "x" * 400
FACTS: dict[str, dict[str, Any]] = {
    "d-1": {"customer": {"id": "c-1", "owner": "am-1", "introduced_by": "am-2"}},
    "d-2": {"customer": {"id": "c-2", "owner": LONG}},
    "d-3": {"customer": {"id": "am-1", "owner": "am-1"}},
}
"""Decision → its facts; the last is about a customer with a person's id."""
DECIDED = {"policy": "assignment.reclaim", "status": "decided", "hits": [], "outcome": {}}


ABOUT = ("customer.id", "customer.owner", "customer.introduced_by")


def terms(facts: dict[str, Any]) -> set[str]:
    subject = Subject(Place("x", 1, 1), Path("customer.id"), tuple(map(Path, ABOUT)))
    return set(decisions.terms(subject, DECIDED, facts))


def before(facts: dict[str, Any]) -> set[str]:
    """Return the terms of a decision as they were: everything of a customer was one."""
    people = {each for name, each in facts["customer"].items() if name != "id"}
    told = {term for term in terms(facts) if not term.startswith("person=")}
    return told | {decisions.term("customer", each) for each in people}


def test_people_of_a_customer_are_people() -> None:
    assert {"customer=c-1", "person=am-1", "person=am-2"} <= terms(FACTS["d-1"])
    assert {"customer=am-1", "person=am-1"} <= terms(FACTS["d-3"])


def test_decisions_filed_before_are_found_by_them_too(databases: Databases) -> None:
    engine = create_engine(databases.empty())

    def go(step: Callable[[Config, str], None], to: str) -> None:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(migrations.HERE))
            config.attributes["connection"] = connection
            step(config, to)

    def filed() -> dict[str, set[str]]:
        with engine.connect() as connection:
            rows = connection.execute(select(DECISION_TERMS.c.decision_id, DECISION_TERMS.c.term)).all()
        return {name: {row.term for row in rows if row.decision_id == name} for name in FACTS}

    go(command.upgrade, "0008")
    with engine.begin() as connection:
        revision = {"id": "r", "document": DECIDED["policy"], "number": 1, "digest": "sha256:0", "author": "system"}
        text = "subject: {id: customer.id, about: [customer.id, customer.owner]}"
        connection.execute(insert(REVISIONS).values(**revision, text=text, created_at=AT))
        for name, facts in FACTS.items():
            row = {"id": name, "recorded_at": AT, "policy": DECIDED["policy"], "revision": "sha256:0"}
            more = {"as_of": "2026-01-02", "status": "decided", "actor": "cli:x", "closure": "sha256:1"}
            body = json.dumps({"facts": facts, "decision": DECIDED})
            connection.execute(insert(DECISIONS).values(**row, **more, body=body))
            connection.execute(
                insert(DECISION_TERMS), [{"decision_id": name, "term": each} for each in sorted(before(facts))]
            )
    assert filed() == {name: before(facts) for name, facts in FACTS.items()}

    go(command.upgrade, "0009")
    assert filed() == {name: terms(facts) for name, facts in FACTS.items()}

    go(command.downgrade, "0008")
    assert filed() == {name: before(facts) for name, facts in FACTS.items()}
    engine.dispose()
