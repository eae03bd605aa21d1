"""The commands: what they print, what they exit with, and real data row by row."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tests.acceptance.support import exact
from tests.acceptance.test_format_text import PLAIN
from webadmin.cli import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = """\
policy: scorecard.t
title: {zh: 测试, en: A test}
owner: o
language: 1
subject: {id: s.id, about: [s.id]}
inputs:
  - s.id: {type: string}
  - x: {type: number, scale: 2}
  - y: {type: number, scale: 2, optional: true}
outputs: {r: {type: string, one_of: [no, yes]}}
hit_policy: first
rules:
  - {id: big, when: {x: "> 5"}, then: {r: yes}, because: {zh: "数值 {x} 大", en: "value {x} is big"}}
  - {id: odd, when: {y: "> 5"}, then: {r: yes}}
  - {id: rest, then: {r: no}}
tests:
  - name: big
    as_of: 2026-03-01
    given: {s: {id: a}, x: 6}
    expect: {hits: [big], outcome: {r: yes}}
"""


def run(*arguments: str | Path, given: str | None = None) -> Any:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=given, env={"FAIRLEAD_LANG": "en"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scorecard").mkdir()
    (tmp_path / "scorecard" / "t.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "scorecard" / "t.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


# --- check


def test_check_of_sound_rules_exits_0(folder: Path) -> None:
    assert run("check", folder).exit_code == 0


def test_check_of_the_shipped_rules_exits_0(rules: Path) -> None:
    checked = run("check", rules)
    assert checked.exit_code == 0, checked.output


def test_check_prints_file_line_and_column_and_exits_1(folder: Path) -> None:
    change(folder, "owner: o", "ownr: o")
    checked = run("check", folder)
    assert checked.exit_code == 1
    assert f"{folder / 'scorecard' / 't.yaml'}:3:1" in checked.output
    assert "did you mean" in checked.output


def test_check_as_json(folder: Path) -> None:
    change(folder, "owner: o", "ownr: o")
    checked = run("check", folder, "--json")
    (found,) = json.loads(checked.stdout)["findings"]
    assert checked.exit_code == 1
    assert "ownr" in json.dumps(found)
    assert {"zh", "en"} <= set(json.dumps(found, ensure_ascii=False).replace('"', " ").split())


def test_check_in_chinese(folder: Path) -> None:
    change(folder, "owner: o", "ownr: o")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in run("check", folder, "--lang", "zh").output.replace("测试", ""))


def test_check_of_several_broken_files_reports_all(folder: Path) -> None:
    change(folder, "owner: o", "ownr: o")
    (folder / "scorecard" / "u.yaml").write_text(
        PLAIN.replace("scorecard.t", "scorecard.u").replace("language: 1", "language: 9"), encoding="utf-8"
    )
    output = run("check", folder).output
    assert "t.yaml:3:1" in output
    assert "u.yaml:4:" in output


def test_check_survives_thirty_thousand_brackets(folder: Path) -> None:
    (folder / "bad.yaml").write_text("[" * 30_000, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", "from webadmin.cli import main; main()", "check", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=30,
    )
    assert ran.returncode == 1, ran.stderr[-400:]
    assert "bad.yaml" in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "/nowhere/at/all"),
        ("test", "/nowhere/at/all"),
        ("check", "--nonsense"),
        ("nonsense",),
        ("decide",),
        ("decide", "scorecard.t", "--lang", "fr"),
        ("schema", "nonsense"),
    ],
)
def test_wrong_use_exits_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["check", "test", "decide", "schema", "serve"])
def test_help_has_an_example(command: str) -> None:
    helped = run(command, "--help")
    assert helped.exit_code == 0
    assert f"fairlead {command}" in helped.output


# --- test


def test_test_passes_and_names_what_no_test_hits(folder: Path) -> None:
    tested = run("test", folder)
    assert tested.exit_code == 0
    assert "odd" in tested.output
    assert "rest" in tested.output


def test_test_of_the_shipped_rules_hits_every_rule(rules: Path) -> None:
    tested = run("test", rules, "--json")
    data = json.loads(tested.stdout)
    assert tested.exit_code == 0
    assert len(data["policies"]) == 8
    assert {each["policy"]: each["never_hit"] for each in data["policies"] if each["never_hit"]} == {}


@pytest.mark.parametrize("wrong", ["hits: [rest]", "hits: []", "status: no_hit", "outcome: {r: no}", "missing: [y]"])
def test_a_failing_test_exits_1_and_says_what_differs(folder: Path, wrong: str) -> None:
    change(folder, "expect: {hits: [big], outcome: {r: yes}}", f"expect: {{{wrong}}}")
    tested = run("test", folder)
    assert tested.exit_code == 1
    assert "big" in tested.output


def test_a_test_that_expects_what_cannot_be_is_a_finding_or_fails(folder: Path) -> None:
    change(folder, "hits: [big]", "hits: [bgi]")
    assert run("check", folder).exit_code == 1 or run("test", folder).exit_code == 1


def test_broken_facts_in_a_test_are_noticed(folder: Path) -> None:
    change(folder, "x: 6}\n", "xx: 6}\n")
    assert run("check", folder).exit_code == 1 or run("test", folder).exit_code == 1


def test_numbers_of_expectations_are_compared_by_value(folder: Path) -> None:
    (folder / "scorecard" / "u.yaml").write_text(
        PLAIN.replace("scorecard.t", "scorecard.u")
        .replace("{r: {type: string, one_of: [no, yes]}}", "{r: {type: number, scale: 2}}")
        .replace("{r: yes}", "{r: 1.5}")
        + "tests:\n  - {name: n, as_of: 2026-03-01, given: {s: {id: a}}, expect: {outcome: {r: 1.50}}}\n",
        encoding="utf-8",
    )
    assert run("test", folder).exit_code == 0


# --- decide


def decided(folder: Path, given: str, *more: str) -> Any:
    return run("decide", "scorecard.t", "--rules", folder, "--facts", "-", "--as-of", "2026-03-01", *more, given=given)


def test_decide_prints_the_canonical_decision(folder: Path) -> None:
    done = decided(folder, '{"s": {"id": "a"}, "x": 7}', "--json")
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert (data["status"], data["hits"], data["outcome"]) == ("decided", ["big"], {"r": "yes"})
    assert done.stdout == decided(folder, '{"x": 7.00, "s": {"id": "a"}}', "--json").stdout


def test_decide_from_a_file(folder: Path) -> None:
    (folder / "facts.json").write_text('{"s": {"id": "a"}, "x": 7}', encoding="utf-8")
    done = run(
        "decide", "scorecard.t", "--rules", folder, "--facts", folder / "facts.json", "--as-of", "2026-03-01", "--json"
    )
    assert json.loads(done.stdout)["hits"] == ["big"]


def test_decide_explains_in_both_languages(folder: Path) -> None:
    given = '{"s": {"id": "a"}, "x": 7}'
    assert "value 7 is big" in decided(folder, given, "--explain", "--lang", "en").stdout
    assert "数值 7 大" in decided(folder, given, "--explain", "--lang", "zh").stdout


def test_refused_facts_exit_1_with_every_pointer(folder: Path) -> None:
    done = decided(folder, '{"s": {"id": 5}, "x": "7", "z": 1}')
    assert done.exit_code == 1
    assert all(pointer in done.output for pointer in ("/s/id", "/x", "/z"))


def test_an_undetermined_decision_is_an_answer(folder: Path) -> None:
    done = decided(folder, '{"s": {"id": "a"}, "x": 1}', "--json")
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert (data["status"], data["missing"]) == ("undetermined", ["y"])


def test_an_unknown_policy_asks_did_you_mean(folder: Path) -> None:
    done = run("decide", "scorecard.tt", "--rules", folder, "--facts", "-", given="{}")
    assert done.exit_code == 2
    assert "scorecard.t" in done.output


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "2026-03-01T10:00:00", "1.3.2026"])
def test_a_bad_day_is_wrong_use(folder: Path, day: str) -> None:
    assert (
        run(
            "decide",
            "scorecard.t",
            "--rules",
            folder,
            "--facts",
            "-",
            "--as-of",
            day,
            given='{"s": {"id": "a"}, "x": 7}',
        ).exit_code
        == 2
    )


def test_facts_that_are_not_json_are_refused(folder: Path) -> None:
    assert decided(folder, '{"s": ').exit_code == 1


# --- schema


@pytest.mark.parametrize("kind", [None, "approval", "assignment", "incentive", "penalty", "scorecard"])
def test_schema_accepts_the_shipped_policies(kind: str | None, rules: Path) -> None:
    printed = run("schema", *([kind] if kind else []))
    assert printed.exit_code == 0
    schema = json.loads(printed.stdout)
    Draft202012Validator.check_schema(schema)
    for file in sorted(rules.glob(f"{kind or '*'}/*.yaml")):
        if file.parent.name == "reference":
            continue
        document = yaml.load(file.read_text(encoding="utf-8"), yaml.SafeLoader)
        plain = json.loads(json.dumps(document, default=str))
        problems = [
            error.json_path + ": " + error.message[:80] for error in Draft202012Validator(schema).iter_errors(plain)
        ]
        assert not problems, (file, problems[:3])
        refused = {**plain, "whatever": 1}
        assert list(Draft202012Validator(schema).iter_errors(refused)), (
            "an unknown key is refused, so that an editor shows it"
        )


# --- a file of rows


MAPPING = """\
mapping: m
for: scorecard.t
title: T
key: [name]
columns:
  - {name: size, mend: [{from: tne, to: "10"}]}
facts:
  s.id: {column: name}
  x: {column: size}
as_of: {constant: 2026-03-01}
"""


def test_rows_taken_mended_and_refused_are_reported(folder: Path) -> None:
    (folder / "in.csv").write_text("name,size\na,7\nb,1\nc,tne\nd,much\n,8\n", encoding="utf-8")
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    rules = folder / "rules"
    rules.mkdir()
    (folder / "scorecard").rename(rules / "scorecard")
    done = run(
        "decide",
        "scorecard.t",
        "--rules",
        rules,
        "--from",
        folder / "in.csv",
        "--map",
        folder / "m.yaml",
        "--output",
        folder / "out.jsonl",
        "--json",
    )
    assert done.exit_code == 1, done.output
    table = json.loads(done.stdout)["table"]
    assert (table["rows"]["read"], table["rows"]["taken"], table["rows"]["refused"]) == (5, 3, 2)
    assert [(each["column"], each["found"], each["to"], each["count"]) for each in table["mended"]] == [
        ("size", "tne", "10", 1)
    ]
    refused = {(each["column"], row) for each in table["refused"] for row in each["rows"]}
    assert refused == {("size", 5), ("name", 6)}
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["key"], row["status"]) for row in rows] == [("a", "decided"), ("b", "undetermined"), ("c", "decided")]
    assert rows[0]["hits"] == rows[2]["hits"] == ["big"]
    assert rows[1]["missing"] == ["y"]


def rates(text: str) -> list[tuple[date, Decimal]]:
    """Read the US dollar's rates line by line, without the product."""
    found = []
    for line in text.splitlines():
        if "base: USD" in line:
            fields = dict(part.strip().split(": ") for part in line.split("{")[1].split("}")[0].split(","))
            found.append((date.fromisoformat(fields["from"]), Decimal(fields["rate"])))
    return sorted(found)


@pytest.fixture(scope="module")
def crm(shared: Path) -> dict[str, list[dict[str, str]]]:
    folder = shared / "data" / "maven_crm"
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    return {
        name: list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()))
        for name in ("sales_pipeline", "accounts", "products")
    }


@pytest.fixture(scope="module")
def approvals(
    crm: dict[str, Any], shared: Path, rules: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, list[dict[str, Any]]]:
    assert crm
    output = tmp_path_factory.mktemp("crm") / "out.jsonl"
    mapping = ROOT / "config" / "mappings" / "maven-approval-order.yaml"
    done = run(
        "decide",
        "approval.order",
        "--rules",
        rules,
        "--from",
        shared / "data" / "maven_crm" / "sales_pipeline.csv",
        "--map",
        mapping,
        "--output",
        output,
        "--json",
    )
    return done, [json.loads(line, parse_float=Decimal) for line in output.read_text(encoding="utf-8").splitlines()]


def test_all_opportunities_are_taken_or_refused(approvals: tuple[Any, list[dict[str, Any]]]) -> None:
    done, decisions = approvals
    assert done.exit_code == 1, "2,089 rows are refused"
    table = json.loads(done.stdout)["table"]
    assert table["rows"] == {"read": 8800, "taken": 6711, "refused": 2089, "skipped": 0}
    assert len(decisions) == 6711
    by_column = {(each["column"], each["count"]) for each in table["refused"]}
    assert {("close_value", 2089), ("account", 1425), ("close_date", 2089)} <= by_column
    mended = {(each["found"], each["to"]): each["count"] for each in table["mended"]}
    assert mended[("GTXPro", "GTX Pro")] == 1480
    assert ("technolgy", "technology") in mended


def expected_stages(row: dict[str, str], crm: dict[str, Any], dollars: list[tuple[date, Decimal]]) -> list[str]:
    """Work out the stages from the rules as a person reads them: no discount, no advance payment, 30 days."""
    day = datetime.strptime(row["close_date"], "%m/%d/%Y").date()  # noqa: DTZ007
    yuan = Decimal(row["close_value"]) * [rate for begins, rate in dollars if begins <= day][-1]
    revenue = next(Decimal(each["revenue"]) for each in crm["accounts"] if each["account"] == row["account"])
    product = "GTX Pro" if row["product"] == "GTXPro" else row["product"]
    listed = next(Decimal(each["sales_price"]) for each in crm["products"] if each["product"] == product)
    stages: set[str] = set()
    if yuan >= 500000 or revenue >= 5000:
        stages |= {"team-lead", "director", "finance"}
    value = Decimal(row["close_value"])
    if value < listed * exact("0.95"):
        stages |= {"team-lead"}
    if yuan >= 200000 or value < listed * exact("0.8"):
        stages |= {"team-lead", "director"}
    if value < listed * exact("0.8") and revenue < 500:
        stages |= {"margin"}
    return [each for each in ("team-lead", "director", "margin", "finance") if each in stages]


def test_every_opportunity_agrees_with_a_plain_recalculation(
    approvals: tuple[Any, list[dict[str, Any]]], crm: dict[str, Any], rules: Path
) -> None:
    dollars = rates((rules / "reference" / "exchange-rate.yaml").read_text(encoding="utf-8"))
    rows = {row["opportunity_id"]: row for row in crm["sales_pipeline"]}
    for decision in approvals[1]:
        stages = decision["outcome.stages"] if "outcome.stages" in decision else decision["outcome"]["stages"]
        assert list(stages) == expected_stages(rows[decision["key"]], crm, dollars), decision["key"]


def commission(amounts: list[Decimal], quota: Decimal) -> Decimal:
    """2 % up to 80 % of the quota, 3 % to 100 %, 5 % to 150 %, 6 % above; at most 12 % of it; a fifth held back."""
    cent = Decimal("0.01")
    credited = sum(amounts, Decimal(0))
    steps = [(Decimal(0), "0.02"), (quota * exact("0.8"), "0.03"), (quota, "0.05"), (quota * exact("1.5"), "0.06")]
    ends = [begin for begin, _ in steps[1:]] + [max(credited, quota * 2)]
    total = sum(
        ((min(credited, end) - begin) * Decimal(rate)).quantize(cent, ROUND_HALF_UP)
        for (begin, rate), end in zip(steps, ends, strict=True)
        if credited > begin
    )
    capped = min(Decimal(total), (quota * exact("0.12")).quantize(cent))
    return capped - (capped * exact("0.2")).quantize(cent, ROUND_HALF_UP)


def test_every_statement_agrees_with_a_plain_recalculation(
    crm: dict[str, Any], shared: Path, rules: Path, tmp_path: Path
) -> None:
    mapping = ROOT / "config" / "mappings" / "maven-incentive-quarterly.yaml"
    source = shared / "data" / "maven_crm" / "sales_pipeline.csv"
    done = run(
        "decide",
        "incentive.quarterly",
        "--rules",
        rules,
        "--from",
        source,
        "--map",
        mapping,
        "--output",
        tmp_path / "o.jsonl",
        "--json",
    )
    assert done.exit_code == 0, done.output[-300:]
    won: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in crm["sales_pipeline"]:
        if row["deal_stage"] == "Won":
            day = datetime.strptime(row["close_date"], "%m/%d/%Y").date()  # noqa: DTZ007
            won[row["sales_agent"], f"{day.year}-Q{(day.month + 2) // 3}"].append(Decimal(row["close_value"]))
    assert len({agent for agent, _ in won}) == 30
    statements = [
        json.loads(line, parse_float=Decimal)
        for line in (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    paid = {statement["key"]: statement["result.paid"] for statement in statements}
    assert paid == {
        f"{agent} · {quarter}": commission(amounts, Decimal(80000)) for (agent, quarter), amounts in won.items()
    }


# --- odd files: an exit code and a sentence, never a traceback

GOOD = '{"s": {"id": "a"}, "x": 7}'
ODD_FACTS: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 1),
    "a list": (b"[1]", 1),
    "not UTF-8": (b"\xff\xfe{", 1),
    "cut off": (b'{"s": {"id"', 1),
    "duplicate keys": (b'{"s": {"id": "a"}, "x": 7, "x": 8}', 1),
    "NaN": (b'{"s": {"id": "a"}, "x": NaN}', 1),
    "very deep": (b'{"x": ' + b"[" * 50_000, 1),
    "sound": (GOOD.encode(), 0),
}


@pytest.mark.parametrize("case", ODD_FACTS)
def test_odd_facts(folder: Path, case: str) -> None:
    content, code = ODD_FACTS[case]
    (folder / "facts.json").write_bytes(content)
    done = run("decide", "scorecard.t", "--rules", folder, "--facts", folder / "facts.json", "--as-of", "2026-03-01")
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize("day", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_a_day_beyond_the_calendar_is_wrong_use_and_no_traceback(folder: Path, day: str) -> None:
    done = run("decide", "scorecard.t", "--rules", folder, "--facts", "-", "--as-of", day, given=GOOD)
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    ("content", "code"),
    [('{"a": 1}', 1), ("nope", 1), ("[1]", 1), ('[{"id": "e1"}, {"id": "e1"}]', 1), ('[{"id": "e1"}]', 0), ("[]", 0)],
)
def test_odd_events(folder: Path, content: str, code: int) -> None:
    (folder / "events.json").write_text(content, encoding="utf-8")
    done = run(
        "decide",
        "scorecard.t",
        "--rules",
        folder,
        "--facts",
        "-",
        "--as-of",
        "2026-03-01",
        "--events",
        folder / "events.json",
        given=GOOD,
    )
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


ODD_TABLES: dict[str, tuple[bytes, int]] = {
    "headings only": (b"name,size\n", 0),
    "nothing": (b"", 1),
    "a column less": (b"name\na\n", 1),
    "a cell more": (b"name,size\na,7,9\n", 1),
    "a cell less": (b"name,size\na\n", 1),
    "an open quotation mark": (b'name,size\n"a,7\n', 1),
    "UTF-16": ("name,size\na,7\n".encode("utf-16"), 1),
    "a heading twice": (b"name,size,name\na,7,b\n", 1),
    "BOM and CRLF": ("\ufeffname,size\r\na,7\r\n".encode(), 0),
    "no newline at the end": (b"name,size\na,7", 0),
    "NaN": (b"name,size\na,NaN\n", 1),
    "hexadecimal": (b"name,size\na,0x7\n", 1),
    "an underscore": (b"name,size\na,1_0\n", 1),
    "a text for a number": (b"name,size\na,seven\n", 1),
    "finer than the scale": (b"name,size\na,7.001\n", 1),
}


@pytest.mark.parametrize("case", ODD_TABLES)
def test_odd_tables(folder: Path, case: str) -> None:
    content, code = ODD_TABLES[case]
    (folder / "rules").mkdir()
    (folder / "scorecard").rename(folder / "rules" / "scorecard")
    (folder / "in.csv").write_bytes(content)
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    done = run(
        "decide", "scorecard.t", "--rules", folder / "rules", "--from", folder / "in.csv", "--map", folder / "m.yaml"
    )
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("for: scorecard.t", "for: scorecard.tt"),
        ("x: {column: size}", "xx: {column: size}"),
        ("column: size}", "column: sise}"),
        ("mapping: m", "mapping: !!str m"),
        ("title: T", "title: T\ntitle: U"),
        ("facts:", "joins: [{id: j, file: ../../../etc/passwd, on: [{column: name, key: name}]}]\nfacts:"),
        ("as_of: {constant: 2026-03-01}", "as_of: {constant: soon}"),
    ],
)
def test_a_broken_mapping_is_refused_with_its_place(folder: Path, old: str, new: str) -> None:
    (folder / "rules").mkdir()
    (folder / "scorecard").rename(folder / "rules" / "scorecard")
    (folder / "in.csv").write_text("name,size\na,7\n", encoding="utf-8")
    (folder / "m.yaml").write_text(MAPPING.replace(old, new), encoding="utf-8")
    done = run(
        "decide", "scorecard.t", "--rules", folder / "rules", "--from", folder / "in.csv", "--map", folder / "m.yaml"
    )
    assert done.exit_code in {1, 2}
    assert "m.yaml" in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_spreadsheet_never_runs_what_a_cell_says(folder: Path) -> None:
    (folder / "rules").mkdir()
    (folder / "scorecard").rename(folder / "rules" / "scorecard")
    (folder / "in.csv").write_text("name,size\n=1+1,7\n", encoding="utf-8")
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    run(
        "decide",
        "scorecard.t",
        "--rules",
        folder / "rules",
        "--from",
        folder / "in.csv",
        "--map",
        folder / "m.yaml",
        "--output",
        folder / "o.csv",
    )
    assert ",=1+1" not in (folder / "o.csv").read_text(encoding="utf-8-sig")
