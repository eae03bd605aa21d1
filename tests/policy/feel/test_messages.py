"""Every code has its sentences, and every sentence is used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from policy import feel
from policy.messages.feel import MESSAGES

SOURCES = sorted(Path(feel.__file__).parent.rglob("*.py"))
CODE = re.compile(r"""["'](feel-[a-z-]+|[a-z]+-without-[a-z]+)["']""")


def test_the_codes_used_are_those_with_sentences() -> None:
    used = {code for source in SOURCES for code in CODE.findall(source.read_text("utf-8"))}

    assert used == set(MESSAGES)


def test_both_languages_name_the_same_values() -> None:
    def named(template: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(template) if name}

    differing = [code for code, message in MESSAGES.items() if named(message.zh) != named(message.en)]

    assert differing == []
