"""Finds sections of the help that hold every word of what somebody typed, in their language.

A heading that holds all words comes first, then the title of a page, then a heading together with its page's title,
and text last: what holds the words as they were typed before what holds them apart. Remarks by their codes come after
all others: few look for one without its whole code. Every page of the help may be read by everybody who is signed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, url_for
from markdown_it.token import Token

from policy.values import Language
from webadmin import language
from webadmin.help import functions, service

FEW = 5
"""Sections that are shown at once."""

MOST = 40
"""Sections that are found."""

AROUND = 60
"""Characters shown on both sides of the first word found in a text."""


_IN_HEADINGS = 2
"""Rank up to which headings hold all words, and no text is shown."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a page of the help.

    Attributes:
        page: Name of the page.
        address: Of the section on the page; empty for what stands before the first heading.
        heading: Empty there.
        text: What it says, without markup.
    """

    page: str
    address: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that was found.

    Attributes:
        link: Its address.
        title: Of its page.
        heading: Empty for what stands before the first heading.
        excerpt: What stands around the first word; empty where its heading was found.
    """

    link: str
    title: str
    heading: str
    excerpt: str


@lru_cache(maxsize=len(Language))
def sections(reader: Language) -> tuple[Section, ...]:
    """Return every section of the help, in order of reading; made once in each language."""
    return (*_written(reader), *_functions(reader), *_codes(reader))


def found(text: str) -> Sequence[Hit]:
    """Return the sections that hold every word of a text, the likeliest first, at most `MOST`."""
    reader, words = language.chosen(), text.lower().split()
    if not words:
        return ()
    titles = dict(service.titles(reader))
    ranked = [(_rank(each, titles[each.page], words), each) for each in sections(reader)]
    likely = sorted(((rank, each) for rank, each in ranked if rank is not None), key=lambda pair: pair[0])
    return [_hit(each, titles[each.page], words, rank) for rank, each in likely[:MOST]]


def _rank(section: Section, title: str, words: Sequence[str]) -> int | None:
    """Return how likely a section is meant, the smaller the likelier; None where it lacks a word.

    The title of a page speaks for what stands before its first heading; for a section it only completes its own words.
    """
    heading, whole, text = section.heading.lower(), title.lower(), section.text.lower()
    own = f"{heading} {text}" if section.heading else f"{whole} {text}"
    if not any(word in own for word in words):
        return None
    holds = (
        _all(words, heading),
        not heading and _all(words, whole),
        any(word in heading for word in words) and _all(words, f"{whole} {heading}"),
        " ".join(words) in text,
        _all(words, f"{whole} {heading} {text}"),
    )
    after = len(holds) if section.page == "codes" else 0
    return next((rank + after for rank, is_so in enumerate(holds) if is_so), None)


def _all(words: Sequence[str], held: str) -> bool:
    return all(word in held for word in words)


def _hit(section: Section, title: str, words: Sequence[str], rank: int) -> Hit:
    link = url_for(f"help.{section.page}") if section.page in service.REFERENCES else None
    link = link or url_for("help.page", name=section.page)
    whole = f"{link}#{section.address}" if section.address else link
    return Hit(whole, title, section.heading, _excerpt(section.text, words) if rank > _IN_HEADINGS else "")


def _excerpt(text: str, words: Sequence[str]) -> str:
    """Return what stands around the first word that a text holds; … stands where it is cut."""
    at = next((place for place in map(text.lower().find, words) if place >= 0), 0)
    start, end = max(0, at - AROUND), min(len(text), at + AROUND)
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _written(reader: Language) -> Iterator[Section]:
    for name in service.PAGES:
        headings = iter(service.page(name, reader).headings)
        address, heading, said, begins = "", "", list[str](), False
        for token in service.tokens(name, reader):
            if token.type == "heading_open" and token.tag == "h2":
                yield Section(name, address, heading, _joined(said))
                (address, heading), said, begins = next(headings), [], True
            elif begins:  # what stands in the heading is its name, and not said again
                begins = False
            elif words := _words(token, reader):
                said.append(words)
        yield Section(name, address, heading, _joined(said))


def _joined(said: Sequence[str]) -> str:
    """Return paragraphs one after the other; a Chinese full stop is wide enough by itself."""
    return re.sub("(?<=[。！？：；]) ", "", " ".join(said))


def _words(token: Token, reader: Language) -> str:
    """Return what a token says, without markup, examples of code left out; in zh a new line is no space."""
    space = "" if reader is Language.ZH else " "
    return "".join(space if each.type == "softbreak" else each.content for each in token.children or ())


def _functions(reader: Language) -> Iterator[Section]:
    for group in functions.groups(reader):
        for each in group.functions:
            yield Section("functions", each.address, each.name, each.meaning.replace("`", ""))


def _codes(reader: Language) -> Iterator[Section]:
    for each in service.remarks(reader):
        yield Section("codes", each.code, each.code, each.sentence.replace("`", ""))


def init(app: Flask) -> None:
    """Let the page of the search ask for it, which knows nothing else of the help."""
    app.jinja_env.globals.update(help_found=found, help_few=FEW)
