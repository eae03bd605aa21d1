"""Finds what stands inside the policies in effect, and in what they share, by id and by what people call it.

What a document holds is laid out once for each text; a search then looks through all of them. Fields that policies
take from the vocabulary as they stand there are found there, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from policy.engine import Policies
from policy.errors import Place
from policy.kinds.labels import rows_of
from policy.model.document import Document, PolicyDocument, ReferenceDocument, VocabularyDocument
from policy.model.written import Cells, Entries, Entry, Expression, Items, Marks, Scalar
from policy.values import Text
from webadmin.kept import Kept
from webadmin.spelling import is_spelled, letters, sounds

MOST = 40
"""Parts that are found."""

FEW = 8
"""Parts that are shown at once."""

MOST_USERS = 5
"""Policies shown beside a field that they read."""

MOST_DOCUMENTS = 500
"""Texts whose parts are kept."""

_GROUPED = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_PATH = re.compile(r"[^\W0-9]\w*(?:\.[^\W0-9]\w*)*")


class Sort(StrEnum):
    """What a part of a document is; those that others are made of come first."""

    FIELD = "field"
    EVENT = "event"
    DERIVED = "derived"
    OUTPUT = "output"
    RULE = "rule"
    ROW = "row"
    COLUMN = "column"
    TEST = "test"


_NAMED = (Sort.FIELD, Sort.DERIVED)
"""Sorts of parts that others name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document.

    Attributes:
        document: Name of the document.
        id: As it is written.
        label: What people call it; None where that is nothing.
        anchor: Where it stands on the page of its document, or on that of its tests.
        held: What it is found by, in lower case: what it is called, a line each, and what it says as it is written.
        heard: The pinyin of its Chinese name, as `sounds` returns it.
        names: Paths and values it names, in lower case.
        because: The field it is found by, where it only names that.
    """

    sort: Sort
    document: str
    id: str
    label: Text | None
    anchor: str
    held: str
    heard: str
    names: frozenset[str] = frozenset()
    because: Part | None = None


def found(documents: Iterable[Document], text: str) -> list[Part]:
    """Return what holds every word of a text, the likeliest first, at most `MOST`.

    Args:
        documents: Those the reader may read.
        text: As `service.cleaned` returns it.
    """
    words = _GROUPED.sub("", text.lower()).split()
    held = list(chain.from_iterable(map(parts, documents))) if words else []
    typed = [(word, letters(word)) for word in words]
    near = [each for each in held if all(_may_have(each, *word) for word in typed)]
    turns, whole = list(Sort), " ".join(words)
    near.sort(key=lambda each: (_rank(each, whole), turns.index(each.sort), each.document))
    likely = list(islice((each for each in near if all(_has(each, word) for word in words)), MOST))
    return [*likely, *islice(_naming(held, likely), MOST - len(likely))]


def _naming(held: Iterable[Part], likely: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts that name a field or a worked out value among some that were found, and are not among them."""
    there = {(each.document, each.anchor) for each in likely}
    named = {each.id.lower(): each for each in reversed(likely) if each.sort in _NAMED}
    for each in held if named else ():
        via = next((named[name] for name in named if name in each.names), None)
        is_own = via is not None and (via.sort is Sort.FIELD or via.document == each.document)
        if is_own and (each.document, each.anchor) not in there:
            yield replace(each, because=via)


def users(part: Part, policies: Policies) -> list[tuple[str, Text]]:
    """Return id and title of the policies that read a field all share, at most `MOST_USERS`; of others none."""
    if part.sort is not Sort.FIELD or part.document in policies:
        return []
    named = ((name, each.title) for name, each in sorted(policies.items()) if part.id in each.rule_set.fields)
    return list(islice(named, MOST_USERS))


def _may_have(part: Part, word: str, typed: str | None) -> bool:
    """Say whether a part can have a word: a look that is quick enough for all of them."""
    return word in part.held or (typed is not None and typed in part.heard)


def _has(part: Part, word: str) -> bool:
    return word in part.held or (part.label is not None and is_spelled(part.label.zh, word))


def _rank(part: Part, whole: str) -> int:
    """Return how likely a part is meant, the smaller the likelier: all of a name, its beginning, a piece of it."""
    names = part.held.split("\n")
    ways = (whole in names, any(each.startswith(whole) for each in names), whole in part.held)
    return ways.index(True) if any(ways) else len(ways)


def parts(document: Document) -> Sequence[Part]:
    """Return what a document holds, in its order."""
    key = (document.place.source, document.digest)
    kept = _KEPT.get(key)
    if kept is None:
        kept = tuple(_laid_out(document))
        _KEPT.keep(key, kept)
    return kept


def _laid_out(document: Document) -> Iterator[Part]:
    if isinstance(document, PolicyDocument):
        return _of_policy(document)
    return _of_table(document) if isinstance(document, ReferenceDocument) else _of_vocabulary(document)


def _of_policy(document: PolicyDocument) -> Iterator[Part]:
    for item in document.inputs:
        if item.options.type is not None or item.options.label is not None:
            yield _part(document, Sort.FIELD, item.path, item.options.label, item.options.names)
    for name, made in document.derived.items():
        yield _saying(_part(document, Sort.DERIVED, name, getattr(made, "label", None)), made)
    for name, output in document.outputs.items():
        yield _part(document, Sort.OUTPUT, name, output.label, output.names)
    for rule in document.rules:
        yield _saying(_part(document, Sort.RULE, rule.id, rule.because), (rule.when, rule.then))
    for key, row in rows_of(document.section):
        label = getattr(row, "label", None) or getattr(row, "because", None)
        yield _saying(_part(document, Sort.ROW, str(row.id), label, anchor=f"{key}-{row.id}"), row)
    for number, test in enumerate(document.tests, 1):
        yield _part(document, Sort.TEST, "", test.name, anchor=f"test-{number}")


def _of_vocabulary(document: VocabularyDocument) -> Iterator[Part]:
    for path, options in document.fields.items():
        yield _part(document, Sort.FIELD, path, options.label, options.names, anchor=path)
    for name, event in document.events.items():
        yield _part(document, Sort.EVENT, name, event.label)


def _of_table(document: ReferenceDocument) -> Iterator[Part]:
    for name, column in document.columns.items():
        yield _part(document, Sort.COLUMN, name, column.label, anchor="rows")
    for row in document.rows:
        keys = [row.cells[each] for each in document.key if each in row.cells]
        written = " · ".join(each.text for each in keys if isinstance(each, Scalar))
        label = Text(f"{written} · {row.from_}", f"{written} · {row.from_}")
        yield _part(document, Sort.ROW, "", label, anchor=f"row-{row.place.line}")


def _part(
    document: Document, sort: Sort, name: str, label: Text | None, names: Any = None, *, anchor: str | None = None
) -> Part:
    """Make a part; the values of a field are found as the field."""
    called = [] if label is None else [label.zh, label.en]
    called += [each for value in (names or {}).values() for each in (value.zh, value.en)]
    held = "\n".join(dict.fromkeys(each.lower() for each in (name, *called) if each))
    heard = "" if label is None else sounds(label.zh)
    return Part(sort, document.place.source, name, label, anchor or f"{sort}-{name}", held, heard)


def _saying(part: Part, written: Any) -> Part:
    """Return a part that is found by what it says, too."""
    said = " ".join(_texts(written)).lower()
    return replace(part, held=f"{part.held}\n{said}", names=frozenset(_PATH.findall(said)))


def _texts(written: Any) -> Iterator[str]:
    """Yield every text in something as it is written."""
    if isinstance(written, Expression | Scalar):
        yield written.text
    elif isinstance(written, Items):
        yield from _texts(written.items)
    elif isinstance(written, Entry):
        yield written.key
        yield from _texts(written.value)
    elif isinstance(written, Entries | Cells):
        yield from _texts(written.entries if isinstance(written, Entries) else written.cells)
    elif isinstance(written, tuple):
        for each in written:
            yield from _texts(each)
    elif is_dataclass(written) and not isinstance(written, Place | Marks | Text):
        for each in fields(written):
            yield from _texts(getattr(written, each.name))


_KEPT: Kept[tuple[Part, ...]] = Kept(MOST_DOCUMENTS)
