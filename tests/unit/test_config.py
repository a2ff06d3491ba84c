"""Settings come from flag, variable, file or default, in that order, and every one tells which."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialdesk.config import Config, ConfigError, load_config, shipped
from socialdesk.configfile import MAP_PARTS
from socialdesk.errors import UsageError
from socialdesk.networks.mapping import PARTS

FULL = """\
inbox: desk/inbox.db
policies: ~/rules
agent: ana
undo_window: 30s
channels:
  - name: exports
    network: spool
    source: drop
    every: 1h
    map: {text: body, id: 007}
  - {name: news, network: feed, source: "https://bo:pw@feeds.acme.example/all.xml?token=abc&n=5"}
"""


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "set" / "config.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(path: Path, **flags: str) -> Config:
    return load_config({"config": str(path), **flags}, {})


def sources(config: Config) -> dict[str, str]:
    return {setting.key: setting.source for setting in config.settings}


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(path)
    return [f"{found.line}:{found.column} {found.code}" for found in caught.value.diagnostics]


def test_without_any_word_the_defaults_stand_and_say_so(tmp_path: Path) -> None:
    config = load_config({}, {})
    assert config.inbox.name == "inbox.db"
    assert tmp_path / "home" in config.inbox.parents
    assert config.policies == shipped("policies")
    assert (config.agent, config.channels, config.undo_window, config.file) == (None, (), 10_000, None)
    assert set(sources(config).values()) == {"default"}


def test_a_policies_folder_here_comes_before_the_shipped_one() -> None:
    Path("policies").mkdir()
    assert load_config({}, {}).policies == Path.cwd() / "policies"


def test_the_file_is_read_and_its_paths_count_from_its_folder(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    config = loaded(path)
    assert config.inbox == tmp_path / "set" / "desk" / "inbox.db"
    assert config.policies == tmp_path / "home" / "rules"
    assert (config.agent, config.undo_window) == ("ana", 30_000)
    exports, news = config.channels
    assert (exports.name, exports.network, exports.every) == ("exports", "spool", 3_600_000)
    assert exports.source == str(tmp_path / "set" / "drop")
    assert exports.columns == {"text": "body", "id": "007"}
    assert (news.every, news.is_address, exports.is_address) == (300_000, True, False)
    assert sources(config)["undo_window"] == f"{path}:4:14"
    assert sources(config)["channels.news"] == f"{path}:11:5"


def test_a_flag_comes_before_a_variable_and_a_variable_before_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    environ = {"SOCIALDESK_CONFIG": str(path), "SOCIALDESK_AGENT": "bo", "SOCIALDESK_INBOX": "other.db"}
    config = load_config({"inbox": "mine.db", "agent": None}, environ)
    assert config.inbox == Path.cwd() / "mine.db"
    assert config.agent == "bo"
    assert sources(config) == {
        "config": "SOCIALDESK_CONFIG",
        "inbox": "--inbox",
        "policies": f"{path}:2:11",
        "agent": "SOCIALDESK_AGENT",
        "undo_window": f"{path}:4:14",
        "channels.exports": f"{path}:6:5",
        "channels.news": f"{path}:11:5",
    }


def test_a_flag_filled_from_its_variable_is_told_as_the_variable() -> None:
    config = load_config({"agent": "bo"}, {"SOCIALDESK_AGENT": "bo"})
    assert sources(config)["agent"] == "SOCIALDESK_AGENT"


def test_an_empty_variable_says_nothing() -> None:
    assert load_config({"agent": ""}, {"SOCIALDESK_AGENT": "", "SOCIALDESK_CONFIG": ""}).agent is None


def test_the_usual_place_is_looked_at(tmp_path: Path) -> None:
    from socialdesk.config import default_config_file

    usual = default_config_file()
    assert tmp_path / "home" in usual.parents
    usual.parent.mkdir(parents=True)
    usual.write_text("agent: cy\n", encoding="utf-8")
    config = load_config({}, {})
    assert (config.agent, config.file) == ("cy", usual)


def test_no_secret_of_an_address_is_shown(tmp_path: Path) -> None:
    config = loaded(write(tmp_path, FULL))
    (shown,) = [setting.value for setting in config.settings if setting.key == "channels.news"]
    assert shown == "feed https://…@feeds.acme.example/all.xml?token=…&n=5 every 5m"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("agnet: ana\nundo: 5s\n", ["1:1 SD050", "2:1 SD050"]),
        ("- a\n", ["1:1 SD051"]),
        ("agent: [ana]\n", ["1:8 SD051"]),
        ("inbox: ''\n", ["1:8 SD051"]),
        ("undo_window: 10\n", ["1:14 SD051"]),
        ("undo_window: 2h\n", ["1:14 SD051"]),
        ("channels: care\n", ["1:11 SD051"]),
        ("channels: [care]\n", ["1:12 SD051"]),
        ("channels:\n- {name: a, network: feed}\n", ["2:3 SD052"]),
        ("channels:\n- {name: a b, network: fed, source: x, every: 1s, mapp: {}}\n",
         ["2:10 SD051", "2:24 SD050", "2:47 SD051", "2:51 SD050"]),
        ("channels:\n- {name: a, network: spool, source: 'https://x.example/y'}\n", ["2:37 SD051"]),
        ("channels:\n- {name: a, network: feed, source: 'ftp://x.example/y'}\n", ["2:36 SD051"]),
        ("channels:\n- {name: a, network: spool, source: x, map: {txt: y, id: []}}\n",
         ["2:46 SD050", "2:58 SD051"]),
        ("channels:\n- {name: a, network: spool, source: x, map: text}\n", ["2:45 SD051"]),
        ("channels:\n- {name: a, network: spool, source: x}\n- {name: a, network: feed, source: y}\n",
         ["3:10 SD053"]),
        ("agent: ana\nagent: bo\nundo_window: x\n", ["2:1 SD002", "3:14 SD051"]),
        ("agent: [\n", ["2:1 SD001"]),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_once_at_its_place(tmp_path: Path, text: str, found: list[str]) -> None:
    assert problems(write(tmp_path, text)) == found


def test_the_error_reads_as_a_person_needs_it(tmp_path: Path) -> None:
    path = write(tmp_path, "agnet: ana\nchannels:\n- {name: a, network: fead, source: x}\n")
    with pytest.raises(UsageError) as caught:
        loaded(path)
    told = str(caught.value)
    assert caught.value.exit_code == 2
    assert f"{path}:1:1: SD050 unknown key 'agnet'" in told
    assert "did you mean agent?" in told
    assert "did you mean feed?" in told
    assert "    | ^" in told


def test_a_secret_in_a_refused_address_is_not_repeated(tmp_path: Path) -> None:
    source = "https://bo:hush@x.example/?api_key=k1234&n=1"
    path = write(tmp_path, f"channels:\n- {{name: a, network: spool, source: '{source}'}}\n")
    with pytest.raises(ConfigError) as caught:
        loaded(path)
    told = str(caught.value)
    assert "https://…@x.example/?api_key=…&n=1 cannot be pulled" in told
    assert "source: 'https://*******@x.example/?api_key=*****&n=1'" in told
    assert "hush" not in told
    assert "k1234" not in told


def test_a_named_file_that_is_missing_or_not_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        loaded(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"agent: Jos\xe9\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        loaded(tmp_path / "latin.yaml")
    with pytest.raises(UsageError, match="directory"):
        loaded(tmp_path)


def test_what_ships_is_found_and_nothing_else() -> None:
    assert (shipped("policies") / "playbooks").is_dir()
    assert shipped("sample_feeds").is_dir()
    with pytest.raises(UsageError):
        shipped("../tests")


def test_the_file_and_the_command_line_know_the_same_columns() -> None:
    assert set(MAP_PARTS) == set(PARTS)
