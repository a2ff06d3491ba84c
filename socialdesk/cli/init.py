"""Command room: a desk of one's own: configuration, policies and inbox."""

from __future__ import annotations

import re
import shlex
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

from socialdesk.cli.arguments import json_option
from socialdesk.cli.context import Context, pass_context
from socialdesk.cli.printing import data, encode, talk
from socialdesk.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONFIG = """\
# The settings of socialdesk. Paths count from this file's folder; `socialdesk config show` tells
# where each setting comes from.
inbox: {inbox}
policies: {policies}
undo_window: 10s          # how long a queued message can be held back

# What `socialdesk pull` and `socialdesk run` fetch: feeds by address or file, and folders of
# JSON Lines or CSV that other programs fill.
# channels:
#   - {{name: news, network: feed, source: "https://example.org/mentions.atom", every: 5m}}
#   - {{name: exports, network: spool, source: exports/}}

# Other keys for the desk; `socialdesk keys` lists the actions.
# keymap:
#   claim: f9
#   page-down: "ctrl+d, pagedown"
"""

_AGENT = """\
  {name}:
    name: {title}
    logins: [{login}]
    role: lead
    initials: {initials}
    languages: [en]
"""


@click.command("init")
@json_option
@pass_context
def init_command(context: Context, as_json: bool) -> None:
    """Make a configuration file, a copy of the policies with you as a lead, and an inbox.

    Everything goes where --config, --policies and --inbox say; policies and inbox else beside the
    configuration, if that is given, and into the usual folders of your system. Nothing that exists
    is overwritten.
    """
    from socialdesk.config import default_config_file, default_inbox, load_config, shipped
    from socialdesk.desk.session import login_of, open_desk

    options = context.options
    config = (options.config or default_config_file()).expanduser().absolute()
    policies = (options.policies or config.parent / "policies").expanduser().absolute()
    inbox = options.inbox.expanduser().absolute() if options.inbox else None
    for path in (config, policies, inbox):
        if path is not None and path.exists():
            raise NotAllowed(
                f"{path} exists already and is left as it is; make another desk with:"
                " socialdesk --config FILE init"
            )
    if inbox is None:
        inbox = config.parent / "inbox.db" if options.config else default_inbox()
    login = login_of({}, sandbox=False)
    with _all_or_nothing(config, policies):
        _copy(shipped("policies"), policies)
        agent = _make_lead(policies / "team.yaml", login)
        config.parent.mkdir(parents=True, exist_ok=True)
        words = _CONFIG.format(inbox=_written(inbox), policies=_written(policies))
        config.write_text(words, encoding="utf-8")
        settings = load_config({"config": str(config), "inbox": str(inbox), "policies": str(policies)}, {})
        with closing(open_desk(settings)) as desk:
            desk.acting()
    if as_json:
        data(encode({"config": config, "policies": policies, "inbox": inbox, "agent": agent, "login": login}))
        return
    for name, path in (("configuration", config), ("policies", policies), ("inbox", inbox)):
        data(f"{name:<14} {path}")
    talk(f"you are the agent {agent}, signed in as {login}; the team stands in {policies / 'team.yaml'}")
    talk(f"these are Acme's policies, to be made your own: {policies / 'README.md'} tells how")
    open_it = f"socialdesk --config {shlex.quote(str(config))}" if options.config else "socialdesk"
    talk(f"next: bring posts in with: {open_it} import FILE, or by a channel in {config}")
    talk(f"then open the desk with: {open_it}")


@contextmanager
def _all_or_nothing(config: Path, policies: Path) -> Iterator[None]:
    """Take away what was made when the rest cannot be, so that a second attempt finds nothing in its way."""
    from shutil import rmtree

    try:
        yield
    except BaseException:
        rmtree(policies, ignore_errors=True)
        config.unlink(missing_ok=True)
        raise


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))


def _written(path: Path) -> str:
    """A path as a YAML scalar that means itself."""
    import json

    return json.dumps(str(path), ensure_ascii=False)


def _make_lead(team: Path, login: str) -> str:
    """Put the login of this computer into team.yaml as a lead; returns the agent's name.

    A login that the file knows already stays whose it is.
    """
    from socialdesk.policy.load import load_folder

    loaded = load_folder(team.parent)
    agents = loaded.policy.team.agents if loaded.policy else {}
    for known in agents.values():
        if login in known.logins:
            return known.name
    name = re.sub(r"[^a-z0-9]+", "-", login.lower()).strip("-") or "lead"
    while name in agents:
        name += "-2"
    letters = (re.sub(r"[^A-Za-z]", "", login) or "ME")[:2].upper()
    entry = _AGENT.format(name=name, title=_quoted(login), login=_quoted(login), initials=letters)
    text = team.read_text(encoding="utf-8")
    team.write_text(text.replace("agents:\n", "agents:\n" + entry, 1), encoding="utf-8")
    return name


def _quoted(word: str) -> str:
    import json

    return word if re.fullmatch(r"[a-z][a-z0-9-]*", word) else json.dumps(word)
