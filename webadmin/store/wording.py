"""What a report says, in zh and en."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import filled
from policy.values import Language, Text
from webadmin.store.heads import Trouble
from webadmin.store.report import Erasure, Finding, Open, Unproven, Wrong

PLACES: Mapping[str, Text] = {
    "decisions": Text("裁定", "decisions"),
    "events": Text("事件", "events"),
    "audit": Text("审计记录", "audit entries"),
    "entries": Text("链条", "chain entries"),
    "revisions": Text("版本", "revisions"),
    "publications": Text("发布", "publications"),
    "proposals": Text("提议", "proposals"),
    "signals": Text("信号", "signals"),
    "heads": Text("链首文件", "heads outside the database"),
}

_COUNTED: Mapping[str, Text] = {
    "decisions": Text("裁定 {count}", "{count} {count:decision|decisions}"),
    "events": Text("事件 {count}", "{count} {count:event|events}"),
    "audit": Text("审计记录 {count}", "{count} {count:audit entry|audit entries}"),
    "entries": Text("链条 {count}", "{count} {count:chain entry|chain entries}"),
    "revisions": Text("版本 {count}", "{count} {count:revision|revisions}"),
    "publications": Text("发布 {count}", "{count} {count:publication|publications}"),
    "proposals": Text("提议 {count}", "{count} {count:proposal|proposals}"),
    "signals": Text("信号 {count}", "{count} {count:signal|signals}"),
    "heads": Text("链首文件 {count}", "{count} {count:head|heads} outside the database"),
}
"""How much was looked at of each place."""

WRONG: Mapping[Wrong | Trouble, Text] = {
    Wrong.ENTRY_MISSING: Text(
        "第 {seq} 至 {until} 号链条条目缺失", "the entries of the chain from {seq} to {until} are missing"
    ),
    Wrong.ENTRY_DELETED: Text(
        "链条条目已被删除，其所属的行仍在", "its entry was deleted from the chain; the row is still there"
    ),
    Wrong.ENTRY_MOVED: Text("此处的条目已被移走，现位于 {other}", "what belongs here was moved; it stands at {other}"),
    Wrong.ENTRY_ALTERED: Text("链条条目的 `{column}` 已被更改", "`{column}` of its entry in the chain was altered"),
    Wrong.ENTRY_TWICE: Text("同一行在链条中出现多次", "the row stands in the chain more than once"),
    Wrong.ENTRY_FOREIGN: Text("条目属于不存在的链 `{chain}`", "the entry belongs to a chain `{chain}` there is not"),
    Wrong.END_CUT: Text(
        "末尾被截断：{at} 导出的链首为第 {until} 号，第 {seq} 号起缺失",
        "the end was cut off: at {at} the chain reached {until}; everything from {seq} on is missing",
    ),
    Wrong.REWRITTEN: Text(
        "第 {since} 至 {until} 号之间被改写并重新链接：与 {at} 导出的链首不符",
        "something from {since} to {until} was altered and linked anew: it is not what was exported at {at}",
    ),
    Wrong.ROW_MISSING: Text("该行已被删除", "the row was deleted"),
    Wrong.ROW_UNCHAINED: Text("该行不在链条中", "the row is not in the chain"),
    Wrong.ROW_ALTERED: Text("内容已被更改", "the content was altered"),
    Wrong.ROW_SWAPPED: Text("内容属于第 {other} 号", "it has the content of {other}"),
    Wrong.ROW_EMPTIED: Text("内容已被清空，但没有相应的删除记录", "it was emptied, and no erasure tells of it"),
    Wrong.COLUMN_ALTERED: Text("`{column}` 列与内容不符", "the column `{column}` is not what the content says"),
    Wrong.TERM_MISSING: Text("缺少检索项 `{term}`", "the search term `{term}` is missing"),
    Wrong.TERM_ADDED: Text("多出检索项 `{term}`", "the search term `{term}` was added"),
    Wrong.TERM_MOVED: Text("检索项 `{term}` 的时间已被更改", "the time of the search term `{term}` was altered"),
    Wrong.TEXT_ALTERED: Text("`{document}` 的文本与摘要不符", "the text of `{document}` is not what its digest says"),
    Wrong.TEXT_MISSING: Text(
        "裁定所依据的文本不在记录中：{documents}", "texts it was decided by are not in the record: {documents}"
    ),
    Wrong.NOT_LOADING: Text(
        "裁定所依据的文本已无法载入：{documents}", "the texts it was decided by no longer load: {documents}"
    ),
    Wrong.DIFFERENT: Text("重新裁定的结果不同", "decided once more, it comes out differently"),
    Wrong.UNDOCUMENTED: Text("没有与之相符的审计记录", "no sound audit entry tells of it"),
    Trouble.KEY: Text("没有可用的签名密钥：{where}", "there is no key to check signatures with: {where}"),
    Trouble.UNREADABLE: Text("无法读取 {where}", "{where} cannot be read"),
    Trouble.UNSIGNED: Text("{where} 没有签名", "{where} is not signed"),
    Trouble.FORGED: Text("{where} 的签名不符", "{where} is wrongly signed"),
    Trouble.OTHER: Text(
        "链首属于另一个数据库，或者整个记录已被改写（{where}）",
        "the heads belong to another database, or the whole record was written anew ({where})",
    ),
    Trouble.BEHIND: Text("数据库中没有已导出的 {where}", "the database lacks what was exported: {where}"),
    Trouble.NONE: Text("没有链首文件 {where}", "there are no heads at {where}"),
}

OPEN: Mapping[Open, Text] = {
    Open.END: Text(
        "{chain} 第 {since} 至 {until} 号尚未导出链首：不能证明其后没有被截断",
        "{chain} {since} to {until} lie after the last exported head: they cannot be proven against cutting off",
    ),
    Open.HEADS: Text(
        "没有链首文件：不能证明末尾没有被截断，也不能证明没有被整体改写",
        "there are no exported heads: neither a cut end nor a chain written anew would be seen",
    ),
    Open.BEGINNING: Text(
        "{at} 第一次导出链首之前发生的改写",
        "whether anything was written anew before heads were first exported, at {at}",
    ),
    Open.ERASED: Text("已清空的 {count} 行原来的内容", "what the erased rows said; rows: {count}"),
    Open.REDACTED: Text(
        "已去除姓名的 {count} 行原来的内容（其余部分自删除之日起可证明）",
        "what rows said before a name was taken out (what is left is proven from then on); rows: {count}",
    ),
    Open.RECOMPUTED: Text("未重新计算的 {count} 份裁定的结果", "outcomes of decisions not made once more: {count}"),
    Open.UNANCHORED: Text(
        "从未提议或发布的 {count} 份版本的作者与时间", "author and time of revisions nobody proposed: {count}"
    ),
    Open.CONSULTATION: Text(
        "策略所称的民主协商与公示是否真的进行过：那在记录之外",
        "whether the consultations policies name took place: they happened outside",
    ),
    Open.PART: Text(
        "只检查了 {chain} 第 {since} 至 {until} 号", "only {chain} {since} to {until} were checked, nothing else"
    ),
    Open.TABLES: Text(
        "不在链条中的表：人员、客户、交易、登录、令牌、草稿、任务",
        "tables outside the chains: people, customers, deals, logins, tokens, drafts, jobs",
    ),
    Open.TRUTH: Text("调用方提供的数据是否属实", "whether the facts that callers gave were true"),
    Open.KEY: Text(
        "同时掌握数据库与签名密钥者所作的改写",
        "a rewriting by whoever holds both the database and the key of the heads",
    ),
}

_ERASED = Text(
    "由 {by} 于 {at} 删除：清空 {emptied} 行，去除姓名 {redacted} 行；理由：{reason}",
    "erased by {by} on {at}: {emptied} {emptied:row|rows} emptied, names taken out of {redacted}; because: {reason}",
)


def checked(counts: Mapping[str, int], language: Language) -> list[str]:
    """Return how much was looked at of each place that has a name."""
    named = ((_COUNTED[place].to(language), count) for place, count in counts.items() if place in _COUNTED)
    return [filled(text, {"count": count}) for text, count in named]


def place_of(finding: Finding, language: Language) -> str:
    """Return where something is wrong: `decisions 17 (0198…)`."""
    parts = [PLACES[finding.place].to(language)]
    parts += [] if finding.seq is None else [str(finding.seq)]
    parts += [] if finding.row in {None, str(finding.seq)} else [f"({finding.row})"]
    return " ".join(parts)


def sentence(finding: Finding, language: Language) -> str:
    """Return what is wrong, without the place."""
    return WRONG[finding.wrong].to(language).format(seq=finding.seq, row=finding.row, **finding.values)


def unproven(each: Unproven, language: Language) -> str:
    """Return what cannot be proven."""
    values = dict(each.values)
    if "chain" in values:
        values["chain"] = PLACES[values["chain"]].to(language)
    return OPEN[each.what].to(language).format(**values)


def erased(each: Erasure, language: Language) -> str:
    """Return who erased, when and why."""
    said = {"by": each.by, "at": each.at, "emptied": each.emptied, "redacted": each.redacted, "reason": each.reason}
    return filled(_ERASED.to(language), said)
