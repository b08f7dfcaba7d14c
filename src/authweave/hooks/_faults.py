"""What is wrong with the hooks of an application, all of it, with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from typing_extensions import TypeIs

from authweave.kernel import FaultReport, is_async, takes

from ._hook import AfterCommit, AnyHook, Hook

PARAMETERS: Final = {Hook: ("user", "user_context", "connection"), AfterCommit: ("user", "user_context")}


def note_faults(
    hooks: Sequence[object], report: FaultReport, *, has_connection: bool, has_outbox: bool
) -> tuple[AnyHook, ...]:
    """
    Note what is wrong with hooks.

    Args:
        hooks: what an application lists.
        report: where to note it.
        has_connection: whether the application's store has one to hand to them.
        has_outbox: whether it has a part for what is told after the commit.

    Returns:
        Those that are hooks.
    """
    found: list[AnyHook] = []
    for each in hooks:
        if not is_hook(each):
            report.add(f"hooks= has {kind_of(each)}, which is no hook: write @on_user_created above it, say.", each)
            continue
        for message in faults_of(each, has_connection=has_connection, has_outbox=has_outbox):
            report.add(message, each.function)
        if any((type(each), each.kind, each.name) == (type(other), other.kind, other.name) for other in found):
            report.add(f"{each.name!r} is in hooks= twice for users {each.kind}: list it once.", each.function)
        found.append(each)
    return tuple(found)


def is_hook(value: object) -> TypeIs[AnyHook]:
    """Return whether something is a hook, of whatever context."""
    return isinstance(value, (Hook, AfterCommit))


def faults_of(hook: AnyHook, *, has_connection: bool, has_outbox: bool) -> Iterator[str]:
    """Return what is wrong with a hook, in sentences."""
    function: Callable[..., object] = hook.function
    if isinstance(hook, Hook):
        if is_async(function):
            yield (
                f"{hook.name!r} is async def, but is called in the transaction, on its thread: write def; or "
                f"@on_user_{hook.kind}.after_commit, for what may come after it."
            )
        if not has_connection:
            yield (
                f"{hook.name!r} is handed the connection of the transaction, and the store in memory has none: use "
                "the store at 'sqlite://' instead, which is in memory too."
            )
    else:
        if not is_async(function):
            yield f"{hook.name!r} is a plain function, but is awaited after the commit: write async def."
        if not has_outbox:
            yield (
                f"{hook.name!r} is called after the commit, by the outbox, and the store was opened without its part: "
                "hand authweave.outbox.OUTBOX to open_storage(parts=[...])."
            )
    names = PARAMETERS[type(hook)]
    if not takes(function, len(names)):
        yield f"{hook.name!r} does not fit: it is called with ({', '.join(names)}), in this order."


def kind_of(value: object) -> str:
    """Name what was listed."""
    return f"{getattr(value, '__qualname__', None) or type(value).__name__!r}"
