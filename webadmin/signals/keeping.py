"""Writes how signals should stand: new ones are raised, others change, those without a match are withdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from policy.values import Text
from webadmin.signals.judging import Judged
from webadmin.signals.stretches import Stretch
from webadmin.store import signals
from webadmin.store.signals import Finding, Kept, State, Unit
from webadmin.store.writer import Transaction

GONE = Text("这些事件不再符合该模式", "its events no longer meet the pattern")
LATE = Text(
    "因后来上报的事件，这些事件不再符合该模式",
    "its events no longer meet the pattern, because of an event that was told later",
)
TAKEN = Text("其事件已并入另一个信号", "its events are part of another signal now")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of looking at one stretch.

    Attributes:
        new: Ids and times of the events because of which it was looked at.
    """

    unit: Unit
    stretch: Stretch
    judged: Judged
    new: tuple[tuple[str, datetime], ...]


def keep(transaction: Transaction, seen: Sequence[Seen], now: datetime) -> Counter[State]:
    """Write what differs from the record.

    Args:
        transaction: What it happens in.
        seen: Of stretches that have no event in common.
        now: The instant.

    Returns:
        How many signals were put into which state.
    """
    transaction.flush()
    done: Counter[State] = Counter()
    for each in seen:
        there = {
            kept.finding.identity: kept
            for kept in signals.kept(transaction.connection, each.unit, each.stretch.since, each.stretch.until)
        }
        for finding in each.judged.findings:
            before = there.pop(finding.identity, None)
            if before is None:
                signals.raise_(transaction, each.unit, finding, now)
            elif _stays(before, finding, is_refused=each.judged.is_refused):
                continue
            else:
                signals.change(transaction, before, finding, now)
            done[finding.state] += 1
        if not each.judged.is_refused:
            done[State.WITHDRAWN] += _withdraw(transaction, each, list(there.values()), now)
    return +done


def _stays(before: Kept, finding: Finding, *, is_refused: bool) -> bool:
    """Say whether a signal needs no change: that the second engine cannot be asked again takes nothing back."""
    there = before.finding
    if there.state is State.WITHDRAWN:
        return False
    if is_refused:
        return there.reason == finding.reason
    same = there.events == finding.events
    return (same and finding.state is State.UNAVAILABLE) or replace(there, led=()) == finding


def _withdraw(transaction: Transaction, seen: Seen, rest: Sequence[Kept], now: datetime) -> int:
    done = 0
    for kept in rest:
        if kept.finding.state is State.WITHDRAWN:
            continue
        signals.change(transaction, kept, _withdrawn(seen, kept), now)
        done += 1
    return done


def _withdrawn(seen: Seen, kept: Kept) -> Finding:
    there = kept.finding
    begin, end = there.first_time.replace(microsecond=0), there.last_time.replace(microsecond=999_999)
    led = tuple(name for name, time in seen.new if begin <= time <= end and name not in there.events)
    taken = any(not set(there.events).isdisjoint(each.events) for each in seen.judged.findings)
    reason = TAKEN if taken else LATE if led else GONE
    return replace(there, state=State.WITHDRAWN, reason=reason, led=led)
