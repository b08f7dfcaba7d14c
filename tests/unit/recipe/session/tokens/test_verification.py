"""Tokens that were verified before: what is remembered of them, and what is checked every time."""

import threading

import pytest
from typing_extensions import override

from authweave.recipe import session
from authweave.recipe.session.exceptions import SessionError, TryRefreshTokenError
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.keys.schedule import REFRESH_MS
from authweave.recipe.session.tokens import verification
from authweave.recipe.session.tokens.verification import Verifier
from authweave.recipe.session.tokens.verified import VerifiedTokens, digest_of
from authweave.security import ParsedToken, VerifyingKey, parse_access_token, verify_access_token
from authweave.types import JSONObject, RecipeUserId
from tests.unit.app.test_threads import forking
from tests.unit.recipe.session.serving import HOUR_MS, Bench, bench, dynamic_key, run
from tests.unit.test_per_process import in_child, quietly


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where the ids of the keys are noted that signatures are checked with."""
    noted: list[str] = []

    def noting(token: ParsedToken, key: VerifyingKey) -> bool:
        noted.append(key.kid)
        return verify_access_token(token, key)

    monkeypatch.setattr(verification, "verify_access_token", noting)
    return noted


def created(made: Bench, payload: JSONObject | None = None) -> SessionContainer:
    """Create a session whose tokens travel by header."""
    return run(made.functions.create_new_session("u", RecipeUserId("r"), payload, None, False, "public", {}))


def found(made: Bench, token: str, anti_csrf_token: str | None = None) -> SessionContainer:
    """Verify an access token."""
    held = run(made.functions.get_session(token, anti_csrf_token, None, True, False, None, {}))
    assert held is not None
    return held


def test_a_signature_is_checked_once(checked: list[str]) -> None:
    """However often a token comes, its signature is checked once; each time it says the same."""
    made = bench()
    token = created(made, {"role": "admin"}).get_access_token()
    held = [found(made, token) for _ in range(3)]
    assert checked == [dynamic_key().kid]
    assert len({id(each) for each in held}) == 3
    for each in held:
        assert each.get_access_token() == token
        assert each.get_all_session_tokens_dangerously() == held[0].get_all_session_tokens_dangerously()
        assert each.get_access_token_payload()["role"] == "admin"
        assert each.get_recipe_user_id() == RecipeUserId("r")


def test_another_application_checks_for_itself(checked: list[str]) -> None:
    """What one application has verified another has not, so a change of configuration begins anew."""
    made = bench()
    token = created(made).get_access_token()
    found(made, token)
    found(bench(storage=made.storage, clock=made.clock), token)
    assert len(checked) == 2


def test_one_request_does_not_see_what_another_does() -> None:
    """Whatever is done to a payload, or a session, nobody else with the same token sees it."""
    made = bench()
    token = created(made, {"roles": ["user"], "deep": {"a": 1}}).get_access_token()
    one, other = found(made, token), found(made, token)
    changed: list[JSONObject] = [one.get_access_token_payload(), one.user_data_in_access_token]
    for payload in changed:
        roles, deep = payload["roles"], payload["deep"]
        assert isinstance(roles, list)
        assert isinstance(deep, dict)
        roles.append("admin")
        deep["a"] = 2
    one.user_id = "another"
    one.front_token = "another"
    run(one.merge_into_access_token_payload({"roles": ["owner"]}))
    for each in (other, found(made, token)):
        assert each.get_access_token_payload()["roles"] == ["user"]
        assert each.user_data_in_access_token["deep"] == {"a": 1}
        assert each.get_user_id() == "u"
        assert each.front_token != "another"
        assert each.get_access_token() == token


def test_expiry_is_checked_every_time() -> None:
    """A token that was good a moment ago is refused in the moment in which it expires, and stays so."""
    made = bench()
    token = created(made).get_access_token()
    found(made, token)
    made.clock.now_ms += HOUR_MS
    for _ in range(2):
        with pytest.raises(TryRefreshTokenError):
            found(made, token)


def test_the_key_is_checked_every_time() -> None:
    """A token that was good is refused once its key is gone."""
    made = bench()
    token = created(made).get_access_token()
    found(made, token)
    made.storage.remove_signing_key(dynamic_key().kid)
    made.clock.now_ms += REFRESH_MS
    found(made, token)
    made.later.run()
    with pytest.raises(TryRefreshTokenError):
        found(made, token)


def test_anti_csrf_is_checked_every_time() -> None:
    """A token that came with its anti-CSRF token is refused when it comes without, or with another."""
    made = bench(session.init(anti_csrf="VIA_TOKEN"))
    held = created(made)
    tokens = held.get_all_session_tokens_dangerously()
    found(made, tokens["accessToken"], tokens["antiCsrfToken"])
    for wrong in (None, "", "another", "\ud800"):
        with pytest.raises(TryRefreshTokenError):
            found(made, tokens["accessToken"], wrong)


@pytest.mark.parametrize("end", ["A", "\x00", "é", "\ud800", "=", " ", "x" * 9_000])
def test_what_is_nearly_a_remembered_token(end: str) -> None:
    """A token with anything more at its end is another one, and is refused; nothing breaks."""
    made = bench()
    token = created(made).get_access_token()
    found(made, token)
    with pytest.raises(SessionError):
        found(made, token + end)


def test_a_forged_token_is_not_remembered() -> None:
    """A token that did not verify is checked again, and does not push out those that did."""
    made = bench()
    token = created(made).get_access_token()
    verifier = Verifier(made.recipe.keys, made.clock)
    forged = token[:-9] + ("AAAAAAAAA" if not token.endswith("AAAAAAAAA") else "BBBBBBBBB")
    with pytest.raises(TryRefreshTokenError):
        verifier.verify(forged)
    assert len(verifier.remembered) == 0
    assert verifier.verify(token) is not None
    assert len(verifier.remembered) == 1
    assert token not in repr(verifier.remembered.find(digest_of(token)))


def test_the_least_used_is_forgotten() -> None:
    """As many tokens are remembered as fit; the one that was not used for longest makes room."""
    made = bench()
    verifier = Verifier(made.recipe.keys, made.clock)
    verified = verifier.verify(created(made).get_access_token())
    assert verified is not None
    remembered = VerifiedTokens(2)
    for name in (b"a", b"b"):
        remembered.keep(name, verified)
    assert remembered.find(b"a") is verified
    remembered.keep(b"c", verified)
    assert [remembered.find(name) is not None for name in (b"a", b"b", b"c")] == [True, False, True]
    assert len(remembered) == 2


@pytest.mark.parametrize("capacity", [2, 7, 8])
def test_no_more_are_remembered_than_fit(capacity: int) -> None:
    """However many tokens come and come again, those of the last half are remembered, and never more than fit."""
    made = bench()
    verified = Verifier(made.recipe.keys, made.clock).verify(created(made).get_access_token())
    assert verified is not None
    remembered = VerifiedTokens(capacity)
    for number in range(30):
        remembered.keep(bytes([number]), verified)
        remembered.find(bytes([number // 2]))
        assert len(remembered) <= capacity
        assert remembered.find(bytes([number])) is verified
    remembered.forget(bytes([29]))
    assert remembered.find(bytes([29])) is None


class HeldDigest(bytes):
    """A digest that is not looked up before a test lets it."""

    asked = threading.Event()
    let = threading.Event()

    @override
    def __hash__(self) -> int:
        self.asked.set()
        self.let.wait()
        return super().__hash__()


@forking
@quietly
def test_tokens_are_found_in_a_child() -> None:
    """A fork while the parent looks for a token does not make the children wait for it forever."""
    made = bench()
    verifier = Verifier(made.recipe.keys, made.clock)
    token = created(made).get_access_token()
    assert verifier.verify(token) is not None
    slow = HeldDigest(b"of the parent")
    finding = threading.Thread(target=verifier.remembered.find, args=(slow,))
    finding.start()
    slow.asked.wait()
    assert in_child(lambda: verifier.verify(token) is not None)
    slow.let.set()
    finding.join()


def test_a_request_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of a request is read once, though it is asked first whether it is one; if it is known, not at all."""
    read: list[str] = []

    def noting(text: str) -> ParsedToken | None:
        read.append(text)
        return parse_access_token(text)

    monkeypatch.setattr(verification, "parse_access_token", noting)
    made = bench()
    client = run(made.sign_in())
    for _ in range(3):
        assert run(made.recipe.requests.get_session(client.request())) is not None
    assert read == [client.access_token]
