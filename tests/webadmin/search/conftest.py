"""The record of tests/webadmin/decided."""

from tests.webadmin.decided.conftest import place

__all__ = ["place"]
