"""What the conditions of a rule set come to together: gaps, overlaps, rules that are masked or never hold.

Everything claimed as certain rests on declared inputs alone, each of which can have every value it declares. Where
derived values or other expressions take part, which may never have the values that would be needed, it is claimed as
possible only, and where nobody could be told what they are, not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy import kinds
from policy.analysis.boxes import Box, Boxes, Budget, TooManyError, meeting, without
from policy.analysis.covering import Cover, numbers
from policy.analysis.dimensions import Dimension, NoValueError
from policy.analysis.reading import Reading
from policy.analysis.saying import example
from policy.model.document import HitPolicy
from policy.model.ruleset import Constant, Output, Rule, RuleSet

MOST_GAPS = 5
"""Gaps that are told."""

MOST_NAMES = 3
"""Rules that are named beside another."""

MOST_RULES = 10_000
"""Rules whose conditions are compared."""

MOST_DIMENSIONS = 300
"""Fields and expressions that are told apart."""

_STEPS = 150_000
"""Cells that are looked at for gaps, and again for masked rules."""

_PAIRS = 100_000
"""Pairs of boxes that are compared for overlaps."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something told of a rule.

    Attributes:
        code: `rule-never`, `rule-masked`, `rules-overlap` or `rules-may-overlap`.
        others: The other rules it is told of.
        box: Where it is so; None where that has no place.
        example: Values by path for which it is so.
    """

    code: str
    rule: Rule
    others: tuple[Rule, ...] = ()
    box: Box | None = None
    example: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Facts for which no rule holds.

    Attributes:
        certain: False where a derived value takes part, which may never be so.
        example: One value for each path it names.
    """

    box: Box
    certain: bool
    example: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing all conditions came to.

    Attributes:
        claims: In order of the rules.
        gaps: The first few, as wide as they can be.
        more: Whether there are more gaps.
        boxes: Where each rule holds; None for a rule of too many combinations.
        unread: What was not analysed, by the name of its sentence: `conditions`, `gaps`, `masked`, `overlaps`, `rules`.
    """

    dimensions: Sequence[Dimension]
    boxes: Sequence[Sequence[Box] | None] = ()
    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    more: bool = False
    unread: tuple[str, ...] = ()


def compare(rule_set: RuleSet) -> Compared:
    """Compare the conditions of all rules of a sound rule set."""
    if len(rule_set.rules) > MOST_RULES:
        return Compared((), unread=("rules",))
    try:
        return _Comparison(rule_set).compared()
    except (TooManyError, RecursionError):
        return Compared((), unread=("conditions",))


class _Comparison:
    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.rules = rule_set.rules
        reading = Reading(rule_set)
        self.asked = [reading.condition(rule.when) for rule in self.rules]
        self.dimensions = tuple(reading.dimensions.values())
        if len(self.dimensions) > MOST_DIMENSIONS:
            raise TooManyError
        for each in self.dimensions:
            each.seal()
        self.made = Boxes(self.dimensions)
        self.unread: list[str] = []
        self.true = [self._true(at) for at in range(len(self.rules))]
        self.boxes: list[Box] = []
        self.owners: list[int] = []
        self.first: list[int] = []
        for at, boxes in enumerate(self.true):
            self.first.append(len(self.boxes))
            self.boxes += boxes or []
            self.owners += [at] * len(boxes or [])

    def _true(self, at: int) -> list[Box] | None:
        try:
            return self.made.true(self.asked[at])
        except TooManyError:
            self._leave("conditions")
            return None

    def _leave(self, what: str) -> None:
        if what not in self.unread:
            self.unread.append(what)

    def compared(self) -> Compared:
        """Return what all conditions come to together."""
        claims = [Claim("rule-never", rule) for rule, boxes in zip(self.rules, self.true, strict=True) if boxes == []]
        hit_policy = self.rule_set.hit_policy
        if hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            claims += self._masked(self._better(hit_policy))
        if hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            claims += self._overlaps(self._alike() if hit_policy is HitPolicy.ANY else [0] * len(self.rules))
        gaps, more = self._gaps()
        claims.sort(key=lambda each: each.rule.place)
        return Compared(self.dimensions, self.true, tuple(claims), gaps, more, tuple(self.unread))

    def _cover(self, what: str) -> Cover | None:
        """Index where rules hold; None, and a note, where that is too much."""
        try:
            return Cover(self.dimensions, self.boxes)
        except TooManyError:
            self._leave(what)
            return None

    def _bits(self, at: int) -> int:
        """Return the bits of a rule's boxes."""
        return ((1 << len(self.true[at] or ())) - 1) << self.first[at]

    def _better(self, hit_policy: HitPolicy) -> list[int]:
        """Return for each rule the boxes of those that are preferred to it."""
        order: list[int] = list(range(len(self.rules)))
        if hit_policy is HitPolicy.PRIORITY:
            outputs = given_outputs(self.rule_set)
            ranks = {at: rank(rule, outputs) for at, rule in enumerate(self.rules)}
            order = [at for _, at in sorted((rank, at) for at, rank in ranks.items() if rank is not None)]
        found, before = [0] * len(self.rules), 0
        for at in order:
            found[at] = before
            before |= self._bits(at)
        return found

    def _masked(self, better: Sequence[int]) -> list[Claim]:
        cover, budget = self._cover("masked"), Budget(_STEPS)
        found: list[Claim] = []
        if cover is None:
            return found
        for at, boxes in enumerate(self.true):
            try:
                masks = self._masks(boxes or [], cover, better[at], budget)
            except TooManyError:
                self._leave("masked")
                continue
            if masks:
                others = sorted({self.owners[each] for each in numbers(masks)})
                found.append(Claim("rule-masked", self.rules[at], tuple(self.rules[each] for each in others)))
        return found

    def _masks(self, boxes: Sequence[Box], cover: Cover, better: int, budget: Budget) -> int:
        """Return bits of boxes that together cover all of some boxes, 0 where they do not."""
        found = 0
        for box in boxes:
            budget.spend(len(self.dimensions))
            whole = cover.containing(box) & better
            if whole:
                found |= whole & -whole
                continue
            if not all(cover.at(box, last=last) & better for last in (False, True)):
                return 0
            used = cover.uncovered(box, cover.meeting(box) & better, budget)
            if isinstance(used, dict):
                return 0
            found |= used
        return found

    def _alike(self) -> list[int]:
        """Return for each rule the boxes of those that give the same."""
        groups: dict[tuple[object, ...], int] = {}
        keys = [outcome(rule) for rule in self.rules]
        for at, key in enumerate(keys):
            groups[key] = groups.get(key, 0) | self._bits(at)
        return [groups[key] for key in keys]

    def _overlaps(self, harmless: Sequence[int]) -> list[Claim]:
        cover, budget = self._cover("overlaps"), Budget(_PAIRS)
        if cover is None:
            return []
        certain = sum(1 << at for at, box in enumerate(self.boxes) if self._is_certain(box))
        found = []
        for at in range(len(self.rules)):
            earlier = ((1 << self.first[at]) - 1) & ~harmless[at]
            try:
                claim = self._overlap(at, cover, earlier, certain, budget)
            except TooManyError:
                self._leave("overlaps")
                break
            if claim is not None:
                found.append(claim)
        return found

    def _overlap(self, at: int, cover: Cover, earlier: int, certain: int, budget: Budget) -> Claim | None:
        own = self.true[at] or []
        for code, other_bits in (("rules-overlap", earlier & certain), ("rules-may-overlap", earlier)):
            met: dict[int, tuple[Box, Mapping[str, Any]]] = {}
            for box in own:
                if code == "rules-overlap" and not self._is_certain(box):
                    continue
                for each in numbers(cover.meeting(box) & other_bits):
                    budget.spend(1)
                    both = None if self.owners[each] in met else meeting(self.boxes[each], box)
                    given = None if both is None else self._example(both, code)
                    if both is not None and given is not None:
                        met[self.owners[each]] = both, given
                    if len(met) == MOST_NAMES:
                        break
            if met:
                box, given = next(iter(met.values()))
                certain_of = code if not self._is_doubtful(at, met) else "rules-may-overlap"
                return Claim(certain_of, self.rules[at], tuple(self.rules[each] for each in met), box, given)
        return None

    def _is_doubtful(self, at: int, met: Mapping[int, object]) -> bool:
        """Say whether under `any` it takes a computation to tell whether the outcomes differ."""
        if self.rule_set.hit_policy is not HitPolicy.ANY:
            return False
        return any(not _constant(self.rules[each]) for each in (at, *met))

    def _example(self, box: Box, code: str) -> Mapping[str, Any] | None:
        """Return an example of where two rules meet; None where there is none that could be told."""
        if code == "rules-may-overlap" and not all(self.dimensions[number].path for number in box):
            return None
        try:
            return example(box, self.dimensions)
        except NoValueError:
            return None

    def _is_certain(self, box: Box) -> bool:
        return all(self.dimensions[number].certain for number in box)

    def _gaps(self) -> tuple[tuple[Gap, ...], bool]:
        if not self.rules:
            return (), False
        read = self.made.true if self.rule_set.skips_unknown else self.made.not_false
        try:
            return self._between([box for asked in self.asked for box in read(asked)])
        except TooManyError:
            self._leave("gaps")
            return (), False

    def _between(self, boxes: Sequence[Box]) -> tuple[tuple[Gap, ...], bool]:
        """Return the gaps between boxes, those that are certain first."""
        certain = [without(box, lambda number: not self.dimensions[number].certain) for box in boxes]
        budget = Budget(_STEPS)
        gaps, more = self._uncovered(certain, budget, certain=True)
        if len(gaps) < MOST_GAPS and certain != boxes:
            others, more = self._uncovered([*boxes, *(gap.box for gap in gaps)], budget, certain=False)
            gaps = [*gaps, *others][:MOST_GAPS]
        return tuple(gaps), more

    def _uncovered(self, boxes: Sequence[Box], budget: Budget, *, certain: bool) -> tuple[list[Gap], bool]:
        """Return the first gaps between boxes, and whether there are more."""
        found: list[Gap] = []
        cover = Cover(self.dimensions, boxes)
        order = sorted(range(len(self.dimensions)), key=lambda each: self.dimensions[each].certain)
        for _ in range(2 * MOST_GAPS):
            try:
                gap = cover.uncovered({}, cover.all, budget)
            except TooManyError:
                self._leave("gaps")
                break
            if not isinstance(gap, dict):
                break
            if len(found) == MOST_GAPS:
                return found, True
            wide = cover.widest(gap, [each for each in order if each in gap])
            cover.add(wide)
            found += self._told(wide, certain=certain)
        return found, False

    def _told(self, box: Box, *, certain: bool) -> list[Gap]:
        """Return a gap to tell; nothing where it rests on what nobody could be told, or has no example."""
        if not all(self.dimensions[number].path for number in box):
            return []
        try:
            return [Gap(box, certain, example(box, self.dimensions))]
        except NoValueError:
            return []


def given_outputs(rule_set: RuleSet) -> tuple[Output, ...]:
    """Return the outputs that rules give; a section may give another."""
    by_section = kinds.section_output(rule_set.document.section)
    return tuple(each for each in rule_set.outputs.values() if each.name != by_section)


def rank(rule: Rule, outputs: Sequence[Output]) -> tuple[int, ...] | None:
    """Return the priority of what a rule gives, outputs from left to right; None where that is computed."""
    found = []
    for output in outputs:
        given = rule.then.get(output.name, Constant(output.default))
        if output.one_of is None:
            continue
        if not isinstance(given, Constant):
            return None
        listed = given.value in output.one_of
        found.append(output.one_of.index(given.value) if listed else len(output.one_of))
    return tuple(found)


def outcome(rule: Rule) -> tuple[object, ...]:
    """Return what a rule gives, so that the same compares equal."""
    return tuple(
        (name, repr(given.value) if isinstance(given, Constant) else given.text) for name, given in rule.then.items()
    )


def _constant(rule: Rule) -> bool:
    return all(isinstance(each, Constant) for each in rule.then.values())
