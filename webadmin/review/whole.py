"""A policy that is new or to be retired, whole: what it says and what its tests ask, as its own pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policy.engine import Policy
from policy.values import Language, Text
from webadmin.wording import reading, testwords
from webadmin.wording.cameout import CameOut
from webadmin.wording.reading import Said
from webadmin.wording.testwords import Given


@dataclass(frozen=True, slots=True)
class Test:
    """One test in words: what it is given, and each part of the decision with what it expects there."""

    name: Text
    given: tuple[Given, ...]
    expected: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A policy in words.

    Attributes:
        told: Says what its tests expect.
    """

    policy: Policy
    said: Said
    tests: tuple[Test, ...]
    told: CameOut


def whole(policy: Policy, language: Language) -> Whole:
    """Say a whole policy in a language."""
    tests = tuple(
        Test(each.name, tuple(testwords.given(policy, each)), tuple(testwords.expected(each)))
        for each in policy.rule_set.cases
    )
    return Whole(policy, reading.page(policy, None, language), tests, CameOut(policy, language))
