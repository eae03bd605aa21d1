"""Says what the section of a kind says: stages, allocation, statement, measures, grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from policy.feel import nodes as n
from policy.kinds.approval import ApprovalSection, Stage
from policy.kinds.assignment import Allocate, AssignmentSection, Keep, Limit, Otherwise
from policy.kinds.detailing import duration
from policy.kinds.incentive import Adjustment, Award, Bands, IncentiveSection
from policy.kinds.labels import labels
from policy.kinds.penalty import ANY, EVIDENCE, Measure, PenaltySection
from policy.kinds.scorecard import Grades, ScorecardSection
from policy.model.ruleset import EventPattern, RuleSet, Wanted
from policy.model.written import Condition, Expression
from policy.reader.sections import NOT_CARRIED_OUT
from policy.runtime.showing import shown
from policy.values import Text, readable
from webadmin import words
from webadmin.wording.phrases import PARTS
from webadmin.wording.speech import Speech


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a section: its id, what it says, and the reason the policy gives.

    Attributes:
        id: None for what has none.
        line: Where it stands in the text; None where that is not one place.
        label: What it is called; None where it has no label.
    """

    id: str | None
    says: tuple[Markup, ...]
    because: Markup | None = None
    line: int | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One part of a section: the key it stands under in the document, and its rows in order."""

    key: str
    rows: tuple[Row, ...]
    ordered: bool = False


def told(rule_set: RuleSet, speech: Speech) -> list[Told]:
    """Say everything the section of a policy's kind says; parts without rows are left out."""
    section = _Section(rule_set, speech)
    return [replace(each, rows=tuple(map(section.named, each.rows))) for each in section.told() if each.rows]


class _Section:
    def __init__(self, rule_set: RuleSet, speech: Speech) -> None:
        self._rule_set = rule_set
        self._speech = speech
        self._labels = labels(rule_set.document.section)

    def named(self, row: Row) -> Row:
        """Return a row with what it is called."""
        return row if row.id is None else replace(row, label=self._labels.get(row.id))

    def called(self, name: str) -> str:
        """Return what a row is called, its id where it has no label."""
        label = self._labels.get(name)
        return name if label is None else label.to(self._speech.language)

    def told(self) -> Iterator[Told]:
        section: object = self._rule_set.document.section
        match section:
            case ApprovalSection() as found:
                yield from self._approval(found)
            case AssignmentSection(allocate=Allocate() as found):
                yield from self._allocate(found)
            case IncentiveSection() as found:
                yield from self._incentive(found)
            case PenaltySection() as found:
                yield from self._penalty(found)
            case ScorecardSection(grades=Grades() as found):
                yield Told("grades", tuple(self._grades(found)))
            case _:
                return

    def _say(self, phrase: str, **parts: Any) -> Markup:
        return self._speech.say(PARTS[phrase], **parts)

    def _expression(self, expression: Expression) -> Markup:
        return self._speech.part(self._rule_set.expressions[expression])

    def _condition(self, condition: Condition) -> Markup:
        return self._speech.condition(self._rule_set.conditions[condition])

    def _row(self, row: Adjustment | Award | EventPattern, says: Iterable[Markup]) -> Row:
        because = None if row.because is None else self._speech.reason(row.because)
        return Row(row.id, tuple(says), because, row.place.line)

    def _acting(self, part: type, key: str, said: Markup) -> Markup:
        """Return what a key says, with a note where it is checked and does not act yet, as the text has it."""
        return self._say("unacted", a=said) if key in NOT_CARRIED_OUT.get(part, ()) else said

    def _lasting(self, written: str) -> str:
        return duration(written, self._speech.language)

    # --- approval

    def _approval(self, section: ApprovalSection) -> Iterator[Told]:
        stages = tuple(Row(each.id, tuple(self._stage(each)), line=each.place.line) for each in section.stages)
        yield Told("stages", stages, ordered=True)
        rows = [
            Row(each.id, (self._say("never", a=self._expression(each.never)),), line=each.place.line)
            for each in section.separation
        ]
        yield Told("separation", (Row(None, (self._say("requester"),)), *rows))

    def _stage(self, stage: Stage) -> Iterator[Markup]:
        yield self._say("who", a=self._expression(stage.who))
        if stage.need > 1:
            yield self._say("need", a=stage.need)
        if stage.unless is not None:
            yield self._say("unless", a=self._expression(stage.unless))
        if stage.within is not None:
            yield self._acting(Stage, "within", self._say("stage-within", a=self._lasting(stage.within)))
        if stage.late is not None:
            yield self._acting(Stage, "late", self._say("late", a=self.called(stage.late)))

    # --- assignment

    def _allocate(self, section: Allocate) -> Iterator[Told]:
        yield Told("candidates", (Row(None, (self._say("candidates", a=self._speech.name(section.candidates)),)),))
        yield Told(
            "eligible",
            tuple(
                Row(each.id, (self._say("eligible", a=self._condition(each.when)),), line=each.place.line)
                for each in section.eligible
            ),
        )
        scored = [
            Row(
                each.id,
                (self._say("score", w=readable(each.weight), a=self._expression(each.value)),),
                line=each.place.line,
            )
            for each in section.score
        ]
        yield Told("score", tuple(scored))
        yield Told(
            "limits", tuple(Row(each.id, tuple(self._limit(each)), line=each.place.line) for each in section.limits)
        )
        kept = [
            Row(
                each.id,
                (self._acting(Allocate, "keep", self._kept(each)),),
                line=each.place.line,
            )
            for each in section.keep
        ]
        yield Told("keep", tuple(kept))
        if section.tie_break:
            names = self._speech.joined("list", map(self._speech.name, section.tie_break))
            yield Told("tie_break", (Row(None, (self._say("tie", a=names),)),))
        phrase = "pool" if section.otherwise is Otherwise.POOL else "unassigned"
        yield Told("otherwise", (Row(None, (self._say(phrase),)),))

    def _kept(self, keep: Keep) -> Markup:
        return self._where(self._say("keep", a=self._expression(keep.value)), keep.when)

    def _where(self, said: Markup, condition: Condition | None) -> Markup:
        return said if condition is None else self._say("when", a=said, b=self._condition(condition))

    def _limit(self, limit: Limit) -> Iterator[Markup]:
        if limit.sum is not None:
            what = self._say("limit-sum", a=self._expression(limit.sum))
        else:
            what = self._say(f"limit-{limit.count}")
        if limit.over is not None:
            what = self._say("limit-over", a=what, b=self._lasting(limit.over))
        for phrase, bound in (("at-most", limit.at_most), ("at-least", limit.at_least)):
            if bound is not None:
                said = self._where(self._say(phrase, a=what, b=self._expression(bound)), limit.when)
                yield self._acting(Allocate, "limits", said)

    # --- incentive

    def _incentive(self, section: IncentiveSection) -> Iterator[Told]:
        yield Told("period", (Row(None, (self._say(f"period-{section.period}"),)),))
        if section.credit is not None:
            yield Told("credit", (Row(None, (self._say("credit", a=self._expression(section.credit)),)),))
        if section.measure is not None:
            yield Told("measure", (Row(None, (self._say("reached", a=self._expression(section.measure)),)),))
        if section.bands is not None:
            yield Told("bands", tuple(self._bands(section.bands, is_share=section.is_share)))
        adjusted = [self._row(each, self._adjustment(each)) for each in section.adjustments]
        yield Told("adjustments", tuple(adjusted), ordered=True)
        awards = []
        for each in section.awards:
            when = self._condition(each.when)
            given = self.called(each.id) if each.id in self._labels else each.give
            said = self._say("award", a=when, b=given) if when else self._say("award-always", b=given)
            awards.append(self._row(each, (said,)))
        yield Told("awards", tuple(awards))

    def _bands(self, bands: Bands, *, is_share: bool) -> Iterator[Row]:
        for each in bands.rows:
            rate = self._speech.say("percent", a=readable(each.rate * 100))
            begin = self._speech.say("percent", a=readable(each.from_ * 100)) if is_share else readable(each.from_)
            yield Row(None, (self._say("band", a=begin, b=rate),), line=each.place.line)
        yield Row(None, (self._say(str(bands.method)), self._say(f"basis-{bands.basis}")))
        if is_share:
            yield Row(None, (self._say("base", a=self._expression(bands.base)),))

    def _adjustment(self, row: Adjustment) -> Iterator[Markup]:
        if row.at_most is not None:
            yield self._say("adjust-most", a=self._expression(row.at_most))
        if row.add is not None:
            yield self._added(row.add)
        if row.hold is not None:
            yield self._say("adjust-hold", a=self._speech.say("percent", a=readable(row.hold * 100)))
        if row.release is not None:
            yield self._acting(Adjustment, "release", self._say("release", a=self._lasting(row.release)))

    def _added(self, expression: Expression) -> Markup:
        part = self._rule_set.expressions[expression]
        node = part.checked.node
        if not isinstance(node, n.Negation):
            return self._say("adjust-add", a=self._speech.part(part))
        taken = replace(part, checked=replace(part.checked, node=node.operand))
        return self._say("adjust-take", a=self._speech.part(taken))

    # --- penalty

    def _penalty(self, section: PenaltySection) -> Iterator[Told]:
        rows = [
            Row(each.id, tuple(self._measure(each)) or (self._say("plain-measure"),), line=each.place.line)
            for each in section.measures
        ]
        yield Told("measures", tuple(rows), ordered=True)
        patterns = [self._row(each, self._pattern(each)) for each in self._rule_set.patterns]
        yield Told("patterns", tuple(patterns))
        held = section.consultation
        if held is None:
            yield Told("consultation", (Row(None, (self._say("not-consulted"),)),))
        else:
            language = self._speech.language
            days = (shown(held.held, language), shown(held.published, language))
            said = self._say("consulted", a=days[0], b=days[1], c=held.record.to(language))
            yield Told("consultation", (Row(None, (said,), line=held.place.line),))

    def _measure(self, measure: Measure) -> Iterator[Markup]:
        for each in measure.evidence:
            said = self._say("evidence-any" if each.kind == ANY else "evidence", a=self._kind(each.kind), b=each.count)
            yield said + self._say("independent", a=each.independent) if each.independent else said
        if measure.acts:
            yield self._say("act", a=self._speech.values([str(words.ACTS.get(each, each)) for each in measure.acts]))
        if measure.points:
            said = self._say("points", a=measure.points)
            yield said if measure.expires is None else said + self._say("expires", a=self._lasting(measure.expires))
        if measure.amount is not None:
            yield self._say("amount", a=self._expression(measure.amount))

    def _kind(self, kind: str) -> str:
        field = self._rule_set.fields.get(f"{EVIDENCE}[].kind")
        called = None if field is None else field.called(kind)
        return kind if called is None else called.to(self._speech.language)

    def _pattern(self, pattern: EventPattern) -> Iterator[Markup]:
        yield self._say("same", a=self._speech.name(pattern.key))
        if pattern.at_least is not None:
            (wanted,) = pattern.steps
            said = self._say("counted", a=self._label(wanted), b=self._seconds(wanted.within or 0), c=pattern.at_least)
            yield said + self._event_where(wanted)
        else:
            for number, each in enumerate(pattern.steps):
                yield self._event("next-event" if number else "first-event", each)
        if pattern.without is not None:
            yield self._say("without", a=self._label(pattern.without)) + self._event_where(pattern.without)

    def _event(self, phrase: str, wanted: Wanted) -> Markup:
        said = self._say(phrase, a=self._label(wanted))
        if wanted.within is not None:
            said += self._say("event-within", a=self._seconds(wanted.within))
        return said + self._event_where(wanted)

    def _event_where(self, wanted: Wanted) -> Markup:
        return Markup("") if wanted.where is None else self._say("event-where", a=self._speech.part(wanted.where))

    def _label(self, wanted: Wanted) -> str:
        return wanted.type.label.to(self._speech.language)

    def _seconds(self, seconds: int) -> str:
        days, rest = divmod(seconds, 86_400)
        hours, rest = divmod(rest, 3600)
        minutes, rest = divmod(rest, 60)
        time = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
        return self._lasting(f"P{f'{days}D' if days else ''}{f'T{time}' if time else ''}")

    # --- scorecard

    def _grades(self, grades: Grades) -> Iterable[Row]:
        of, give = self._speech.name(grades.of), self._speech.name(grades.give)
        for number, each in enumerate(grades.rows):
            value = Markup("<b>{}</b>").format(getattr(each.value, "text", ""))
            said = self._say("grade" if number else "grade-first", a=of, b=readable(each.from_), c=give, d=value)
            yield Row(None, (said,), line=each.place.line)
