"""What webhooks need beyond the library's own dependencies is an extra."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
sys.modules["httpx2"] = None  # to Python it is not installed
import authweave.errors, authweave.webhooks
try:
    authweave.webhooks.Webhook
except ModuleNotFoundError as error:
    print(error)
"""


@pytest.mark.processes
def test_without_it_the_error_says_what_to_install() -> None:
    """Only who writes a webhook needs it, and is told so."""
    run = subprocess.run(  # noqa: S603  this interpreter, a program written here
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, check=True, text=True
    )
    assert run.stdout == (
        "authweave.webhooks.Webhook needs httpx2, which is not installed: "
        "python -m pip install '/path/to/the/clone[webhooks]'\n"
    )
