"""The Django project of the how-to: its checks pass, its views have sessions, its command is ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import authweave

EXAMPLE = Path(__file__).parents[3] / "examples" / "django_app"
SOURCES = Path(authweave.__file__).parents[1]
STORY = """
from django.test import Client
client = Client(SERVER_NAME="localhost", headers={"st-auth-mode": "header"})
form = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}
assert client.get("/orders").status_code == 401
signed_up = client.post("/auth/signup", form, content_type="application/json")
bearer = {"authorization": "Bearer " + signed_up["st-access-token"]}
assert client.get("/orders", headers=bearer).json() == {"user": signed_up.json()["user"]["id"]}
assert "st-access-token" in client.get("/colour", headers=bearer)
"""


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py``."""
    return run(folder, "manage.py", *arguments)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603  the example's own program
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.processes
def test_the_project(tmp_path: Path) -> None:
    """It runs as the page says."""
    folder = tmp_path / "django_app"
    shutil.copytree(EXAMPLE, folder)
    checked = manage(folder, "check", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    told = manage(folder, "shell", "--no-imports", "-c", STORY)
    assert told.returncode == 0, told.stderr
    tested = manage(folder, "test")
    assert tested.returncode == 0, tested.stderr
    users = manage(folder, "authweave", "user", "list")  # of AUTHWEAVE_APP
    assert (users.returncode, "a@x.io" in users.stdout) == (0, True), users.stderr
    assert manage(folder, "authweave", "inspect", "--all").returncode == 0
    assert "no such" in manage(folder, "authweave", "user", "list", "--storage", "sqlite:///other.db").stderr
    assert manage(folder, "authweave", "user", "nonsense").returncode != 0


WITHOUT_CLI = "import runpy, sys; sys.modules['typer'] = None; runpy.run_path('manage.py', run_name='__main__')"


@pytest.mark.processes
def test_the_command_without_its_extra() -> None:
    """``manage.py authweave`` says which extra to install."""
    told = run(EXAMPLE, "-c", WITHOUT_CLI, "authweave", "doctor")
    assert told.returncode == 1
    assert told.stderr == (
        "CommandError: the command authweave needs the extra 'cli', which is not installed: "
        "python -m pip install '/path/to/the/clone[cli]'\n"
    )
