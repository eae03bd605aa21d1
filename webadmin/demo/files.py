"""The files of the made-up organisation: CSV, a mapping for each, and the `import.toml` that names them all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from webadmin.demo import customers, dealings, happenings, people
from webadmin.demo.people import Row
from webadmin.roster.folders import MANIFEST

DAY = date(2026, 6, 30)
"""The reference day: the last one anything happens on."""

BEFORE = 400
"""Days before the reference day on which the roster begins."""

_JOINT = ";"

_LISTS = ("regions", "skills", "languages", "industries", "certificates", "needs", "customer.languages")


@dataclass(frozen=True, slots=True)
class _Sort:
    """What one file holds.

    Attributes:
        into: What its records are.
        fields: Own field → column.
        facts: Path → column.
    """

    into: str
    fields: Mapping[str, str]
    facts: Mapping[str, str]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_PERSON = _same(
    *("id", "name", "name_en", "email", "team", "role", "status", "region", "regions", "level", "skills", "languages"),
    *("industries", "certificates", "hired_on", "leaves_on", "capacity", "quota", "quota_currency", "monthly_wage"),
    "since",
)

_CUSTOMER_FACTS = {
    "customer.since": "first_order",
    **{
        f"customer.{name}": name
        for name in (
            *("languages", "strategic", "annual_revenue", "expected_revenue", "potential", "growth", "gross_margin"),
            *("satisfaction", "overdue_days"),
        )
    },
}

_DEAL_FACTS = {
    "order.id": "id",
    **{
        f"order.{name}": name
        for name in ("amount", "list_amount", "discount", "prepaid", "payment_days", "own_contract")
    },
    "customer.id": "customer",
    "customer.tier": "tier",
    "customer.since": "first_order",
    "customer.owner": "owner",
    "requester.id": "owner",
    "requester.team": "team",
}

_EVENT_FACTS = {
    "customer.id": "customer",
    "manager.id": "manager",
    "order.id": "order",
    **_same("channel", "effective", "severity", "upheld", "amount", "reason", "competitor", "to", "approved", "count"),
    **_same("system", "about", "reporter"),
}

_CUSTOMER = _same("id", "name", "name_en", "owner", "tier", "region", "industry", "status", "needs", "phone")

_SORTS: Mapping[str, _Sort] = {
    "teams": _Sort("teams", _same("id", "name", "name_en", "parent", "region"), {}),
    "people": _Sort("people", _PERSON, {}),
    "people-changes": _Sort("people", _same("id", "name", "name_en", "status", "leaves_on", "since"), {}),
    "absences": _Sort("absences", _same("id", "person", "since", "until"), {}),
    "customers": _Sort("customers", _CUSTOMER, _CUSTOMER_FACTS),
    "customers-changes": _Sort("customers", _same("id", "name", "owner", "status", "since"), {}),
    "deals": _Sort("deals", _same("id", "customer", "owner", "stage", "opened_on", "closed_on"), _DEAL_FACTS),
    "events": _Sort("events", _same("id", "type", "time"), _EVENT_FACTS),
}


def tables(day: date) -> dict[str, list[Row]]:
    """Return the rows of every file, by its name without the ending."""
    start = day - timedelta(BEFORE)
    managers = people.managers()
    held = customers.customers(day)
    beginning = customers.rows(held)
    deals = dealings.deals(held, managers, day)
    return {
        "teams": people.teams(),
        "people": people.people(day, start),
        "people-changes": people.changes(day),
        "absences": people.absences(day),
        "customers": beginning,
        "customers-changes": customers.changes(held, beginning),
        "deals": deals,
        "events": happenings.events(held, deals, day),
    }


def texts(day: date = DAY) -> dict[str, str]:
    """Return every file by its name, the same to the byte each time.

    Args:
        day: The reference day.
    """
    found: dict[str, str] = {}
    for name, rows in tables(day).items():
        sort = _SORTS[name]
        found[f"{name}.csv"] = _csv(sort, rows)
        found[f"{name}.yaml"] = _mapping(name, sort)
    found[MANIFEST] = _manifest(day)
    return found


def write(folder: Path, day: date = DAY) -> None:
    """Write every file into a folder, which is made where it is not there.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts(day).items():
        (folder / name).write_bytes(text.encode())


def _csv(sort: _Sort, rows: Sequence[Row]) -> str:
    columns = list(dict.fromkeys([*sort.fields.values(), *sort.facts.values()]))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return _JOINT.join(value) if isinstance(value, list) else str(value)


def _mapping(name: str, sort: _Sort) -> str:
    constants = {"source": "demo"} if sort.into == "events" else {}
    lines = [
        f"# Made-up data: what the columns of {name}.csv mean.",
        f"mapping: demo-{name}",
        f"into: {sort.into}",
        "source: fairlead",
        f"title: {{zh: 演示数据 {name}, en: Demonstration data {name}}}",
        "fields:",
        *(f"  {field}: {_source(field, column)}" for field, column in sort.fields.items()),
        *(f"  {field}: {{constant: {value}}}" for field, value in constants.items()),
    ]
    if sort.facts:
        lines += ["facts:", *(f"  {path}: {_source(path, column)}" for path, column in sort.facts.items())]
    return "\n".join([*lines, ""])


def _source(field: str, column: str) -> str:
    split = f', split: "{_JOINT}"' if field in _LISTS else ""
    return f"{{column: {column}{split}}}"


def _manifest(day: date) -> str:
    files = "".join(f'\n[[files]]\nfile = "{name}.csv"\nmap = "{name}.yaml"\n' for name in _SORTS)
    return f"# Made-up data as of {day}.\nsince = {day - timedelta(BEFORE)}\n{files}"
