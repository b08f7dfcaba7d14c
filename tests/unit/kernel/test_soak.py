import asyncio

import pytest

from benchmarks.soak_kernel import Soak


@pytest.mark.threads
def test_a_short_soak() -> None:
    """Some thousands of root calls at once: no foreign key, every one accounted for, no context left, memory flat."""
    soak = Soak(seed=1)
    asyncio.run(soak.run(6000))
    assert soak.finished + soak.failed + soak.cancelled == 6000
    assert min(soak.finished, soak.failed, soak.cancelled) > 100
    assert soak.verdict() is None
