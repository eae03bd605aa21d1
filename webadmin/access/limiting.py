"""How many requests a token may send in a minute; each process counts for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
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


class Limiter:
    """Counts the requests of each token.

    Args:
        per_minute: For tokens that name no number of their own.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._window = FixedWindowRateLimiter(MemoryStorage())

    def take(self, holder: Holder, now: datetime) -> Allowance:
        """Count one request."""
        limit = RateLimitItemPerMinute(holder.per_minute or self._per_minute)
        granted = self._window.hit(limit, holder.token)
        stats = self._window.get_window_stats(limit, holder.token)
        reset = max(1, ceil(stats.reset_time - now.timestamp()))
        return Allowance(limit.amount, stats.remaining, reset, granted)
