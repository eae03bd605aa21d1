"""How many requests a token may send in a minute; each process counts for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import ceil
from threading import Lock
from time import time as seconds  # noqa: TID251 - the library counts windows in seconds since 1970

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from webadmin.access.tokens import Holder


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a token in this minute.

    Attributes:
        limit: Requests in a minute.
        left: Requests still allowed.
        reset: Seconds until all are allowed again.
        granted: Whether this request is one of them.
    """

    limit: int
    left: int
    reset: int
    granted: bool

    def headers(self) -> dict[str, str]:
        """Return the header fields that tell it (IETF draft "RateLimit header fields for HTTP")."""
        told = {
            "RateLimit-Policy": f'"token";q={self.limit};w=60',
            "RateLimit": f'"token";r={self.left};t={self.reset}',
        }
        return told if self.granted else {**told, "Retry-After": str(self.reset)}


class _Counts(Storage):
    """Counts in this process; the library's own keeps a thread for what has passed, started anew all the time.

    There are as many counts as tokens that were used, so what has passed is just overwritten.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what it may raise: nothing of its own."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, from nothing where the window has passed; return the count."""
        now = seconds()
        with self._lock:
            count, end = self._counts.get(key, (0, 0))
            if end <= now:
                count, end = 0, now + expiry
            self._counts[key] = (count + amount, end)
            return count + amount

    def get(self, key: str) -> int:
        """Return the count."""
        count, end = self._counts.get(key, (0, 0))
        return count if end > seconds() else 0

    def get_expiry(self, key: str) -> float:
        """Return the end of the window."""
        return self._counts.get(key, (0, seconds()))[1]

    def check(self) -> bool:
        """Say that it works."""
        return True

    def reset(self) -> int:
        """Forget all counts."""
        forgotten, self._counts = len(self._counts), {}
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._counts.pop(key, None)


class Limiter:
    """Counts the requests of each token.

    Args:
        per_minute: For tokens that name no number of their own.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._window = FixedWindowRateLimiter(_Counts())

    def take(self, holder: Holder, now: datetime) -> Allowance:
        """Count one request."""
        limit = _per_minute(holder.per_minute or self._per_minute)
        granted = self._window.hit(limit, holder.token)
        stats = self._window.get_window_stats(limit, holder.token)
        reset = max(1, ceil(stats.reset_time - now.timestamp()))
        return Allowance(limit.amount, stats.remaining, reset, granted)


@lru_cache
def _per_minute(amount: int) -> RateLimitItemPerMinute:
    return RateLimitItemPerMinute(amount)
