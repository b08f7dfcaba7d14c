"""A loop under gevent's monkey patching, where what looks like a thread is a greenlet: all of them share one."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Mapping
from typing import TYPE_CHECKING

from typing_extensions import override

from authweave.extending import threads_are_greenlets

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a loop for a thread of its own, whether that is one or a greenlet."""
    return asyncio.SelectorEventLoop(CooperativeSelector()) if threads_are_greenlets() else asyncio.new_event_loop()


class CooperativeSelector(selectors.BaseSelector):
    """
    Waits as gevent's selector does, while other greenlets run, and no loop does in the thread that they share.

    asyncio notes the running loop by thread. While its own waits, every greenlet would be taken for a part of it: calls
    that block would be refused, and no other loop could run.
    """

    def __init__(self) -> None:
        self.inner: selectors.BaseSelector = selectors.DefaultSelector()  # gevent's own, as it is patched

    @override
    def register(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        return self.inner.register(fileobj, events, data)

    @override
    def unregister(self, fileobj: FileDescriptorLike) -> selectors.SelectorKey:
        return self.inner.unregister(fileobj)

    @override
    def modify(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        return self.inner.modify(fileobj, events, data)

    @override
    def get_map(self) -> Mapping[FileDescriptorLike, selectors.SelectorKey]:
        return self.inner.get_map()

    @override
    def close(self) -> None:
        self.inner.close()

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait, as a loop that stands still."""
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)  # noqa: SLF001  CPython: "intended to be used by event loops"
        try:
            return self.inner.select(timeout)
        finally:
            asyncio._set_running_loop(loop)  # noqa: SLF001  CPython: "intended to be used by event loops"
