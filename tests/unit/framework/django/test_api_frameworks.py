"""Django REST framework and django-ninja, in a process of their own: they read Django's settings when imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "api_frameworks.py"


@pytest.mark.processes
@pytest.mark.parametrize("case", ["rest_framework", "ninja", "ninja_debug"])
def test_api_frameworks(case: str) -> None:
    """Sessions authenticate, permissions decide, and refusals are the library's own."""
    command = [sys.executable, str(PROGRAM), case]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    assert found.returncode == 0, found.stderr
