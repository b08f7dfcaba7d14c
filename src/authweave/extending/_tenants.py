"""What recipes say of the tenant that a request is for."""

from __future__ import annotations

from typing import Protocol

import attrs

from authweave.kernel import UserContext

from ._services import Services


class TenantOfRequest(Protocol):
    """Says which tenant a request is for."""

    async def __call__(self, services: Services, tenant_id: str, user_context: UserContext, /) -> str:
        """Return its id, given the one that the path names (``public`` where it names none)."""
        ...


@attrs.frozen
class TenantContribution:
    """
    What a recipe says of tenants: it returns one from its `RecipeEntry.contributions`.

    Args:
        of_request: says which tenant a request is for. Of several recipes the first is asked.

    .. versionadded:: 0.1.0
    """

    of_request: TenantOfRequest
