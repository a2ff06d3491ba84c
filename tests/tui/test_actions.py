"""The registry is the one place of keys: whole, without clashes, and leading somewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from textual.binding import Binding

from socialdesk.config import ConfigError, KeySetting, load_config
from socialdesk.tui import asking
from socialdesk.tui.actions import ACTIONS, BY_ID, Place, actions_of, table
from socialdesk.tui.app import SocialdeskApp
from socialdesk.tui.keymap import check_keymap, clashes
from socialdesk.tui.screens import dialogs, help, reading
from socialdesk.tui.screens.desk import DeskScreen
from socialdesk.tui.widgets.composer import Editor
from socialdesk.tui.widgets.queue_list import QueueList
from socialdesk.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.acme import Acme


def test_every_action_has_an_id_of_its_own_and_tells_what_it_does() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert [a.id for a in ACTIONS if not (a.keys and a.words and a.help.endswith("."))] == []


def test_the_default_keys_do_not_clash() -> None:
    assert [(action.id, list(clashes(action, {}))) for action in ACTIONS if list(clashes(action, {}))] == []


def test_every_use_case_exists() -> None:
    for action in ACTIONS:
        if action.use_case:
            module, name = action.calls.rsplit(".", 1)
            assert callable(getattr(import_module(f"socialdesk.{module}"), name)), action.id


def test_every_dialog_that_an_action_asks_for_exists() -> None:
    known = {*asking._QUESTIONS, *asking._ASKERS}
    assert {name for action in ACTIONS for name in action.asks} == known


async def test_every_key_of_the_desk_leads_to_a_method(acme: Acme) -> None:
    async with acme.open_as("ana").run_test() as pilot:
        app = pilot.app
        assert isinstance(app, SocialdeskApp)
        for action in actions_of(Place.DESK):
            if not action.use_case:
                assert callable(attrgetter(action.calls)(app.desk)), action.id
        for action in actions_of(Place.EVERYWHERE):
            assert callable(getattr(app, f"action_{action.calls}")), action.id


@pytest.mark.parametrize(
    ("place", "widget"), [(Place.LIST, QueueList), (Place.TEXT, TextPane), (Place.COMPOSER, Editor)]
)
def test_every_key_of_a_widget_leads_to_a_method(place: Place, widget: type) -> None:
    for action in actions_of(place):
        assert callable(getattr(widget, f"action_{action.calls}")), action.id


def test_every_binding_of_ours_has_an_id() -> None:
    places = (
        SocialdeskApp, DeskScreen, QueueList, TextPane, Editor, dialogs.Dialog, dialogs.Confirm, dialogs.Options,
        help.HelpScreen, reading.ReadingScreen,
    )  # fmt: skip
    for place in places:
        for binding in place.__dict__["BINDINGS"]:
            assert isinstance(binding, Binding)
            assert binding.id in BY_ID


def settings_of(tmp_path: Path, keymap: str) -> tuple[KeySetting, ...]:
    """The keymap as the configuration file has it."""
    path = tmp_path / "config.yaml"
    path.write_text(f"keymap: {keymap}\n", encoding="utf-8")
    return load_config({"config": str(path)}, {}).keymap


@pytest.mark.parametrize(
    ("keymap", "place", "words"),
    [
        ("{clame: f9}", "1:10", "there is no action 'clame'"),
        ("{clame: f9}", "1:10", "claim"),
        ("{claim: ' , '}", "1:17", "without a key"),
        ("{claim: ctlr+n}", "1:17", "there is no key 'ctlr+n'"),
        ("{claim: f9, reply: question_mark}", "1:28", "there is no key 'question_mark'"),
        ("{claim: r}", "1:17", "r is wanted by 'claim' and by 'reply'"),
        ("{down: c}", "1:16", "c is wanted by 'down' and by 'claim'"),
        ("{claim: '?'}", "1:17", "? is wanted by 'claim' and by 'help'"),
    ],
)
def test_a_keymap_that_loses_a_key_is_refused_where_it_stands(
    tmp_path: Path, keymap: str, place: str, words: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        check_keymap(settings_of(tmp_path, keymap))
    assert f"config.yaml:{place}: " in str(refused.value)
    assert words in str(refused.value)


def test_keys_may_be_swapped(tmp_path: Path) -> None:
    assert check_keymap(settings_of(tmp_path, "{claim: r, reply: 'c, f9'}")) == {
        "claim": "r",
        "reply": "c,f9",
    }


def test_a_keymap_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="keymap is not a mapping"):
        settings_of(tmp_path, "[claim]")


async def test_a_keymap_moves_a_key(acme: Acme) -> None:
    from tests.tui.acme import ready, until

    acme.receive()
    app = acme.open_as("ana", {"claim": "f9,;"})
    async with app.run_test(size=(140, 40)) as pilot:
        desk = await ready(pilot)
        assert "f9 claim" in desk.hint_line.render().plain
        await pilot.press("semicolon")
        await until(pilot, lambda: acme.conversation().assignee == "ana", "claimed")


def test_the_list_of_keys_needs_no_textual() -> None:
    script = (
        "import sys, json\nfrom socialdesk.tui.actions import table\n"
        "print(json.dumps([len(table()), 'textual' in sys.modules]))"
    )
    out = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert json.loads(out) == [len(table()), False]


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    script = (
        "import sys, json\nimport socialdesk.tui.app, socialdesk.tui.engine\n"
        "heavy = ['httpx', 'pydantic', 'sqlite_utils', 'textblob', 'nltk', 'yaml', 'regex', 'rapidfuzz']\n"
        "print(json.dumps([m for m in heavy + ['textual.widgets._text_area', 'socialdesk.desk'] if m in sys.modules]))"
    )
    out = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert json.loads(out) == []
