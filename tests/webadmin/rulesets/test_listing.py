"""The text of a document line by line."""

from __future__ import annotations

import pytest

from policy.errors import Finding, Place
from webadmin.rulesets.listing import lines

TEXT = 'policy: a.b  # why\ntitle: {zh: 甲, en: "B"}\n\nrules: []\n'


@pytest.mark.parametrize("text", [TEXT, "", "\n", "no newline", "a: [\n  {", "\tx\r", "&a *a !!b", "a: 'b\n  c'\n"])
def test_every_character_is_shown(text: str) -> None:
    shown = "\n".join("".join(part for part, _ in line.parts) for line in lines(text, ()))

    assert shown == text.removesuffix("\n").replace("\r", "\n").removesuffix("\n")


def test_keys_comments_and_quoted_texts_have_their_colours() -> None:
    colours = {(part.strip(), name) for line in lines(TEXT, ()) for part, name in line.parts if name}

    assert {("policy", "key"), ("# why", "comment"), ('"B"', "quoted")} <= colours


def test_findings_stand_at_their_lines_and_never_get_lost() -> None:
    findings = [Finding("unknown-key", Place("x", line, 1), {"found": "x", "expected": ()}) for line in (2, 2, 99)]

    assert [len(line.findings) for line in lines(TEXT, findings)] == [0, 2, 0, 1]
    assert [len(line.findings) for line in lines("", findings)] == [3]
