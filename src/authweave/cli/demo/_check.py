"""The demo's whole scenario over real HTTP, with tokens in cookies and with tokens in headers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, TypeAlias, cast

import attrs
import httpx2
from typing_extensions import override

from ._app import demo_app
from ._server import listen, origin_of, serve_in_thread
from ._web import web_app

Mode: TypeAlias = Literal["cookie", "header"]

# Access and refresh token, by how they travel (docs/reference/http.md, Cookies and Response headers).
TOKENS: Final[Mapping[Mode, tuple[str, str]]] = {
    "cookie": ("sAccessToken", "sRefreshToken"),
    "header": ("st-access-token", "st-refresh-token"),
}
FRONT_TOKEN: Final = "front-token"
NONE: Final[frozenset[str]] = frozenset()
PASSWORD: Final = "correct horse 1"
TIMEOUT_S: Final = 30.0

OK: Final = 200
UNAUTHORISED: Final = 401


@attrs.frozen
class Step:
    """
    One step of the scenario.

    Attributes:
        outcome: what came; where that was not right, also what should have come.
    """

    mode: Mode
    name: str
    ok: bool
    outcome: str


@attrs.define
class Visitor:
    """Somebody with a browser, which keeps cookies, or with another client, which keeps the tokens in headers."""

    client: httpx2.Client
    mode: Mode
    tokens: dict[str, str] = attrs.field(factory=dict[str, str], repr=False)

    def send(self, method: str, path: str, body: object = None, *, token: str = "") -> httpx2.Response:
        """Send a request, with a token in its header if one is given; keep the tokens that come in headers."""
        headers = {"rid": "anti-csrf", "st-auth-mode": self.mode}
        if token:
            headers["authorization"] = f"Bearer {token}"
        response = self.client.request(method, path, json=body, headers=headers)
        self.tokens.update({name: response.headers[name] for name in TOKENS["header"] if name in response.headers})
        return response

    def with_form(self, path: str) -> httpx2.Response:
        """Send the sign-up or sign-in form, filled in."""
        values = {"email": f"{self.mode}@example.com", "password": PASSWORD}
        return self.send("POST", path, {"formFields": [{"id": key, "value": values[key]} for key in values]})

    def with_token(self, method: str, path: str, *, refresh: bool = False) -> httpx2.Response:
        """Send a request with the access or the refresh token, if there is one. Cookies go along by themselves."""
        return self.send(method, path, token=self.tokens.get(TOKENS["header"][int(refresh)], ""))

    def with_old_token(self, token: str) -> httpx2.Response:
        """Ask for the protected route with a token that was kept from earlier."""
        if self.mode == "header":
            return self.send("GET", "/demo/protected", token=token)
        self.client.cookies.set(TOKENS["cookie"][0], token)
        return self.send("GET", "/demo/protected")

    @property
    def access_token(self) -> str:
        """The access token; empty if there is none."""
        access, _ = TOKENS[self.mode]
        return self.tokens.get(access, "") if self.mode == "header" else self.client.cookies.get(access) or ""


def check_steps() -> Iterator[Step]:
    """
    Run the scenario against a server on a free port, with data of its own, and give each step as it is done.

    Each way for tokens to travel is tried to its end, or to its first step that goes wrong.

    Raises:
        authweave.AuthweaveError: the application cannot be built.
        OSError: there is no free port, or no room for temporary files.
    """
    with serve_demo() as origin:
        for mode in TOKENS:
            # The environment may name a proxy, which has no business between us and our own server.
            with httpx2.Client(base_url=origin, timeout=TIMEOUT_S, trust_env=False) as client:
                yield from until_failure(mode, scenario(Visitor(client, mode)))


@contextmanager
def serve_demo() -> Generator[str]:
    """Serve the demo for a block; give its origin."""
    with TemporaryDirectory(prefix="authweave-demo-") as folder, listen("127.0.0.1", 0) as listener:
        origin = origin_of(listener)
        app = demo_app(origin, f"sqlite:///{Path(folder) / 'demo.db'}")
        try:
            with serve_in_thread(web_app(app), listener):
                yield origin
        finally:
            app.close()


def until_failure(mode: Mode, steps: Iterator[Step]) -> Iterator[Step]:
    """Give steps up to the first that goes wrong, also where that is because no answer came."""
    try:
        for step in steps:
            yield step
            if not step.ok:
                return
    except httpx2.HTTPError as error:
        yield Step(mode, "no answer", ok=False, outcome=f"{type(error).__name__}: {error}")


def scenario(visitor: Visitor) -> Iterator[Step]:
    """Sign up, sign in, refresh and sign out, with a look at the protected route in between."""
    session = frozenset({*TOKENS[visitor.mode], FRONT_TOKEN})

    def step(name: str, response: httpx2.Response, expected: Expected) -> Step:
        came = Expected(response.status_code, status_or_message(response), tokens_in(response))
        outcome = str(came) if came == expected else f"{came}; it should be {expected}"
        return Step(visitor.mode, name, ok=came == expected, outcome=outcome)

    refused, allowed = Expected(UNAUTHORISED, "unauthorised"), Expected(OK, "OK")
    yield step("sign up", visitor.with_form("/auth/signup"), allowed)
    yield step("protected route", visitor.with_token("GET", "/demo/protected"), refused)
    yield step("sign in", visitor.with_form("/auth/signin"), Expected(OK, "OK", session))
    yield step("protected route", visitor.with_token("GET", "/demo/protected"), allowed)
    refreshed = visitor.with_token("POST", "/auth/session/refresh", refresh=True)
    yield step("refresh", refreshed, Expected(OK, "", session))
    yield step("protected route", visitor.with_token("GET", "/demo/protected"), allowed)
    old_token = visitor.access_token
    yield step("sign out", visitor.with_token("POST", "/auth/signout"), allowed)
    yield step("protected route", visitor.with_token("GET", "/demo/protected"), refused)
    yield step("protected route with the old token", visitor.with_old_token(old_token), refused)


@attrs.frozen
class Expected:
    """
    What an answer says, and the answer to expect.

    Attributes:
        word: the body's status or message.
        tokens: the names of the cookies and headers that brought a part of a session.
    """

    status: int
    word: str
    tokens: frozenset[str] = NONE

    @override
    def __str__(self) -> str:
        """Give it in a line."""
        tokens = ", ".join(sorted(self.tokens)) or "no session cookie or header"
        return f"{f'{self.status} {self.word}'.strip()}, sets {tokens}"


def tokens_in(response: httpx2.Response) -> frozenset[str]:
    """Return the names of the cookies and headers that bring a part of a session; clearing brings none."""
    cookies = {name for name in TOKENS["cookie"] if (response.cookies.get(name) or '""') != '""'}
    headers = {name for name in TOKENS["header"] if response.headers.get(name)}
    front = {FRONT_TOKEN} if response.headers.get(FRONT_TOKEN, "remove") != "remove" else NONE
    return frozenset(cookies | headers | front)


def status_or_message(response: httpx2.Response) -> str:
    """Return the status or the message of a body; of a body that is not a JSON object, its beginning."""
    try:
        body = cast("object", response.json())  # Any
    except ValueError:
        return response.text[:100]
    if not isinstance(body, dict):
        return response.text[:100]
    found = cast("dict[str, object]", body)  # a JSON object
    return str(found.get("status") or found.get("message") or "")
