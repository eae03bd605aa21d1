"""The records of tests/webadmin/store, for what is built on them."""

from tests.webadmin.store.conftest import alice, bob, databases, filled, postgres, record

__all__ = ["alice", "bob", "databases", "filled", "postgres", "record"]
