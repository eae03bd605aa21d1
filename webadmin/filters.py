"""Values as people read them: the one place where numbers, money and days are formatted for a language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from flask import Flask
from markupsafe import Markup, escape
from flask_babel import get_locale, gettext, ngettext

from policy.currency import is_currency
from policy.errors import Finding
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import Language, Text, decimals
from webadmin import language
from webadmin.rulesets import words


def number(value: Decimal | int) -> str:
    """Write a number with the digits it has, grouped as the reader is used to."""
    exact = Decimal(value)
    return str(format_decimal(exact, format=f"#,##0.{'0' * decimals(exact)}", locale=get_locale(), decimal_quantization=False))


def money(value: Decimal, currency: str) -> str:
    """Write an amount of money, padded to the currency's minor unit."""
    places = max(decimals(value), 0)
    return str(
        format_currency(value, currency, locale=get_locale(), decimal_quantization=places <= 2, currency_digits=True)
    )


def quantity(value: Any, unit: str | None = None) -> str:
    """Write a value of any type, a number with its unit."""
    if isinstance(value, Decimal) and is_currency(unit) and unit is not None:
        return money(value, unit)
    if isinstance(value, Decimal) and unit is not None and "." not in unit:
        return gettext("%(number)s %(unit)s", number=number(value), unit=unit)
    return shown(value)


def shown(value: Any) -> str:
    """Write a value of any type."""
    match value:
        case None:
            return "–"
        case bool():
            return str(gettext("yes") if value else gettext("no"))
        case Decimal() | int():
            return number(value)
        case datetime():
            return str(format_datetime(value, locale=get_locale()))
        case date():
            return day(value)
        case Text():
            return own(value)
        case list() | tuple():
            return gettext(", ").join(shown(item) for item in value) or gettext("none")
        case dict():
            return gettext("; ").join(f"{name}: {shown(item)}" for name, item in value.items()) or gettext("none")
        case _:
            return str(value)


def day(value: date) -> str:
    """Write a day."""
    return str(format_date(value, format="long", locale=get_locale()))


def own(text: Text | str | None) -> str:
    """Return a text of a policy in the reader's language."""
    return text.to(language.chosen()) if isinstance(text, Text) else text or ""


def sentence(finding: Finding) -> str:
    """Return what a finding says, in the reader's language."""
    return finding.text(language.chosen())


def marked(text: str, *, sentence: bool = False) -> Markup:
    """Set what stands between backticks as code; as a `sentence` the text begins with a capital letter."""
    pieces = text.split("`")
    whole = len(pieces) % 2 == 1
    found = Markup("").join(
        Markup("<code>{}</code>").format(piece) if whole and number % 2 else escape(piece)
        for number, piece in enumerate(_capital(pieces) if sentence else pieces)
    )
    return Markup(found)


def _capital(pieces: list[str]) -> list[str]:
    return [pieces[0][:1].upper() + pieces[0][1:], *pieces[1:]]


def called(field: Field) -> str:
    """Return a field's label in the reader's language, its path where it has none."""
    return own(field.label) if field.label is not None else field.path


def hints(field: Field) -> list[str]:
    """Return what to know before typing a value, in short pieces."""
    found = [str(words.TYPES[field.type])] if field.type not in {FieldType.STRING, FieldType.BOOLEAN} else []
    if field.unit is not None:
        found.append(gettext("unit: %(unit)s", unit=field.unit))
    found += _bounds(field)
    if field.scale is not None:
        found.append(ngettext("up to %(num)s decimal", "up to %(num)s decimals", field.scale) if field.scale else gettext("whole number"))
    if field.type in words.TYPE_EXAMPLES:
        found.append(gettext("as in %(example)s", example=words.TYPE_EXAMPLES[field.type]))
    return found


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
        return gettext("if empty: %(value)s", value=quantity(field.default))
    return gettext("may be missing") if field.optional else ""


def init(app: Flask) -> None:
    """Give the templates of `app` these filters, and the words of documents."""
    for each in (number, quantity, shown, day, own, sentence, marked, called, hints, need):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.globals["words"] = words
    app.jinja_env.globals["language"] = language.chosen
    app.jinja_env.globals["languages"] = dict(LANGUAGES)


LANGUAGES = {Language.ZH: "中文", Language.EN: "English"}
"""Each language by its own name."""
