"""Requests as frontends send them, one kind for each route, with what earlier answers gave."""

from __future__ import annotations

import base64
import json
import random
import threading
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlencode

import attrs

from authweave.types import JSON
from tests.integration.http.serving import PASSWORD, form
from tests.integration.thirdparty.openid_server import REDIRECT_URI, OpenIDServer

from .odd import json_bytes
from .served import CLIENT, PROVIDER

JSON_TYPE: Final = b"application/json"
FORM_TYPE: Final = b"application/x-www-form-urlencoded"
BASE: Final = "/auth"

Headers = list[tuple[bytes, bytes]]


@attrs.define
class Wish:
    """
    A request that is going to be written, or spoilt before.

    Attributes:
        title: the route that it is for.
        query: names and values, not yet encoded.
        content: the body as JSON, as a form, or None where there is none.
    """

    title: str
    method: str
    path: str
    query: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]])
    headers: Headers = attrs.field(factory=list[tuple[bytes, bytes]])
    content: JSON = None
    is_form: bool = False

    def target(self) -> bytes:
        """Return path and query as they stand in the first line."""
        query = urlencode(self.query, quote_via=quote, errors="replace")
        return f"{self.path}{'?' if query else ''}{query}".encode("utf-8", "replace")

    def body(self, chance: random.Random) -> bytes:
        """Return the body."""
        if self.content is None:
            return b""
        if self.is_form and isinstance(self.content, dict):
            texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in self.content.items()}
            return urlencode(texts, errors="replace").encode()
        return json_bytes(chance, self.content)


@attrs.define(eq=False)
class Known:
    """
    What earlier answers gave: tokens and begun sign-ins, the newest fifty of each kind. Several threads use it.

    Attributes:
        provider: signs in whoever is sent there.
    """

    provider: OpenIDServer
    _found: dict[str, list[str]] = attrs.field(factory=dict[str, list[str]])
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def keep(self, kind: str, value: str) -> None:
        """Keep a value for requests to come."""
        with self._lock:
            values = self._found.setdefault(kind, [])
            values.append(value)
            del values[:-50]

    def one(self, chance: random.Random, kind: str, default: str = "") -> str:
        """Return one of a kind."""
        with self._lock:
            values = self._found.get(kind)
            return chance.choice(values) if values else default

    def learn(self, headers: Mapping[str, list[str]], content: JSON) -> None:
        """Keep what is of use in an answer."""
        for kind in ("st-access-token", "st-refresh-token", "anti-csrf"):
            for value in headers.get(kind, []):
                if value:
                    self.keep(kind, value)
        for cookie in headers.get("set-cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self.keep(
                    {"sAccessToken": "st-access-token", "sRefreshToken": "st-refresh-token"}.get(name, name), value
                )
        if isinstance(content, dict):
            url, verifier = content.get("urlWithQueryParams"), content.get("pkceCodeVerifier")
            if isinstance(url, str) and isinstance(verifier, str):
                self.keep("begun", json.dumps([url, verifier]))


def address(chance: random.Random) -> str:
    """Return an address, mostly one of few, so that many are known."""
    return f"user{chance.randrange(200 if chance.random() < 0.8 else 10**9)}@example.com"


def credentials(chance: random.Random) -> JSON:
    """Return the body of a sign-up or sign-in."""
    return {**form(address(chance), PASSWORD), "shouldTryLinkingWithSessionUser": chance.random() < 0.3}


def link_token(chance: random.Random) -> str:
    """Return a token as it stands in a link, of the right form or nearly so; nobody was sent it."""
    return base64.urlsafe_b64encode(chance.randbytes(chance.choice((48, 48, 47, 1)))).decode().rstrip("=")


def token_headers(chance: random.Random, known: Known, kind: str) -> Headers:
    """Return the header that carries a token, or the cookie."""
    token = known.one(chance, kind).encode()
    if chance.random() < 0.6:
        return [(b"authorization", b"Bearer " + token)]
    name = b"sAccessToken" if kind == "st-access-token" else b"sRefreshToken"
    return [(b"cookie", name + b"=" + token), (b"rid", b"anti-csrf")]


def came_back(chance: random.Random, known: Known) -> JSON:
    """Return what a frontend sends when the user comes back from the provider, or tokens of an own client."""
    if chance.random() < 0.2:
        access = known.provider.access_token(CLIENT[0])
        return {"thirdPartyId": PROVIDER, "oAuthTokens": {"access_token": access}}
    begun = known.one(chance, "begun")
    if not begun:
        return {"thirdPartyId": PROVIDER, "redirectURIInfo": {"redirectURIOnProviderDashboard": REDIRECT_URI}}
    url, verifier = json.loads(begun)
    return {
        "thirdPartyId": PROVIDER,
        "clientType": None,
        "redirectURIInfo": {
            "redirectURIOnProviderDashboard": REDIRECT_URI,
            "redirectURIQueryParams": known.provider.authorise(url),
            "pkceCodeVerifier": verifier,
        },
    }


def from_apple(chance: random.Random) -> JSON:
    """Return what a browser posts from Apple's page."""
    target = chance.choice(("http://localhost:3000/auth/callback/apple", "http://localhost:3000/?a=b#c"))
    state = base64.b64encode(json.dumps({"state": "s", "frontendRedirectURI": target}).encode()).decode()
    return {"state": state, "code": "c", "user": '{"name": "Ada"}'}


def with_json(title: str, path: str, content: Callable[[random.Random, Known], JSON]) -> Callable[..., Wish]:
    """Return what makes posts of JSON."""

    def make(chance: random.Random, known: Known) -> Wish:
        wish = Wish(title, "POST", path, headers=[(b"content-type", JSON_TYPE)], content=content(chance, known))
        if chance.random() < 0.2:
            wish.headers += token_headers(chance, known, "st-access-token")
        return wish

    return make


def plain(
    title: str, method: str, path: str, token: str = "", query: Mapping[str, str] | None = None
) -> Callable[..., Wish]:
    """Return what makes requests without a body."""

    def make(chance: random.Random, known: Known) -> Wish:
        headers = token_headers(chance, known, token) if token else []
        return Wish(title, method, path, list((query or {}).items()), headers)

    return make


def email_exists(path: str) -> Callable[..., Wish]:
    """Return what asks whether an address is taken."""

    def make(chance: random.Random, known: Known) -> Wish:
        del known
        return Wish(f"GET {path}", "GET", f"{BASE}{path}", [("email", address(chance))])

    return make


def apple(chance: random.Random, known: Known) -> Wish:
    """Return what a browser posts from Apple's page."""
    del known
    path = "/callback/apple"
    headers = [(b"content-type", FORM_TYPE)]
    return Wish(f"POST {path}", "POST", f"{BASE}{path}", headers=headers, content=from_apple(chance), is_form=True)


ACCESS: Final = "st-access-token"
BEGIN: Final = {"thirdPartyId": PROVIDER, "redirectURIOnProviderDashboard": REDIRECT_URI}

OF_ROUTES: Final[Mapping[str, Callable[[random.Random, Known], Wish]]] = {
    "POST /signup": with_json("POST /signup", f"{BASE}/signup", lambda chance, _: credentials(chance)),
    "POST /signin": with_json("POST /signin", f"{BASE}/signin", lambda chance, _: credentials(chance)),
    "POST /user/password/reset/token": with_json(
        "POST /user/password/reset/token",
        f"{BASE}/user/password/reset/token",
        lambda chance, _: {"formFields": [{"id": "email", "value": address(chance)}]},
    ),
    "POST /user/password/reset": with_json(
        "POST /user/password/reset",
        f"{BASE}/user/password/reset",
        lambda chance, _: {
            "method": "token",
            "token": link_token(chance),
            "formFields": [{"id": "password", "value": PASSWORD}],
        },
    ),
    "POST /user/email/verify/token": plain(
        "POST /user/email/verify/token", "POST", f"{BASE}/user/email/verify/token", ACCESS
    ),
    "POST /user/email/verify": with_json(
        "POST /user/email/verify",
        f"{BASE}/user/email/verify",
        lambda chance, _: {"method": "token", "token": link_token(chance)},
    ),
    "GET /user/email/verify": plain("GET /user/email/verify", "GET", f"{BASE}/user/email/verify", ACCESS),
    "GET /emailpassword/email/exists": email_exists("/emailpassword/email/exists"),
    "GET /signup/email/exists": email_exists("/signup/email/exists"),
    "GET /authorisationurl": plain("GET /authorisationurl", "GET", f"{BASE}/authorisationurl", query=BEGIN),
    "POST /signinup": with_json("POST /signinup", f"{BASE}/signinup", came_back),
    "POST /callback/apple": apple,
    "POST /session/refresh": plain("POST /session/refresh", "POST", f"{BASE}/session/refresh", "st-refresh-token"),
    "POST /signout": plain("POST /signout", "POST", f"{BASE}/signout", ACCESS),
    "GET /jwt/jwks.json": plain("GET /jwt/jwks.json", "GET", f"{BASE}/jwt/jwks.json"),
    "GET /.well-known/openid-configuration": plain(
        "GET /.well-known/openid-configuration", "GET", f"{BASE}/.well-known/openid-configuration"
    ),
    "GET /loginmethods": plain("GET /loginmethods", "GET", f"{BASE}/loginmethods"),
    "GET /health/live": plain("GET /health/live", "GET", f"{BASE}/health/live"),
    "GET /health/ready": plain("GET /health/ready", "GET", f"{BASE}/health/ready"),
}
"""For each route of the library."""

OF_APPLICATION: Final[Mapping[str, Callable[[random.Random, Known], Wish]]] = {
    "application GET /me": plain("application GET /me", "GET", "/me", ACCESS),
    "application POST /me": plain("application POST /me", "POST", "/me", ACCESS),
    "application GET /maybe": plain("application GET /maybe", "GET", "/maybe", ACCESS),
    "application POST /echo": with_json("application POST /echo", "/echo", lambda chance, _: credentials(chance)),
}
"""For each route of the application behind the middleware."""
