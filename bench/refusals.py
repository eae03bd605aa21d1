"""Measures how soon hostile texts are refused: `python -m bench.refusals`.

The aim is 50 ms for each on an idle machine. Milliseconds of processor time, the least of five rounds.
"""

from __future__ import annotations

import sys
import time

from policy.reader import read
from tests.hostile import HOSTILE

AIM = 50
ROUNDS = 5


def milliseconds(source: str | bytes) -> float:
    """Return the least time it takes to refuse a text."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        refused = read(source).document is None
        taken.append((time.process_time() - begun) * 1000)
        if not refused:
            msg = "a hostile text was read"
            raise AssertionError(msg)
    return min(taken)


def main() -> int:
    """Print a line for each text; 1 when one takes longer than the aim."""
    late = 0
    for name, source in HOSTILE.items():
        taken = milliseconds(source)
        late += taken > AIM
        sys.stdout.write(f"{name:26} {len(source):>9,} characters {taken:8.1f} ms{'' if taken <= AIM else '  late'}\n")
    sys.stdout.write(f"{len(HOSTILE) - late} of {len(HOSTILE)} within {AIM} ms\n")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
