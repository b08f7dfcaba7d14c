"""Stock generators make clients of the document, which type-check and work: the programs of ``examples``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from pathlib import Path
from typing import Final

import pytest

from .conftest import Documented

ROOT: Final = Path(__file__).parents[3]
EXAMPLES: Final = ROOT / "examples" / "openapi_clients"
NODE: Final = ROOT / "tests" / "node"
GENERATORS: Final = Path(__file__).parent / "generators.txt"
PASSWORD: Final = "correct horse 1"


def told(address: str) -> list[str]:
    """Return what each program prints for a user."""
    return [
        "refused: password: Password must contain at least 8 characters, including a number",
        f"signed up: {address}",
        "verified: no",
        "signed out: 200",
        "signed in: no",
    ]


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> list[str]:
    """Run a program to its end, and return what it prints."""
    ended = subprocess.run(  # noqa: S603  ours
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.splitlines()


@pytest.fixture(scope="session")
def generator() -> Path:
    """Return the Python that the generator is installed for: it holds other libraries at former releases."""
    folder = ROOT / "build" / "openapi_generators"
    python, pinned = folder / "bin" / "python", folder / GENERATORS.name
    if not pinned.is_file() or pinned.read_bytes() != GENERATORS.read_bytes():
        venv.create(folder, clear=True, with_pip=True)
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "--requirement", GENERATORS, cwd=ROOT)
        shutil.copy(GENERATORS, pinned)
    return python


@pytest.mark.node
def test_the_examples_packages_are_those_that_are_tried() -> None:
    """Its package.json has the releases that the tests have."""
    mine, tried = (json.loads((folder / "package.json").read_text()) for folder in (EXAMPLES / "typescript", NODE))
    wanted = {**mine["dependencies"], **mine["devDependencies"]}
    there = {**tried.get("dependencies", {}), **tried.get("devDependencies", {})}
    assert wanted.items() <= there.items()


@pytest.mark.slow
def test_a_python_client(documented: Documented, generator: Path, tmp_path: Path) -> None:
    """The program that uses the client of openapi-python-client passes mypy, and signs somebody in."""
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(documented.document()), encoding="utf-8")
    tool = generator.parent / "openapi-python-client"
    run(tool, "generate", f"--path={path}", "--meta=none", f"--output-path={tmp_path / 'auth_client'}", cwd=tmp_path)
    program = shutil.copy(EXAMPLES / "python" / "use.py", tmp_path)
    run(generator, "-m", "mypy", "--strict", "--follow-imports=silent", program, cwd=tmp_path)
    email = "python@example.com"
    printed = run(generator, program, documented.address, email, PASSWORD, cwd=tmp_path)
    assert printed == told(email)


@pytest.mark.node
def test_a_typescript_client(documented: Documented, tmp_path: Path) -> None:
    """With the types of openapi-typescript tsc checks what openapi-fetch is asked, which signs somebody in."""
    for each in ("use.ts", "tsconfig.json", "package.json"):
        shutil.copy(EXAMPLES / "typescript" / each, tmp_path)
    (tmp_path / "node_modules").symlink_to(NODE / "node_modules")
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(documented.document()), encoding="utf-8")
    tools = NODE / "node_modules" / ".bin"
    run(tools / "openapi-typescript", path, "--output", "auth.d.ts", cwd=tmp_path)
    run(tools / "tsc", cwd=tmp_path)
    email = "typescript@example.com"
    assert run("node", "out/use.js", documented.address, email, PASSWORD, cwd=tmp_path) == told(email)
    wrong = (tmp_path / "use.ts").read_text(encoding="utf-8").replace("data.user.emails", "data.user.mails")
    (tmp_path / "use.ts").write_text(wrong, encoding="utf-8")
    checked = subprocess.run([tools / "tsc"], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  ours
    assert "Property 'mails' does not exist" in checked.stdout
