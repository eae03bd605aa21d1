"""Sentences about the text of a document: its encoding, YAML and shape."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

MESSAGES: Mapping[str, Message] = {
    "suggestion": Message(" (did you mean `{suggestion}`?)", "（是否想写 `{suggestion}`？）"),
    "mended": Message("; write: {mended}", "；请写成：{mended}"),
    "ranges": Message("; all of it: {ranges}", "；全部情况：{ranges}"),
    # the text
    "too-large": Message(
        "the text has {found} bytes; at most {limit} are read",
        "文本有 {found} 字节，最多读取 {limit} 字节",
    ),
    "not-utf-8": Message(
        "byte {offset} is `{found}`, which is not UTF-8; save the file as UTF-8",
        "第 {offset} 个字节是 `{found}`，不是 UTF-8；请把文件另存为 UTF-8 编码",
    ),
    "forbidden-character": Message(
        "found the invisible character {found}; take it out",
        "发现不可见字符 {found}，请删除",
    ),
    "more-findings": Message(
        "there are more findings; the first {limit} are listed",
        "还有更多问题，这里只列出前 {limit} 个",
        Grade.NOTE,
    ),
    # YAML
    "too-deep": Message(
        "lists and mappings stand inside one another more than {limit} deep; write it flatter",
        "列表和映射嵌套超过 {limit} 层，请写得平一些",
    ),
    "too-many-nodes": Message(
        "the text holds more than {limit} values; split it into several documents",
        "文本包含的值超过 {limit} 个，请拆成几份文档",
    ),
    "too-many-keys": Message(
        "the document has more than {limit} keys; it is read no further", "文档的键超过 {limit} 个，其后不再读取"
    ),
    "empty-document": Message(
        "the text holds no document; a policy begins with `policy: <kind>.<name>`",
        "文本中没有文档；策略以 `policy: <类别>.<名称>` 开头",
    ),
    "several-documents": Message(
        "a second document begins here; one file holds one document",
        "这里开始了第二份文档；一个文件只能有一份文档",
    ),
    "directive": Message(
        "YAML directives (`%`) are not used; take the line out",
        "不使用 YAML 指令（`%`），请删除这一行",
    ),
    "tag": Message(
        "`{found}` is read as a YAML tag, and tags are refused; take it out, or put the value in quotes if it is text",
        "`{found}` 会被当作 YAML 标签，而标签不允许使用；请删除，如果它是文本请加上引号",
    ),
    "anchor": Message(
        "`{found}` is read as a YAML anchor, and anchors are refused; take it out, or put it in quotes if it is text",
        "`{found}` 会被当作 YAML 锚点，而锚点不允许使用；请删除，如果它是文本请加上引号",
    ),
    "alias": Message(
        "`{found}` is read as a YAML alias, and aliases are refused; write the value out, or put it in quotes",
        "`{found}` 会被当作 YAML 别名，而别名不允许使用；请写出实际的值，如果它是文本请加上引号",
    ),
    "merge-key": Message(
        "merge keys (`<<`) are refused; write the keys out",
        "不允许使用合并键（`<<`），请逐个写出各键",
    ),
    "duplicate-key": Message(
        "key `{found}` stands here again, first on line {first}; keep one of them",
        "键 `{found}` 在此重复，第一次出现在第 {first} 行；请只保留一个",
    ),
    "key-not-text": Message(
        "a list or a mapping stands where a key is expected",
        "此处应为键，却是列表或映射",
    ),
    "empty-key": Message("there is no key before the colon", "冒号前面没有键"),
    "unreadable-value": Message(
        "YAML cannot read `{found}` as it stands; put it in quotes",
        "YAML 无法按原样读取 `{found}`，请加上引号",
    ),
    "colon-without-space": Message(
        "`{found}` does not end the key; a key ends with `: ` (colon, space)",
        "`{found}` 不能结束一个键；键后要写半角冒号加空格 `: `",
    ),
    "split-at-comma": Message(
        "YAML splits `{found}` at its comma; put it in quotes",
        "YAML 会在逗号处把 `{found}` 拆开，请加上引号",
    ),
    "range-as-list": Message(
        "YAML takes `{found}` for a list of one; put the range in quotes",
        "YAML 会把 `{found}` 当作只有一项的列表，请给区间加上引号",
    ),
    "cut-by-comment": Message(
        "`{found}` is cut off as a comment; put the value in quotes (a comment is written with a space after `#`)",
        "`{found}` 会被当作注释截掉；请给整个值加上引号（如果是注释，`#` 后要空一格）",
    ),
    "unclosed-quote": Message(
        "the quote {found} opened here is never closed; close it, and write a quote inside single quotes twice",
        "此处的引号 {found} 没有闭合；请补上，单引号文本中的单引号要写两次",
    ),
    "unclosed-bracket": Message(
        "`{opened}` opened here is not closed: found `{found}` on line {line}, expected `,` or `{expected}`",
        "此处的 `{opened}` 没有闭合：第 {line} 行是 `{found}`，应为 `,` 或 `{expected}`",
    ),
    "bad-escape": Message(
        "the text in double quotes has a backslash that means nothing; write `\\\\`, or use single quotes",
        "双引号文本中有无意义的反斜杠；请写成 `\\\\`，或改用单引号",
    ),
    "item-on-key-line": Message(
        "a list item (`- `) stands where a value is expected; begin it on a line of its own, or put it in quotes",
        "此处应为值，却是列表项（`- `）；请另起一行，如果它是文本请加上引号",
    ),
    "no-colon": Message(
        "`{found}` is no key: expected `key: value`",
        "`{found}` 不是键；应写成 `键: 值`",
    ),
    "bad-indentation": Message(
        "`{found}` does not fit here: expected the same indentation as its neighbours, or the end of the value before",
        "`{found}` 不应出现在这里：请与同级的行左对齐，或检查前面的值是否已经结束",
    ),
    "tab-indentation": Message(
        "a tab stands where spaces are expected; indent with spaces",
        "此处是制表符，应为空格；请用空格缩进",
    ),
    "not-yaml": Message(
        "`{found}` cannot be read here: expected a key, a value or a list item",
        "此处无法读取 `{found}`：应为键、值或列表项",
    ),
    # the shape
    "unknown-document": Message(
        "this is no document: its first keys must be one of {expected}",
        "这不是可识别的文档：顶层必须有 {expected} 之一",
    ),
    "unknown-key": Message(
        "unknown key `{found}`; known here: {expected}",
        "未知的键 `{found}`；此处可用：{expected}",
    ),
    "key-of-other-kind": Message(
        "key `{found}` belongs to policies of kind {expected}",
        "键 `{found}` 属于 {expected} 类策略",
    ),
    "missing-key": Message("key `{expected}` is missing", "缺少键 `{expected}`"),
    "wrong-shape": Message("found {found}, expected {expected}", "发现{found}，应为{expected}"),
    "no-value": Message(
        "nothing stands after the colon; write a value, or take the key out",
        "冒号后面没有值；请写上值，或删除这个键",
    ),
    "null-value": Message(
        "YAML's null (`{found}`) is refused; take the key out, or write `null` in quotes where FEEL's null is meant",
        "不允许使用 YAML 的空值（`{found}`）；请删除这个键，如果指 FEEL 的 null 请加上引号",
    ),
    "empty-text": Message("the text is empty; write one, or take the key out", "文本为空；请填写，或删除这个键"),
    "too-few": Message(
        "found {found} {found:entry|entries}, expected at least {expected}",
        "有 {found} 项，至少应有 {expected} 项",
    ),
    "wrong-id": Message(
        "`{found}` is no id: expected lower case letters, digits and hyphens",
        "`{found}` 不是合法的标识：只能用小写字母、数字和连字符",
    ),
    "wrong-policy-id": Message(
        "`{found}` is no policy id: expected `<kind>.<name>`, the name in lower case letters, digits and hyphens",
        "`{found}` 不是合法的策略标识：应为 `<类别>.<名称>`，名称只能用小写字母、数字和连字符",
    ),
    "unknown-kind": Message(
        "unknown kind of policy `{found}`; expected one of {expected}",
        "未知的策略类别 `{found}`；应为 {expected} 之一",
    ),
    "wrong-file": Message(
        "the document is called `{found}`, its file `{expected}`; rename one of them",
        "文档名为 `{found}`，而文件对应 `{expected}`；请修改其中一个",
    ),
    "wrong-event-name": Message(
        "`{found}` is no type of event: lower case letters, digits and underscores, begun by a letter",
        "`{found}` 不是事件类型的名称：只能用小写字母、数字和下划线，并以字母开头",
    ),
    "wrong-path": Message(
        "`{found}` is no path: expected names joined by dots, letters or digits, `[]` after a list's name",
        "`{found}` 不是合法的路径：应为以点连接的名称（字母或数字），列表名后写 `[]`",
    ),
    "duplicate-id": Message(
        "id `{found}` stands here again, first on line {first}; every id is used once in its list",
        "标识 `{found}` 在此重复，第一次出现在第 {first} 行；同一列表中每个标识只能用一次",
    ),
    "duplicate-item": Message(
        "`{found}` stands here again, first on line {first}; list it once",
        "`{found}` 在此重复，第一次出现在第 {first} 行；请只列一次",
    ),
    "unknown-word": Message(
        "unknown word `{found}`; expected one of {expected}",
        "未知的取值 `{found}`；应为 {expected} 之一",
    ),
    "wrong-number": Message(
        "`{found}` is no number here; write it without quotes, exponent, underscores or leading zeros",
        "`{found}` 不是数字；请不要加引号、指数、下划线或前导零",
    ),
    "wrong-whole-number": Message(
        "`{found}` is no whole number here; write at most nine digits, without quotes",
        "`{found}` 不是整数；请写最多九位数字，不要加引号",
    ),
    "too-many-digits": Message(
        "the number has {found} digits; at most {limit} are exact",
        "数字有 {found} 位，最多精确到 {limit} 位",
    ),
    "too-small": Message("found {found}, expected at least {expected}", "值为 {found}，至少应为 {expected}"),
    "too-great": Message("found {found}, expected at most {expected}", "值为 {found}，最多应为 {expected}"),
    "wrong-boolean": Message(
        "`{found}` is neither `true` nor `false`",
        "`{found}` 既不是 `true` 也不是 `false`",
    ),
    "wrong-date": Message(
        "`{found}` is no date: expected a day of the calendar as `2026-03-01`",
        "`{found}` 不是日期：应为日历中存在的日期，例如 `2026-03-01`",
    ),
    "wrong-duration": Message(
        "`{found}` is no duration: expected days and time such as `P7D` or `PT12H`, or months such as `P12M`",
        "`{found}` 不是时长：应为天和时间（如 `P7D`、`PT12H`），或年月（如 `P12M`）",
    ),
    "wrong-as-of": Message(
        "`{found}` is neither a date nor an instant with offset: expected `2026-03-01` or `2026-03-01T09:00:00+08:00`",
        "`{found}` 既不是日期也不是带时区偏移的时刻：应为 `2026-03-01` 或 `2026-03-01T09:00:00+08:00`",
    ),
    "unknown-language": Message(
        "version {found} is not known here; expected {expected}",
        "不支持版本 {found}；应为 {expected}",
    ),
    # the sections
    "rows-not-rising": Message(
        "`from` is {found}, not above the row before ({expected}); rows rise strictly",
        "`from` 为 {found}，没有大于上一行（{expected}）；各行必须严格递增",
    ),
    "unknown-stage": Message(
        "`late` names `{found}`, which is no other stage; expected one of {expected}",
        "`late` 指向的 `{found}` 不是其他环节；应为 {expected} 之一",
    ),
    "exactly-one-of": Message(
        "exactly one of {expected} is expected, found {found}",
        "{expected} 中必须且只能写一个，现有 {found} 个",
    ),
    "at-least-one-of": Message("at least one of {expected} is expected", "{expected} 中至少要写一个"),
    "only-with": Message(
        "`{found}` means something only beside `{expected}`",
        "`{found}` 只有与 `{expected}` 同时出现才有意义",
    ),
    "not-carried-out": Message(
        "`{found}` is accepted and checked, but not carried out yet",
        "`{found}` 可以写并会检查，但目前还不会执行",
        Grade.NOTE,
    ),
    # edits
    "edit-not-found": Message(
        "there is no `{found}` here; it may have been changed or taken out meanwhile",
        "此处没有 `{found}`，可能已被修改或删除",
    ),
    "edit-no-cells": Message(
        "the condition of `{found}` is an expression, which has no cells; change it as text",
        "`{found}` 的条件是表达式，没有单元格；请作为文本修改",
    ),
}
