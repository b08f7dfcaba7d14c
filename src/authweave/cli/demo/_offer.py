"""Whether the demo has a provider to sign in with."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import attrs

from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig

from ._provider import LocalClient, NoLocalProviderError, run_local_provider

PROVIDER_ID: Final = "local"
CLIENT_ID: Final = "demo"
PORTS: Final = 65536


@attrs.frozen
class Offer:
    """
    What the demo offers.

    Attributes:
        providers: whom users may sign in with.
        message: what is said of it in the terminal.
        why_not: why there is no provider; empty where there is one.
    """

    providers: tuple[ProviderConfig, ...]
    message: str
    why_not: str = ""


@contextmanager
def offer_provider(origin: str, packages: Path | None) -> Generator[Offer]:
    """
    Run a local provider for a block, where that can be done.

    Its port is the one after the demo's, if that is free. A user's identity has the provider's address in it, so
    whoever signed in before is known again only if that stays the same.

    Args:
        origin: where the demo's page is.
        packages: a folder in which ``npm install oidc-provider`` has been run; None: the working directory, if so.

    Raises:
        NoLocalProviderError: it cannot be done, and a folder was named.
    """
    secret = secrets.token_urlsafe()
    client = LocalClient(CLIENT_ID, secret, [f"{origin}/callback"])
    port = ((urlsplit(origin).port or 0) + 1) % PORTS
    with ExitStack() as stack:
        try:
            issuer = stack.enter_context(run_local_provider(packages or Path(), [client], port=port))
        except NoLocalProviderError as error:
            if packages is not None:
                raise
            why_not = f"No provider is offered. {error}"
            offer = Offer((), why_not, why_not)
        else:
            config = ProviderConfig(
                PROVIDER_ID,
                name="Local",
                oidc_discovery_endpoint=issuer,
                clients=[ProviderClientConfig(CLIENT_ID, secret)],
            )
            offer = Offer((config,), f"A local provider to sign in with is at {issuer}; any name and password will do.")
        yield offer
