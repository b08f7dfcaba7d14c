"""Clients that a certified OpenID provider, ``oidc-provider``, has registered for one way to authenticate each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from joserfc.jwk import ECKey, RSAKey

from authweave.cli.demo import LocalClient, run_local_providers
from authweave.kernel import UserContext
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, TokenEndpointAuthMethod
from authweave.recipe.thirdparty.exceptions import ClientRefusedError, CodeRefusedError, SealedValueError
from authweave.recipe.thirdparty.provider import RedirectUriInfo
from authweave.types import JSON
from tests.integration.thirdparty.openid_server import ONE_KEY, REDIRECT_URI
from tests.integration.thirdparty.registered import jwk_text, pem_text
from tests.integration.thirdparty.sign_ins import Bench, begun, bench, finished, opened, with_tokens

from .openid_provider import NODE, agreed

pytestmark = pytest.mark.node

SECRET: Final = "32 characters: + % & = and /?~*#@"
CURVE_KEY: Final = ECKey.generate_key("P-256", {"kid": "curve"})


@attrs.frozen
class Registration:
    """
    A client, as the provider and as an application has it.

    Attributes:
        discovered: whether it needs no method in its configuration: the provider's document leads to it.
    """

    method: TokenEndpointAuthMethod
    client: ProviderClientConfig
    key: RSAKey | ECKey | None = None
    more: dict[str, JSON] = attrs.field(factory=dict[str, JSON])
    discovered: bool = False

    def at_provider(self) -> LocalClient:
        """Return what the provider knows."""
        more: dict[str, JSON] = {"token_endpoint_auth_method": self.method, **self.more}
        if self.key is not None:
            more["jwks"] = {"keys": [dict(self.key.as_dict(private=False))]}
        return LocalClient(self.client.client_id, self.client.client_secret, [REDIRECT_URI], more)

    def configured(self) -> ProviderClientConfig:
        """Return what the application knows."""
        return self.client if self.discovered else attrs.evolve(self.client, token_endpoint_auth_method=self.method)


REGISTERED: Final = (
    Registration("client_secret_basic", ProviderClientConfig("header", SECRET), discovered=True),
    Registration("client_secret_post", ProviderClientConfig("form", SECRET)),
    Registration("client_secret_jwt", ProviderClientConfig("shared", SECRET)),
    Registration(
        "private_key_jwt",
        ProviderClientConfig("rsa", private_key=pem_text(ONE_KEY), private_key_id="one"),
        ONE_KEY,
        discovered=True,
    ),
    Registration(
        "private_key_jwt",
        ProviderClientConfig("pss", private_key=jwk_text(ONE_KEY, alg="PS256")),
        ONE_KEY,
        {"token_endpoint_auth_signing_alg": "PS256"},
    ),
    Registration(
        "private_key_jwt", ProviderClientConfig("curve", private_key=pem_text(CURVE_KEY)), CURVE_KEY, discovered=True
    ),
    Registration("none", ProviderClientConfig("public"), discovered=True),
)
EACH: Final = pytest.mark.parametrize("registration", REGISTERED, ids=lambda each: each.client.client_id)


@attrs.frozen
class Certified:
    """
    The provider, twice.

    Attributes:
        issuer: one that takes parameters from the browser.
        demanding: one that demands that they are pushed.
    """

    issuer: str
    demanding: str


@pytest.fixture(scope="module")
def certified() -> Iterator[Certified]:
    """Run both."""
    clients = [each.at_provider() for each in REGISTERED]
    with run_local_providers(NODE) as providers:
        yield Certified(
            providers.start(clients, features={"introspection": {"enabled": True}}),
            providers.start(
                clients, features={"pushedAuthorizationRequests": {"requirePushedAuthorizationRequests": True}}
            ),
        )


@pytest.fixture(scope="module")
def world() -> Iterator[Bench]:
    """Make an application."""
    with bench() as made:
        yield made


def config(issuer: str, *clients: ProviderClientConfig) -> ProviderConfig:
    """Configure the provider."""
    return ProviderConfig(
        "certified",
        oidc_discovery_endpoint=issuer,
        clients=clients,
        token_info_endpoint=f"{issuer}/token/introspection",
    )


@EACH
def test_a_sign_in(certified: Certified, world: Bench, registration: Registration) -> None:
    """The client is accepted; it gives up neither PKCE nor the sealed value's binding, and a code counts once."""

    async def main() -> None:
        mine = await opened(world.prepare(config(certified.issuer, registration.configured())), None)
        url, sealed = await begun(mine)
        _, other = await begun(mine)
        asked = dict(parse_qsl(urlsplit(url).query))
        assert {"nonce", "code_challenge"} <= set(asked)
        back: dict[str, JSON] = {**agreed(url, "ada", REDIRECT_URI)}
        with pytest.raises(SealedValueError):
            await finished(mine, back, sealed, f"{REDIRECT_URI}/other")
        assert (await finished(mine, back, sealed)).third_party_user_id == "ada"
        with pytest.raises(CodeRefusedError):
            await finished(mine, back, sealed)
        with pytest.raises(CodeRefusedError):
            await finished(mine, {**agreed(url, "ada", REDIRECT_URI)}, other)

    asyncio.run(main())


@EACH
def test_parameters_that_are_pushed(certified: Certified, world: Bench, registration: Registration) -> None:
    """Where the provider demands them beforehand, it gets them from the client, and the user brings none of them."""

    async def main() -> None:
        mine = await opened(world.prepare(config(certified.demanding, registration.configured())), None)
        url, sealed = await begun(mine)
        assert set(dict(parse_qsl(urlsplit(url).query))) == {"client_id", "request_uri"}
        back: dict[str, JSON] = {**agreed(f"{url}&state=late", "ada", REDIRECT_URI)}
        assert "state" not in back  # so the state of an unchanged frontend does not come back here
        assert (await finished(mine, back, sealed)).third_party_user_id == "ada"

    asyncio.run(main())


@EACH
def test_whose_an_access_token_is(certified: Certified, world: Bench, registration: Registration) -> None:
    """The provider tells it to who authenticates as for tokens."""

    async def main() -> None:
        mine = await opened(world.prepare(config(certified.issuer, registration.configured())), None)
        url, sealed = await begun(mine)
        info = RedirectUriInfo(REDIRECT_URI, {**agreed(url, "ada", REDIRECT_URI)}, sealed)
        tokens = await mine.exchange_auth_code_for_oauth_tokens(info, UserContext())
        found = await with_tokens(mine, access_token=tokens["access_token"])
        assert found.third_party_user_id == "ada"

    asyncio.run(main())


@EACH
def test_a_client_that_is_not_accepted(certified: Certified, world: Bench, registration: Registration) -> None:
    """One that proves itself otherwise than it was registered is told apart from a code that is not accepted."""
    wrong: TokenEndpointAuthMethod = "client_secret_jwt" if registration.method == "none" else "none"
    client = attrs.evolve(registration.client, token_endpoint_auth_method=wrong, client_secret=SECRET)

    async def main() -> None:
        mine = await opened(world.prepare(config(certified.demanding, client)), None)
        with pytest.raises(ClientRefusedError, match=f"{client.client_id}.*invalid_client.*by {wrong}"):
            await begun(mine)

    asyncio.run(main())
