"""The example of a list of breached passwords in a file: it finds what is there, and nothing else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from authweave.recipe.emailpassword import BreachCheck, NewPassword

EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "breach_list" / "breach_list.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """Load the example."""
    spec = spec_from_file_location("breach_list", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_known(example: ModuleType, file: Path, password: str) -> bool:
    """Return whether a password is in a file."""
    check = BreachCheck(example.HashFile(file), required=True, message="known")
    verdict = asyncio.run(check(NewPassword(password=password, email="ada@example.com", tenant_id="public")))
    assert verdict in {None, "known"}
    return verdict is not None


@pytest.mark.parametrize("count", [0, 1, 2, 3, 500])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_all_that_are_there_are_found(example: ModuleType, tmp_path: Path, count: int, ends: str) -> None:
    """The first and the last too, however many there are; others are not."""
    file = tmp_path / "breached.txt"
    file.write_bytes("".join(line + ends for line in example.hashed(f"password {n}" for n in range(count))).encode())
    assert all(is_known(example, file, f"password {n}") for n in range(count))
    assert not any(is_known(example, file, f"other {n}") for n in range(50))


def test_those_of_one_prefix_are_found_together(example: ModuleType, tmp_path: Path) -> None:
    """All of them, and no neighbour."""
    lines = ["ABCDD" + "F" * 35, *(f"ABCDE{number:035X}" for number in range(300)), "ABCDF" + "0" * 35]
    file = tmp_path / "breached.txt"
    file.write_text("".join(f"{line}:7\n" for line in lines))
    found = asyncio.run(example.HashFile(file).suffixes("ABCDE"))
    assert found == [f"{number:035X}:7" for number in range(300)]
    assert asyncio.run(example.HashFile(file).suffixes("00000")) == []
    assert asyncio.run(example.HashFile(file).suffixes("FFFFF")) == []


def test_a_file_that_is_missing_is_a_list_that_fails(example: ModuleType, tmp_path: Path) -> None:
    """So that nobody is kept out by it, unless the application says so."""
    wanted = NewPassword(password="password", email="ada@example.com", tenant_id="public")
    check = BreachCheck(example.HashFile(tmp_path / "absent.txt"))
    assert asyncio.run(check(wanted)) is None


def test_the_command_writes_a_file(example: ModuleType, tmp_path: Path) -> None:
    """Of a list of passwords."""
    passwords = tmp_path / "passwords.txt"
    passwords.write_text("123456\nletmein 1\n")
    command = [sys.executable, str(EXAMPLE), str(passwords)]
    written = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  ours
    file = tmp_path / "breached.txt"
    file.write_text(written.stdout)
    assert is_known(example, file, "letmein 1")
    assert not is_known(example, file, "letmein 2")
