"""Which of a provider's keys are read."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.oauth.keys import read_key
from authweave.security import base64url


@pytest.mark.parametrize(("bits", "is_read"), [(1024, False), (2048, True), (16_384, True), (16_392, False)])
def test_how_long_a_modulus_may_be(bits: int, *, is_read: bool) -> None:
    """It has 2048 bits at least, and no more than can be verified with: a megabyte would hold the loop up."""
    modulus = base64url(b"\xff" * (bits // 8))
    assert (read_key({"kty": "RSA", "n": modulus, "e": "AQAB"}) is not None) is is_read
