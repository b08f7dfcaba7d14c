"""How tenants grow: each with a provider of its own, kept in the database."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from contextlib import closing
from typing import Final

from _growth import Grown, async_median_us, mib, on_disk_mib, resident, stalls, watched
from _session_app import INFO

from authweave import UserContext, init
from authweave.app import App
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ThirdPartyRecipe
from authweave.storage import StorageOptions

LOOKS: Final = 200
AT_ONCE: Final = 16


def config_of(number: int) -> ProviderConfig:
    """Return the provider of a tenant: all of it is written down, so that nobody has to be asked."""
    issuer = f"https://tenant-{number}.example"
    return ProviderConfig(
        "company",
        name="Company",
        clients=[ProviderClientConfig(f"client-{number}", "secret")],
        authorization_endpoint=f"{issuer}/authorise",
        token_endpoint=f"{issuer}/token",
        user_info_endpoint=f"{issuer}/me",
    )


def measure(subject: str, size: int, url: str, rounds: int) -> Grown:
    """Make tenants, and find their providers."""
    del subject
    options = StorageOptions(migrate=True)
    recipes = [session.init(), thirdparty.init()]
    with closing(init(INFO, recipes, storage=url, storage_options=options, secret="s" * 32, default=False)) as app:
        return asyncio.run(grown(app, size, url, rounds))


async def grown(app: App, size: int, url: str, rounds: int) -> Grown:
    """Make tenants, and find their providers."""
    recipe = app.recipe(ThirdPartyRecipe)
    chance = random.Random(1)  # noqa: S311  chooses tenants
    context = UserContext()

    async def look() -> None:
        found = await recipe.functions.get_provider("company", None, f"tenant-{chance.randrange(size)}", context)
        assert found is not None

    before = resident()
    adding: list[float] = []
    with watched() as pauses:
        for number in range(size):
            app.services.storage.create_tenant(f"tenant-{number}")
            start = time.process_time_ns()
            await recipe.tenants.keep(f"tenant-{number}", config_of(number))
            adding.append((time.process_time_ns() - start) / 1000)
        async with stalls(pauses):
            looking_us = await async_median_us(look, rounds, LOOKS)
            await asyncio.gather(*(look() for _ in range(AT_ONCE)))
    return Grown(
        size,
        {"keeping a tenant's provider": statistics.median(adding[-LOOKS:]), "finding a tenant's provider": looking_us},
        mib(before),
        pauses.longest_ms,
        on_disk_mib(url),
    )
