"""What the recipe is told by `init`."""

from __future__ import annotations

import attrs

from .types import TypeGetAllowedDomainsForTenantId


@attrs.frozen(kw_only=True)
class MultitenancyConfig:
    """
    What `init` was told.

    Attributes:
        get_allowed_domains_for_tenant_id: says which domains the pages of a tenant have, for the claim of sessions.
    """

    get_allowed_domains_for_tenant_id: TypeGetAllowedDomainsForTenantId | None = None
