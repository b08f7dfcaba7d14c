"""How the command line starts, with its extra and without."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec

import pytest

from authweave.cli import main

BASE_WITHOUT_EXTRA = """
import importlib, pkgutil, sys
sys.modules["typer"] = sys.modules["rich"] = None
import authweave
for name in authweave.__all__:
    if name != "get_request_from_user_context":
        getattr(authweave, name)
for found in pkgutil.walk_packages(authweave.__path__, "authweave."):
    if not found.name.startswith(("authweave.cli.", "authweave.framework", "authweave.__main__")):
        if ".migrations" not in found.name and not found.name.endswith("__main__") and ".framework" not in found.name:
            importlib.import_module(found.name)
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)  # noqa: S603  our own


@pytest.mark.parametrize("missing", [{"typer"}, {"rich"}, {"rich", "typer"}])
def test_without_its_extra_the_command_says_what_to_install(
    missing: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and an exit status of 1: a string is what Python writes to standard error before it exits so."""
    find_spec = importlib.util.find_spec

    def find_some(name: str) -> ModuleSpec | None:
        return None if name in missing else find_spec(name)

    monkeypatch.setattr("importlib.util.find_spec", find_some)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == (
        "Error: the command authweave needs the extra 'cli', which is not installed: "
        "python -m pip install '/path/to/the/clone[cli]'"
    )
    assert capsys.readouterr().out == ""


def test_the_library_does_without_the_extra() -> None:
    """Nothing outside of the command line imports what its extra brings."""
    ended = run("-c", BASE_WITHOUT_EXTRA)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("package", ["authweave", "authweave.cli"])
def test_the_package_runs_as_the_command(package: str) -> None:
    """``python -m authweave`` is the command: alone it says what to write after it."""
    ended = run("-m", package)
    assert "Usage: authweave [OPTIONS] COMMAND [ARGS]..." in ended.stdout
    assert all(command in ended.stdout for command in ("db", "demo", "inspect"))
    assert "Traceback" not in ended.stderr
    assert run("-m", package, "--version").stdout.startswith("authweave ")
