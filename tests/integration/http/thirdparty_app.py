"""An application whose users sign in at a provider on loopback."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2

from authweave import UserContext
from authweave.app import App, init
from authweave.events import OnEvent
from authweave.kernel import Interface, Override
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo, OriginFunction
from tests.integration.thirdparty.openid_server import REDIRECT_URI, OpenIDServer
from tests.patience import PATIENCE_S, PATIENT

PATIENCE = timedelta(seconds=PATIENCE_S)


def client_of(client_type: str | None = None) -> ProviderClientConfig:
    """Return a client that the provider knows."""
    return ProviderClientConfig(client_type or "web", f"{client_type or 'web'}-secret", client_type)


def provider(third_party_id: str, server: OpenIDServer, *, require_email: bool | None = None) -> ProviderInput:
    """Return a provider with one client, of which every tenant knows."""
    config = ProviderConfig(
        third_party_id, oidc_discovery_endpoint=server.issuer, clients=[client_of()], require_email=require_email
    )
    return ProviderInput(config)


@contextmanager
def third_party_app(
    folder: Path,
    *providers: ProviderInput,
    overrides: Sequence[Override[Interface[UserContext]]] = (),
    on_event: OnEvent | Sequence[OnEvent] = (),
    server_redirects: thirdparty.ServerRedirects | None = None,
    api_domain: str = "http://localhost:8000",
    origin: OriginFunction | None = None,
) -> Generator[App]:
    """Build an application for a block."""
    app = init(
        InputAppInfo(app_name="Test", api_domain=api_domain, website_domain="http://localhost:3000", origin=origin),
        [
            emailpassword.init(),
            thirdparty.init(
                thirdparty.SignInAndUpFeature(providers),
                settings=thirdparty.OAuthSettings(timeout=PATIENCE),
                server_redirects=server_redirects,
            ),
            session.init(),
        ],
        storage=f"sqlite:///{folder / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        overrides=overrides,
        on_event=on_event,
        default=False,
    )
    app.services.storage.create_tenant("t1")
    try:
        yield app
    finally:
        app.close()


def begin(client: httpx2.Client, third_party_id: str = "corp", base: str = "/auth", **query: str) -> httpx2.Response:
    """Ask where to send the user."""
    params = {"thirdPartyId": third_party_id, "redirectURIOnProviderDashboard": REDIRECT_URI, **query}
    return client.get(f"{base}/authorisationurl", params=params)


def came_back(begun: httpx2.Response, server: OpenIDServer, user: str, third_party_id: str = "corp") -> dict[str, JSON]:
    """Go to the provider, and return what the frontend sends when the user is back."""
    answer = begun.json()
    assert answer["status"] == "OK", begun.text
    return {
        "thirdPartyId": third_party_id,
        "redirectURIInfo": {
            "redirectURIOnProviderDashboard": REDIRECT_URI,
            "redirectURIQueryParams": server.authorise(answer["urlWithQueryParams"], user),
            "pkceCodeVerifier": answer["pkceCodeVerifier"],
        },
    }


def sign_in_up(
    client: httpx2.Client,
    server: OpenIDServer,
    user: str,
    third_party_id: str = "corp",
    base: str = "/auth",
    headers: dict[str, str] | None = None,
    more: dict[str, JSON] | None = None,
) -> httpx2.Response:
    """Go to the provider and back."""
    body = came_back(begin(client, third_party_id, base), server, user, third_party_id)
    return client.post(f"{base}/signinup", json={**body, **(more or {})}, headers=headers)
