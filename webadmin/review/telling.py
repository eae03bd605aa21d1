"""What is said of a change once it is proposed or approved: also what it took the place of before that had begun."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext

from policy.values import Language
from webadmin import filters, language
from webadmin.publishing.overtaking import Overtaken


def with_overtaken(said: str, overtakes: Iterable[Overtaken]) -> str:
    """Return what is said, followed by what will not be in effect any more."""
    between = "" if language.chosen() is Language.ZH else " "
    return between.join([said, *(_lost(each) for each in overtakes)])


def back(usual: str) -> str:
    """Return what is said of a way back that is proposed: `roll-back`, `call-off` or `bring-back`."""
    match usual:
        case "call-off":
            return str(gettext("Proposed to call it off. Somebody else has to approve it."))
        case "bring-back":
            return str(gettext("Proposed to bring it back. Somebody else has to approve it."))
        case _:
            return str(gettext("Proposed to roll back. Somebody else has to approve it."))


def _lost(each: Overtaken) -> str:
    day = filters.day(each.since)
    if each.retires:
        return str(gettext("It undoes that the policy was to be retired from %(day)s.", day=day))
    return str(gettext("It takes the place of revision %(number)s, to begin on %(day)s.", number=each.number, day=day))
