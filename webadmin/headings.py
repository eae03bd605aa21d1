"""The headings of tables that are taken along, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

_HEADINGS = {
    "a.hits": _("A: rules that hit"),
    "a.outcome": _("A: outcome"),
    "a.status": _("A: status"),
    "a.why": _("A: why there is no answer"),
    "about": _("People and customers"),
    "actor": _("Asked by"),
    "answer": _("What was decided"),
    "as_of": _("Decided for the day"),
    "b.hits": _("B: rules that hit"),
    "b.outcome": _("B: outcome"),
    "b.status": _("B: status"),
    "b.why": _("B: why there is no answer"),
    "because": _("Because"),
    "by_hand": _("By hand"),
    "capacity": _("Capacity"),
    "cause": _("Cause"),
    "compared": _("Compared with the second best"),
    "cost": _("Fit changed by hand, in points"),
    "customer": _("Customer"),
    "customer_name": _("Name of the customer"),
    "customer_status": _("Status of the customer"),
    "customers_after": _("Customers after"),
    "customers_before": _("Customers before"),
    "customers_given": _("Customers handed over"),
    "customers_taken": _("Customers taken over"),
    "decision": _("Decision"),
    "digest": _("Digest of the revision"),
    "erased_by": _("Erased by"),
    "excluded": _("Excluded"),
    "facts": _("Facts"),
    "file_row": _("Row of the file"),
    "from": _("Held by"),
    "from_name": _("Name of who holds it"),
    "hits": _("Rules that hit"),
    "id": _("Reference number"),
    "load": _("Load"),
    "load_after": _("Load after"),
    "load_before": _("Load before"),
    "load_given": _("Load handed over"),
    "load_taken": _("Load taken over"),
    "lost_given": _("Handed over of which lost"),
    "lost_taken": _("Taken over of which lost"),
    "name": _("Name"),
    "number": _("Reference number"),
    "outcome": _("Outcome"),
    "passes": _("Limits it passes"),
    "person": _("Person"),
    "policy": _("Policy"),
    "problems": _("Problems"),
    "reason": _("Reason given"),
    "recorded_at": _("Recorded"),
    "result": _("What it came to"),
    "revision": _("Revision"),
    "rules_apart": _("Rules that hit on one side only"),
    "score": _("Score"),
    "score_of_owner": _("Score of who holds it"),
    "second_best": _("Second best"),
    "second_score": _("Score of the second best"),
    "since": _("Holds from"),
    "speaks_for": _("What speaks for them"),
    "status": _("Status"),
    "subject": _("Subject"),
    "team": _("Team"),
    "team_name": _("Name of the team"),
    "tier": _("Tier"),
    "to": _("Goes to"),
    "to_name": _("Name of who gets it"),
    "until": _("Goes back on"),
    "value": _("Customer value"),
    "value_after": _("Customer value after"),
    "value_before": _("Customer value before"),
    "value_given": _("Customer value handed over"),
    "value_taken": _("Customer value taken over"),
}


def headed(records: Iterable[Mapping[str, Any]], more: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield records whose keys are headings; a key that has none stays.

    Args:
        records: The records of a table.
        more: Headings of keys that are the table's own.
    """
    known = {name: str(text) for name, text in _HEADINGS.items()} | dict(more or {})
    for record in records:
        yield {known.get(name, name): value for name, value in record.items()}


def further() -> str:
    """Return the heading of what only some records have."""
    return str(gettext("Further values"))


def flag(value: bool) -> str:  # noqa: FBT001 - it is the value of a cell
    """Write yes or no."""
    return str(gettext("yes") if value else gettext("no"))
