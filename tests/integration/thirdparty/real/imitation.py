"""A server that behaves as rows of the table say."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

import attrs
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.known import profile_of
from authweave.types import JSON, Clock, JSONObject
from tests.integration.thirdparty.openid_server import EC_KEY, ONE_KEY, OTHER_KEY, Key, half_hash, s256, signed
from tests.integration.thirdparty.registered import ASSERTION_TYPE, read_basic

from .row import Refusal, Row, at

KEYS: Final[Mapping[str, tuple[Key, ...]]] = {
    "RS256": (ONE_KEY, OTHER_KEY),
    "PS256": (ONE_KEY, OTHER_KEY),
    "EdDSA": tuple(OKPKey.generate_key("Ed25519", {"kid": kid}) for kid in ("one-ed", "other-ed")),
    "ES256": (EC_KEY, ECKey.generate_key("P-256", {"kid": "other-ec"})),
}
"""Of each algorithm the one key, and the one that takes its place."""

DECISION: Final = "x-decision"
"""Imitates the button that a user presses: ``declines``, or anything else."""


@attrs.frozen
class Grant:
    """What a code stands for."""

    redirect_uri: str
    challenge: str | None
    nonce: str | None


@attrs.define(eq=False)
class Imitation:
    """
    One provider of the table.

    Attributes:
        row: how it behaves.
        address: where it is.
        clock: its clock.
        generation: how often its keys were replaced.
        asked: how often each of its URLs was.
        token_requests: the forms that its token endpoint got.
    """

    row: Row
    address: str
    clock: Clock
    generation: int = 0
    asked: Counter[str] = attrs.field(factory=Counter[str])
    token_requests: list[dict[str, str]] = attrs.field(factory=list[dict[str, str]])
    codes: dict[str, Grant] = attrs.field(factory=dict[str, Grant])
    access_tokens: set[str] = attrs.field(factory=set[str])

    async def answer(self, url: str, request: Request) -> Response:
        """Answer a request for one of the provider's URLs."""
        self.asked[url] += 1
        metadata = self.row.metadata
        if url == self.row.discovered_at:
            return JSONResponse(self.document())
        if url == metadata.get("authorization_endpoint"):
            return self.authorise(dict(request.query_params), declines=request.headers.get(DECISION) == "declines")
        if url == metadata.get("token_endpoint") and request.method == "POST":
            return self.exchange(request, dict(parse_qsl((await request.body()).decode(), keep_blank_values=True)))
        if url == metadata.get("jwks_uri"):
            return JSONResponse({"keys": self.published_keys()})
        if url in self.row.answers:
            known = request.headers.get("authorization", "").removeprefix("Bearer ") in self.access_tokens
            return self.say(self.row.answers[url]) if known else JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"message": "Not Found"}, 404)

    def say(self, content: JSON) -> Response:
        """Answer who has an access token."""
        if self.row.signs_answers and isinstance(content, dict):
            return Response(self.id_token(content), media_type="application/jwt")
        return JSONResponse(content)

    def document(self) -> JSON:
        """Return the discovery document."""
        return on_loopback(dict(self.row.metadata), self.address)

    @property
    def key(self) -> Key:
        """The key that ID tokens are signed with now."""
        return KEYS[self.row.algorithm][self.generation]

    def published_keys(self) -> list[JSON]:
        """Return the public keys."""
        return [{**self.key.as_dict(private=False), "use": "sig"}]

    def authorise(self, asked: Mapping[str, str], *, declines: bool) -> Response:
        """Send the browser back, as the user decided."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == self.row.client.client_id
        assert asked.get("code_challenge_method", "S256") == "S256"
        if declines:
            returned = dict(self.row.declined)
        elif self.row.pkce == "required" and "code_challenge" not in asked:
            returned = {"error": "invalid_request"}
        else:
            code = secrets.token_urlsafe()
            nonce = asked.get("nonce") if self.row.repeats_nonce else None
            self.codes[code] = Grant(asked["redirect_uri"], asked.get("code_challenge"), nonce)
            returned = {"code": code}
        returned["state"] = asked["state"]
        if self.row.metadata.get("authorization_response_iss_parameter_supported") is True:  # RFC 9207
            returned["iss"] = at(self.address, str(self.row.metadata["issuer"]))
        if asked.get("response_mode") == "form_post":
            return Response(urlencode(returned), media_type="application/x-www-form-urlencoded")
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(returned)}", 302)

    def exchange(self, request: Request, form: dict[str, str]) -> Response:
        """Answer at the token endpoint."""
        self.token_requests.append(form)
        row = self.row
        if not self.is_the_client(request.headers.get("authorization"), form):
            return refusal(row.bad_client)
        if row.pkce == "refused" and "code_verifier" in form:
            return refusal(row.bad_client)
        grant = self.codes.pop(form.get("code", ""), None)
        if (
            grant is None
            or form.get("redirect_uri") != grant.redirect_uri
            or form["grant_type"] != "authorization_code"
        ):
            return refusal(row.bad_code)
        if row.pkce in {"compared", "required"} and grant.challenge not in {None, s256(form.get("code_verifier", ""))}:
            return refusal(row.bad_code)
        access_token = self.access_token()
        tokens: dict[str, JSON] = {"access_token": access_token, "token_type": "bearer", **row.tokens}
        if row.claims is not None:
            tokens["id_token"] = self.id_token(row.claims, grant.nonce, at_hash=self.half_hash(access_token))
        return JSONResponse(tokens)

    def phone_tokens(self, **changed: JSON) -> dict[str, JSON]:
        """Issue what the provider's library on a phone gets: an ID token, and with most an access token."""
        assert self.row.phone_claims is not None
        claims = {**self.row.phone_claims, **changed}
        if self.row.claims is None:
            return {"id_token": self.id_token(claims)}
        access_token = self.access_token()
        return {"id_token": self.id_token(claims, at_hash=self.half_hash(access_token)), "access_token": access_token}

    def access_token(self) -> str:
        """Issue an access token."""
        made = secrets.token_urlsafe()
        self.access_tokens.add(made)
        return made

    def half_hash(self, access_token: str) -> str:
        """Return the hash of an access token for an ID token."""
        return half_hash(access_token, "sha512" if self.row.algorithm == "EdDSA" else "sha256")

    def id_token(self, claims: JSONObject, nonce: str | None = None, **beside: JSON) -> str:
        """Issue an ID token."""
        now = self.clock() // 1000
        issuer = str(self.row.metadata["issuer"]).replace("{tenantid}", str(claims.get("tid")))
        usual: dict[str, JSON] = {
            "iss": at(self.address, issuer),
            "aud": self.row.client.client_id,
            "iat": now,
            "exp": now + 300,
            **beside,
        }
        if nonce is not None:
            usual["nonce"] = nonce
        return signed({**usual, **claims}, self.key, self.row.algorithm)

    def is_the_client(self, header: str | None, form: Mapping[str, str]) -> bool:
        """Return whether a request to the token endpoint proves who sent it, in one of the ways that are accepted."""
        ways: dict[str, bool] = {}
        if header is not None:
            client_id, secret = read_basic(header) or ("", "")
            ways["client_secret_basic"] = client_id == self.row.client.client_id and self.is_the_secret(secret)
        if "client_secret" in form:
            is_named = form.get("client_id") == self.row.client.client_id
            ways["client_secret_post"] = is_named and self.is_the_secret(form["client_secret"])
        if "client_assertion" in form:
            is_named = form.get("client_assertion_type") == ASSERTION_TYPE
            ways["private_key_jwt"] = is_named and self.is_an_assertion(form["client_assertion"])
        # No more than one in each request (RFC 6749, section 2.3).
        return len(ways) == 1 and any(ways.get(method, False) for method in self.row.auth_methods)

    def is_an_assertion(self, assertion: str) -> bool:
        """Return whether the client has made a JWT for this provider, with its key (RFC 7523, section 3)."""
        client, metadata = self.row.client, self.row.metadata
        try:
            token = jwt.decode(assertion, RSAKey.import_key(client.private_key or ""), algorithms=["RS256"])
        except JoseError:
            return False
        audiences = [at(self.address, str(metadata[name])) for name in ("issuer", "token_endpoint")]
        is_ours = token.claims["iss"] == token.claims["sub"] == client.client_id and token.claims["aud"] in audiences
        return is_ours and token.header["kid"] == client.private_key_id and token.claims["exp"] > self.clock() // 1000

    def is_the_secret(self, secret: str) -> bool:
        """Return whether a secret is the one that was agreed; with some providers the client makes it, of a key."""
        client = self.row.client
        if client.client_secret is not None:
            return secret == client.client_secret
        made = profile_of(self.row.id).complete
        assert made is not None
        config = ProviderConfigForClient(
            self.row.id, client_id=client.client_id, additional_config=client.additional_config
        )
        return secret == made(config, self.clock).client_secret


def refusal(refused: Refusal) -> Response:
    """Answer with an error."""
    return JSONResponse(refused.content, refused.status)


def on_loopback(content: JSON, address: str) -> JSON:
    """Return JSON whose URLs lead to loopback."""
    if isinstance(content, str):
        return at(address, content)
    if isinstance(content, dict):
        return {name: on_loopback(value, address) for name, value in content.items()}
    return content


@attrs.define(eq=False)
class Imitations:
    """
    All providers of the table, on one server: ``/<id>/<host>/<path>``.

    Attributes:
        address: where it is.
        clock: the clock of all.
        by_id: the providers.
    """

    address: str
    clock: Clock
    by_id: dict[str, Imitation] = attrs.field(factory=dict[str, Imitation])

    def add(self, row: Row, kind: type[Imitation] = Imitation) -> None:
        """Add a provider."""
        assert row.id not in self.by_id, "give it an id of its own: a hyphen, and a word"
        self.by_id[row.id] = kind(row, f"{self.address}/{row.id}", self.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        request = Request(scope, receive)
        _, name, rest = request.url.path.split("/", 2)
        response = await self.by_id[name].answer(f"https://{rest}", request)
        await response(scope, receive, send)
