"""Decisions are found by the people that facts of a customer name: who holds it, who introduced it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAMES = ("owner", "introduced_by")
_LONGEST = 300
_BATCH = 1_000

_TERMS = sa.table("decision_terms", sa.column("term", sa.String()), sa.column("decision_id", sa.String()))
_DECISIONS = sa.table(
    "decisions", sa.column("id", sa.String()), sa.column("policy", sa.String()), sa.column("body", sa.Text())
)
_REVISIONS = sa.table("revisions", sa.column("document", sa.String()), sa.column("text", sa.Text()))


def upgrade() -> None:
    """Go one step on: a person named there was filed as a customer."""
    for name, person, is_customer in _named():
        _refile(name, _term("customer", person), _term("person", person), keep=is_customer)


def downgrade() -> None:
    """Go one step back."""
    for name, person, _ in _named():
        _refile(name, _term("person", person), _term("customer", person), keep=False)


def _refile(name: str, before: str, after: str, *, keep: bool) -> None:
    """File a decision under another term; one that was not filed under the first stays as it is."""
    connection, here = op.get_bind(), _TERMS.c.decision_id == name
    terms = set(connection.execute(sa.select(_TERMS.c.term).where(here)).scalars())
    if before not in terms:
        return
    if after not in terms:
        connection.execute(sa.insert(_TERMS).values(decision_id=name, term=after))
    if not keep:
        connection.execute(sa.delete(_TERMS).where(here, _TERMS.c.term == before))


def _named() -> Iterator[tuple[str, str, bool]]:
    """Yield decisions with each person that facts of their customer name, and whether that is the customer's own id."""
    connection = op.get_bind()
    says = sa.or_(*(_REVISIONS.c.text.contains(f"customer.{each}") for each in _NAMES))
    policies = list(connection.execute(sa.select(_REVISIONS.c.document).where(says).distinct()).scalars())
    last = ""
    while policies:
        chosen = sa.select(_DECISIONS.c.id, _DECISIONS.c.body).where(
            _DECISIONS.c.policy.in_(policies), _DECISIONS.c.id > last, _DECISIONS.c.body.is_not(None)
        )
        rows = list(connection.execute(chosen.order_by(_DECISIONS.c.id).limit(_BATCH)))
        if not rows:
            return
        last = rows[-1].id
        for row in rows:
            yield from ((row.id, *each) for each in _people(json.loads(row.body)["facts"].get("customer")))


def _people(customer: Any) -> Iterator[tuple[str, bool]]:
    if isinstance(customer, dict):
        found = (customer.get(each) for each in _NAMES)
        yield from ((each, each == customer.get("id")) for each in found if isinstance(each, str))


def _term(name: str, value: str) -> str:
    text = f"{name}={value}".replace("\0", "\u2400")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 65]}#{hashlib.sha256(text.encode()).hexdigest()}"
