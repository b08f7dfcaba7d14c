"""What is known of a provider that people really have, as data."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig
from authweave.recipe.thirdparty.providers.checking import ENDPOINTS
from authweave.recipe.thirdparty.providers.known import profile_of
from authweave.recipe.thirdparty.providers.merging import config_for_client
from authweave.types import JSON, JSONObject
from tests.integration.thirdparty.openid_server import OTHER_KEY
from tests.integration.thirdparty.registered import pem_text

AuthMethod = Literal["client_secret_basic", "client_secret_post", "private_key_jwt"]

NOT_THE_SECRET: Final = "not-the-secret-that-was-agreed"


@attrs.frozen
class Refusal:
    """
    How a token endpoint says no.

    Attributes:
        told_as: the code of the error by which the library tells it.
    """

    status: int
    content: JSON
    told_as: str = "code_refused"


INVALID_GRANT: Final = Refusal(400, {"error": "invalid_grant"})
INVALID_CLIENT: Final = Refusal(401, {"error": "invalid_client"}, "client_refused")


@attrs.frozen(kw_only=True, eq=False)
class Row:
    """
    How a provider behaves. URLs are the provider's own; on loopback each is found behind the imitation's address.

    Attributes:
        config: what an application writes, with one client.
        metadata: issuer and endpoints, under the names of Discovery; what its document has beside.
        discovered_at: where that document is published; None where it is not.
        auth_methods: how clients may prove to the token endpoint who they are.
        pkce: what it does with a challenge: compare it with the verifier, ask for one, ignore both, or refuse a
            verifier.
        repeats_nonce: whether ID tokens have the nonce.
        algorithm: what ID tokens are signed with.
        claims: of an ID token, beside those that say whence, for whom and when it is; None where there is none.
        phone_claims: the same of an ID token that a phone gets; that of a website's code by default.
        answers: what it answers to the bearer of an access token, by URL.
        signs_answers: whether those are JSON Web Tokens, signed as its ID tokens.
        tokens: what else the answer with the tokens has.
        bad_code: how a code is refused that was used already.
        bad_client: how a client is refused.
        declined: with which parameters a user comes back who does not agree.
        expected: who signed in: subject, address and whether it counts as verified.
    """

    config: ProviderConfig
    metadata: JSONObject
    discovered_at: str | None = None
    auth_methods: tuple[AuthMethod, ...] = ("client_secret_basic", "client_secret_post")
    pkce: Literal["compared", "required", "ignored", "refused"] = "compared"
    repeats_nonce: bool = True
    algorithm: str = "RS256"
    claims: JSONObject | None = None
    phone_claims: JSONObject | None = attrs.field(default=attrs.Factory(lambda self: self.claims, takes_self=True))
    answers: Mapping[str, JSON] = attrs.field(factory=dict[str, JSON])
    signs_answers: bool = False
    tokens: JSONObject = attrs.field(factory=dict[str, JSON])
    bad_code: Refusal = INVALID_GRANT
    bad_client: Refusal = INVALID_CLIENT
    declined: Mapping[str, str] = attrs.field(factory=lambda: {"error": "access_denied"})
    expected: tuple[str, str | None, bool]

    @property
    def id(self) -> str:
        """The provider's id."""
        return self.config.third_party_id

    @property
    def client(self) -> ProviderClientConfig:
        """The application's client."""
        return self.config.clients[0]

    def config_at(self, address: str) -> ProviderConfig:
        """
        Return the configuration for loopback, with a second client, ``wrong``, that has another secret.

        Args:
            address: where the imitation is.
        """
        complete = config_for_client(profile_of(self.id), self.config, self.client, lambda: time.time_ns() // 1_000_000)
        found: dict[str, str | None] = {name: getattr(complete, name) for name in (*ENDPOINTS, "issuer")}
        # Any: attrs has no type for the fields that are texts.
        local: dict[str, Any] = {name: at(address, url) for name, url in found.items() if url is not None}
        clients = [attrs.evolve(self.client, client_type="right"), with_wrong_secret(self.client)]
        return attrs.evolve(self.config, clients=clients, **local)


def at(address: str, url: str) -> str:
    """Return where on loopback a provider's URL is."""
    return url.replace("https://", f"{address}/", 1)


def with_wrong_secret(client: ProviderClientConfig) -> ProviderClientConfig:
    """Return a client that is not told from another but by its secret, or its key."""
    if client.private_key is not None:
        return attrs.evolve(client, client_type="wrong", private_key=pem_text(OTHER_KEY))
    return attrs.evolve(client, client_type="wrong", client_secret=NOT_THE_SECRET)


def client(secret: str | None = "secret-1", **options: JSON) -> ProviderClientConfig:
    """Return a client as an application writes it, with its ``additional_config``."""
    return ProviderClientConfig("client-1", secret, additional_config=dict(options) or None)
