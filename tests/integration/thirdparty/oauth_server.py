"""A small OAuth 2 provider without OpenID on loopback: GitHub, Discord, Facebook, whatever a test makes of it."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, urlsplit

import attrs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from authweave.types import JSON

from .openid_server import s256


@attrs.define(eq=False)
class OAuthServer:
    """
    A provider whose access tokens lead to what it says of users.

    Attributes:
        address: where it is.
        answers: what each path answers to the access token of a user.
        statuses: with which status, where that is not 200.
        refusal: status and body for a code that is no good.
        asked: path, query, headers and body of each request.
    """

    address: str = ""
    answers: dict[str, JSON] = attrs.field(factory=dict[str, JSON])
    statuses: dict[str, int] = attrs.field(factory=dict[str, int])
    refusal: tuple[int, JSON] = (400, {"error": "invalid_grant"})
    codes: dict[str, str] = attrs.field(factory=dict[str, str])
    tokens: set[str] = attrs.field(factory=set[str])
    asked: list[tuple[str, dict[str, str], dict[str, str], bytes]] = attrs.field(
        factory=list[tuple[str, dict[str, str], dict[str, str], bytes]]
    )

    def authorise(self, url: str) -> dict[str, JSON]:
        """Do what the provider does when a user agrees."""
        code = secrets.token_urlsafe()
        self.codes[code] = dict(parse_qsl(urlsplit(url).query)).get("code_challenge", s256(""))
        return {"code": code}

    def access_token(self) -> str:
        """Issue an access token."""
        token = secrets.token_urlsafe()
        self.tokens.add(token)
        return token

    async def answer(self, request: Request) -> Response:
        """Answer."""
        body, path = await request.body(), request.url.path
        self.asked.append((path, dict(request.query_params), dict(request.headers), body))
        if path == "/token":
            form = dict(parse_qsl(body.decode()))
            if self.codes.pop(form["code"], None) != s256(form.get("code_verifier", "")):
                return JSONResponse(self.refusal[1], self.refusal[0])
            return JSONResponse({"access_token": self.access_token(), "token_type": "bearer"})
        if path not in self.answers:
            return JSONResponse({"message": "Not Found"}, 404)
        return JSONResponse(self.answers[path], self.statuses.get(path, 200))

    def asgi(self) -> Starlette:
        """Return the provider as an application."""
        return Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])
