"""Whatever text comes in, an error of the language or a value comes out, with a place, and soon.

`python -m tests.fuzz` does the same with a hundred thousand texts.
"""

from __future__ import annotations

import pytest

from tests.fuzz import run, shortened
from tests.mutations import mutated
from tests.patience import HANGS


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_mutated_texts_break_no_promise(start: int) -> None:
    assert run(20261121, range(start, start + 100), limit=HANGS).failures == []


def test_the_same_number_gives_the_same_text() -> None:
    assert mutated(3, 14) == mutated(3, 14)


def test_a_failing_text_is_shortened_to_what_fails() -> None:
    assert shortened("if a(b) then [c] else d", lambda text: "[" in text and text.endswith("d")) == "[d"
