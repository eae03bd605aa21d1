"""Records of both sorts of database with a small team in them."""

from __future__ import annotations

import pytest

from tests.webadmin.reassigning import crew
from tests.webadmin.store.conftest import alice, databases, filled, postgres, record
from webadmin.store.record import Record
from webadmin.store.revisions import Act

__all__ = ["alice", "databases", "filled", "postgres", "record"]


@pytest.fixture
def team(filled: Record, alice: Act) -> Record:
    """Return a record with the shipped policies and a small team."""
    crew.fill(filled, alice)
    return filled
