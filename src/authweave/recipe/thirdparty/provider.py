"""Providers: how an application configures one, and the functions that each has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Generic, Literal, Protocol, TypeAlias, get_args

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import OverrideInput
from authweave.kernel import Interface, UserContext, overridable
from authweave.types import JSON, JSONObject, Options, UncheckedJSON

from .provider_json import (
    CLIENT_TEXTS,
    FLAGS,
    PARAMETERS,
    TEXT_LISTS,
    TEXTS,
    USER_FIELDS,
    USER_INFO,
    object_in,
    optional_flag,
    optional_object,
    optional_text,
    optional_texts,
    parameters,
    required_text,
    unreadable,
    without_none,
)
from .types import UserInfo

__all__ = [
    "AuthorisationRedirect",
    "CommonProviderConfig",
    "Provider",
    "ProviderClientConfig",
    "ProviderConfig",
    "ProviderConfigForClient",
    "ProviderInput",
    "RedirectUriInfo",
    "TokenEndpointAuthMethod",
    "UserFields",
    "UserInfoMap",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=Any, contravariant=True)  # Any: moved code
ContextT = TypeVar("ContextT")
T = TypeVar("T")

Parameters: TypeAlias = Mapping[str, str | None]
"""Parameters of a request to a provider; None takes one away that would be there."""


TokenEndpointAuthMethod: TypeAlias = Literal[
    "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"
]
"""How a client proves to the token endpoint who it is (OpenID Connect Core, section 9)."""

AUTH_METHODS: Final[tuple[TokenEndpointAuthMethod, ...]] = get_args(TokenEndpointAuthMethod)


@attrs.frozen
class AuthorisationRedirect:
    """
    Where to send the user.

    Attributes:
        url_with_query_params: the provider's page; the frontend adds its ``state``.
        pkce_code_verifier: what the frontend sends back with the code: sealed, so that nobody else reads or makes it.
    """

    url_with_query_params: str = attrs.field(repr=False)
    pkce_code_verifier: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class RedirectUriInfo:
    """
    What a frontend sends when the provider has sent the user back.

    Attributes:
        redirect_uri_on_provider_dashboard: where to; the same as at the start.
        redirect_uri_query_params: all query parameters of that page, ``code`` among them.
        pkce_code_verifier: what came with the authorisation URL.
    """

    redirect_uri_on_provider_dashboard: str
    redirect_uri_query_params: JSONObject = attrs.field(repr=False)
    pkce_code_verifier: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class UserFields(Options):
    """
    Where in a provider's answer something stands.

    A path is a name at the top, whole (``https://example.com/email``); or names and indices with dots between them,
    which lead into objects and lists (``data.0.id``); or, where it begins with a slash, a JSON Pointer (RFC 6901):
    ``/data/0/id``.

    Attributes:
        user_id: the subject.
        email: the address.
        email_verified: what vouches for the address: ``true``, as a bool or a text; of ``xms_edov`` 1 too. None:
            nothing does, unless ``email`` is None too: then both are as they would be without the map.
    """

    user_id: str | None = None
    email: str | None = None
    email_verified: str | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON has it: ``userId``. What is None is left out."""
        return without_none({key: getattr(self, inner) for key, inner in USER_FIELDS.items()})

    @staticmethod
    def from_json(json: JSONObject | None) -> UserFields | None:
        """
        Return what `to_json` wrote.

        Raises:
            authweave.types.ConfigurationError: it is something else.
        """
        if json is None:
            return None
        return UserFields(**{inner: optional_text(json, key) for key, inner in USER_FIELDS.items()})


@attrs.frozen
class UserInfoMap(Options):
    """
    Where what is known of a user stands.

    The ID token wins over the user info endpoint, which is asked for what the other lacks.
    """

    from_id_token_payload: UserFields | None = None
    from_user_info_api: UserFields | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON has it: ``fromUserInfoAPI``. What is None is left out."""
        content: dict[str, JSON] = {}
        for name, field in USER_INFO.items():
            fields: UserFields | None = getattr(self, field)
            if fields is not None:
                content[name] = fields.to_json()
        return content

    @staticmethod
    def from_json(json: JSONObject | None) -> UserInfoMap | None:
        """Return what `to_json` wrote. Raises as `UserFields.from_json`."""
        if json is None:
            return None
        fields: dict[str, UserFields | None] = {}
        for name, field in USER_INFO.items():
            fields[field] = UserFields.from_json(optional_object(json, name))
        return UserInfoMap(**fields)


@attrs.frozen(slots=False)
class ProviderClientConfig(Options):
    """
    A client that was registered with a provider.

    Attributes:
        client_id: its id there.
        client_secret: its secret; public clients have none.
        client_type: which of several clients of one provider it is (``web``, ``ios``): the frontend names it.
        scope: what to ask for, in place of the provider's default.
        force_pkce: for the documents' sake: PKCE is used anyway, unless ``gives_up_pkce`` says otherwise.
        additional_config: what only some providers need; see the reference of providers.
        token_endpoint_auth_method: how it proves to the provider who it is (OpenID Connect Core, section 9); None:
            as the provider's discovery document says, the header before the form; without one the form.
        private_key: what it signs with where the method is ``private_key_jwt``: a PEM text, or a JWK as JSON.
        private_key_id: the ``kid`` under which the provider knows that key.
        is_native: whether it is a program on a phone or a desktop, which asks for codes itself, with a PKCE verifier
            of its own (RFC 8252): then ``pkceCodeVerifier`` is that verifier, and not sealed.
    """

    client_id: str
    client_secret: str | None = attrs.field(default=None, repr=False)
    client_type: str | None = None
    scope: Sequence[str] | None = None
    force_pkce: bool | None = None
    additional_config: JSONObject | None = attrs.field(default=None, repr=False)
    token_endpoint_auth_method: TokenEndpointAuthMethod | None = attrs.field(default=None, kw_only=True)
    private_key: str | None = attrs.field(default=None, kw_only=True, repr=False)
    private_key_id: str | None = attrs.field(default=None, kw_only=True)
    is_native: bool = attrs.field(default=False, kw_only=True)

    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON has it: ``clientId``, with its secrets. What is None is left out."""
        return client_to_json(self)

    @staticmethod
    def from_json(json: JSONObject) -> ProviderClientConfig:
        """Return what `to_json` wrote. Raises as `UserFields.from_json`."""
        return ProviderClientConfig(
            client_id=required_text(json, "clientId"),
            client_secret=optional_text(json, "clientSecret"),
            client_type=optional_text(json, "clientType"),
            scope=optional_texts(json, "scope"),
            force_pkce=optional_flag(json, "forcePKCE"),
            additional_config=optional_object(json, "additionalConfig"),
            token_endpoint_auth_method=auth_method(optional_text(json, "tokenEndpointAuthMethod")),
            private_key=optional_text(json, "privateKey"),
            private_key_id=optional_text(json, "privateKeyId"),
            is_native=optional_flag(json, "isNative") or False,
        )


@attrs.frozen(slots=False)
class CommonProviderConfig(Options):
    """
    What all clients of a provider have in common. What is None is as the provider's entry in the library says.

    Attributes:
        third_party_id: the provider's id, part of its users' identity.
        name: what buttons call it.
        authorization_endpoint: where the user is sent.
        authorization_endpoint_query_params: added to its URL.
        token_endpoint: where the code is exchanged.
        token_endpoint_body_params: added to its form.
        user_info_endpoint: where to ask who the user is.
        user_info_endpoint_query_params: added to its URL.
        user_info_endpoint_headers: added to its headers.
        jwks_uri: where the keys of ID tokens are.
        oidc_discovery_endpoint: an OpenID issuer, or its ``/.well-known/openid-configuration``; the endpoints that
            are not given come from there.
        issuer: who makes the ID tokens, where discovery does not say or that is another name than the endpoint's;
            ``{tenantid}`` in it stands for a token's ``tid``, as with Microsoft Entra.
        token_info_endpoint: where to ask to which client an access token was issued: OAuth 2 introspection (RFC 7662),
            unless the library knows the provider. Without it no access token is accepted from a client.
        user_info_map: where in the answers subject and address stand.
        require_email: whether a user without an address is refused; True by default.
        validate_id_token_payload: raises what it does not like of a verified ID token's claims, as
            `SignInRefusedError`. With it nobody signs in without an ID token.
        generate_fake_email: takes tenant, subject and context; returns the address of a user who has none.
        validate_access_token: raises likewise what it does not like of an access token, whoever brought it. Where there
            is no ``token_info_endpoint``, it alone says whether one that a client sent was issued to us.
        gives_up_pkce: for a provider that refuses PKCE (RFC 7636): no challenge is sent. Only with a client secret.
        gives_up_nonce: for a provider whose ID tokens repeat no nonce: none is sent. Only with PKCE, or where no ID
            token is used. With both, a stolen code can be put into another's sign-in.
        trusted_audiences: what may stand in an ID token's ``aud`` beside our clients.
        authorised_parties: what may stand in an ID token's ``azp`` beside our clients.
    """

    third_party_id: str
    name: str | None = None
    authorization_endpoint: str | None = None
    authorization_endpoint_query_params: Parameters | None = None
    token_endpoint: str | None = None
    token_endpoint_body_params: Parameters | None = attrs.field(default=None, repr=False)
    user_info_endpoint: str | None = None
    user_info_endpoint_query_params: Parameters | None = attrs.field(default=None, repr=False)
    user_info_endpoint_headers: Parameters | None = attrs.field(default=None, repr=False)
    jwks_uri: str | None = None
    oidc_discovery_endpoint: str | None = None
    user_info_map: UserInfoMap | None = None
    require_email: bool | None = None
    validate_id_token_payload: ValidateIDTokenPayload | None = None
    generate_fake_email: GenerateFakeEmail | None = None
    validate_access_token: ValidateAccessToken | None = None
    issuer: str | None = attrs.field(default=None, kw_only=True)
    token_info_endpoint: str | None = attrs.field(default=None, kw_only=True)
    gives_up_pkce: bool | None = attrs.field(default=None, kw_only=True)
    gives_up_nonce: bool | None = attrs.field(default=None, kw_only=True)
    trusted_audiences: Sequence[str] | None = attrs.field(default=None, kw_only=True)
    authorised_parties: Sequence[str] | None = attrs.field(default=None, kw_only=True)

    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON has it: ``thirdPartyId``, with secrets. What is None, and functions, are left out."""
        content: dict[str, JSON] = {"thirdPartyId": self.third_party_id}
        content |= {name: getattr(self, field) for name, field in (TEXTS | PARAMETERS).items()}
        content |= {name: getattr(self, field) for name, field in FLAGS.items()}
        for name, field in TEXT_LISTS.items():
            listed: Sequence[str] | None = getattr(self, field)
            content[name] = None if listed is None else list(listed)
        content["userInfoMap"] = None if self.user_info_map is None else self.user_info_map.to_json()
        return without_none(content)


@attrs.frozen(slots=False, init=False)
class ProviderConfig(CommonProviderConfig):
    """
    A provider, and the clients that an application has there.

    Attributes:
        clients: one, or several that ``client_type`` tells apart.
    """

    clients: Sequence[ProviderClientConfig] = ()

    # Written out for the documents' order of parameters: attrs would have the class's own field, the clients, come last.
    def __init__(
        self,
        third_party_id: str,
        name: str | None = None,
        clients: Sequence[ProviderClientConfig] | None = None,
        authorization_endpoint: str | None = None,
        authorization_endpoint_query_params: Parameters | None = None,
        token_endpoint: str | None = None,
        token_endpoint_body_params: Parameters | None = None,
        user_info_endpoint: str | None = None,
        user_info_endpoint_query_params: Parameters | None = None,
        user_info_endpoint_headers: Parameters | None = None,
        jwks_uri: str | None = None,
        oidc_discovery_endpoint: str | None = None,
        user_info_map: UserInfoMap | None = None,
        require_email: bool | None = None,
        validate_id_token_payload: ValidateIDTokenPayload | None = None,
        generate_fake_email: GenerateFakeEmail | None = None,
        validate_access_token: ValidateAccessToken | None = None,
        *,
        issuer: str | None = None,
        token_info_endpoint: str | None = None,
        gives_up_pkce: bool | None = None,
        gives_up_nonce: bool | None = None,
        trusted_audiences: Sequence[str] | None = None,
        authorised_parties: Sequence[str] | None = None,
    ) -> None:
        self.__attrs_init__(  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  attrs makes it
            third_party_id=third_party_id,
            name=name,
            clients=clients or (),
            authorization_endpoint=authorization_endpoint,
            authorization_endpoint_query_params=authorization_endpoint_query_params,
            token_endpoint=token_endpoint,
            token_endpoint_body_params=token_endpoint_body_params,
            user_info_endpoint=user_info_endpoint,
            user_info_endpoint_query_params=user_info_endpoint_query_params,
            user_info_endpoint_headers=user_info_endpoint_headers,
            jwks_uri=jwks_uri,
            oidc_discovery_endpoint=oidc_discovery_endpoint,
            user_info_map=user_info_map,
            require_email=require_email,
            validate_id_token_payload=validate_id_token_payload,
            generate_fake_email=generate_fake_email,
            validate_access_token=validate_access_token,
            issuer=issuer,
            token_info_endpoint=token_info_endpoint,
            gives_up_pkce=gives_up_pkce,
            gives_up_nonce=gives_up_nonce,
            trusted_audiences=trusted_audiences,
            authorised_parties=authorised_parties,
        )

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it, and its clients, as JSON has it: ``thirdPartyId``, with secrets. Functions are left out."""
        return {**super().to_json(), "clients": [each.to_json() for each in self.clients]}

    @staticmethod
    def from_json(json: JSONObject) -> ProviderConfig:
        """Return what `to_json` wrote; names that are not known are passed over. Raises as `UserFields.from_json`."""
        # Any: fields of many types.
        fields: dict[str, Any] = {field: optional_text(json, name) for name, field in TEXTS.items()}
        fields |= {field: parameters(json, name) for name, field in PARAMETERS.items()}
        fields |= {field: optional_flag(json, name) for name, field in FLAGS.items()}
        fields |= {field: optional_texts(json, name) for name, field in TEXT_LISTS.items()}
        clients = json.get("clients")
        if not isinstance(clients, list | None):
            raise unreadable("clients")
        return ProviderConfig(
            required_text(json, "thirdPartyId"),
            **fields,
            clients=tuple(ProviderClientConfig.from_json(object_in(each, "clients")) for each in clients or ()),
            user_info_map=UserInfoMap.from_json(optional_object(json, "userInfoMap")),
        )


@attrs.frozen(slots=False, kw_only=True)
class ProviderConfigForClient(CommonProviderConfig):
    """A provider as one client uses it. Attributes as of `ProviderClientConfig` and `CommonProviderConfig`."""

    client_id: str
    client_secret: str | None = attrs.field(default=None, repr=False)
    client_type: str | None = None
    scope: Sequence[str] | None = None
    force_pkce: bool | None = None
    additional_config: JSONObject | None = attrs.field(default=None, repr=False)
    token_endpoint_auth_method: TokenEndpointAuthMethod | None = None
    private_key: str | None = attrs.field(default=None, repr=False)
    private_key_id: str | None = None
    is_native: bool = False

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON has it: ``clientId`` and ``thirdPartyId``, with secrets. Functions are left out."""
        return {**client_to_json(self), **super().to_json()}


def client_to_json(client: ProviderClientConfig | ProviderConfigForClient) -> dict[str, JSON]:
    """Write a client."""
    content: dict[str, JSON] = {name: getattr(client, field) for name, field in CLIENT_TEXTS.items()}
    content["scope"] = None if client.scope is None else list(client.scope)
    content |= {"forcePKCE": client.force_pkce, "additionalConfig": client.additional_config}
    content["isNative"] = client.is_native or None
    return without_none(content)


def auth_method(text: str | None) -> TokenEndpointAuthMethod | None:
    """
    Read a method.

    Raises:
        authweave.types.ConfigurationError: it is none.
    """
    found: TokenEndpointAuthMethod | None = next((each for each in AUTH_METHODS if each == text), None)
    if found is None and text is not None:
        raise unreadable("tokenEndpointAuthMethod")
    return found


ValidateIn: TypeAlias = Callable[[T, ProviderConfigForClient, ContextT], Awaitable[None] | None]
GenerateIn: TypeAlias = Callable[[str, str, ContextT], Awaitable[str] | str]
ValidateIDTokenPayload: TypeAlias = (
    ValidateIn[UncheckedJSON, UserContext] | ValidateIn[UncheckedJSON, dict[str, Any]]  # Any: as ContextArgument
)
GenerateFakeEmail: TypeAlias = GenerateIn[UserContext] | GenerateIn[dict[str, Any]]  # Any: as ContextArgument
ValidateAccessToken: TypeAlias = (
    ValidateIn[str, UserContext] | ValidateIn[str, dict[str, Any]]  # Any: as ContextArgument
)


class Provider(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of a provider, for one client and tenant. Each may be overridden."""

    @property
    def id(self) -> str:
        """The provider's id: ``google``."""
        ...

    @property
    def config(self) -> ProviderConfigForClient:
        """The configuration, complete: `get_config_for_client_type` and discovery made it."""
        ...

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def get_config_for_client_type(self, client_type: str | None, user_context: ContextT_contra) -> ProviderConfigForClient:
        """Return the configuration of a client, complete but for what discovery finds."""
        ...

    @overridable
    async def get_authorisation_redirect_url(self, redirect_uri_on_provider_dashboard: str, user_context: ContextT_contra) -> AuthorisationRedirect:
        """Return where to send the user, with a PKCE challenge (RFC 7636) and, for OpenID, a nonce."""
        ...

    @overridable
    async def exchange_auth_code_for_oauth_tokens(self, redirect_uri_info: RedirectUriInfo, user_context: ContextT_contra) -> UncheckedJSON:
        """Exchange the code for tokens. An ID token among them has been checked, with its nonce."""
        ...

    @overridable
    async def refresh_oauth_tokens(self, refresh_token: str, user_context: ContextT_contra) -> UncheckedJSON:
        """Exchange a refresh token for a new access token, in `get_provider_token`. Nobody else does it meanwhile."""
        ...

    @overridable
    async def get_user_info(self, oauth_tokens: UncheckedJSON, user_context: ContextT_contra) -> UserInfo:
        """Return who the user is."""
        ...
    # fmt: on


@attrs.frozen
class ProviderInput(Options, Generic[ContextT_contra]):
    """
    A provider that an application offers.

    Attributes:
        config: the provider and the application's clients there.
        include_in_non_public_tenants_by_default: whether tenants that have no providers of their own have this one.
        override: overrides of the provider's functions; one or several, the outermost first.
    """

    config: ProviderConfig
    include_in_non_public_tenants_by_default: bool = False
    override: OverrideInput[Provider[ContextT_contra]] = None
