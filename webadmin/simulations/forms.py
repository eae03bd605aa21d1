"""What the form of a plan says: what is supposed, or every mistake by the field it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext

from policy.values import Text
from webadmin.reassigning.keeping import LONGEST_NAME
from webadmin.reassigning.whatif import Away, Joiner, WhatIf

LAST = date(9999, 12, 30)
LONGEST_TEXT = 200
MOST_WORDS = 20
MOST_CAPACITY = Decimal(100_000)
MOST_SPREAD = Decimal(10)
LONGEST_REASON = 500

_DIGITS = 12
_SPLIT = re.compile(r"[,;，；、\n]+")  # as Chinese lists are written, too
_LEVELS = (Decimal(1), Decimal(20))
JOINERS = ("join", "join2", "join3")
"""What the names of fields begin with, for each person who is new."""

NAMED = ("region", "regions", "skills", "languages", "industries", "certificates")
"""What of somebody new has values that the vocabulary may name."""

_JOINER = (
    *("team", "region", "regions", "level", "capacity", "hired", "skills", "languages", "industries", "certificates"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a form may name.

    Attributes:
        people: Account managers there are, by id.
        away: People who are not active, and may come back.
        teams: Ids of teams.
        policies: Values of the choice of a policy.
        members: Team → account managers of it and of those below.
        joined: Those who join by the plan as it is.
        values: Attribute of somebody new → value → what people call it: it may be typed as that. One there is none of
            is refused; where an attribute has none, whatever is typed is taken.
        recorded: Person → first day away and day of coming back by the record, which count where no days are given.
    """

    people: Collection[str]
    away: Collection[str]
    teams: Collection[str]
    policies: Collection[str]
    members: Callable[[str], Collection[str]]
    joined: Collection[Joiner] = ()
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    recorded: Mapping[str, tuple[date, date]] = field(default_factory=dict)


@dataclass(slots=True)
class Wanted:
    """What a form asks for, as far as it could be read.

    Attributes:
        policy: Id of the policy.
        revision: Digest of a revision that was chosen.
        errors: Field → what is wrong, and what is expected.
    """

    name: str = ""
    day: date = date(1970, 1, 1)
    policy: str = ""
    revision: str | None = None
    whatif: WhatIf = field(default_factory=WhatIf)
    errors: dict[str, str] = field(default_factory=dict)


def field_of(name: str) -> str:
    """Return what a field is called that stands in the form several times; empty for any other."""
    prefix, _, part = name.partition("-")
    called = {
        "name": gettext("Name"),
        "team": gettext("Team"),
        "region": gettext("Region"),
        "regions": gettext("Regions served"),
        "level": gettext("Level"),
        "capacity": gettext("Capacity"),
        "hired": gettext("Hired on"),
        "skills": gettext("Skills"),
        "languages": gettext("Languages"),
        "industries": gettext("Industries"),
        "certificates": gettext("Certificates"),
    }
    if prefix in JOINERS and part in called:
        return str(called[part])
    return {
        "since": str(gettext("Away from")),
        "until": str(gettext("Back on")),
        "capacity": str(gettext("New capacity")),
    }.get(prefix if part else "", "")


def read(form: Mapping[str, str], known: Known, today: date, new: Callable[[], str]) -> Wanted:
    """Read the form of a plan.

    Args:
        form: As it was sent.
        known: What it may name.
        today: The first day a plan may hold for.
        new: Makes an id for somebody the record does not know.
    """
    return _Reading(form, known, today, new).wanted()


class _Reading:
    def __init__(self, form: Mapping[str, str], known: Known, today: date, new: Callable[[], str]) -> None:
        self._form, self._known, self._today, self._new = form, known, today, new
        self._errors: dict[str, str] = {}

    def wanted(self) -> Wanted:
        name = self._text("name", LONGEST_NAME)
        day = self._day("day")
        if day < self._today:
            self._errors.setdefault("day", gettext("Choose today or a later day."))
        policy, _, digest = self._text("policy", 200).partition("@")
        if self._text("policy", 200) not in self._known.policies:
            self._errors["policy"] = gettext("Choose one of the policies offered.")
        whatif = self._whatif(day)
        if not whatif and not self._errors:
            self._errors["people"] = gettext("Say what is supposed: who leaves, joins, is away, or what changes.")
        return Wanted(name, day, policy, digest or None, whatif, self._errors)

    def _whatif(self, day: date) -> WhatIf:
        leave, away, capacity = self._leaving(), {}, {}
        for person in self._known.people:
            said = self._form.get(f"what-{person}", "")
            if said in ("cover", "move") and person not in leave:
                away[person] = self._away(person, day, covered=said == "cover")
            if (said == "capacity" or self._text(f"capacity-{person}", _DIGITS)) and person not in leave:
                capacity[person] = self._number(f"capacity-{person}", Decimal(0), MOST_CAPACITY)
        team = self._one_of("team", self._known.teams)
        spread = self._number("spread", Decimal(1), MOST_SPREAD) if self._form.get("aim") == "spread" and team else None
        keeps_lost = bool(self._form.get("keeps-lost"))
        return WhatIf(tuple(sorted(leave)), self._joining(day), away, capacity, team, spread, keeps_lost)

    def _leaving(self) -> set[str]:
        leave = {person for person in self._known.people if self._form.get(f"what-{person}") == "leaves"}
        team = self._one_of("team-leaves", self._known.teams)
        return leave | (set(self._known.members(team)) & set(self._known.people) if team else set())

    def _away(self, person: str, day: date, *, covered: bool) -> Away:
        since, until = self._absence(person)
        if f"since-{person}" in self._errors or f"until-{person}" in self._errors:
            return Away(self._today, self._today, covered)
        if until <= since:
            self._errors[f"until-{person}"] = gettext("The day of coming back must be later than the first day away.")
        if until <= self._today or ("day" not in self._errors and until <= day):
            self._errors[f"until-{person}"] = gettext(
                "This absence is over before the plan holds: choose a later day, or an earlier one for the plan."
            )
        return Away(since, until, covered)

    def _absence(self, person: str) -> tuple[date, date]:
        fields = (f"since-{person}", f"until-{person}")
        if person in self._known.recorded and not any(self._form.get(each, "").strip() for each in fields):
            return self._known.recorded[person]
        if not self._form.get(fields[1], "").strip():
            self._errors[fields[1]] = gettext(
                "Say which day is the first one back. "
                "Where nobody knows yet, take the day on which it is looked at again."
            )
            return self._day(fields[0]), LAST
        return self._day(fields[0]), self._day(fields[1])

    def _joining(self, day: date) -> tuple[Joiner, ...]:
        found = [each for each in self._known.joined if self._form.get(f"keep-{each.id}")]
        back = self._one_of("join-known", self._known.away)
        if back and back not in {each.id for each in found}:
            found.append(Joiner(back, is_new=False))
        return (*found, *(self._joiner(prefix, day) for prefix in JOINERS if self._is_told(prefix)))

    def _is_told(self, prefix: str) -> bool:
        told = any(self._form.get(f"{prefix}-{each}", "").strip() for each in ("name", *_JOINER))
        return told or any(self._ticked(prefix, each) for each in NAMED)

    def _joiner(self, prefix: str, day: date) -> Joiner:
        name = self._needed(f"{prefix}-name")
        region = self._meant(f"{prefix}-region", "region", self._needed(f"{prefix}-region"))
        regions = self._many(prefix, "regions") or ((region,) if region else ())
        team = self._one_of(f"{prefix}-team", self._known.teams)
        if not team:
            self._errors.setdefault(f"{prefix}-team", gettext("Choose a team."))
        hired = self._day(f"{prefix}-hired") if self._form.get(f"{prefix}-hired", "").strip() else day
        lists = {each: self._many(prefix, each) for each in ("skills", "languages", "industries", "certificates")}
        return Joiner(
            self._new(),
            is_new=True,
            name=name,
            team=team,
            region=region,
            regions=regions,
            level=self._number(f"{prefix}-level", *_LEVELS),
            capacity=self._number(f"{prefix}-capacity", Decimal(0), MOST_CAPACITY),
            hired_on=hired.isoformat(),
            **lists,
        )

    def _needed(self, name: str) -> str:
        found = self._text(name, LONGEST_TEXT)
        if not found:
            self._errors.setdefault(name, gettext("This is needed of somebody who joins."))
        return found

    def _text(self, name: str, longest: int) -> str:
        found = self._form.get(name, "").replace("\0", "").strip()
        if len(found) > longest:
            self._errors[name] = gettext("At most %(most)s characters.", most=longest)
        return found[:longest]

    def _words(self, name: str) -> tuple[str, ...]:
        found = [each.strip() for each in _SPLIT.split(self._text(name, LONGEST_TEXT)) if each.strip()]
        if len(found) > MOST_WORDS:
            self._errors[name] = gettext("At most %(most)s words, with commas between them.", most=MOST_WORDS)
        return tuple(dict.fromkeys(found))

    def _many(self, prefix: str, attribute: str) -> tuple[str, ...]:
        name = f"{prefix}-{attribute}"
        typed = [self._meant(name, attribute, each) for each in self._words(name)]
        return tuple(dict.fromkeys((*self._ticked(prefix, attribute), *typed)))

    def _ticked(self, prefix: str, attribute: str) -> list[str]:
        """Return the values of an attribute whose boxes are ticked."""
        return [
            each for each in self._known.values.get(attribute, {}) if self._form.get(f"{prefix}-{attribute}-{each}")
        ]

    def _meant(self, name: str, attribute: str, typed: str) -> str:
        """Return the value people call so, in whichever language; one there is none of is wrong."""
        names = self._known.values.get(attribute, {})
        said = typed.casefold()
        fits = (
            each for each, text in names.items() if said in (each.casefold(), text.zh.casefold(), text.en.casefold())
        )
        found = typed if typed in names else next(fits, None)
        if found is None and names and typed:
            told = gettext("“%(value)s” is not known here: choose one of those offered.", value=typed)
            self._errors.setdefault(name, told)
        return typed if found is None else found

    def _one_of(self, name: str, known: Collection[str]) -> str:
        found = self._form.get(name, "").strip()
        if found and found not in known:
            self._errors[name] = gettext("Choose one of those offered.")
            return ""
        return found

    def _day(self, name: str) -> date:
        try:
            found = date.fromisoformat(self._form.get(name, "").strip())
        except ValueError:
            found = LAST
        if found >= LAST or found.year < self._today.year - 100:
            self._errors[name] = gettext("Write the day as year-month-day, for example 2026-03-01.")
        return found

    def _number(self, name: str, least: Decimal, most: Decimal) -> Decimal:
        written = self._form.get(name, "").strip()
        try:
            found = Decimal(written) if len(written) <= _DIGITS else Decimal("NaN")
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or not least <= found <= most:
            self._errors[name] = gettext("Write a number from %(least)s to %(most)s.", least=least, most=most)
            return least
        return found


def day_of(text: str, today: date) -> date | None:
    """Return the day a text names, from today on; None where it names none."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if today <= found < LAST else None


def filled(plan: Any) -> dict[str, str]:
    """Return a plan as the form would send it, those who join left out."""
    whatif: WhatIf = plan.whatif
    found = {"name": plan.name, "day": plan.day.isoformat(), "team": whatif.team}
    found["policy"] = plan.policy if plan.revision is None else f"{plan.policy}@{plan.revision}"
    found |= {f"what-{person}": "leaves" for person in whatif.leave}
    for person, away in whatif.away.items():
        found[f"what-{person}"] = "cover" if away.covered else "move"
        found |= {f"since-{person}": away.since.isoformat(), f"until-{person}": away.until.isoformat()}
    found |= {f"capacity-{person}": f"{each:f}" for person, each in whatif.capacity.items()}
    found |= {f"what-{person}": "capacity" for person in whatif.capacity if f"what-{person}" not in found}
    if whatif.keeps_lost:
        found["keeps-lost"] = "1"
    if whatif.spread is not None:
        found |= {"aim": "spread", "spread": f"{whatif.spread:f}"}
    return found | {f"keep-{each.id}": "1" for each in whatif.join}
