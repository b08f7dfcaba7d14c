"""Laws: whatever a client sends, it is a session, none, or one of the errors that have an answer."""

import base64
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.recipe import session
from authweave.recipe.session.config import InputConfig, complete
from authweave.recipe.session.exceptions import SessionError
from authweave.recipe.session.interfaces import SessionContent, SessionOptions
from authweave.recipe.session.transport import (
    REFRESH_TABLE,
    VERIFY_TABLE,
    Fact,
    encoded_front_token,
    first_match,
    same_site_for,
    site_of,
)
from authweave.types import BadInputError, BaseRequest, ConfigurationError, InputAppInfo, RecipeUserId
from tests.property.strategies import SETTINGS
from tests.unit.recipe.session.serving import Client, bench, front_token_of, run

pytestmark = pytest.mark.property

BENCHES = [
    bench(session.init(anti_csrf="VIA_TOKEN")),
    bench(website_domain="https://example.org"),
    bench(session.init(older_cookie_domain="")),
]
CLIENT = run(BENCHES[0].sign_in())
TOKENS = st.sampled_from([CLIENT.access_token, CLIENT.refresh_token, "a.b.c", "e30.e30.e30", "%", "%2", "%ff", '"', ""])
VALUES = TOKENS | st.text(max_size=30) | st.text('abc=;, %"', max_size=30)
COOKIES = st.lists(
    st.builds(
        "{}={}".format,
        st.sampled_from(["sAccessToken", "sRefreshToken", "sIdRefreshToken", "", "other"]),
        VALUES,
    ),
    max_size=4,
).map("; ".join)
HEADERS = st.lists(
    st.tuples(st.just("cookie"), COOKIES)
    | st.tuples(st.just("authorization"), st.builds("{}{}".format, st.sampled_from(["Bearer ", "bearer ", ""]), VALUES))
    | st.tuples(st.sampled_from(["rid", "anti-csrf", "st-auth-mode"]), VALUES | st.sampled_from(["cookie", "header"])),
    max_size=5,
)


def expected_failure(coroutine: Coroutine[Any, Any, object]) -> SessionError | BadInputError | None:
    """Run what may fail because of what a client sent; return the failure. Any other is not caught."""
    try:
        run(coroutine)
    except (SessionError, BadInputError) as error:
        return error
    return None


@SETTINGS
@given(
    which=st.integers(0, len(BENCHES) - 1),
    method=st.sampled_from(["get", "post", "put"]),
    headers=HEADERS,
    refresh=st.booleans(),
    required=st.booleans(),
)
@example(which=0, method="get", headers=[("authorization", "Bearer \ud800")], refresh=False, required=True)
@example(
    which=0,
    method="post",
    headers=[("anti-csrf", "\udfff"), ("cookie", f"sAccessToken={CLIENT.access_token}")],
    refresh=False,
    required=True,
)
def test_no_request_is_a_surprise(
    which: int, method: str, headers: list[tuple[str, str]], refresh: bool, required: bool
) -> None:
    """Whatever stands in cookies and headers, nothing is raised but what has an answer below 500."""
    made, request = BENCHES[which], BaseRequest(method, "/auth/session/refresh", headers)
    requests = made.recipe.requests
    if refresh:
        failure = expected_failure(requests.refresh_session(request))
    else:
        failure = expected_failure(
            requests.get_session(request, SessionOptions(session_required=required, check_database=True)),
        )
    if isinstance(failure, SessionError):
        answer = run(made.recipe.answer_error(request, failure))
        assert answer.status in {200, 401}
        assert CLIENT.refresh_token.encode() not in answer.body
    assert CLIENT.refresh_token not in f"{failure!r}"
    for _, text in request.changes.headers:
        assert "\n" not in text
        assert text.isascii()


@SETTINGS
@given(st.lists(st.sampled_from(list(Fact)), max_size=5))
def test_every_table_decides(facts: list[Fact]) -> None:
    """For any set of facts each table has a decision, and it is that of the first row that applies."""
    together = Fact.NOTHING
    for fact in facts:
        together |= fact
    for table in (VERIFY_TABLE, REFRESH_TABLE):
        rows = [decision for needed, decision in table if needed in together]
        assert first_match(table, together) is rows[0]


FOREIGN = st.text("abc.%=_-", max_size=9) | st.sampled_from(["x", "a.b.c", f"{CLIENT.access_token}x", "e30.e30.e30"])


@SETTINGS
@given(before=st.lists(FOREIGN, max_size=1), after=st.lists(FOREIGN, max_size=9), swapped=st.booleans())
def test_foreign_cookies_change_nothing(before: list[str], after: list[str], swapped: bool) -> None:
    """Whatever is sent beside our cookie, as long as ours is near one end, the outcome is that of ours alone."""
    made = BENCHES[0]
    first, last = (after, before) if swapped else (before, after)
    for name, ours in (("sAccessToken", CLIENT.access_token), ("sRefreshToken", CLIENT.refresh_token)):
        cookie = "; ".join(f"{name}={value}" for value in (*first, ours, *last))
        request = BaseRequest("get", "/", [("cookie", cookie), ("anti-csrf", CLIENT.headers["anti-csrf"])])
        if name == "sAccessToken":
            found = run(made.recipe.requests.get_session(request))
        else:
            found = run(made.recipe.requests.refresh_session(request))
        assert found is not None
        assert found.get_user_id() == "u1"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@SETTINGS
@given(user_id=st.text(max_size=20), expiry_ms=st.integers(0, 2**53), payload=st.dictionaries(st.text(), JSON_VALUES))
def test_a_front_token_reads_back(user_id: str, expiry_ms: int, payload: dict[str, object]) -> None:
    """A front token is base64 of UTF-8 JSON, whatever is in it; half of a surrogate pair becomes a question mark."""
    text = encoded_front_token(user_id, expiry_ms, json.loads(json.dumps(payload)))
    decoded = json.loads(base64.b64decode(text, validate=True).decode())
    assert decoded["ate"] == expiry_ms
    whole = json.dumps([user_id, payload], ensure_ascii=False)
    if whole == whole.encode("utf-8", "replace").decode():
        assert decoded == {"uid": user_id, "ate": expiry_ms, "up": payload}


@SETTINGS
@given(claims=st.dictionaries(st.text(min_size=1, max_size=9), JSON_VALUES, max_size=4))
def test_claims_arrive(claims: dict[str, object]) -> None:
    """Whatever JSON an application puts into a session arrives in the front token, and comes back with the session."""
    made, client = BENCHES[2], Client()
    request = BaseRequest("post", "/auth/signin")
    own = {f"x-{name}": value for name, value in json.loads(json.dumps(claims)).items()}

    async def scenario() -> None:
        created = await made.recipe.requests.create_new_session(
            request,
            user_id="u",
            recipe_user_id=RecipeUserId("u"),
            tenant_id="public",
            content=SessionContent(access_token_payload=own),
        )
        client.take(request.changes)
        found = await made.recipe.requests.get_session(client.request(), SessionOptions(check_database=True))
        assert found is not None
        assert found.get_access_token_payload() == created.get_access_token_payload()
        assert {name: value for name, value in found.get_access_token_payload().items() if name in own} == own

    run(scenario())
    assert front_token_of(request.changes)["uid"] == "u"


@SETTINGS
@given(domain=st.text(max_size=40) | st.text("ab.-:/[]1 ", max_size=40))
def test_a_cookie_domain_is_one_or_an_error(domain: str) -> None:
    """Whatever is configured as a domain ends as plain letters in a cookie, or is refused."""
    info = InputAppInfo("App", "https://api.example.com", website_domain="https://example.com").normalised()
    with suppress(ConfigurationError):
        written = complete(InputConfig(cookie_domain=domain), info).cookies.domain
        assert written is None or set(written) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")


@SETTINGS
@given(host=st.text("ab.-", max_size=20) | st.sampled_from(["a.co.uk", "b.github.io", "localhost", "10.0.0.1"]))
def test_sites(host: str) -> None:
    """A host is of its own site, and across schemes nothing is."""
    assert site_of(host) == "localhost" or site_of(host) in host
    assert same_site_for(f"https://{host}", f"https://{host}") == "lax"
    assert same_site_for(f"https://{host}", f"http://{host}") == "none"
