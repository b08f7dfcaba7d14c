"""A loop under gevent's monkey patching, where what looks like a thread is a greenlet: all of them share one."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Mapping
from typing import TYPE_CHECKING, final

from typing_extensions import override

from authweave.extending import threads_are_greenlets

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a loop for a thread of its own, whether that is one or a greenlet."""
    return CooperativeLoop(CooperativeSelector()) if threads_are_greenlets() else asyncio.new_event_loop()


class CooperativeSelector(selectors.BaseSelector):
    """
    Waits as gevent's selector does, while other greenlets run, and their loop, if one has one.

    asyncio notes the running loop by thread, which greenlets share. Were it this one while it waits, every greenlet
    would be taken for a part of it: calls that block would be refused, and no other loop could run.

    Attributes:
        beside: the loop of another greenlet, which has run when this one went on.
    """

    def __init__(self) -> None:
        self.inner: selectors.BaseSelector = selectors.DefaultSelector()  # gevent's own, as it is patched
        self.beside: asyncio.AbstractEventLoop | None = None

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
        loop = change_running_loop(self.beside)
        try:
            return self.inner.select(timeout)
        finally:
            self.beside = change_running_loop(loop)


@final
class CooperativeLoop(asyncio.SelectorEventLoop):
    """A loop that runs where another greenlet may have begun one of its own."""

    def __init__(self, selector: CooperativeSelector) -> None:
        super().__init__(selector)
        self.selector: CooperativeSelector = selector

    @override
    def run_forever(self) -> None:
        """Run until it is stopped."""
        self.selector.beside = change_running_loop(None)  # which asyncio would refuse to run beside
        try:
            super().run_forever()
        finally:
            change_running_loop(self.selector.beside)


def change_running_loop(loop: asyncio.AbstractEventLoop | None) -> asyncio.AbstractEventLoop | None:
    """Set what asyncio takes for the running loop, and return what it was."""
    before = asyncio._get_running_loop()  # noqa: SLF001  CPython: "intended to be used by event loops"
    asyncio._set_running_loop(loop)  # noqa: SLF001  the same
    return before
