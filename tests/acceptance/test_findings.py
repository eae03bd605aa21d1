"""Findings: place, stable code, found and expected, both languages, all at once; bounds at the border."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import policy
from tests.acceptance.support import FLAG, document, errors, facts, findings, said
from tests.acceptance.test_format_text import PLAIN
from tests.patience import HANGS

ROOT = Path(__file__).resolve().parents[2]


def test_findings_come_all_at_once_in_order_of_place() -> None:
    text = (
        PLAIN.replace("owner: o", "ownr: o")
        .replace("language: 1", "language: 7")
        .replace("{r: yes}}\n", "{r: maybe}}\n")
    )
    found = errors(text)
    assert {3, 4, 11} <= {f.place.line for f in found}, said(found)
    places = [(f.place.line, f.place.column) for f in found]
    assert places == sorted(places)


def test_many_broken_conditions_are_all_reported() -> None:
    rules = [{"id": f"r{i}", "when": f"a > > {i}", "then": {"r": "yes"}} for i in range(30)]
    found = errors(document({"a": {"type": "number"}}, outputs=FLAG, hit_policy="first", rules=rules))
    assert len({f.place.line for f in found}) == 30


def test_findings_of_several_documents_come_together() -> None:
    broken = PLAIN.replace("owner: o", "ownr: o")
    found = errors(broken, "vocabulary: 1\nfields:\n  a: {type: nmber}\n")
    assert any("ownr" in f.text(policy.Language.EN) for f in found), said(found)
    assert any("nmber" in f.text(policy.Language.EN) for f in found), said(found)


def test_a_finding_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(PLAIN.replace("owner: o", "ownr: o"), encoding="utf-8")
    with pytest.raises(policy.SourceError) as refused:
        policy.load(file)
    assert {finding.place.source for finding in refused.value.findings} == {str(file)}


def test_columns_are_counted_in_code_points() -> None:
    text = PLAIN.replace("title: {zh: 测试, en: A test}", "title: {zh: 测试𠀀订单, enn: A test}")
    (found,) = [f for f in errors(text) if "`enn`" in f.text(policy.Language.EN)]
    assert (found.place.line, found.place.column) == (2, 20)


def test_lines_are_counted_alike_with_crlf() -> None:
    text = PLAIN.replace("id: all", "id: All")
    assert [f.place.line for f in errors(text)] == [f.place.line for f in errors(text.replace("\n", "\r\n"))] == [11]


def test_a_finding_inside_an_expression_points_into_it() -> None:
    text = PLAIN.replace("{id: all,", '{id: all, when: \'s.id = "a" and s.idd = "b"\',')
    found = [f for f in errors(text) if "idd`" in f.text(policy.Language.EN)]
    column = text.splitlines()[10].index("s.idd") + 1
    assert any(f.place.line == 11 and column <= f.place.column <= column + 2 for f in found), said(errors(text))
    assert any("did you mean" in f.text(policy.Language.EN) for f in found)


def test_a_finding_in_a_block_expression_points_to_its_line() -> None:
    text = PLAIN.replace(
        "  - {id: all, then: {r: yes}}",
        '  - id: all\n    when: >-\n      s.id = "a"\n      and s.idd = "b"\n    then: {r: yes}',
    )
    assert any(f.place.line == 14 for f in errors(text)), said(errors(text))


def test_every_finding_speaks_both_languages() -> None:
    texts = [
        PLAIN.replace("owner: o", "ownr: o"),
        PLAIN.replace("language: 1", "language: 7"),
        PLAIN.replace("{r: yes}}\n", "{r: maybe}}\n"),
        PLAIN.replace("owner: o", "owner: &a o"),
        PLAIN.replace("{id: all,", "{id: all, when: 's.id = ',"),
        "a: [",
        "",
    ]
    for text in texts:
        for finding in errors(text):
            data = finding.to_data()
            chinese, english = finding.text(policy.Language.ZH), finding.text(policy.Language.EN)
            assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), chinese
            assert english
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in english), english
            assert finding.code in str(data)
            assert english in str(data)
            assert chinese in str(data)


def test_codes_are_stable_words() -> None:
    first = errors(PLAIN.replace("owner: o", "ownr: o"))[0]
    second = errors(PLAIN.replace("title: {zh: 测试, en: A test}", "titel: {zh: 测试, en: A test}"))
    assert first.code in {f.code for f in second}
    assert first.code == first.code.lower()


def test_nothing_is_loaded_by_halves(tmp_path: Path) -> None:
    (tmp_path / "scorecard").mkdir()
    (tmp_path / "scorecard" / "t.yaml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "scorecard" / "u.yaml").write_text(
        PLAIN.replace("scorecard.t", "scorecard.u").replace("owner", "ownr"), encoding="utf-8"
    )
    with pytest.raises(policy.SourceError):
        policy.load_folder(tmp_path)


def test_check_reports_without_raising(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(PLAIN.replace("owner: o", "ownr: o"), encoding="utf-8")
    prepared = policy.check([file])
    assert not prepared.is_sound
    assert any(finding.place.line == 3 for finding in prepared.findings)


# --- refused at the border


def nested_flow(depth: int) -> str:
    return PLAIN + "x: " + "[" * depth + "]" * depth + "\n"


def nested_block(depth: int) -> str:
    return PLAIN + "".join("  " * level + "x:\n" for level in range(depth)) + "  " * depth + "y: 1\n"


def nested_dashes(depth: int) -> str:
    return PLAIN + "x:\n" + "- " * depth + "y\n"


BORDER: dict[str, bytes] = {
    "nested flow": nested_flow(65).encode(),
    "nested far": nested_flow(30_000).encode(),
    "never closed": (PLAIN + "x: " + "[" * 30_000).encode(),
    "nested mappings": (PLAIN + "x: " + "{a: " * 30_000).encode(),
    "nested blocks": nested_block(80).encode(),
    "nested dashes": nested_dashes(20_000).encode(),
    "nested question marks": (PLAIN + "? " * 20_000).encode(),
    "only brackets": b"[" * 30_000,
    "only closing brackets": b"]" * 30_000,
    "above one mebibyte": (PLAIN + "#" * (1 << 20)).encode(),
    "NUL": PLAIN.replace("owner: o", "owner: o\0").encode(),
    "escape": PLAIN.replace("owner: o", "owner: \x1b[31m").encode(),
    "bell": PLAIN.replace("owner: o", "owner: \x07").encode(),
    "delete": PLAIN.replace("owner: o", "owner: a\x7fb").encode(),
    "C1 control": PLAIN.replace("owner: o", "owner: a\x9bb").encode(),
    "vertical tab": PLAIN.replace("owner: o", "owner: a\x0bb").encode(),
    "Latin-1": PLAIN.encode().replace(b"owner: o", b"owner: M\xfcller"),
    "GB18030": PLAIN.encode("gb18030"),
    "UTF-16": PLAIN.encode("utf-16"),
    "overlong UTF-8": PLAIN.encode().replace(b"owner: o", b"owner: \xc0\xaf"),
    "surrogate in UTF-8": PLAIN.encode().replace(b"owner: o", b"owner: \xed\xa0\x80"),
    "cut in a sign": PLAIN.encode() + "# 注".encode()[:-1],
    "many anchors": (PLAIN + "x: [" + "&a b, " * 10_000 + "]\n").encode(),
    "billion laughs": (
        PLAIN
        + "a: &a [x,x,x,x,x,x,x,x]\n"
        + "".join(f"{c}: &{c} [{','.join(['*' + p] * 8)}]\n" for p, c in zip("abcdefg", "bcdefgh", strict=True))
    ).encode(),
}


@pytest.mark.parametrize("case", BORDER)
def test_the_border_refuses_with_a_finding(case: str) -> None:
    """Soon, too: the aim of 50 ms is for `python -m bench.refusals` to measure, here no cost may explode."""
    begun = time.process_time()
    found = errors(BORDER[case])
    assert time.process_time() - begun < HANGS
    assert found, case
    assert all(f.text(policy.Language.ZH) for f in found)


@pytest.mark.parametrize(
    "case", ["nested far", "never closed", "nested mappings", "nested dashes", "nested question marks", "only brackets"]
)
def test_a_process_lives_through_deep_nesting(case: str, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_bytes(BORDER[case])
    program = (
        "import sys, policy\nfrom pathlib import Path\n"
        "found = policy.check([Path(sys.argv[1])])\n"
        "print('alive', len(found.findings) > 0, found.is_sound)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=20
    )
    assert (ran.returncode, ran.stdout) == (0, "alive True False\n"), ran.stderr[-500:]


def test_size_is_measured_in_bytes() -> None:
    signs = "#" + "订" * (400_000)  # 1.2 million bytes in 400,001 signs
    assert errors(PLAIN + signs)


def test_one_mebibyte_is_allowed() -> None:
    room = (1 << 20) - len(PLAIN.encode()) - 1
    assert not errors(PLAIN + "#" + "x" * (room - 1) + "\n")


def test_a_large_refused_text_does_not_flood() -> None:
    found = errors((PLAIN + "x: [" + "&a b, " * 10_000 + "]\n").encode())
    assert found


def test_control_characters_in_the_middle_are_placed() -> None:
    found = errors(PLAIN.replace("owner: o", "owner: a\x07b"))
    assert any((f.place.line, f.place.column) == (3, 9) for f in found), said(found)


def test_an_escaped_control_character_is_no_way_in() -> None:
    r"""`"\0"` in YAML makes the same NUL as the sign itself: nothing that prints it later should meet one."""
    assert errors(PLAIN.replace("owner: o", 'owner: "a\\0b"'))


def test_bytes_that_are_not_utf8_are_placed() -> None:
    found = errors(PLAIN.encode().replace(b"owner: o", b"owner: \xff"))
    assert any(f.place.line == 3 for f in found), said(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# nothing\n",
        "---\n",
        "...\n",
        "null\n",
        "42\n",
        "- a\n",
        "a\n",
        "{}\n",
        "[]\n",
        "policy:\n",
        "%YAML 1.1\n---\n" + PLAIN,
        "\ufeff",
        "a: b: c\n",
        "'",
        '"',
        "|",
        "\t",
        "@",
        "`",
        "%",
    ],
)
def test_texts_that_are_no_document_are_findings_and_never_another_error(text: str) -> None:
    found = errors(text)
    assert found
    assert all(f.place.line >= 1 and f.place.column >= 1 for f in found)


@pytest.mark.parametrize("cut", range(0, len(PLAIN), 3))
def test_a_text_cut_off_anywhere_gives_findings_only(cut: int) -> None:
    for f in findings(PLAIN[:cut]):
        assert f.text(policy.Language.EN)


@pytest.mark.parametrize(
    "key", ["policy", "title", "owner", "language", "subject", "inputs", "outputs", "hit_policy", "rules"]
)
@pytest.mark.parametrize("written", ["[]", "{}", "5", "true", "x", "null", "[[]]", "{a: {b: c}}", "''"])
def test_a_value_of_the_wrong_shape_is_a_finding_or_fine_but_never_a_crash(key: str, written: str) -> None:
    lines = PLAIN.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    for f in findings("".join([*lines[:start], f"{key}: {written}\n", *lines[end:]])):
        assert f.text(policy.Language.EN)
        assert f.text(policy.Language.ZH)


def test_two_policies_of_one_id_are_a_finding() -> None:
    other = PLAIN.replace("A test", "Another")
    assert errors(PLAIN, other)


def test_a_sound_text_has_no_errors() -> None:
    assert not errors(PLAIN)
    assert policy.load(PLAIN).decide(facts(), as_of="2026-03-01").outcome == {"r": "yes"}


@pytest.mark.parametrize(
    ("made", "code", "column"),
    [
        ("{is: a * 2, lable: L}", "unknown-key", 24),
        ("{is: a * 2, label: {zh: 两倍}}", "missing-key", 31),
        ('{is: a * 2, label: ""}', "empty-text", 31),
        ("{label: L}", "missing-key", 12),
        ("{is: [a], label: L}", "wrong-shape", 17),
        ("{is: a * 2, policy: scorecard.x}", "unknown-key", 24),
        ("{is: a *, label: L}", "feel-unexpected-end", 20),
        ("{is: a + b, label: L}", "feel-unknown-name", 21),
    ],
)
def test_a_derived_value_that_is_wrong_is_found_at_its_place(made: str, code: str, column: int) -> None:
    head = document({"a": {"type": "number"}})
    text = (
        f"{head}derived:\n  twice:   {made}\noutputs: {{r: {{type: number}}}}\nrules: [{{id: one, then: {{r: 1}}}}]\n"
    )
    line = head.count("\n") + 2
    found = [(f.code, f.place.line, f.place.column) for f in errors(text)]
    assert found == [(code, line, column)]
