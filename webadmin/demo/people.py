"""Teams and people: 40 account managers in six teams and five regions, with leads, directors and central functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from webadmin.demo import names, planted
from webadmin.demo.chance import Chance

Row = dict[str, object]
"""A row of a file; None is an empty cell, a list is joined."""

ROOT = "t-sales"

_TEAMS = (
    ("t-shanghai-1", "上海一部", "Shanghai 1", "t-east", "Shanghai", 7),
    ("t-shanghai-2", "上海二部", "Shanghai 2", "t-east", "Shanghai", 7),
    ("t-hangzhou", "杭州部", "Hangzhou", "t-east", "Hangzhou", 6),
    ("t-beijing", "北京部", "Beijing", "t-west", "Beijing", 7),
    ("t-shenzhen", "深圳部", "Shenzhen", "t-west", "Shenzhen", 7),
    ("t-chengdu", "成都部", "Chengdu", "t-west", "Chengdu", 6),
)

_AREAS = (("t-east", "东区", "East"), ("t-west", "西区", "West"))

_CENTRAL = (
    ("fin-1", "finance"),
    ("fin-2", "finance"),
    ("legal-1", "legal"),
    ("gm-1", "general-manager"),
    ("aud-1", "auditor"),
)

SKILLS = ("cloud", "integration", "security", "data", "tender", "training")
CERTIFIED = ("finance", "medical", "government")

_LEVELS = (1, 2, 2, 3, 3, 3, 4, 4, 5, 2)
_CAPACITY = {1: 40, 2: 60, 3: 75, 4: 90, 5: 105}
_WAGE = {1: 8000, 2: 11_000, 3: 15_000, 4: 20_000, 5: 27_000}
_QUOTA = {1: 120_000, 2: 650_000, 3: 850_000, 4: 1_100_000, 5: 1_300_000}
_NEWCOMER_DAYS = 95
_NEWCOMERS = (3, 13, 23, 33)
"""Numbers of the account managers hired lately; their level is 1."""


@dataclass(frozen=True, slots=True)
class Manager:
    """An account manager, as far as customers are chosen by it.

    Attributes:
        is_new: Hired lately, so all customers were taken over from others.
    """

    id: str
    team: str
    region: str
    capacity: int
    is_new: bool


def teams() -> list[Row]:
    """Return the rows of the teams."""
    areas: list[Row] = [{"id": name, "name": zh, "name_en": en, "parent": ROOT} for name, zh, en in _AREAS]
    rows: list[Row] = [
        {"id": name, "name": zh, "name_en": en, "parent": parent, "region": region}
        for name, zh, en, parent, region, _ in _TEAMS
    ]
    return [{"id": ROOT, "name": "销售中心", "name_en": "Sales"}, *areas, *rows]


def people(day: date, start: date) -> list[Row]:
    """Return the rows of the people as they stood at the beginning.

    Args:
        day: The reference day.
        start: The first day of the record.
    """
    rows = [_manager(number, team, region, day, start) for number, team, region in _placed()]
    leads = [
        _other(f"lead-{index}", "lead", team, region, 40 + index)
        for index, (team, _, _, _, region, _) in enumerate(_TEAMS, 1)
    ]
    directors = [_other(f"dir-{index}", "director", area[0], None, 50 + index) for index, area in enumerate(_AREAS, 1)]
    central = [_other(name, role, ROOT, None, 60 + index) for index, (name, role) in enumerate(_CENTRAL)]
    return [*rows, *leads, *directors, *central]


def changes(day: date) -> list[Row]:
    """Return the rows of what has become different of people since."""
    number = int(planted.LEAVING.removeprefix("am-"))
    chinese, english = names.person(number)
    leaves = day + timedelta(planted.LEAVES_IN)
    row: Row = {"id": planted.LEAVING, "name": chinese, "name_en": english, "status": "leaving", "leaves_on": leaves}
    return [{**row, "since": day - timedelta(10)}]


def absences(day: date) -> list[Row]:
    """Return the rows of the absences: ten over the year, and one on the reference day."""
    chance = Chance("absences")
    rows: list[Row] = []
    for number in range(10):
        since = day - timedelta(chance.between(20, 340))
        person = f"am-{chance.between(1, 40):02}"
        until = since + timedelta(chance.between(3, 15))
        rows.append({"id": f"abs-{number + 1:02}", "person": person, "since": since, "until": until})
    now: Row = {"id": "abs-11", "person": "am-22", "since": day - timedelta(20), "until": day + timedelta(70)}
    return [*rows, now]


def managers() -> list[Manager]:
    """Return the account managers."""
    return [
        Manager(f"am-{number:02}", team, region, _CAPACITY[_level(number)], number in _NEWCOMERS)
        for number, team, region in _placed()
    ]


def _placed() -> list[tuple[int, str, str]]:
    """Return number, team and region of every account manager."""
    places = [(team, region) for team, _, _, _, region, size in _TEAMS for _ in range(size)]
    return [(number, *place) for number, place in enumerate(places, 1)]


def _level(number: int) -> int:
    return 1 if number in _NEWCOMERS else max(2, _LEVELS[number % len(_LEVELS)])


def _manager(number: int, team: str, region: str, day: date, start: date) -> Row:
    chance = Chance(f"manager/{number}")
    level = _level(number)
    name = f"am-{number:02}"
    chinese, english = names.person(number)
    hired = day - timedelta(_NEWCOMER_DAYS if number in _NEWCOMERS else chance.between(500, 3000))
    others = [each for each in names.CITIES if each != region]
    return {
        "id": name,
        "name": chinese,
        "name_en": english,
        "email": f"{name}@demo.example",
        "team": team,
        "role": "account-manager",
        "status": "active",
        "region": region,
        "regions": [region, *chance.some_of(others, 1 if level >= 4 else 0)],
        "level": level,
        "skills": chance.some_of(SKILLS, 2 + level // 2),
        "languages": ["zh", "en"] if chance.happens(60) else ["zh"],
        "industries": chance.some_of(tuple(names.INDUSTRIES), 3),
        "certificates": chance.some_of(CERTIFIED, 2 if level >= 3 else 0),
        "hired_on": hired,
        "capacity": _CAPACITY[level],
        "quota": _QUOTA[level],
        "quota_currency": "CNY",
        "monthly_wage": _WAGE[level] + 100 * chance.below(20),
        "since": max(hired, start),
    }


def _other(name: str, role: str, team: str, region: str | None, number: int) -> Row:
    chinese, english = names.person(number)
    row: Row = {"id": name, "name": chinese, "name_en": english, "email": f"{name}@demo.example"}
    return {**row, "team": team, "role": role, "status": "active", "region": region}
