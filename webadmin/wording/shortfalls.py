"""Says what is short where a condition does not hold, with the values seen: which members, or which numbers.

Read from the tree, whatever the policy calls things: `list contains`, also under `every`, and comparisons of sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from policy.analysis.reading import dotted
from policy.feel import nodes as n
from policy.model.ruleset import RuleSet
from policy.runtime.showing import ALL_CLASSES, Eyes
from policy.values import NUMBERS, readable
from webadmin.wording.phrases import MEASURED, RECKONED
from webadmin.wording.speech import Speech


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What is short in one part of a condition.

    Attributes:
        said: In words, values and all.
        told: The paths whose values are told.
    """

    said: Markup
    told: frozenset[str]


def of_members(speech: Speech, node: n.Node, members: Sequence[str]) -> Shortfall:
    """Say which members are not in a list."""
    items = [Markup("<b>{}</b>").format(each) for each in members]
    told = frozenset(filter(None, map(dotted, n.walk(node))))
    return Shortfall(speech.say("lacks", a=speech.joined("list", items)), told)


def of_numbers(speech: Speech, rule_set: RuleSet, node: n.Node, numbers: Mapping[str, Decimal]) -> Shortfall | None:
    """Say by which numbers a comparison does not hold; None where it is no comparison of sums that are known."""
    if not isinstance(node, n.Comparison) or node.sign not in MEASURED:
        return None
    measure = _Measure(speech, Eyes(rule_set, ALL_CLASSES, speech.language), numbers)
    own, asked = measure.side(node.left), measure.side(node.right)
    if own is None or asked is None:
        return None
    read = frozenset(filter(None, map(dotted, (*_summed(node.left), *_summed(node.right)))))
    return Shortfall(speech.say(MEASURED[node.sign], a=own, b=asked), read) if read else None


def _summed(node: n.Node) -> Iterator[n.Node]:
    if isinstance(node, n.Arithmetic) and node.sign == "+":
        yield from _summed(node.left)
        yield from _summed(node.right)
    else:
        yield node


@dataclass(frozen=True, slots=True)
class _Measure:
    speech: Speech
    eyes: Eyes
    numbers: Mapping[str, Decimal]

    def side(self, node: n.Node) -> Markup | None:
        """Say one side of a comparison with its numbers; None where one is not known, or is a share."""
        parts = list(_summed(node))
        values = [self._value(each) for each in parts]
        known = [each for each in values if each is not None]
        if len(known) < len(values):
            return None
        said = [self._said(each, value) for each, value in zip(parts, known, strict=True)]
        whole = said[0]
        for more in said[1:]:
            whole = self.speech.say(RECKONED["+"], a=whole, b=more)
        if len(said) == 1:
            return whole
        total = known[0]
        for value in known[1:]:
            total = NUMBERS.add(total, value)
        return self.speech.say("sum", a=whole, b=_number(total))

    def _value(self, node: n.Node) -> Decimal | None:
        if isinstance(node, n.Literal):
            return node.value if isinstance(node.value, Decimal) else None
        path = dotted(node)
        field = None if path is None else self.eyes.field(path)
        return None if path is None or (field is not None and field.is_share) else self.numbers.get(path)

    def _said(self, node: n.Node, value: Decimal) -> Markup:
        path = dotted(node)
        return _number(value) if path is None else self.speech.say("has", a=self.speech.name(path), b=_number(value))


def _number(value: Decimal) -> Markup:
    return Markup("<b>{}</b>").format(readable(value))
