"""What the changelog names of the coming release is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

import pytest
import typer

from authweave.cli._db_parts import GROUP
from authweave.cli._main import commands

ROOT: Final = Path(__file__).parents[2]
VERSION: Final[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
COMING: Final = {"Unreleased", VERSION.partition(".dev")[0]}
COMMANDS: Final = typer.main.get_command(commands)


def names_in(changelog: str) -> list[str]:
    """Return what stands in backticks in the sections of the coming release, but for what was removed."""
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    kept = [each for each in sections if each.split()[0] in COMING]
    lists = [part for each in kept for part in re.split(r"^### ", each, flags=re.MULTILINE)]
    return [name for part in lists if not part.startswith("Removed") for name in re.findall(r"`([^`\n]+)`", part)]


def is_there(name: str) -> bool:
    """Return whether a module, an object of one, a command or a file is there; true of other words."""
    if name.startswith("authweave."):
        try:
            resolve_name(name.partition("(")[0])
        except (ImportError, AttributeError):
            return name == GROUP
        return True
    if name.startswith("authweave "):
        command = COMMANDS
        for word in name.split()[1:]:
            subcommands = getattr(command, "commands", None)
            if subcommands is None:  # its arguments
                return True
            if word not in subcommands:
                return False
            command = subcommands[word]
        return True
    return "/" not in name or " " in name or (ROOT / name).exists()


NAMES: Final = sorted({*names_in((ROOT / "CHANGELOG.md").read_text("utf-8"))})


@pytest.mark.parametrize("name", NAMES)
def test_what_the_changelog_names_is_there(name: str) -> None:
    """Who upgrades looks for it where it says."""
    assert is_there(name)


def test_both_sections_are_read() -> None:
    """That of what comes next, and that of the version which is not released yet."""
    assert {"authweave.extending", "authweave.init", "authweave db upgrade", "docs/how-to/operate.md"} <= {*NAMES}


@pytest.mark.parametrize(
    "name", ["authweave.storage.SessionStore", "authweave.gone", "authweave db go", "authweave go", "docs/gone.md"]
)
def test_a_name_that_is_gone_is_found(name: str) -> None:
    """The test above sees each kind."""
    assert not is_there(name)


def test_what_was_removed_may_be_gone() -> None:
    """It is named for that, and so is what older releases had."""
    text = "## Unreleased\n\n### Removed\n\n- `a`.\n\n### Added\n\n- `b`.\n\n## 0.0.1 - 2020-01-01\n\n- `c`.\n"
    assert names_in(text) == ["b"]
