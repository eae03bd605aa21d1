"""Every code the engine names has its sentence, and every sentence names the same values in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from policy.cli.sentences import SENTENCES
from policy.messages import CATALOGUE
from policy.messages.base import filled, in_plural

SOURCES = sorted((Path(__file__).resolve().parents[2] / "policy").rglob("*.py"))
SPEAKERS = {
    "Finding",
    "Problem",
    "EvaluationError",
    "UnsupportedError",
    "ExpressionError",
    "UnfitError",
    "add",
    "fail",
    "sentence",
}
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def spoken() -> Iterator[tuple[str, str]]:
    """Yield each literal code passed to something that speaks, with its place."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            code = first.value if isinstance(first, ast.Constant) else None
            if name in SPEAKERS and isinstance(code, str) and CODE.fullmatch(code):
                yield code, f"{path.name}:{node.lineno}"


def test_every_code_has_a_sentence() -> None:
    assert [(code, place) for code, place in spoken() if code not in CATALOGUE] == []


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_both_languages_name_the_same_values(code: str) -> None:
    names = [set(re.findall(r"\{(\w+)[:}]", text)) for text in (CATALOGUE[code].en, CATALOGUE[code].zh)]

    assert names[0] == names[1]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_the_chinese_sentence_is_chinese(code: str) -> None:
    without_values = re.sub(r"\{\w+\}|`[^`]*`", "", CATALOGUE[code].zh)

    assert re.search(r"[\u4e00-\u9fff]", without_values) or not re.search(r"[A-Za-z]{2}", without_values)


BOUNDS = re.compile(
    r"^(feel-(too|scale|.*-too-)|too-|facts-(too|list)|table-(too|unzips|line|cell|which)|publish-name|proposal-unfit)"
)
"""Codes whose numbers are bounds that are passed, or more than one by their meaning."""

OTHERS = {"pattern-too-long", "analysis-more", "backed-up", "why-not", "why-not-always"}
VERBS = r"is|was|has|hits|fits|holds|comes|means|lists|says|tells|waits|differs"


def said_of(count: int) -> dict[str, str]:
    """Return every English sentence with a number in each place."""
    found = {code: message.en for code, message in CATALOGUE.items()}
    found |= {code: text.en for code, text in SENTENCES.items()}
    names = {code: [name for _, name, _, _ in Formatter().parse(text) if name] for code, text in found.items()}
    return {code: filled(text, dict.fromkeys(names[code], count)) for code, text in found.items()}


def test_one_of_a_thing_is_not_called_several() -> None:
    several = re.compile(rf"(?<![-`])\b1 (?!(?:{VERBS})\b)[a-z]+s\b")

    wrong = {code: text for code, text in said_of(1).items() if several.search(text)}

    assert {code for code in wrong if not BOUNDS.match(code)} <= OTHERS, wrong


@pytest.mark.parametrize("count", [0, 2])
def test_none_and_several_of_a_thing_are_called_several(count: int) -> None:
    one = re.compile(rf"\b{count} (row|cell|test|rule|value|entry|key|point|approval|item|decimal|argument)\b")

    assert [text for text in said_of(count).values() if one.search(text)] == []


def test_a_template_reads_in_the_plural_without_its_values() -> None:
    assert in_plural("of {count} {count:row|rows} {count:one is|none of the {count} is} refused") == (
        "of {count} rows none of the {count} is refused"
    )
