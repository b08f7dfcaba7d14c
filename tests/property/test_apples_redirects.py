"""
Law: whatever a frontend asks for, Apple's form leads to the very text that was looked at, or nowhere.

The text is as it was written, but for parameters that Apple posts, and for a host of another script.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.app import init
from authweave.kernel import UserContext
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.thirdparty.interfaces import APIOptions
from authweave.recipe.thirdparty.types import AppleRedirectHandlerPostOkResult
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, BaseRequest, InputAppInfo
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property


Post: TypeAlias = Callable[[dict[str, str]], tuple[str, str] | None]
"""Posts a form; returns what the application was asked about, and where the browser is sent."""

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
def post() -> Iterator[Post]:
    """Build an application that allows everything that it is asked about."""
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
        recipe = app.recipe(ThirdPartyRecipe)
        options = APIOptions(
            request=BaseRequest("post", "/auth/callback/apple"),
            app_info=app.app_info,
            config=recipe.config,
            recipe_implementation=recipe.functions,
        )

        def posted(form: dict[str, str]) -> tuple[str, str] | None:
            seen.clear()
            try:
                result = asyncio.run(recipe.apis.apple_redirect_handler_post(form, options, {}))
            except BadInputError:
                assert seen == []
                return None
            assert isinstance(result, AppleRedirectHandlerPostOkResult)
            return seen[0], result.redirect_url

        yield posted


def names_in(query: str) -> list[str]:
    """Return the names of parameters, as a page reads them."""
    return [name for name, _ in parse_qsl(query, keep_blank_values=True)]


@given(target=targets | st.text(max_size=30), form=forms)
@example(target="https://app.example.com/auth/callback/x?code=own&y=%7E#code", form={"code": "c"})
@example(target="myapp:///callback", form={"code": "c"})
@example(target="https://app.example.com?", form={"": ""})
@SETTINGS
def test_the_very_text_or_nowhere(post: Post, target: str, form: dict[str, str]) -> None:
    """What the browser gets begins with what the application saw, which is what the frontend wrote."""
    state = base64.b64encode(json.dumps({"frontendRedirectURI": target}).encode()).decode()
    fields = {"state": state, **form}
    answered = post(fields)
    if answered is None:
        return
    seen, url = answered
    page, hash_sign, fragment = seen.partition("#")
    assert url.startswith(page)
    assert url.endswith(hash_sign + fragment)
    assert url.isascii()
    assert url.isprintable()

    written, location = urlsplit(target), urlsplit(url)
    assert parse_qsl(location.query, keep_blank_values=True)[-len(fields) :] == list(fields.items())
    own = names_in(written.query)
    assert names_in(location.query)[: -len(fields)] == [name for name in own if name not in fields]
    if target.isascii():
        assert location[:3] == written[:3]
        assert seen == target or set(own) & set(fields)
    for path in (location.path, unquote(location.path), unquote(unquote(location.path))):
        assert not {".", ".."} & set(path.replace("\\", "/").split("/"))
