"""The decision tables, row by row."""

from itertools import permutations, product

import attrs
import pytest

from authweave.recipe.session.transport import (
    ANTI_CSRF_TABLE,
    NEW_SESSION_TABLE,
    REFRESH_TABLE,
    VERIFY_TABLE,
    AntiCsrf,
    Fact,
    Genuineness,
    Refresh,
    Verify,
    auth_mode,
    bearer_token,
    cookie_values,
    find_access_token,
    find_refresh_token,
    newest_access,
    proof_needed,
    wished_transfer_method,
)
from authweave.recipe.session.types import AntiCsrfMode, AnyTransferMethod, TokenTransferMethod
from authweave.security import ParsedToken, RefreshToken, RefreshTokens, ServerSecret
from authweave.types import BaseRequest
from tests.unit.recipe.session.transport.signed import signed

# Of one session three access tokens, each refreshed from the one before it; of another session one; one of nobody's.
OLDEST, OLDER, NEWEST = (signed("a", number) for number in range(3))
OTHER, FORGED = signed("b", 0), "forged"
SIGNED = {token.text: token for token in (OLDEST, OLDER, NEWEST, OTHER)}
MADE = RefreshTokens(ServerSecret(b"0123456789abcdef0123456789abcdef"))
FIRST = MADE.first("a")
CHILD = MADE.child("a", parent_generation=0, parent_hash2=FIRST.hash2)
OF_OTHER = MADE.first("b")


@attrs.define
class Reads:
    """Knows our tokens again, and counts how often it is asked."""

    asked: int = 0

    def shape(self, text: str) -> bool:
        self.asked += 1
        return text in SIGNED or text == FORGED

    def access(self, text: str) -> ParsedToken | None:
        return SIGNED.get(text)

    def refresh(self, text: str) -> RefreshToken | None:
        self.asked += 1
        return MADE.genuine(text)

    def ours(self) -> Genuineness:
        """Return what the decisions ask."""
        return Genuineness(has_shape=self.shape, access=self.access, refresh=self.refresh)


USABLE = OLDEST.text


def request(*cookies: str, bearer: str | None = None, method: str = "post", **headers: str) -> BaseRequest:
    """Return a request with cookies written ``name=value`` and headers."""
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    pairs += [("cookie", "; ".join(cookies))] if cookies else []
    pairs += [("authorization", f"Bearer {bearer}")] if bearer is not None else []
    return BaseRequest(method=method, path="/auth/session/refresh", headers=pairs)


def verify(given: BaseRequest, allowed: AnyTransferMethod) -> Verify:
    """Decide as get_session does, where `USABLE` is the only token that comes."""
    decision, token = find_access_token(given, allowed, Reads().ours())
    assert token == (USABLE if decision in {Verify.USE_HEADER, Verify.USE_COOKIE} else None)
    return decision


METHODS: tuple[AnyTransferMethod, ...] = ("any", "cookie", "header")


def expected_verify(allowed: AnyTransferMethod, legacy: bool, bearer: str | None, cookies: tuple[str, ...]) -> Verify:
    """docs/reference/http.md, Verifying: its rows, in plain words. What is not ours is passed over."""
    if legacy:
        return Verify.TRY_REFRESH
    if allowed != "cookie" and bearer == USABLE:
        return Verify.USE_HEADER
    if allowed != "header" and USABLE in cookies:
        return Verify.USE_COOKIE
    return Verify.NO_TOKEN


@pytest.mark.parametrize("allowed", METHODS)
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("bearer", [None, "garbage", USABLE])
@pytest.mark.parametrize("cookies", [(), ("garbage",), (USABLE,), (USABLE, USABLE), ("garbage", USABLE), ("x", "y")])
def test_section_7(allowed: AnyTransferMethod, legacy: bool, bearer: str | None, cookies: tuple[str, ...]) -> None:
    """Where the access token comes from is as the table says, for every combination of what a request can bring."""
    sent = [f"sAccessToken={value}" for value in cookies] + (["sIdRefreshToken=x"] if legacy else [])
    assert verify(request(*sent, bearer=bearer), allowed) is expected_verify(allowed, legacy, bearer, cookies)


OURS, SECOND = FIRST.text, OF_OTHER.text


def expected_refresh(
    allowed: AnyTransferMethod, older: bool, bearer: bool, access: tuple[str, ...], refresh: tuple[str, ...]
) -> Refresh:
    """docs/reference/http.md, Refreshing: its rows, in plain words."""
    by_cookie = allowed != "header"
    if by_cookie and older and max(len(access), len(refresh)) > 1:
        return Refresh.CLEAR_OLDER
    if allowed != "cookie" and bearer:
        return Refresh.USE_HEADER
    if by_cookie and ({OURS, SECOND} <= set(refresh) or {USABLE, OTHER.text} <= set(access)):
        return Refresh.REFUSE
    return Refresh.USE_COOKIE if by_cookie and refresh else Refresh.NO_TOKEN


@pytest.mark.parametrize("allowed", METHODS)
@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("bearer", [False, True])
@pytest.mark.parametrize("access", [(), ("x",), (USABLE,), ("x", USABLE), (USABLE, OTHER.text)])
@pytest.mark.parametrize("refresh", [(), ("x",), (OURS,), ("x", OURS), ("x", "y"), (OURS, SECOND)])
def test_section_8(
    allowed: AnyTransferMethod, older: bool, bearer: bool, access: tuple[str, ...], refresh: tuple[str, ...]
) -> None:
    """Where the refresh token comes from is as the table says, for every combination of what a request can bring."""
    cookies = [f"sAccessToken={value}" for value in access] + [f"sRefreshToken={value}" for value in refresh]
    sent = request(*cookies, bearer="r" if bearer else None)
    decided, token = find_refresh_token(sent, allowed, Reads().ours(), has_older_domain=older)
    assert decided is expected_refresh(allowed, older, bearer, access, refresh)
    ours = OURS if OURS in refresh else next(iter(refresh), None)
    assert token == {Refresh.USE_HEADER: "r", Refresh.USE_COOKIE: ours}.get(decided)


@pytest.mark.parametrize("cookies", list(permutations([OLDEST.text, OLDER.text, NEWEST.text, "x"])))
def test_of_one_session_the_newest_access_token_is_used(cookies: tuple[str, ...]) -> None:
    """In whatever order the generations of a session come, the newest is used; what is not ours is passed over."""
    sent = request(*(f"sAccessToken={value}" for value in cookies))
    assert find_access_token(sent, "any", Reads().ours()) == (Verify.USE_COOKIE, NEWEST.text)


@pytest.mark.parametrize("later", ["the child", "a claim", "a later refresh"])
def test_what_makes_an_access_token_newer(later: str) -> None:
    """Newer is what was refreshed from the other, also in the same second; else what expires or is dated later."""
    newer = {
        "the child": attrs.evolve(OLDER, expires_at_s=OLDEST.expires_at_s, issued_at_s=OLDEST.issued_at_s),
        "a claim": attrs.evolve(OLDEST, issued_at_s=OLDEST.issued_at_s + 1, text="newer"),
        "a later refresh": NEWEST,
    }[later]
    for tokens in ([OLDEST, newer], [newer, OLDEST]):
        assert newest_access(tokens) is newer


@pytest.mark.parametrize("texts", list(permutations([FIRST.text, CHILD.text, "x"])))
def test_of_one_session_the_newest_refresh_token_is_used(texts: tuple[str, ...]) -> None:
    """In whatever order the generations of a session come, the newest is used; what is not ours is passed over."""
    sent = request(*(f"sRefreshToken={value}" for value in texts))
    decided = find_refresh_token(sent, "any", Reads().ours(), has_older_domain=False)
    assert decided == (Refresh.USE_COOKIE, CHILD.text)


def test_of_two_sessions_none_is_used() -> None:
    """Cookies of two sessions are to be refreshed, which says that there are several; foreign ones change nothing."""
    for foreign in ([], ["sAccessToken=x"]):
        sent = request(f"sAccessToken={USABLE}", *foreign, f"sAccessToken={OTHER.text}")
        assert find_access_token(sent, "any", Reads().ours()) == (Verify.TRY_REFRESH, None)


@pytest.mark.parametrize("token", [OLDEST, OLDER])
def test_a_cookie_of_2022_asks_for_one_refresh(token: ParsedToken) -> None:
    """A token that came by a refresh is used: the cookie of 2022 was cleared then, if it was ours to clear."""
    expected = Verify.USE_COOKIE if token is OLDER else Verify.TRY_REFRESH
    for cookies in ([f"sAccessToken={token.text}"], [f"sAccessToken={token.text}", "sAccessToken=x"]):
        assert find_access_token(request(*cookies, "sIdRefreshToken=x"), "any", Reads().ours())[0] is expected
    with_header = request("sIdRefreshToken=x", bearer=token.text)
    assert (find_access_token(with_header, "any", Reads().ours())[0] is Verify.TRY_REFRESH) is (token is OLDEST)


def test_where_no_access_token_is_ours_one_of_its_shape_is_refused() -> None:
    """A forged token is refused as it would be alone, and hides none of ours."""
    forged = [f"sAccessToken={FORGED}"] * 2
    assert find_access_token(request(*forged), "any", Reads().ours()) == (Verify.USE_COOKIE, FORGED)
    with_ours = request(*forged, f"sAccessToken={USABLE}")
    assert find_access_token(with_ours, "any", Reads().ours()) == (Verify.USE_COOKIE, USABLE)


@pytest.mark.parametrize("name", ["sAccessToken", "sRefreshToken"])
@pytest.mark.parametrize("ours_first", [False, True])
def test_four_cookies_of_a_name_are_looked_at(name: str, ours_first: bool) -> None:
    """Of however many cookies four are looked at, and ours is found at the end where browsers put it."""
    ours = USABLE if name == "sAccessToken" else OURS
    cookies = [f"{name}=x"] * 100
    cookies.insert(0 if ours_first else 100, f"{name}={ours}")
    reads = Reads()
    if name == "sAccessToken":
        assert find_access_token(request(*cookies), "any", reads.ours()) == (Verify.USE_COOKIE, ours)
    else:
        decided = find_refresh_token(request(*cookies), "any", reads.ours(), has_older_domain=False)
        assert decided == (Refresh.USE_COOKIE, ours)
    assert reads.asked == 4


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
