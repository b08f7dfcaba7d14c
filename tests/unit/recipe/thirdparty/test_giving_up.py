"""What is said of providers that give up PKCE or the nonce: by `init`, for a tenant, and by ``doctor``."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import attrs
import pytest
from joserfc.jwk import ECKey

from authweave.app import App, init
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
from authweave.recipe.thirdparty.setup import ThirdPartyRecipe
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, InputAppInfo

APP_INFO: Final = InputAppInfo(
    app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
)
WEB: Final = ProviderClientConfig("the-id", "the-secret")
PEM: Final = ECKey.generate_key("P-256").as_pem(private=True).decode()
PUBLIC: Final = ProviderClientConfig("the-id")
CORP: Final = ProviderConfig("corp", oidc_discovery_endpoint="https://id.example.com", clients=[WEB])
PLAIN: Final = ProviderConfig(
    "plain", authorization_endpoint="https://a.example", token_endpoint="https://a.example", clients=[WEB]
)


@contextmanager
def application(*configs: ProviderConfig) -> Generator[App]:
    """Build an application for a block."""
    recipe = thirdparty.init(SignInAndUpFeature([ProviderInput(each) for each in configs]))
    app = init(APP_INFO, [recipe, session.init()], storage=MemoryStorage(), secret=b"s" * 32, default=False)
    yield app
    app.close()


def refusal(config: ProviderConfig) -> str:
    """Return what a provider is refused with."""
    with pytest.raises(ConfigurationError) as caught, application(config):
        pass
    return str(caught.value)


def warned(caplog: pytest.LogCaptureFixture) -> list[tuple[object, object]]:
    """Return the provider and the tenant of each warning."""
    found = [each for each in caplog.records if getattr(each, "event", None) == "unprotected_codes"]
    assert {each.levelno for each in found} <= {logging.WARNING}
    return [(getattr(each, "provider", None), getattr(each, "tenant", None)) for each in found]


@pytest.mark.parametrize(
    "client",
    [
        PUBLIC,
        attrs.evolve(PUBLIC, client_secret=""),
        attrs.evolve(WEB, token_endpoint_auth_method="none"),
    ],
)
def test_pkce_of_a_client_without_a_secret(client: ProviderClientConfig) -> None:
    """Nothing else would bind its codes, so it is refused, also where the entry of the provider gives PKCE up."""
    message = refusal(attrs.evolve(CORP, clients=[client], gives_up_pkce=True))
    assert "gives_up_pkce" in message
    assert "'the-id'" in message
    with application(attrs.evolve(CORP, clients=[client], gives_up_nonce=True)):
        pass


def test_pkce_with_a_key_in_place_of_a_secret() -> None:
    """A client that signs with a key of its own has what proves it."""
    key = ProviderClientConfig("the-id", private_key=PEM, token_endpoint_auth_method="private_key_jwt")
    with application(attrs.evolve(CORP, clients=[key], gives_up_pkce=True)):
        pass


@pytest.mark.parametrize(
    ("field", "name", "switch"),
    [
        ("authorization_endpoint_query_params", "code_challenge", "gives_up_pkce"),
        ("authorization_endpoint_query_params", "code_challenge_method", "gives_up_pkce"),
        ("authorization_endpoint_query_params", "nonce", "gives_up_nonce"),
        ("token_endpoint_body_params", "code_verifier", "gives_up_pkce"),
    ],
)
def test_a_parameter_that_cannot_be_taken_away(field: str, name: str, switch: str) -> None:
    """``None`` takes other parameters away; for these there is a switch, and the message names it."""
    parameters: dict[str, str | None] = {name: None}
    config = (
        attrs.evolve(CORP, authorization_endpoint_query_params=parameters)
        if field.startswith("authorization")
        else attrs.evolve(CORP, token_endpoint_body_params=parameters)
    )
    message = refusal(config)
    assert f"{name!r}: None" in message
    assert f"{switch}=True" in message


@pytest.mark.parametrize(
    ("config", "is_risky"),
    [
        (CORP, False),
        (attrs.evolve(CORP, gives_up_pkce=True), False),
        (attrs.evolve(CORP, gives_up_nonce=True), False),
        (attrs.evolve(CORP, gives_up_pkce=True, gives_up_nonce=True), True),
        (attrs.evolve(CORP, gives_up_pkce=True, clients=[attrs.evolve(WEB, scope=["email"])]), True),
        (PLAIN, False),
        (attrs.evolve(PLAIN, gives_up_nonce=True), False),
        (attrs.evolve(PLAIN, gives_up_pkce=True), True),
        (ProviderConfig("slack", clients=[WEB]), False),
        (ProviderConfig("linkedin", clients=[WEB]), True),
        (ProviderConfig("linkedin", clients=[WEB], gives_up_pkce=False), False),
    ],
)
def test_neither(config: ProviderConfig, is_risky: bool, caplog: pytest.LogCaptureFixture) -> None:
    """A provider with neither is logged once, and ``doctor`` tells it; one of the two is enough."""
    with application(config) as app:
        assert warned(caplog) == [(config.third_party_id, "public")] * is_risky
        finding = app.recipe(ThirdPartyRecipe).check_providers()
    assert finding.severity == ("warning" if is_risky else "ok")
    assert (f"{config.third_party_id!r} has neither PKCE nor a nonce" in finding.found) is is_risky


def test_of_a_tenant(caplog: pytest.LogCaptureFixture) -> None:
    """What is refused or logged at the start is, too, where a tenant's own configuration brings it."""
    with application(CORP) as app:
        tenants = app.recipe(ThirdPartyRecipe).tenants
        without_secret = ProviderConfig("corp", gives_up_pkce=True, clients=[PUBLIC])
        with pytest.raises(ConfigurationError, match="gives_up_pkce"):
            app.run_blocking(tenants.keep("public", without_secret))
        app.run_blocking(tenants.keep("public", ProviderConfig("corp", gives_up_pkce=True)))
        assert warned(caplog) == []
        app.run_blocking(tenants.keep("public", ProviderConfig("corp", gives_up_pkce=True, gives_up_nonce=True)))
        assert warned(caplog) == [("corp", "public")]
        found = app.run_blocking(tenants.find("corp", "public"))
        assert found is not None
        assert found.input.config.gives_up_nonce
        assert len(warned(caplog)) == 1
