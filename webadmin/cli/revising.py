"""What the commands on revisions share: options, what is printed of a proposal, and what is said of a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from policy.cli.checking import line
from policy.cli.frame import Refused, echo_json
from policy.messages import Grade
from policy.values import Language, Text

if TYPE_CHECKING:
    from webadmin.publishing import answers
    from webadmin.store.revisions import Period

LASTING = Text("自 {since} 起", "from {since}")
ENDING = Text("自 {since} 起至 {until} 前", "from {since} until {until}")
ON_APPROVAL = Text("批准之日", "the day of approval")
FROM_DAY_ON = Text("（自 {day} 起）", " (from {day} on)")
NOT_DONE = Text("未作任何更改", "nothing was changed")
MOVED = Text("其他人正在不断发布：请再试一次", "others are publishing all the time: try again")
STATES = {
    "open": Text("待批", "open"),
    "approved": Text("已批准", "approved"),
    "declined": Text("已否决", "declined"),
    "returned": Text("已要求修改", "changes asked for"),
    "withdrawn": Text("已撤回", "withdrawn"),
}


def lasting(period: Period, language: Language) -> str:
    """Write an effective period."""
    since = ON_APPROVAL.to(language) if period.since is None else period.since
    return (LASTING if period.until is None else ENDING).to(language).format(since=since, until=period.until)


def in_a_line(text: str) -> str:
    """Return a note or comment without its breaks, so that it cannot look like a line of its own."""
    return " ".join(text.split())


def tell_remarks(remarks: Iterable[answers.Remark], since: date, language: Language) -> None:
    """Print errors and warnings, each with the first day it holds on where that is another one than `since`."""
    for each in remarks:
        if each.finding.grade is Grade.NOTE:
            continue  # `check` shows them, and --json does
        later = "" if each.day == since else FROM_DAY_ON.to(language).format(day=each.day)
        click.echo(f"{line(each.finding, language)}{later}")


def tell_refusal(refused: answers.Refused, since: date, language: Language, *, as_json: bool) -> Refused:
    """Print why something is refused; return what to end the command with."""
    if as_json:
        problems = [each.to_data() for each in refused.problems]
        echo_json({"refused": True, "problems": problems, "findings": findings(refused.remarks)})
    else:
        tell_remarks(refused.remarks, since, language)
    return Refused("\n".join([*(each.text(language) for each in refused.problems), NOT_DONE.to(language)]))


def findings(remarks: Iterable[answers.Remark]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [{**each.finding.to_data(), "day": each.day} for each in remarks]


def data_of(proposal: answers.Proposal) -> dict[str, Any]:
    """Return a proposal as plain data."""
    return {
        "id": proposal.id,
        "state": proposal.state,
        "documents": [
            {"document": each.document, "revision": each.number, "digest": each.digest} for each in proposal.items
        ],
        "since": proposal.period.since,
        "until": proposal.period.until,
        "author": proposal.author,
        "note": proposal.note,
        "created_at": proposal.created_at.isoformat(),
        "decided_at": None if proposal.decided_at is None else proposal.decided_at.isoformat(),
        "decided_by": proposal.decided_by,
        "remark": proposal.remark,
    }


@contextmanager
def undisturbed(language: Language) -> Iterator[None]:
    """Say of a record that takes no writes just now, or in which others publish all the time.

    Raises:
        Refused: it is so.
    """
    from webadmin.cli.opening import patient
    from webadmin.publishing.service import MovedError

    try:
        with patient(language):
            yield
    except MovedError as error:
        raise Refused(MOVED.to(language)) from error
