"""A plan as tables for spreadsheets; what would be taken for a formula is kept from being one."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from policy.tables.export import write_csv, write_xlsx
from policy.values import Language
from webadmin.reassigning.keeping import Plan
from webadmin.simulations import service
from webadmin.store.naming import Named

TABLES = ("moves", "loads")
FORMS: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Form → media type."""


def table(plan: Plan, which: str, form: str, names: Mapping[str, Named], language: Language) -> bytes:
    """Return one of the `TABLES` of a plan in one of the `FORMS`."""
    records = list((_moves if which == "moves" else _loads)(plan, names, language))
    if form == "xlsx":
        body = io.BytesIO()
        write_xlsx(body, records, sheet=which)
        return body.getvalue()
    text = io.StringIO(newline="")
    write_csv(text, records)
    return text.getvalue().encode("utf-8-sig")


def _moves(plan: Plan, names: Mapping[str, Named], language: Language) -> Iterator[dict[str, Any]]:
    def called(name: str | None) -> str:
        return "" if name is None else names[name].to(language) if name in names else name

    for move in plan.moves:
        yield {
            "customer": move.customer,
            "customer_name": called(move.customer),
            "cause": str(move.cause),
            "tier": move.tier or "",
            "load": move.load,
            "value": move.value,
            "from": move.giver,
            "from_name": called(move.giver),
            "to": move.taker or "",
            "to_name": called(move.taker),
            "since": move.since,
            "until": move.until,
            "score": move.score,
            "score_of_owner": move.was,
            "by_hand": move.by_hand,
            "reason": move.reason,
            "cost": move.cost,
            "because": service.said(move, language),
            "excluded": "; ".join(f"{row}: {count}" for row, count in move.out.items()),
            "passes": "; ".join((*move.passes, *move.pace)),
        }


def _loads(plan: Plan, names: Mapping[str, Named], language: Language) -> Iterator[dict[str, Any]]:
    for each in service.shown(plan).everybody:
        before = each.before
        yield {
            "person": before.person,
            "name": names[before.person].to(language) if before.person in names else before.person,
            "team": before.team,
            "capacity": before.capacity,
            "load_before": before.load,
            "load_after": each.load,
            "customers_before": before.count,
            "customers_after": each.count,
            "value_before": before.value,
            "value_after": each.value,
            "gets": each.gets,
            "gives": each.gives,
        }
