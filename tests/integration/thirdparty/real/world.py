"""An application whose users sign in at imitated providers."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import attrs
import httpx2

from authweave.app import init
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import OAuthSettings, ProviderInput, SignInAndUpFeature
from authweave.types import InputAppInfo
from tests.integration.http.conftest import web_app
from tests.integration.http.serving import serving
from tests.integration.thirdparty.stage import stage
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import HandClock

from .browser import WEBSITE, Browser
from .imitation import Imitation, Imitations
from .row import Row

REFUSED = {"status": "GENERAL_ERROR", "message": "Signing in with the provider did not work. Please try again."}
PROVIDER_AT_FAULT = {
    "status": "GENERAL_ERROR",
    "message": "The provider does not answer as it should. Please try again, or sign in another way.",
}


@attrs.frozen(eq=False)
class World:
    """
    An application, and providers.

    Attributes:
        browser: a browser at the application.
        imitations: the providers, by their ids.
        clock: the time that it is for all of them.
    """

    browser: Browser
    imitations: Mapping[str, Imitation]
    clock: HandClock


@contextmanager
def world(rows: Mapping[Row, type[Imitation]]) -> Generator[World]:
    """Serve providers, and an application whose users sign in there, for a block."""
    clock = HandClock()
    with stage() as providers:
        imitations = Imitations(providers.address, clock)
        providers.application = imitations
        for row, kind in rows.items():
            imitations.add(row, kind)
        inputs = [ProviderInput(each.row.config_at(each.address)) for each in imitations.by_id.values()]
        app = init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain=WEBSITE),
            [
                thirdparty.init(
                    SignInAndUpFeature(inputs), settings=OAuthSettings(timeout=timedelta(seconds=PATIENCE_S))
                ),
                session.init(),
            ],
            storage="sqlite://",
            clock=clock,
            default=False,
        )
        try:
            with serving(web_app(app)) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
                yield World(Browser(client), imitations.by_id, clock)
        finally:
            app.close()
