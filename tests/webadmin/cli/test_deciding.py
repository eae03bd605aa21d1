"""`fairlead decide … --from deals`, over the Maven CRM data where it is here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webadmin.cli.conftest import Run

CHECKOUT = Path(__file__).parents[3]
DATA = CHECKOUT.parent / "shared" / "data" / "maven_crm"
MAPPINGS = CHECKOUT / "config" / "mappings"

FILES = [
    ("sales_teams.csv", "teams", 6),
    ("sales_teams.csv", "people", 35),
    ("sales_teams.csv", "managers", 6),
    ("accounts.csv", "customers", 85),
    ("sales_pipeline.csv", "deals", 8800),
]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("approval.order", "--from", "deals", "--map", "m.yaml"), "--map means nothing with --from deals"),
        (("approval.order", "--from", "deals", "--explain"), "--explain means nothing with --from deals"),
        (
            ("approval.order", "--from", "x.csv", "--map", "m.yaml", "--again"),
            "--again means something with --from deals",
        ),
        (
            ("approval.ordre", "--from", "deals"),
            "no policy `approval.ordre` is in effect in the database (did you mean",
        ),
        (("penalty.order-diversion", "--from", "deals"), "no policy `penalty.order-diversion` is in effect"),
        (("approval.order", "--from", "deals", "--as-of", "soon"), "--as-of `soon` is no day"),
        (("approval.order", "--from", "deals", "--as-of", ""), "--as-of `` is no day"),
        (("approval.order", "--facts", "-", "--as-of", ""), "--as-of `` is no day"),
        (("approval.order", "--from", "deals", "--output", "x.pdf"), "should end in .csv, .xlsx or .jsonl"),
        (("approval.order",), "facts are missing"),
    ],
)
def test_wrong_use_is_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("decide", *arguments)

    assert (done.exit_code, said in done.stderr) == (2, True), done.output


def test_without_deals_nothing_is_decided(run: Run) -> None:
    done = run("decide", "approval.order", "--from", "deals")

    assert done.exit_code == 0
    assert done.stdout.startswith("0 rows read")


@pytest.mark.skipif(not DATA.is_dir(), reason="the Maven CRM data is not here")
def test_every_deal_of_the_maven_crm_with_a_value_is_decided_and_kept_once(run: Run, tmp_path: Path) -> None:
    for name, kind, count in FILES:
        mapping = MAPPINGS / f"maven-{kind}.yaml"
        done = run("import", DATA / name, "--map", mapping, "--since", "2016-01-01", "--json")
        assert (done.exit_code, json.loads(done.stdout)[0]["record"]["new"]) == (0, count), done.output
    again = run("import", DATA / "sales_pipeline.csv", "--map", MAPPINGS / "maven-deals.yaml", "--json")
    assert json.loads(again.stdout)[0]["record"] == {"new": 0, "changed": 0, "unchanged": 8800}

    call = ("decide", "approval.order", "--from", "deals", "--json")
    tried = run(*call, "--dry-run", "--output", tmp_path / "out.csv")
    decided = run(*call)
    second = run(*call, "--report", tmp_path / "report.txt")

    assert tried.stdout == decided.stdout == second.stdout
    data = json.loads(decided.stdout)
    assert data["table"]["rows"] == {"read": 8800, "taken": 6711, "refused": 2089, "skipped": 0}
    assert data["decisions"] == {"decided": 6711}
    assert [(each["code"], each["count"]) for each in data["table"]["refused"]] == [("deal-not-closed", 2089)]
    assert "a dry run: no decision was written; there already: 0" in tried.stderr
    assert "decisions written into the record: 6711; there already: 0" in decided.stderr
    assert "decisions written into the record: 0; there already: 6711" in second.stderr
    assert len((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()) == 6712
    assert (tmp_path / "report.txt").read_text("utf-8").count("the deal is not closed") >= 2089
