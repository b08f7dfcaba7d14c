"""Hooks of an application, called in the transaction that creates, changes or deletes a user; or after its commit."""

from ._hook import (
    AfterCommit,
    AnyHook,
    Hook,
    HookDecorator,
    HookKind,
    on_user_changed,
    on_user_created,
    on_user_deleted,
)
from ._hooks import Hooks

__all__ = [
    "AfterCommit",
    "AnyHook",
    "Hook",
    "HookDecorator",
    "HookKind",
    "Hooks",
    "on_user_changed",
    "on_user_created",
    "on_user_deleted",
]
