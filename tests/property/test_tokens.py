"""Laws: what was made reads back and is genuine; what was not is refused, and never raises."""

import base64
import json
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.security import (
    RefreshTokens,
    ServerSecret,
    SigningKey,
    generate_dynamic_key,
    parse_access_token,
    parse_refresh_token,
    sign_access_token,
    verify_access_token,
)

pytestmark = pytest.mark.property

TOKENS = RefreshTokens(ServerSecret(b"s" * 32))
OTHERS = RefreshTokens(ServerSecret(b"t" * 32))

handles = st.text(st.characters(exclude_categories=["Cs"]), max_size=255)
texts = st.text(max_size=10)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
CLAIM_NAMES = ["sub", "rsub", "tId", "iat", "exp", "sessionHandle", "refreshTokenHash1", "antiCsrfToken", "stt"]


@cache
def a_key() -> SigningKey:
    """Return a key, made once: that takes long."""
    return generate_dynamic_key(1)


@given(handle=handles, generations=st.integers(0, 5))
def test_a_refresh_token_reads_back(handle: str, generations: int) -> None:
    """However far down the line, a token reads back, is genuine, and has no character that a cookie would escape."""
    token = TOKENS.first(handle)
    for generation in range(generations):
        token = TOKENS.child(handle, parent_generation=generation, parent_hash2=token.hash2)
    assert parse_refresh_token(token.text) == token
    assert TOKENS.is_genuine(token)
    assert not OTHERS.is_genuine(token)
    assert token.text.isascii()
    assert token.text.replace("-", "").replace("_", "").isalnum()


@given(text=st.text() | st.text("ABCDwxyz0189-_=.", max_size=300) | st.binary(min_size=70, max_size=99).map(str))
@example("\ud800")
@example("x" * 1_000_000)
@example(base64.urlsafe_b64encode(b"\x01" + bytes(72) + b"\xff\xff\xff").decode())
def test_garbage_is_no_refresh_token_of_ours(text: str) -> None:
    """Any text at all is refused without an error."""
    token = parse_refresh_token(text)
    assert token is None or not TOKENS.is_genuine(token)


@given(data=st.binary(min_size=73, max_size=120).map(lambda data: b"\x01" + data[1:]))
def test_bytes_of_the_right_shape_are_not_genuine(data: bytes) -> None:
    """Whatever parses reads back as written, and is not ours."""
    text = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    token = parse_refresh_token(text)
    if token is not None:
        assert token.text == text
        assert not TOKENS.is_genuine(token)


@given(handle=handles, at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_refresh_token_is_refused(handle: str, at: int, bit: int) -> None:
    """With any one bit flipped a token is none, or not genuine."""
    text = TOKENS.first(handle).text
    data = bytearray(base64.urlsafe_b64decode(f"{text}==="))
    data[at % len(data)] ^= 1 << bit
    changed = parse_refresh_token(base64.urlsafe_b64encode(data).rstrip(b"=").decode())
    assert changed is None or not TOKENS.is_genuine(changed)


@given(
    user=texts,
    issued_at_s=st.integers(0, 2**40),
    custom=st.dictionaries(texts.filter(lambda name: name not in CLAIM_NAMES), texts | st.integers() | st.none()),
)
def test_an_access_token_reads_back(user: str, issued_at_s: int, custom: dict[str, str | int | None]) -> None:
    """Every claim survives, the signature is right, and another key's is not."""
    claims = custom | {
        "sub": user, "rsub": user, "tId": "public", "iat": issued_at_s, "exp": issued_at_s + 3600,
        "sessionHandle": "h", "refreshTokenHash1": "x", "parentRefreshTokenHash1": None, "antiCsrfToken": None,
    }  # fmt: skip
    token = parse_access_token(sign_access_token(claims, a_key()))
    assert token is not None
    assert token.payload == claims
    assert (token.user_id, token.issued_at_s) == (user, issued_at_s)
    assert verify_access_token(token, a_key().verifying)


@given(text=st.text() | st.lists(st.text("AZaz09-_=ü", max_size=8), min_size=3, max_size=3).map(".".join))
def test_garbage_is_no_access_token(text: str) -> None:
    """Any text at all is refused without an error."""
    assert parse_access_token(text) is None


@given(
    header=st.fixed_dictionaries(
        {},
        optional={
            "alg": json_values,
            "typ": json_values,
            "kid": json_values,
            "version": json_values,
            "crit": json_values,
        },
    ),
    claims=st.dictionaries(st.sampled_from(CLAIM_NAMES) | texts, json_values),
    signature=st.binary(min_size=1),
)
def test_made_up_access_tokens_never_verify(
    header: dict[str, object], claims: dict[str, object], signature: bytes
) -> None:
    """Whatever JSON stands in header and claims, and whatever bytes for a signature, the answer is no."""
    usual = {"alg": "RS256", "typ": "JWT", "kid": "d-1", "version": "5"}
    session = {"sub": "u", "rsub": "u", "tId": "t", "iat": 1, "exp": 2, "sessionHandle": "h", "refreshTokenHash1": "x"}
    parts = [json.dumps(usual | header).encode(), json.dumps(session | claims).encode(), signature]
    text = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    token = parse_access_token(text)
    assert token is None or not verify_access_token(token, a_key().verifying)
