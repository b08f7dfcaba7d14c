"""Switches that give something up, and what: which attacks they no longer refuse, or refuse in another way."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

import attrs

from authweave.recipe.thirdparty import ServerRedirects, TokenEndpointAuthMethod

from .attacks import SIGNED_IN
from .openid_server import ONE_KEY
from .registered import Registered, pem_text

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})  # Any: values of many options

NONCES: Final = ("an ID token, with another nonce", "an ID token, with an empty nonce", "an ID token, without nonce")
IGNORED_PKCE: Final = "a stolen code at a provider that ignores PKCE"
NO_ID_TOKEN: Final = "a stolen code where there is no ID token"


@attrs.frozen(kw_only=True)
class Switch:
    """
    A switch, or several that are on together.

    Attributes:
        config: what is set for the provider.
        client: what is set for its client ``web``.
        recipe: what ``thirdparty.init`` is given.
        changes: what comes of attacks, by name, where that is something else than without the switch.
        registered: how the provider knows the client ``web``; None where any way will do.
    """

    config: Mapping[str, Any] = NOTHING  # Any: values of many options
    client: Mapping[str, Any] = NOTHING  # Any: values of many options
    recipe: Mapping[str, Any] = NOTHING  # Any: values of many options
    changes: Mapping[str, str] = MappingProxyType({})
    registered: Registered | None = None

    @property
    def options(self) -> set[str]:
        """Return the names of what is set."""
        return {*self.config, *self.client, *self.recipe} - {"client_secret", "private_key"}


def by(method: TokenEndpointAuthMethod) -> Switch:
    """Return a client that proves in one way who it is."""
    secret = "a secret that is long enough for HS256" if method.startswith("client_secret") else ""
    key = ONE_KEY if method == "private_key_jwt" else None
    return Switch(
        client={
            "token_endpoint_auth_method": method,
            "client_secret": secret or None,
            "private_key": None if key is None else pem_text(key),
        },
        registered=Registered("web", method, secret, key, "RS256" if key else "HS256"),
    )


def signs_in(*attacks: str) -> dict[str, str]:
    """Say which attacks are no longer refused."""
    return dict.fromkeys(attacks, SIGNED_IN)


SWITCHES: Final[Mapping[str, Switch]] = {
    "none": Switch(),
    "gives_up_pkce": Switch(
        config={"gives_up_pkce": True},
        changes={**signs_in(NO_ID_TOKEN), "a stolen code": "IDTokenError nonce"},
    ),
    "gives_up_nonce": Switch(config={"gives_up_nonce": True}, changes=signs_in(IGNORED_PKCE, *NONCES)),
    "both": Switch(
        config={"gives_up_pkce": True, "gives_up_nonce": True},
        changes=signs_in("a stolen code", NO_ID_TOKEN, IGNORED_PKCE, *NONCES),
    ),
    "trusted_audiences": Switch(
        config={"trusted_audiences": ["another"]},
        changes=signs_in("an ID token, for us and another", "a client's ID token for us and another"),
    ),
    "authorised_parties": Switch(
        config={"authorised_parties": ["another"]},
        changes=signs_in("an ID token, issued to another", "a client's ID token issued to another"),
    ),
    "is_native": Switch(
        client={"is_native": True},
        changes={
            **signs_in("a sign-in that the server did not begin", "a code that an SDK handed over"),
            "no sealed value": "BadInputError",
            "an empty sealed value": "BadInputError",
            "a code with another's verifier": "CodeRefusedError",
            "a page's code as if handed over": "CodeRefusedError",
        },
    ),
    **{f"token_endpoint_auth_method={each}": by(each) for each in get_args(TokenEndpointAuthMethod)},
    "server_redirects": Switch(recipe={"server_redirects": ServerRedirects()}),
    "keep_provider_tokens": Switch(recipe={"keep_provider_tokens": True}),
}
