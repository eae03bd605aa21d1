"""The commands as they are called: output, messages and exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from openpyxl import Workbook, load_workbook

from policy.cli import frame
from policy.cli.sentences import SENTENCES
from policy.values import Language
from webadmin.cli import main

ORDER = {
    "order": {"id": "o1", "amount": 600000},
    "customer": {"id": "c1", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}

POLICY = """\
policy: scorecard.size
title: {zh: 规模, en: Size}
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.staff: {type: number, scale: 0, min: 0, optional: true}
outputs:
  size: {type: string, one_of: [large, small]}
hit_policy: first
rules:
  - {id: large, when: {customer.staff: ">= 100"}, then: {size: large}}
  - {id: small, when: {customer.staff: "< 100"}, then: {size: small}}
tests:
  - name: {zh: 一百人算大, en: a hundred is large}
    as_of: 2026-03-01
    given: {customer: {id: c1, staff: 100}}
    expect: {outcome: {size: large}}
"""

NOBODY_ASKS = """\
policy: approval.nobody-asks
title: Whoever asks could approve
subject: {id: order.id}
inputs:
  - order.id: {type: string}
outputs:
  stages: {type: list, of: stages}
rules:
  - {id: always, then: {stages: [lead]}}
stages:
  - {id: lead, who: 'approver.role = "lead"'}
"""

MAPPING = """\
mapping: sizes
for: scorecard.size
title: {zh: 规模, en: Sizes}
key: [name]
as_of: {constant: 2026-03-01}
facts:
  customer.id: {column: name}
  customer.staff: {column: staff}
"""

TABLE = "name,staff\nalpha,250\nbeta,3\ngamma,many\ndelta,\n"


def run(*arguments: object, given: str | bytes | None = None, language: str = "en") -> Result:
    environment = {"FAIRLEAD_LANG": language, "LC_ALL": "C.UTF-8"}
    return CliRunner().invoke(main, [str(each) for each in arguments], input=given, env=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of rules with one policy, and a table with its mapping beside it."""
    (tmp_path / "rules" / "scorecard").mkdir(parents=True)
    (tmp_path / "rules" / "scorecard" / "size.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "sizes.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "sizes.csv").write_text(TABLE, "utf-8")
    return tmp_path


def size(folder: Path) -> Path:
    return folder / "rules" / "scorecard" / "size.yaml"


def decide_size(folder: Path, *arguments: object, **options: Any) -> Result:
    return run("decide", "scorecard.size", "--rules", folder / "rules", *arguments, **options)


def decide_table(folder: Path, *arguments: object) -> Result:
    return decide_size(folder, "--from", folder / "sizes.csv", "--map", folder / "sizes.yaml", *arguments)


# --- check ----------------------------------------------------------------------------------------------------------


def test_shipped_policies_have_no_error(rules: Path) -> None:
    result = run("check", rules)

    assert result.exit_code == 0, result.output
    assert "errors: 0" in result.stderr


def test_an_error_stands_with_its_place_and_fails(folder: Path) -> None:
    size(folder).write_text(POLICY.replace("hit_policy: first", "hit_polcy: first"), "utf-8")

    result = run("check", folder / "rules")

    assert result.exit_code == 1
    assert f"{size(folder)}:9:1: error" in result.stdout
    assert "did you mean `hit_policy`" in result.stdout


def test_findings_come_in_chinese(folder: Path) -> None:
    size(folder).write_text(POLICY.replace("hit_policy: first", "hit_polcy: first"), "utf-8")

    result = run("check", folder / "rules", language="zh_CN.UTF-8")

    assert "错误" in result.stdout
    assert "是否想写 `hit_policy`" in result.stdout


def test_lang_stands_over_the_environment(folder: Path) -> None:
    assert "文件 1 个" in run("check", folder / "rules", "--lang", "zh").stderr


def test_check_answers_machines(folder: Path) -> None:
    size(folder).write_text(POLICY.replace("hit_policy: first", "hit_polcy: first"), "utf-8")

    result = run("check", folder / "rules", "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["counts"]["error"] == len([each for each in found["findings"] if each["grade"] == "error"]) > 0
    assert {"zh", "en"} == found["findings"][0]["message"].keys()


def test_a_single_file_is_checked_with_the_vocabulary_around_it(rules: Path) -> None:
    result = run("check", rules / "approval" / "order.yaml", "--json")

    found = json.loads(result.stdout)
    assert found["policies"] == ["approval.order"]
    assert found["counts"]["error"] == 0
    assert found["documents"] == [str(rules / "approval" / "order.yaml")]


def test_a_file_beside_the_vocabulary_is_found_from_inside(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rules / "approval")

    assert run("check", "order.yaml").exit_code == 0


def test_warnings_fail_only_when_strict(folder: Path) -> None:
    (folder / "rules" / "approval").mkdir()
    (folder / "rules" / "approval" / "nobody-asks.yaml").write_text(NOBODY_ASKS, "utf-8")

    assert run("check", folder / "rules").exit_code == 0
    assert run("check", folder / "rules", "--strict").exit_code == 1


# --- test -----------------------------------------------------------------------------------------------------------


def test_tests_pass_and_the_rule_without_a_test_is_named(folder: Path) -> None:
    result = run("test", folder / "rules")

    assert result.exit_code == 0
    assert "scorecard.size: 1 of 1 test passes, 1 of 2 rules are hit" in result.stdout
    assert "no test hits: small" in result.stdout


def test_a_rule_without_a_test_fails_when_strict(folder: Path) -> None:
    assert run("test", folder / "rules", "--strict").exit_code == 1


def test_a_failing_test_shows_expected_and_got(folder: Path) -> None:
    size(folder).write_text(POLICY.replace("outcome: {size: large}", "outcome: {size: small}"), "utf-8")

    result = run("test", folder / "rules")

    assert result.exit_code == 1
    assert f"{size(folder)}:14:5: fails: a hundred is large" in result.stdout
    assert "outcome.size: expected small, got large" in result.stdout


def test_test_answers_machines(folder: Path) -> None:
    found = json.loads(run("test", folder / "rules", "--json").stdout)

    assert found["policies"][0]["policy"] == "scorecard.size"
    assert found["policies"][0]["never_hit"] == ["small"]
    assert found["policies"][0]["tests"][0]["passed"] is True


def test_policies_with_errors_are_not_passed_over(folder: Path) -> None:
    (folder / "rules" / "scorecard" / "broken.yaml").write_text("policy: scorecard.broken\n", "utf-8")

    result = run("test", folder / "rules")

    assert result.exit_code == 1
    assert "were not tested" in result.stderr


# --- decide ---------------------------------------------------------------------------------------------------------


def test_a_decision_answers_first(rules: Path) -> None:
    result = run("decide", "approval.order", "--rules", rules, "--facts", "-", given=json.dumps(ORDER))

    assert result.exit_code == 0
    assert "stages: team-lead, director, finance" in result.stdout
    assert "needs four approvals: team lead, sales director, finance × 2" in result.stdout
    assert "✗" not in result.stdout


def test_the_explanation_names_every_rule(rules: Path) -> None:
    result = run("decide", "approval.order", "--rules", rules, "--facts", "-", "--explain", given=json.dumps(ORDER))

    assert "✓ `key-account` hits" in result.stdout
    assert "✗ `large` does not hit" in result.stdout


def test_the_explanation_comes_in_chinese(rules: Path) -> None:
    result = run(
        "decide",
        "approval.order",
        "--rules",
        rules,
        "--facts",
        "-",
        "--explain",
        given=json.dumps(ORDER),
        language="zh",
    )

    assert "须经四项审批" in result.stdout
    assert "命中" in result.stdout


def test_json_is_the_canonical_decision(folder: Path) -> None:
    facts = '{"customer": {"id": "c1", "staff": 250}}'

    result = decide_size(folder, "--facts", "-", "--json", "--as-of", "2026-03-01", given=facts)

    found = json.loads(result.stdout)
    assert found["status"] == "decided"
    assert found["outcome"] == {"size": "large"}
    assert found["as_of"] == "2026-03-01"
    assert result.stdout == decide_size(folder, "--facts", "-", "--json", "--as-of", "2026-03-01", given=facts).stdout


def test_json_brings_the_explanation_when_asked(folder: Path) -> None:
    result = decide_size(folder, "--facts", "-", "--json", "--explain", given='{"customer": {"id": "c1", "staff": 2}}')

    assert [each["id"] for each in json.loads(result.stdout)["explanation"]["rules"]] == ["large", "small"]


def test_undetermined_is_an_answer_that_names_what_is_missing(folder: Path) -> None:
    result = decide_size(folder, "--facts", "-", given='{"customer": {"id": "c1"}}')

    assert result.exit_code == 0
    assert "undetermined" in result.stdout
    assert "missing: customer.staff" in result.stdout


def test_every_problem_of_facts_stands_with_its_pointer(folder: Path) -> None:
    result = decide_size(folder, "--facts", "-", given='{"customer": {"staf": "5"}}')

    assert result.exit_code == 1
    assert "-:/customer/staf: facts-unknown" in result.stderr
    assert "did you mean `staff`" in result.stderr
    assert "-:/customer/id: facts-missing" in result.stderr
    assert result.stdout == ""


def test_problems_answer_machines(folder: Path) -> None:
    result = decide_size(folder, "--facts", "-", "--json", given="{}")

    assert result.exit_code == 1
    assert [each["pointer"] for each in json.loads(result.stdout)["problems"]] == ["/customer/id"]


def test_a_policy_with_errors_shows_them(folder: Path) -> None:
    size(folder).write_text(POLICY.replace("hit_policy: first", "hit_polcy: first"), "utf-8")

    result = decide_size(folder, "--facts", "-", given="{}")

    assert result.exit_code == 1
    assert "hit_polcy" in result.stderr
    assert "cannot be used" in result.stderr


def test_errors_elsewhere_are_told_and_do_not_stop(folder: Path) -> None:
    (folder / "rules" / "scorecard" / "broken.yaml").write_text("policy: scorecard.broken\n", "utf-8")

    result = decide_size(folder, "--facts", "-", given='{"customer": {"id": "c1", "staff": 2}}')

    assert result.exit_code == 0
    assert "do not touch this policy" in result.stderr


BAD_USE: list[tuple[list[str], bytes | None, int, str]] = [
    (["--facts", "-"], b"\xff\xfe", 1, "not UTF-8"),
    (["--facts", "-"], b'{"customer": {', 1, "line 1, column 15"),
    (["--facts", "-"], b"[]", 1, "facts do not fit"),
    (["--facts", "nowhere.json"], None, 2, "there is no file `nowhere.json`"),
    (["--facts", "."], None, 2, "`.` cannot be read"),
    ([], None, 2, "facts are missing"),
    (["--facts", "-", "--from", "x.csv"], b"{}", 2, "either --facts or --from"),
    (["--from", "x.csv"], None, 2, "--from needs --map"),
    (["--facts", "-", "--output", "x.csv"], b"{}", 2, "--output is only for use with --from"),
    (["--from", "x.csv", "--map", "x.yaml", "--explain"], None, 2, "--explain cannot be used with --from"),
    (["--from", "x.csv", "--map", "x.yaml", "--output", "x.txt"], None, 2, "should end in .csv, .xlsx or .jsonl"),
    (["--from", "x.csv", "--map", "x.yaml"], None, 2, "there is no file `x.yaml`"),
    (["--facts", "-", "--as-of", "tomorrow"], b"{}", 2, "`tomorrow` is no day"),
    (["--facts", "-", "--events", "nowhere.json"], b'{"customer": {"id": "c"}}', 2, "there is no file"),
]


@pytest.mark.parametrize(("arguments", "given", "code", "said"), BAD_USE, ids=lambda each: str(each)[:40])
def test_wrong_use_says_what_to_do(folder: Path, arguments: list[str], given: bytes, code: int, said: str) -> None:
    result = decide_size(folder, *arguments, given=given)

    assert (result.exit_code, said in result.stderr) == (code, True), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_an_unknown_policy_suggests_the_nearest(folder: Path) -> None:
    result = run("decide", "scorecard.sise", "--rules", folder / "rules", "--facts", "-", given="{}")

    assert result.exit_code == 2
    assert "did you mean `scorecard.size`" in result.stderr


@pytest.mark.parametrize("command", [["check"], ["test"], ["decide", "a.b", "--facts", "-", "--rules"]])
def test_a_folder_without_policies_says_what_to_do(command: list[str], tmp_path: Path) -> None:
    result = run(*command, tmp_path, given="{}")

    assert result.exit_code == 2
    assert "there are no policies in" in result.stderr


def test_events_that_are_no_list_are_refused_with_their_place(folder: Path) -> None:
    (folder / "events.json").write_text('[{"id": ]', "utf-8")

    result = decide_size(folder, "--facts", "-", "--events", folder / "events.json", given='{"customer": {"id": "c"}}')

    assert result.exit_code == 1
    assert "events.json:1:9` is no list of events" in result.stderr


def test_an_event_without_id_is_a_problem_of_the_events(folder: Path) -> None:
    (folder / "events.json").write_text('[{"type": "call"}]', "utf-8")

    result = decide_size(folder, "--facts", "-", "--events", folder / "events.json", given='{"customer": {"id": "c"}}')

    assert result.exit_code == 1
    assert "events.json:/events/0: event-without-id" in result.stderr


# --- decide --from --------------------------------------------------------------------------------------------------


def test_every_row_is_decided_or_refused_with_its_reason(folder: Path) -> None:
    result = decide_table(folder)

    assert result.exit_code == 1
    assert "4 rows read: 3 taken" in result.stdout
    assert "decided: 2" in result.stdout
    assert "undetermined: 1" in result.stdout
    assert "rows without a decision: 1" in result.stdout
    assert "row 4 (gamma): column `staff`" in result.stdout
    assert "customer.staff: 1" in result.stdout


def test_rows_without_a_fault_are_fine(folder: Path) -> None:
    (folder / "sizes.csv").write_text("name,staff\nalpha,250\n", "utf-8")

    assert decide_table(folder).exit_code == 0


def test_decisions_are_written_as_csv(folder: Path) -> None:
    decide_table(folder, "--output", folder / "out.csv")

    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_text("utf-8-sig"))))
    assert [row["status"] for row in rows] == ["decided", "decided", "undetermined"]
    assert not (folder / "out.csv.part").exists()


def test_a_workbook_is_decided_and_one_is_written(folder: Path) -> None:
    book = Workbook()
    for row in csv.reader(TABLE.splitlines()):
        book.worksheets[0].append(row)
    book.save(folder / "sizes.xlsx")

    result = decide_size(
        folder, "--from", folder / "sizes.xlsx", "--map", folder / "sizes.yaml", "--output", folder / "out.xlsx"
    )

    assert result.stdout.splitlines()[0] == "sheet `Sheet`"
    page = load_workbook(folder / "out.xlsx").worksheets[0]
    head, *rows = page.iter_rows(values_only=True)
    assert [row[head.index("status")] for row in rows] == ["decided", "decided", "undetermined"]


def test_decisions_are_written_as_json_lines(folder: Path) -> None:
    decide_table(folder, "--output", folder / "out.jsonl")

    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["key"] for row in rows] == ["alpha", "beta", "delta"]


def test_the_report_file_holds_every_remark(folder: Path) -> None:
    bad = "".join(f"n{number},x\n" for number in range(30))
    (folder / "sizes.csv").write_text(f"name,staff\n{bad}", "utf-8")

    result = decide_table(folder, "--report", folder / "report.txt")

    assert "remarks on single rows, 20 of 30" in result.stdout
    assert (folder / "report.txt").read_text("utf-8").count("\nrow ") == 30


def test_the_report_answers_machines(folder: Path) -> None:
    found = json.loads(decide_table(folder, "--json").stdout)

    assert found["table"]["rows"]["read"] == 4
    assert found["decisions"] == {"decided": 2, "undetermined": 1}
    assert found["missing"] == {"customer.staff": 1}


def test_a_report_that_cannot_be_written_says_so(folder: Path) -> None:
    result = decide_table(folder, "--report", folder / "nowhere" / "report.txt", "--output", folder / "made.csv")

    assert (result.stdout, (folder / "made.csv").exists()) == ("", False)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_a_mapping_for_another_policy_is_refused(folder: Path, rules: Path) -> None:
    result = run(
        "decide", "approval.order", "--rules", rules, "--from", folder / "sizes.csv", "--map", folder / "sizes.yaml"
    )

    assert result.exit_code == 2
    assert "is for the policy `scorecard.size`" in result.stderr


def test_a_mapping_that_does_not_fit_shows_its_findings(folder: Path) -> None:
    (folder / "sizes.yaml").write_text(MAPPING.replace("customer.staff:", "customer.staf:"), "utf-8")

    result = decide_table(folder)

    assert result.exit_code == 1
    assert f"{folder / 'sizes.yaml'}:" in result.stderr
    assert "cannot be read with" in result.stderr


def test_a_row_that_meets_an_error_is_remarked(folder: Path) -> None:
    """A sound rule may meet a value it cannot compute with: its output refuses what the formula gives."""
    formula = POLICY.replace("{size: small}}", '{size: "= customer.id"}}').replace(
        "outcome: {size: large}", "hits: [large]"
    )
    size(folder).write_text(formula, "utf-8")

    result = decide_table(folder)

    assert result.exit_code == 1
    assert "row 3 (beta):" in result.stdout
    assert "rows without a decision: 3" in result.stdout


def test_one_decision_that_meets_an_error_says_so(folder: Path) -> None:
    size(folder).write_text(POLICY.replace("{size: small}}", '{size: "= customer.id"}}'), "utf-8")

    result = decide_size(folder, "--facts", "-", given='{"customer": {"id": "c1", "staff": 2}}')

    assert result.exit_code == 1
    assert "`size`" in result.stderr


# --- progress -------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, patience: int, total: int | None) -> str:
    """Return what work of a fifth of a second leaves on a terminal."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(frame, "PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    with frame.progress("deciding", Language.EN, total) as advance:
        for _ in range(4):
            sleep(0.2)  # the terminal is drawn by a thread, which a busy machine lets wait
            advance(1)
    return terminal.getvalue()


@pytest.mark.parametrize(("total", "shown"), [(4, "4"), (None, "deciding")])
def test_work_that_lasts_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch, total: int | None, shown: str) -> None:
    text = drawn(monkeypatch, 0, total)

    assert "deciding" in text
    assert shown in text


def test_quick_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, 60, 4) == ""


# --- schema, help, processes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [[], ["approval"], ["incentive", "--json"]], ids=str)
def test_the_schema_is_one(kind: list[str]) -> None:
    Draft202012Validator.check_schema(json.loads(run("schema", *kind).stdout))


@pytest.mark.parametrize("command", ["check", "test", "decide", "schema", "serve"])
def test_every_command_explains_itself_with_an_example_in_both_languages(command: str) -> None:
    result = run(command, "--help")

    assert result.exit_code == 0
    assert "Example" in result.output
    assert any("一" <= letter <= "鿿" for letter in result.output)


def test_every_sentence_has_the_same_values_in_both_languages() -> None:
    def names(text: str) -> set[str]:
        return {re.split("[:}]", part)[0] for part in text.replace("{{", "").split("{")[1:]}

    assert [code for code, text in SENTENCES.items() if names(text.zh) != names(text.en)] == []
    assert [code for code, text in SENTENCES.items() for language in Language if not text.to(language)] == []


def test_the_command_runs_as_a_process(folder: Path) -> None:
    """Data on standard output only, so that it can be piped."""
    program = "from webadmin.cli import main; main(prog_name='fairlead')"
    facts = json.dumps({"customer": {"id": "c1", "staff": 7}})

    done = subprocess.run(
        [sys.executable, "-c", program, "decide", "scorecard.size", "--rules", "rules", "--facts", "-", "--json"],
        input=facts,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout, parse_int=Decimal)["outcome"] == {"size": "small"}


def test_a_closed_pipe_is_no_crash(folder: Path) -> None:
    program = "from webadmin.cli import main; main(prog_name='fairlead')"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    shell = shutil.which("sh")
    assert shell is not None

    done = subprocess.run(
        [shell, "-c", f'"{sys.executable}" -c "{program}" schema | true'],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment,
    )

    assert done.stderr == ""


def test_help_starts_without_the_engine_and_the_pages() -> None:
    program = "import sys, webadmin.cli; print([each for each in ('flask', 're2', 'msgspec') if each in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_control_characters_of_data_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    frame.out("a\x1b[2Jb\x07\nnext")

    assert capsys.readouterr().out == "a␛[2Jb␇\nnext\n"


# --- numbers and their words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "0 rows read: 0 taken"),
        ("alpha,250\n", "1 row read: 1 taken"),
        ("alpha,250\nbeta,3\n", "2 rows read: 2 taken"),
        ("alpha,many\n", "1 cell (row 2)"),
        ("alpha,many\nbeta,few\n", "2 cells (rows 2, 3)"),
    ],
)
def test_rows_of_a_file_are_counted_in_words_that_fit(folder: Path, rows: str, said: str) -> None:
    (folder / "sizes.csv").write_text(f"name,staff\n{rows}", "utf-8")

    result = decide_table(folder)

    assert said in result.output
    assert not re.search(r"(?<![-\d])1 (rows|cells|tests|rules|values)\b", result.output)


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (0, "0 of 0 tests pass, 0 of 2 rules are hit"),
        (1, "1 of 1 test passes, 1 of 2 rules are hit"),
        (2, "2 of 2 tests pass, 1 of 2 rules are hit"),
    ],
)
def test_tests_are_counted_in_words_that_fit(folder: Path, tests: int, said: str) -> None:
    head, _, one = POLICY.partition("tests:\n")
    more = "".join(one.replace("一百人算大", f"第{each}项").replace("a hundred", f"{each}") for each in range(tests))
    size(folder).write_text(head + (f"tests:\n{more}" if tests else ""), "utf-8")

    assert said in run("test", folder / "rules").stdout
