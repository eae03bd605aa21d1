"""The form of the stages of an approval policy: every stage as it is typed, in the order of approval.

In a form `s0` is the first stage; below it `s0.who` and `s0.unless` are conditions, as the form of a rule has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from policy.conditions import Group, How, Join, Line, read
from policy.kinds.approval import Stage
from webadmin.rulesets import editing, rowform, ruleform, rulewords
from webadmin.rulesets.known import Known
from webadmin.rulesets.rowform import Row

UNITS = ("D", "H", "iso")
"""How the time to act is counted: days, hours, or as the document writes any other duration."""

_COUNTED = {"D": re.compile(r"P([0-9]{1,9})D"), "H": re.compile(r"PT([0-9]{1,9})H")}


@dataclass(frozen=True, slots=True)
class Knows:
    """What the conditions of stages may name.

    Attributes:
        who: On somebody who could approve.
        unless: On the request alone.
    """

    who: Known
    unless: Known


@dataclass(frozen=True, slots=True)
class StageForm(Row):
    """One stage as it is typed.

    Attributes:
        need: How many must approve.
        within: Time to act, in its unit.
        unit: One of `UNITS`.
        late: Id of the stage it goes to, as the form was opened with; empty for none.
    """

    who: Group
    unless: Group
    need: str = "1"
    within: str = ""
    unit: str = "D"
    late: str = ""


def empty() -> StageForm:
    """Return the form of a stage that is not there yet."""
    line = Line("", How.EQUAL, ("",))
    return StageForm("", "", {"zh": "", "en": ""}, Group(Join.ALL, (line,)), Group(Join.ALL))


def of_stage(stage: Stage, knows: Knows) -> StageForm:
    """Return the form of a stage as it is written."""
    unless = Group(Join.ALL) if stage.unless is None else read(stage.unless.text, knows.unless.fields)
    within, unit = _counted(stage.within or "")
    return StageForm(
        stage.id,
        stage.id,
        editing.reason_cells(stage.label),
        read(stage.who.text, knows.who.fields),
        unless,
        str(stage.need),
        within,
        unit,
        stage.late or "",
    )


def from_form(form: MultiDict[str, str], knows: Knows) -> list[StageForm]:
    """Return what was typed.

    Raises:
        BadRequest: the form is none of ours.
        RequestEntityTooLarge: there are too many stages, or a part of one is too much.
    """
    return numbered([_stage(form, place, knows) for place in rowform.places(form, "s")])


def numbered(stages: Sequence[StageForm]) -> list[StageForm]:
    """Return stages with the place of every part of their conditions in the form as its id."""
    return [
        replace(
            each,
            who=ruleform.numbered(each.who, f"s{at}.who"),
            unless=ruleform.numbered(each.unless, f"s{at}.unless"),
        )
        for at, each in enumerate(stages)
    ]


def _stage(form: MultiDict[str, str], place: str, knows: Knows) -> StageForm:
    unit = form.get(f"{place}.unit", "D")
    if unit not in UNITS:
        raise BadRequest
    typed = {name: form.get(f"{place}.{name}", "").strip() for name in ("was", "id", "need", "within", "late")}
    who = ruleform.condition_from(form, knows.who, f"{place}.who")
    unless = ruleform.condition_from(form, knows.unless, f"{place}.unless")
    return StageForm(
        **typed,
        label=rowform.label(form, place),
        who=rulewords.condition(who, knows.who),
        unless=rulewords.condition(unless, knows.unless),
        unit=unit,
    )


def _counted(written: str) -> tuple[str, str]:
    """Return a duration as its inputs show it: a number with its unit, or as it is written."""
    for unit, pattern in _COUNTED.items():
        if found := pattern.fullmatch(written):
            return found[1], unit
    return written, "iso" if written else "D"
