"""Walks a website by its links, as somebody who clicks at everything would."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

ALIKE = 2
"""Pages of one kind that are looked at: the same view, asked with the same names of parameters."""

MOST = 24
"""Pages of one view that are looked at, whatever they are asked with: filters of a list go together in many ways."""

VERBATIM = {"code", "kbd", "pre", "samp", "script", "style", "textarea"}
"""Elements whose text is in no language."""

SAID = {"alt", "aria-description", "aria-label", "placeholder", "title"}
"""Attributes that people read or hear."""


@dataclass(slots=True)
class Said(HTMLParser):
    """What a page says to people: its texts, the attributes read out, and where its links lead."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _skipped: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super(Said, self).__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if self._skipped:
            self._skipped.append(tag) if tag == self._skipped[0] else None
        elif tag in VERBATIM or given.get("translate") == "no" or ("lang" in given and tag != "html"):
            self._skipped.append(tag)
        if not self._skipped or tag == "textarea":
            self.texts += [given[name] for name in SAID & given.keys()]

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self._skipped and data.strip():
            self.texts.append(data)


@dataclass(frozen=True, slots=True)
class Visited:
    """One page: where it is, who leads there, how it answered, and what it says (nothing where it is no page)."""

    address: str
    before: str
    status: int
    said: Said | None


def walk(app: Flask, client: FlaskClient, headers: Mapping[str, str], begin: str = "/") -> Iterator[Visited]:
    """Follow every link from a page on, some of each kind, and yield what was met."""
    seen, waiting = {begin}, deque([(begin, "")])
    kinds, views = Counter[tuple[object, ...]](), Counter[tuple[object, object]]()
    while waiting:
        address, before = waiting.popleft()
        answer = client.get(address, headers=dict(headers))
        said = None
        if answer.mimetype == "text/html":
            said = Said()
            said.feed(answer.text)
        yield Visited(address, before, answer.status_code, said)
        links = said.links if said else [answer.location] if answer.location else []
        for link in links:
            found = urlsplit(urljoin(address, link))
            there = found._replace(fragment="").geturl()
            kind = None if found.netloc else _kind(app, found.path, found.query)
            if kind is None or there in seen or kinds[kind] >= ALIKE or views[kind[0], kind[-1]] >= MOST:
                continue
            seen.add(there)
            kinds[kind] += 1
            views[kind[0], kind[-1]] += 1
            waiting.append((there, address))


def _kind(app: Flask, path: str, query: str) -> tuple[object, ...] | None:
    names = tuple(sorted(name for name, _ in parse_qsl(query)))
    try:
        endpoint, values = app.url_map.bind("localhost").match(path)
    except HTTPException:
        return (path,)
    if endpoint == "static":
        return None
    return endpoint, names, values.get("name") if endpoint.startswith("help.") else None
