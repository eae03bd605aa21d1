"""Sentences about records that are taken into the database, and about the roster they make."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {
    "record-unknown": Message(
        "no {kind} is known as `{found}`: import it first, or put the id right",
        "没有编号为 `{found}` 的{kind}：请先导入，或更正编号",
    ),
    "record-unknown-name": Message(
        "no {kind} has the id or name `{found}`: import it first, or put the name right",
        "没有编号或名称为 `{found}` 的{kind}：请先导入，或更正名称",
    ),
    "record-same-name": Message(
        "{count} have the name `{found}`, expected a name of one {kind} only: write its id instead",
        "名称为 `{found}` 的{kind}有 {count} 个，无法确定是哪一个：请改写编号",
    ),
    "record-event-differs": Message(
        "an event `{found}` of this source is in the record and says something else: give it an id of its own",
        "记录中已有此来源的事件 `{found}`，内容不同：请另给编号",
    ),
    "record-event-future": Message(
        "the event is said to be of `{found}`, which is still to come, expected none after `{expected}`",
        "事件的时刻 `{found}` 尚未到来，应不晚于 `{expected}`",
    ),
    "record-fact-too-long": Message(
        "`{found}` has more characters than are kept, expected at most {expected}",
        "`{found}` 过长，最多保存 {expected} 个字符",
    ),
    "deal-not-closed": Message(
        "the deal is not closed, so no day is known to decide for: name one with --as-of",
        "商机尚未结束，没有可据以裁定的日期：请用 --as-of 指明",
    ),
    "deal-no-policy": Message(
        "the policy is not in effect on {day}, or does not load", "策略在 {day} 未生效，或无法加载"
    ),
    "roster-unknown": Message("no {kind} is known as `{found}`", "没有编号为 `{found}` 的{kind}"),
    "roster-erased": Message(
        "what was known of `{found}` was erased and is not written again", "`{found}` 的信息已被删除，不再写入"
    ),
    "roster-attribute": Message("there is no attribute `{found}`", "没有属性 `{found}`"),
    "roster-value": Message("`{found}` is no value of `{attribute}`", "`{found}` 不是 `{attribute}` 的取值"),
    "roster-cycle": Message(
        "the team would belong to itself from {day} on: `{found}`", "自 {day} 起团队会隶属于自身：`{found}`"
    ),
    "roster-period": Message(
        "found an end `{until}` that is not after `{since}`", "结束日 `{until}` 不在 `{since}` 之后"
    ),
    "roster-deal-closes": Message(
        "the deal would be closed on `{found}`, before it was opened on `{expected}`, by the file and the record",
        "按文件与记录，商机的关闭日 `{found}` 早于开始日 `{expected}`",
    ),
    "imported-counts": Message(
        "in the record: {new} new, {changed} changed, {unchanged} unchanged",
        "记录：新增 {new}，变更 {changed}，未变 {unchanged}",
    ),
    "imported-nothing": Message(
        "nothing was written: all of it is in the record already", "未写入任何内容：记录中均已存在"
    ),
    "imported-empty": Message(
        "nothing was written: the file has no row below its header", "未写入任何内容：表头之下没有数据行"
    ),
    "imported-dry": Message("nothing was written: this was a dry run", "未写入任何内容：此为试运行"),
    "imported-refused": Message(
        "nothing was written: put the refused rows right, or leave them out, and import again",
        "未写入任何内容：请更正或删去被拒绝的行后重新导入",
    ),
}
