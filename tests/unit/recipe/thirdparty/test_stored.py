from __future__ import annotations

import json
from typing import cast

import pytest

from authweave.kernel import UserContext
from authweave.recipe.thirdparty.provider import (
    CommonProviderConfig,
    ProviderClientConfig,
    ProviderConfig,
    ProviderConfigForClient,
    UserFields,
    UserInfoMap,
)
from authweave.recipe.thirdparty.providers import provider_config_to_json
from authweave.recipe.thirdparty.providers.merging import merged_config
from authweave.types import JSON, ConfigurationError, JSONObject

WHOLE = ProviderConfig(
    "corp",
    name="Corp",
    clients=(
        ProviderClientConfig(
            "id",
            "hunter2",
            "web",
            scope=("openid",),
            force_pkce=True,
            additional_config={"hd": "x", "n": [1, {}]},
            token_endpoint_auth_method="private_key_jwt",
            private_key="hunter2's key",
            private_key_id="k1",
            is_native=True,
        ),
        ProviderClientConfig("other"),
    ),
    authorization_endpoint="https://a.example",
    authorization_endpoint_query_params={"prompt": "login", "gone": None},
    token_endpoint="https://t.example",
    token_endpoint_body_params={"a": "b"},
    user_info_endpoint="https://u.example",
    user_info_endpoint_query_params={"c": "d"},
    user_info_endpoint_headers={"e": "f"},
    jwks_uri="https://j.example",
    oidc_discovery_endpoint="https://o.example",
    issuer="https://i.example",
    token_info_endpoint="https://ti.example",
    user_info_map=UserInfoMap(UserFields("sub", "email", "sure"), UserFields(email="mail")),
    require_email=False,
    gives_up_pkce=True,
    gives_up_nonce=False,
    trusted_audiences=("account",),
    authorised_parties=("android",),
)


@pytest.mark.parametrize("config", [WHOLE, ProviderConfig("google")])
def test_there_and_back(config: ProviderConfig) -> None:
    """A configuration comes out of JSON as it went in, secrets included."""
    written = json.loads(json.dumps(provider_config_to_json(config)))
    assert ProviderConfig.from_json(cast("JSONObject", written)) == config  # parsed above


def test_the_names_are_those_of_the_documents() -> None:
    """Who has configurations in JSON from elsewhere can use them."""
    written = provider_config_to_json(WHOLE)
    assert {"thirdPartyId", "clients", "oidcDiscoveryEndpoint", "jwksURI", "userInfoMap", "requireEmail"} <= set(
        written
    )
    clients = cast("list[JSONObject]", written["clients"])  # as written
    assert set(clients[0]) == {
        *("clientId", "clientSecret", "clientType", "scope", "forcePKCE", "additionalConfig"),
        *("tokenEndpointAuthMethod", "privateKey", "privateKeyId", "isNative"),
    }
    assert set(clients[1]) == {"clientId"}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"thirdPartyId": ""},
        {"thirdPartyId": 7},
        {"thirdPartyId": "a", "name": 7},
        {"thirdPartyId": "a", "clients": {}},
        {"thirdPartyId": "a", "clients": ["hunter2"]},
        {"thirdPartyId": "a", "clients": [{"clientSecret": "hunter2"}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "scope": "openid"}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "scope": [7]}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "forcePKCE": "yes"}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "additionalConfig": ["hunter2"]}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "tokenEndpointAuthMethod": "tls_client_auth"}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "privateKey": {"hunter2": "x"}}]},
        {"thirdPartyId": "a", "clients": [{"clientId": "b", "isNative": "hunter2"}]},
        {"thirdPartyId": "a", "requireEmail": "no"},
        {"thirdPartyId": "a", "givesUpPKCE": "yes"},
        {"thirdPartyId": "a", "givesUpNonce": 1},
        {"thirdPartyId": "a", "trustedAudiences": "account"},
        {"thirdPartyId": "a", "authorisedParties": ["hunter2", 7]},
        {"thirdPartyId": "a", "tokenEndpointBodyParams": ["hunter2"]},
        {"thirdPartyId": "a", "tokenEndpointBodyParams": {"x": 7}},
        {"thirdPartyId": "a", "userInfoMap": "sub"},
        {"thirdPartyId": "a", "userInfoMap": {"fromIdTokenPayload": "sub"}},
        {"thirdPartyId": "a", "userInfoMap": {"fromUserInfoAPI": {"userId": 7}}},
    ],
)
def test_what_cannot_be_read_is_said(wrong: dict[str, JSON]) -> None:
    """A value of the wrong type is named, and not shown."""
    with pytest.raises(ConfigurationError) as caught:
        ProviderConfig.from_json(wrong)
    assert "hunter2" not in str(caught.value)


def test_each_part_has_json_of_its_own() -> None:
    """The parts come out of JSON as they went in, and have the secrets; None is none."""
    client, found = WHOLE.clients[0], WHOLE.user_info_map
    assert found is not None
    assert client.to_json()["clientSecret"] == "hunter2"
    assert ProviderClientConfig.from_json(client.to_json()) == client
    assert UserInfoMap.from_json(found.to_json()) == found
    assert UserInfoMap().to_json() == {}
    assert UserFields("sub").to_json() == {"userId": "sub"}
    assert UserFields.from_json({"userId": "sub"}) == UserFields("sub")
    assert UserFields.from_json(None) is None
    assert UserInfoMap.from_json(None) is None
    assert ProviderConfig.from_json(WHOLE.to_json()) == WHOLE
    assert CommonProviderConfig("corp", "Corp").to_json() == {"thirdPartyId": "corp", "name": "Corp"}
    with pytest.raises(ConfigurationError, match="'clientId'"):
        ProviderClientConfig.from_json({})


def test_the_json_of_a_client() -> None:
    """It has what the client has, and what all have in common; functions are in no JSON."""

    async def generate(tenant_id: str, user_id: str, user_context: UserContext) -> str:
        return "nobody@example.com"

    config = ProviderConfigForClient(
        third_party_id="corp", client_id="id", client_type="web", generate_fake_email=generate
    )
    assert config.to_json() == {"clientId": "id", "clientType": "web", "thirdPartyId": "corp"}


def test_functions_cannot_be_stored() -> None:
    """A configuration with a function is refused, not stored without it."""

    async def check(token: str, config: object, user_context: UserContext) -> None:
        """Like anything."""

    with pytest.raises(ConfigurationError, match="'corp'"):
        provider_config_to_json(ProviderConfig("corp", validate_access_token=check))


class TestMerging:
    """A tenant's configuration lies over the application's."""

    def test_what_the_tenant_says_wins(self) -> None:
        """What it leaves out stays; parameters and maps go together entry by entry."""
        above = ProviderConfig(
            "corp",
            token_endpoint="https://tenant.example",
            authorization_endpoint_query_params={"prompt": None, "hd": "tenant.example"},
            user_info_map=UserInfoMap(UserFields(user_id="oid")),
            require_email=True,
        )
        merged = merged_config(WHOLE, above)
        assert merged.token_endpoint == "https://tenant.example"
        assert merged.user_info_endpoint == "https://u.example"
        assert merged.authorization_endpoint_query_params == {"prompt": None, "gone": None, "hd": "tenant.example"}
        assert merged.user_info_map == UserInfoMap(UserFields("oid", "email", "sure"), UserFields(email="mail"))
        assert merged.require_email is True
        assert merged.clients == WHOLE.clients

    def test_what_vouched_for_one_address_vouches_for_no_other(self) -> None:
        """Who says where the address stands says also what vouches for it, or nothing does."""
        above = ProviderConfig("corp", user_info_map=UserInfoMap(UserFields(email="mail")))
        assert merged_config(WHOLE, above).user_info_map == UserInfoMap(
            UserFields("sub", "mail", None), UserFields(email="mail")
        )

    def test_clients_of_the_same_type_are_replaced(self) -> None:
        """The tenant's own client of a type stands for that type; others stay."""
        own = ProviderClientConfig("tenant", client_type="web")
        assert merged_config(WHOLE, ProviderConfig("corp", clients=[own])).clients == (own, WHOLE.clients[1])
