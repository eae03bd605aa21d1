"""What people write by the habit of other languages or of their own, and what this language has instead."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, normalize

from policy.errors import did_you_mean
from policy.messages import Said
from policy.values import Text

NOT = Text(zh="`not(…)`", en="`not(…)`")
CHOICE = "`if … then … else …`"

WORDS: dict[str, str] = {
    **dict.fromkeys(["且", "并且", "而且", "和", "与"], "`and`"),
    **dict.fromkeys(["或", "或者"], "`or`"),
    **dict.fromkeys(["非", "不"], "`not(…)`"),
    **dict.fromkeys(["大于", "超过"], "`>`"),
    **dict.fromkeys(["小于", "低于"], "`<`"),
    **dict.fromkeys(["大于等于", "不小于", "不低于"], "`>=`"),
    **dict.fromkeys(["小于等于", "不大于", "不超过"], "`<=`"),
    **dict.fromkeys(["等于", "是", "为"], "`=`"),
    **dict.fromkeys(["不等于", "不是"], "`!=`"),
    "属于": "`in`",
    "如果": "`if`",
    "那么": "`then`",
    "否则": "`else`",
}
"""Words of Chinese that stand for an operator."""

_LITERALS = {"none": "null", "null": "null", "nil": "null", "undefined": "null", "true": "true", "false": "false"}
_FUNCTIONS = {
    "average": "mean",
    "avg": "mean",
    "ceil": "ceiling",
    "concat": "concatenate",
    "endswith": "ends with",
    "indexof": "index of",
    "len": "string length",
    "length": "string length",
    "lower": "lower case",
    "match": "matches",
    "round": "round half up",
    "size": "count",
    "startswith": "starts with",
    "str": "string",
    "substr": "substring",
    "unique": "distinct values",
    "upper": "upper case",
}


def meant_name(name: str, known: Iterable[str]) -> dict[str, Said]:
    """Return what an unknown name is shown as, and what was probably meant."""
    plain = "".join(each for each in normalize("NFKC", name) if category(each) != "Cf")
    found: dict[str, Said] = {"found": shown(name)}
    literal = _LITERALS.get(plain.lower())
    if literal is not None:
        return {**found, "suggestion": literal}
    return {**found, "suggestion": plain} if plain not in ("", name) else {**found, **did_you_mean(name, known)}


def meant_function(name: str, known: Iterable[str], *, of_list: bool) -> dict[str, Said]:
    """Return the function that was probably meant; lists are counted, not measured."""
    habit = _FUNCTIONS.get(name.lower().replace("_", ""))
    if habit == "string length" and of_list:
        habit = "count"
    return did_you_mean(name, known) if habit is None else {"suggestion": habit}


def shown(text: str) -> str:
    """Return the text with what nobody can see named by its code point."""
    return "".join(f"⟨U+{ord(each):04X}⟩" if category(each) in ("Cf", "Cc") else each for each in text)
