"""The program that makes a library overridable with the kernel alone, and what its page says beside it."""

import re
import runpy
from pathlib import Path

import pytest

from authweave.kernel.__main__ import main

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "kernel_alone.py"
PAGE = ROOT / "docs" / "tutorial" / "kernel-alone.md"


def test_runs_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """The example runs, its assertions hold, and it prints totals, and chains as the page shows them."""
    runpy.run_path(str(EXAMPLE))
    printed = capsys.readouterr().out
    assert printed.startswith("total: 1440 discounted: ['tea', 'cup']\n")
    (chains,) = re.findall(r"^```text\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert printed.replace(f"{EXAMPLE.parent}/", "").endswith(chains)


def test_the_command_of_the_page_writes_the_interface(tmp_path: Path) -> None:
    """With the two modules of the page the command writes the methods that the page began with."""
    text = PAGE.read_text(encoding="utf-8")
    calls, interface = re.findall(r"^```py\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "calls.py").write_text(calls, encoding="utf-8")
    (tmp_path / "invoicing.py").write_text(interface, encoding="utf-8")
    assert main(str(tmp_path / "calls.py")) == 0
    (methods,) = re.findall(r"^class Invoicing.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[:1]
    assert methods in (tmp_path / "invoicing.py").read_text(encoding="utf-8")
    assert main("--check", str(tmp_path / "calls.py")) == 0
