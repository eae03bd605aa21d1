"""Measures how soon hostile texts are refused: `python -m bench.refusals`.

Rule sets are to be refused within 50 ms, bodies of requests within 100 ms, a thousand items of which none can be taken
within a second, on an idle machine. Milliseconds of the processor, the least of five rounds; bodies go through the
whole application.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import TypeVar

from werkzeug.test import TestResponse

from bench.http import DECIDE, settings, token
from policy.reader import read
from tests.bodies import BODIES, MISSPELT
from tests.hostile import HOSTILE
from webadmin.access.scopes import Scope
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
def asking() -> Iterator[Callable[[str, bytes], TestResponse]]:
    """Give what sends a body to an address of an application."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(folder))
        client = app.test_client()
        secret = token(app.extensions["record"], Scope.DECIDE, Scope.EVENTS)
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        yield lambda path, body: client.post(path, data=body, headers=headers)
        close(app)


def main() -> int:
    """Print a line for each text; 1 when one takes longer than the aim."""
    logs.set_up(as_json=True)
    late = table("characters", 50, HOSTILE, lambda source: read(source).document is None)
    with asking() as asked:
        late += table("bytes", 100, BODIES, lambda body: 400 <= asked(DECIDE, body).status_code < 500)
        bodies = {name: body for name, (_, body) in MISSPELT.items()}
        paths = {body: path for path, body in MISSPELT.values()}
        late += table("bytes", 1000, bodies, lambda body: asked(paths[body], body).status_code == 200)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
