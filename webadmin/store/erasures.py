"""Erasures as their audit entries tell them: who, when, why, and what was left of each row."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from sqlalchemy import Connection, select

from webadmin.store.audit import Action
from webadmin.store.chain import Chain
from webadmin.store.raw import raw
from webadmin.store.recompute import parsed
from webadmin.store.report import Erasure, Report
from webadmin.store.tables import AUDIT

MOST = 16
"""Erasures whose rows are kept in memory."""

Digests = Mapping[str, Mapping[str, str]]
"""Chain → row → digest of what was left of it, hexadecimal."""


class Erasures:
    """Finds erasures by their audit entry, and counts what verification meets of them.

    Args:
        connection: The database.
        report: Where they are told.
    """

    def __init__(self, connection: Connection, report: Report) -> None:
        self._connection = connection
        self._report = report
        self._kept: OrderedDict[str, Digests | None] = OrderedDict()

    def left(self, entry: str, chain: Chain, row_id: str) -> str | None:
        """Return the digest of what an erasure left of a row, None where it says nothing of it."""
        if entry not in self._kept:
            self._kept[entry] = self._read(entry)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        found = self._kept[entry]
        return None if found is None else found.get(str(chain), {}).get(row_id)

    def met(self, entry: str, *, emptied: bool) -> None:
        """Count a row."""
        told = self._report.erasures[entry]
        if emptied:
            told.emptied += 1
        else:
            told.redacted += 1

    def _read(self, entry: str) -> Digests | None:
        text = self._connection.execute(select(raw(AUDIT.c.body)).where(AUDIT.c.id == entry)).scalar()
        body = parsed(text) if isinstance(text, str) and text.startswith("{") else {}
        if body.get("action") != Action.ERASED:
            return None
        what = body["what"]
        self._report.erasures.setdefault(entry, Erasure(body["actor"], body["recorded_at"], what["reason"]))
        rows: Digests = what["rows"]
        return rows
