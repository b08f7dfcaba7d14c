"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer
from .interfaces import APIKey, APIOptions, CreateKeyPostResult, CreateKeyResult, ListKeysGetResult, RevokeKeyPostResult, VerifyKeyResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class CreateKey(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, name: str, scopes: tuple[str, ...], validity_s: int | None, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateKeyResult]: ...

class ListKeys(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, tuple[APIKey, ...]]: ...

class VerifyKey(Protocol[ContextT_contra]):
    def __call__(self, token: str, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyKeyResult]: ...

class RevokeKey(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, key_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class CreateKeyPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, name: str, scopes: tuple[str, ...], validity_s: int | None, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateKeyPostResult]: ...

class ListKeysGet(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ListKeysGetResult]: ...

class RevokeKeyPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, key_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, RevokeKeyPostResult]: ...
