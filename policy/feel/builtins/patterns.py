"""Regular expressions of XPath on RE2: never slower than linear in the text.

`policy.feel.builtins.xpath` translates what the two write differently; what either has no match for is refused with a
reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import re2

from policy.errors import EvaluationError
from policy.feel.builtins.xpath import translated
from policy.feel.problems import fail
from policy.feel.values import LONGEST_STRING, in_force, price, too_many_steps
from policy.values import Text

_FLAGS = frozenset("smixq")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 20
_LONGEST = 2000
_MOST_LOOKED = 20_000_000  # instructions of a pattern times characters
_REFUSED = 10_000
_SMALLEST = 40
_FAST = 256
_SLOW = 400_000
_MATCH = 16
_MATCHES = 64
_REPLACED = re.compile(r"\\(.)|\$(\d+)|([\\$])|([^\\$]+)", re.DOTALL)
_REASONS = (
    ("missing ]", "方括号没有闭合", "a bracket is not closed:"),
    ("missing )", "缺少右括号", "a closing parenthesis is missing:"),
    ("unexpected )", "多余的右括号", "a closing parenthesis too many:"),
    ("missing argument to repetition operator", "重复符号之前没有内容", "nothing to repeat before"),
    ("no argument for repetition operator", "重复符号之前没有内容", "nothing to repeat before"),
    ("bad repetition operator", "重复符号相连", "repetition signs in a row:"),
    ("invalid repetition size", "重复次数过多或次序颠倒", "too many repetitions, or in the wrong order:"),
    ("bad repetition size", "重复次数过多或次序颠倒", "too many repetitions, or in the wrong order:"),
    ("invalid perl operator", "只支持 `(…)` 与 `(?:…)` 两种分组", "no group but `(…)` and `(?:…)` is supported:"),
    ("invalid escape sequence", "未知的转义", "unknown escape"),
    ("invalid character class range", "字符类的范围有误", "a wrong range in a class:"),
    ("invalid character class", "字符类有误", "a wrong class:"),
    ("invalid named capture group", "分组名有误", "a wrong name of a group:"),
    ("trailing \\", "末尾的反斜杠没有转义对象", "a backslash at the end escapes nothing"),
    ("pattern too large", "展开后过大", "too large when written out"),
    ("back-reference", "不支持反向引用", "back-references are not supported:"),
    ("`[` in a class", "字符类中的 `[` 须写作 `\\[`", "write `[` in a class as `\\[`"),
    ("a class of nothing", "字符类为空", "a class of nothing"),
    ("a class that subtracts", "相减的字符类中不支持", "not supported in a class that subtracts another:"),
)
"""How RE2's reasons and those below begin, and what they are in zh and en; what follows is named behind."""


def compiled(pattern: str, flags: str, text: str = "") -> Any:
    """Return the compiled pattern; None with a reason when it or a flag cannot be carried out.

    Raises:
        EvaluationError: it takes too long to compile, or to look for in `text`.
    """
    made = _compiled(pattern, flags)
    _pay(pattern, flags, made, len(text))
    if isinstance(made, Text):
        return fail("feel-pattern", found=pattern[:80], reason=made)
    return made


def _pay(pattern: str, flags: str, made: Any, length: int) -> None:
    """Charge for compiling, once in an evaluation whether it is known already or not, and for looking."""
    size = _REFUSED if isinstance(made, Text) else _size(made)
    if size * length > _MOST_LOOKED:
        raise too_many_steps()
    budget = in_force()
    if budget is None:
        return
    if (pattern, flags) not in budget.patterns:
        budget.patterns.add((pattern, flags))
        budget.spend(size + _SMALLEST)
    budget.spend(1 + length // _FAST + size * size * length // _SLOW)


def _size(made: Any) -> int:
    return int(made._regexp.ProgramSize())  # noqa: SLF001 - the wrapper has no word for it


def weight(pattern: str, flags: str) -> int:
    """Return the steps that compiling takes."""
    made = _compiled(pattern, flags)
    return _SMALLEST + (_REFUSED if isinstance(made, Text) else _size(made))


def refusal(pattern: str, flags: str) -> Text | None:
    """Return why the pattern or a flag cannot be carried out; None when both can."""
    made = _compiled(pattern, flags)
    return made if isinstance(made, Text) else None


Search = Callable[[bytes], bool]
"""Says whether a pattern is found in UTF-8 bytes, which spare RE2 the places of the match in code points."""

ENCODED = "({}).encode('utf-8', 'replace')"
"""Source of the bytes of a text; halves of surrogate pairs, which RE2 cannot read, become `?`."""


def searching(pattern: str, flags: str, text: str = "") -> Search | None:
    """Return what looks for the pattern; None with a reason when it or a flag cannot be carried out.

    Raises:
        EvaluationError: it takes too long to compile, or to look for in `text`.
    """
    made = _searching(pattern, flags)
    _pay(pattern, flags, _compiled(pattern, flags), len(text))
    if isinstance(made, Text):
        return fail("feel-pattern", found=pattern[:80], reason=made)  # type: ignore[no-any-return]
    return made


@lru_cache(maxsize=512)
def _searching(pattern: str, flags: str) -> Search | Text:
    made = _compiled(pattern, flags)
    return made if isinstance(made, Text) else search_of(made)


def _anywhere() -> Any:
    """Return how RE2 itself is told to look everywhere; None where its wrapper cannot be passed by."""
    try:
        anywhere = re2._re2.RE2.Anchor.UNANCHORED  # noqa: SLF001 - tried out here
        match = re2.compile("b")._regexp.Match  # noqa: SLF001 - tried out here
        found = [match(anywhere, text, 0, len(text)) for text in (b"abc", b"a")]
    except (AttributeError, TypeError):
        return None
    return anywhere if found == [[(1, 2)], [_NOWHERE]] else None


_NOWHERE = (-1, -1)
_ANYWHERE = _anywhere()


def search_of(made: Any, anywhere: Any = _ANYWHERE) -> Search:
    """Return what looks for a compiled pattern, past RE2's wrapper, which takes longer than RE2, where that goes."""
    if anywhere is None:
        return lambda text: made.search(text) is not None
    match = made._regexp.Match  # noqa: SLF001 - tried out above
    return lambda text: match(anywhere, text, 0, len(text))[0] != _NOWHERE


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    if not _FLAGS.issuperset(flags):
        return Text(zh=f"标志只能是 s、m、i、x、q，而不是 `{flags}`", en=f"flags are s, m, i, x and q, not `{flags}`")
    if len(pattern) > _LONGEST:
        return Text(zh=f"长于 {_LONGEST} 个字符", en=f"it is longer than {_LONGEST} characters")
    try:
        text = re2.escape(pattern) if "q" in flags else translated(pattern, free="x" in flags, dots="s" in flags)
        return re2.compile("".join(f"(?{flag})" for flag in "smi" if flag in flags) + text, _OPTIONS)
    except (re2.error, ValueError) as error:
        why = error.args[0]
        return _reason(why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why))


def _reason(said: str) -> Text:
    """Return RE2's words, or our own of the same form, as a sentence's part in both languages."""
    for begin, zh, en in _REASONS:
        if said.startswith(begin):
            at = said.removeprefix(begin).removeprefix(": ").strip()
            return Text(zh=f"{zh}：`{at}`" if at else zh, en=f"{en} `{at}`" if at else en)
    return Text(zh=f"无法编译（{said}）", en=f"it cannot be compiled ({said})")


def encodable(text: str) -> str:
    """Return the text with halves of surrogate pairs, which RE2 cannot read, as `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def replacement(text: str, groups: int, *, literal: bool) -> Any:
    """Read a replacement: texts, and numbers of groups after `$`; None with a reason when it is malformed."""
    if literal:
        return [text]
    parts: list[str | int] = []
    for found in _REPLACED.finditer(text):
        escaped, number, odd, plain = found.groups()
        if plain is not None:
            parts.append(plain)
        elif number is not None:
            parts += _group(number, groups)
        elif odd is not None or escaped not in ("\\", "$"):
            return fail("feel-replacement", found=text[:80])
        else:
            parts.append(escaped)
    return parts


def _group(number: str, groups: int) -> list[str | int]:
    """Read as many digits as make the number of a group, at least one; the rest are text."""
    group = length = 0
    for digit in number:
        longer = group * 10 + int(digit)
        if length and longer > groups:
            break
        group, length = longer, length + 1
    rest = number[length:]
    return [*([group] if group <= groups else []), *([rest] if rest else [])]


def replaced(pattern: Any, written: list[str | int], text: str) -> str:
    """Return the text with every match replaced.

    Raises:
        EvaluationError: it grows longer than a text may be, or takes too long.
    """
    parts: list[str] = []
    at = length = 0
    for found in _each(pattern, text, len(written)):
        begin = len(parts)
        parts.append(text[at : found.start()])
        parts += [each if isinstance(each, str) else found.group(each) or "" for each in written]
        at = found.end()
        length += sum(map(len, parts[begin:]))
        if length > LONGEST_STRING:
            code = "feel-string-too-long"
            raise EvaluationError(code, found=length, expected=LONGEST_STRING)
    parts.append(text[at:])
    return "".join(parts)


def _each(pattern: Any, text: str, parts: int) -> Iterator[Any]:
    """Yield every match, charging for some at a time."""
    number, each = 0, _MATCH + 5 * parts
    some = max(_MATCHES * _MATCH // each, 1)
    for number, found in enumerate(pattern.finditer(text), 1):
        if number % some == 0:
            price(some * each)
        yield found
    price(number % some * each)


def parts(pattern: Any, text: str) -> list[str]:
    """Split the text at every match."""
    found: list[str] = []
    at = 0
    for each in _each(pattern, text, 1):
        if each.end() > each.start():
            found.append(text[at : each.start()])
            at = each.end()
    found.append(text[at:])
    return found
