from __future__ import annotations

from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from authweave.cli._main import commands


def test_prints_the_version() -> None:
    """The version is that of the installed package, and nothing else is done."""
    result = CliRunner().invoke(commands, ["--version"])
    assert result.exit_code == 0
    assert result.stdout == f"authweave {version('authweave')}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_names_version_and_commands(arguments: list[str]) -> None:
    """Without arguments, or with --help, the program says what it can do."""
    output = CliRunner().invoke(commands, arguments).output
    assert all(word in output for word in ("--version", "demo", "inspect"))
