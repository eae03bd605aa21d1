"""Names of people and customers, Chinese and English. Whoever bears one by accident is not meant."""

from __future__ import annotations

from webadmin.demo.chance import Chance

Name = tuple[str, str]
"""Chinese and English."""

_SURNAMES: tuple[Name, ...] = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("赵", "Zhao"),
    ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"), ("胡", "Hu"), ("朱", "Zhu"),
    ("高", "Gao"), ("林", "Lin"), ("何", "He"), ("郭", "Guo"), ("马", "Ma"), ("罗", "Luo"),
)  # fmt: skip

_GIVEN: tuple[Name, ...] = (
    ("芳", "Fang"), ("伟", "Wei"), ("敏", "Min"), ("静", "Jing"), ("磊", "Lei"), ("洋", "Yang"), ("艳", "Yan"),
    ("勇", "Yong"), ("军", "Jun"), ("杰", "Jie"), ("娟", "Juan"), ("涛", "Tao"), ("明", "Ming"), ("超", "Chao"),
    ("霞", "Xia"), ("平", "Ping"), ("刚", "Gang"), ("丽", "Li"), ("欣", "Xin"), ("晨", "Chen"),
)  # fmt: skip

_FIRST: tuple[Name, ...] = (
    ("海", "Hai"), ("远", "Yuan"), ("金", "Jin"), ("天", "Tian"), ("华", "Hua"), ("中", "Zhong"), ("东", "Dong"),
    ("新", "Xin"), ("瑞", "Rui"), ("宏", "Hong"), ("启", "Qi"), ("云", "Yun"), ("晟", "Sheng"), ("博", "Bo"),
    ("恒", "Heng"), ("嘉", "Jia"), ("安", "An"), ("泰", "Tai"), ("鼎", "Ding"), ("融", "Rong"),
)  # fmt: skip

_SECOND: tuple[Name, ...] = (
    ("蓝", "lan"), ("山", "shan"), ("达", "da"), ("成", "cheng"), ("信", "xin"), ("通", "tong"), ("源", "yuan"),
    ("盛", "sheng"), ("科", "ke"), ("辉", "hui"), ("诚", "cheng"), ("联", "lian"), ("创", "chuang"), ("德", "de"),
    ("宇", "yu"), ("润", "run"),
)  # fmt: skip

CITIES: dict[str, str] = {
    "Shanghai": "上海",
    "Beijing": "北京",
    "Shenzhen": "深圳",
    "Hangzhou": "杭州",
    "Chengdu": "成都",
}

INDUSTRIES: dict[str, Name] = {
    "manufacturing": ("机械", "Machinery"),
    "technology": ("科技", "Technology"),
    "telecommunications": ("通信", "Telecom"),
    "finance": ("金融服务", "Financial Services"),
    "medical": ("医疗器械", "Medical Devices"),
    "education": ("教育", "Education"),
    "government": ("公共服务中心", "Public Service Centre"),
    "energy": ("能源", "Energy"),
    "retail": ("商贸", "Trading"),
    "other": ("咨询", "Consulting"),
}

_STEP = 7
"""Steps between two people's names; it has no divisor in common with the number of names."""


def person(number: int) -> Name:
    """Return the name of somebody by number; the first four hundred differ."""
    index = number * _STEP % (len(_SURNAMES) * len(_GIVEN))
    surname, given = _SURNAMES[index % len(_SURNAMES)], _GIVEN[(index // len(_SURNAMES) + number) % len(_GIVEN)]
    return f"{surname[0]}{given[0]}", f"{given[1]} {surname[1]}"


def customer(number: int, region: str, industry: str) -> Name:
    """Return the name of a customer by number."""
    chance = Chance(f"brand/{number}")
    first, second = _FIRST[number % len(_FIRST)], _SECOND[number // len(_FIRST) % len(_SECOND)]
    third = chance.one_of(_SECOND)
    trade = INDUSTRIES[industry]
    form, form_en = ("", "") if industry == "government" else ("有限公司", " Co., Ltd.")
    chinese = f"{CITIES[region]}{first[0]}{second[0]}{third[0]}{trade[0]}{form}"
    return chinese, f"{region} {first[1]}{second[1]}{third[1]} {trade[1]}{form_en}"
