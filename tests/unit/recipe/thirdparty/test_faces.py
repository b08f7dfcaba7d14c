"""The functions of the default application, awaited or not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from authweave.app import init, set_default_app
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.recipe.thirdparty import asyncio as awaited
from authweave.recipe.thirdparty import syncio as blocking
from authweave.recipe.thirdparty.types import ManuallyCreateOrUpdateUserOkResult
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo

GITHUB = ProviderConfig("github", clients=[ProviderClientConfig("id", "secret")])


@pytest.fixture(autouse=True)
def _default_app() -> Iterator[None]:
    """Make an application the default."""
    made = init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [thirdparty.init(thirdparty.SignInAndUpFeature([ProviderInput(GITHUB)])), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
    )
    yield
    made.close()
    set_default_app(None)


def test_users_are_imported() -> None:
    """The awaited function and the blocking one find the same user; an issuer that is named counts."""
    awaited_one = asyncio.run(
        awaited.manually_create_or_update_user("public", "github", "1", "ada@example.com", is_verified=True)
    )
    blocking_one = blocking.manually_create_or_update_user(
        "public", "github", "1", "ada@example.com", is_verified=True, issuer=""
    )
    other = blocking.manually_create_or_update_user(
        "public", "github", "1", "ada@example.com", is_verified=True, issuer="https://issuer.example"
    )
    for result in (awaited_one, blocking_one, other):
        assert isinstance(result, ManuallyCreateOrUpdateUserOkResult)
    assert isinstance(awaited_one, ManuallyCreateOrUpdateUserOkResult)
    assert isinstance(blocking_one, ManuallyCreateOrUpdateUserOkResult)
    assert isinstance(other, ManuallyCreateOrUpdateUserOkResult)
    assert blocking_one.user == awaited_one.user
    assert (awaited_one.created_new_recipe_user, blocking_one.created_new_recipe_user) == (True, False)
    assert other.user.id != awaited_one.user.id


def test_providers_are_found_and_kept() -> None:
    """What is kept for a tenant is listed, found as a provider, and gone when it is deleted."""
    found = asyncio.run(awaited.get_provider("public", "github"))
    assert found is not None
    assert (found.id, found.config.client_id) == ("github", "id")
    own = ProviderConfig("github", clients=[ProviderClientConfig("own", "secret", "web")])
    assert blocking.create_or_update_third_party_config("public", own)
    assert [config.third_party_id for config in blocking.list_third_party_configs("public")] == ["github"]
    kept = blocking.get_provider("public", "github", "web")
    assert kept is not None
    assert kept.config.client_id == "own"
    assert blocking.get_provider("public", "gitlab") is None
    assert blocking.delete_third_party_config("public", "github")
    assert asyncio.run(awaited.list_third_party_configs("public")) == ()
