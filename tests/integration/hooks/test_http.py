"""Hooks behind the routes, over a socket."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
from fastapi import FastAPI
from sqlalchemy import Connection

from authweave import UserContext, on_user_created
from authweave.app import App
from authweave.framework import get_request_from_user_context
from authweave.framework.fastapi import get_middleware
from authweave.types import User
from tests.integration.http.serving import form, serving
from tests.patience import PATIENCE_S

from .test_in_transaction import make_profile


class RefusedError(Exception):
    """A hook's own."""


def test_sign_up_of_whom_a_hook_refuses(build: Callable[..., App], count_profiles: Callable[[App], int]) -> None:
    """The application answers for the hook's exception; the address is free, and signs up once the hook lets it."""
    refused, paths = {"ada@example.com"}, list[str]()

    @on_user_created
    def refuse_some(user: User, user_context: UserContext, connection: Connection) -> None:
        request = get_request_from_user_context(user_context)
        assert request is not None
        paths.append(request.get_path())
        if user.emails[0] in refused:
            raise RefusedError

    auth = build(make_profile, refuse_some)
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/profiles")
    def profiles() -> int:
        return count_profiles(auth)

    body = form()
    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        answer = httpx2.post(f"{address}/auth/signup", json=body, timeout=PATIENCE_S)  # uvicorn hangs up after it
        assert answer.status_code == 500
        assert not {"set-cookie", "st-access-token"} & set(answer.headers)
        exists = client.get("/auth/signup/email/exists", params={"email": "ada@example.com"})
        assert exists.json() == {"status": "OK", "exists": False}
        assert client.get("/profiles").json() == 0
        refused.clear()
        assert client.post("/auth/signup", json=body).json()["status"] == "OK"
        assert client.post("/auth/signup", json=body).json()["status"] == "FIELD_ERROR"
        assert client.get("/profiles").json() == 1
    assert paths == ["/auth/signup"] * 2
