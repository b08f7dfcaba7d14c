"""Bodies of providers' answers, before anything is read in them."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from authweave.recipe.thirdparty.oauth.answers import UnreadableError, decoded

LIMIT = 4096


def test_what_becomes_too_long_is_not_decoded_further() -> None:
    """Of 16 MiB of spaces in 16 KiB, hardly more is decoded than the limit."""
    body = gzip.compress(b" " * 16 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError, match="more than 4096 bytes"):
            decoded(body, "gzip", LIMIT)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 128 * 1024
