"""Sentences stand one after the other as their language has it: in Chinese no space follows a full stop."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.catalogue import CATALOGUE, WEBADMIN, known, read
from tests.webadmin.decided.conftest import Place, place
from tests.webadmin.signing import signed_in
from webadmin import language

__all__ = ["place"]

TEMPLATES = sorted((WEBADMIN / "templates").rglob("*.html"))
MESSAGE = re.compile(r'^\{\{ (?:_|ngettext)\(\s*"((?:[^"\\]|\\.)*)"')
PIECES = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>{]*(?:\{\{.*?\}\}[^>{]*|\{%.*?%\}[^>{]*)*>)", re.DOTALL)
IN_LINE = re.compile(r"</?(a|span|b|strong|em|q|code|small|kbd|time)\b")
STOPS = "。！？；：，、"
SAID = known(read(CATALOGUE))

PAGES = (
    *("/", "/policies", "/policies/approval.order", "/policies/approval.order/read", "/policies/approval.order/tests"),
    *("/policies/approval.order/try?test=1", "/policies/incentive.quarterly", "/tables/reference/minimum-wage"),
    *("/review", "/history/approval.order", "/decisions", "/decisions?subject=nothing", "/people", "/people/am-03"),
    *("/customers", "/customers/c-1", "/me", "/signals", "/cases", "/contests", "/imports", "/simulations"),
    *("/simulations/plans/new", "/simulations/compare", "/simulations/many", "/search?q=am", "/search?q=zzzz"),
    *(
        "/search?q=裁定",
        "/help",
        "/help/functions",
        "/help/start",
        "/help/decisions",
        "/account",
        "/logins",
        "/nowhere",
    ),
)


def ends_with_a_stop(expression: str) -> bool:
    found = MESSAGE.match(expression)
    said = SAID.get(found[1].replace('\\"', '"'), "") if found else ""
    text = said[0] if isinstance(said, tuple) else str(said)
    return text[-1:] in tuple(STOPS)


def gaps(text: str) -> list[str]:
    """Return messages of a template that end with a Chinese stop and have a written space after them."""
    found, last, outer = [], "", list[str]()
    for piece in PIECES.split(text):
        word = piece[2:].lstrip("-").split()[0] if piece.startswith("{%") else ""
        if piece.startswith("{{"):
            last = piece if ends_with_a_stop(piece) else ""
        elif word in {"if", "for"}:
            outer.append(last)
        elif word in {"else", "elif"}:
            last = outer[-1] if outer else ""
        elif word in {"endif", "endfor"} and outer:
            outer.pop()
        elif word in {"macro", "block", "call", "set"} or (piece.startswith("<") and not IN_LINE.match(piece)):
            last = ""
        elif piece and not piece.startswith(("{", "<")):
            found += [last] if last and piece.startswith(" ") and not piece.startswith("  ") else []
            last = ""
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEBADMIN / "templates")))
def test_templates_leave_the_space_between_sentences_to_the_language(path: Path) -> None:
    assert gaps(path.read_text("utf-8")) == [], "write {{ gap() }} between them"


@pytest.mark.parametrize(("tongue", "said"), [("zh", "好。不行。"), ("en", "Well. No.")])
def test_sentences_are_joined_as_the_language_has_it(app: Flask, tongue: str, said: str) -> None:
    one, other = said.replace(". ", ".|").replace("。", "。|").split("|")[:2]

    with app.test_request_context(headers={"Accept-Language": tongue}):
        assert language.joined((one, "", other)) == said


@pytest.mark.parametrize("path", PAGES)
def test_no_space_follows_a_full_stop_on_a_chinese_page(place: Place, path: str) -> None:
    page = signed_in(place.app).get(path, headers={"Accept-Language": "zh"}).text.partition("<main")[2]
    shown = re.sub(r"<(script|textarea|pre|code|option)\b.*?</\1>", "x", page, flags=re.DOTALL)
    said = re.sub(r"</?(?:a|span|b|strong|em|q|kbd|time)\b[^>]*>", "", shown)

    assert re.findall(r"[^\n<>]{0,30}[。！？] +(?=[^\s<])[^\n<]{0,30}", said) == []
