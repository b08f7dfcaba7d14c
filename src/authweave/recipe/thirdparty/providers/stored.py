"""
A provider's configuration as JSON: what its ``to_json`` and ``from_json`` do, and as tenants have it in the store.

The names are those of the documents. What is None is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from authweave.recipe.thirdparty.provider import (
    CommonProviderConfig,
    ProviderClientConfig,
    ProviderConfig,
    ProviderConfigForClient,
    UserFields,
    UserInfoMap,
)
from authweave.types import JSON, ConfigurationError, JSONObject

from .merging import without_none

TEXTS: Final = {
    "name": "name",
    "authorizationEndpoint": "authorization_endpoint",
    "tokenEndpoint": "token_endpoint",
    "userInfoEndpoint": "user_info_endpoint",
    "jwksURI": "jwks_uri",
    "oidcDiscoveryEndpoint": "oidc_discovery_endpoint",
    "issuer": "issuer",
    "tokenInfoEndpoint": "token_info_endpoint",
}
PARAMETERS: Final = {
    "authorizationEndpointQueryParams": "authorization_endpoint_query_params",
    "tokenEndpointBodyParams": "token_endpoint_body_params",
    "userInfoEndpointQueryParams": "user_info_endpoint_query_params",
    "userInfoEndpointHeaders": "user_info_endpoint_headers",
}
CLIENT_TEXTS: Final = {"clientId": "client_id", "clientSecret": "client_secret", "clientType": "client_type"}
USER_FIELDS: Final = {"userId": "user_id", "email": "email", "emailVerified": "email_verified"}
USER_INFO: Final = {"fromIdTokenPayload": "from_id_token_payload", "fromUserInfoAPI": "from_user_info_api"}


def provider_config_from_json(content: JSONObject) -> ProviderConfig:
    """
    Read a configuration. Names that are not known are passed over.

    Raises:
        authweave.types.ConfigurationError: a value has the wrong type, or ``thirdPartyId`` is missing.
    """
    # Any: fields of many types.
    fields: dict[str, Any] = {field: optional_text(content, name) for name, field in TEXTS.items()}
    fields |= {field: parameters(content, name) for name, field in PARAMETERS.items()}
    clients = content.get("clients")
    require_email = content.get("requireEmail")
    if not isinstance(clients, list | None) or not isinstance(require_email, bool | None):
        raise unreadable("clients" if not isinstance(clients, list | None) else "requireEmail")
    return ProviderConfig(
        required_text(content, "thirdPartyId"),
        **fields,
        clients=tuple(client_from_json(each) for each in clients or ()),
        require_email=require_email,
        user_info_map=user_info_map_from_json(content.get("userInfoMap")),
    )


def provider_config_to_json(config: ProviderConfig) -> JSONObject:
    """
    Write a configuration for the store, secrets included.

    Raises:
        authweave.types.ConfigurationError: it has functions, which no store can hold.
    """
    if config.validate_id_token_payload or config.generate_fake_email or config.validate_access_token:
        message = f"The configuration of {config.third_party_id!r} has functions: only init can be given those."
        raise ConfigurationError(message)
    return config.to_json()


def common_to_json(config: CommonProviderConfig) -> dict[str, JSON]:
    """Write what all clients have in common, without functions."""
    content: dict[str, JSON] = {"thirdPartyId": config.third_party_id}
    content |= {name: getattr(config, field) for name, field in (TEXTS | PARAMETERS).items()}
    content["requireEmail"] = config.require_email
    content["userInfoMap"] = user_info_map_to_json(config.user_info_map)
    return without_none(content)


def client_from_json(content: JSON) -> ProviderClientConfig:
    """Read a client."""
    if not isinstance(content, Mapping):
        raise unreadable("clients")
    scope, force_pkce, additional = (content.get(name) for name in ("scope", "forcePKCE", "additionalConfig"))
    if not isinstance(force_pkce, bool | None) or not isinstance(additional, Mapping | None):
        raise unreadable("forcePKCE" if not isinstance(force_pkce, bool | None) else "additionalConfig")
    return ProviderClientConfig(
        client_id=required_text(content, "clientId"),
        client_secret=optional_text(content, "clientSecret"),
        client_type=optional_text(content, "clientType"),
        scope=None if scope is None else texts(scope),
        force_pkce=force_pkce,
        additional_config=additional,
    )


def client_to_json(client: ProviderClientConfig | ProviderConfigForClient) -> dict[str, JSON]:
    """Write a client."""
    content: dict[str, JSON] = {name: getattr(client, field) for name, field in CLIENT_TEXTS.items()}
    content["scope"] = None if client.scope is None else list(client.scope)
    content |= {"forcePKCE": client.force_pkce, "additionalConfig": client.additional_config}
    return without_none(content)


def user_info_map_from_json(content: JSON) -> UserInfoMap | None:
    """Read where what is known of a user stands."""
    if content is None:
        return None
    if not isinstance(content, Mapping):
        raise unreadable("userInfoMap")
    fields: dict[str, UserFields] = {}
    for name, field in USER_INFO.items():
        each = content.get(name)
        if isinstance(each, Mapping):
            fields[field] = user_fields_from_json(each)
        elif each is not None:
            raise unreadable(name)
    return UserInfoMap(**fields)


def user_fields_from_json(content: JSONObject) -> UserFields:
    """Read where in an answer subject and address stand."""
    return UserFields(**{inner: optional_text(content, key) for key, inner in USER_FIELDS.items()})


def user_fields_to_json(found: UserFields) -> dict[str, JSON]:
    """Write where in an answer subject and address stand."""
    return without_none({key: getattr(found, inner) for key, inner in USER_FIELDS.items()})


def user_info_map_to_json(found: UserInfoMap | None) -> dict[str, JSON] | None:
    """Write where what is known of a user stands."""
    if found is None:
        return None
    content: dict[str, JSON] = {}
    for name, field in USER_INFO.items():
        fields: UserFields | None = getattr(found, field)
        if fields is not None:
            content[name] = user_fields_to_json(fields)
    return content


def optional_text(content: JSONObject, name: str) -> str | None:
    """Read a text that may be missing."""
    value = content.get(name)
    if not isinstance(value, str | None):
        raise unreadable(name)
    return value


def required_text(content: JSONObject, name: str) -> str:
    """Read a text that may not."""
    value = optional_text(content, name)
    if not value:
        raise unreadable(name)
    return value


def texts(content: JSON) -> tuple[str, ...]:
    """Read a list of texts."""
    listed = content if isinstance(content, list) else [None]
    read = tuple(each for each in listed if isinstance(each, str))
    if len(read) < len(listed):
        raise unreadable("scope")
    return read


def parameters(content: JSONObject, name: str) -> dict[str, str | None] | None:
    """Read parameters: texts, or null for those that are taken away."""
    value = content.get(name)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise unreadable(name)
    return {key: optional_text(value, key) for key in value}


def unreadable(name: str) -> ConfigurationError:
    """Say which part of a configuration cannot be read, without its value: it may be a secret."""
    return ConfigurationError(f"The JSON of a provider's configuration has a {name!r} that is missing or of no use.")
