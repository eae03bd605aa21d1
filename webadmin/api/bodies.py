"""Takes bodies apart: quickly where they are as they should be, else slowly, with everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from policy.errors import FactsError
from policy.model import decoding
from policy.model.events import read_events
from policy.model.facts import LARGEST
from webadmin.api.fitting import fitted
from webadmin.api.parsing import check_size, parsed
from webadmin.api.problems import ProblemError, events_problem
from webadmin.api.shapes import BatchBody, DecideBody
from webadmin.decisions.service import Asked


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value of JSON that has been parsed strictly."""

    value: Any


_DECIDE = msgspec.json.Decoder(DecideBody)
_BATCH = msgspec.json.Decoder(BatchBody)
_FAILURES = (msgspec.MsgspecError, UnicodeError, RecursionError)


def asked(policy: str, body: bytes | Parsed, *, explain: bool) -> Asked:
    """Read what is asked of a policy.

    Args:
        policy: Its id.
        body: JSON, or what `items` parsed already.
        explain: Whether the explanation is wanted.

    Raises:
        ProblemError: the body cannot be read; carries everything that is wrong with it, facts aside.
    """
    if isinstance(body, Parsed):
        return _slowly(policy, body.value, explain=explain)
    check_size(body)
    try:
        body.decode()  # raw JSON is not looked into
        read = _DECIDE.decode(body)
        facts = bytes(read.facts)
        events = b"" if isinstance(read.events, msgspec.UnsetType) else bytes(read.events)
        quick = len(facts) > LARGEST or (  # the engine refuses such facts without looking into them
            decoding.members(body) == _top(read) + decoding.members(facts) + decoding.members(events)
        )
    except _FAILURES:
        return _slowly(policy, parsed(body), explain=explain)
    if not quick or events[:1] not in (b"", b"["):
        return _slowly(policy, parsed(body), explain=explain)
    return Asked(policy, facts, read.as_of, _events(_parsed_events(events)) if events else (), explain)


def _parsed_events(events: bytes) -> Any:
    try:
        return parsed(events)
    except ProblemError as problem:
        raise problem.within("/events") from None


def _top(read: DecideBody) -> int:
    """Return how many members of the body itself were decoded, were each there once.

    What is null counts as not there, so such a body is read slowly.
    """
    return 1 + (read.as_of is not None) + (not isinstance(read.events, msgspec.UnsetType))


def _slowly(policy: str, value: Any, *, explain: bool) -> Asked:
    shaped = fitted(value, DecideBody)
    return Asked(policy, value["facts"], shaped.as_of, _events(value.get("events")), explain)


def _events(given: Any) -> Sequence[Mapping[str, Any]]:
    """Return the subject's events, checked."""
    try:
        return read_events(given or ())
    except FactsError as error:
        raise events_problem(error) from error


def items(body: bytes) -> Sequence[bytes | Parsed]:
    """Return the items of a batch: as they stand in the body, or parsed where it had to be read slowly.

    Raises:
        ProblemError: the batch as a whole cannot be read.
    """
    check_size(body)
    try:
        body.decode()
        read = [bytes(each) for each in _BATCH.decode(body).items]
        if decoding.members(body) == 1 + sum(map(decoding.members, read)):
            return read
    except _FAILURES:
        pass
    whole = parsed(body)
    fitted(whole, BatchBody)
    return [Parsed(each) for each in whole["items"]]
