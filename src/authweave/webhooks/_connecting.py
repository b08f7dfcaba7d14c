"""Puts the webhooks of an application on its client, which is made where there are any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from authweave.kernel import Override
from authweave.outbox import OffLoop
from authweave.types import Clock

if TYPE_CHECKING:
    from ._asking import AskingOverride

InterfaceT = TypeVar("InterfaceT")


def connect_webhooks(
    overrides: Sequence[Override[InterfaceT]],
    off_loop: OffLoop,
    clock: Clock,
    random_bytes: Callable[[int], bytes],
    undo: ExitStack,
) -> list[Override[InterfaceT]]:
    """
    Return an application's overrides, with its one client for those that ask webhooks.

    Args:
        overrides: as they were listed. Others may hold the same ones: they stay as they are.
        off_loop: runs what blocks.
        clock: tells the time.
        random_bytes: returns as many unpredictable bytes as asked.
        undo: closes the client with the application.
    """
    asking = {index: found for index, each in enumerate(overrides) if (found := webhook_in(each)) is not None}
    if not asking:
        return list(overrides)
    from ._sending import Sender  # loads httpx2

    sender = Sender(off_loop, clock, random_bytes)
    undo.callback(sender.close)
    return [
        each.replaced(call=asking[index].connected(sender)) if index in asking else each
        for index, each in enumerate(overrides)
    ]


def webhook_in(override: Override[object]) -> AskingOverride | None:
    """Return what asks a webhook in an override, if it does."""
    if type(override.call).__module__ != f"{__package__}._asking":  # which is loaded with the first webhook
        return None
    from ._asking import AskingOverride

    return override.call if isinstance(override.call, AskingOverride) else None
