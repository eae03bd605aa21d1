"""Texts made to hurt whoever reads them; every one is refused, and soon."""

from __future__ import annotations

from policy.yamltext.canonical import LARGEST

HOSTILE: dict[str, str | bytes] = {
    "brackets": "[" * 100_000,
    "braces": "{" * 100_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "deep blocks": "".join(" " * depth + "a:\n" for depth in range(1_000)),
    "tags": "- !!python/name:os.system a\n" * 20_000,
    "aliases": "a: &a [x]\n" + "".join(f"c{number}: [*a, *a]\n" for number in range(20_000)),
    "self reference": "a: &a [*a]\n",
    "merge keys": "a: {<<: b}\n" * 20_000,
    "duplicates": "a: b\n" * 50_000,
    "unknown keys": "policy: approval.a\n" + "".join(f"k{number}: 1\n" for number in range(80_000)),
    "unknown keys in braces": "{policy: approval.a, " + "".join(f"k{number}: 1, " for number in range(70_000)) + "}",
    "commas": "[" + "a," * 500_000,
    "lines": "- \n" * 340_000,
    "colons": ":" * 1_000_000,
    "too large": "a" * (LARGEST + 1),
    "nul": "a: b\n" * 10_000 + "\0",
    "not utf-8": b"a: \xff\xfe" * 100_000,
    "controls": "\x01" * 1_000_000,
    "comparisons": "a: > 1\n" * 100_000,
    "comparisons on one line": "{" + "a: > 1, " * 100_000,
    "open quotes": "a: '" * 200_000,
    "open expressions": "[" + "f(a," * 20_000 + "]",
    "cut comments": "- a #b\n" * 100_000,
    "digits": "policy: " + "9" * 1_000_000,
}
