"""Loading: what a lead who breaks a policy file is told, and what a whole one becomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.clock import DAY, HOUR, MINUTE
from socialdesk.policy.check import CODES
from socialdesk.policy.load import Loaded, load_files, load_folder
from tests.unit.small_policies import FILES, WIDGET, files, policy, widget_with

if TYPE_CHECKING:
    from socialdesk.diagnostics import Diagnostic

SHIPPED = Path(__file__).resolve().parents[2] / "policies"


def told(**changes: str) -> tuple[Diagnostic, ...]:
    return load_files(files(**changes)).diagnostics


def only(**changes: str) -> Diagnostic:
    found = told(**changes)
    assert len(found) == 1, "\n".join(one.render() for one in found)
    return found[0]


def place(found: Diagnostic) -> tuple[str, str, int, int]:
    return found.code, found.file, found.line, found.column


def test_a_whole_policy_loads_without_a_word() -> None:
    loaded = load_files(FILES)
    assert loaded.diagnostics == ()
    assert loaded.policy is not None
    assert [book.name for book in loaded.policy.playbooks] == ["acme-widget", "rest"]


def test_the_shipped_policies_load_without_a_word() -> None:
    loaded = load_folder(SHIPPED)
    assert [found.render() for found in loaded.diagnostics] == []
    assert loaded.policy is not None


def test_every_step_has_its_path_its_words_and_its_line() -> None:
    case = policy().case("acme-widget", "addressed")
    assert case is not None
    assert [(step.id, step.kind, step.text) for step in case.every_step()] == [
        ("1", "ask", "Has someone already answered them well?"),
        ("1.yes.1", "close", "answered_by_others"),
        ("2", "find_out", "product, bought_on"),
        ("3", "ask", "Do they have a point?"),
        ("3.no.1", "reply", "explain-politely"),
        ("4", "ask", "Can it be fixed without private details?"),
        ("4.yes.1", "reply", "public-fix"),
        ("4.no.1", "take_private", "invite-to-dm"),
        ("afterwards.1", "reply", "ask-to-share"),
    ]
    lines = WIDGET.split("\n")
    for step in case.every_step():
        said = {"find_out": "find_out", "ask": step.text}.get(step.kind, step.kind)
        assert said in "".join(lines[step.place.line - 1 : step.place.line + 1])


def test_find_out_carries_its_reply_and_what_silence_brings() -> None:
    case = policy().case("acme-widget", "addressed")
    assert case is not None
    step = case.step("2")
    assert step is not None
    assert (step.facts, step.reply) == (("product", "bought_on"), "apologise-and-ask")
    assert step.if_silent is not None
    assert (step.if_silent.after, step.if_silent.close) == (3 * DAY, "no_answer")


def test_silence_may_come_in_turns() -> None:
    chained = widget_with(
        "if_silent: {after: 3d, close: no_answer}",
        "if_silent: {after: 1d, reply: offer-help, if_silent: {after: 2d, close: no_answer}}",
    )
    case = policy(widget=chained).case("acme-widget", "addressed")
    assert case is not None
    step = case.step("2")
    assert step is not None
    assert step.if_silent is not None
    assert step.if_silent.then is not None
    assert (step.if_silent.reply, step.if_silent.then.after) == ("offer-help", 2 * DAY)


def test_a_branch_may_hold_one_step_or_several() -> None:
    several = widget_with(
        "if_yes: {reply: public-fix}", "if_yes: [{reply: public-fix}, {wait: 2h}, {close: fixed}]"
    )
    case = policy(widget=several).case("acme-widget", "addressed")
    assert case is not None
    assert [step.id for step in case.every_step() if step.id.startswith("4.yes")] == [
        "4.yes.1",
        "4.yes.2",
        "4.yes.3",
    ]
    wait = case.step("4.yes.2")
    assert wait is not None
    assert wait.wait == 2 * HOUR


def test_a_case_takes_its_target_from_the_playbook_unless_it_only_watches() -> None:
    small = policy()
    targets = {case.name: case.target for case in small.playbooks[0].cases}
    assert targets == {"addressed": "complaint", "overheard": None, "intervene": "complaint"}


def test_standing_orders_know_who_is_called_how_and_how_soon() -> None:
    order = policy().always[1].escalation
    assert order is not None
    assert (order.to, order.by, order.acknowledge_within, order.otherwise) == (
        "legal",
        "email",
        10 * MINUTE,
        "duty-manager",
    )


def test_several_playbooks_may_stand_in_one_file() -> None:
    both = FILES["playbooks/widget.yaml"] + "---\n" + FILES["playbooks/rest.yaml"]
    written = {name: text for name, text in FILES.items() if not name.startswith("playbooks/")}
    loaded = load_files({**written, "playbooks/all.yaml": both})
    assert loaded.diagnostics == ()
    assert loaded.policy is not None
    rest = loaded.policy.playbooks[1]
    assert rest.place.line == FILES["playbooks/widget.yaml"].count("\n") + 2


def test_a_number_where_words_stand_keeps_its_zeros() -> None:
    small = policy(widget=widget_with("tag: second-voice", "tag: 007"))
    case = small.case("acme-widget", "intervene")
    assert case is not None
    assert case.tags == ("007",)


def test_yes_no_and_times_mean_what_they_say() -> None:
    small = policy(widget=widget_with("close: answered_by_others", "close: no"))
    case = small.case("acme-widget", "addressed")
    assert case is not None
    assert case.steps[0].if_yes[0].text == "no"


# What a lead who makes a mistake is told: one mistake each, with its code and its place.
MISTAKES = [
    ("title: Widget", "tilte: Widget", "SD110", "title", "tilte"),
    ("cases:", "case:", "SD111", None, "playbook: acme"),
    ("if_yes: {close: answered_by_others}", "if_yse: {close: x}", "SD110", "if_yes", "if_yse"),
    ("wait_until_post_is: 5m", "wait_until_post_is: 5", "SD114", None, "5\n"),
    ("wait_until_post_is: 5m", "wait_until_post_is: soon", "SD114", None, "soon"),
    ("wait_until_post_is: 5m", "wait_until_post_is: [5m]", "SD114", None, "[5m]"),
    ("wait_until_post_is: 5m", "engage: respnd", "SD113", "respond", "respnd"),
    ("only_by: go_to", "only_by: goto", "SD113", "go_to", "goto"),
    (
        "steps:\n      - reply: offer-help",
        "steps:\n      - reply: [offer-help]",
        "SD112",
        None,
        "[offer-help]",
    ),
    ("- reply: offer-help", "- if_silent: {after: 1d, close: x}", "SD116", None, "if_silent: {after: 1d"),
    ("- reply: offer-help", "- {reply: offer-help, close: x}", "SD116", None, "{reply: offer-help"),
    (
        "- reply: offer-help",
        "- {reply: offer-help, if_yes: {close: x}}",
        "SD116",
        None,
        "{reply: offer-help, if",
    ),
    ("- reply: offer-help", "- offer-help", "SD112", None, "offer-help\n"),
    ("if: {said: about_us}", "if: {sayd: about_us}", "SD201", "said", "sayd"),
    ("if: {said: about_us}", "if: {said: abuot_us}", "SD202", "about_us", "abuot_us"),
    ("at_least: 2", "atleast: 2", "SD204", "at_least", "atleast"),
    ("reply: apologise-and-ask\n", "reply: apologize-and-ask\n", "SD304", "apologise-and-ask", "apologize"),
    ("- post: holding-message", "- post: holding", "SD304", "holding-message", "holding\n"),
    ("{take_private: invite-to-dm}", "{take_private: invite-dm}", "SD304", "invite-to-dm", "invite-dm"),
    ("target: complaint\ncases", "target: complant\ncases", "SD306", "complaint", "complant"),
    ("then: agent_decides}", "then: agent_decide}", "SD305", "agent_decides", "agent_decide}"),
    ("topic: widget", "topic: widgit", "SD311", "widget", "widgit"),
    ("case: addressed, target", "case: adressed, target", "SD305", "addressed", "adressed"),
    ("playbook: acme-widget", "playbook: acme widget", "SD115", None, "acme widget"),
    ("it: treats a direct complaint as ours", "it: ''", "SD115", None, "''"),
    (
        'when: {text: "@acme my widget broke", followers: 120}',
        "when: {wait: 2h}",
        "SD116",
        None,
        "it: treats",
    ),
    ("title: Widget", "title: a\ntitle: Widget", "SD002", None, "title: Widget"),
    ("if: {said: about_us}", "if: {said: about_us", "SD001", None, ""),
]


@pytest.mark.parametrize(("old", "new", "code", "like", "at"), MISTAKES)
def test_a_mistake_is_told_with_its_code_its_place_and_the_nearest_name(
    old: str, new: str, code: str, like: str | None, at: str
) -> None:
    text = widget_with(old, new)
    loaded = load_files(files(widget=text))
    assert loaded.policy is None
    found = next(one for one in loaded.diagnostics if one.code == code)
    assert found.file == "playbooks/widget.yaml"
    assert found.nearest == like
    assert found.excerpt == text.split("\n")[found.line - 1]
    if at:
        rest = "\n".join([found.excerpt[found.column - 1 :], *text.split("\n")[found.line :]])
        assert rest.startswith(at), found.render()


def test_one_mistake_is_told_once() -> None:
    for old, new, code, *_ in MISTAKES:
        if code not in {"SD001", "SD002", "SD111", "SD115", "SD304"}:
            found = told(widget=widget_with(old, new))
            assert [one.code for one in found if one.severity == "error"] == [code], new


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    text = widget_with("title: Widget", "tilte: Widget").replace(
        "post: holding-message", "post: holding-mesage"
    )
    found = told(
        widget=text,
        always="- if: {folowers: 50k+}\n  escalate: {to: duty-manger}\n  urgncy: high\n",
        order="order: [acme-widgets, rest]\n",
        team="agents: [\n",
    )
    assert [(one.file, one.code) for one in found] == [
        ("always.yaml", "SD201"),
        ("always.yaml", "SD110"),
        ("order.yaml", "SD301"),
        ("playbooks/widget.yaml", "SD302"),
        ("playbooks/widget.yaml", "SD110"),
        ("playbooks/widget.yaml", "SD304"),
        ("team.yaml", "SD001"),
    ]


def test_a_file_that_cannot_be_read_whole_causes_no_complaints_elsewhere() -> None:
    found = only(team="agents: [\n")
    assert place(found)[:2] == ("SD001", "team.yaml")


@pytest.mark.parametrize(
    ("always", "code", "line", "column"),
    [
        ("- if: {followers: 50k+}\n  escalate: {to: duty-manger}\n", "SD307", 2, 18),
        ("- if: {followers: 50k+}\n  escalate: {to: legal, otherwise: x}\n", "SD307", 2, 36),
        ("- if: {followers: 50k+}\n", "SD116", 1, 3),
        ("- {urgency: high}\n", "SD111", 1, 3),
        ("- if: {followers: 50k+}\n  urgency: urgent\n", "SD113", 2, 12),
        ("- if: {followers: lots}\n  urgency: high\n", "SD202", 1, 19),
        ("- if: {risk: saftey}\n  urgency: high\n", "SD311", 1, 14),
        ("rules: []\n", "SD112", 1, 1),
        ("- if: {}\n  escalate: {to: legal, by: pigeon}\n", "SD113", 2, 29),
    ],
)
def test_mistakes_in_always_yaml(always: str, code: str, line: int, column: int) -> None:
    found = only(always=always)
    assert place(found) == (code, "always.yaml", line, column)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ("order: [acme-widget, rest, acme-widget]\n", "SD303"),
        ("order: [acme-widget, rest, gone]\n", "SD301"),
        ("order: {first: acme-widget}\n", "SD112"),
        ("ordre: [acme-widget, rest]\n", "SD110"),
        ("order: [acme-widget, rest]\n---\norder: []\n", "SD006"),
    ],
)
def test_mistakes_in_order_yaml(order: str, code: str) -> None:
    found = only(order=order)
    assert (found.code, found.file) == (code, "order.yaml")


def test_a_playbook_that_order_yaml_forgets_is_an_error() -> None:
    found = only(order="order: [acme-widget]\n")
    assert place(found) == ("SD302", "playbooks/rest.yaml", 1, 11)
    assert found.expected == "`- rest` in order.yaml"


def test_without_an_order_the_files_own_order_holds() -> None:
    written = files()
    del written["order.yaml"]
    loaded = load_files(written)
    assert loaded.policy is not None
    assert [book.name for book in loaded.policy.playbooks] == ["rest", "acme-widget"]


def test_optional_files_may_be_missing() -> None:
    loaded = load_files({"playbooks/rest.yaml": FILES["playbooks/rest.yaml"]})
    assert loaded.diagnostics == ()
    assert loaded.policy is not None
    assert (loaded.policy.always, loaded.policy.views) == ((), ())
    assert loaded.policy.lexicon.terms == ()
    assert loaded.policy.team is not None
    assert loaded.policy.targets is not None
    assert loaded.policy.networks is not None


def test_a_file_that_nothing_reads_is_an_error_with_the_nearest_name() -> None:
    found = only(guardrail="rules: []\n")
    assert (found.code, found.file, found.nearest) == ("SD103", "guardrail.yaml", "guardrails.yaml")


def test_the_same_file_with_two_endings_is_an_error() -> None:
    loaded = load_files({**FILES, "order.yml": "order: []\n"})
    assert [(one.code, one.file) for one in loaded.diagnostics] == [("SD103", "order.yml")]


@pytest.mark.parametrize("make", ["missing", "empty", "notes"])
def test_no_policy_is_one_clear_error(tmp_path: Path, make: str) -> None:
    folder = tmp_path / "policies"
    if make != "missing":
        folder.mkdir()
    if make == "notes":
        (folder / "README.md").write_text("nothing here")
    loaded = load_folder(folder)
    (found,) = loaded.diagnostics
    assert (loaded.policy, found.code) == (None, "SD101")
    assert str(folder) in found.message


def test_a_folder_without_a_playbook_is_one_clear_error() -> None:
    written = {name: text for name, text in FILES.items() if not name.startswith(("playbooks/", "order"))}
    (found,) = load_files(written).diagnostics
    assert (found.code, found.message) == (
        "SD101",
        "there is no playbook: no conversation would find its case",
    )


def test_an_empty_playbook_file_is_an_error() -> None:
    written = {**FILES, "playbooks/empty.yaml": "# nothing yet\n"}
    (found,) = load_files(written).diagnostics
    assert (found.code, found.file) == ("SD104", "playbooks/empty.yaml")


def test_bytes_that_are_no_text_are_told_with_their_place(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "always.yaml").write_bytes(
        b"# first\n- if: {said: to_us}\n  title: caf\xe9\n  urgency: high\n"
    )
    (found,) = load_folder(tmp_path).diagnostics
    assert place(found) == ("SD102", "always.yaml", 3, 13)


def test_a_folder_gives_the_same_policy_as_its_files(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / ".draft.yaml").write_text("broken: [")
    loaded = load_folder(tmp_path)
    assert loaded.policy is not None
    assert loaded.policy.hash == policy().hash


def test_the_hash_names_the_bytes_of_every_file() -> None:
    small = policy()
    assert policy().hash == small.hash
    assert policy(rest=FILES["playbooks/rest.yaml"] + "# a comment\n").hash != small.hash
    assert len(small.hash) == 64


def test_several_kinds_of_value_give_one_complaint() -> None:
    found = only(replies="replies: {hello: {text: {de: 7}}}\n")
    assert (found.code, found.message) == ("SD112", "`text` cannot be a group of lines")


def test_every_code_that_is_given_stands_in_the_table() -> None:
    for old, new, code, *_ in MISTAKES:
        assert code in CODES
        assert {one.code for one in told(widget=widget_with(old, new))} <= set(CODES)


def _survives(written: dict[str, str]) -> Loaded:
    loaded = load_files(written)
    for found in loaded.diagnostics:
        assert found.render()
        assert found.code in CODES
        assert found.line >= 0
    assert (loaded.policy is None) == bool(loaded.errors)
    return loaded


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_changed_at_random_gets_errors_never_more(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    new = data.draw(st.text(alphabet=st.sampled_from("ab: -{}[]\n\"'&*?|>#,0\t\x1b"), max_size=6))
    _survives({**FILES, name: text[:start] + new + text[end:]})


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["x", "5m", "go_to", "", "{a}"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["if", "steps", "ask", "reply", "cases", "text", "to", "wake"]), below, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(FILES)),
    tree=TREES,
    key=st.sampled_from(["cases", "replies", "tests", "if", "x"]),
)
def test_any_tree_in_any_file_gets_errors_never_more(name: str, tree: object, key: str) -> None:
    import json

    _survives({**FILES, name: json.dumps(tree)})
    _survives(
        {**FILES, "playbooks/rest.yaml": json.dumps({"playbook": "rest", "cases": {"a": tree}, key: tree})}
    )
