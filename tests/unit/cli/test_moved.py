"""``authweave moved check`` and ``write``."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authweave.cli._main import commands
from authweave.moved import replace_file

UNMOVED = "from supertokens_python import init\r\n"
MOVED = "from authweave import init\r\n"


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands, ["moved", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working directory with a program in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(UNMOVED, newline="")
    return tmp_path


def test_check_shows_and_write_writes(folder: Path) -> None:
    """`check` says 1 and changes nothing; `write` does it and says 0; then there is nothing to do."""
    checked = run("check", ".")
    assert checked.exit_code == 1
    assert checked.stdout_bytes == (
        b"--- a/app.py\n+++ b/app.py\n@@ -1 +1 @@\n"
        b"-from supertokens_python import init\r\n+from authweave import init\r\n"
    )
    assert "1 file to change by `authweave moved write`; 0 places left to a person." in checked.stderr
    assert (folder / "app.py").read_bytes() == UNMOVED.encode()

    written = run("write", "app.py", folder)
    assert (written.exit_code, written.stdout) == (0, "")
    assert "1 file changed; 0 places left to a person." in written.stderr
    assert (folder / "app.py").read_bytes() == MOVED.encode()

    assert (run("check", ".").exit_code, run("write", ".").stdout) == (0, "")


def test_what_is_left_is_listed_by_file_and_line(folder: Path) -> None:
    """`write` lists it with the lines of what it has written, and says 1 as long as it is there."""
    (folder / "app.py").write_text("from supertokens_python.recipe import session, oauth2provider\nx = session.inti\n")
    (folder / "requirements.txt").write_text("# supertokens-python\nflask\nSuperTokens_Python>=0.31\n")
    lines = run("write", ".").stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["app.py:1:39", "app.py:3:5", "requirements.txt:3:1"]
    assert run("write", ".").stdout.splitlines() == lines
    assert run("check", ".").exit_code == 1


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("source", [UNMOVED, "import supertokens_python", "# é\n" * 9 + UNMOVED + "x\n" * 9])
def test_git_takes_what_check_shows(folder: Path, source: str) -> None:
    """The diff is one, with whatever ends its lines and its file."""
    (folder / "app.py").write_text(source, newline="", encoding="utf-8")
    diff = run("check", "app.py").stdout_bytes
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=diff, check=True, cwd=folder)  # noqa: S607  on the PATH
    assert (folder / "app.py").read_bytes() == source.encode().replace(b"supertokens_python", b"authweave")


@pytest.mark.parametrize("command", ["check", "write"])
def test_misuse(folder: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is not there, none at all, or no libcst: nothing is done, and the status is 2."""
    assert (run(command, "app.py", "nowhere").exit_code, run(command).exit_code) == (2, 2)
    monkeypatch.setattr(importlib.util, "find_spec", dict[str, None]().get)
    without = run(command, "app.py")
    assert without.exit_code == 2
    assert "/path/to/the/clone[moved]" in without.stderr.replace("\n", "")
    assert (folder / "app.py").read_bytes() == UNMOVED.encode()


@pytest.mark.parametrize("program", [["nowhere.py"], ["-m", "nowhere"], ["-m", "no.where"], []])
def test_nothing_to_run(folder: Path, program: list[str]) -> None:
    """It is misuse as well."""
    assert run("run", *program).exit_code == 2


def test_files_of_others_are_not_entered(folder: Path) -> None:
    """Environments, packages, hidden folders, links, and what `--exclude` names."""
    for name in (".git", "node_modules", "__pycache__", "venv", "old", "src"):
        (folder / name).mkdir()
        shutil.copy(folder / "app.py", folder / name / "a.py")
    (folder / "venv" / "pyvenv.cfg").touch()
    (folder / "src" / "made_pb2.py").write_text(UNMOVED)
    (folder / "src" / "link.py").symlink_to(folder / "old" / "a.py")
    (folder / "src" / "round").symlink_to(folder)
    (folder / "src" / "a.txt").write_text(UNMOVED)
    shown = run("check", ".", "--exclude", "old", "--exclude", "src/*_pb2.py").stdout.splitlines()
    assert [line for line in shown if line.startswith("+++")] == ["+++ b/app.py", "+++ b/src/a.py"]


def test_a_link_that_is_named_is_followed_and_stays(folder: Path) -> None:
    """The file behind it is written, and its mode is kept."""
    (folder / "app.py").chmod(0o751)
    (folder / "link.py").symlink_to("app.py")
    assert run("write", "link.py").exit_code == 0
    assert (folder / "link.py").is_symlink()
    assert (folder / "app.py").read_bytes() == MOVED.encode()
    assert (folder / "app.py").stat().st_mode & 0o777 == 0o751


def test_the_rest_goes_on(folder: Path) -> None:
    """A file that cannot be read, as it is not text or not Python, is told; the others are moved."""
    (folder / "a.py").write_bytes(b"import supertokens_python\n\xff\n")
    (folder / "b.py").write_bytes(b"import supertokens_python\nx = \n")
    (folder / "c.py").write_bytes(b"\x7fELF\0\0supertokens_python")
    result = run("write", ".")
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == ["a.py:2:1", "b.py:2:1", "c.py:1:1"]
    assert (folder / "app.py").read_bytes() == MOVED.encode()


def test_what_the_system_refuses_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that it does not hand out, and one that it does not take."""
    read = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path.name == "secret.py":
            raise PermissionError(13, "Permission denied")
        return read(path)

    (folder / "secret.py").touch()
    monkeypatch.setattr(Path, "read_bytes", refusing)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("write", ".")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "app.py:1:1: This file is not written: No space left on device.",
        "secret.py:1:1: This file is not read: Permission denied.",
    ]
    monkeypatch.undo()
    assert sorted(path.name for path in folder.iterdir()) == ["app.py", "secret.py"]
    assert (folder / "app.py").read_bytes() == UNMOVED.encode()


def test_a_file_that_somebody_changes_meanwhile_is_theirs(tmp_path: Path) -> None:
    """What they wrote is not lost."""
    file = tmp_path / "app.py"
    file.write_bytes(b"theirs")
    with pytest.raises(OSError, match="changed since it was read"):
        replace_file(file, b"before", b"after")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"theirs"]


def test_stubs_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    """Again there is nothing to write; one of a module that has gone is taken away, one of somebody else's is not."""
    assert run("stubs", tmp_path / "new").exit_code == 0
    package = tmp_path / "new" / "supertokens_python"
    assert "import User as User" in (package / "types" / "__init__.pyi").read_text()
    (package / "gone.pyi").write_text("# Written by `authweave moved stubs`.\n")
    (package / "own.pyi").touch()
    assert "1 file changed" in run("stubs", tmp_path / "new").stdout
    assert {path.name for path in package.iterdir()} & {"gone.pyi", "own.pyi"} == {"own.pyi"}
    assert "0 files changed" in run("stubs", tmp_path / "new").stdout
    (tmp_path / "file").touch()
    assert run("stubs", tmp_path / "file").exit_code == 1
