"""Names of a provider's configuration in JSON, those of the documents, and how its values are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from authweave.types import JSON, ConfigurationError, JSONObject

ValueT = TypeVar("ValueT")

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
FLAGS: Final = {
    "requireEmail": "require_email",
    "givesUpPKCE": "gives_up_pkce",
    "givesUpNonce": "gives_up_nonce",
}
TEXT_LISTS: Final = {"trustedAudiences": "trusted_audiences", "authorisedParties": "authorised_parties"}
CLIENT_TEXTS: Final = {
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "clientType": "client_type",
    "tokenEndpointAuthMethod": "token_endpoint_auth_method",
    "privateKey": "private_key",
    "privateKeyId": "private_key_id",
}
USER_FIELDS: Final = {"userId": "user_id", "email": "email", "emailVerified": "email_verified"}
USER_INFO: Final = {"fromIdTokenPayload": "from_id_token_payload", "fromUserInfoAPI": "from_user_info_api"}


def without_none(content: Mapping[str, ValueT | None] | None) -> dict[str, ValueT]:
    """Leave out what is None: parameters that were taken away, and fields that are as they would be without."""
    return {name: value for name, value in (content or {}).items() if value is not None}


def optional_text(content: JSONObject, name: str) -> str | None:
    """Read a text that may be missing."""
    value = content.get(name)
    if not isinstance(value, str | None):
        raise unreadable(name)
    return value


def object_in(content: JSON, name: str) -> JSONObject:
    """Read an object."""
    if not isinstance(content, Mapping):
        raise unreadable(name)
    return content


def optional_object(content: JSONObject, name: str) -> JSONObject | None:
    """Read an object that may be missing."""
    value = content.get(name)
    return None if value is None else object_in(value, name)


def required_text(content: JSONObject, name: str) -> str:
    """Read a text that may not."""
    value = optional_text(content, name)
    if not value:
        raise unreadable(name)
    return value


def optional_texts(content: JSONObject, name: str) -> tuple[str, ...] | None:
    """Read a list of texts that may be missing."""
    value = content.get(name)
    if value is None:
        return None
    listed = value if isinstance(value, list) else [None]
    read = tuple(each for each in listed if isinstance(each, str))
    if len(read) < len(listed):
        raise unreadable(name)
    return read


def optional_flag(content: JSONObject, name: str) -> bool | None:
    """Read a yes or no that may be missing."""
    value = content.get(name)
    if not isinstance(value, bool | None):
        raise unreadable(name)
    return value


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
