"""Values as people read them: the one place where numbers, money and days are formatted for a language."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from types import MappingProxyType, NoneType
from typing import Any, Literal, Protocol

from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup, escape

from policy.currency import is_currency, minor_units
from policy.errors import Finding
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.instants import zone
from policy.runtime.showing import named
from policy.values import Language, Text, decimals, rounded
from webadmin import keywords, language, words
from webadmin.store.days import TIME_ZONE, day_of
from webadmin.store.revisions import SYSTEM

SHOWN = 6
"""Decimals shown at most; the JSON of a decision has all of them."""

NO_FIELDS: Mapping[str, Field] = MappingProxyType({})

NOTHING_TOLD: Mapping[str, Any] = MappingProxyType({})

_AMOUNTS = re.compile(r"(?<![\w.,])(-?[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?) ([A-Z]{3})\b", re.ASCII)
"""Amounts as the engine's sentences write them: `-1,234.50 CNY`."""

_WIDE = Context(prec=20_000)
"""Wide enough for every number the engine takes: Babel rounds in the thread's context."""


def number(value: Decimal | int) -> str:
    """Write a number grouped as the reader is used to; beyond six decimals it is cut, and … says so."""
    exact = Decimal(value)
    places = decimals(exact)
    with localcontext(_WIDE):
        cut = exact.quantize(Decimal(1).scaleb(-SHOWN), ROUND_DOWN) if places > SHOWN else exact
        text = format_decimal(cut, f"#,##0.{'0' * min(places, SHOWN)}", get_locale())
    return f"{text}…" if places > SHOWN else str(text)


def money(value: Decimal, currency: str) -> str:
    """Write an amount of money with the currency's decimals, or more where it has more; cut as `number` cuts."""
    places = decimals(value)
    with localcontext(_WIDE):
        cut = value.quantize(Decimal(1).scaleb(-SHOWN), ROUND_DOWN) if places > SHOWN else value
        text = str(format_currency(cut, currency, locale=get_locale(), decimal_quantization=False))
    return f"{text}…" if places > SHOWN else text


def monetary(said: str) -> str:
    """Return a sentence of the engine with each amount that has its currency behind it written as money is."""
    return _AMOUNTS.sub(_amount, said)


def _amount(found: re.Match[str]) -> str:
    """Write one, with a minus that no line ends with: a joiner keeps it at its amount."""
    if not is_currency(found[2]):
        return found[0]
    return money(Decimal(found[1].replace(",", "")), found[2]).replace("-", "\u2212\u2060")


def cash(value: Decimal, currency: str | None) -> str:
    """Write an amount that was not rounded yet, half up to the currency's decimals; without a currency a number."""
    return number(value) if currency is None else money(rounded(value, minor_units(currency)), currency)


def percent(value: Decimal) -> str:
    """Write a fraction as per cent; beyond six decimals it is cut, and … says so: 99.999 % is not 100 %."""
    exact = Decimal(value)
    with localcontext(_WIDE):
        whole = exact.scaleb(2)
        cut = whole.quantize(Decimal(1).scaleb(-SHOWN), ROUND_DOWN) if decimals(whole) > SHOWN else whole
        text = str(format_percent(cut.scaleb(-2), f"#,##0.{'#' * SHOWN}%", get_locale()))
    return text.replace("%", "…%") if cut != whole else text


def quantity(value: Any, unit: str | None = None) -> str:
    """Write a value of any type, a number with its unit."""
    if isinstance(value, Decimal) and is_currency(unit) and unit is not None:
        return money(value, unit)
    if isinstance(value, Decimal) and unit is not None and "." not in unit:
        return str(gettext("%(number)s %(unit)s", number=number(value), unit=words.UNITS.get(unit, unit)))
    return shown(value)


def fact(value: Any, field: Field | None, told: Mapping[str, Any] = NOTHING_TOLD) -> str:
    """Write a value of a field as facts have it: days as days, a share as per cent, numbers with their unit.

    Args:
        value: The value.
        field: The field; None where none is declared.
        told: Path → value of inputs beside it, among them the one that holds its currency.
    """
    if field is not None and field.type is FieldType.DATE and isinstance(value, str):
        return day(value)
    if field is not None and field.is_share and isinstance(value, Decimal):
        with localcontext(_WIDE):
            return str(format_percent(value, "#,##0.######%", get_locale()))
    unit = None if field is None else field.unit
    return quantity(worded(value, field), told.get(unit, unit) if unit is not None else None)


def shown(value: Any) -> str:
    """Write a value of any type."""
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value)


def _items(values: list[Any] | tuple[Any, ...]) -> str:
    return str(gettext(", ")).join(shown(item) for item in values) or str(gettext("none"))


def _entries(values: dict[str, Any]) -> str:
    said = (str(gettext("%(name)s: %(value)s", name=name, value=shown(item))) for name, item in values.items())
    return str(gettext("; ")).join(said) or str(gettext("none"))


def day(value: date | str) -> str:
    """Write a day; the text of an instant as the clocks show it where the organisation is."""
    if isinstance(value, str):
        return day(date.fromisoformat(value)) if len(value) == len("2026-03-01") else _instant(value)
    return str(format_date(value, format="long", locale=get_locale()))


def _instant(text: str) -> str:
    """Write an instant that is known exactly; any other stays as it is, as does one our clocks cannot show."""
    try:
        found = datetime.fromisoformat(text)
        return text if found.tzinfo is None else moment(found)
    except (ValueError, OverflowError):
        return text


def moment(value: datetime) -> str:
    """Write an instant as the clocks show it where the organisation is, to the minute."""
    return str(format_datetime(value, format="medium", tzinfo=zone(TIME_ZONE), locale=get_locale()))


def clock(value: datetime) -> str:
    """Write the time of day of an instant, to the second, where the organisation is."""
    return str(format_time(value, "medium", tzinfo=zone(TIME_ZONE), locale=get_locale()))


def occasion(value: datetime) -> str:
    """Write when something happened; what is known to the day alone, and so stands at its beginning, as that day."""
    there = value.astimezone(zone(TIME_ZONE))
    return moment(value) if there.time() != time.min else day(there.date())


def local(value: datetime) -> str:
    """Write an instant for a table: year-month-day and the time to the second, where the organisation is."""
    return value.astimezone(zone(TIME_ZONE)).strftime("%Y-%m-%d %H:%M:%S")


def day_there(instant: datetime) -> str:
    """Write the day of an instant, as the clocks show it where the organisation is."""
    return day(day_of(instant))


def time_zone() -> str:
    """Return what the reader calls the time of the organisation's clocks."""
    return str(get_timezone_name(zone(TIME_ZONE), locale=get_locale()))


def actor(name: str) -> str:
    """Write who acted: a login by its name, others with how they came."""
    kind, colon, own = name.partition(":")
    if not colon:
        return str(gettext("system")) if name == SYSTEM else name
    if kind == "client":
        return str(gettext("%(name)s, by API", name=own))
    return str(gettext("%(name)s, at the command line", name=own)) if kind == "cli" else own


def month(text: str) -> str:
    """Write a month: `2026-03` is “March 2026”."""
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=get_locale()))


def days_of_month(text: str) -> tuple[str, str]:
    """Return the first and the last day of a month, ISO 8601: `2026-03`."""
    year, number = int(text[:4]), int(text[5:])
    return f"{text}-01", f"{text}-{monthrange(year, number)[1]:02}"


def span(text: str) -> str:
    """Write an ISO 8601 duration in words: `P1Y6M` is “1 year, 6 months”."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return text
    counts = zip(_UNITS, found.groups(), strict=True)
    # zh has no long form of most units
    length: Literal["short", "long"] = "short" if language.chosen() is Language.ZH else "long"
    parts = [
        format_unit(int(count), f"duration-{unit}", length, locale=get_locale()) for unit, count in counts if count
    ]
    return str(gettext(", ")).join(parts) or text


def spans(text: str) -> str:
    """Write every ISO 8601 duration in a text in words; the rest stays as it is."""
    return _SPANS.sub(lambda found: span(found[0]), text)


def lasting(seconds: int) -> str:
    """Write whole seconds in words: 2592000 is “30 days”."""
    days, rest = divmod(seconds, 86_400)
    of_day = ((rest // 3600, "H"), (rest // 60 % 60, "M"), (rest % 60, "S"))
    time = "".join(f"{count}{letter}" for count, letter in of_day if count)
    return span(f"P{f'{days}D' if days else ''}{f'T{time}' if time else ''}")


_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_SPAN = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_SPANS = re.compile(rf"(?<!\w)(?=P\d|PT\d){_SPAN.pattern}(?!\w)", re.ASCII)


def own(text: Text | str | None) -> str:
    """Return a text of a policy in the reader's language."""
    return text.to(language.chosen()) if isinstance(text, Text) else text or ""


class Naming(Protocol):
    """What has names for its values: a field, an output, an input of a form."""

    @property
    def names(self) -> Mapping[str, Text]:
        """Return value → what people call it."""
        ...


def worded(value: Any, declared: Naming | None) -> Any:
    """Return a value, or each of a list, as its field or output has it called in the reader's language."""
    return value if declared is None else named(value, declared.names, language.chosen())


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (NoneType, lambda _: "–"),
    (bool, lambda value: gettext("yes") if value else gettext("no")),
    (Decimal | int, number),
    (datetime, lambda value: format_datetime(value, locale=get_locale())),
    (date, day),
    (Text, own),
    (list | tuple, _items),
    (dict, _entries),
)
"""How a value is written, the first type that fits decides."""


def sentence(finding: Finding) -> str:
    """Return what a finding says, in the reader's language."""
    return finding.text(language.chosen())


def brief(finding: Finding) -> str:
    """Return what a finding says without all it is so of, in the reader's language."""
    return finding.brief(language.chosen())


def ranges(finding: Finding) -> str:
    """Return all a finding is so of, in the reader's language; empty where it says so itself."""
    return finding.ranges(language.chosen())


def marked(text: str, *, sentence: bool = False, fields: Mapping[str, Field] | None = None) -> Markup:
    """Set what stands between backticks as code; as a `sentence` the text begins with a capital letter.

    Where `fields` are given, the path of one that has a label is said by that.
    """
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # one of them stands alone and is a sign like any other
        return escape(text)
    return Markup("").join(
        _named(piece, fields or {}) if number % 2 else escape(piece)
        for number, piece in enumerate(_capital(pieces) if sentence else pieces)
    )


def _named(piece: str, fields: Mapping[str, Field]) -> Markup:
    field = fields.get(piece)
    if field is None or field.label is None:
        return Markup("<code>{}</code>").format(piece)
    return Markup('<em title="{}">{}</em>').format(piece, own(field.label))


def _capital(pieces: list[str]) -> list[str]:
    return [pieces[0][:1].upper() + pieces[0][1:], *pieces[1:]]


def called(field: Field) -> str:
    """Return a field's label in the reader's language, its path where it has none."""
    return own(field.label) if field.label is not None else field.path


def known(path: str, fields: Mapping[str, Field]) -> str:
    """Return the label of the field at a path, the path where there is none; `credits[2]` is one of `credits[]`."""
    field = fields.get(_INDEX.sub("[]", path))
    return path if field is None else called(field)


_INDEX = re.compile(r"\[\d+\]")


def unit(name: str, fields: Mapping[str, Field]) -> str:
    """Return a unit in words; of the path of an input what that input is called."""
    return str(words.UNITS.get(name, known(name, fields)))


def group(place: str) -> str:
    """Return what a group of inputs is called, its name where there is no word for it."""
    name = place.rpartition(".")[2]
    return str(words.GROUPS.get(name, name))


def hints(field: Field, fields: Mapping[str, Field] = NO_FIELDS) -> list[str]:
    """Return what to know before typing a value, in short pieces.

    Args:
        field: The field.
        fields: Path → field, all of the policy: a unit may be what another input holds.
    """
    found = [] if field.type in _PLAIN else [str(words.TYPES[field.type])]
    if field.type is FieldType.LIST and field.of is not None and not field.one_of:
        found = [gettext("one item on each line")]
    if field.unit is not None:
        held = fields.get(field.unit)
        found.append(
            gettext("unit: %(unit)s", unit=words.UNITS.get(field.unit, field.unit))
            if held is None
            else gettext("unit: see “%(field)s”", field=called(held))
        )
    found += _bounds(field)
    if field.scale is not None:
        found.append(
            ngettext("up to %(num)s decimal", "up to %(num)s decimals", field.scale)
            if field.scale
            else gettext("whole number")
        )
    if field.type in words.TYPE_EXAMPLES:
        found.append(gettext("as in %(example)s", example=words.TYPE_EXAMPLES[field.type]))
    return found


_PLAIN = {FieldType.STRING, FieldType.BOOLEAN, FieldType.NUMBER, FieldType.DATE}
"""Types whose input shows by itself what they are."""


def _bounds(field: Field) -> list[str]:
    low, high = field.min, field.max
    if low is not None and high is not None:
        return [gettext("from %(low)s to %(high)s", low=shown(low), high=shown(high))]
    if low is not None:
        return [gettext("at least %(low)s", low=shown(low))]
    return [gettext("at most %(high)s", high=shown(high))] if high is not None else []


def need(field: Field) -> str:
    """Say whether a value must be given, and what is taken where it is not."""
    if field.has_default:
        return str(gettext("if empty: %(value)s", value=quantity(worded(field.default, field))))
    return str(gettext("may be missing")) if field.optional else ""


def blank(field: Field) -> str:
    """Return what choosing nothing means."""
    if field.has_default:
        return str(gettext("default (%(value)s)", value=quantity(worded(field.default, field))))
    return str(gettext("not given") if field.optional else gettext("choose…"))


def init(app: Flask) -> None:
    """Give the templates of `app` these filters, and the words of documents."""
    for each in (
        number,
        cash,
        percent,
        quantity,
        fact,
        shown,
        day,
        own,
        worded,
        sentence,
        brief,
        ranges,
        marked,
        called,
        known,
        unit,
        group,
        hints,
        need,
        blank,
        span,
        spans,
        actor,
        moment,
        day_there,
        occasion,
        lasting,
        month,
        days_of_month,
    ):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.globals["words"] = words
    app.jinja_env.globals["keywords"] = keywords
    app.jinja_env.globals["language"] = language.chosen
    app.jinja_env.globals["theme"] = language.theme
    app.jinja_env.globals["gap"] = language.gap
    app.jinja_env.globals["languages"] = dict(LANGUAGES)
    app.jinja_env.globals["time_zone"] = time_zone


LANGUAGES = {Language.ZH: "中文", Language.EN: "English"}
"""Each language by its own name."""
