"""Measures how soon hostile texts are refused: `python -m bench.refusals`.

Rule sets are to be refused within 50 ms, bodies of requests within 100 ms, on an idle machine. Milliseconds of the
processor, the least of five rounds; bodies go through the whole application.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import TypeVar

from bench.http import DECIDE, settings, token
from policy.reader import read
from tests.bodies import BODIES
from tests.hostile import HOSTILE
from webadmin.app import close, create_app
from webadmin.telemetry import logs

ROUNDS = 5
Given = TypeVar("Given", bound=Sized)


def milliseconds(refused: Callable[[Given], bool], given: Given) -> float:
    """Return the least time it takes to refuse something."""
    gc.collect()
    gc.freeze()
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        done = refused(given)
        taken.append((time.process_time() - begun) * 1000)
        if not done:
            msg = "something hostile was read"
            raise AssertionError(msg)
    return min(taken)


def table(what: str, aim: float, given: Mapping[str, Given], refused: Callable[[Given], bool]) -> int:
    """Print a line for each; return how many take longer than the aim."""
    late = 0
    for name, each in given.items():
        taken = milliseconds(refused, each)
        late += taken > aim
        sys.stdout.write(f"{name:26} {len(each):>9,} {what} {taken:8.1f} ms{'' if taken <= aim else '  late'}\n")
    sys.stdout.write(f"{len(given) - late} of {len(given)} within {aim} ms\n\n")
    return late


@contextmanager
def asking() -> Iterator[Callable[[bytes], bool]]:
    """Give what sends a body to an application and says whether it refused it."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(folder))
        client = app.test_client()
        headers = {"Authorization": f"Bearer {token(app.extensions['record'])}", "Content-Type": "application/json"}
        yield lambda body: 400 <= client.post(DECIDE, data=body, headers=headers).status_code < 500
        close(app)


def main() -> int:
    """Print a line for each text; 1 when one takes longer than the aim."""
    logs.set_up(as_json=True)
    late = table("characters", 50, HOSTILE, lambda source: read(source).document is None)
    with asking() as refused:
        late += table("bytes", 100, BODIES, refused)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
