"""The page of figures is made from runs, the README's figures are those of the page, and what grows can be measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "explanation" / "figures.md"
README: Final = ROOT / "README.md"
BETWEEN: Final = re.compile(r"<!-- figures: .*? -->\n(.*?)<!-- end of figures -->", re.DOTALL)
AT: Final = {"command": "python benchmarks/kernel.py", "cores": 2, "cpu": "a processor", "unit": "x", "bar": 1.1}


def table_of(readme: str) -> list[str]:
    """Return the lines of the README's table."""
    found = BETWEEN.search(readme)
    assert found is not None
    return found[1].strip().splitlines()


def benchmark(name: str, *arguments: str, rows: Path | None = None) -> str:
    """Run a benchmark, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    if rows is not None:
        environment["AUTHWEAVE_BENCH_ROWS"] = str(rows)
    command = [sys.executable, str(ROOT / "benchmarks" / name), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout  # noqa: S603  our own


def row(
    measure: str, figure: float, day: int, *, python: str = "3.11.7", more: Mapping[str, object] | None = None
) -> str:
    """Return a row as a benchmark appends it."""
    date = f"2026-11-{day:02}T12:00:00+00:00"
    return json.dumps(
        {**AT, "measure": measure, "figure": figure, "versions": {"Python": python}, "date": date, **(more or {})}
    )


def test_the_readme_has_the_figures_of_the_page() -> None:
    """Nobody writes one of them by hand."""
    lines = table_of(README.read_text(encoding="utf-8"))
    assert len(lines) > 3
    page = PAGE.read_text(encoding="utf-8").splitlines()
    place = page.index(lines[0])
    assert page[place : place + len(lines)] == lines, "run `python benchmarks/summary.py --no-run`"


def test_a_page_is_made_of_rows(tmp_path: Path) -> None:
    """Of several runs the latest counts; who is not there is named; a figure says how far the rounds were apart."""
    rows, page, readme = (tmp_path / name for name in ("rows.jsonl", "page.md", "readme.md"))
    begin = "<!-- figures: `nox -s bench -- summary` writes them -->"
    readme.write_text(f"# Ours\n\n{begin}\nold\n<!-- end of figures -->\n\nThe end.\n")
    started: dict[str, object] = {"command": "python benchmarks/first_answer.py", "unit": "ms", "bar": None}
    first = "existing file: CPU until the first answer"
    rows.write_text(
        "\n".join(
            [
                row("one layer of 16", 1.62, 1),
                row("one layer of 16", 1.04, 2, more={"spread": [1.031, 1.052], "rounds": 9}),
                row("one layer of 16", 1.25, 2, python="3.12.1"),
                row(first, 870.4, 2, more=started),
                row(first, 1024.0, 2, more={**started, "system": "better-auth-server"}),
            ]
        )
    )
    benchmark("summary.py", "--no-run", f"--rows={rows}", f"--page={page}", f"--readme={readme}")
    text = page.read_text()
    assert "| measure | 3.11 | 3.12 | bar |  |" in text
    assert "| one layer of 16 | 1.04 x (1.03 to 1.05) | 1.25 x | at most 1.10 x | missed on 3.12 |" in text
    assert "1.62" not in text
    assert "2026-11-02; Python 3.11.7 and 3.12.1." in text
    compared = "| CPU from start to the first answer | 870 ms | not measured | 1,024 ms | not measured |"
    assert compared in text
    assert compared in table_of(readme.read_text())
    assert readme.read_text().endswith("<!-- end of figures -->\n\nThe end.\n")


@pytest.mark.slow
def test_what_grows_can_be_measured(tmp_path: Path) -> None:
    """With sizes that take some seconds; who measures in earnest is not surprised by what no longer runs."""
    rows, plot = tmp_path / "rows.jsonl", tmp_path / "growth.svg"
    subjects = ("overrides", "tenants", "sessions", "tokens")
    options = ("--small", "--rounds=1", f"--plot={plot}", f"--folder={tmp_path}")
    printed = benchmark("growth.py", *options, "--parts", *subjects, rows=rows)
    for subject in subjects:
        assert f"| **{subject}** |" in printed
    assert plot.read_text().startswith("<svg")
    kept = [json.loads(line) for line in rows.read_text().splitlines()]
    assert {each["size"] for each in kept if each["measure"] == "overrides: a call, a layer"} == {1, 16}
    assert not [line for line in rows.read_text().splitlines() if str(tmp_path) in line]
