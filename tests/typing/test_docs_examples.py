"""What the pages show is checked as strictly as the library: one program per page, at the page's own line numbers."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
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
def programs() -> list[str]:
    """Write the programs of all pages to ``build/``, where the project's settings hold for them."""
    folder = ROOT / "build" / "docs_examples"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.py"):
        left.unlink()
    written: list[str] = []
    for page in PAGES:
        if program := program_of(page):
            name = "_".join(page.relative_to(ROOT).with_suffix("").parts).replace("-", "_").lower()
            path = folder / f"{name}.py"
            path.write_text(program, encoding="utf-8")
            written.append(str(path))
    return written


@pytest.mark.parametrize(
    "checker", [("mypy", "--strict"), ("pyright", "--pythonpath", sys.executable)], ids=["mypy", "pyright"]
)
def test_checkers_accept_every_example(programs: list[str], checker: tuple[str, ...]) -> None:
    """Both type checkers accept what the pages show, and reject the lines that the pages say are wrong."""
    program, *options = checker
    run = subprocess.run(  # noqa: S603  our own files and the checkers of this environment
        [str(Path(sys.executable).parent / program), *options, *programs],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_example_is_the_tutorial() -> None:
    """Every block of the kernel's tutorial is in the program beside it."""
    example = (ROOT / "examples" / "kernel_alone.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "tutorial" / "kernel-alone.md").read_text(encoding="utf-8")
    blocks = PYTHON_BLOCK.findall(page)
    assert blocks
    assert [block for block in blocks if block.strip() not in example] == []
