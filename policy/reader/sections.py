"""What a part of a document must hold in itself, beyond the shape of its keys.

A check yields `(code, where, values)`: what is wrong, the keys and positions that lead to it from the part, and
what its sentence names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from policy.errors import AsOfError, did_you_mean
from policy.kinds.approval import ApprovalSection, Stage
from policy.kinds.assignment import Allocate, Limit, Score
from policy.kinds.bands import Band
from policy.kinds.incentive import Adjustment, Bands
from policy.kinds.penalty import Pattern
from policy.kinds.scorecard import GradeRow, Grades
from policy.messages import Said
from policy.model.document import PolicyDocument, TestItem, VocabularyDocument
from policy.model.instants import AsOf
from policy.values import plain

Checked = Iterator[tuple[str, tuple[str | int, ...], Mapping[str, Said]]]

LANGUAGE_VERSIONS = (1,)
"""Versions of the rule language, and of the vocabulary's form, that are read."""


def _policy(made: PolicyDocument) -> Checked:
    if made.language not in LANGUAGE_VERSIONS:
        known = tuple(map(str, LANGUAGE_VERSIONS))
        yield "unknown-language", ("language",), {"found": made.language, "expected": known}


def _vocabulary(made: VocabularyDocument) -> Checked:
    if made.vocabulary not in LANGUAGE_VERSIONS:
        known = tuple(map(str, LANGUAGE_VERSIONS))
        yield "unknown-language", ("vocabulary",), {"found": made.vocabulary, "expected": known}


def _test(made: TestItem) -> Checked:
    try:
        AsOf.read(made.as_of, "UTC")
    except AsOfError:
        yield "wrong-as-of", ("as_of",), {"found": made.as_of}


def _rising(made: Bands | Grades) -> Checked:
    rows: tuple[Band | GradeRow, ...] = made.rows
    for number, (before, row) in enumerate(pairwise(rows), 1):
        if row.from_ <= before.from_:
            said = {"found": plain(row.from_), "expected": plain(before.from_)}
            yield "rows-not-rising", ("rows", number, "from"), said


def _late(made: ApprovalSection) -> Checked:
    known = tuple(str(stage.id) for stage in made.stages)
    for number, stage in enumerate(made.stages):
        if stage.late is not None and (stage.late not in known or stage.late == stage.id):
            others = [each for each in known if each != stage.id]
            said = {"found": stage.late, "expected": tuple(others), **did_you_mean(stage.late, others)}
            yield "unknown-stage", ("stages", number, "late"), said


def _adjustment(made: Adjustment) -> Checked:
    yield from _exactly_one(made, ("at_most", "add", "hold"))
    if made.release is not None and made.hold is None:
        yield "only-with", ("release",), {"found": "release", "expected": "hold"}


def _score(made: Score) -> Checked:
    if made.weight < 0:
        yield "too-small", ("weight",), {"found": plain(made.weight), "expected": 0}


def _limit(made: Limit) -> Checked:
    yield from _exactly_one(made, ("sum", "count"))
    if made.at_most is None and made.at_least is None:
        yield "at-least-one-of", (), {"expected": ("at_most", "at_least")}


def _pattern(made: Pattern) -> Checked:
    yield from _exactly_one(made, ("sequence", "count"))
    if made.without is not None and not made.sequence:
        yield "only-with", ("without",), {"found": "without", "expected": "sequence"}


def _exactly_one(made: object, keys: Sequence[str]) -> Checked:
    given = [key for key in keys if getattr(made, key) not in (None, ())]
    if len(given) != 1:
        yield "exactly-one-of", tuple(given[1:2]), {"expected": tuple(keys), "found": len(given)}


CHECKS: Mapping[type, tuple[Callable[[Any], Checked], ...]] = {
    PolicyDocument: (_policy,),
    VocabularyDocument: (_vocabulary,),
    TestItem: (_test,),
    ApprovalSection: (_late,),
    Score: (_score,),
    Limit: (_limit,),
    Bands: (_rising,),
    Grades: (_rising,),
    Adjustment: (_adjustment,),
    Pattern: (_pattern,),
}
"""The checks of each part."""

NOT_CARRIED_OUT: Mapping[type, frozenset[str]] = {
    TestItem: frozenset({"events"}),
    Stage: frozenset({"within", "late"}),
    Allocate: frozenset({"limits", "keep"}),
    Adjustment: frozenset({"release"}),
}
"""Keys that are read and checked, and do not act yet."""
