"""``authweave tenant``: looking after tenants."""

from __future__ import annotations

from typing import Final

import typer

from . import _tenant_change, _tenant_provider, _tenant_shown

tenants: Final = typer.Typer(name="tenant", help="Look after tenants.", no_args_is_help=True)

tenants.command("create")(_tenant_change.create_tenant)
tenants.command("list")(_tenant_shown.list_tenants)
tenants.command("show")(_tenant_shown.show_tenant)
tenants.command("delete")(_tenant_change.delete_tenant)
tenants.command("provider")(_tenant_provider.provider)
