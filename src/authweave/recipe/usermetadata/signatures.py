"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from .interfaces import ClearUserMetadataResult, JSONObject, MetadataResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class GetUserMetadata(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, MetadataResult]: ...

class UpdateUserMetadata(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, metadata_update: JSONObject, user_context: ContextT_contra) -> Coroutine[Any, Any, MetadataResult]: ...

class ClearUserMetadata(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, ClearUserMetadataResult]: ...
