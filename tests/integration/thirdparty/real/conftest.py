from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs
import httpx2
import pytest

from authweave.app import init
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import OAuthSettings, ProviderInput, SignInAndUpFeature
from authweave.types import InputAppInfo
from tests.integration.http.conftest import web_app
from tests.integration.http.serving import serving
from tests.integration.thirdparty.sign_ins import MovedClock
from tests.integration.thirdparty.stage import stage
from tests.patience import PATIENCE_S

from .browser import WEBSITE, Browser
from .imitation import Imitation, Imitations
from .rows import ROWS


@attrs.frozen(eq=False)
class World:
    """
    An application with all providers of the table, and those.

    Attributes:
        clock: the time that it is for all of them.
    """

    browser: Browser
    imitations: dict[str, Imitation]
    clock: MovedClock


@pytest.fixture(scope="session")
def table() -> Iterator[World]:
    """Serve all providers of the table, and an application whose users sign in with them."""
    clock = MovedClock()
    with stage() as providers:
        imitations = Imitations(providers.address, clock)
        providers.application = imitations
        made = [imitations.add(row) for row in ROWS]
        inputs = [ProviderInput(each.row.config_at(each.address)) for each in made]
        patience = timedelta(seconds=PATIENCE_S)
        app = init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain=WEBSITE),
            [
                thirdparty.init(SignInAndUpFeature(inputs), settings=OAuthSettings(timeout=patience)),
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
