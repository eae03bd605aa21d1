"""Sentences about tables read from files."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {
    # The mapping against the inputs of the policy.
    "table-no-mapping": Message(
        "found no mapping, expected a document that begins with `mapping:`",
        "没有找到映射，应为以 `mapping:` 开头的文档",
    ),
    "table-other-mapping": Message(
        "found a mapping with `{found}`, expected one with `{expected}` here",
        "这是带 `{found}` 的映射，此处应为带 `{expected}` 的映射",
    ),
    "table-unknown-field": Message(
        "`{found}` is no input of the policy, expected one of {expected}",
        "`{found}` 不是该策略的输入，应为：{expected}",
    ),
    "table-unfed": Message(
        "nothing gives the required input `{found}`: name a column or a constant for it under `facts`",
        "必填输入 `{found}` 没有来源：请在 `facts` 中为它指定列或常量",
    ),
    "table-one-source": Message(
        "`{found}` needs exactly one source: found none or several, expected a column or a constant",
        "`{found}` 只能有一个来源：现为零个或多个，应为一列或一个常量",
    ),
    "table-with-constant": Message(
        "`{found}` means nothing beside a constant: leave it out, or name a column",
        "`{found}` 与常量并用没有意义：请删去，或改为指定列",
    ),
    "table-unknown-join": Message(
        "found the join `{found}`, expected the id of one under `joins`",
        "未知的关联文件 `{found}`，应为 `joins` 中的标识",
    ),
    "table-join-file": Message(
        "`{found}` is no name of a file, expected one in the folder of the main file, without a path",
        "`{found}` 不是文件名，应为与主文件同一文件夹中的文件，不带路径",
    ),
    "table-join-nowhere": Message(
        "the join `{found}` says of no file, expected `file`, or `sheet` for another sheet of the same workbook",
        "关联 `{found}` 没有说明文件，应写 `file`，或以 `sheet` 指明同一工作簿的另一工作表",
    ),
    "table-join-without-key": Message(
        "the join `{found}` has no key, expected at least one pair under `on`",
        "关联文件 `{found}` 没有键，`on` 中至少应有一对",
    ),
    "table-unfit": Message(
        "`{found}` ({expected}) cannot be read from one column, expected a single value or a list of them",
        "`{found}`（{expected}）无法由一列读出，应为单个值或单个值的列表",
    ),
    "table-split": Message(
        "`{found}` is of type {expected}: give `split` for a list, and only for a list",
        "`{found}` 的类型是 {expected}：列表须写 `split`，非列表不得写",
    ),
    "table-pattern": Message(
        "the pattern of days is wrong at `{found}`, expected %Y, %m and %d once each, and %H, %M, %S for times",
        "日期格式在 `{found}` 处有误，应恰有一个 %Y、%m、%d，有时间时可用 %H、%M、%S",
    ),
    "table-bands-order": Message(
        "the band from `{found}` does not rise, expected more than `{expected}`",
        "分档 `{found}` 没有递增，应大于 `{expected}`",
    ),
    "table-bands-and-values": Message(
        "`{found}` has both `bands` and `values`, expected one of the two",
        "`{found}` 同时写了 `bands` 和 `values`，只能取其一",
    ),
    "table-no-list": Message(
        "`{found}` is no list of the policy with fields of its own, expected one of {expected}",
        "`{found}` 不是该策略中带字段的列表，应为：{expected}",
    ),
    "table-item-without-group": Message(
        "`{found}` belongs to the items of a list, expected a `group` that fills it; lists inside lists are not filled",
        "`{found}` 属于列表的项，应由 `group` 填入该列表（不支持列表中的列表）",
    ),
    "table-no-period": Message(
        "`period_end` needs a group with a period, found none", "`period_end` 需要带 `period` 的 `group`，现在没有"
    ),
    "table-no-as-of": Message(
        "nothing says for which day the decisions are, expected `as_of` in the mapping or with the command",
        "没有说明决定所依据的日期，应在映射中写 `as_of`，或在命令中给出",
    ),
    "table-by-name": Message(
        "`{found}` names no person, team or customer of the record, so none can be found by its name: leave `by` out",
        "`{found}` 不指代记录中的人员、团队或客户，无从按名称查找：请删去 `by`",
    ),
    # The mapping against the fields of records.
    "table-unknown-own": Message(
        "`{found}` is no field of {kind}, expected one of {expected}", "`{found}` 不是 {kind} 的字段，应为：{expected}"
    ),
    "table-record-unfed": Message(
        "nothing gives `{found}`, which {expected} need: name a column or a constant for it under `fields`",
        "{expected} 必须有 `{found}`，现在没有来源：请在 `fields` 中为它指定列或常量",
    ),
    "table-forbidden": Message(
        "`{found}` is never taken: health, psychology, family, pregnancy, union role and private finances may not "
        "enter decisions about people (guard rail 9); leave the column out",
        "`{found}` 一律不采用：健康、心理、家庭、孕产、工会职务和个人财务不得用于有关人员的决定（护栏九），请删去该列",
    ),
    "table-absence-reason": Message(
        "`{found}`: why somebody is absent is not kept, it may touch on health or family (guard rail 9); expected only "
        "`id`, `person`, `since` and `until`",
        "`{found}`：不保存缺勤原因，它可能涉及健康或家庭（护栏九）；只应有 `id`、`person`、`since`、`until`",
    ),
    "table-no-facts": Message(
        "{found} take no `facts`, expected only `fields`; {expected} take them",
        "{found} 不带 `facts`，只应有 `fields`；可带的是 {expected}",
    ),
    "table-not-in-vocabulary": Message(
        "`{found}` is not in the vocabulary, expected one of its paths",
        "词汇表中没有 `{found}`，应为其中的路径",
    ),
    "table-facts-of-others": Message(
        "`{found}` is no fact of these records, expected `{expected}`", "`{found}` 不属于此类记录，应为 `{expected}`"
    ),
    "table-items-in-record": Message(
        "`{found}` belongs to the items of a list, which a record of one row cannot hold",
        "`{found}` 属于列表的项，由一行成为的记录无法带有",
    ),
    "table-zone": Message(
        "`{found}` is no time zone, expected a name such as `Asia/Shanghai`",
        "`{found}` 不是时区，应为 `Asia/Shanghai` 这样的名称",
    ),
    # The files.
    "table-no-file": Message(
        "there is no file `{found}`, expected it in the folder `{expected}`",
        "找不到文件 `{found}`，它应在文件夹 `{expected}` 中",
    ),
    "table-not-regular": Message(
        "this is a folder, device or pipe, expected a regular file: save the data as a CSV or XLSX file first",
        "这是文件夹、设备或管道，应为普通文件：请先将数据另存为 CSV 或 XLSX 文件",
    ),
    "table-too-large": Message(
        "the file has {found} bytes, expected at most {expected}", "文件有 {found} 字节，最多允许 {expected} 字节"
    ),
    "table-too-many-rows": Message(
        "the file has more than {expected} rows, expected at most that many: split it",
        "文件超过 {expected} 行，最多允许这么多行：请拆分文件",
    ),
    "table-too-many-columns": Message(
        "the table reaches column {found}, expected at most {expected}: delete what stands right of it, empty cells "
        "with a format too",
        "表格用到第 {found} 列，最多允许 {expected} 列：请删去右侧多余的内容，包括只有格式的空单元格",
    ),
    "table-unzips-too-large": Message(
        "unzipped it would have {found} bytes, expected at most {expected}: it was not read",
        "解压后将有 {found} 字节，最多允许 {expected} 字节：未读取",
    ),
    "table-no-workbook": Message(
        "this is no workbook that can be read, expected one saved as `.xlsx`, or a CSV file",
        "无法作为工作簿读取，应为另存为 `.xlsx` 的工作簿，或 CSV 文件",
    ),
    "table-broken-workbook": Message(
        "the sheet cannot be read on from here, expected a sound workbook: open it and save it anew",
        "工作表从此处起无法读取，文件可能已损坏：请打开后重新另存",
    ),
    "table-old-workbook": Message(
        "this is a workbook of the old form (`.xls`), expected one saved as `.xlsx`",
        "这是旧格式（`.xls`）的工作簿，请另存为 `.xlsx`",
    ),
    "table-encrypted": Message(
        "the workbook is protected by a password, expected one saved without",
        "工作簿设有打开密码，请取消密码后另存",
    ),
    "table-macros": Message(
        "the workbook may hold macros, expected one saved as `.xlsx`, without them",
        "工作簿可能带有宏，请另存为不带宏的 `.xlsx`",
    ),
    "table-no-sheet": Message(
        "the workbook has no sheet `{found}`, expected one of {expected}",
        "工作簿没有工作表 `{found}`，应为：{expected}",
    ),
    "table-which-sheet": Message(
        "the workbook has {found} sheets that are not hidden, expected one named by `sheet` in the mapping: {expected}",
        "工作簿有 {found} 个未隐藏的工作表，请在映射中用 `sheet` 指明其一：{expected}",
    ),
    "table-join-no-workbook": Message(
        "`{found}` should be a sheet of `{expected}`, which is no workbook: expected `file` for another file",
        "`{found}` 应为 `{expected}` 的工作表，但后者不是工作簿：另一文件请用 `file` 写明",
    ),
    "table-merged": Message(
        "the cells `{found}` of the sheet `{sheet}` are merged, expected a value in each: unmerge and fill them",
        "工作表 `{sheet}` 的单元格 `{found}` 已合并，应每格各有其值：请取消合并并逐格填写",
    ),
    "table-empty-file": Message("the file is empty, expected a row of headings", "文件为空，应有一行列名"),
    "table-column-twice": Message(
        "the heading `{found}` occurs twice, expected every heading once", "列名 `{found}` 出现了两次，应只出现一次"
    ),
    "table-unknown-column": Message(
        "the file `{file}` has no column `{found}`, expected one of {expected}",
        "文件 `{file}` 没有列 `{found}`，应为：{expected}",
    ),
    "table-delimiter": Message(
        "the headings are one cell, `{found}`: expected the right `delimiter` in the mapping",
        "列名只有一格 `{found}`：请在映射中用 `delimiter` 写明分隔符",
    ),
    "table-join-key-twice": Message(
        "the key `{found}` occurs twice, expected once, for a row must have one partner",
        "键 `{found}` 出现了两次，应只出现一次，因为每行只能对应一条记录",
    ),
    # Rows.
    "table-encoding": Message(
        "line {line} holds {found}, which is not {expected}: save the file as UTF-8, or give its `encoding` in the "
        "mapping (`gb18030` for files of Chinese spreadsheets)",
        "第 {line} 个文本行含有 {found}，不是 {expected}：请把文件另存为 UTF-8，或在映射中写 `encoding`"
        "（中文电子表格的文件常为 `gb18030`）",
    ),
    "table-line-too-long": Message(
        "line {line} is longer than {expected} bytes, expected at most that many",
        "第 {line} 个文本行超过 {expected} 字节，最多允许这么多",
    ),
    "table-quotes": Message(
        "quotation marks do not match, expected a quoted cell to end before the delimiter",
        "引号不配对，带引号的单元格应在分隔符之前结束",
    ),
    "table-ragged": Message(
        "the row has {found} {found:cell|cells}, expected {expected}, as many as there are headings",
        "该行有 {found} 格，应为 {expected} 格，与列名一致",
    ),
    "table-cell-too-long": Message(
        "the cell has {found} characters, expected at most {expected}",
        "单元格有 {found} 个字符，最多允许 {expected} 个",
    ),
    "table-formula": Message(
        "cell `{cell}` of the sheet `{sheet}` holds a formula, expected a value: copy it and paste values only",
        "工作表 `{sheet}` 的单元格 `{cell}` 是公式，应为值：请复制后“选择性粘贴”为数值",
    ),
    "table-error-cell": Message(
        "cell `{cell}` of the sheet `{sheet}` holds the error `{found}`, expected a value",
        "工作表 `{sheet}` 的单元格 `{cell}` 是错误值 `{found}`，应为值",
    ),
    "table-empty": Message("is empty, `{found}` expects {expected}", "为空，`{found}` 应为{expected}"),
    "table-unjoined": Message(
        "has no row for this one, `{found}` expects {expected}", "没有与本行对应的记录，`{found}` 应为{expected}"
    ),
    "table-day": Message(
        "`{found}` is no day, expected one written as `{expected}`", "`{found}` 不是日期，应写作 `{expected}`"
    ),
    "table-number": Message(
        "`{found}` is no number, expected one written as `{expected}`", "`{found}` 不是数字，应写作 `{expected}`"
    ),
    "table-below-bands": Message(
        "`{found}` lies below the first band, expected at least `{expected}`",
        "`{found}` 低于最低一档，至少应为 `{expected}`",
    ),
    "table-no-partner": Message(
        "`{found}` is not in `{file}`, expected a row with that key", "`{file}` 中没有 `{found}`，应有该键的记录"
    ),
    "table-differs": Message(
        "found `{found}`, expected `{expected}` as in row {row} of the same group",
        "此处为 `{found}`，应与同组的第 {row} 行一致，为 `{expected}`",
    ),
    "table-row-lost": Message(
        "row {found} cannot be read and may belong to this group: mend it first, expected a group with all its rows",
        "第 {found} 行无法读取，可能属于本组：请先修正，以免缺行",
    ),
    "table-id-twice": Message(
        "the id `{found}` stands in row {first} and again in row {row}, expected it once",
        "标识 `{found}` 在第 {first} 行和第 {row} 行都出现，应只出现一次",
    ),
    "table-id-differs": Message(
        "the id `{found}` in row {row} comes with other values than in row {first}, expected the same",
        "标识 `{found}` 在第 {row} 行的其他值与第 {first} 行不同，应当相同",
    ),
    "table-absence-ends": Message(
        "`{found}` is not after the first day `{expected}`, expected the first day the person is back",
        "`{found}` 不晚于首日 `{expected}`，应为恢复到岗的首日",
    ),
    "table-deal-closes": Message(
        "the deal is closed on `{found}`, before it was opened on `{expected}`: one of the two days is wrong",
        "商机的关闭日 `{found}` 早于开始日 `{expected}`：两个日期必有一个有误",
    ),
    "table-local-time": Message(
        "`{found}` has no offset from UTC: expected one in the file, or `time_zone` in the mapping",
        "`{found}` 没有时区偏移：应在文件中写明，或在映射中写 `time_zone`",
    ),
    "table-no-one-time": Message(
        "`{found}` came never or twice in {expected} when clocks were changed, expected it with its offset from UTC",
        "`{found}` 因调整时钟在 {expected} 没有出现或出现了两次，应写明时区偏移",
    ),
    # Rows that are left out.
    "table-not-chosen": Message(
        "`{found}` is left out: the mapping takes only rows with {expected} here",
        "`{found}` 略过：映射只采用此列为 {expected} 的行",
    ),
    "table-left-out": Message("the mapping leaves out rows with `{found}` here", "映射略过此列为 `{found}` 的行"),
    "table-repeated": Message(
        "row {row} says the same of the id `{found}` as row {first}, so it counts once",
        "第 {row} 行对编号 `{found}` 所写与第 {first} 行相同，只计一次",
    ),
    # The report.
    "report-cell": Message("column `{column}`: {why}", "列 `{column}`：{why}"),
    "report-rows": Message(
        "{read} {read:row|rows} read: {taken} taken ({made} to decide), {refused} refused, {skipped} left out",
        "共读取 {read} 行：采用 {taken} 行（须作 {made} 个决定），拒绝 {refused} 行，略过 {skipped} 行",
    ),
    "report-sheet": Message("sheet `{found}`", "工作表 `{found}`"),
    "report-records": Message(
        "{read} {read:row|rows} read: {taken} taken, {refused} refused, {skipped} left out",
        "共读取 {read} 行：采用 {taken} 行，拒绝 {refused} 行，略过 {skipped} 行",
    ),
    "report-repeated": Message(
        "left out: {count} {count:row says|rows say} the same as an earlier one", "略过：{count} 行与前面的行相同"
    ),
    "report-mended": Message(
        "mended: column `{column}`, `{found}` taken as `{to}` in {count} {count:cell|cells}",
        "修正：列 `{column}` 的 `{found}` 按 `{to}` 处理，共 {count} 格",
    ),
    "report-skipped": Message(
        "left out: column `{column}` is `{found}` in {count} {count:row|rows}",
        "略过：列 `{column}` 为 `{found}`，共 {count} 行",
    ),
    "report-refused": Message(
        "refused: column `{column}`, {count} {count:cell|cells} ({count:row|rows} {rows}): {why}",
        "拒绝：列 `{column}`，{count} 格（第 {rows} 行）：{why}",
    ),
    "report-values": Message(
        "; {count} different {count:value|values}: {found}",
        "；共 {count} 种不同的值：{found}",
    ),
    "report-refused-rows": Message(
        "refused: {count} {count:row|rows} ({rows}): {why}", "拒绝：{count} 行（第 {rows} 行）：{why}"
    ),
}
