"""All operations, declared: importing this module is what fills the registry."""

from __future__ import annotations

from webadmin.api import catalogues, deciding, happenings, proposing, records, signalling, works
from webadmin.api.registry import OPERATIONS

__all__ = ["OPERATIONS", "catalogues", "deciding", "happenings", "proposing", "records", "signalling", "works"]
