"""What other programs read to verify our tokens."""

from __future__ import annotations

import asyncio
import json

import pytest

from authweave.app import App, init
from authweave.recipe import session
from authweave.security import Algorithm
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, BaseRequest, InputAppInfo

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")


def application(algorithm: Algorithm, storage: MemoryStorage) -> App:
    """Build an application in memory."""
    setup = session.init(access_token_signing_algorithm=algorithm)
    return init(APP_INFO, [setup], storage=storage, secret=b"s" * 32, default=False)


def algorithms(app: App) -> JSON:
    """Return the algorithms that the OpenID configuration names."""
    request = BaseRequest("get", "/auth/.well-known/openid-configuration")
    matched = app.endpoints.match(request)
    assert matched is not None
    with app.serve_context(request) as user_context:
        response = asyncio.run(app.endpoints.answer(request, matched, user_context))
    assert dict(response.headers)["cache-control"] == "max-age=60, must-revalidate"
    content: dict[str, JSON] = json.loads(response.body)
    return content["id_token_signing_alg_values_supported"]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_algorithm_in_use_is_named(algorithm: Algorithm) -> None:
    """The OpenID configuration names what tokens are signed with, and no other algorithm."""
    app = application(algorithm, MemoryStorage())
    assert algorithms(app) == [algorithm]
    app.close()


def test_after_a_change_both_are_named() -> None:
    """While tokens of the former algorithm live, that is named too."""
    storage = MemoryStorage()
    before = application("RS256", storage)
    assert algorithms(before) == ["RS256"]
    after = application("ES256", storage)
    after.recipe(session.SessionRecipe).keys.renew()
    assert algorithms(after) == ["ES256", "RS256"]
    after.close()
