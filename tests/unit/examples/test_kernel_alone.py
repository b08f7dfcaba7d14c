"""The program that makes a library overridable with the kernel alone."""

import runpy
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "kernel_alone.py"


def test_runs_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """The example runs, its assertions hold, and it prints totals and chains."""
    runpy.run_path(str(EXAMPLE))
    printed = capsys.readouterr().out
    assert printed.startswith("total: 1440 discounted: ['tea', 'cup']\n")
    assert "└─ discounted  [override]" in printed
    assert "└─ PlainInvoicing.price  [implementation]" in printed
