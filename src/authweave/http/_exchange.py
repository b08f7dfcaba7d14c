"""One request on its way through the routes."""

from __future__ import annotations

from typing import Generic

import attrs
from typing_extensions import TypeVar

from authweave.app import App
from authweave.kernel import UserContext
from authweave.types import BaseRequest

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen
class Exchange(Generic[ContextT]):
    """
    A request that one of our routes answers.

    Attributes:
        tenant_id: as in the path; ``public`` where it names none.
        user_context: that of the request.
    """

    app: App[ContextT]
    request: BaseRequest
    tenant_id: str
    user_context: ContextT = attrs.field(repr=False)
