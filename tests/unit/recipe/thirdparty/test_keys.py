"""Which of a provider's keys are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.recipe.thirdparty.oauth.algorithms import ALGORITHMS
from authweave.recipe.thirdparty.oauth.keys import MAX_CANDIDATES, published_keys
from authweave.security import base64url
from authweave.types import JSON

TEXTS = st.sampled_from(["RSA", "EC", "OKP", "oct", "sig", "P-256", "P-384", "secp256k1", "Ed25519", "X25519", "AQAB"])
VALUES = TEXTS | st.text(max_size=90) | st.binary(max_size=70).map(base64url) | st.none() | st.integers()
NAMES = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "kid", "use", "alg", "d", "k"])
KEYS = st.dictionaries(NAMES, VALUES) | st.fixed_dictionaries(
    {"kty": TEXTS, "crv": TEXTS, "x": VALUES, "y": VALUES, "n": VALUES | st.just("z" * 342), "e": VALUES}
)


@pytest.mark.parametrize(("bits", "is_read"), [(1024, False), (2048, True), (16_384, True), (16_392, False)])
def test_how_long_a_modulus_may_be(bits: int, *, is_read: bool) -> None:
    """It has 2048 bits at least, and no more than can be verified with: a megabyte would hold the loop up."""
    published = published_keys([{"kty": "RSA", "n": base64url(b"\xff" * (bits // 8)), "e": "AQAB"}])
    assert bool(list(published.candidates(None, "RS256"))) is is_read


@given(listed=st.lists(KEYS | st.none() | st.integers(), max_size=12), kid=st.none() | TEXTS)
def test_whatever_is_published(listed: list[JSON], kid: str | None) -> None:
    """Nothing that a provider publishes raises anything, and few are tried."""
    published = published_keys(listed)
    for algorithm in ALGORITHMS:
        assert len(list(published.candidates(kid, algorithm))) <= MAX_CANDIDATES
