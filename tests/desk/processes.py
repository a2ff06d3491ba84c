"""Real processes at a real inbox, for the desk's tests: what each one does, and how a test starts and kills it.

A child says `ready` when all that it needs is loaded, waits for its order (a line of JSON), does the work
and prints the result as JSON. So a test can start several at the same moment, or kill one in the middle.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from socialdesk.clock import Clock, FixedClock, SystemClock
from socialdesk.config import Config, shipped
from socialdesk.desk import casework, outbox, replies, timers
from socialdesk.desk.importing import import_paths
from socialdesk.desk.sandbox import mark_sandbox
from socialdesk.desk.senders import sandbox_file
from socialdesk.desk.session import Desk, open_desk
from socialdesk.errors import NotAllowed, Stale
from socialdesk.inbox import queue
from socialdesk.inbox.connection import get_meta, open_inbox
from socialdesk.model import Millis, Outgoing, Receipt
from socialdesk.networks.base import Idempotency
from socialdesk.networks.sandbox import SandboxNetwork, sent_since
from socialdesk.triage import measure

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds after which a child that has not finished is a failure of its own."""


def config_for(inbox: Path) -> Config:
    """The shipped policies at an inbox of the test's own, sending without an undo window."""
    return Config(inbox=inbox, policies=shipped("policies"), undo_window=Millis(0))


def desk_at(inbox: Path, login: str = "ana", *, now: int | None = None) -> Desk:
    """A desk in a sandbox inbox, with that person at it, at that moment."""
    clock: Clock = SystemClock() if now is None else FixedClock(now)
    return open_desk(config_for(inbox), clock=clock, environ={"SOCIALDESK_LOGIN": login})


def make_sandbox(inbox: Path) -> Path:
    """An empty inbox that accepts played logins and moved clocks, with its policy in force."""
    mark_sandbox(inbox, SystemClock())
    desk = desk_at(inbox)
    assert desk.policy.playbooks
    desk.close()
    return inbox


def begin() -> subprocess.Popen[str]:
    """Start a child without waiting until it is ready."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.desk.processes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(child: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """The child, when it waits for its order."""
    assert child.stdout is not None
    if child.stdout.readline() != "ready\n":
        _out, complaint = child.communicate(timeout=PATIENCE)
        raise AssertionError(f"a child did not get ready: {complaint}")
    return child


def crew(number: int) -> list[subprocess.Popen[str]]:
    """Several children who are ready."""
    return [ready(child) for child in [begin() for _ in range(number)]]


@contextmanager
def one_after_another() -> Iterator[Iterator[subprocess.Popen[str]]]:
    """As many children as are wanted, each ready; the next one gets ready while one works."""
    spare = begin()

    def children() -> Iterator[subprocess.Popen[str]]:
        nonlocal spare
        while True:
            child, spare = spare, begin()
            yield ready(child)

    try:
        yield children()
    finally:
        spare.kill()
        spare.communicate()


def go(child: subprocess.Popen[str], role: str, **order: Any) -> subprocess.Popen[str]:
    """Give a child that is ready its order."""
    assert child.stdin is not None
    child.stdin.write(json.dumps({"role": role, **order}) + "\n")
    child.stdin.flush()
    return child


def result_of(child: subprocess.Popen[str]) -> Any:
    """Wait until a child is done, and return what it has to say; a child that failed fails the test."""
    out, complaint = child.communicate(timeout=PATIENCE)
    assert child.returncode == 0, complaint
    return json.loads(out.splitlines()[-1])


def kill_after(child: subprocess.Popen[str], seconds: float) -> bool:
    """SIGKILL a child when that time has passed; False when it was done before."""
    try:
        child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate(timeout=PATIENCE)
        return True
    assert child.returncode == 0
    return False


def command(
    inbox: Path, *words: str, login: str | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command of the program as a person would; `login` is played, which only sandboxes allow."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("SOCIALDESK_")}
    surroundings["SOCIALDESK_POLICIES"] = str(shipped("policies"))
    if login is not None:
        surroundings["SOCIALDESK_LOGIN"] = login
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "socialdesk", "--inbox", str(inbox), *words],
        cwd=ROOT,
        env={**surroundings, **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _import(order: Mapping[str, Any]) -> list[int]:
    desk = desk_at(Path(order["inbox"]))
    result = import_paths(desk, order["files"], network="forum")
    desk.close()
    return [result.read, result.stored, result.updated, result.known, result.refused]


class PlainNetwork(SandboxNetwork):
    """Delivers whatever it is given, as often as it is given it; as most networks, it knows no keys.

    Looking through what has been delivered is possible.
    """

    capabilities = replace(SandboxNetwork.capabilities, idempotency=Idempotency.NONE)

    def deliver(self, outgoing: Outgoing) -> Receipt:
        """Deliver, without asking whether that was done before."""
        return super().deliver(replace(outgoing, key=f"{outgoing.key}#{os.urandom(8).hex()}"))

    def find(self, key: str) -> Receipt | None:
        """What was delivered with this key, looked up anew."""
        sent = sent_since(self._path)[0]
        return next((one.receipt for one in sent if one.outgoing.key.startswith(f"{key}#")), None)


def use_plain_network() -> None:
    """Let this process send through networks that know no keys."""
    vars(outbox)["sender_for"] = lambda desk, network: PlainNetwork(
        sandbox_file(desk.path), desk.clock, network
    )


def _deliver(order: Mapping[str, Any]) -> list[int]:
    if order["plain"]:
        use_plain_network()
    desk = desk_at(Path(order["inbox"]), now=order["now"])
    sent = [int(draft.id) for draft in outbox.deliver_due(desk) if draft.status == "sent"]
    desk.close()
    return sent


def _open(order: Mapping[str, Any]) -> str | None:
    connection = open_inbox(order["inbox"])
    try:
        return get_meta(connection, "inbox_id")
    finally:
        connection.close()


def _work(order: Mapping[str, Any]) -> list[int]:
    """An agent's morning: claim what comes first, answer it, let the clock and the outbox run."""
    desk = desk_at(Path(order["inbox"]), order["login"])
    dice = random.Random(order["seed"])
    agent = desk.acting().agent
    view = {v.name: v for v in queue.standard_views(agent)}["queue"]
    claimed: list[int] = []
    for _ in range(order["rounds"]):
        rows = queue.page(desk.connection, view, 12)
        if rows:
            _take_one(desk, dice.choice(rows).id, claimed, dice)
        timers.tick(desk, order["login"])
        outbox.deliver_due(desk)
    desk.close()
    return claimed


def _take_one(desk: Desk, number: int, claimed: list[int], dice: random.Random) -> None:
    """Claim and answer; that a colleague was faster is an agent's everyday life, an error is not."""
    try:
        casework.claim(desk, number)
        claimed.append(number)
        if dice.random() < 0.7:
            draft = replies.draft(desk, number, text=f"Thank you, we look into it. {number}")
            if replies.submit(desk, number, draft.id).status == "approved":
                outbox.queue(desk, number, draft.id)
        elif dice.random() < 0.5:
            casework.release(desk, number)
            claimed.remove(number)
    except (NotAllowed, Stale):
        pass


ROLES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "import": _import,
    "deliver": _deliver,
    "open": _open,
    "work": _work,
}


def main() -> None:
    """Load what any role needs, then play the one that is ordered."""
    measure("the lexicon is read at the first text", "en")
    import_module("socialdesk.inbox.migrations")
    print("ready", flush=True)
    order = sys.stdin.readline()
    if order:
        wanted = json.loads(order)
        print(json.dumps(ROLES[wanted["role"]](wanted)), flush=True)


if __name__ == "__main__":
    main()
