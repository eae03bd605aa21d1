"""The text of a document line by line, coloured by what YAML takes its parts for, findings at their lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pygments.lexers.data import YamlLexer
from pygments.token import Comment, Name, String, _TokenType, is_token_subtype

from policy.errors import Finding

_CLASSES = ((Comment, "comment"), (Name.Tag, "key"), (String, "quoted"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its parts, each with the class of its colour or none, and the findings that begin on it."""

    number: int
    parts: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def lines(text: str, findings: Iterable[Finding]) -> list[Line]:
    """Lay a text out by lines; a finding beyond the last line stands at the last."""
    rows = _coloured(text)
    at: dict[int, list[Finding]] = {}
    for finding in findings:
        at.setdefault(min(finding.place.line, len(rows)), []).append(finding)
    return [Line(number, tuple(parts), tuple(at.get(number, ()))) for number, parts in enumerate(rows, 1)]


def _coloured(text: str) -> list[list[tuple[str, str]]]:
    rows: list[list[tuple[str, str]]] = [[]]
    for token, value in YamlLexer(stripnl=False, ensurenl=False).get_tokens(text):
        for number, piece in enumerate(value.split("\n")):
            if number:
                rows.append([])
            if piece:
                _append(rows[-1], piece, _class(token))
    return rows[:-1] if len(rows) > 1 and not rows[-1] else rows


def _append(row: list[tuple[str, str]], piece: str, name: str) -> None:
    if row and row[-1][1] == name:
        row[-1] = (row[-1][0] + piece, name)
    else:
        row.append((piece, name))


def _class(token: _TokenType) -> str:
    return next((name for kind, name in _CLASSES if is_token_subtype(token, kind)), "")
