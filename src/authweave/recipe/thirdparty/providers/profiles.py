"""What a provider's entry in the library consists of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from authweave.recipe.thirdparty.provider import (
    CommonProviderConfig,
    ProviderConfigForClient,
    TokenEndpointAuthMethod,
    UserFields,
    UserInfoMap,
)
from authweave.types import Clock, ConfigurationError, JSONObject

if TYPE_CHECKING:  # loads the HTTP client
    from authweave.recipe.thirdparty.oauth.http import ProviderHTTP

Complete: TypeAlias = Callable[[ProviderConfigForClient, Clock], ProviderConfigForClient]
"""Puts into a client's configuration what follows from its ``additional_config``. May raise ConfigurationError."""

IssuedTo: TypeAlias = "Callable[[ProviderHTTP, ProviderConfigForClient, str], Awaitable[str | None]]"
"""Asks to which client an access token was issued; None where the provider does not know the token."""

FetchUserInfo: TypeAlias = "Callable[[ProviderHTTP, ProviderConfigForClient, str], Awaitable[JSONObject]]"
"""Asks who the user is, by an access token."""

CheckClaims: TypeAlias = Callable[[JSONObject, ProviderConfigForClient], None]
"""Raises SignInRefusedError where a verified ID token is of a user who may not sign in."""

SaidBeside: TypeAlias = Callable[[JSONObject], JSONObject]
"""Reads what the browser, or a client beside its tokens, brings of a user; nobody vouches for it."""

STANDARD_FIELDS: Final = UserFields("sub", "email", "email_verified")
"""OpenID Connect Core, section 5.1."""


@attrs.frozen(kw_only=True)
class ProviderProfile:
    """
    A provider that the library knows.

    Attributes:
        defaults: its configuration, as far as it is the same for everybody.
        scope: what is asked for by default.
        needs: the keys of ``additional_config`` that it cannot do without, and what they are.
        confidential: which clients cannot do without a ``client_secret`` (RFC 6749, section 2.1): all, or those of
            websites, whose ``client_type`` is ``web`` or None.
        auth_method: how a client with a secret authenticates, where the provider does not say or says it wrongly.
        vouched_for_by: what makes the library call an address verified, for the reference.
        complete: for what follows from ``additional_config``.
        issued_to: how to find out whose an access token is.
        fetch_user_info: where one request with the token as a bearer does not do.
        check_claims: a further look at ID tokens.
        said_beside: what is said of a user beside the ID token.
        identified_by_issuer: whether an issuer is part of its users' identity. It is not where the code flow goes by
            the user info alone: who has an ID token too, from a phone, is the same user.
    """

    defaults: CommonProviderConfig
    scope: tuple[str, ...] = ("openid", "email")
    needs: tuple[tuple[str, str], ...] = ()
    confidential: Literal["all", "web"] | None = None
    auth_method: TokenEndpointAuthMethod | None = None
    vouched_for_by: str
    complete: Complete | None = None
    issued_to: IssuedTo | None = None
    fetch_user_info: FetchUserInfo | None = None
    check_claims: CheckClaims | None = None
    said_beside: SaidBeside | None = None
    identified_by_issuer: bool = True

    @property
    def id(self) -> str:
        """The provider's id."""
        return self.defaults.third_party_id

    @property
    def name(self) -> str:
        """What buttons call it."""
        return self.defaults.name or self.id

    @property
    def speaks_openid(self) -> bool:
        """Whether its users come back with an ID token, by default."""
        return "openid" in self.scope

    @property
    def has_id_tokens(self) -> bool:
        """Whether clients may send an ID token, by default."""
        return self.speaks_openid or bool(self.defaults.issuer and self.defaults.jwks_uri)

    def needs_secret(self, client_type: str | None) -> bool:
        """Return whether a client of a type cannot do without a secret."""
        return self.confidential == "all" or (self.confidential == "web" and client_type in {None, "web"})


def openid_fields(email_verified: str | None = "email_verified") -> UserInfoMap:
    """Return where OpenID providers put what is known of a user."""
    fields = attrs.evolve(STANDARD_FIELDS, email_verified=email_verified)
    return UserInfoMap(fields, fields)


def setting(config: ProviderConfigForClient, name: str) -> str | None:
    """Return a text from ``additional_config``."""
    value = (config.additional_config or {}).get(name)
    return value if isinstance(value, str) and value else None


def required_setting(config: ProviderConfigForClient, name: str) -> str:
    """
    Return a text from ``additional_config`` that has to be there.

    Raises:
        authweave.types.ConfigurationError: it is not.
    """
    value = setting(config, name)
    if value is None:
        near = nearest(name, config.additional_config or ())
        message = (
            f"The client {config.client_id!r} of provider {config.third_party_id!r} has no {name!r}: "
            f"write ProviderClientConfig(..., additional_config={{{name!r}: ...}}), a text."
            + (f" It has {near!r}." if near else "")
        )
        raise ConfigurationError(message)
    return value


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is nearly the given one, if there is any."""
    import difflib  # noqa: PLC0415  of mistakes alone

    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.8)), None)
