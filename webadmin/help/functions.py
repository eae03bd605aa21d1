"""The reference of functions for rule authors, made from the table of functions and from what is written of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.feel.builtins.described import DESCRIPTIONS, SORTS, WRITTEN_OUT, Sort
from policy.feel.builtins.nullrules import NULL_RULES
from policy.feel.builtins.registry import BUILTINS, Parameter, parts_of
from policy.values import Language, Text


@dataclass(frozen=True, slots=True)
class Argument:
    """What a function takes at one place: its name in a call, and what may stand there."""

    name: str
    takes: str


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function: the call, what it takes, and what it gives."""

    call: str
    arguments: tuple[Argument, ...]
    gives: str


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and what it gives; in policies too, where that differs."""

    text: str
    gives: str
    in_policies: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        address: Where it stands on the page.
        name: As written in a call.
        meaning: One sentence.
        forms: The ways to call it.
        null_rule: Sentences: what it gives where something is missing or does not fit.
        in_policies: How policies read that; empty where they read it alike.
        example: How it is used.
        null_example: Its null rule in use.
    """

    address: str
    name: str
    meaning: str
    forms: tuple[Form, ...]
    null_rule: tuple[str, ...]
    in_policies: str
    example: Example
    null_example: Example


@dataclass(frozen=True, slots=True)
class Group:
    """Functions of one sort, by name."""

    address: str
    title: str
    functions: tuple[Function, ...]


_TITLES = {
    Sort.TEXT: Text(zh="文本", en="Text"),
    Sort.NUMBERS: Text(zh="数字", en="Numbers"),
    Sort.LISTS: Text(zh="列表", en="Lists"),
    Sort.LOGIC: Text(zh="是与否", en="Yes and no"),
    Sort.CONTEXTS: Text(zh="上下文", en="Contexts"),
    Sort.TEMPORAL: Text(zh="日期与时间", en="Days and times"),
    Sort.RANGES: Text(zh="区间", en="Ranges"),
    Sort.CONVERSION: Text(zh="转换", en="Conversion"),
    Sort.TABLES: Text(zh="参照表（本产品的函数）", en="Reference tables (our own)"),
}
_KINDS = {
    "number": Text(zh="数字", en="number"),
    "string": Text(zh="文本", en="text"),
    "boolean": Text(zh="true 或 false", en="true or false"),
    "date": Text(zh="日期", en="date"),
    "time": Text(zh="时间", en="time of day"),
    "date and time": Text(zh="日期时间", en="date and time"),
    "days": Text(zh="时长（天与时间）", en="duration of days and time"),
    "months": Text(zh="时长（年与月）", en="duration of years and months"),
    "list": Text(zh="列表", en="list"),
    "context": Text(zh="上下文", en="context"),
    "range": Text(zh="区间", en="range"),
    "function": Text(zh="函数", en="function"),
    "any": Text(zh="任意值", en="any value"),
    "point": Text(zh="单个值（数字、文本、日期等）", en="single value (number, text, date …)"),
    "table": Text(zh="参照表的名字，直接写出", en="name of a reference table, written out"),
}
_RESULTS = {
    "context": "context",
    "context put": "context",
    "context merge": "context",
}
"""What those give whose type, to the checker, is open."""

_ONE_OF = Text(zh="其中一个值", en="one of the values")
_A_DURATION = Text(zh="时长", en="duration")
_LIST_OF = {
    "number": Text(zh="数字的列表", en="list of numbers"),
    "string": Text(zh="文本的列表", en="list of texts"),
}
_MANY = {
    "number": Text(zh="一个数字列表，或任意多个数字", en="one list of numbers, or any number of numbers"),
    "list": Text(zh="任意多个列表", en="any number of lists"),
}
_LIST_OR_VALUES = Text(zh="一个列表，或任意多个值", en="one list, or any number of values")
_VALUES = Text(zh="任意多个值", en="any number of values")
_LEFT_OUT = Text(zh="{kinds}；可省略", en="{kinds}; may be left out")
_LEFT_OUT_OR_NULL = Text(
    zh="{kinds}；可省略，空值等于省略", en="{kinds}; may be left out, and null is like leaving it out"
)
_OR = Text(zh="或", en=" or ")
_REFUSED = Text(zh="{names} 为空值或种类不符时，得到空值。", en="Null when {names} is null or of another kind.")
_REFUSED_LIST = Text(
    zh="{names} 为空值时，得到空值；单个值视为只有一项的列表。",
    en="Null when {names} is null; a single value stands for a list of one.",
)

_Heading = tuple[str, tuple[Parameter, ...], str]


def groups(language: Language) -> list[Group]:
    """Return every function an expression can call, by sort."""
    return [
        Group(sort.value, _TITLES[sort].to(language), tuple(_function(name, language) for name in sorted(names)))
        for sort, names in SORTS.items()
    ]


def _function(name: str, language: Language) -> Function:
    about, rule = DESCRIPTIONS[name], NULL_RULES[name]
    headings = [parts_of(each) for each in _signatures(name)]
    written = [rule.text.to(language)] if rule.text is not None else []
    return Function(
        address=name.replace(" ", "-"),
        name=name,
        meaning=_sentence(about.text, language),
        forms=tuple(_form(each, language) for each in headings),
        null_rule=(*_refusals(headings, language), *written),
        in_policies=rule.in_policies.to(language) if rule.in_policies is not None else "",
        example=Example(about.example, about.gives),
        null_example=Example(rule.example, rule.gives, rule.gives_in_policies if rule.in_policies is not None else ""),
    )


def _signatures(name: str) -> Iterable[str]:
    return (each.text for each in BUILTINS[name]) if name in BUILTINS else (WRITTEN_OUT[name],)


def _sentence(text: Text, language: Language) -> str:
    said = text.to(language)
    return f"{said}。" if language is Language.ZH else f"{said[0].upper()}{said[1:]}."


def _form(heading: _Heading, language: Language) -> Form:
    name, parameters, _ = heading
    inside = ", ".join(each.name + "…" * each.many for each in parameters)
    arguments = tuple(Argument(each.name, _takes(each, len(parameters), language)) for each in parameters)
    return Form(f"{name}({inside})", arguments, _gives(heading, language))


def _takes(parameter: Parameter, count: int, language: Language) -> str:
    if parameter.many:
        whole = _LIST_OR_VALUES if count == 1 else _VALUES
        return next((_MANY[each] for each in parameter.kinds if each in _MANY), whole).to(language)
    kinds = _kinds(parameter, language)
    if not parameter.optional:
        return kinds
    left_out = _LEFT_OUT_OR_NULL if "null" in parameter.kinds else _LEFT_OUT
    return left_out.to(language).format(kinds=kinds)


def _kinds(parameter: Parameter, language: Language) -> str:
    kinds = [each for each in parameter.kinds if each != "null"]
    if not kinds:
        # ranges and their points are told apart by the function itself; the names of the parameters say which is meant
        named = parameter.name.rstrip("12")
        kinds = [named if named in ("range", "point") else "any"]
    return _OR.to(language).join(_KINDS[each].to(language) for each in kinds)


def _gives(heading: _Heading, language: Language) -> str:
    name, parameters, result = heading
    result = _RESULTS.get(name, result)
    if name == "duration":
        return _A_DURATION.to(language)
    if result == "first":
        return _kinds(parameters[0], language)
    if result == "item":
        return _KINDS["number"].to(language) if parameters[0].kinds else _ONE_OF.to(language)
    if result.startswith("list"):
        of = parameters[0].kinds[0] if result == "list<item>" else result[5:-1]
        return _LIST_OF.get(of, _KINDS["list"]).to(language)
    return _KINDS[result].to(language)


def _refusals(headings: list[_Heading], language: Language) -> list[str]:
    """Return the sentences of the null rule that follow from the signatures."""
    plain, lists = dict[str, None](), dict[str, None]()
    for _, parameters, _ in headings:
        for each in parameters:
            if each.many and len(parameters) == 1 and each.kinds != ("list",):
                lists[f"`{each.name}`"] = None
            elif each.kinds and not each.many and not {"null", "table"} & set(each.kinds):
                (lists if each.kinds == ("list",) else plain)[f"`{each.name}`"] = None
    sentences = ((_REFUSED_LIST, lists), (_REFUSED, plain))
    return [text.to(language).format(names=_listed(list(names), language)) for text, names in sentences if names]


def _listed(names: list[str], language: Language) -> str:
    if language is Language.ZH:
        return "、".join(names)
    return _OR.en.join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
