"""The shipped mappings into records over the real Maven CRM data: every row is taken.

The data is no part of the product: where its folder is absent, these tests are skipped.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from policy.engine import Policies, load_folder
from policy.model.decision import Status
from policy.model.document import VocabularyDocument
from policy.tables import CsvFile, RecordTable, Table, load_mapping, load_record_mapping

CHECKOUT = Path(__file__).parents[2]
MAPPINGS = CHECKOUT / "config" / "mappings"
DATA = CHECKOUT.parent / "shared" / "data" / "maven_crm"
FILES = {
    "teams": "sales_teams",
    "managers": "sales_teams",
    "people": "sales_teams",
    "customers": "accounts",
    "deals": "sales_pipeline",
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the Maven CRM data is not here")


@cache
def policies() -> Policies:
    return load_folder(CHECKOUT / "rules")


def vocabulary() -> VocabularyDocument:
    return next(each for each in policies().documents if isinstance(each, VocabularyDocument))


@cache
def read(name: str) -> tuple[RecordTable, list[dict[str, Any]]]:
    mapping = load_record_mapping(MAPPINGS / f"maven-{name}.yaml")
    table = RecordTable(DATA / f"{FILES[name]}.csv", mapping, vocabulary())
    return table, [row.record for row in table if row.record is not None]


@pytest.mark.parametrize(
    ("name", "rows", "records"),
    [("teams", 35, 6), ("managers", 35, 6), ("people", 35, 35), ("customers", 85, 85), ("deals", 8800, 8800)],
    ids=str,
)
def test_no_row_is_refused(name: str, rows: int, records: int) -> None:
    table, found = read(name)

    assert (table.report.read, table.report.refused, len(found)) == (rows, 0, records)
    assert table.report.taken + table.report.repeated == rows
    assert table.plan.mapping.source == "maven-crm"


def test_the_known_slips_are_mended() -> None:
    assert dict(read("customers")[0].report.mends) == {("sector", "technolgy", "technology"): 12}
    assert dict(read("deals")[0].report.mends) == {("product", "GTXPro", "GTX Pro"): 1480}


def test_records_name_one_another() -> None:
    teams = {each["id"] for each in read("teams")[1]}
    agents = {each["id"]: each for each in read("people")[1]}
    customers = {each["id"] for each in read("customers")[1]}
    managers = read("managers")[1]

    assert {each["team"] for each in agents.values()} == {each["team"] for each in managers} == teams
    assert not {each["id"] for each in managers} & set(agents)
    for deal in read("deals")[1]:
        assert deal["owner"] in agents
        assert deal.get("customer") is None or deal["customer"] in customers


def test_open_deals_are_taken_with_what_they_have() -> None:
    deals = read("deals")[1]

    assert Counter(deal["stage"] for deal in deals) == {"won": 4238, "lost": 2473, "open": 2089}
    assert sum("customer" not in deal for deal in deals) == 1425
    assert sum("opened_on" not in deal for deal in deals) == 500
    assert all(("closed_on" in deal) is (deal["stage"] != "open") for deal in deals)
    assert all(("amount" in deal["facts"]["order"]) is (deal["stage"] != "open") for deal in deals)


def test_a_stored_deal_is_decided_like_the_row_it_came_from() -> None:
    policy = policies()["approval.order"]
    mapping = load_mapping(MAPPINGS / "maven-approval-order.yaml")
    rows = {row.key: row for row in Table(DATA / "sales_pipeline.csv", mapping, policy.reader) if row.facts is not None}
    closed = {deal["id"]: deal for deal in read("deals")[1] if "closed_on" in deal}

    assert {name: (deal["facts"], str(deal["closed_on"])) for name, deal in closed.items()} == {
        name: (row.facts, row.as_of) for name, row in rows.items()
    }
    decision = policy.decide(closed["Z063OYW0"]["facts"], as_of=closed["Z063OYW0"]["closed_on"])
    assert (decision.status, decision.outcome) == (Status.DECIDED, {"stages": ["team-lead"]})


def test_the_same_comes_of_one_workbook(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    for name in ("sales_pipeline", "products", "sales_teams", "accounts"):
        page = book.create_sheet(name)
        file = CsvFile(DATA / f"{name}.csv")
        page.append(list(file.header))
        for record in file.rows():
            page.append([int(cell) if cell.isdigit() else cell for cell in record.cells])
    book.save(tmp_path / "crm.xlsx")
    text = (MAPPINGS / "maven-deals.yaml").read_text("utf-8").replace(".csv, on", ", on").replace("file:", "sheet:")

    table = RecordTable(tmp_path / "crm.xlsx", load_record_mapping(f"{text}sheet: sales_pipeline\n"), vocabulary())

    assert [row.record for row in table] == read("deals")[1]
