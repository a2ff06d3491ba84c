"""Reads a policy folder: every file, every error at once, and a policy only when there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from socialdesk.diagnostics import Diagnostic, in_order, nearest
from socialdesk.policy import assemble
from socialdesk.policy.check import check
from socialdesk.policy.folder import SUFFIXES, files_of, hash_of
from socialdesk.policy.model import Policy
from socialdesk.policy.places import Places, pack
from socialdesk.policy.schema.always import AlwaysFile
from socialdesk.policy.schema.guardrails import GuardrailsFile
from socialdesk.policy.schema.networks import NetworksFile
from socialdesk.policy.schema.order import OrderFile
from socialdesk.policy.schema.playbook import PlaybookFile
from socialdesk.policy.schema.replies import RepliesFile
from socialdesk.policy.schema.targets import TargetsFile
from socialdesk.policy.schema.team import TeamFile
from socialdesk.policy.schema.views import ViewsFile
from socialdesk.policy.schema.words import WordsFile
from socialdesk.policy.shape import Shaped, hold_against
from socialdesk.yamlfile import YamlDocument, load_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from socialdesk.policy.check_replies import PersonalData

NOTHING_THERE, UNREADABLE, UNKNOWN_FILE, NOT_A_PLAYBOOK = "SD101", "SD102", "SD103", "SD104"
MISSED = "SD105"

_FEW = 3
"""Complaints about names of one missing file that are told one by one; more of them hide the reason."""

_SHAPES: Mapping[str, type[BaseModel]] = {
    "order": OrderFile,
    "always": AlwaysFile,
    "team": TeamFile,
    "networks": NetworksFile,
    "targets": TargetsFile,
    "words": WordsFile,
    "guardrails": GuardrailsFile,
    "replies": RepliesFile,
    "views": ViewsFile,
}
"""The sections, each the file of its name in the policy folder; every one may be missing."""

_LISTS = frozenset({"always", "views"})
_PLAYBOOKS, _TESTS = "playbooks/", "tests/"
_LARGEST_FILE = 4_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading gave: a policy only when no diagnostic is an error; warnings stand beside it."""

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that keep the policy from being put in force."""
        return tuple(found for found in self.diagnostics if found.severity == "error")


def load_folder(path: FilePath | str, personal: PersonalData | None = None) -> Loaded:
    """The policy of the folder `path`, or everything that is wrong with it, file by file.

    `personal` finds personal data in the replies (triage's does); without it that is not looked for.
    """
    folder = FilePath(path)
    if not folder.is_dir():
        return _nothing(f"there is no policy folder at {folder}")
    files: dict[str, str] = {}
    unreadable: list[Diagnostic] = []
    for name, file in files_of(folder):
        text = _read(file, name)
        if isinstance(text, Diagnostic):
            unreadable.append(text)
            text = ""
        files[name] = text
    if not files:
        return _nothing(f"the policy folder {folder} has no .yaml file")
    return _load(files, unreadable, personal)


def load_files(files: Mapping[str, str], personal: PersonalData | None = None) -> Loaded:
    """The same for files given by name (`order.yaml`, `playbooks/praise.yaml`) and text."""
    return _load(files, [], personal) if files else _nothing("there are no policy files")


def _read(file: FilePath, name: str) -> str | Diagnostic:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            return Diagnostic(UNREADABLE, "error", name, 0, 0, "the file is larger than 4 MB")
        body = file.read_bytes()
    except OSError as error:
        return Diagnostic(
            UNREADABLE, "error", name, 0, 0, f"the file cannot be read: {error.strerror or error}"
        )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        text = body.split(b"\n")[line - 1].decode("utf-8", "replace")
        message = "the file is not written in UTF-8"
        return Diagnostic(
            UNREADABLE, "error", name, line, column, message, "a file saved as UTF-8", excerpt=text
        )


def _nothing(message: str) -> Loaded:
    expected = "a folder with order.yaml and playbooks/*.yaml"
    return Loaded(None, (Diagnostic(NOTHING_THERE, "error", "policies", 0, 0, message, expected),))


def _load(files: Mapping[str, str], unreadable: list[Diagnostic], personal: PersonalData | None) -> Loaded:
    reading = _Reading(files)
    reading.problems += unreadable
    reading.unreadable = frozenset(problem.file for problem in unreadable)
    reading.broken |= {_section_of(problem.file) for problem in unreadable}
    reading.read()
    hash = hash_of({name: text.encode("utf-8", "surrogatepass") for name, text in files.items()})
    policy = Policy(hash, reading.sections, reading.places, dict(files))
    for problems in (
        assemble.playbooks(policy.sections, policy.places)[-1],
        assemble.standing_orders(policy.sections, policy.places)[-1],
        assemble.views(policy.sections, policy.places)[-1],
    ):
        reading.problems += map(reading.at_its_value, problems)
    reading.problems += _checked(policy, reading, personal)
    diagnostics = in_order(reading.with_excerpt(problem) for problem in reading.problems)
    ready = all(problem.severity != "error" for problem in diagnostics)
    return Loaded(policy if ready else None, diagnostics)


def _checked(policy: Policy, reading: _Reading, personal: PersonalData | None) -> Iterator[Diagnostic]:
    """What the check finds; where a whole file is missing, that once and not each name it would define."""
    broken, doubtful = frozenset(reading.broken), frozenset(reading.doubtful)
    found = check(policy, broken, personal, doubtful)
    for section, what in reading.absent.items():
        rest = check(policy, broken | {section}, personal, doubtful) if len(found) > _FEW else found
        missed = len(found) - len(rest)
        if missed > _FEW:
            yield replace(what, message=f"{what.message}, and {missed} places refer to what it would hold")
            broken |= {section}
            found = rest
    yield from found


class _Reading:
    """One pass over the files; `broken` names the sections of which parts are missing, `doubtful` those with errors."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.problems: list[Diagnostic] = []
        self.broken: set[str] = set()
        self.doubtful: set[str] = set()
        self.unreadable: frozenset[str] = frozenset()
        self.sections: dict[str, Any] = {"playbooks": []}
        self.places: dict[str, Places] = {}
        self.absent: dict[str, Diagnostic] = {}
        self._documents: dict[str, tuple[YamlDocument, ...]] = {
            name: load_all(name, text) for name, text in files.items()
        }

    def read(self) -> None:
        """Read every section, then every playbook."""
        known = {f"{section}{suffix}": section for section in _SHAPES for suffix in SUFFIXES}
        for name in self.files:
            if name.startswith(_PLAYBOOKS):
                self._playbooks(name)
            elif name not in known and not name.startswith(_TESTS):
                self._unknown_file(name)
        for section, shape in _SHAPES.items():
            names = [name for name in self.files if known.get(name) == section]
            for spare in names[1:]:
                message = f"{names[0]} is there too; one of them would be overlooked"
                self.problems.append(Diagnostic(UNKNOWN_FILE, "error", spare, 0, 0, message))
            self._section(section, names[0] if names else f"{section}.yaml", shape)
        if not self.sections["playbooks"] and "playbooks" not in self.broken:
            message = "there is no playbook: no conversation would find its case"
            expected = "at least one file in playbooks/"
            self.problems.append(Diagnostic(NOTHING_THERE, "error", "playbooks", 0, 0, message, expected))

    def at_its_value(self, problem: Diagnostic) -> Diagnostic:
        """A wrong value's place moved from its key, where conditions stand, to the value itself."""
        if problem.code != "SD202":
            return problem
        for document in self._documents.get(problem.file, ()):
            for path, mark in document.key_marks.items():
                if mark == (problem.line, problem.column):
                    line, column = document.mark(path)
                    return replace(problem, line=line, column=column)
        return problem

    def with_excerpt(self, problem: Diagnostic) -> Diagnostic:
        """The problem with its line shown."""
        documents = self._documents.get(problem.file)
        return problem.with_excerpt(documents[0].lines) if documents else problem

    def _unknown_file(self, name: str) -> None:
        known = [f"{section}.yaml" for section in _SHAPES]
        like = nearest(name, known)
        message = "the policy knows no file of this name; it would be overlooked"
        expected = "playbooks/*.yaml, " + ", ".join(known)
        self.problems.append(Diagnostic(UNKNOWN_FILE, "error", name, 0, 0, message, expected, like))

    def _section(self, section: str, name: str, shape: type[BaseModel]) -> None:
        documents = self._documents.get(name, ())
        for document in documents:
            self._syntax(document, section)
        empty: Any = [] if section in _LISTS else {}
        if not documents or documents[0].data is None:
            message = "the file says nothing" if documents else "there is no such file"
            self.absent[section] = Diagnostic(MISSED, "error", name, 0, 0, message)
            self.sections[section] = shape.model_validate(empty).model_dump(mode="json")
            self.places[section] = Places(name, {})
            return
        document = documents[0]
        for spare in documents[1:]:
            self.problems.append(
                spare.at_value((), "SD006", "a second document begins here", expected="one document")
            )
        shaped = hold_against(document, document.data, shape)
        self._shaped(shaped, section)
        plain = shaped.plain
        self.sections[section] = (
            shape.model_validate(empty).model_dump(mode="json") if plain is None else plain
        )
        self.places[section] = _places(document)

    def _playbooks(self, name: str) -> None:
        documents = self._documents[name]
        if not any(document.data is not None or document.errors for document in documents):
            if name not in self.unreadable:
                self.problems.append(
                    Diagnostic(NOT_A_PLAYBOOK, "error", name, 0, 0, "there is no playbook in this file")
                )
            self.broken.add("playbooks")
        for number, document in enumerate(documents):
            self._syntax(document, "playbooks")
            if document.data is not None:
                self._playbook(document, name if number == 0 else f"{name}#{number + 1}")

    def _playbook(self, document: YamlDocument, place: str) -> None:
        shaped = hold_against(document, document.data, PlaybookFile)
        self._shaped(shaped, "playbooks")
        self.places[place] = _places(document)
        if shaped.plain is None:
            return
        own = shaped.plain["replies"]
        if own:
            replies = hold_against(document, {"replies": own}, RepliesFile)
            self._shaped(replies, "replies")
            shaped.plain["replies"] = {} if replies.plain is None else replies.plain["replies"]
        self.sections["playbooks"].append({"place": place, "data": shaped.plain})

    def _syntax(self, document: YamlDocument, section: str) -> None:
        self.problems += document.errors
        if document.errors:
            self.broken.add(section)

    def _shaped(self, shaped: Shaped, section: str) -> None:
        self.problems += shaped.diagnostics
        if shaped.diagnostics:
            self.doubtful.add(section)
        if not shaped.whole:
            self.broken.add(section)


def _section_of(name: str) -> str:
    return "playbooks" if name.startswith(_PLAYBOOKS) else name.rpartition(".")[0]


def _places(document: YamlDocument) -> Places:
    """Where everything stands: an entry at its key, an item of a list where it begins."""
    return pack(document.file, {**document.marks, **document.key_marks})
