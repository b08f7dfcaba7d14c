"""A small OAuth 2 provider on loopback that gives refresh tokens, each for one use, as RFC 9700, section 4.14, says."""

from __future__ import annotations

import asyncio
import secrets
import threading
from urllib.parse import parse_qsl

import attrs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from authweave.types import JSON
from tests.patience import PATIENCE_S


@attrs.frozen
class Granted:
    """What a user has granted: to which client."""

    user: str
    client_id: str
    number: int


@attrs.define(eq=False)
class RotatingServer:
    """
    A provider that ends a grant where a refresh token of it is sent twice, or by another client.

    Attributes:
        lifetime: what it says as ``expires_in``; None: nothing.
        scope: what it says as ``scope``; None: nothing.
        gives: whether it gives a refresh token with a code.
        rotates: whether it gives another one with each refresh, and the former is good for nothing then.
        failure: status and body of what it answers to a refresh instead.
        refreshes: the refresh tokens that were sent.
        ended: the grants that it has ended.
        arrived: set when it is asked for a refresh.
        go_on: it answers when this is set.
    """

    address: str = ""
    lifetime: JSON = 3600
    scope: JSON = "profile"
    gives: bool = True
    rotates: bool = True
    failure: tuple[int, JSON] | None = None
    codes: dict[str, Granted] = attrs.field(factory=dict[str, Granted])
    good: dict[str, Granted] = attrs.field(factory=dict[str, Granted])
    used: dict[str, Granted] = attrs.field(factory=dict[str, Granted])
    access_tokens: dict[str, Granted] = attrs.field(factory=dict[str, Granted])
    refreshes: list[str] = attrs.field(factory=list[str])
    ended: set[int] = attrs.field(factory=set[int])
    arrived: threading.Event = attrs.field(factory=threading.Event)
    go_on: threading.Event = attrs.field(factory=threading.Event)

    def code(self, user: str, client_id: str) -> str:
        """Return a code, as a user's browser brings it."""
        code = secrets.token_urlsafe()
        self.codes[code] = Granted(user, client_id, len(self.codes) + len(self.access_tokens))
        return code

    async def token(self, request: Request) -> Response:
        """Answer at the token endpoint."""
        form = dict(parse_qsl((await request.body()).decode()))
        if form["client_secret"] != f"{form['client_id']}-secret":
            return JSONResponse({"error": "invalid_client"}, 401)
        if form["grant_type"] == "authorization_code":
            granted = self.codes.pop(form["code"])
            return self.tokens(granted, form, gives=self.gives)
        self.refreshes.append(form["refresh_token"])
        self.arrived.set()
        await asyncio.to_thread(self.go_on.wait, PATIENCE_S)
        if self.failure is not None:
            return JSONResponse(self.failure[1], self.failure[0])
        token = form["refresh_token"]
        if token in self.used:
            self.ended.add(self.used[token].number)
        known = self.good.get(token)
        if known is None or known.number in self.ended or known.client_id != form["client_id"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if self.rotates:
            self.used[token] = self.good.pop(token)
        return self.tokens(known, form, gives=self.rotates)

    def tokens(self, granted: Granted, form: dict[str, str], *, gives: bool) -> Response:
        """Issue tokens."""
        access_token, refresh_token = f"access-{secrets.token_urlsafe()}", f"refresh-{secrets.token_urlsafe()}"
        self.access_tokens[access_token] = granted
        tokens: dict[str, JSON] = {"access_token": access_token, "token_type": "bearer"}
        if self.lifetime is not None:
            tokens["expires_in"] = self.lifetime
        if self.scope is not None and form["grant_type"] == "authorization_code":
            tokens["scope"] = self.scope
        if gives:
            tokens["refresh_token"] = refresh_token
            self.good[refresh_token] = granted
        return JSONResponse(tokens)

    def me(self, request: Request) -> Response:
        """Say whose access token it is."""
        known = self.access_tokens.get(request.headers["authorization"].removeprefix("Bearer "))
        return JSONResponse({"error": "invalid_token"}, 401) if known is None else JSONResponse({"id": known.user})

    def introspect(self, request: Request) -> Response:
        """Say that an access token is the client's (RFC 7662)."""
        return JSONResponse({"active": True, "client_id": "web"})

    def asgi(self) -> Starlette:
        """Return the provider as an application."""
        self.go_on.set()
        return Starlette(
            routes=[
                Route("/token", self.token, methods=["POST"]),
                Route("/me", self.me),
                Route("/introspect", self.introspect, methods=["POST"]),
            ]
        )
