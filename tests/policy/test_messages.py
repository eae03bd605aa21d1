"""Every code the engine names has its sentence, and every sentence names the same values in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.messages import CATALOGUE

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
    names = [set(re.findall(r"\{(\w+)\}", text)) for text in (CATALOGUE[code].en, CATALOGUE[code].zh)]

    assert names[0] == names[1]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_the_chinese_sentence_is_chinese(code: str) -> None:
    without_values = re.sub(r"\{\w+\}|`[^`]*`", "", CATALOGUE[code].zh)

    assert re.search(r"[\u4e00-\u9fff]", without_values) or not re.search(r"[A-Za-z]{2}", without_values)
