import base64
import json
from collections.abc import Mapping

import pytest

from authweave.security import (
    SigningKey,
    TokenTooLongError,
    generate_dynamic_key,
    has_token_shape,
    parse_access_token,
    sign_access_token,
    verify_access_token,
)
from authweave.types import JSON, JSONObject

CLAIMS: JSONObject = {
    "sub": "user",
    "rsub": "method",
    "tId": "public",
    "iat": 1_700_000_000,
    "exp": 1_700_003_600,
    "sessionHandle": "handle",
    "refreshTokenHash1": "hash",
    "parentRefreshTokenHash1": None,
    "antiCsrfToken": None,
    "iss": "https://api.example.com/auth",
    "custom": {"ü": [1, 2.5, None]},
}
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "d-1", "version": "5"}


@pytest.fixture(scope="module")
def key() -> SigningKey:
    """Return a key, made once: that takes long."""
    return generate_dynamic_key(1, "RS256")


def part(content: Mapping[str, object]) -> str:
    """Encode a header or a payload."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def made_up(header: Mapping[str, object] | None = None, claims: Mapping[str, object] | None = None) -> str:
    """Return a token with some parts other than usual, and a signature that is none."""
    return f"{part({**HEADER, **(header or {})})}.{part({**CLAIMS, **(claims or {})})}.c2lnbmF0dXJl"


def without(name: str) -> str:
    """Return a made-up token that lacks a claim."""
    return f"{part(HEADER)}.{part({key: value for key, value in CLAIMS.items() if key != name})}.c2lnbmF0dXJl"


def test_a_signed_token_reads_back_and_verifies(key: SigningKey) -> None:
    """Header, claims and signature are as they should be (docs/reference/http.md, Access tokens)."""
    text = sign_access_token(CLAIMS, key)
    header, payload, _ = (base64.urlsafe_b64decode(f"{segment}===") for segment in text.split("."))
    assert json.loads(header) == HEADER
    assert json.loads(payload) == CLAIMS
    token = parse_access_token(text)
    assert token is not None
    assert (token.kid, token.version, token.text) == ("d-1", 5, text)
    assert (token.user_id, token.recipe_user_id, token.tenant_id) == ("user", "method", "public")
    assert (token.session_handle, token.issued_at_s, token.expires_at_s) == ("handle", 1_700_000_000, 1_700_003_600)
    assert (token.refresh_hash1, token.parent_refresh_hash1, token.anti_csrf_token) == ("hash", None, None)
    assert token.payload == CLAIMS
    assert verify_access_token(token, key.verifying)


def test_another_key_and_a_changed_token_are_refused(key: SigningKey) -> None:
    """Neither another key of the same id, nor the same key of another id, nor changed claims verify."""
    text = sign_access_token(CLAIMS, key)
    token = parse_access_token(text)
    assert token is not None
    assert not verify_access_token(token, generate_dynamic_key(1, key.algorithm).verifying)
    assert not verify_access_token(token, SigningKey("d-2", key.key).verifying)
    header, _, signature = text.split(".")
    changed = parse_access_token(f"{header}.{part({**CLAIMS, 'sub': 'other'})}.{signature}")
    assert changed is not None
    assert not verify_access_token(changed, key.verifying)
    forged = parse_access_token(made_up())
    assert forged is not None
    assert not verify_access_token(forged, key.verifying)


def test_the_key_decides_the_algorithm(key: SigningKey) -> None:
    """A token that names a key of another algorithm than its own does not verify, however it was signed."""
    other = generate_dynamic_key(1, "ES256")
    assert other.kid == key.kid
    for signs, verifies in ((key, other), (other, key)):
        text = sign_access_token(CLAIMS, signs)
        renamed = part({**HEADER, "alg": verifies.algorithm}) + text[text.index(".") :]
        for each in (text, renamed):
            token = parse_access_token(each)
            assert token is not None
            assert not verify_access_token(token, verifies.verifying)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS512", "PS256", "ES384", "", None, 1, ["RS256"]])
def test_other_algorithms_are_no_tokens_of_ours(algorithm: object) -> None:
    """Whatever the header asks for, RS256 and ES256 are the only algorithms."""
    assert parse_access_token(made_up({"alg": algorithm})) is None


@pytest.mark.parametrize(
    "header",
    [{"typ": "at+jwt"}, {"typ": None}, {"kid": None}, {"kid": 1}, {"version": 5}, {"version": "2"}, {"version": "x"}],
)
def test_other_headers_are_no_tokens_of_ours(header: Mapping[str, object]) -> None:
    """Type, key id and a version from 3 on have to be there."""
    assert parse_access_token(made_up(header)) is None


@pytest.mark.parametrize("name", ["sub", "rsub", "tId", "iat", "exp", "sessionHandle", "refreshTokenHash1"])
def test_each_claim_of_a_session_has_to_be_there(name: str) -> None:
    """Without one of them, or with a value of another type, it is no session token."""
    assert parse_access_token(without(name)) is None
    wrong_ones: list[JSON] = [None, True, [], {}, "1" if name in {"iat", "exp"} else 1]
    for wrong in wrong_ones:
        assert parse_access_token(made_up(claims={name: wrong})) is None


@pytest.mark.parametrize("claims", [{"stt": 1}, {"stt": False}, {"stt": "0"}, {"stt": None}, {"antiCsrfToken": 1}])
def test_tokens_of_other_purposes_are_no_session_tokens(claims: Mapping[str, object]) -> None:
    """A token type other than 0 (OAuth2's) is not a session's."""
    assert parse_access_token(made_up(claims=claims)) is None
    assert parse_access_token(made_up(claims={"stt": 0})) is not None


def test_older_versions_may_lack_what_came_later() -> None:
    """Version 4 needs no `rsub`, version 3, also where it is not said, no `tId` either."""
    claims = {key: value for key, value in CLAIMS.items() if key not in {"rsub", "tId"}}
    for header in ({**HEADER, "version": "3"}, {key: value for key, value in HEADER.items() if key != "version"}):
        token = parse_access_token(f"{part(header)}.{part(claims)}.c2ln")
        assert token is not None
        assert (token.version, token.tenant_id, token.recipe_user_id) == (3, "public", "user")
    four = {**HEADER, "version": "4"}
    assert parse_access_token(f"{part(four)}.{part(claims)}.c2ln") is None
    token = parse_access_token(f"{part(four)}.{part({**claims, 'tId': 't1'})}.c2ln")
    assert token is not None
    assert (token.tenant_id, token.recipe_user_id) == ("t1", "user")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "a.b",
        "a.b.c.d",
        f"{part(HEADER)}.{base64.urlsafe_b64encode(b'[1]').decode()}.c2ln",
        f"{part(HEADER)}.{base64.urlsafe_b64encode(b'[' * 3_000).decode()}.c2ln",
        f"{part(HEADER)}.{base64.urlsafe_b64encode(b'9' * 4_500).decode()}.c2ln",
        f"{part(HEADER)}.{base64.urlsafe_b64encode(bytes([255, 254, 253])).decode()}.c2ln",
        made_up(claims={"exp": float("inf")}),
        made_up(claims={"exp": float("nan")}),
        made_up(claims={"exp": 10**400}),
        made_up(claims={"padding": "x" * 8_192}),
    ],
    ids=range(12),
)
def test_garbage_is_no_token(text: str) -> None:
    """What is malformed, or too long, is no token, and no error either."""
    assert not has_token_shape(text)


@pytest.mark.parametrize("signature", ["", "c2ln=", "c2\nln", "ü", "c2ln", "c2lnbR"])
def test_a_broken_signature_is_forged_not_foreign(key: SigningKey, signature: str) -> None:
    """Whatever stands for a signature, the token has its shape (the client is to refresh) and does not verify."""
    token = parse_access_token(f"{part(HEADER)}.{part(CLAIMS)}.{signature}")
    assert token is not None
    assert not verify_access_token(token, key.verifying)


def test_no_letter_of_a_signature_may_change(key: SigningKey) -> None:
    """The last letter has bits to spare; a token in which it is another does not verify all the same."""
    text = sign_access_token(CLAIMS, key)
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        changed = parse_access_token(text[:-1] + letter)
        assert changed is not None
        assert verify_access_token(changed, key.verifying) == (letter == text[-1])


def test_a_token_that_would_be_too_long_is_not_made(key: SigningKey) -> None:
    """Rather than a token that nobody takes there is an error that says what to do."""
    with pytest.raises(TokenTooLongError, match="session's data"):
        sign_access_token({**CLAIMS, "custom": "x" * 7_000}, key)


def test_nothing_secret_is_shown(key: SigningKey) -> None:
    """Neither the token nor the hashes and claims in it are in its `repr`, nor is the key in that of a key."""
    token = parse_access_token(sign_access_token(CLAIMS, key))
    shown = repr([token, key, key.verifying])
    assert "d-1" in shown
    assert "eyJ" not in shown
    assert "'hash'" not in shown
    assert "custom" not in shown
    assert "RSA" not in shown
