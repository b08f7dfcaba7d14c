"""What pages learn that ask how people sign in (docs/reference/http.md, Ways to sign in)."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.extending import RecipeEntry
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
from authweave.recipe.thirdparty.setup import ThirdPartyRecipe
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON
from tests.patience import PATIENCE_S

from .serving import serving

NOTHING: dict[str, JSON] = {
    "status": "OK",
    "emailPassword": {"enabled": False},
    "passwordless": {"enabled": False},
    "thirdParty": {"enabled": False, "providers": []},
    "webauthn": {"enabled": False},
    "firstFactors": [],
}


@contextmanager
def asking(*recipes: RecipeEntry) -> Generator[tuple[httpx2.Client, App]]:
    """Serve an application with a tenant ``t1`` beside ``public``, for a block."""
    storage = MemoryStorage()
    storage.create_tenant("t1")
    auth = init(
        InputAppInfo("Ways", "http://localhost", website_domain="http://localhost"),
        [*recipes, session.init()],
        storage=storage,
        secret="0123456789abcdef0123456789abcdef",
        default=False,
    )
    web = FastAPI()
    web.add_middleware(get_middleware(), app=auth)
    with serving(web) as address, httpx2.Client(base_url=f"{address}/auth", timeout=PATIENCE_S) as client:
        yield client, auth
    auth.close()


def provider(name: str, *client_types: str | None, everywhere: bool = False) -> ProviderInput:
    """Make a provider that nobody reaches, with clients of these types."""
    clients = [
        ProviderClientConfig(client_id=f"{name}-{each}", client_secret="s", client_type=each) for each in client_types
    ]
    config = ProviderConfig(
        name,
        name=name.title(),
        authorization_endpoint="https://provider.invalid/a",
        token_endpoint="https://provider.invalid/t",
        user_info_endpoint="https://provider.invalid/u",
        clients=clients,
    )
    return ProviderInput(config, include_in_non_public_tenants_by_default=everywhere)


def test_what_the_recipes_offer() -> None:
    """Is told, and nothing else is enabled."""
    with asking() as (client, _):
        assert client.get("/loginmethods").json() == NOTHING
    with asking(emailpassword.init()) as (client, _):
        with_password = {**NOTHING, "emailPassword": {"enabled": True}, "firstFactors": ["emailpassword"]}
        assert client.get("/loginmethods").json() == with_password
        assert client.get("/t1/loginmethods").json() == with_password
        assert client.get("/unknown/loginmethods").status_code == 400


def test_the_providers_of_a_tenant_and_a_client() -> None:
    """Those that `init` says the tenant has, and that the client can use."""
    feature = SignInAndUpFeature([provider("one", None, everywhere=True), provider("two", "web", "ios")])
    with asking(thirdparty.init(feature)) as (client, _):

        def providers(path: str) -> JSON:
            answer: dict[str, Any] = client.get(path).json()  # Any: JSON
            names: list[JSON] = answer["thirdParty"]["providers"]
            assert answer["thirdParty"]["enabled"] is bool(names)
            assert answer["firstFactors"] == (["thirdparty"] if names else [])
            return names

        one, two = ({"id": name, "name": name.title()} for name in ("one", "two"))
        assert providers("/loginmethods") == [one]  # of two clients none was named
        assert providers("/loginmethods?clientType=ios") == [two]
        assert providers("/loginmethods?clientType=other") == []
        assert providers("/t1/loginmethods") == [one]


def test_the_providers_that_a_tenant_has_of_its_own() -> None:
    """Are told in place of those of `init`."""
    listed = provider("one", None, everywhere=True)
    with asking(thirdparty.init(SignInAndUpFeature([listed]))) as (client, auth):
        own = provider("corp", None).config
        auth.run_blocking(auth.recipe(ThirdPartyRecipe).tenants.keep("t1", own))
        there = client.get("/t1/loginmethods").json()["thirdParty"]["providers"]
        assert there == [{"id": "corp", "name": "Corp"}]
        assert [each["id"] for each in client.get("/loginmethods").json()["thirdParty"]["providers"]] == ["one"]
