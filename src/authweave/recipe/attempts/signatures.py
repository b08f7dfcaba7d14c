"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from .interfaces import Action, AllowAttemptResult, AttemptAllowed

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class AllowAttempt(Protocol[ContextT_contra]):
    def __call__(self, action: Action, tenant_id: str, account: str, address: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, AllowAttemptResult]: ...

class RecordAttempt(Protocol[ContextT_contra]):
    def __call__(self, action: Action, tenant_id: str, account: str, address: str | None, succeeded: bool, allowed: AttemptAllowed, user_context: ContextT_contra) -> Coroutine[Any, Any, None]: ...
