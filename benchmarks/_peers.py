"""
Interpreters that have what this library is measured against, an environment each: no environment can hold all of them.

They are in ``build/peers``, by the names below. ``python benchmarks/_peers.py PYTHON...`` makes those that are not
there; other Pythons, on which the kernel is measured too, can be named. What cannot be had is told, and not measured.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "build" / "peers"

BETTER_AUTH: Final = "better-auth-server"
SUPERTOKENS: Final = "supertokens-python"
FASTAPI_USERS: Final = "fastapi-users"
NOW: Final = "now"
"""This library at `REVISION`, which ratios against an older build are taken of."""

REVISION: Final = "da3a8e5"

VERSIONS: Final = """
import importlib.metadata, json, platform, sys
found = {"Python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def peer(name: str) -> str | None:
    """Return the interpreter of an environment, if it is there."""
    python = FOLDER / name / "bin" / "python"
    return str(python) if python.exists() else None


def not_there(name: str) -> str:
    """Say that a peer could not be measured."""
    return f"{name} is not measured: it is not in build/peers, which `nox -s bench -- summary` fills"


@functools.cache
def versions_of(python: str, *names: str) -> dict[str, str]:
    """Return the versions of what an interpreter has, and its own."""
    command = [python, "-c", VERSIONS, *names]
    found: dict[str, str] = json.loads(subprocess.check_output(command, text=True))  # noqa: S603  of build/peers
    return found


def make(name: str, python: str, *wanted: str) -> None:
    """Make an environment with what pip is to install, unless it is there."""
    if peer(name) is not None:
        return
    print(f"making build/peers/{name}", flush=True)
    folder = FOLDER / name
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    try:
        subprocess.run([python, "-m", "venv", str(folder)], check=True)  # noqa: S603  our own folder
        subprocess.run([*pip, "--upgrade", "pip"], check=True)  # noqa: S603  older ones do not know dependency groups
        subprocess.run([*pip, *wanted], check=True, cwd=ROOT)  # noqa: S603  the project's groups
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{not_there(name)} ({error})", flush=True)


def make_now() -> None:
    """Make the environment of the older build, unless it is there; a shallow clone does not have the revision."""
    if peer(NOW) is not None:
        return
    with tempfile.TemporaryDirectory() as unpacked:
        archive = Path(unpacked) / "archive.tar"
        command = ["git", "-C", str(ROOT), "archive", f"--output={archive}", REVISION]
        if subprocess.run(command, check=False).returncode:  # noqa: S603  the git on the PATH
            print(f"{not_there(NOW)} (this clone has no {REVISION})")
            return
        with tarfile.open(archive) as packed:
            packed.extractall(unpacked, filter="data")
        make(NOW, sys.executable, f"{unpacked}[all]")


def main() -> None:
    """Make what is not there."""
    for name in (BETTER_AUTH, SUPERTOKENS, FASTAPI_USERS):
        make(name, sys.executable, "--group", f"peer-{name}")
    make_now()
    for python in sys.argv[1:]:
        version = ".".join(versions_of(python)["Python"].split(".")[:2])
        if version != f"{sys.version_info.major}.{sys.version_info.minor}":
            make(f"python{version}", python, "--group", "bench-kernel")


if __name__ == "__main__":
    main()
