"""Errors and findings of the policy engine.

* PolicyError: base of every error the engine raises on purpose; never raised itself
  * SourceError: the rule author can mend it; carries all findings of the text, each with its place
  * FactsError: the caller can mend it; the facts do not fit the inputs; carries all problems
  * AsOfError: the caller can mend it; what a decision is for is neither a day nor an instant
  * ExpressionError: an expression cannot be read; carries its place in the expression
  * EvaluationError: a sound rule met a bound or a value it cannot compute with
  * UnsupportedError: asked for something that is not carried out, and says so

A finding is a remark on a text: code, grade, place, what was found, what was expected. Its sentence comes
from `policy.messages` in zh and en; codes are stable and never translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import get_close_matches

from policy.messages import CATALOGUE, Grade, Said, sentence
from policy.values import Language, Text

__all__ = [
    "AsOfError",
    "EvaluationError",
    "ExpressionError",
    "FactsError",
    "Finding",
    "Grade",
    "Place",
    "PolicyError",
    "Problem",
    "SourceError",
    "UnsupportedError",
    "did_you_mean",
    "few_suggestions",
]


_RANGES = "ranges"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in a text a person wrote.

    Attributes:
        source: Name of the text: a file's path as given, or `<text>`.
        line: From 1.
        column: From 1, in code points.
    """

    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark on a rule author's text.

    Attributes:
        code: Stable name of the remark; a key of `policy.messages.CATALOGUE`.
        place: Where it is.
        values: What its sentence names. By custom `found` is what stands there, `expected` what should,
            `suggestion` the nearest known name ("did you mean"), `mended` the line put right, `ranges` everything
            it is so of, where its sentence has one example.
        length: Code points of the marked text on its line, 0 when only the point is known.
    """

    code: str
    place: Place
    values: Mapping[str, Said] = field(default_factory=dict)
    length: int = 0

    @property
    def grade(self) -> Grade:
        """Return how much it weighs."""
        return CATALOGUE[self.code].grade

    def text(self, language: Language) -> str:
        """Return its sentence, with the suggestion, the mended line and everything it is so of, where it has them."""
        return said(self.code, self.values, language)

    def brief(self, language: Language) -> str:
        """Return its sentence without everything it is so of: that is long, and its example stands in it."""
        return said(self.code, {name: value for name, value in self.values.items() if name != _RANGES}, language)

    def ranges(self, language: Language) -> str:
        """Return everything it is so of; empty where its sentence says all."""
        found = self.values.get(_RANGES)
        return found.to(language) if isinstance(found, Text) else ""

    def to_data(self) -> dict[str, object]:
        """Return it as plain data, its sentence and the values in both languages."""
        return {
            "grade": str(self.grade),
            "code": self.code,
            "source": self.place.source,
            "line": self.place.line,
            "column": self.place.column,
            "length": self.length,
            **{name: plain_value(value) for name, value in self.values.items()},
            "message": {str(language): self.text(language) for language in Language},
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a caller's facts.

    Attributes:
        code: Stable name; a key of `policy.messages.CATALOGUE`.
        pointer: JSON pointer (RFC 6901) into the facts.
        values: What its sentence names, as in `Finding`.
    """

    code: str
    pointer: str
    values: Mapping[str, Said] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return its sentence, with the suggestion where it has one."""
        return said(self.code, self.values, language)

    def to_data(self) -> dict[str, object]:
        """Return it as plain data, its sentence in both languages."""
        return {
            "code": self.code,
            "pointer": self.pointer,
            **{name: plain_value(value) for name, value in self.values.items()},
            "message": {str(language): self.text(language) for language in Language},
        }


class PolicyError(Exception):
    """Base of every error the engine raises on purpose; never raised itself."""

    code: str = "policy"


class SourceError(PolicyError):
    """A text cannot be loaded; all its findings come at once.

    Attributes:
        findings: Every finding of the texts that were read, in order of place; at least one is an error.
    """

    code = "source"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: finding.place))
        wrong = [each for each in self.findings if each.grade is Grade.ERROR]
        super().__init__("\n".join(f"{each.place}: {each.code}: {each.text(Language.EN)}" for each in wrong))


class FactsError(PolicyError):
    """The facts do not fit the inputs; all problems come at once.

    Attributes:
        problems: Every problem, in order of the facts.
    """

    code = "facts"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__()

    def __str__(self) -> str:
        return "\n".join(f"{each.pointer or '/'}: {each.text(Language.EN)}" for each in self.problems)


class AsOfError(PolicyError, ValueError):
    """What a decision is for is neither a day nor an instant with offset."""

    code = "wrong-as-of"

    def __init__(self, found: str) -> None:
        self.values: Mapping[str, Said] = {"found": found}
        super().__init__(said(self.code, self.values, Language.EN))

    def text(self, language: Language) -> str:
        """Return its sentence."""
        return said(self.code, self.values, language)


class ExpressionError(PolicyError):
    """An expression cannot be read, or names something unknown.

    Attributes:
        code: Stable name; a key of `policy.messages.CATALOGUE`.
        start: Offset of the first marked code point in the expression.
        end: Offset after the last one; equal to `start` when only the point is known.
        values: What its sentence names, as in `Finding`.
        place: Line and column in the expression, from 1.
    """

    def __init__(self, code: str, text: str, start: int, end: int, values: Mapping[str, Said]) -> None:
        self.code = code
        self.start = start
        self.end = end
        self.values = values
        before = text[:start]
        self.place = Place("<expression>", before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1)
        super().__init__(f"{self.place}: {said(code, values, Language.EN)}")

    def text(self, language: Language) -> str:
        """Return its sentence."""
        return said(self.code, self.values, language)


class EvaluationError(PolicyError):
    """A sound rule met a bound, or a value it cannot compute with.

    Attributes:
        code: Stable name; a key of `policy.messages.CATALOGUE`.
        values: What its sentence names.
    """

    def __init__(self, code: str, **values: Said) -> None:
        self.code = code
        self.values = values
        super().__init__(said(code, values, Language.EN))

    def text(self, language: Language) -> str:
        """Return its sentence."""
        return said(self.code, self.values, language)


class UnsupportedError(EvaluationError):
    """Asked for something that is not carried out here."""


def said(code: str, values: Mapping[str, Said], language: Language) -> str:
    """Write the sentence of a code, followed by the suggestion, the mended line and the ranges where there are any."""
    text = sentence(code, values, language)
    for extra in ("suggestion", "mended", _RANGES):
        if values.get(extra):
            text += sentence(extra, values, language)
    return text


def did_you_mean(found: str, known: Iterable[str]) -> dict[str, Said]:
    """Return `{"suggestion": name}` with the known name nearest to `found`, or nothing."""
    names = tuple(known)
    looked = _LOOKED.get()
    if looked is None:
        return _nearest(found, names)
    slip = (found, names)
    if slip not in looked.found:
        looked.found[slip] = _nearest(found, names) if len(looked.found) < looked.most else {}
    return looked.found[slip]


def _nearest(found: str, names: tuple[str, ...]) -> dict[str, Said]:
    near = get_close_matches(found, names, 1, 0.6)
    if not near:
        near = [name for name in names if name.lower() == found.lower()][:1]
    return {"suggestion": near[0]} if near else {}


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was looked for within one piece of work, and what was found."""

    most: int
    found: dict[tuple[str, tuple[str, ...]], dict[str, Said]] = field(default_factory=dict)


_LOOKED: ContextVar[_Looked | None] = ContextVar("looked", default=None)


@contextmanager
def few_suggestions(most: int) -> Iterator[None]:
    """Look for the nearest name of the first `most` different slips only: hostile texts have thousands of them."""
    before = _LOOKED.set(_Looked(most))
    try:
        yield
    finally:
        _LOOKED.reset(before)


def plain_value(value: Said) -> object:
    """Return a sentence's value as plain data."""
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    return list(value) if isinstance(value, tuple) else value
