"""Where the program starts, and the one place where a failure becomes a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED, USAGE, NOT_ALLOWED, INTERRUPTED = 1, 2, 4, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a failure is one sentence on stderr, never a traceback."""
    from socialdesk.cli.printing import prepare_streams

    prepare_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_has_gone()
    except KeyboardInterrupt:
        return _say("stopped", INTERRUPTED)
    except Exception as error:
        return _explained(error)
    return code


def _run(arguments: Sequence[str] | None) -> int:
    import click

    from socialdesk.cli.app import root

    if "_SOCIALDESK_COMPLETE" in os.environ:
        root.main(prog_name="socialdesk")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # Not root.main(): it turns a closed pipe into exit 1 before anybody here could see it.
        with root.make_context("socialdesk", words) as ctx:
            returned = root.invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        place = error.ctx.command_path if error.ctx is not None else "socialdesk"
        sentence = " ".join(error.format_message().split()).rstrip(".")
        return _say(f"{sentence}; see: {place} -h", USAGE)
    except click.Abort:
        return _say("stopped", INTERRUPTED)
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code)
    return returned if isinstance(returned, int) else 0


def _explained(error: Exception) -> int:
    """The sentence and the exit code of an error that a command raised."""
    import sqlite3

    from socialdesk.errors import InboxUnusable, NotYet, PolicyInvalid, SocialdeskError

    if isinstance(error, PolicyInvalid):
        for diagnostic in error.diagnostics:
            sys.stderr.write(diagnostic.render() + "\n")
    if isinstance(error, NotYet):
        from socialdesk.cli.printing import local
        from socialdesk.clock import iso

        when = iso(error.until)
        zulu = "" if when in str(error) else f"{when}, "
        return _say(f"{error} ({zulu}{local(error.until)} here)", NOT_ALLOWED)
    if isinstance(error, SocialdeskError):
        return _say(str(error), error.exit_code)
    if isinstance(error, sqlite3.DatabaseError):
        from socialdesk.inbox.connection import explain

        return _say(explain(error, None), InboxUnusable.exit_code)
    if isinstance(error, OSError) and error.filename is not None:
        return _say(f"{error.filename}: {(error.strerror or str(error)).lower()}", FAILED)
    return _unexpected(error)


def _unexpected(error: Exception) -> int:
    """A mistake of ours: one line for the person, the traceback for whoever mends it."""
    import traceback

    if os.environ.get("SOCIALDESK_DEBUG"):
        traceback.print_exception(error)
        return FAILED
    trace = "".join(traceback.format_exception(error))
    words = f"{type(error).__name__}: {error}".splitlines()[0]
    return _say(f"something went wrong inside socialdesk ({words}); {_kept(trace)}", FAILED)


def _kept(trace: str) -> str:
    """Keep a traceback in the state folder, readable by its owner alone; says where it is."""
    from datetime import UTC, datetime

    try:
        from platformdirs import user_state_path

        path = user_state_path("socialdesk", appauthor=False) / "errors.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
        ) as log:
            log.write(f"{datetime.now(UTC).isoformat()} {sys.argv[1:2]}\n{trace}\n")
    except (OSError, ImportError):  # a broken installation is one of the mistakes told here
        return "set SOCIALDESK_DEBUG=1 to see where"
    return f"where it happened is written in {path}"


def _reader_has_gone() -> int:
    """`socialdesk list | head` has what it wanted: no complaint now, nor when Python flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _say(sentence: str, code: int) -> int:
    from socialdesk.cli.printing import talk

    sys.stdout.flush()
    talk(f"socialdesk: {sentence}")
    return code


if __name__ == "__main__":
    sys.exit(main())
