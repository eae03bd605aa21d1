"""Sentences about proposals and publications: why a text does not come into effect."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {
    "publish-test-fails": Message(
        "the test “{name}” of `{policy}` fails ({why}); put the rules or the test right",
        "`{policy}` 的测试“{name}”未通过（{why}）；请更正规则或测试",
    ),
    "publish-without-consultation": Message(
        "a penalty policy cannot be published without a record of consultation; "
        "add `consultation` with `held`, `published` and `record` once it was held",
        "处罚类策略未附征求意见与公示记录，不能发布；完成后请补充 `consultation`（`held`、`published`、`record`）",
    ),
    "publish-name-too-long": Message(
        "found a name of {found} characters, expected at most {expected}",
        "名称有 {found} 个字符，最多为 {expected} 个",
    ),
    "publication-empty-period": Message(
        "it cannot be in effect from {since} until {until}: it has to end after it begins",
        "不能自 {since} 至 {until} 生效：结束日应晚于开始日",
    ),
    "publication-backdated": Message(
        "it cannot be in effect from {since} on, which is before {today}: choose that day or a later one; to begin in "
        "the past takes a right of its own, and a penalty policy never does",
        "不能自 {since} 起生效，该日早于 {today}：请选择当天或之后的日期；追溯生效需要专门权限，处罚类策略一律不得追溯",
    ),
    "publication-overtaken": Message(
        "revision {number} of `{document}`, approved by {approver}, was published after this was proposed and would be "
        "undone; look at it, and propose again",
        "提出本提案之后，`{document}` 的第 {number} 版已由 {approver} 批准发布，批准本提案会将其撤销；请查看后重新提出",
    ),
    "publication-altered": Message(
        "the text in effect of `{document}` is not what its digest says; see `fairlead verify`",
        "`{document}` 的生效文本与其摘要不符；请运行 `fairlead verify`",
    ),
    "proposal-unknown": Message(
        "there is no proposal `{found}`; `fairlead proposals --all` lists them",
        "没有提案 `{found}`：`fairlead proposals --all` 列出全部",
    ),
    "proposal-not-open": Message(
        "the proposal `{found}` is not open any more: {state}", "提案 `{found}` 已不在待批状态：{state}"
    ),
    "proposal-own": Message(
        "`{found}` proposed this, so somebody else must approve it", "提案由 `{found}` 提出，须由他人批准"
    ),
    "proposal-no-remark": Message("say why: a remark is missing", "请说明理由：缺少备注"),
    "proposal-unfit-note": Message(
        "found a note or comment of {found} characters, expected at most {expected} and no control characters",
        "说明或意见有 {found} 个字符，最多为 {expected} 个，且不得含有控制字符",
    ),
    "document-unknown": Message(
        "nothing was ever published or proposed as `{document}`", "从未发布或提出过名为 `{document}` 的文件"
    ),
    "revision-unknown": Message("`{document}` has no revision {found}", "`{document}` 没有版本 {found}"),
    "retire-nothing": Message(
        "`{document}` is not in effect on {day}, so there is nothing to retire: choose a day on which it is",
        "`{document}` 在 {day} 并未生效，无可停用：请选择其生效的日期",
    ),
    "retire-retired": Message(
        "`{document}` is retired from {since} on already, approved by {approver}",
        "`{document}` 已自 {since} 起停用，由 {approver} 批准",
    ),
    "retire-asked": Message(
        "`{document}` is asked by {names}, which could not decide without it: change or retire these first",
        "{names} 引用了 `{document}`，缺少它便无法裁定：请先修改或停用这些策略",
    ),
    "rollback-nothing": Message(
        "there is no earlier revision of `{document}` to go back to", "`{document}` 没有可以回退的更早版本"
    ),
}
