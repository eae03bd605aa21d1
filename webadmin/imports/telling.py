"""What a file holds and what is wrong with it, in the words of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, ngettext

from policy.errors import Finding, said
from policy.messages import Said
from policy.tables import Refusal, Report
from policy.tables.report import Reason, Value
from policy.values import Language
from webadmin import filters, language, words
from webadmin.filters import own
from webadmin.imports.offered import FACT, ITSELF, KINDS, Offered
from webadmin.roster.references import sort_of
from webadmin.store.events import AHEAD

STANDING = frozenset({"role", "status", "stage"})
"""Fields whose values the pages have words for; the vocabulary names those of the others."""

NOTHING = frozenset({"table-empty", "table-unjoined"})
"""Codes of cells that hold nothing: what their sentence names is the field."""

MISSING = "facts-missing"
"""Code of what no column gives: what its sentence names is the field."""

_NUMBERS = frozenset({"table-number", "value-number-form"})
"""Codes of what is no number as the column has them written."""

_UNKNOWN = frozenset({"record-unknown", "record-unknown-name"})


@dataclass(frozen=True, slots=True)
class Problems:
    """Problems of one kind in one column.

    Attributes:
        said: What is wrong; of several values what they have in common, or that of the first.
        count: How many there are.
        rows: The first rows.
        values: What was found, the most frequent first, each with its rows; none where nothing was.
        more: How many more there are because of values that are not told.
    """

    first: Refusal
    said: str
    count: int
    rows: Sequence[int]
    values: Sequence[tuple[str, Value]]
    more: int


def problems(report: Report, offered: Offered) -> list[Problems]:
    """Return what is wrong in a file, each kind once."""
    return [_problems(each, offered) for each in report.reasons.values()]


def _problems(reason: Reason, offered: Offered) -> Problems:
    first, values = reason.first, reason.values
    text = sentence(first, offered)
    if len(values) > 1:
        text = _common(first, len(values), offered) or gettext("for example: %(said)s", said=text)
    shown = [] if first.code in {*NOTHING, MISSING} else [(found, each) for found, each in values if found]
    return Problems(first, text, reason.count, reason.rows, shown, reason.more)


def _common(first: Refusal, count: int, offered: Offered) -> str | None:
    """Return what several values of a kind have in common: that nobody is known by them."""
    sort = sort_of(offered.kind, first.field or "") if first.code in _UNKNOWN else None
    if sort == "team":
        return str(
            ngettext(
                "%(num)s team is missing: import it first, or put it right",
                "%(num)s teams are missing: import them first, or put them right",
                count,
            )
        )
    if sort == "person":
        return str(
            ngettext(
                "%(num)s person is missing: import them first, or put it right",
                "%(num)s people are missing: import them first, or put them right",
                count,
            )
        )
    if sort == "customer":
        return str(
            ngettext(
                "%(num)s customer is missing: import it first, or put it right",
                "%(num)s customers are missing: import them first, or put them right",
                count,
            )
        )
    return None


def sentence(refusal: Refusal, offered: Offered) -> str:
    """Return what is wrong in a row: fields by what the page calls them, values by their names."""
    if refusal.code in _ON_PAGES:
        return _ON_PAGES[refusal.code](refusal.values)
    if refusal.code in _NUMBERS and str(refusal.values.get("found", "")).rstrip().endswith(("%", "\uff05")):
        return _per_cent(refusal.values)
    path = str(refusal.values["found"]) if refusal.code == MISSING else refusal.field
    name = name_of(path, offered)
    field = None if name is None else offered.field(name)
    if name is None or field is None:
        return refusal.why(language.chosen())
    values: dict[str, Said] = dict(refusal.values)
    label = called(offered, name)
    is_label = values.get("found") == path
    if is_label:
        values["found"] = label
    if refusal.code == "value-not-one-of" and field.one_of is not None:
        values["expected"] = tuple(allowed(refusal, offered))
        values.pop("suggestion", None)
    text = said(refusal.code, values, language.chosen())
    return _quoted(text, label) if is_label else text


def _quoted(text: str, label: str) -> str:
    """Return a sentence in which a label stands in quotation marks, not as code; in Chinese without blanks beside."""
    code = f"`{label}`"
    if language.chosen() is Language.ZH:
        text = text.replace(f" {code}", code).replace(f"{code} ", code)
    return text.replace(code, f"“{label}”", 1)


def allowed(refusal: Refusal, offered: Offered) -> list[str]:
    """Return the values a refused field may have, by what they are called."""
    name = name_of(refusal.field, offered)
    field = None if name is None else offered.field(name)
    if name is None or field is None or field.one_of is None:
        told = refusal.values["expected"]
        return [str(each).strip("`") for each in (told if isinstance(told, tuple) else (told,))]
    return [str(value(offered, name, each)) for each in field.one_of]


def pattern(text: str) -> str:
    """Return how days of a column are written, in words: `%d.%m.%Y` is “day.month.year”."""
    words_of = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%M": "minute", "%S": "second"}
    for sign, word in words_of.items():
        text = text.replace(sign, str(gettext(word)))
    return text


def finding(found: Finding) -> str:
    """Return what is wrong with a mapping or a whole file, as somebody can mend it on the page."""
    if found.code in _ON_PAGES:
        return _ON_PAGES[found.code](found.values)
    return found.text(language.chosen())


def needed(found: Finding, offered: Offered) -> str:
    """Return that a field is needed which no column gives."""
    label, kind = called(offered, str(found.values["found"])), KINDS[offered.kind]
    return str(
        gettext(
            "%(kind)s need “%(field)s”: choose its column, or give one value for every row under “Further fields”.",
            kind=kind,
            field=label,
        )
    )


def _encoding(values: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "Line %(line)s holds letters (%(found)s) that are not written as %(encoding)s: choose other letters above "
            "the columns, or save the file as UTF-8.",
            line=filters.number(values["line"]),
            found=values["found"],
            encoding=values["expected"],
        )
    )


def _delimiter(values: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "The headings are one cell, “%(found)s”: choose what stands between two cells, above the columns.",
            found=values["found"],
        )
    )


def _local(values: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "“%(found)s” does not say how far it is from UTC: write that into the file, or give the time zone of the "
            "times below the columns.",
            found=values["found"],
        )
    )


def _ragged(values: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "the row has %(num)s cell, expected %(expected)s, as many as there are headings",
            "the row has %(num)s cells, expected %(expected)s, as many as there are headings",
            values["found"],
            expected=filters.number(values["expected"]),
        )
    )


def _future(values: Mapping[str, Any]) -> str:
    now = datetime.fromisoformat(values["expected"]) - AHEAD
    return str(
        gettext(
            "the event is said to be of %(found)s, which is still to come: it is %(now)s now",
            found=filters.day(values["found"]),
            now=filters.moment(now),
        )
    )


def _per_cent(values: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "`%(found)s` is per cent: tick “with percent signs” at the column where all its numbers are written so.",
            found=values["found"],
        )
    )


_ON_PAGES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "table-encoding": _encoding,
    "table-delimiter": _delimiter,
    "table-local-time": _local,
    "table-ragged": _ragged,
    "record-event-future": _future,
}
"""What the sentences of mapping files tell by their keys, and a page by its choices."""


def name_of(path: str | None, offered: Offered) -> str | None:
    """Return the name of a field as `Offered` takes it, by what records call it; None where it is none."""
    if path is None or path in offered.own:
        return path
    return f"{FACT}{path}" if path in offered.facts else None


def attribute(offered: Offered, path: str) -> str:
    """Return what a field is called in the reader's language, by what records call it; its path where none is."""
    return called(offered, name_of(path, offered) or path)


def called(offered: Offered, name: str) -> str:
    """Return what a field is called in the reader's language."""
    label = offered.label(name)
    return own(label) if name.startswith(FACT) else str(label)


def apart(offered: Offered) -> dict[str, str]:
    """Return what each field is called; a fact that is called as another field is has its path beside it."""
    texts = {name: called(offered, name) for name in offered.names}
    often = Counter(texts.values())
    return {
        name: str(gettext("%(name)s (%(id)s)", name=text, id=name.removeprefix(FACT)))
        if name.startswith(FACT) and often[text] > 1
        else text
        for name, text in texts.items()
    }


def groups(offered: Offered) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields a column can be taken for: group → name and what it is called.

    The record's own stand first, then facts by what they are about.
    """
    texts = apart(offered)
    own_ones = [(name, texts[name]) for name in offered.own]
    facts: dict[str, list[tuple[str, str]]] = {}
    for path in offered.facts:
        name = f"{FACT}{path}"
        title = gettext("Facts for decisions: %(group)s", group=filters.group(path.partition(".")[0]))
        facts.setdefault(str(title), []).append((name, texts[name]))
    return [(str(ITSELF[offered.kind]), own_ones), *facts.items()]


def value(offered: Offered, name: str, given: Any) -> Any:
    """Return a value of a field, or each of a list, by what it is called."""
    if name in STANDING and isinstance(given, str):
        return str(words.STANDINGS.get(given, given))
    return filters.worded(given, offered.field(name))


def cell(offered: Offered, name: str, given: Any, names: Mapping[str, str], currency: str | None = None) -> str:
    """Write a value of a record; what names something else by its name, with the id beside it.

    Args:
        offered: The fields of its kind.
        name: The field.
        given: Its value.
        names: What is named in this field → what that is called.
        currency: Of the record, for amounts whose unit another field says; None: not known.
    """
    if isinstance(given, str) and names.get(given, given) != given:
        return str(gettext("%(name)s (%(id)s)", name=names[given], id=given))
    if isinstance(given, str) and name in STANDING:
        return str(value(offered, name, given))
    if isinstance(given, date):
        return filters.day(given)
    field = offered.field(name)
    if currency is not None and field is not None and field.unit is not None and "." in field.unit:
        return filters.quantity(given, currency)
    return filters.fact(given, field)
