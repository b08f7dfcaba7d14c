"""The demo's web application: the page, the protected route and the journals; authweave answers the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Annotated, Final

from fastapi import Body, Depends, FastAPI
from fastapi.responses import Response

from authweave import App
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.ingredients.emaildelivery import DevelopmentMails
from authweave.recipe.multifactorauth import MultiFactorAuthClaim
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.interfaces import no_claim_validators
from authweave.recipe.totp import qr_code_svg

from ._account import Account, SignedIn
from ._journals import Journals
from ._mails import Mails
from .forms.as_a_call import DemoContext

# The page loads nothing from elsewhere, and the browser sees to it.
HEADERS: Final = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
FORMS: Final = ("as_a_call", "as_in_python", "as_in_node")
SCRIPTS: Final = ("page", "codes", "factors", "links", "passkeys", "provider", "request")
FILES: Final = {
    "/": ("page/index.html", "text/html"),
    "/callback": ("page/index.html", "text/html"),
    "/auth/reset-password": ("page/index.html", "text/html"),  # where the links in mails lead
    "/auth/verify-email": ("page/index.html", "text/html"),
    "/auth/verify": ("page/index.html", "text/html"),
    "/page.css": ("page/page.css", "text/css"),
    **{f"/{name}.js": (f"page/{name}.js", "text/javascript") for name in SCRIPTS},
    "/icon.svg": ("page/icon.svg", "image/svg+xml"),
    **{f"/forms/{name}.py": (f"forms/{name}.py", "text/plain") for name in FORMS},
    "/overrides.py": ("overrides.py", "text/plain"),
}


whatever_it_says = verify_session(check_database=True, override_global_claim_validators=no_claim_validators)

NO_PROVIDER: Final = "This demo was started without one."


def web_app(app: App[DemoContext], no_provider: str = NO_PROVIDER, mails: DevelopmentMails | None = None) -> FastAPI:
    """
    Build the web application around the demo's application.

    Args:
        app: the demo's application.
        no_provider: why the page offers no provider to sign in with; empty where it does.
        mails: what collects the application's mails.
    """
    # FastAPI's own pages of documentation load scripts from elsewhere.
    web = FastAPI(title="authweave demo", openapi_url=None)
    for path, (name, media_type) in FILES.items():
        web.add_api_route(path, serve_file(name, media_type), include_in_schema=False)
    journals = Journals(app)

    async def provider() -> dict[str, str]:
        """Answer the page's question whether a provider can be offered."""
        return {"why_not": no_provider}

    web.add_api_route("/demo/provider", provider)
    web.add_api_route("/demo/protected", protected)
    web.add_api_route("/demo/session", session_of)
    web.add_api_route("/demo/qr-code", qr_code, methods=["POST"])
    account = Account(app)
    web.add_api_route("/demo/password", account.change_password, methods=["POST"])
    web.add_api_route("/demo/delete", account.delete, methods=["POST"])
    if mails is not None:
        web.add_api_route("/dev/mails", Mails(mails).show)
    web.add_api_route("/demo/journal/{journal_id}", journals.show)
    web.add_middleware(get_middleware(), app=app)
    web.add_middleware(journals.layer)
    return web


def serve_file(name: str, media_type: str) -> Callable[[], Awaitable[Response]]:
    """Return what answers with a file of this package."""
    content = files("authweave.cli.demo").joinpath(name).read_bytes()

    async def answer() -> Response:
        return Response(content, media_type=media_type, headers=HEADERS)

    return answer


async def protected(session: SignedIn) -> dict[str, str]:
    """Answer only those who have a session, in which every factor was shown that is asked for."""
    return {"status": "OK", "sessionHandle": session.get_handle(), "userId": session.get_user_id()}


async def session_of(session: Annotated[SessionContainer, Depends(whatever_it_says)]) -> dict[str, object]:
    """Answer the page's question whether there is a session, also of those who have not shown every factor."""
    payload = session.get_access_token_payload()
    claim = payload.get(MultiFactorAuthClaim.key)
    is_factor_missing = isinstance(claim, dict) and claim["v"] is False
    return {"status": "OK", "sessionHandle": session.get_handle(), "isFactorMissing": is_factor_missing}


async def qr_code(text: Annotated[str, Body(embed=True)]) -> Response:
    """Draw what the page is to show to an app's camera."""
    return Response(qr_code_svg(text), media_type="image/svg+xml", headers={**HEADERS, "cache-control": "no-store"})
