"""Help pages: Markdown files, rendered once, headings with an address of their own; and two made from the engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask_babel import lazy_gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from policy.messages import CATALOGUE, Grade
from policy.messages.base import in_plural
from policy.values import Language

HERE = Path(__file__).parent

REFERENCES = {"functions": lazy_gettext("Every function"), "codes": lazy_gettext("Every remark by its code")}
"""Names of the pages made from the engine itself, and their titles."""

SECTIONS = (
    (
        lazy_gettext("Write policies"),
        ("start", "reviewing", "document", "conditions", "hit-policies", "missing", "kinds", "events"),
    ),
    (lazy_gettext("Understand decisions"), ("explanation", "decisions", "comparing")),
    (lazy_gettext("Look after people and customers"), ("plans", "imports", "signals", "people", "mine", "logins")),
    (lazy_gettext("Connect and run it"), ("tables", "command", "http")),
    (lazy_gettext("Look something up"), ("glossary", *REFERENCES)),
)
"""What the pages are about, and their names: all of them, in order of reading."""

PAGES = tuple(name for _, names in SECTIONS for name in names if name not in REFERENCES)
"""Names of the pages that are written; each is a file in every language."""

EXPLAINING = ("box-", "detail-", "report-", "says-", "why-", "mended", "ranges", "suggestion")
"""How codes begin whose sentences are parts of explanations, reports and remarks, no remarks themselves."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What can be said of a text or of facts: `{…}` stands for what was found."""

    code: str
    grade: Grade
    sentence: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its title, its headings (address, text), and the rest as HTML."""

    name: str
    title: str
    headings: tuple[tuple[str, str], ...]
    body: Markup


@lru_cache(maxsize=64)
def page(name: str, language: Language) -> Page:
    """Read one page; its first line is its title.

    Args:
        name: One of `PAGES`.
        language: In which language.
    """
    title, _, text = (HERE / language / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    reader = _READERS[language]
    tokens = reader.parse(text)
    headings = tuple(_headings(tokens, _addresses(name)))
    body = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - our own files, HTML in them off
    return Page(name, title.lstrip("# ").strip(), headings, body)


def tokens(name: str, language: Language) -> list[Token]:
    """Return what one page is made of, below its title."""
    _, _, text = (HERE / language / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return _READERS[language].parse(text)


def titles(language: Language) -> list[tuple[str, str]]:
    """Return name and title of every page."""
    written = [(name, page(name, language).title) for name in PAGES]
    return [*written, *((name, str(title)) for name, title in REFERENCES.items())]


def sections(language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the pages are about, each with the names and titles of its pages."""
    called = dict(titles(language))
    return [(str(title), [(name, called[name]) for name in names]) for title, names in SECTIONS]


def remarks(language: Language) -> list[Remark]:
    """Return every remark there is, by code."""
    return [
        Remark(code, message.grade, message.zh if language is Language.ZH else in_plural(message.en))
        for code, message in sorted(CATALOGUE.items())
        if not code.startswith(EXPLAINING)
    ]


def _headings(tokens: list[Token], addresses: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give every heading of the second level its address, and return address and text."""
    found = []
    for number, address in zip(_second_level(tokens), addresses, strict=True):
        tokens[number].attrSet("id", address)
        found.append((address, tokens[number + 1].content.replace("`", "")))
    return found


@lru_cache(maxsize=64)
def _addresses(name: str) -> tuple[str, ...]:
    """Return the addresses of a page's headings: made from the English ones, so that both languages have the same."""
    tokens = _READERS[Language.EN].parse((HERE / Language.EN / f"{name}.md").read_text(encoding="utf-8"))
    texts = [tokens[number + 1].content for number in _second_level(tokens)]
    return tuple(re.sub(r"[^\w]+", "-", text.lower()).strip("-") for text in texts)


def _second_level(tokens: list[Token]) -> list[int]:
    return [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]


def _reader(language: Language) -> MarkdownIt:
    """Return a reader whose wide parts can be scrolled with the keyboard; in zh a new line is no space."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    rules: dict[str, Callable[..., str]] = {
        "table_open": lambda *_: '<div class="scroll" tabindex="0" role="group"><table>',
        "table_close": lambda *_: "</table></div>",
        "fence": lambda _, tokens, at, *__: f'<pre tabindex="0"><code>{escape(tokens[at].content)}</code></pre>',
        "softbreak": lambda *_: "" if language is Language.ZH else "\n",
    }
    for name, write in rules.items():
        reader.add_render_rule(name, write)
    return reader


_READERS = {language: _reader(language) for language in Language}
