"""Turns the parameters of a search into what the record is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from policy.model.document import PolicyDocument
from policy.model.words import named, shown
from policy.reader import read
from policy.values import Text
from webadmin.api.problems import Fault, ProblemError, meant, unknown_policy
from webadmin.api.shapes import SearchQuery
from webadmin.ids import is_id
from webadmin.store import naming, published
from webadmin.store.decisions import Query, term

_INSTANT = Text(
    "带时区的时刻，例如 `2026-03-01T09:00:00+08:00`（地址中 + 写成 %2B）",
    "an instant with offset such as `2026-03-01T09:00:00+08:00` (in an address + is written %2B)",
)


def query(connection: Connection, asked: SearchQuery) -> Query:
    """Return what the record is asked, cursor aside.

    Raises:
        ProblemError: an instant cannot be read, or a text is none the record can hold.
    """
    terms: list[tuple[str, ...]] = []
    for name in ("status", "outcome", "hit", "subject"):
        value = getattr(asked, name)
        if value is not None:
            terms.append((term(name, _whole(name, str(value))),))
    for name in ("person", "customer"):
        value = getattr(asked, name)
        if value is not None:
            terms.append(tuple(term(name, each) for each in naming.every_name(connection, name, _whole(name, value))))
    since, until = _instant("since", asked.since), _instant("until", asked.until)
    if since is not None and until is not None and until <= since:
        wanted = Text(f"晚于 `since`（{asked.since}）的时刻", f"an instant after `since`, which is {asked.since}")
        raise _wrong("until", str(asked.until), wanted)
    return Query(tuple(terms), policy_of(connection, asked.policy), since, until)


def sought(connection: Connection, asked: SearchQuery) -> frozenset[str]:
    """Return every name by which somebody or something is sought: ids, also those of other systems."""
    found = set() if asked.subject is None else {asked.subject}
    for name in ("person", "customer"):
        value = getattr(asked, name)
        if value is not None:
            found |= set(naming.every_name(connection, name, _whole(name, value)))
    return frozenset(found)


def policy_of(connection: Connection, name: str | None) -> str | None:
    """Return the policy asked for, None where any will do.

    Raises:
        ProblemError: there never was one of that name, so that nothing can be found.
    """
    if name is None:
        return None
    known = published.known_policies(connection)
    if _whole("policy", name) not in known:
        raise ProblemError("parameter", faults=(replace(unknown_policy(name, known), parameter="policy"),))
    return name


def check_names(connection: Connection, asked: SearchQuery) -> None:
    """Make sure that what nothing was found by is known: the output, and the rule, of any revision of the policy.

    Raises:
        ProblemError: no revision ever had it.
    """
    if asked.policy is None or (asked.outcome is None and asked.hit is None):
        return
    numbers = [each.number for each in published.every(connection, asked.policy)]
    known = [_names(published.revision_of(connection, asked.policy, number).text) for number in numbers]
    faults = []
    if asked.outcome is not None:
        outputs = dict.fromkeys(name for outputs, _ in known for name in outputs)
        faults += _unknown("outcome", asked.outcome.partition(":")[0], outputs, _OUTPUT)
    if asked.hit is not None:
        faults += _unknown("hit", asked.hit, dict.fromkeys(name for _, rules in known for name in rules), _RULE)
    if faults:
        raise ProblemError("parameter", faults=tuple(faults))


_OUTPUT, _RULE = Text("输出", "output"), Text("规则", "rule")


def _unknown(parameter: str, name: str, known: Collection[str], what: Text) -> list[Fault]:
    if name in known:
        return []
    listed, found = named(list(known)), shown(name)
    text = Text(
        f"该策略的任何修订都没有{what.zh} `{found}`，应为以下之一：{'、'.join(listed)}",
        f"no revision of the policy ever had the {what.en} `{found}`, expected one of {', '.join(listed)}",
    )
    return [meant(Fault(f"unknown-{what.en}", text, parameter=parameter), name, known)]


@lru_cache(256)
def _names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the outputs and the rules of a policy's text; none where it cannot be read any more."""
    document = read(text).document
    if not isinstance(document, PolicyDocument):
        return (), ()
    return tuple(document.outputs), tuple(each.id for each in document.rules)


def cursor_of(given: str | None) -> str | None:
    """Return the cursor of a page.

    Raises:
        ProblemError: it is none.
    """
    if given is not None and not is_id(given):
        raise wrong_cursor(given)
    return given


PAGE_BEFORE = Text("上一页的 `next`", "`next` of the page before")


def wrong_cursor(given: str, expected: Text = PAGE_BEFORE) -> ProblemError:
    """Return the problem of a cursor that is none."""
    return _wrong("cursor", given, expected)


def whole(name: str, value: str | None) -> str | None:
    """Return a parameter that a database can hold, None where it is left out.

    Raises:
        ProblemError: it holds control characters.
    """
    return None if value is None else _whole(name, value)


def _whole(name: str, value: str) -> str:
    """Return a text that a database can hold."""
    if "\0" in value or not value.isprintable():
        raise _wrong(name, value, Text("不含控制字符的文本", "a text without control characters"))
    return value


def _instant(name: str, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.utcoffset() is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _wrong(name, value, _INSTANT)


def _wrong(name: str, found: str, expected: Text) -> ProblemError:
    written = shown(found.encode("unicode_escape").decode() if not found.isprintable() else found)
    text = Text(f"此处是 `{written}`，应为{expected.zh}", f"found `{written}`, expected {expected.en}")
    return ProblemError("parameter", faults=(Fault("parameter-form", text, parameter=name),))


def is_instant(value: Any) -> bool:
    """Say whether a value is the text of an instant with offset that the record can hold."""
    try:
        return isinstance(value, str) and _instant("time", value) is not None
    except ProblemError:
        return False
