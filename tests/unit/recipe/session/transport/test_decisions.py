"""The decision tables, row by row."""

from itertools import product

import pytest

from authweave.recipe.session.transport import (
    ANTI_CSRF_TABLE,
    NEW_SESSION_TABLE,
    REFRESH_TABLE,
    VERIFY_TABLE,
    AntiCsrf,
    Fact,
    Refresh,
    Verify,
    auth_mode,
    bearer_token,
    cookie_values,
    find_access_token,
    first_match,
    proof_needed,
    refresh_facts,
    wished_transfer_method,
)
from authweave.recipe.session.types import AntiCsrfMode, AnyTransferMethod, TokenTransferMethod
from authweave.types import BaseRequest

USABLE = "usable"


def request(*cookies: str, bearer: str | None = None, method: str = "post", **headers: str) -> BaseRequest:
    """Return a request with cookies written ``name=value`` and headers."""
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    pairs += [("cookie", "; ".join(cookies))] if cookies else []
    pairs += [("authorization", f"Bearer {bearer}")] if bearer is not None else []
    return BaseRequest(method=method, path="/auth/session/refresh", headers=pairs)


def verify(given: BaseRequest, allowed: AnyTransferMethod) -> Verify:
    """Decide as get_session does, with ``usable`` as the only text that looks like a token."""
    decision, token = find_access_token(given, allowed, lambda token: token == USABLE)
    assert token == (USABLE if decision in {Verify.USE_HEADER, Verify.USE_COOKIE} else None)
    return decision


METHODS: tuple[AnyTransferMethod, ...] = ("any", "cookie", "header")


def expected_verify(allowed: AnyTransferMethod, legacy: bool, bearer: str | None, cookies: tuple[str, ...]) -> Verify:
    """docs/reference/http.md, Verifying: its rows, in plain words."""
    if legacy:
        return Verify.TRY_REFRESH
    if allowed != "cookie" and bearer == USABLE:
        return Verify.USE_HEADER
    if allowed != "header" and USABLE in cookies:
        return Verify.TRY_REFRESH if len(cookies) > 1 else Verify.USE_COOKIE
    return Verify.NO_TOKEN


@pytest.mark.parametrize("allowed", METHODS)
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("bearer", [None, "garbage", USABLE])
@pytest.mark.parametrize("cookies", [(), ("garbage",), (USABLE,), (USABLE, USABLE), ("garbage", USABLE), ("x", "y")])
def test_section_7(allowed: AnyTransferMethod, legacy: bool, bearer: str | None, cookies: tuple[str, ...]) -> None:
    """Where the access token comes from is as the table says, for every combination of what a request can bring."""
    sent = [f"sAccessToken={value}" for value in cookies] + (["sIdRefreshToken=x"] if legacy else [])
    assert verify(request(*sent, bearer=bearer), allowed) is expected_verify(allowed, legacy, bearer, cookies)


def expected_refresh(allowed: AnyTransferMethod, older: bool, bearer: bool, access: int, refresh: int) -> Refresh:
    """docs/reference/http.md, Refreshing: its rows, in plain words."""
    if allowed != "header" and max(access, refresh) > 1:
        return Refresh.CLEAR_OLDER if older else Refresh.REFUSE
    if allowed != "cookie" and bearer:
        return Refresh.USE_HEADER
    if allowed != "header" and refresh:
        return Refresh.USE_COOKIE
    return Refresh.NO_TOKEN


@pytest.mark.parametrize("allowed", METHODS)
@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("bearer", [False, True])
@pytest.mark.parametrize(("access", "refresh"), list(product(range(3), range(3))))
def test_section_8(allowed: AnyTransferMethod, older: bool, bearer: bool, access: int, refresh: int) -> None:
    """Where the refresh token comes from is as the table says, for every combination of what a request can bring."""
    sent = request(*["sAccessToken=a"] * access, *["sRefreshToken=r"] * refresh, bearer="r" if bearer else None)
    decided = first_match(REFRESH_TABLE, refresh_facts(sent, allowed, has_older_domain=older))
    assert decided is expected_refresh(allowed, older, bearer, access, refresh)


@pytest.mark.parametrize("table", [VERIFY_TABLE, REFRESH_TABLE])
def test_every_table_ends_with_a_row_for_everything(table: tuple[tuple[Fact, object], ...]) -> None:
    """A table decides whatever the facts are, and has no row that an earlier one hides."""
    assert table[-1][0] is Fact.NOTHING
    for number, (needed, _) in enumerate(table):
        assert not any(earlier in needed for earlier, _ in table[:number] if earlier)


@pytest.mark.parametrize(
    ("wish", "mode", "method"),
    [
        ("cookie", "header", "cookie"),
        ("cookie", None, "cookie"),
        ("header", "cookie", "header"),
        ("header", None, "header"),
        ("any", "cookie", "cookie"),
        ("any", "header", "header"),
        ("any", None, "header"),
    ],
)
def test_section_3_4(wish: AnyTransferMethod, mode: str | None, method: TokenTransferMethod) -> None:
    """A new session travels as the application says, else as the frontend wishes, else by header."""
    sent = request() if mode is None else request(st_auth_mode=mode)
    assert NEW_SESSION_TABLE[wish, auth_mode(sent)] == method


def test_the_table_of_new_sessions_is_whole() -> None:
    """Every wish meets every value of st-auth-mode."""
    assert set(NEW_SESSION_TABLE) == set(product(METHODS, (None, "cookie", "header")))


@pytest.mark.parametrize(
    ("sent", "mode"), [("cookie", "cookie"), ("COOKIE", "cookie"), (" Header ", "header"), ("x", None), ("", None)]
)
def test_st_auth_mode(sent: str, mode: str | None) -> None:
    """st-auth-mode is read whatever its case, and ignored where it says something else."""
    assert auth_mode(request(st_auth_mode=sent)) == mode


def test_the_default_wish() -> None:
    """By default new sessions follow st-auth-mode, and any token is verified."""
    sent = request(st_auth_mode="cookie")
    assert wished_transfer_method(sent, True, {}) == "cookie"
    assert wished_transfer_method(sent, False, {}) == "any"
    assert wished_transfer_method(request(), True, {}) == "any"


MODES: tuple[AntiCsrfMode, ...] = ("NONE", "VIA_CUSTOM_HEADER", "VIA_TOKEN")
TRANSFER: tuple[TokenTransferMethod, ...] = ("cookie", "header")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("transfer", TRANSFER)
@pytest.mark.parametrize("http_method", ["get", "post", "put"])
@pytest.mark.parametrize("asked", [None, False, True])
def test_anti_csrf(mode: AntiCsrfMode, transfer: TokenTransferMethod, http_method: str, asked: bool | None) -> None:
    """A proof is asked for by cookie only, and by default not of a GET; the mode says which."""
    checked = transfer == "cookie" and (asked is True or (asked is None and http_method != "get"))
    proofs = {"NONE": AntiCsrf.NO_PROOF, "VIA_CUSTOM_HEADER": AntiCsrf.ANY_RID, "VIA_TOKEN": AntiCsrf.TOKEN}
    assert proof_needed(mode, transfer, http_method, asked=asked) is (proofs[mode] if checked else AntiCsrf.NO_PROOF)
    assert set(ANTI_CSRF_TABLE) == set(product(MODES, TRANSFER))


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("Bearer  abc ", "abc"),
        ("bearer abc", None),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
        (f"Bearer {'a' * 8_192}", "a" * 8_192),
        (f"Bearer {'a' * 8_193}", None),
    ],
)
def test_bearer_token(header: str, token: str | None) -> None:
    """The scheme is case-sensitive, and a header without a token, or with an endless one, has none."""
    assert bearer_token(request(authorization=header)) == token


def test_no_authorization_header() -> None:
    """A request without the header has no bearer token."""
    assert bearer_token(request()) is None


def test_cookie_values_are_decoded() -> None:
    """Cookies are percent-decoded, kept in order, and left out where empty or endless."""
    sent = request(
        "sAccessToken=a%2Eb%20c", "other=1", "sAccessToken=", "sAccessToken=d", f"sAccessToken={'e' * 8_193}"
    )
    assert cookie_values(sent, "sAccessToken") == ["a.b c", "d"]
