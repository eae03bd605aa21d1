"""Texts taken apart: canonical form, guards, places, and the same result with either of YAML's parsers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.errors import Finding, Place, SourceError
from policy.reader import read
from policy.yamltext import Composed, ListNode, MapNode, Node, ScalarNode, canonical, compose, digest, marks, quoted
from policy.yamltext.canonical import LARGEST
from policy.yamltext.parse import DEEPEST, LOADER, MOST_NODES
from tests.hostile import HOSTILE
from tests.patience import HANGS

PIECES = [
    *(
        "a",
        "b c",
        "- ",
        "-",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\n\n",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ",",
        "#",
        " #",
        " # ",
    ),
    *("'", "''", '"', '\\"', "\\", "\\n", "\\x41", "\\u4e2d", "|", "|\n  ", ">\n  ", ">", "|-\n", ">+\n", "中", "𠀀"),
    *("!", "&x", "*x", "%", "@", "1..5", "=", "  ", "key: ", "a: ", "<<", "~", "---", "...", "|2\n", "`", " "),
]
"""What YAML gives a meaning. Left out: tabs between tokens and `?` inside brackets, which only libyaml allows."""

TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)

BOTH_PARSERS = pytest.mark.skipif(LOADER is yaml.SafeLoader, reason="PyYAML is built without libyaml")


def refusal(source: str | bytes) -> Finding:
    with pytest.raises(SourceError) as caught:
        canonical(source)
    return caught.value.findings[0]


def scalars(node: Node) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            yield node
        case ListNode():
            for item in node.items:
                yield from scalars(item)
        case MapNode():
            for key, value in node.entries:
                yield key
                yield from scalars(value)


# --- canonical text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a: 1", "a: 1\n"),
        ("a: 1\n\n\n", "a: 1\n"),
        ("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
        ("a: 1\rb: 2", "a: 1\nb: 2\n"),
        ("\ufeffa: 1", "a: 1\n"),
        (b"\xef\xbb\xbfa: 1\r\n", "a: 1\n"),
        ("标题: 甲".encode(), "标题: 甲\n"),
        ("", "\n"),
        ("a: 1 \n \n", "a: 1 \n \n"),
        ("a:\tb", "a:\tb\n"),
    ],
)
def test_a_text_has_one_canonical_form(source: str | bytes, text: str) -> None:
    assert canonical(source) == text


@given(st.text())
def test_canonical_text_is_its_own_canonical_form(source: str) -> None:
    try:
        text = canonical(source)
    except SourceError:
        return
    assert canonical(text) == canonical(text.encode()) == text


def test_the_digest_is_that_of_the_canonical_bytes() -> None:
    assert digest("a: 1\n") == "sha256:37b128c59f1f5097f73f82691cb519f1f568667faab5ced1b4ab979d36837eae"
    assert digest(canonical("\ufeffa: 1\r\n")) == digest("a: 1\n")


@pytest.mark.parametrize(
    ("source", "code", "line", "column"),
    [
        (b"a: 1\nb: \xb4\xf3", "not-utf-8", 2, 4),
        (b"\xef\xbb\xbf\xff", "not-utf-8", 1, 1),
        ("标题: ".encode() + b"\xff", "not-utf-8", 1, 5),
        (b"a: 1\r\nb: \xff", "not-utf-8", 2, 4),
        ("a: 1\nb: \0", "forbidden-character", 2, 4),
        ("a: \x07", "forbidden-character", 1, 4),
        ("a: \x85", "forbidden-character", 1, 4),
        ("a: x\u2028y", "forbidden-character", 1, 5),
        ("a: \ud800", "forbidden-character", 1, 4),
        ("a: x\ufeff", "forbidden-character", 1, 5),
        ("a: \uffff", "forbidden-character", 1, 4),
        ("a: x\u202ey", "forbidden-character", 1, 5),
        ("a: x\u2066y", "forbidden-character", 1, 5),
        ("a: x\u200by", "forbidden-character", 1, 5),
        ("a: x\u2060y", "forbidden-character", 1, 5),
        ("a" * LARGEST, "too-large", 1, 1),
        ("中" * (LARGEST // 3 + 1), "too-large", 1, 1),
        (b"a" * 5 * LARGEST, "too-large", 1, 1),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(
    source: str | bytes, code: str, line: int, column: int
) -> None:
    got = refusal(source)

    assert (got.code, got.place) == (code, Place("<text>", line, column))


def test_a_text_of_the_greatest_size_is_read() -> None:
    text = "# " + "a" * (LARGEST - 3)

    assert len(canonical(text)) == LARGEST
    assert len(canonical(text + "\n")) == LARGEST


def test_line_ends_of_two_bytes_do_not_count_twice() -> None:
    assert len(canonical("#\r\n" * (LARGEST // 2))) == LARGEST


# --- guards


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_at_once(name: str) -> None:
    source = HOSTILE[name]

    begun = time.process_time()
    document = read(source).document
    took = time.process_time() - begun

    assert document is None
    assert took < HANGS, f"took {took * 1000:.0f} ms of processor time; `python -m bench.refusals` measures"


def test_the_deepest_nesting_is_read() -> None:
    assert compose("[" * DEEPEST + "]" * DEEPEST + "\n", "").root is not None


def test_one_level_more_is_refused_at_its_bracket() -> None:
    composed = compose("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1) + "\n", "")

    assert composed.root is None
    assert [(each.code, each.place.column) for each in composed.collector.findings] == [("too-deep", DEEPEST + 1)]


def test_nodes_are_counted() -> None:
    row = "[" + ",".join("a" * 1 for _ in range(99)) + "]"
    composed = compose("\n".join(f"- {row}" for _ in range(MOST_NODES // 100)) + "\n", "")

    assert [each.code for each in composed.collector.findings] == ["too-many-nodes"]
    assert composed.collector.refused


# --- one result, whichever parser


def alike(first: Composed, second: Composed) -> bool:
    if first.collector.refused or second.collector.refused:
        return first.collector.refused == second.collector.refused
    return first.root == second.root and first.collector.findings == second.collector.findings


@BOTH_PARSERS
@settings(max_examples=1_500)
@given(TEXTS)
def test_both_parsers_accept_the_same_texts_and_read_them_alike(pieces: str) -> None:
    text = canonical(pieces)

    assert alike(compose(text, "", LOADER), compose(text, "", yaml.SafeLoader))


@BOTH_PARSERS
def test_both_parsers_give_the_same_findings_for_every_bad_text() -> None:
    problems = yaml.safe_load((Path(__file__).parent.parent / "cases" / "problems.yaml").read_text())
    for case in problems:
        text = canonical(case.get("text", ""))
        assert compose(text, "", LOADER).collector.findings == compose(text, "", yaml.SafeLoader).collector.findings, (
            case["name"]
        )


@BOTH_PARSERS
@pytest.mark.parametrize("escape", ["\\U00110000", "\\ud83d", "\\U0000DFFF", "\\q", "\\x4", "\\u12"])
def test_both_parsers_place_an_escape_that_means_nothing(escape: str) -> None:
    for loader in (LOADER, yaml.SafeLoader):
        (finding,) = compose(f'a: "b{escape}"\n', "", loader).collector.findings
        assert (finding.code, finding.place) == ("bad-escape", Place("", 1, 6))


def test_a_slip_far_down_is_mended_without_reading_everything_again_and_again() -> None:
    composed = compose("- {a: b}\n" * 8_000 + "- a: > 1\n- a: > 2\n", "")

    assert composed.root is None
    assert [(each.code, each.place.line) for each in composed.collector.findings] == [("unreadable-value", 8_001)]


@given(TEXTS)
def test_a_text_has_a_root_or_is_refused(pieces: str) -> None:
    composed = compose(canonical(pieces), "")

    assert composed.root is not None or composed.collector.refused


# --- places of a scalar's value


@settings(max_examples=1_500)
@given(TEXTS)
def test_every_code_point_of_a_value_is_found_where_it_is_written(pieces: str) -> None:
    text = canonical(f"a: {pieces}")
    composed = compose(text, "")
    if composed.root is None or composed.collector.refused:
        return
    lines = text.split("\n")
    for node in scalars(composed.root):
        where = marks("", text, node)
        for offset, character in enumerate(node.value.rstrip()):
            place = where.at(offset)
            written = (lines[place.line - 1] + "\n")[place.column - 1]
            folded = character in " \n" and written in " \n"
            escaped = node.style == '"' and written == "\\"
            assert written == character or folded or escaped, (text, offset, place)


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("a: b c\n", 2, 1, 6),
        ('a: "b c"\n', 2, 1, 7),
        ("a: 'b c'\n", 2, 1, 7),
        ("a: 'it''s x'\n", 3, 1, 9),
        ('a: "\\u4e2d x"\n', 2, 1, 12),
        ("a: b\n  c\n", 2, 2, 3),
        ("a: b\n\n\n  c\n", 3, 4, 3),
        ('a: "b\n  c"\n', 2, 2, 3),
        ('a: "b\\\n  c"\n', 1, 2, 3),
        ("a: |\n  b\n   c\n", 3, 3, 4),
        ("a: |2\n   b\n  c\n", 3, 3, 3),
        ("a: >\n  b\n  c\n", 2, 3, 3),
        ("a: >\n  b\n\n  c\n", 2, 4, 3),
        ("a: >\n  b\n   c\n  d\n", 5, 4, 3),
        ("a: >-\n\n  b\n", 1, 3, 3),
        ("a: 甲𠀀b\n", 2, 1, 6),
    ],
)
def test_places_go_on_after_escapes_and_folds(text: str, offset: int, line: int, column: int) -> None:
    root = compose(text, "").root
    assert isinstance(root, MapNode)
    value = root.get("a")
    assert isinstance(value, ScalarNode)

    assert marks("", text, value).at(offset) == Place("", line, column)


# --- quoting


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn"], blacklist_characters="\u2028\u2029\ufeff")))
def test_a_quoted_text_reads_as_itself(text: str) -> None:
    root = compose(f"a: {quoted(text)}\n", "").root

    assert isinstance(root, MapNode)
    assert isinstance(value := root.get("a"), ScalarNode)
    assert value.value == text


def test_a_finding_repeats_only_what_stands_around_its_place() -> None:
    text = "a: [" + "!x 1," * 100_000 + "]\n"

    findings = compose(text, "<text>").collector.findings

    assert len(findings) == 201
    assert max(len(str(each.values.get("mended", ""))) for each in findings) <= 210
    assert str(findings[100].values["mended"]).count("…") == 2


def test_a_document_of_endless_keys_is_read_no_further() -> None:
    reading = read("policy: approval.a\n" + "".join(f"k{number}: 1\n" for number in range(5_000)))

    assert reading.document is None
    assert {each.code for each in reading.findings} >= {"too-many-keys", "unknown-key", "more-findings"}
