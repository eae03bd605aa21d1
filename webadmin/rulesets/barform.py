"""The form of the separation of duties: every row that keeps somebody from acting, as it is typed.

In a form `b0` is the first row; `b0.never` is its condition, as the form of a rule has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from policy.conditions import Group, How, Join, Line, read
from policy.kinds.approval import Separation
from webadmin.rulesets import editing, ruleform, rulewords
from webadmin.rulesets.known import Known

MOST = 60
"""Rows a form takes."""


@dataclass(frozen=True, slots=True)
class BarForm:
    """One row as it is typed.

    Attributes:
        was: Its id in the text the form was opened with; empty for a new one.
        id: Its id.
        label: By language.
        never: On somebody who could approve: where it is true, they may not act.
    """

    was: str
    id: str
    label: Mapping[str, str]
    never: Group

    @property
    def is_new(self) -> bool:
        """Say whether the text does not have it yet."""
        return not self.was


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
    found = [re.fullmatch(r"b([0-9]{1,4})\.was", name) for name in form]
    places = sorted(int(each[1]) for each in found if each)
    if len(places) > MOST:
        raise RequestEntityTooLarge
    return numbered([_row(form, f"b{at}", known) for at in places])


def numbered(rows: Sequence[BarForm]) -> list[BarForm]:
    """Return rows with the place of every part of their conditions in the form as its id."""
    return [replace(each, never=ruleform.numbered(each.never, f"b{at}.never")) for at, each in enumerate(rows)]


def _row(form: MultiDict[str, str], place: str, known: Known) -> BarForm:
    was, name = (form.get(f"{place}.{part}", "").strip() for part in ("was", "id"))
    label = {tongue: form.get(f"{place}.label.{tongue}", "").strip() for tongue in ("zh", "en")}
    never = ruleform.condition_from(form, known, f"{place}.never")
    return BarForm(was, name, label, rulewords.condition(never, known))
