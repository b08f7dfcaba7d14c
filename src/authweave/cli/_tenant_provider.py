"""``authweave tenant provider``: the providers that a tenant has of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final, cast

import typer

from authweave import App, AuthweaveError, UserContext
from authweave.recipe.multitenancy import MultitenancyRecipe
from authweave.recipe.thirdparty import ProviderConfig
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.types import JSONObject

from ._output import fail
from ._tenant_shown import Which, find_tenant, show_one
from ._user_app import NOT_FOUND, AppTarget, AsJson, StoreTarget, opened_app, printable

LONGEST: Final = 1_000_000


def provider(
    tenant: Which,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="FILE",
            help="Keep the provider that this file describes, as JSON; - reads standard input. It is encrypted with "
            "the application's secret, so --app has to name the application.",
            show_default=False,
        ),
    ] = None,
    delete: Annotated[
        str | None,
        typer.Option("--delete", metavar="PROVIDER", help="Remove the provider of this id.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Show the providers that a tenant has of its own, after keeping or removing one.

    A tenant that has some has no others. Nothing of them is printed but their ids.
    """
    config = None if file is None else read_config(file)
    if config is not None and target is None:
        fail("What a provider's file holds is encrypted with the application's secret: say --app module:app.")
    with opened_app(target, url) as app:
        found = find_tenant(app, tenant)
        if config is not None:
            functions = app.recipe(MultitenancyRecipe).functions
            app.run_blocking(functions.create_or_update_third_party_config(found, config, None, UserContext()))
        if delete is not None and not remove(app, found, delete, of_application=target is not None):
            fail(f"Tenant {printable(found)} has no provider {printable(delete)} of its own.", NOT_FOUND)
        show_one(app, found, as_json=as_json)


def remove(app: App, tenant_id: str, provider_id: str, *, of_application: bool) -> bool:
    """Remove a provider, by the application's functions where it was named. Returns whether there was one."""
    if not of_application:
        return app.services.storage.part(THIRD_PARTIES).remove_tenant_provider(tenant_id, provider_id)
    functions = app.recipe(MultitenancyRecipe).functions
    removed = functions.delete_third_party_config(tenant_id, provider_id, UserContext())
    return app.run_blocking(removed).did_config_exist


def read_config(file: str) -> ProviderConfig:
    """Read a provider's description; a fault of it ends the command. Its content is in no message: it has secrets."""
    try:
        with typer.get_text_stream("stdin") if file == "-" else Path(file).open(encoding="utf-8") as stream:
            text = stream.read(LONGEST)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{printable(file)} cannot be read: {type(error).__name__}.")
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError):
        fail(f"{printable(file)} holds no JSON.")
    if not isinstance(content, dict):
        fail(f"{printable(file)} holds no JSON object.")
    try:
        return ProviderConfig.from_json(cast("JSONObject", content))  # what it lacks, from_json says
    except AuthweaveError as error:
        fail(str(error))
