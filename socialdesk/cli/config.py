"""Command room: the settings, and who said so."""

from __future__ import annotations

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import aligned, data, encode, talk
from socialdesk.config import ConfigError


@click.group("config")
def config_command() -> None:
    """Show and check the settings."""


@config_command.command("show")
@json_option
@pass_context
def show_command(context: Context, as_json: bool) -> None:
    """Every setting in force, with the flag, variable or line it comes from."""
    settings = context.config.settings
    if as_json:
        data(encode({one.key: {"value": one.value, "source": one.source} for one in settings}))
        return
    data("\n".join(aligned((one.key, one.value, one.source) for one in settings)))


@config_command.command("validate")
@json_option
@pass_context
def validate_command(context: Context, as_json: bool) -> int:
    """Every error of the configuration file at once; exit 2 when there are any."""
    try:
        config = context.config
    except ConfigError as error:
        if not as_json:
            raise
        data(encode({"ok": False, "diagnostics": [one.as_json() for one in error.diagnostics]}))
        return error.exit_code
    if as_json:
        data(encode({"ok": True, "file": config.file, "diagnostics": []}))
    else:
        talk(
            f"{config.file} is fine"
            if config.file
            else "there is no configuration file; the defaults are in force"
        )
    return 0
