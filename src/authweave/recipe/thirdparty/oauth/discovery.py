"""OpenID Connect Discovery 1.0: where a provider's endpoints are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.types import JSON, JSONObject

from .answers import required_object
from .documents import Documents
from .settings import OAuthSettings

if TYPE_CHECKING:  # loads the HTTP client
    from .http import ProviderHTTP

WELL_KNOWN: Final = "/.well-known/openid-configuration"

DEFAULT_AUTH_METHOD: Final = "client_secret_basic"
"""Of a document without a list (Discovery, section 3)."""

TENANT_PART: Final = "{tenantid}"
"""Stands in the issuer of Microsoft Entra's document for all tenants; a token's ``tid`` takes its place."""

PASSWORD: Final = re.compile(r"\A([A-Za-z0-9+.-]+:)?//[^/?#]*@")
"""Of a URL all before the host: whom it names, and with what password."""

MAX_SHOWN_CHARACTERS: Final = 200

TENANT_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@attrs.frozen
class ProviderMetadata:
    """
    What is known of an OpenID provider (Discovery, section 3). Of another, the issuer is empty.

    Attributes:
        issuer: what its ID tokens name as ``iss``; with ``{tenantid}`` in it, the token's ``tid`` goes there.
        pushed_authorization_request_endpoint: where the parameters of an authorisation may be sent first (RFC 9126).
        requires_pushed_authorization_requests: whether they have to be.
        names_itself: whether it says who it is when it sends the user back (RFC 9207).
        auth_methods: how clients may authenticate at the token endpoint; None where the provider was not discovered.
        auth_signing_algorithms: with what they may sign where they do so with a JWT; None where it does not say.
        signing_algorithms: with what ID tokens are signed; None where it does not say.
    """

    issuer: str = ""
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    user_info_endpoint: str | None = None
    jwks_uri: str | None = None
    pushed_authorization_request_endpoint: str | None = None
    requires_pushed_authorization_requests: bool = False
    names_itself: bool = False
    auth_methods: tuple[str, ...] | None = None
    auth_signing_algorithms: tuple[str, ...] | None = None
    signing_algorithms: tuple[str, ...] | None = None


class Discovery:
    """Fetches and keeps the discovery documents of providers."""

    def __init__(self, services: Services, settings: OAuthSettings, http: ProviderHTTP) -> None:
        self._http = http
        lifetime_ms = round(settings.discovery_lifetime.total_seconds() * 1000)
        self._documents = Documents(self._fetch, lifetime_ms, services.clock)

    async def metadata(
        self, third_party_id: str, endpoint: str, *, issuer_template: str | None = None
    ) -> ProviderMetadata:
        """
        Return what a provider says of itself.

        Args:
            third_party_id: the provider's id.
            endpoint: its issuer, or its ``/.well-known/openid-configuration``.
            issuer_template: what the document's issuer has to fit instead, where a provider has one per tenant.

        Raises:
            ProviderError: the document cannot be fetched, or is of another issuer (Discovery, section 4.3).
        """
        found = await self._documents.get(third_party_id, well_known(endpoint))
        if not matches_issuer(found.issuer, endpoint, issuer_template):
            wanted = issuer_template or endpoint.removesuffix(WELL_KNOWN)
            message = (
                f"Provider {third_party_id!r} has a discovery document of the issuer {printable(found.issuer)}, not "
                f"{printable(wanted)}: correct its oidc_discovery_endpoint, or give the issuer too."
            )
            raise ProviderAnswerError(third_party_id, message)
        return found

    async def _fetch(self, third_party_id: str, url: str) -> ProviderMetadata:
        answer = await self._http.get(third_party_id, url)
        what = f"discovery document at {printable(urlsplit(url).path)}"
        found = read_metadata(required_object(answer, third_party_id, what))
        if not found.issuer:
            message = f"Provider {third_party_id!r} has a discovery document without an issuer."
            raise ProviderAnswerError(third_party_id, message)
        if leads_to_plain_http(found, url):
            message = f"Provider {third_party_id!r} has a discovery document with an endpoint that is no https:// URL."
            raise ProviderAnswerError(third_party_id, message)
        return found


def leads_to_plain_http(found: ProviderMetadata, url: str) -> bool:
    """
    Return whether a document that came by HTTPS leads to something else.

    Somebody's document must not have us ask what listens on our own machine, where plain HTTP is allowed.
    """
    endpoints = (
        found.authorization_endpoint,
        found.token_endpoint,
        found.user_info_endpoint,
        found.jwks_uri,
        found.pushed_authorization_request_endpoint,
    )
    plain = [each for each in endpoints if each is not None and not each.lower().startswith("https://")]
    return url.lower().startswith("https://") and bool(plain)


def well_known(endpoint: str) -> str:
    """Return the URL of an issuer's document; it may be given already."""
    if endpoint.endswith(WELL_KNOWN):
        return endpoint
    return endpoint.rstrip("/") + WELL_KNOWN


def matches_issuer(issuer: str, endpoint: str, template: str | None) -> bool:
    """Return whether a document's issuer is the one whose document was asked for, or fits the template instead."""
    if template is not None and TENANT_PART not in template:
        return issuer == template
    if template is not None:
        before, _, after = template.partition(TENANT_PART)
        tenant = issuer.removeprefix(before).removesuffix(after)
        known = tenant == TENANT_PART or TENANT_ID.fullmatch(tenant) is not None
        return known and issuer == f"{before}{tenant}{after}"
    if endpoint.endswith(WELL_KNOWN):  # whether a slash stood before it cannot be told any more
        return issuer.removesuffix("/") == endpoint.removesuffix(WELL_KNOWN)
    return issuer == endpoint


def read_metadata(fields: JSONObject) -> ProviderMetadata:
    """Read a discovery document, leniently: what is missing is missed where it is needed."""
    methods = texts_of(fields, "token_endpoint_auth_methods_supported")
    return ProviderMetadata(
        issuer=text_of(fields, "issuer") or "",
        authorization_endpoint=text_of(fields, "authorization_endpoint"),
        token_endpoint=text_of(fields, "token_endpoint"),
        user_info_endpoint=text_of(fields, "userinfo_endpoint"),
        jwks_uri=text_of(fields, "jwks_uri"),
        names_itself=fields.get("authorization_response_iss_parameter_supported") is True,
        pushed_authorization_request_endpoint=text_of(fields, "pushed_authorization_request_endpoint"),
        requires_pushed_authorization_requests=fields.get("require_pushed_authorization_requests") is True,
        auth_methods=(DEFAULT_AUTH_METHOD,) if methods is None else methods,
        auth_signing_algorithms=texts_of(fields, "token_endpoint_auth_signing_alg_values_supported"),
        signing_algorithms=texts_of(fields, "id_token_signing_alg_values_supported"),
    )


def printable(value: JSON) -> str:
    """Return a URL, or what stands in its place, as it may be shown: short, printable, without a password."""
    text = value if isinstance(value, str) else type(value).__name__
    bare = PASSWORD.sub(r"\1//", text)
    return ascii(bare if len(bare) <= MAX_SHOWN_CHARACTERS else f"{bare[:MAX_SHOWN_CHARACTERS]}...")


def text_of(fields: JSONObject, name: str) -> str | None:
    """Return a field that is a text."""
    value = fields.get(name)
    return value if isinstance(value, str) else None


def texts_of(fields: JSONObject, name: str) -> tuple[str, ...] | None:
    """Return the texts of a field that is a list; None where it is none."""
    value = fields.get(name)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else None
