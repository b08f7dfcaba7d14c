"""Gateways that take a part of the path off, root paths, and sub-applications with a middleware of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI
from typing_extensions import override

from authweave.app import App, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

from .serving import COOKIES, form, serving


def own_app(auth: App) -> FastAPI:
    """Return an application with a route that asks for a session."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    return app


class Gateway(httpx2.HTTPTransport):
    """A gateway between the browser and the server: it takes a prefix off the path, and answers nothing else."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix.encode()

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        raw_path = request.url.raw_path
        assert raw_path.startswith(self.prefix + b"/"), raw_path
        url = request.url.copy_with(raw_path=raw_path.removeprefix(self.prefix))
        return super().handle_request(
            httpx2.Request(request.method, url, headers=request.headers, stream=request.stream)
        )


def web_app(auth: App, mounts: tuple[str, ...], root_path: str) -> FastAPI:
    """Return an application with that of the session mounted in it, as deep as wanted."""
    app = own_app(auth)
    for prefix in reversed(mounts):
        inner, app = app, FastAPI()
        app.mount(prefix, inner)
    app.root_path = root_path  # newer releases warn of the parameter, which does just this
    return app


def application(folder: Path, gateway: str, base: str) -> App:
    """Build an application whose base path a gateway stands before."""
    return init(
        InputAppInfo(
            "Test", "http://127.0.0.1", website_domain="http://127.0.0.1", api_gateway_path=gateway, api_base_path=base
        ),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{folder / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


@pytest.mark.parametrize(
    ("gateway", "base", "mounts", "takes_off", "roots", "seen"),
    [
        # A gateway, whom the setting names.
        ("/api", "/auth", (), "/api", ("", ""), "/api"),
        ("/a/b", "", (), "/a/b", ("", ""), "/a/b"),
        # It is named to the framework or to the server as well, or there is a mount behind it.
        ("/api", "/auth", (), "/api", ("/api", ""), "/api"),
        ("/api", "/auth", (), "/api", ("", "/api"), "/api"),
        ("/api", "/auth", ("/v1",), "/api", ("", ""), "/api/v1"),
        ("/api", "/auth", ("/v1",), "/api", ("", "/api"), "/api/v1"),
        # It is named to these alone.
        ("", "/auth", (), "/api", ("/api", ""), "/api"),
        ("", "/auth", (), "/api/v1", ("api/v1", ""), "/api/v1"),
        ("", "/auth", (), "/api", ("", "/api"), "/api"),
        ("", "/api/auth", (), "/api", ("", "/api"), "/api"),
        # A root path that nobody takes off.
        ("", "/auth", (), "", ("/api", ""), "/api"),
        ("", "/api/auth", (), "", ("/api", ""), "/api"),
        # The middleware in a sub-application.
        ("", "/auth", ("/v1",), "", ("", ""), "/v1"),
        ("", "/v1/auth", ("/v1",), "", ("", ""), "/v1"),
        ("", "/auth", ("/v1", "/in"), "", ("", ""), "/v1/in"),
        ("", "/auth", ("/v1",), "", ("/api", ""), "/api/v1"),
        ("", "/auth", ("/{tenant}",), "", ("", ""), "/acme"),
    ],
)
def test_a_session_from_sign_up_to_sign_out(
    tmp_path: Path,
    gateway: str,
    base: str,
    mounts: tuple[str, ...],
    takes_off: str,
    roots: tuple[str, str],
    seen: str,
) -> None:
    """All routes are found below what a browser writes, and it sends the cookies where they belong."""
    auth = application(tmp_path, gateway, base)
    own = base.removeprefix(seen)
    with (
        serving(web_app(auth, mounts, roots[0]), root_path=roots[1]) as address,
        httpx2.Client(base_url=f"{address}{seen}", transport=Gateway(takes_off), timeout=PATIENCE_S) as client,
    ):
        assert client.post(f"{own}/signup", json=form(), headers=COOKIES).json()["status"] == "OK"
        user = client.get("/me").json()["user"]
        refreshed = client.post(f"{own}/session/refresh")
        assert (refreshed.status_code, "sRefreshToken=" in refreshed.headers["set-cookie"]) == (200, True)
        assert client.get("/me").json() == {"user": user}
        keys = client.get(f"{own}/.well-known/openid-configuration").json()["jwks_uri"]
        assert client.get(keys.replace("http://127.0.0.1", address)).json()["keys"]
        assert client.post(f"{own}/signout").json() == {"status": "OK"}
        assert [cookie.name for cookie in client.cookies.jar] == []
        assert client.get("/me").status_code == 401
    auth.close()
