"""Configuration room: where inbox and policies are, who acts, which channels are pulled; and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from socialdesk.clock import MINUTE, SECOND
from socialdesk.configfile import ChannelSetting, KeySetting, Written, at_home, describe, shown, veiled
from socialdesk.diagnostics import Diagnostic, in_order
from socialdesk.errors import UsageError
from socialdesk.model import Millis
from socialdesk.yamlfile import MAX_CHARACTERS, YamlDocument, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "UNDO_WINDOW",
    "ChannelSetting",
    "Config",
    "ConfigError",
    "KeySetting",
    "Setting",
    "default_config_file",
    "default_inbox",
    "load_config",
    "shipped",
]

UNDO_WINDOW: Final = Millis(10 * SECOND)
_VARIABLES: Final = {name: f"SOCIALDESK_{name.upper()}" for name in ("inbox", "policies", "config", "agent")}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value as `config show` tells it: `source` is a flag, a variable, `file:line:col` or `default`."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run; `undo_window` is milliseconds, `settings` says where each came from."""

    inbox: Path
    policies: Path
    agent: str | None = None
    channels: tuple[ChannelSetting, ...] = ()
    undo_window: Millis = UNDO_WINDOW
    file: Path | None = None
    settings: tuple[Setting, ...] = ()
    keymap: tuple[KeySetting, ...] = ()

    @property
    def names_policies(self) -> bool:
        """Whether somebody said which policies to use; the default depends on the folder one happens to be in."""
        return not any(one.key == "policies" and one.source == "default" for one in self.settings)


class ConfigError(UsageError):
    """The configuration file has errors; `str()` tells all of them, `diagnostics` holds them."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        told = "\n".join(diagnostic.render() for diagnostic in self.diagnostics)
        super().__init__(f"the configuration cannot be used\n{told}")


def load_config(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> Config:
    """The settings from `flags` (inbox, policies, config, agent), then SOCIALDESK_*, the file, defaults.

    Paths of flags and variables count from the current folder, those of the file from the file's.
    Raises `ConfigError` with every error of the file at once.
    """
    said = {name: _said(name, flags, environ) for name in _VARIABLES}
    file = _file(said["config"])
    written = _read(file) if file is not None else Written(YamlDocument("", None), Path())
    channels, keymap = written.channels(), written.keymap()
    undo_window = written.duration(("undo_window",), 0, 10 * MINUTE)
    in_file = {name: written.text((name,)) for name in ("inbox", "policies", "agent")}
    if written.errors:
        raise ConfigError(map(veiled, written.errors))
    inbox, inbox_from = _path(said["inbox"], in_file["inbox"], written.folder, default_inbox)
    policies, policies_from = _path(said["policies"], in_file["policies"], written.folder, _default_policies)
    agent, agent_from = said["agent"] or in_file["agent"] or (None, "default")
    window, window_from = undo_window or (UNDO_WINDOW, "default")
    settings = [
        Setting("config", str(file) if file else "none", said["config"][1] if said["config"] else "default"),
        Setting("inbox", str(inbox), inbox_from),
        Setting("policies", str(policies), policies_from),
        Setting("agent", agent or "whoever is logged in", agent_from),
        Setting("undo_window", shown(window), window_from),
    ]
    for channel, place in channels:
        settings.append(Setting(f"channels.{channel.name}", describe(channel), place))
    settings += [Setting(f"keymap.{key.action}", key.keys, key.at_keys.place) for key in keymap]
    return Config(
        inbox,
        policies,
        agent,
        tuple(channel for channel, _ in channels),
        window,
        file,
        tuple(settings),
        keymap,
    )


def shipped(name: str) -> Path:
    """The folder that comes with the program, out of a wheel or a checkout: `policies` or `sample_feeds`."""
    package = Path(__file__).parent
    for folder in (package / "_shipped" / name, package.parent / name):
        if name in {"policies", "sample_feeds"} and folder.is_dir():
            return folder
    raise UsageError(f"no folder {name} comes with this installation of socialdesk; install it again")


def default_config_file() -> Path:
    """Where the configuration file is looked for when nothing names one; it need not exist."""
    from platformdirs import user_config_path  # only when nobody names a file

    return user_config_path("socialdesk", appauthor=False) / "config.yaml"


def default_inbox() -> Path:
    """Where the inbox is when nothing names one; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path("socialdesk", appauthor=False) / "inbox.db"


def _default_policies() -> Path:
    here = Path.cwd() / "policies"
    return here if here.is_dir() else shipped("policies")


def _said(name: str, flags: Mapping[str, str | None], environ: Mapping[str, str]) -> tuple[str, str] | None:
    """What flag or variable says, and which of both; a flag that repeats its variable came from there."""
    flag, variable = flags.get(name), environ.get(_VARIABLES[name])
    if flag and flag != variable:
        return flag, f"--{name}"
    return (variable, _VARIABLES[name]) if variable else None


def _file(said: tuple[str, str] | None) -> Path | None:
    if said is not None:
        return at_home(said[0]).absolute()
    usual = default_config_file()
    return usual if usual.is_file() else None


def _path(
    said: tuple[str, str] | None, in_file: tuple[str, str] | None, folder: Path, default: Callable[[], Path]
) -> tuple[Path, str]:
    if said is not None:
        return at_home(said[0]).absolute(), said[1]
    if in_file is not None:
        return folder / at_home(in_file[0]), in_file[1]
    return default(), "default"


def _read(path: Path) -> Written:
    try:
        with path.open("rb") as handle:
            text = handle.read(4 * MAX_CHARACTERS).decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1:,} is not UTF-8"
        raise ConfigError([Diagnostic("SD054", "error", str(path), 0, 0, place, "a file in UTF-8")]) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError([Diagnostic("SD054", "error", str(path), 0, 0, why, "a file to read")]) from None
    return Written(load(str(path), text), path.parent)
