"""Screen room: threads that each own one connection, so that keys never wait for the inbox."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


class Closes(Protocol):
    """Something that is opened and closed in one thread."""

    def close(self) -> None:
        """Let go of it."""
        ...


Owned = TypeVar("Owned", bound=Closes)
Answer = TypeVar("Answer")


class Lane(Generic[Owned]):
    """One thread and the connection (or desk) that it alone uses; jobs run in the order they come.

    SQLite connections belong to the thread that opened them, and a draft saved before it is submitted
    must be saved first: one lane per purpose gives both.
    """

    def __init__(self, name: str, opener: Callable[[], Owned]) -> None:
        self._opener = opener
        self._owned: Owned | None = None
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._closed = False

    @property
    def owned(self) -> Owned | None:
        """What the lane owns, once its first job has run; only for calls that are safe from any thread."""
        return self._owned

    async def run(self, job: Callable[[Owned], Answer]) -> Answer:
        """Do `job` with what the lane owns, in its thread; opens it at the first job. Errors come out here."""
        if self._closed:
            raise asyncio.CancelledError
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, job)

    def _do(self, job: Callable[[Owned], Answer]) -> Answer:
        if self._owned is None:
            self._owned = self._opener()
        return job(self._owned)

    def close(self) -> None:
        """Finish the jobs that wait, close what is owned in its own thread, and end the thread."""
        if self._closed:
            return
        self._closed = True
        self._threads.submit(self._let_go)
        self._threads.shutdown(wait=True)

    def _let_go(self) -> None:
        if self._owned is not None:
            self._owned.close()
            self._owned = None
