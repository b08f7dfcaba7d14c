"""The functions of the default application, awaited or not: what is kept, and how they are overridden."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest

from authweave.app import App, init, set_default_app
from authweave.errors import BadInputError
from authweave.recipe import usermetadata
from authweave.recipe.usermetadata import (
    ClearUserMetadataResult,
    InputOverrideConfig,
    MetadataResult,
    UpdateUserMetadata,
    UserMetadataOverrideConfig,
)
from authweave.recipe.usermetadata import asyncio as awaited
from authweave.recipe.usermetadata import syncio as blocking
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, JSONObject


def application(override: InputOverrideConfig | None = None) -> App:
    """Make an application with the recipe the default."""
    app_info = InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000")
    return init(app_info, [usermetadata.init(override=override)], storage=MemoryStorage(), secret=b"s" * 32)


@pytest.fixture
def _default() -> Iterator[None]:
    made = application()
    yield
    made.close()
    set_default_app(None)


@pytest.mark.usefixtures("_default")
def test_updates_are_merged_at_the_top() -> None:
    """Line 38: a key is replaced whole, None at the top removes it, None further down is data; nobody need exist."""
    assert blocking.get_user_metadata("nobody") == MetadataResult({})
    reserved: JSONObject = {"_supertokens": {"requiredSecondaryFactors": ["totp"]}}
    blocking.update_user_metadata("user-1", reserved)
    first = blocking.update_user_metadata("user-1", {"a": {"x": 1, "y": 2}, "b": 1})
    assert first.metadata == {**reserved, "a": {"x": 1, "y": 2}, "b": 1}
    second = blocking.update_user_metadata("user-1", {"a": {"x": None}, "b": None})
    assert second.metadata == blocking.get_user_metadata("user-1").metadata == {**reserved, "a": {"x": None}}
    assert blocking.clear_user_metadata("user-1") == ClearUserMetadataResult()
    assert blocking.get_user_metadata("user-1") == MetadataResult({})


@pytest.mark.usefixtures("_default")
def test_the_awaited_ones_do_the_same() -> None:
    """And what is kept is in no repr."""

    async def story() -> list[object]:
        updated = await awaited.update_user_metadata("user-1", {"phone": "secret"})
        found = await awaited.get_user_metadata("user-1")
        return [updated, found, await awaited.clear_user_metadata("user-1"), await awaited.get_user_metadata("user-1")]

    kept = MetadataResult({"phone": "secret"})
    assert asyncio.run(story()) == [kept, kept, ClearUserMetadataResult(), MetadataResult({})]
    assert "secret" not in repr(kept)


@pytest.mark.usefixtures("_default")
def test_bad_input_changes_nothing() -> None:
    """What is no JSON, or too much of it, or for an id that cannot be kept; the message does not show it."""
    blocking.update_user_metadata("user-1", {"a": 1})
    bad = [{"a": float("nan")}, {1: "secret"}, {"a": {"secret"}}, ["secret"], {"a": "secret" * 50_000}]
    for each in bad:
        with pytest.raises(BadInputError) as caught:
            blocking.update_user_metadata("user-1", cast("JSONObject", each))  # as programs without type checks do
        assert "secret" not in str(caught.value)
    with pytest.raises(BadInputError):
        blocking.update_user_metadata("x" * 256, {})
    assert blocking.get_user_metadata("user-1").metadata == {"a": 1}


def test_functions_are_overridden() -> None:
    """The public function goes through it."""

    @UpdateUserMetadata.override
    async def stamped(call: UpdateUserMetadata) -> MetadataResult:
        call.metadata_update = {**call.metadata_update, "by": "override"}
        return await call.original()

    made = application(UserMetadataOverrideConfig(functions=stamped))
    assert blocking.update_user_metadata("user-1", {"a": 1}).metadata == {"a": 1, "by": "override"}
    made.close()
    set_default_app(None)
