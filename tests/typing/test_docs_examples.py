"""What the pages show is checked as strictly as the library: one program per page, at the page's own line numbers."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MOVED = ROOT / "docs" / "how-to" / "from-supertokens.md"  # its code is as it was there, and nobody made it strict
MOVED_SETTINGS = Path(__file__).parent / "settings" / "moved.ini"
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def program_of(page: Path) -> str:
    """Return the Python of a page, each line where it stands in the page."""
    text = page.read_text(encoding="utf-8")
    program: list[str] = []
    for block in PYTHON_BLOCK.finditer(text):
        first_line = text.count("\n", 0, block.start(1))
        program += [""] * (first_line - len(program))
        program += block[1].splitlines()
    return "\n".join(program) + "\n" if program else ""


@pytest.fixture(scope="module")
def programs() -> dict[Path, str]:
    """Write the programs of all pages to ``build/``, where the project's settings hold for them."""
    folder = ROOT / "build" / "docs_examples"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.py"):
        left.unlink()
    written: dict[Path, str] = {}
    for page in PAGES:
        if program := program_of(page):
            name = "_".join(page.relative_to(ROOT).with_suffix("").parts).replace("-", "_").lower()
            path = folder / f"{name}.py"
            # The page begins with a heading, so the first line is free.
            mode = "# pyright: standard" if page == MOVED else ""
            path.write_text(mode + program, encoding="utf-8")
            written[page] = str(path)
    return written


def check(program: str, *options: str) -> None:
    """Fail where a checker does, and say what it said."""
    run = subprocess.run(  # noqa: S603  our own files and the checkers of this environment
        [str(Path(sys.executable).parent / program), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_mypy_accepts_every_example(programs: dict[Path, str]) -> None:
    """It accepts what the pages show, and rejects the lines that the pages say are wrong."""
    check("mypy", "--strict", *(program for page, program in programs.items() if page != MOVED))


def test_mypy_accepts_moved_code(programs: dict[Path, str]) -> None:
    """It accepts what was moved from SuperTokens, without being strict."""
    check("mypy", f"--config-file={MOVED_SETTINGS}", programs[MOVED])


def test_pyright_accepts_every_example(programs: dict[Path, str]) -> None:
    """It accepts what the pages show, in its strict mode, or in the standard one what was moved from SuperTokens."""
    check("pyright", "--pythonpath", sys.executable, *programs.values())


def test_example_is_the_tutorial() -> None:
    """Every block of the kernel's tutorial is in the program beside it."""
    example = (ROOT / "examples" / "kernel_alone.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "tutorial" / "kernel-alone.md").read_text(encoding="utf-8")
    blocks = PYTHON_BLOCK.findall(page)
    assert blocks
    assert [block for block in blocks if block.strip() not in example] == []
