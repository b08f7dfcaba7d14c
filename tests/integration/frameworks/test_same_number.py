"""The suite is the same on every framework."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from .serving import FRAMEWORKS

ROOT = Path(__file__).parents[3]
AT_LEAST = 250


def test_as_many_tests_on_every_framework() -> None:
    """Each has the same number, and at least 250."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "everywhere", "-p", "no:cacheprovider"]
    folders = ["tests/integration/http", "tests/integration/frameworks"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    run = subprocess.run(  # noqa: S603  pytest itself
        [*command, *folders], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    names = [each.name for each in FRAMEWORKS]
    ids = [line.partition("[")[2].rstrip("]") for line in run.stdout.splitlines() if "::" in line]
    counts = Counter(name for each in ids for name in names if f"-{name}-" in f"-{each}-")
    assert set(counts) == set(names)
    assert len(set(counts.values())) == 1, counts
    assert min(counts.values()) >= AT_LEAST, counts
