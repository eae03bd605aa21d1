"""Where two decisions differ, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policy.model.canonical import canonical_json
from policy.model.reading import pointed


def differences(recorded: Any, now: Any, pointer: str = "") -> Iterator[dict[str, Any]]:
    """Yield every place where two pieces of plain data differ; a side that has nothing there is left out."""
    if isinstance(recorded, Mapping) and isinstance(now, Mapping):
        for name in sorted({*recorded, *now}):
            yield from _of_member(recorded, now, name, pointed(pointer, name))
    elif isinstance(recorded, list) and isinstance(now, list):
        here, there = dict(enumerate(recorded)), dict(enumerate(now))
        for index in range(max(len(recorded), len(now))):
            yield from _of_member(here, there, index, pointed(pointer, index))
    elif canonical_json(recorded) != canonical_json(now):
        yield {"pointer": pointer, "recorded": recorded, "now": now}


def _of_member(
    recorded: Mapping[Any, Any], now: Mapping[Any, Any], name: Any, pointer: str
) -> Iterator[dict[str, Any]]:
    if name in recorded and name in now:
        yield from differences(recorded[name], now[name], pointer)
    elif name in recorded:
        yield {"pointer": pointer, "recorded": recorded[name]}
    else:
        yield {"pointer": pointer, "now": now[name]}
