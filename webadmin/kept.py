"""Things that are made once and kept, those used last, for all threads of a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things made once, those used last; safe to share between threads.

    Args:
        most: Things that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._things: OrderedDict[Any, Thing] = OrderedDict()
        self._made: dict[Any, tuple[Lock, int]] = {}

    @contextmanager
    def making(self, key: Any) -> Iterator[None]:
        """Let one thread at a time make the thing of a key; threads that make others do not wait."""
        with self._lock:
            own, waiting = self._made.get(key, (Lock(), 0))
            self._made[key] = (own, waiting + 1)
        try:
            with own:
                yield
        finally:
            with self._lock:
                _, waiting = self._made.pop(key)
                if waiting > 1:
                    self._made[key] = (own, waiting - 1)

    def get(self, key: Any) -> Thing | None:
        """Return the thing of a key, None where it is not kept."""
        with self._lock:
            found = self._things.get(key)
            if found is not None:
                self._things.move_to_end(key)
            return found

    def keep(self, key: Any, thing: Thing) -> None:
        """Keep the thing of a key, and let go what was not used for longest."""
        with self._lock:
            self._things[key] = thing
            while len(self._things) > self._most:
                self._things.popitem(last=False)
