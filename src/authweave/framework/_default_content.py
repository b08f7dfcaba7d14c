"""What the library itself puts into a user context (design law C6)."""

from __future__ import annotations

from collections.abc import Mapping

from authweave.kernel import UserContext, current_context
from authweave.types import BaseRequest


def get_request_from_user_context(user_context: UserContext | None = None) -> BaseRequest | None:
    """
    Return the HTTP request that is being served.

    Args:
        user_context: the context that a function was handed; None is the current one.

    Returns:
        The request; None while none is being served (a job, a script, a task that outlived its request).
    """
    content = (current_context() if user_context is None else user_context).get("_default")
    request = content.get("request") if isinstance(content, Mapping) else None
    return request if isinstance(request, BaseRequest) else None
