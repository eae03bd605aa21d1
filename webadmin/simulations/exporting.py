"""A proposed reassignment as a table for spreadsheets; what would be taken for a formula is kept from being one."""

from __future__ import annotations

import io
from collections.abc import Mapping

from policy.tables.export import write_csv
from policy.values import Language
from webadmin.reassigning.proposing import Plan
from webadmin.store.naming import Named


def csv(plan: Plan, names: Mapping[str, Named], language: Language) -> str:
    """Return one row for each customer."""

    def said(name: str | None) -> str:
        return "" if name is None else names[name].to(language) if name in names else name

    records = [
        {
            "customer": move.customer,
            "name": said(move.customer),
            "tier": move.tier or "",
            "load": move.load,
            "from": plan.person,
            "to": move.to or "",
            "to_name": said(move.to),
            "by_hand": move.by_hand,
            "because": "; ".join(move.why),
        }
        for move in plan.moves
    ]
    body = io.StringIO(newline="")
    write_csv(body, records)
    return body.getvalue()
