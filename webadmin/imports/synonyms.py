"""What people call the fields of records in their files, and the values of those that are one of a few."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from policy.tables import RecordKind

_ID = ("id", "code", "编号", "编码", "代码", "no", "number")
_NAME_EN = ("name en", "english name", "英文名", "英文名称")
_REGION = ("region", "地区", "区域", "大区", "所在地区", "office location", "regional office", "location", "country")
_SINCE = ("since", "effective from", "effective on", "valid from", "生效日", "生效日期", "起始日期")
_STATUS = ("status", "state", "状态")
_PERSON = (
    *("sales agent", "agent", "account manager", "sales rep", "salesperson", "owner", "owner id", "rep", "seller"),
    *("客户经理", "负责人", "销售", "销售员", "业务员", "跟进人", "归属人", "客户经理编号", "负责人编号", "工号"),
)
_OWNER = (
    *("deal owner", "opportunity owner", "owner", "owner id", "holder", "held by"),
    *("商机负责人", "负责人", "负责人编号", "归属", "归属人", "归属客户经理"),
)
"""Who holds a deal, before who manages the account where a file tells both."""
_CUSTOMER = (
    *("customer id", "account id", "customer", "account", "company", "client", "customer name", "account name"),
    *("客户编号", "客户代码", "客户", "客户名称", "公司", "公司名称", "客户名"),
)

FIELDS: Mapping[RecordKind, Mapping[str, tuple[str, ...]]] = {
    RecordKind.TEAMS: {
        "id": (
            *("team id", "team code", "team", "department", "group", "manager", "团队编号", "部门编号"),
            *("团队", "部门", "小组", "主管", *_ID),
        ),
        "name": ("team name", "department name", "团队名称", "部门名称", "name", "名称"),
        "name_en": _NAME_EN,
        "parent": ("parent", "parent team", "parent id", "上级", "上级团队", "上级部门", "所属部门"),
        "region": _REGION,
        "since": _SINCE,
    },
    RecordKind.PEOPLE: {
        "id": (
            *("person id", "employee id", "employee no", "staff id", "user id", "工号", "员工编号", "人员编号", "编号"),
            *("id", "sales agent", "agent", "account manager", "sales rep", "客户经理", "employee"),
        ),
        "name": ("name", "full name", "姓名", "员工姓名", "人员", "名字", "客户经理姓名", "名称"),
        "name_en": _NAME_EN,
        "email": ("email", "e mail", "mail", "邮箱", "电子邮箱", "邮件"),
        "team": ("team", "team id", "department", "group", "团队", "所属团队", "部门", "小组", "manager", "主管"),
        "role": ("role", "position", "title", "岗位", "职务", "角色", "职位"),
        "status": ("status", "state", "状态", "在职状态", "员工状态"),
        "region": (*_REGION, "驻地"),
        "regions": ("regions", "regions served", "负责地区", "负责区域", "服务区域"),
        "level": ("level", "grade", "职级", "级别", "等级"),
        "skills": ("skills", "expertise", "技能", "专长", "专业能力"),
        "languages": ("languages", "language", "语言", "语种"),
        "industries": ("industries", "industry", "行业", "擅长行业", "行业经验"),
        "certificates": ("certificates", "certificate", "证书", "资质", "认证"),
        "hired_on": ("hired on", "hire date", "start date", "joined", "入职日期", "入职日", "入职时间"),
        "leaves_on": ("leaves on", "leave date", "end date", "离职日期", "离职日"),
        "capacity": ("capacity", "max load", "容量", "可承载量", "最大客户数", "承载上限"),
        "quota": (
            *("quota", "target", "sales target", "quarterly quota", "quarterly target", "配额", "指标", "业绩指标"),
            *("季度指标", "销售目标", "季度目标", "目标额", "业绩目标", "目标"),
        ),
        "quota_currency": ("quota currency", "currency", "币种", "指标币种"),
        "monthly_wage": ("monthly wage", "wage", "salary", "月薪", "月工资", "工资"),
        "since": _SINCE,
    },
    RecordKind.ABSENCES: {
        "id": ("absence id", "leave id", "请假编号", "单号", *_ID),
        "person": ("person", "person id", "employee", "employee id", "员工", "人员", "姓名", "请假人", *_PERSON),
        "since": ("since", "from", "start", "start date", "first day", "开始日期", "开始", "起始日期"),
        "until": ("until", "to", "end", "end date", "back on", "结束日期", "结束", "返岗日期", "返岗日"),
    },
    RecordKind.CUSTOMERS: {
        "id": (*_CUSTOMER[:2], "客户编号", "客户代码", *_ID, *_CUSTOMER[2:]),
        "name": ("customer name", "account name", "company name", "name", "客户名称", "公司名称", "客户名", "名称"),
        "name_en": _NAME_EN,
        "owner": _PERSON,
        "tier": ("tier", "customer tier", "grade", "level", "class", "客户等级", "等级", "客户级别", "级别", "分级"),
        "region": _REGION,
        "industry": ("industry", "sector", "行业", "所属行业", "客户行业"),
        "status": (*_STATUS, "客户状态"),
        "needs": ("needs", "requirements", "需求", "所需专业能力"),
        "phone": ("phone", "telephone", "tel", "mobile", "电话", "联系电话", "手机", "手机号"),
        "since": _SINCE,
    },
    RecordKind.DEALS: {
        "id": (
            *("deal id", "opportunity id", "order id", "opportunity", "deal", "商机编号", "订单编号", "订单号"),
            *("合同编号", "合同号", *_ID),
        ),
        "customer": _CUSTOMER,
        "owner": (*_OWNER, *_PERSON),
        "stage": ("stage", "deal stage", "status", "state", "阶段", "商机阶段", "销售阶段", "状态", "订单状态"),
        "opened_on": (
            *("opened on", "engage date", "created", "created on", "open date", "start date", "created date"),
            *("创建日期", "立项日期", "开始日期", "建档日期", "商机日期"),
        ),
        "closed_on": (
            *("closed on", "close date", "closed", "won date", "end date", "成交日期", "关闭日期", "签约日期"),
            *("结束日期", "完成日期", "成交日"),
        ),
    },
    RecordKind.EVENTS: {
        "id": ("event id", "事件编号", "流水号", *_ID),
        "type": ("type", "event type", "event", "事件类型", "类型", "事件"),
        "subject": ("subject", "对象", "主体"),
        "time": ("time", "timestamp", "occurred at", "date", "时间", "发生时间", "日期"),
        "source": ("source", "system", "来源", "来源系统"),
    },
}
"""Kind → own field → headings that mean it, the surest first."""

FACTS: Mapping[RecordKind, Mapping[str, tuple[str, ...]]] = {
    RecordKind.CUSTOMERS: {
        "customer.since": (
            *("first order", "first order on", "first order date", "customer since", "首次成交日", "首次成交日期"),
            *("首单日期", "首次下单日期", "首次合作日期"),
        ),
    },
    RecordKind.DEALS: {
        "order.amount": (
            *("amount", "close value", "value", "deal value", "order amount", "revenue", "金额", "成交金额"),
            *("合同金额", "订单金额", "商机金额"),
        ),
        "order.currency": ("currency", "币种", "货币"),
        "order.list_amount": ("list amount", "list price", "目录价", "目录价总额", "标价"),
        "order.discount": ("discount", "折扣", "折扣率"),
        "order.payment_days": ("payment days", "payment term", "账期", "账期天"),
        "customer.owner": ("account manager", "客户经理", "客户负责人"),
    },
    RecordKind.EVENTS: {
        "customer.id": _CUSTOMER,
        "manager.id": (*_PERSON, "manager"),
    },
}
"""The same for paths of the vocabulary; others are found by their names and labels."""

VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "status": {
        "active": ("active", "yes", "employed", "在职", "正常", "有效", "合作中", "活跃", "启用"),
        "leaving": ("leaving", "notice", "待离职", "离职中"),
        "left": ("left", "inactive", "resigned", "离职", "已离职"),
        "lost": ("lost", "churned", "流失", "已流失"),
        "public": ("public", "pool", "公海", "无主"),
    },
    "role": {
        "account-manager": ("account manager", "sales", "sales agent", "sales rep", "客户经理", "销售", "业务员"),
        "lead": ("lead", "team lead", "manager", "主管", "组长", "经理"),
        "director": ("director", "总监"),
        "finance": ("finance", "财务"),
        "legal": ("legal", "法务"),
        "general-manager": ("general manager", "ceo", "总经理"),
        "auditor": ("auditor", "审计"),
    },
    "stage": {
        "open": (
            *("open", "prospecting", "engaging", "qualified", "negotiation", "proposal", "in progress", "new"),
            *("进行中", "跟进中", "洽谈", "谈判", "方案", "初步接触", "线索"),
        ),
        "won": ("won", "closed won", "win", "赢单", "成交", "已成交", "已签约", "已完成"),
        "lost": ("lost", "closed lost", "lose", "输单", "丢单", "未成交", "已关闭"),
    },
    "tier": {
        "A": ("a", "strategic", "战略", "重点", "vip"),
        "B": ("b", "重要"),
        "C": ("c", "普通", "一般"),
        "D": ("d", "小客户"),
    },
    "industry": {
        "technology": ("software", "it", "tech", "软件", "科技", "互联网"),
        "manufacturing": ("industrial", "制造", "制造业"),
        "medical": ("healthcare", "health", "医疗"),
        "retail": ("零售", "consumer"),
        "finance": ("banking", "金融", "银行"),
        "telecommunications": ("telecom", "telecommunication", "通信", "电信", "运营商"),
        "energy": ("power", "utilities", "oil and gas", "能源", "电力", "石油", "新能源"),
        "education": ("school", "university", "schools", "教育", "学校", "高校", "培训"),
        "government": ("public sector", "public administration", "政府", "政务", "机关", "事业单位"),
        "other": ("others", "其他", "其它"),
    },
    "order.currency": {
        "CNY": ("cny", "rmb", "人民币", "元", "¥"),
        "USD": ("usd", "us dollar", "美元", "$"),
        "EUR": ("eur", "欧元", "€"),
        "HKD": ("hkd", "港币", "港元"),
        "JPY": ("jpy", "日元"),
    },
}
"""Field → its value → words of files that mean it."""

ALIKE: Mapping[str, str] = {
    "industries": "industry",
    "certificates": "industry",
    "customer.industry": "industry",
    "customer.tier": "tier",
}
"""Fields whose values are those of another."""

_NOISE = re.compile(r"[\s_\-./·:：]+")
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain(text: str) -> str:
    """Return a heading or value as it is compared: case, width, signs between words and asides left out."""
    spread = _HUMP.sub(" ", unicodedata.normalize("NFKC", text))
    return _NOISE.sub(" ", _ASIDE.sub("", spread)).strip().casefold()
