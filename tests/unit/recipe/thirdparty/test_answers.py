"""Bodies of providers' answers, before anything is read in them."""

from __future__ import annotations

import gzip

import pytest

from authweave.recipe.thirdparty.oauth.answers import UnreadableError, decoded
from tests.leftovers import peak_bytes

LIMIT = 4096


def test_what_becomes_too_long_is_not_decoded_further() -> None:
    """Of 16 MiB of spaces in 16 KiB, hardly more is decoded than the limit."""
    body = gzip.compress(b" " * 16 * 1024 * 1024)

    def decode() -> None:
        with pytest.raises(UnreadableError, match="more than 4096 bytes"):
            decoded(body, "gzip", LIMIT)

    assert peak_bytes(decode) < 128 * 1024
