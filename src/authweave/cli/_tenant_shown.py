"""``authweave tenant list`` and ``show``: tenants as they are stored, without what is secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import attrs
import typer

from authweave import App
from authweave.recipe.multitenancy.store import TENANT_CONFIGS, StoredTenantConfig
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.types import JSON

from ._output import fail
from ._user_app import NOT_FOUND, AppTarget, AsJson, StoreTarget, opened_app, printable
from ._user_shown import print_table, write_json

Which = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's id, in any case.", show_default=False)]


@attrs.frozen
class ShownTenant:
    """A tenant as commands show it: of its providers the ids alone."""

    tenant_id: str
    config: StoredTenantConfig
    providers: Sequence[str]

    @classmethod
    def of(cls, app: App, tenant_id: str, config: StoredTenantConfig) -> ShownTenant:
        """Return a tenant with its providers."""
        kept = app.services.storage.part(THIRD_PARTIES).tenant_providers(tenant_id)
        return cls(tenant_id, config, [each.third_party_id for each in kept])

    def values(self) -> dict[str, JSON]:
        """Return it as scripts read it (docs/reference/commands.md): keys are only ever added."""
        first, required = self.config.first_factors, self.config.required_secondary_factors
        return {
            "id": self.tenant_id,
            "first_factors": None if first is None else list(first),
            "required_secondary_factors": None if required is None else list(required),
            "providers": list(self.providers),
        }

    def cells(self) -> tuple[str, ...]:
        """Return it as people read it."""
        first, required = self.config.first_factors, self.config.required_secondary_factors
        return (
            self.tenant_id,
            "any" if first is None else ", ".join(first) or "none",
            ", ".join(required or ()),
            ", ".join(self.providers),
        )


def show(shown: Sequence[ShownTenant], *, as_json: bool) -> None:
    """Print tenants."""
    if as_json:
        for each in shown:
            write_json(each.values())
    else:
        columns = ("ID", "FIRST FACTORS", "REQUIRED SECOND FACTORS", "PROVIDERS OF ITS OWN")
        print_table(columns, [each.cells() for each in shown])


def find_tenant(app: App, tenant_id: str) -> str:
    """Return the id of a tenant as it was made; without one the command ends."""
    found = app.services.storage.find_tenant(tenant_id.strip())
    if found is None:
        fail(f"There is no tenant {printable(tenant_id)}.", NOT_FOUND)
    return found


def list_tenants(*, target: AppTarget = None, url: StoreTarget = None, as_json: AsJson = False) -> None:
    """List all tenants, with the factors that people sign in with."""
    with opened_app(target, url) as app:
        storage = app.services.storage
        kept = storage.part(TENANT_CONFIGS).tenant_configs()
        ids = storage.tenant_ids()
        show([ShownTenant.of(app, each, kept.get(each, StoredTenantConfig())) for each in ids], as_json=as_json)


def show_tenant(tenant: Which, *, target: AppTarget = None, url: StoreTarget = None, as_json: AsJson = False) -> None:
    """Show a tenant: the factors that people sign in with, and the ids of the providers of its own."""
    with opened_app(target, url) as app:
        show_one(app, find_tenant(app, tenant), as_json=as_json)


def show_one(app: App, tenant_id: str, *, as_json: bool) -> None:
    """Print a tenant that is there."""
    config = app.services.storage.part(TENANT_CONFIGS).tenant_config(tenant_id)
    show([ShownTenant.of(app, tenant_id, config)], as_json=as_json)
