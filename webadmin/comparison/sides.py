"""The two revisions that are compared: what is in effect today or on a day, the draft, or any revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from policy.engine import NamedText, Policy, Prepared, prepare
from policy.errors import Grade
from policy.values import Language, Text
from webadmin.library import DRAFT, LIVE
from webadmin.store import drafts, published, revisions
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError

DAY = "day"
"""What was in effect on a day, besides `live`, `draft` and the number of a revision."""

LONGEST_NUMBER = 6

NOT_IN_EFFECT = Text(
    "策略“{policy}”在 {day} 没有生效的版本", "no revision of the policy `{policy}` is in effect on {day}"
)
NO_DAY = Text("请填写日期：要比较的是该日生效的版本", "choose the day: what was in effect on it is to be compared")
NO_DRAFT = Text("策略“{policy}”没有草稿", "the policy `{policy}` has no draft")
NO_REVISION = Text("策略“{policy}”没有第 {number} 版", "the policy `{policy}` has no revision {number}")
UNSOUND = Text("这一版无法加载：{first}", "this revision does not load: {first}")


class SideError(Exception):
    """A revision cannot be compared.

    Attributes:
        text: Why.
    """

    def __init__(self, text: Text, **values: object) -> None:
        self.text = Text(text.zh.format(**values), text.en.format(**values))
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two.

    Attributes:
        of: `live`, `day`, `draft`, or the number of a revision.
        day: The day, for `day`.
        number: Number of the revision; None for a draft.
        digests: Document → digest of everything it is decided by; the draft itself is not among them.
        text: Of the draft; None for what is a revision.
        policy: Ready to decide.
    """

    of: str
    day: date | None
    number: int | None
    digests: Mapping[str, str]
    text: str | None
    policy: Policy

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, from which `restored` makes the very same policy again."""
        day = None if self.day is None else self.day.isoformat()
        return {"of": self.of, "day": day, "number": self.number, "digests": dict(self.digests), "text": self.text}


def side(record: Record, connection: Connection, name: str, of: str, on: date | None, today: date) -> Side:
    """Return one of the two.

    Args:
        record: Where from.
        connection: To it.
        name: Id of the policy.
        of: `live`, `day`, `draft`, or the number of a revision.
        on: The day, for `day`.
        today: The day it is: all other documents are those in effect on it.

    Raises:
        SideError: there is no such revision, or it does not load.
    """
    if of == DAY and on is None:
        raise SideError(NO_DAY)
    day = on if of == DAY and on is not None else today
    effective = record.catalogue.in_effect(connection, day)
    digests = {each.document: each.digest for each in effective.values()}
    text, number = None, None
    if of in (LIVE, DAY):
        if name not in effective:
            raise SideError(NOT_IN_EFFECT, policy=name, day=day.isoformat())
        number = effective[name].number
    elif of == DRAFT:
        found = drafts.find(connection, name)
        if found is None:
            raise SideError(NO_DRAFT, policy=name)
        text = str(found.text)
        digests.pop(name, None)
    else:
        row = _revision(connection, name, of)
        number, digests[name] = row.number, row.digest
    policy = _policy(_prepared(record, connection, digests, name, text), name)
    return Side(of, on if of == DAY else None, number, digests, text, policy)


def restored(record: Record, connection: Connection, name: str, data: Mapping[str, Any]) -> Policy:
    """Return the policy of a side that was kept as plain data.

    Raises:
        SideError: one of its texts is not kept any more, or does not load.
    """
    return _policy(_prepared(record, connection, data["digests"], name, data["text"]), name)


def _revision(connection: Connection, name: str, written: str) -> Any:
    if not (written.isascii() and written.isdecimal() and len(written) <= LONGEST_NUMBER):
        raise SideError(NO_REVISION, policy=name, number=written[:20])
    try:
        return published.revision_of(connection, name, int(written))
    except RefusedError as error:
        raise SideError(NO_REVISION, policy=name, number=written) from error


def _prepared(
    record: Record, connection: Connection, digests: Mapping[str, str], name: str, text: str | None
) -> Prepared:
    if text is None:
        return record.catalogue.prepared(connection, digests)
    others = revisions.texts(connection, digests)
    return _compiled(tuple(sorted({**others, name: text}.items())))


@lru_cache(maxsize=8)
def _compiled(texts: tuple[tuple[str, str], ...]) -> Prepared:
    return prepare(NamedText(name, text) for name, text in texts)


def _policy(prepared: Prepared, name: str) -> Policy:
    policy = prepared.policies.get(name)
    if policy is not None:
        return policy
    errors = [each for each in prepared.findings if each.grade is Grade.ERROR]
    own = [each for each in errors if each.place.source == name] or errors
    said = {each: f"{own[0].place}: {own[0].text(each)}" if own else name for each in Language}
    raise SideError(Text(UNSOUND.zh.format(first=said[Language.ZH]), UNSOUND.en.format(first=said[Language.EN])))
