"""`fairlead schema`: the JSON Schema of documents, for editors."""

from __future__ import annotations

import click

from policy.cli.frame import echo_json, json_option
from policy.model.document import Kind


@click.command(
    epilog="Example: fairlead schema approval > approval.schema.json",
    short_help="Print the JSON Schema of policies. 输出策略文件的 JSON Schema。",
)
@click.argument("kind", required=False, type=click.Choice([str(each) for each in Kind]))
@json_option
def schema(kind: str | None, *, as_json: bool) -> None:
    """Print the JSON Schema of policy documents, so that an editor completes and checks them.

    KIND narrows it to one kind of policy. It is JSON in any case; with --json it stands on one line.

    输出策略文件的 JSON Schema，供编辑器补全和校验。
    """
    import json

    from policy.schema import json_schema

    found = json_schema(None if kind is None else Kind(kind))
    if as_json:
        echo_json(found)
    else:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
