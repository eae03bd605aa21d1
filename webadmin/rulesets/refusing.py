"""Changes of a draft that were not made: why, and what can be done instead. What was typed is never dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import gettext, ngettext

from policy.errors import Finding, Grade, SourceError
from policy.model.document import PolicyDocument
from policy.reader import read
from webadmin import filters, language
from webadmin.rulesets.editing import Change, ChangedError, HalfError, MissingError, name_for
from webadmin.rulesets.rowediting import ColumnError
from webadmin.rulesets.several import BlockError, Miss

MOST = 3
"""Findings that are told of one refusal."""

MOST_CELLS = 8
"""Cells of a pasted block that are named."""

RefusalError = SourceError | ChangedError | ColumnError | HalfError | MissingError


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not made.

    Attributes:
        change: What was asked for.
        said: Why it was not made.
        offers: What can be done with one press instead: its name, and the change.
    """

    change: Change
    said: str
    offers: tuple[tuple[str, Change], ...] = ()


def refused(error: RefusalError, change: Change, text: str) -> Refused:
    """Say why a change was not made.

    Args:
        error: What happened.
        change: What was asked for; of several the first.
        text: The draft as it is.
    """
    if isinstance(error, ChangedError):
        return _conflict(change, error.now)
    if isinstance(error, HalfError):
        said = gettext("A reason stands in both languages: write it in both, or take it out in both.")
        both = replace(change, part="", value="", was=None)
        return Refused(change, said, ((gettext("Take it out in both"), both),))
    if isinstance(error, ColumnError | MissingError):
        return Refused(change, _column(error) if isinstance(error, ColumnError) else _gone(change))
    if change.what == "rename" and any(each.code == "wrong-id" for each in error.findings):
        return _misnamed(change, text)
    if change.what == "rename" and any(each.code == "duplicate-id" for each in error.findings):
        return _doubled(change, text)
    return Refused(change, gettext("That cannot be taken: %(why)s", why=_why(error)))


def block_refused(error: BlockError, text: str) -> str:
    """Say that nothing of a pasted block was taken, and of which cells it cannot be; the first few are named."""
    said = gettext("Nothing was pasted, for not all of it can be taken.")
    rest = len(error.misses) - MOST_CELLS
    more = [ngettext("and %(num)s more", "and %(num)s more", rest)] if rest > 0 else []
    return language.joined([said, *all_refused(error, text)[:MOST_CELLS], *more])


def all_refused(error: BlockError, text: str) -> list[str]:
    """Say of each change that cannot be made where it is and why not."""
    return [
        gettext(
            "Row %(row)s, column %(column)s (%(typed)s): %(why)s",
            row=each.row,
            column=_column_of(each),
            typed=each.change.value or "–",
            why=refused(each.error, each.change, text).said,
        )
        for each in error.misses
    ]


def _column_of(miss: Miss) -> str:
    named = {"rename": gettext("Rule"), "when": gettext("Condition"), "because": gettext("Because")}
    if miss.change.what in named:
        return str(named[miss.change.what])
    return miss.change.part if miss.label is None else str(filters.own(miss.label))


def _conflict(change: Change, now: str) -> Refused:
    said = gettext("Somebody else has changed this meanwhile. It now says “%(now)s”.", now=now or "–")
    theirs = (gettext("Keep theirs"), replace(change, value=now, was=now))
    mine = (gettext("Put mine there"), replace(change, was=now))
    return Refused(change, said, (theirs, mine))


def _gone(change: Change) -> str:
    if change.what in ("add-column", "move-column"):
        return str(gettext("This field is not there any more."))
    is_row = change.what in ("row", "column")
    return str(gettext("This row is not there any more.") if is_row else gettext("This rule is not there any more."))


def _column(error: ColumnError) -> str:
    if error.why == "key":
        return str(gettext("Rows are known by this column: it cannot be taken out."))
    if error.why == "taken":
        return str(gettext("There is a column of that name already."))
    said = gettext(
        "The name of a column is letters, digits and underscores, begun by a letter, as in %(example)s.", example="rate"
    )
    return str(said)


def _misnamed(change: Change, text: str) -> Refused:
    wanted = _free(change.value, text)
    said = gettext(
        "The name of a rule takes lower case letters, digits and hyphens, as in %(example)s. "
        "What people are to read stands in the reason.",
        example=wanted or "large-order",
    )
    return Refused(change, said, _named(change, wanted))


def _doubled(change: Change, text: str) -> Refused:
    free = _free(change.value, text)
    return Refused(change, taken(change.value.strip(), free), _named(change, free))


def taken(name: str, free: str) -> str:
    """Say that another rule of the policy has a name, and one like it that none has."""
    said = gettext("Another rule of this policy is called %(name)s already. Free is: %(free)s", name=name, free=free)
    return str(said)


def _free(wanted: str, text: str) -> str:
    document = read(text).document
    return name_for(document, wanted) if isinstance(document, PolicyDocument) else ""


def _named(change: Change, name: str) -> tuple[tuple[str, Change], ...]:
    return ((gettext("Call it %(name)s", name=name), replace(change, value=name)),) if name else ()


def _why(error: SourceError) -> str:
    grave = [each for each in error.findings if each.grade is Grade.ERROR]
    return "; ".join(dict.fromkeys(_sentence(each) for each in grave[:MOST]))


def _sentence(finding: Finding) -> str:
    return finding.text(language.chosen())
