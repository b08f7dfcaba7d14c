"""What the library knows of providers, as data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from authweave.moving import ISSUERS
from authweave.moving._format import NEED_ISSUER
from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig, ProviderConfigForClient
from authweave.recipe.thirdparty.providers.known import PROFILES, profile_of
from authweave.recipe.thirdparty.providers.merging import config_for_client
from authweave.recipe.thirdparty.providers.profiles import ProviderProfile
from authweave.types import JSON, ConfigurationError, JSONObject

BUTTONS: Final = Path(__file__).parents[3] / "node/node_modules/supertokens-auth-react/lib/build/thirdparty-shared.js"
OF_THE_REFERENCE: Final = {
    "active-directory",
    "apple",
    "bitbucket",
    "boxy-saml",
    "discord",
    "facebook",
    "github",
    "gitlab",
    "google",
    "google-workspaces",
    "linkedin",
    "okta",
    "twitter",
}
"""What supertokens-python builds in, and supertokens-auth-react has a button for."""


def of_client(
    third_party_id: str,
    additional: JSONObject | None = None,
    *,
    secret: str | None = "secret",
    scope: list[str] | None = None,
) -> ProviderConfigForClient:
    """Return what is known of a client before discovery."""
    client = ProviderClientConfig("id", secret, scope=scope, additional_config=additional)
    config = ProviderConfig(third_party_id, clients=[client])
    return config_for_client(profile_of(third_party_id), config, client, lambda: 0)


def test_each_button_has_its_entry() -> None:
    """Whoever lists what the reference builds in has it here under the same id."""
    assert {each.id for each in PROFILES} >= OF_THE_REFERENCE


@pytest.mark.skipif(not BUTTONS.exists(), reason="the frontends' packages are not installed")
def test_the_buttons_are_those_of_the_frontend() -> None:
    """The ids are read from the frontend's own code."""
    found = set(re.findall(r'assign\(\{ id: "([a-z-]+)", name: ', BUTTONS.read_text(encoding="utf-8")))
    assert found == OF_THE_REFERENCE


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_an_entry_is_whole(profile: ProviderProfile) -> None:
    """With what it needs configured, each entry has all that a sign-in needs before anybody is asked."""
    known = {name: "https://host.example" for name, _ in profile.needs if name.lower().endswith("url")}
    if profile.id == "apple":
        return  # makes its secret of a key; see the tests of the code flow
    config = of_client(profile.id, {name: known.get(name, "x") for name, _ in profile.needs})
    assert config.oidc_discovery_endpoint or (config.authorization_endpoint and config.token_endpoint)
    assert config.oidc_discovery_endpoint or config.user_info_endpoint
    assert config.user_info_map is not None
    assert bool(config.jwks_uri) <= bool(config.issuer)
    assert ("openid" in (config.scope or ())) is profile.speaks_openid


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_what_an_entry_needs_is_said(profile: ProviderProfile) -> None:
    """A key of ``additional_config`` that is not there is named."""
    for name, _ in profile.needs:
        others: JSONObject = {each: "x" for each, _ in profile.needs if each != name}
        with pytest.raises(ConfigurationError, match=name):
            of_client(profile.id, others, secret=None)


@pytest.mark.parametrize(
    ("third_party_id", "additional", "issuer"),
    [
        ("auth0", {"auth0Domain": "dev-1.eu.auth0.com"}, "https://dev-1.eu.auth0.com/"),
        ("auth0", {"auth0Domain": "https://id.example.com/"}, "https://id.example.com/"),
        (
            "cognito",
            {"region": "eu-central-1", "userPoolId": "eu-central-1_AbC"},
            "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC",
        ),
        (
            "keycloak",
            {"keycloakUrl": "https://id.example.com/", "realm": "people"},
            "https://id.example.com/realms/people",
        ),
        (
            "keycloak-old",  # before version 17 a path stood before it
            {"keycloakUrl": "https://id.example.com/auth", "realm": "all people"},
            "https://id.example.com/auth/realms/all%20people",
        ),
        (
            "keycloak",
            {"keycloakUrl": "https://id.example.com", "realm": "../x"},
            "https://id.example.com/realms/..%2Fx",
        ),
        ("zitadel", {"zitadelDomain": "acme-1.zitadel.cloud"}, "https://acme-1.zitadel.cloud"),
        (
            "authentik",
            {"authentikUrl": "https://id.example.com", "application": "shop"},
            "https://id.example.com/application/o/shop/",
        ),
        ("okta", {"oktaDomain": "dev-1.okta.com"}, "https://dev-1.okta.com"),
    ],
)
def test_an_organisations_own_server(third_party_id: str, additional: dict[str, JSON], issuer: str) -> None:
    """Its issuer is made of the keys, exactly as the server writes it."""
    assert of_client(third_party_id, additional).oidc_discovery_endpoint == issuer


def test_a_server_named_by_its_issuer() -> None:
    """An ``oidc_discovery_endpoint`` takes the place of the keys."""
    for profile in PROFILES:
        if profile.defaults.oidc_discovery_endpoint is None and profile.speaks_openid:
            client = ProviderClientConfig("id", "secret")
            config = ProviderConfig(profile.id, oidc_discovery_endpoint="https://id.example.com", clients=[client])
            found = config_for_client(profile, config, client, lambda: 0)
            assert found.oidc_discovery_endpoint == "https://id.example.com"


def test_boxy_saml() -> None:
    """Its three endpoints are made of the server's address; one that is configured stays."""
    config = of_client("boxy-saml", {"boxyURL": "https://saml.example.com/"})
    assert config.authorization_endpoint == "https://saml.example.com/api/oauth/authorize"
    assert config.token_endpoint == "https://saml.example.com/api/oauth/token"
    assert config.user_info_endpoint == "https://saml.example.com/api/oauth/userinfo"
    client = ProviderClientConfig("id", "secret")
    given = ProviderConfig(
        "boxy-saml",
        clients=[client],
        authorization_endpoint="https://a.example",
        token_endpoint="https://b.example",
        user_info_endpoint="https://c.example",
    )
    found = config_for_client(profile_of("boxy-saml"), given, client, lambda: 0)
    assert found.authorization_endpoint == "https://a.example"


def test_twitch_is_asked_for_its_claims() -> None:
    """Twitch tells address and ``email_verified`` only where they are named, in the ID token and the user info."""
    parameters = of_client("twitch").authorization_endpoint_query_params or {}
    wanted = {"email": None, "email_verified": None}
    assert json.loads(parameters["claims"] or "") == {"id_token": wanted, "userinfo": wanted}


def test_x_is_asked_for_an_address_by_its_scope_alone() -> None:
    """Most applications may not ask for it, so it is not asked for by default, and users may have none."""
    config = of_client("twitter")
    assert (config.user_info_endpoint_query_params, config.require_email) == (None, False)
    with_address = of_client("twitter", scope=["users.read", "tweet.read", "users.email"])
    assert with_address.user_info_endpoint_query_params == {"user.fields": "confirmed_email"}


def test_how_clients_authenticate() -> None:
    """Where a provider does not say, or says it wrongly, its entry does; not for a client without a secret."""
    found = {each.id: each.auth_method for each in PROFILES if each.auth_method is not None}
    assert {name for name, method in found.items() if method == "client_secret_basic"} == {
        "twitter",
        "bitbucket",
        "spotify",
    }
    assert of_client("spotify").token_endpoint_auth_method == "client_secret_basic"
    assert of_client("spotify", secret=None).token_endpoint_auth_method is None
    other = ProviderClientConfig("id", "secret", token_endpoint_auth_method="client_secret_post")
    config = ProviderConfig("spotify", clients=[other])
    chosen = config_for_client(profile_of("spotify"), config, other, lambda: 0)
    assert chosen.token_endpoint_auth_method == "client_secret_post"


def test_users_who_move_keep_their_issuer() -> None:
    """What an import takes for the issuer of a known provider is what its users sign in with."""
    for profile in PROFILES:
        if not profile.speaks_openid or not profile.identified_by_issuer:
            assert profile.id not in ISSUERS
        elif profile.defaults.oidc_discovery_endpoint is not None:
            assert ISSUERS[profile.id] == profile.defaults.oidc_discovery_endpoint
        else:
            assert profile.id in {*NEED_ISSUER, "gitlab"}
