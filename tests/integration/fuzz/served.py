"""The application that the fuzz is served: every route there is, and a few of its own behind the middleware."""

from __future__ import annotations

import os
import traceback
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Annotated, Final, cast

from fastapi import Depends, FastAPI, Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from authweave.app import App, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import UserContext
from authweave.recipe import attempts, emailpassword, emailverification, session, thirdparty
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

MARK: Final = b"x-answered-by"
"""Is on every answer of the application, and so on none of the server's own."""

RAISED: Final = "the application raised"
"""Is in the log where it did."""

TENANT: Final = "t1"
PROVIDER: Final = "corp"
CLIENT: Final = ("web", "web-secret")

NEVER_REACHED: Final = attempts.Limit(failures=1000, every_s=0.001)
"""Attempts are counted, and none is refused, behind which there would be less to find."""


class Nowhere(EmailDeliveryInterface[object]):
    """Sends nothing."""

    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        """Forget a mail."""


def auth_app(storage: str, issuer: str) -> App:
    """Return an application of all recipes that answer in JSON, with hashes that cost nothing, and mails to nobody."""
    corp = ProviderConfig(PROVIDER, oidc_discovery_endpoint=issuer, clients=[ProviderClientConfig(*CLIENT)])
    return init(
        InputAppInfo("Fuzzed", "http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            attempts.init(account_and_address=NEVER_REACHED, account=NEVER_REACHED, address=NEVER_REACHED),
            thirdparty.init(
                thirdparty.SignInAndUpFeature([ProviderInput(corp)]),
                settings=thirdparty.OAuthSettings(timeout=timedelta(seconds=PATIENCE_S)),
            ),
            session.init(access_token_signing_algorithm="ES256"),
        ],
        storage=storage,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        health_ready_within_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        email_delivery=EmailDeliveryConfig(Nowhere()),
        default=False,
    )


def web_app(auth: App) -> FastAPI:
    """Return an application with protected and open routes. All that it answers is JSON."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(get_middleware(), app=auth)

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({}, 400)

    @app.api_route("/me", methods=["GET", "POST"])
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/maybe")
    async def maybe(
        session: Annotated[SessionContainer | None, Depends(verify_session(session_required=False))],
    ) -> dict[str, str | None]:
        return {"user": None if session is None else session.get_user_id()}

    @app.post("/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    return app


def marking(app: ASGIApp) -> ASGIApp:
    """Mark every answer of an application, and write in the log what it raises."""

    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        refused: list[BaseException] = []

        async def send_marked(message: MutableMapping[str, object]) -> None:
            if message["type"] == "http.response.start":
                headers = cast("list[tuple[bytes, bytes]]", message["headers"])  # ASGI: pairs of bytes
                message = {**message, "headers": [*headers, (MARK, b"application")]}
            try:
                await send(message)
            except BaseException as error:
                refused.append(error)  # by the server: the client has gone away
                raise

        try:
            await app(scope, receive, send_marked)
        except Exception as error:
            if error not in refused:
                traceback.print_exception(error)
                print(RAISED, flush=True)  # noqa: T201  into the log of the server
            raise

    return marked


def served() -> ASGIApp:
    """Return what the servers serve; the environment says on which store, and where the provider is."""
    auth = auth_app(os.environ["AUTHWEAVE_STORAGE"], os.environ["AUTHWEAVE_TEST_ISSUER"])
    auth.services.storage.create_tenant(TENANT)
    return marking(web_app(auth))
