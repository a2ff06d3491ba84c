"""The check: what is well formed but wrong, each finding with its code, its place and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from socialdesk.model import Evidence
from socialdesk.policy.check import CODES, check
from socialdesk.policy.load import load_files, load_folder
from tests.unit.small_policies import FILES, files, policy, widget_with

if TYPE_CHECKING:
    from socialdesk.diagnostics import Diagnostic

POLICY_ROOM = Path(__file__).resolve().parents[2] / "socialdesk" / "policy"


def only(**changes: str | None) -> Diagnostic:
    found = load_files(files(**changes)).diagnostics
    assert len(found) == 1, "\n".join(one.render() for one in found)
    return found[0]


def pointed_at(found: Diagnostic) -> str:
    assert found.excerpt is not None
    return found.excerpt[found.column - 1 :]


def test_every_code_in_the_rooms_files_stands_in_the_table_and_the_other_way_round() -> None:
    import re

    rooms = [
        *POLICY_ROOM.rglob("*.py"),
        *POLICY_ROOM.parent.glob("conditions/*.py"),
        *POLICY_ROOM.parent.glob("yaml*.py"),
    ]
    used = {
        code
        for file in rooms
        if file.name != "check.py"
        for code in re.findall(r'"(SD\d{3})"', file.read_text(encoding="utf-8"))
    }
    assert used == set(CODES)


def test_a_playbook_below_one_that_takes_everything_is_never_reached() -> None:
    found = only(order="order: [rest, acme-widget]")
    assert (found.code, found.severity, found.file) == ("SD503", "warning", "playbooks/widget.yaml")
    assert found.expected == "a place above `rest` in order.yaml"


def test_a_case_below_one_that_takes_everything_is_never_reached() -> None:
    found = only(
        rest="""\
        playbook: rest
        cases:
          noise: {close: not_about_us}
          to-us: {if: {said: to_us}, engage: respond}
        """
    )
    assert (found.code, found.line, pointed_at(found)[:5]) == ("SD501", 4, "to-us")
    assert found.message == "the case `to-us` is never reached: `noise` above it takes everything"


def test_a_case_that_a_watch_ends_in_is_reached() -> None:
    loaded = load_files(
        files(
            rest="""\
            playbook: rest
            cases:
              noise: {watch: {for: 1d, then: later}}
              later: {only_by: go_to, engage: respond}
            """
        )
    )
    assert loaded.diagnostics == ()


def test_a_case_only_by_go_to_that_nothing_goes_to() -> None:
    found = only(widget=widget_with("        go_to: intervene", "        go_to: agent_decides"))
    assert (found.code, found.expected) == ("SD502", "`go_to: intervene` in a wake of `acme-widget`")


def test_a_question_whose_answers_do_the_same() -> None:
    found = only(widget=widget_with("if_no: {take_private: invite-to-dm}", "if_no: [{reply: public-fix}]"))
    assert (found.code, found.severity) == ("SD504", "warning")
    assert pointed_at(found).startswith("ask: Can it be fixed")


def test_a_step_after_a_close() -> None:
    found = only(widget=widget_with("- reply: offer-help", "- close: done\n      - reply: offer-help"))
    assert (found.code, pointed_at(found)) == ("SD505", "reply: offer-help")


def test_a_group_on_the_other_side_of_silence_is_checked_too() -> None:
    found = only(
        widget=widget_with(
            "if_silent: {after: 3d, close: no_answer}", "if_silent: {after: 3d, escalate: {to: leagl}}"
        )
    )
    assert (found.code, found.nearest, pointed_at(found)) == ("SD307", "legal", "leagl}}")


@pytest.mark.parametrize("line", ["members: [lea]", "on_call: lea"])
def test_an_unknown_agent_in_a_group(line: str) -> None:
    found = only(team=FILES["team.yaml"].replace("members: [lee]", line, 1))
    assert (found.code, found.nearest, pointed_at(found)[:3]) == ("SD308", "lee", "lea")


@pytest.mark.parametrize(
    ("line", "code", "nearest"),
    [("calendar: caer", "SD309", "care"), ("on_breach: {escalate: leagl}", "SD307", "legal")],
)
def test_unknown_names_in_targets(line: str, code: str, nearest: str) -> None:
    calendars = "calendars:\n  care: {hours: {mon-sun: 00:00-24:00}}\n"
    found = only(targets=f"{calendars}targets:\n  complaint:\n    reply: 1h\n    {line}\n")
    assert (found.code, found.nearest) == (code, nearest)
    assert pointed_at(found)[:4] in ("caer", "leag")


def test_round_the_clock_is_a_calendar_without_being_written() -> None:
    written = "targets:\n  complaint: {reply: 1h, calendar: round-the-clock}\n"
    assert load_files(files(targets=written)).diagnostics == ()


def test_an_unknown_shift() -> None:
    written = (
        FILES["team.yaml"].replace("initials: LE}", "initials: LE, shifts: [erly]}")
        + "shifts:\n  early: {days: mon-fri, hours: 07:00-15:00}\n"
    )
    found = only(team=written)
    assert (found.code, found.nearest) == ("SD312", "early")


def test_a_reply_of_a_name_that_is_taken() -> None:
    found = only(
        replies="replies:\n  offer-help: {text: Hello. {initials}}\n".replace("Hello. {initials}", "Hello")
    )
    assert (found.code, found.file) == ("SD310", "playbooks/widget.yaml")
    assert "replies.yaml:2" in found.message


def test_a_playbook_of_a_name_that_is_taken() -> None:
    loaded = load_files({**FILES, "playbooks/zz.yaml": FILES["playbooks/rest.yaml"]})
    assert [(one.code, one.file) for one in loaded.diagnostics] == [("SD303", "playbooks/zz.yaml")]


def test_an_unknown_placeholder_with_the_nearest_name() -> None:
    found = only(widget=widget_with("Sorry, {first_name or there}", "Sorry, {frist_name or there}"))
    assert (found.code, found.nearest) == ("SD401", "first_name")
    assert pointed_at(found).startswith("{frist_name or there}")


def test_a_number_of_our_own_is_a_known_placeholder() -> None:
    written = widget_with("Try holding the dial.", "Call {our.phone}, or {our.phnoe or nobody}.")
    found = only(widget=written, replies="our: {phone: 0800 022 6263}\n")
    assert (found.code, found.nearest) == ("SD401", "our.phone")
    assert pointed_at(found).startswith("{our.phnoe")


X_ONLY = "networks:\n  x: {limit: 280}\n"


def test_a_reply_that_cannot_fit() -> None:
    found = only(networks=X_ONLY, widget=widget_with("Try holding the dial.", "Try. " * 70))
    assert (found.code, found.severity, found.expected) == ("SD402", "error", "at most 280")


def test_a_reply_that_fits_only_short_names() -> None:
    text = "a" * 262 + ", {first_name or there}."
    found = only(networks=X_ONLY, widget=widget_with("Try holding the dial.", text))
    assert (found.code, found.severity) == ("SD404", "warning")


def test_a_reply_need_fit_only_where_it_is_offered() -> None:
    written = "networks:\n  x: {limit: 280}\n  mastodon: {limit: 500}\n"
    long = widget_with(
        '{text: "Try holding the dial. {initials}"}', '{networks: [mastodon], text: "' + "Try. " * 70 + '"}'
    )
    assert load_files(files(networks=written, widget=long)).diagnostics == ()


RULES = """\
rules:
  - name: no-money
    reason: Never in public.
    applies_to: [public]
    severity: block
    words: [refund you]
  - name: no-ads
    reason: Not in a post.
    applies_to: [posts]
    severity: block
    words: [buy now]
  - name: mind-your-words
    reason: Think again.
    applies_to: [public, posts]
    severity: warn
    words: [definitely]
  - name: law
    reason: A lead decides.
    applies_to: [public]
    severity: lead
    words: [by law]
"""


def test_a_reply_that_a_guardrail_blocks() -> None:
    found = only(guardrails=RULES, widget=widget_with("Try holding the dial.", "We will refund you."))
    assert (found.code, found.severity) == ("SD403", "error")
    assert pointed_at(found).startswith("refund you")
    assert "no-money (guardrails.yaml:2)" in found.message


def test_a_guardrail_holds_for_what_the_reply_is_used_as() -> None:
    posted = only(guardrails=RULES, widget=widget_with("We are looking into it.", "Buy now."))
    assert posted.code == "SD403"
    answered = load_files(files(guardrails=RULES, widget=widget_with("Try holding the dial.", "Buy now.")))
    assert answered.diagnostics == ()


def test_what_a_guardrail_warns_of_is_a_warning_and_what_needs_a_lead_is_none() -> None:
    warned = only(guardrails=RULES, widget=widget_with("Try holding the dial.", "It will definitely work."))
    assert (warned.code, warned.severity) == ("SD405", "warning")
    asked = load_files(
        files(guardrails=RULES, widget=widget_with("Try holding the dial.", "So it is by law."))
    )
    assert asked.diagnostics == ()


def test_personal_data_is_looked_for_by_whoever_can_find_it() -> None:
    rule = """\
    rules:
      - {name: data, reason: Never., applies_to: [public], severity: block, personal_data: [phone]}
    """

    def finds(text: str) -> tuple[Evidence, ...]:
        at = text.find("0151 234")
        return (Evidence("personal", "phone", "", "0151 234", at, at + 8),) if at >= 0 else ()

    written = policy(guardrails=rule, widget=widget_with("Try holding the dial.", "Call 0151 234."))
    assert [one.code for one in check(written, personal=finds)] == ["SD403"]
    assert check(written) == ()


def test_an_escalation_by_a_way_that_its_group_does_not_have() -> None:
    found = only(always="- if: {said: to_us}\n  escalate: {to: legal, by: phone}\n")
    assert (found.code, found.expected, pointed_at(found)) == ("SD601", "email", "phone}")


def test_a_reply_for_a_lead_where_there_is_none() -> None:
    found = only(
        team=FILES["team.yaml"].replace("role: lead", "role: agent"),
        widget=widget_with('{text: "We are looking into it."}', '{text: "We are looking.", approval: lead}'),
    )
    assert (found.code, found.severity, found.file) == ("SD602", "warning", "playbooks/widget.yaml")


def test_a_target_slower_than_e_mail() -> None:
    found = only(
        targets=FILES["targets.yaml"].replace("reply: 1h", "reply: 2d").replace("acknowledge: 15m, ", "")
        + "other_channels: {email: 1d, chat: 2m}\n"
    )
    assert (found.code, found.severity) == ("SD603", "warning")
    assert found.message == "complaint: 2d is slower than e-mail"


def test_conditions_on_names_that_nothing_ever_has() -> None:
    found = only(always="- if: {topic: [widget, praize]}\n  urgency: high\n")
    assert (found.code, found.nearest, pointed_at(found)[:6]) == ("SD311", "praise", "praize")
    other = only(always="- if: {playbook: acme-wigdet}\n  urgency: high\n")
    assert (other.code, other.nearest, pointed_at(other)[:11]) == ("SD311", "acme-widget", "acme-wigdet")


def test_the_shipped_policies_pass_with_personal_data_looked_for() -> None:
    from socialdesk.triage import personal_data

    loaded = load_folder(POLICY_ROOM.parents[1] / "policies", personal_data)
    assert [found.render() for found in loaded.diagnostics] == []


def test_views_are_checked_and_built() -> None:
    good = policy(views="- {view: widgets, title: Widgets, if: {topic: widget}}\n")
    assert [(view.name, view.title) for view in good.views] == [("widgets", "Widgets")]
    found = only(views="- {view: widgets, if: {topic: wigdet}}\n")
    assert (found.code, found.file, found.nearest) == ("SD311", "views.yaml", "widget")
