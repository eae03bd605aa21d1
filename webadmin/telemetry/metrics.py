"""Figures for Prometheus; each application counts its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from webadmin.decisions.service import clock
from webadmin.store import signals
from webadmin.store.record import Record

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The figures of one application.

    Args:
        record: Whose queue and commits are counted, and whose events are looked at.
        available: Says whether the second engine answers here.
    """

    def __init__(self, record: Record, available: Callable[[], bool]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "fairlead_request_seconds",
            "Requests and how long they took",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._decisions = Counter(
            "fairlead_decisions", "Decisions made and kept", ("policy", "status"), registry=self._registry
        )
        waiting = Gauge("fairlead_writes_waiting", "Pieces of work waiting for their commit", registry=self._registry)
        waiting.set_function(lambda: record.writer.waiting)
        groups = Histogram(
            "fairlead_commit_size",
            "Pieces of work in one commit",
            buckets=_SIZES,
            registry=self._registry,
        )
        record.writer.observe = groups.observe
        engine = Gauge(
            "fairlead_second_engine_available", "Whether the second engine answers here", registry=self._registry
        )
        engine.set_function(available)
        self._registry.register(_Signals(record))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def decided(self, policy: str, status: str) -> None:
        """Count one decision."""
        self._decisions.labels(policy, status).inc()

    def text(self) -> bytes:
        """Return the figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Signals(Collector):
    """Signals by state, and how far behind looking at events is; nothing while the database cannot be read."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name no figures beforehand, so that nothing is read when this is registered."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures."""
        try:
            with self._record.engine.connect() as connection:
                behind, since = signals.behind(connection)
                counts = signals.counts(connection)
        except (OSError, SQLAlchemyError):
            return
        seconds = 0 if since is None else max(0, (clock() - since).total_seconds())
        yield GaugeMetricFamily("fairlead_events_behind", "Events nobody has looked at for patterns", behind)
        yield GaugeMetricFamily("fairlead_events_behind_seconds", "Age of the oldest of them", seconds)
        states = GaugeMetricFamily("fairlead_signals", "Signals by state", labels=("state",))
        for state, count in counts.items():
            states.add_metric((str(state),), count)
        yield states
