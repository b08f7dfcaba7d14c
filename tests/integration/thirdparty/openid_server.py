"""A small OpenID provider on loopback, real HTTP and real signatures, that tests can make misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import attrs
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from authweave.types import JSON
from tests.integration.http.serving import as_jwt_part, serving

from .registered import Registered, read_basic

REDIRECT_URI: Final = "http://localhost:3000/auth/callback"
ONE_KEY: Final = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY: Final = RSAKey.generate_key(2048, {"kid": "other"})
EC_KEY: Final = ECKey.generate_key("P-256", {"kid": "ec"})

Claims = dict[str, JSON]
Key = RSAKey | ECKey | OKPKey


@attrs.frozen
class Grant:
    """What a code stands for."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    user: str


@attrs.define(eq=False)
class OpenIDServer:
    """
    A provider and its users.

    Attributes:
        issuer: its address.
        clients: ids and secrets, of those that may authenticate by header or form.
        registered: those that have to authenticate by one method, by id.
        keys: what it publishes.
        odd_keys: what it publishes beside.
        push_answer: what it says beside, or instead of, the usual where parameters are pushed.
        metadata: what its discovery document says beside, or instead of, the usual.
        changed: changes the claims of an ID token before it is signed.
        sign: signs an ID token.
        issue_id_tokens: whether there is any.
        users: what is known of each user, beside the subject.
        tokens: to whom and for whom access tokens were issued.
        seen: how often each path was asked for.
    """

    issuer: str = ""
    clients: dict[str, str] = attrs.field(factory=lambda: {"web": "web-secret", "ios": "ios-secret"})
    registered: dict[str, Registered] = attrs.field(factory=dict[str, Registered])
    keys: list[Key] = attrs.field(factory=lambda: [ONE_KEY])
    odd_keys: list[JSON] = attrs.field(factory=list[JSON])
    metadata: Claims = attrs.field(factory=dict[str, JSON])
    changed: Callable[[Claims], Claims] = attrs.field(default=dict[str, JSON])
    sign: Callable[[Claims], str] = attrs.field(factory=lambda: signed)
    issue_id_tokens: bool = True
    users: dict[str, Claims] = attrs.field(
        factory=lambda: {"ada": {"email": "ada@example.com", "email_verified": True}}
    )
    tokens: dict[str, tuple[str, str]] = attrs.field(factory=dict[str, tuple[str, str]])
    codes: dict[str, Grant] = attrs.field(factory=dict[str, Grant])
    pushed: dict[str, dict[str, str]] = attrs.field(factory=dict[str, dict[str, str]])
    push_answer: Claims = attrs.field(factory=dict[str, JSON])
    seen: Counter[str] = attrs.field(factory=Counter[str])
    token_requests: list[dict[str, str]] = attrs.field(factory=list[dict[str, str]])

    def authorise(self, url: str, user: str = "ada") -> Claims:
        """Do what the provider does when a user agrees: return the query parameters that it sends her back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        if "request_uri" in asked:  # what stands beside it counts for nothing (RFC 9126, section 4; RFC 9101)
            asked = self.pushed.pop(asked["request_uri"])
        code = secrets.token_urlsafe()
        self.codes[code] = Grant(
            asked["client_id"], asked["redirect_uri"], asked.get("code_challenge", s256("")), asked.get("nonce"), user
        )
        return {"code": code, "state": "the frontend's"}

    def client_of(self, form: Mapping[str, str], authorization: str, path: str) -> str | None:
        """Return whose a request is; None where that is not shown as it should be."""
        basic = read_basic(authorization)
        client_id, secret = (form.get("client_id", ""), form.get("client_secret", "")) if basic is None else basic
        known = self.registered.get(client_id)
        if known is None:
            return client_id if self.clients.get(client_id) == secret else None
        return client_id if known.is_proven(form, authorization, {self.issuer, f"{self.issuer}{path}"}) else None

    def id_token(self, client_id: str, user: str = "ada", **claims: JSON) -> str:
        """Issue an ID token."""
        now = int(time.time())
        usual: Claims = {"iss": self.issuer, "aud": client_id, "sub": user, "iat": now, "exp": now + 300}
        return self.sign(self.changed({**usual, **self.users[user], **claims}))

    def access_token(self, client_id: str, user: str = "ada") -> str:
        """Issue an access token."""
        token = secrets.token_urlsafe()
        self.tokens[token] = (client_id, user)
        return token

    def discovery(self, request: Request) -> Response:
        """Answer with the discovery document."""
        self.seen["discovery"] += 1
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?theme=dark",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                **self.metadata,
            }
        )

    def jwks(self, request: Request) -> Response:
        """Answer with the public keys."""
        self.seen["jwks"] += 1
        published = [{**each.as_dict(private=False), "use": "sig"} for each in self.keys]
        return JSONResponse({"keys": [*self.odd_keys, *published]})

    async def token(self, request: Request) -> Response:
        """Answer at the token endpoint, checking what has to be checked there."""
        self.seen["token"] += 1
        form = dict(parse_qsl((await request.body()).decode()))
        self.token_requests.append(form)
        client_id = self.client_of(form, request.headers.get("authorization", ""), "/token")
        if client_id is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = self.codes.pop(form.get("code", ""), None)
        challenge = s256(form.get("code_verifier", ""))
        if grant is None or (grant.client_id, grant.redirect_uri, grant.challenge) != (
            client_id,
            form.get("redirect_uri", ""),  # one without a value is as good as none (RFC 6749, section 3.1)
            challenge,
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access_token = self.access_token(client_id, grant.user)
        claims: Claims = {"at_hash": half_hash(access_token)}
        if grant.nonce is not None:
            claims["nonce"] = grant.nonce
        tokens: Claims = {"access_token": access_token, "token_type": "Bearer"}
        if self.issue_id_tokens:
            tokens["id_token"] = self.id_token(client_id, grant.user, **claims)
        return JSONResponse(tokens)

    async def par(self, request: Request) -> Response:
        """Take the parameters of an authorisation (RFC 9126, section 2)."""
        self.seen["par"] += 1
        form = dict(parse_qsl((await request.body()).decode()))
        authorization = request.headers.get("authorization", "")
        # Here client_id is a parameter of the authorisation too, so it stands beside a header.
        proof = {name: value for name, value in form.items() if name != "client_id" or not authorization}
        client_id = self.client_of(proof, authorization, "/par")
        if client_id is None or form.get("client_id") != client_id:
            return JSONResponse({"error": "invalid_client"}, 401)
        request_uri = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe()}"
        self.pushed[request_uri] = form
        return JSONResponse({"request_uri": request_uri, "expires_in": 60, **self.push_answer}, 201)

    def userinfo(self, request: Request) -> Response:
        """Answer with what is known of a token's user."""
        self.seen["userinfo"] += 1
        known = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if known is None:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"sub": known[1], **self.users[known[1]]})

    async def tokeninfo(self, request: Request) -> Response:
        """Answer as Google does when asked about an access token."""
        form = dict(parse_qsl((await request.body()).decode()))
        known = self.tokens.get(form.get("access_token", ""))
        if known is None:
            return JSONResponse({"error": "invalid_token"}, 400)
        return JSONResponse({"aud": known[0], "azp": known[0], "sub": known[1]})

    async def introspect(self, request: Request) -> Response:
        """Answer as RFC 7662 says."""
        form = dict(parse_qsl((await request.body()).decode()))
        if self.client_of(form, request.headers.get("authorization", ""), "/introspect") is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        known = self.tokens.get(form.get("token", ""))
        return JSONResponse({"active": False} if known is None else {"active": True, "client_id": known[0]})

    def asgi(self) -> Starlette:
        """Return the provider as an application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/jwks", self.jwks),
                Route("/token", self.token, methods=["POST"]),
                Route("/par", self.par, methods=["POST"]),
                Route("/userinfo", self.userinfo),
                Route("/tokeninfo", self.tokeninfo, methods=["POST"]),
                Route("/introspect", self.introspect, methods=["POST"]),
            ]
        )


@contextmanager
def openid_server() -> Generator[OpenIDServer]:
    """Serve a provider for a block."""
    server = OpenIDServer()
    with serving(server.asgi()) as address:
        server.issuer = address
        yield server


def signed(
    claims: Mapping[str, JSON], key: Key = ONE_KEY, algorithm: str = "RS256", header: Mapping[str, JSON] | None = None
) -> str:
    """Sign an ID token."""
    named: Claims = {} if key.kid is None else {"kid": key.kid}
    signing_input = f"{as_jwt_part({'alg': algorithm, **named, **(header or {})})}.{as_jwt_part(dict(claims))}"
    # Not `jwt.encode`, which warns of EdDSA's name.
    signature = JWSRegistry.algorithms[algorithm].sign(signing_input.encode(), key)
    return f"{signing_input}.{as_base64url(signature)}"


def as_base64url(data: bytes) -> str:
    """Write bytes as JSON Web Tokens do."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636, section 4.2)."""
    return as_base64url(hashlib.sha256(verifier.encode()).digest())


def half_hash(access_token: str, hash_name: str = "sha256") -> str:
    """Return the ``at_hash`` of an access token, for an ID token that is signed with a hash function."""
    digest = hashlib.new(hash_name, access_token.encode()).digest()
    return as_base64url(digest[: len(digest) // 2])


def unsigned(claims: Mapping[str, JSON]) -> str:
    """Return an ID token with ``alg: none``."""
    return f"{as_jwt_part({'alg': 'none', 'kid': 'one'})}.{as_jwt_part(dict(claims))}."


def symmetric(claims: Mapping[str, JSON]) -> str:
    """Sign with HS256 under the public key, which everybody has."""
    signing_input = f"{as_jwt_part({'alg': 'HS256', 'kid': 'one'})}.{as_jwt_part(dict(claims))}"
    mac = hmac.digest(ONE_KEY.as_pem(private=False), signing_input.encode(), "sha256")
    return f"{signing_input}.{as_base64url(mac)}"
