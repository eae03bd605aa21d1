"""The form of the separation of duties: every row that keeps somebody from acting, as it is typed.

In a form `b0` is the first row; `b0.never` is its condition, as the form of a rule has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from policy.conditions import Group, How, Join, Line, read
from policy.kinds.approval import Separation
from webadmin.rulesets import editing, rowform, ruleform, rulewords
from webadmin.rulesets.known import Known
from webadmin.rulesets.rowform import Row


@dataclass(frozen=True, slots=True)
class BarForm(Row):
    """One row as it is typed.

    Attributes:
        never: On somebody who could approve: where it is true, they may not act.
    """

    never: Group


def empty() -> BarForm:
    """Return the form of a row that is not there yet."""
    return BarForm("", "", {"zh": "", "en": ""}, Group(Join.ALL, (Line("", How.EQUAL, ("",)),)))


def of_row(row: Separation, known: Known) -> BarForm:
    """Return the form of a row as it is written."""
    return BarForm(row.id, row.id, editing.reason_cells(row.label), read(row.never.text, known.fields))


def from_form(form: MultiDict[str, str], known: Known) -> list[BarForm]:
    """Return what was typed.

    Raises:
        BadRequest: the form is none of ours.
        RequestEntityTooLarge: there are too many rows, or a part of one is too much.
    """
    return numbered([_row(form, place, known) for place in rowform.places(form, "b")])


def numbered(rows: Sequence[BarForm]) -> list[BarForm]:
    """Return rows with the place of every part of their conditions in the form as its id."""
    return [replace(each, never=ruleform.numbered(each.never, f"b{at}.never")) for at, each in enumerate(rows)]


def _row(form: MultiDict[str, str], place: str, known: Known) -> BarForm:
    was, name = (form.get(f"{place}.{part}", "").strip() for part in ("was", "id"))
    never = ruleform.condition_from(form, known, f"{place}.never")
    return BarForm(was, name, rowform.label(form, place), rulewords.condition(never, known))
