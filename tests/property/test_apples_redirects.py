"""
Law: whatever a frontend asks for, Apple's form leads to the very text that was looked at, or nowhere.

The text is as it was written, but for parameters that Apple posts, and for a host of another script.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.app import App, init
from authweave.kernel import UserContext
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.thirdparty.interfaces import APIOptions
from authweave.recipe.thirdparty.types import AppleRedirectHandlerPostOkResult
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, BaseRequest, InputAppInfo
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property


@attrs.frozen(repr=False)
class World:
    """An application that allows everything that it is asked about, and what that was."""

    app: App
    seen: list[str]


pieces: st.SearchStrategy[str] = st.sampled_from(
    [
        *("/", "//", "///", ".", "..", "%2e", "%2E%2e", "%252e", "%2f", "%5c", "\\", ";", "a", "b c", "ü", "рф", "%"),
        *("?", "&", "=", "#", "code", "c%6fde", "state", "user=", "x=1", "+", "@", ":", ":80", ":x", "[", "]", "::1"),
        *("\0", "\n", "\t", "\x7f", "\u200b", "\ud800", "\uff0e", "\u2100", "example.com", "~", "'", '"', "<", "|"),
    ]
)


def text_of(begin: str, pieces: list[str]) -> str:
    """Put pieces together."""
    return begin + "".join(pieces)


targets: st.SearchStrategy[str] = st.builds(
    text_of,
    st.sampled_from(["https://", "http://app.example.com", "HTTPS://bücher.example", "myapp:", "javascript:", ""]),
    st.lists(pieces, max_size=8),
)
forms: st.SearchStrategy[dict[str, str]] = st.dictionaries(
    st.sampled_from(["code", "user", "x", "", "id_token"]), st.text(max_size=4), max_size=3
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Build the application."""
    seen: list[str] = []

    def note(target: str, request: BaseRequest, user_context: UserContext) -> bool:
        seen.append(target)
        return True

    recipes = [
        thirdparty.init(thirdparty.SignInAndUpFeature(), is_valid_frontend_redirect_uri=note),
        session.init(),
    ]
    info = InputAppInfo("Test", "https://api.example.com", website_domain="https://app.example.com")
    with closing(init(info, recipes, storage=MemoryStorage(), secret=b"s" * 32, default=False)) as app:
        yield World(app, seen)


def names_in(query: str) -> list[str]:
    """Return the names of parameters, as a page reads them."""
    return [name for name, _ in parse_qsl(query, keep_blank_values=True)]


@given(target=targets | st.text(max_size=30), form=forms)
@example(target="https://app.example.com/auth/callback/x?code=own&y=%7E#code", form={"code": "c"})
@example(target="myapp:///callback", form={"code": "c"})
@example(target="https://app.example.com?", form={"": ""})
@SETTINGS
def test_the_very_text_or_nowhere(world: World, target: str, form: dict[str, str]) -> None:
    """What the browser gets begins with what the application saw, which is what the frontend wrote."""
    recipe = world.app.recipe(ThirdPartyRecipe)
    options = APIOptions(
        request=BaseRequest("post", "/auth/callback/apple"),
        app_info=world.app.app_info,
        config=recipe.config,
        recipe_implementation=recipe.functions,
    )
    state = base64.b64encode(json.dumps({"frontendRedirectURI": target}).encode()).decode()
    posted = {"state": state, **form}
    world.seen.clear()
    try:
        result = asyncio.run(recipe.apis.apple_redirect_handler_post(posted, options, {}))
    except BadInputError:
        assert world.seen == []
        return
    assert isinstance(result, AppleRedirectHandlerPostOkResult)
    (seen,) = world.seen
    page, hash_sign, fragment = seen.partition("#")
    assert result.redirect_url.startswith(page)
    assert result.redirect_url.endswith(hash_sign + fragment)
    assert result.redirect_url.isascii()
    assert result.redirect_url.isprintable()

    written, location = urlsplit(target), urlsplit(result.redirect_url)
    assert parse_qsl(location.query, keep_blank_values=True)[-len(posted) :] == list(posted.items())
    own = names_in(written.query)
    assert names_in(location.query)[: -len(posted)] == [name for name in own if name not in posted]
    if target.isascii() and not set(own) & set(posted):
        assert seen == target
    if target.isascii():
        assert location[:3] == written[:3]
    for path in (location.path, unquote(location.path), unquote(unquote(location.path))):
        assert urljoin("https://app.example.com", f"/{path.lstrip('/')}").endswith(path.lstrip("/"))
        assert not {".", ".."} & set(path.replace("\\", "/").split("/"))
