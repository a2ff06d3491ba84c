"""Command room: completing commands in the shell."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.printing import data, encode


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@json_option
@click.pass_context
def completion_command(ctx: click.Context, shell: str, as_json: bool) -> None:
    """The script that completes commands in your shell.

    bash: eval "$(socialdesk completion bash)" in ~/.bashrc; zsh likewise in ~/.zshrc;
    fish: socialdesk completion fish > ~/.config/fish/completions/socialdesk.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion is known for {shell}")
    script = kind(ctx.find_root().command, {}, "socialdesk", "_SOCIALDESK_COMPLETE").source()
    data(encode({"shell": shell, "script": script}) if as_json else script)
