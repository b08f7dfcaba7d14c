"""
The page of figures: runs the benchmarks that it is made of, and writes it, and the README's table from it.

Run ``nox -s bench -- summary``, which makes the environments of peers that are not there, or
``python benchmarks/summary.py``. Names of benchmarks run these alone. Their rows are appended to ``--rows``
(``build/figures.jsonl``); of several runs the latest counts, so that one figure can be measured again. ``--long`` runs
those that take more than some minutes as well, ``--no-run`` none. ``--page`` and ``--readme`` are what is written.

Where the machine keeps its files, and what it is called, is nowhere in the page.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
from _growth_table import drawing, table
from _peers import BETTER_AUTH, FASTAPI_USERS, REVISION, SUPERTOKENS, not_there, peer
from _rows import OURS, ROWS, Row, read_rows

ROOT: Final = Path(__file__).parents[1]
SYSTEMS: Final = (OURS, SUPERTOKENS, BETTER_AUTH, FASTAPI_USERS)
NOT_MEASURED: Final = "not measured"
BEGIN: Final = "<!-- figures: `nox -s bench -- summary` writes them -->"
END: Final = "<!-- end of figures -->"


@attrs.frozen
class Section:
    """
    A part of the page, and the benchmark that it is made of.

    Attributes:
        script: the benchmark, without ``.py``.
        title: the heading.
        text: what is measured.
        arguments: what the benchmark is given, so that all of them take a quarter of an hour.
        pythons: environments of ``build/peers`` in which it runs too.
        is_long: whether it takes more than some minutes.
    """

    script: str
    title: str
    text: str
    arguments: Sequence[str] = ()
    pythons: Sequence[str] = ()
    is_long: bool = False


SECTIONS: Final = (
    Section(
        "kernel",
        "Overrides",
        "One layer of a stack against a closure that is written by hand, and what is beside it; "
        "[What it costs](cost.md) says where that goes.",
        ("--rounds", "11", "--calls", "10000"),
        pythons=("python3.12", "python3.13"),
    ),
    Section(
        "session",
        "Routes that want a session",
        "What verifying an access token costs, in process and on a route of FastAPI, and what the number of stored "
        "sessions changes. The route is that of an application with nothing else; peers serve the same one.",
        ("--parts", "verify", "http", "size", "--rounds", "9"),
    ),
    Section(
        "signing", "The algorithm of access tokens", "Signed once, verified once by each worker, and remembered after."
    ),
    Section(
        "refresh",
        "Refreshes",
        f"Against an older build ({REVISION}) over HTTP, and against the bare transaction of the same durability in "
        "process.",
    ),
    Section(
        "sign_in",
        "Sign-in and sign-up",
        "CPU of the server beside the hash of the password, which costs the same everywhere.",
    ),
    Section(
        "linked_sign_in",
        "Signing in with linked accounts",
        "CPU of the server beside the hash of the password: ten login methods in five tenants over one in one.",
    ),
    Section(
        "burst",
        "Many sign-ins at once",
        "200 people at once on one worker, each with an account, beside a bare pool of the same size.",
    ),
    Section(
        "first_answer",
        "Start and memory",
        "From `exec` to the first answer: passwords, Google and sessions on FastAPI.",
    ),
    Section(
        "memory",
        "Memory under load",
        "Resident memory of one worker after ten seconds of sign-ins and of requests with a session.",
    ),
    Section(
        "workers", "Several workers", "Refreshes a second over HTTP, on the processors of this machine, load included."
    ),
    Section(
        "storage",
        "A million users",
        "What signing in and refreshing take in the store among many, against few; on PostgreSQL.",
        ("--parts", "size", "--rounds", "9"),
        is_long=True,
    ),
    Section(
        "growth",
        "What grows",
        "Time is CPU; memory is by how much the process grew; a pause is a full collection of garbage, or what else "
        "holds up all other work. Above its sizes each subject has what was measured; tokens are remembered within a "
        "bound, and *all remembered* is what that saves.",
        is_long=True,
    ),
)

COMPARED: Final[Mapping[str, str]] = {
    "CPU that a session adds to a FastAPI route": "CPU added to a FastAPI route that wants a session",
    "CPU from start to the first answer": "existing file: CPU until the first answer",
    "resident memory after the first answer": "existing file: resident memory then",
    "resident memory after 10 s of load": "resident memory after 10 s of load",
}
"""What the README says, and the measure that it is; a row for each."""


def run(section: Section, rows: Path) -> None:
    """Run the benchmark of a section, on each Python that it is for."""
    script = Path(__file__).with_name(f"{section.script}.py")
    if not script.is_file():
        print(f"there is no {script.name}", flush=True)
        return
    environment = {**os.environ, ROWS: str(rows), "PYTHONPATH": str(ROOT / "src")}
    for name in ("", *section.pythons):
        python = peer(name) if name else sys.executable
        if python is None:
            print(not_there(name), flush=True)
            continue
        start = time.monotonic()
        command = [python, str(script), *section.arguments]
        status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  a benchmark of ours
        failed = f", and ended with {status}" if status else ""
        print(f"({script.name} took {time.monotonic() - start:.0f} s{failed})", flush=True)


def latest(rows: Sequence[Row]) -> list[Row]:
    """Return the last row of each measure, at the place of its first one."""
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        found[script_of(row), row.measure, row.system, python_of(row), row.size] = row
    return list(found.values())


def script_of(row: Row) -> str:
    """Return the benchmark that a row comes from."""
    return row.command.partition("benchmarks/")[2].partition(".py")[0]


def python_of(row: Row) -> str:
    """Return the Python that ran a benchmark: 3.11."""
    return ".".join(row.versions["Python"].split(".")[:2]) if row.system == OURS else ""


def page(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the page."""
    of_each = {each.script: [row for row in rows if script_of(row) == each.script] for each in SECTIONS}
    machines = sorted({f"{row.cores} cores, {row.cpu}" for row in rows})
    yield "# Figures"
    yield ""
    yield "What the library costs, beside its peers and beside its bars."
    yield "`nox -s bench -- summary` measures all of it and writes this page; no number in it is written by hand."
    yield "A *bar* was set beforehand: what a figure may be at most, or has to be at least."
    yield "*bare* is the same without this library, in the same run; an older build is an earlier revision of it."
    yield "A ratio is the median of the ratios of rounds in one run, in which those compared take turns."
    yield "Time is CPU time unless a line says otherwise; *middle half* is between what half of the rounds lie."
    yield "A figure whose middle half is wide is known no better than that; differences within it mean nothing."
    yield "On another machine ratios differ by some per cent, and on a busy one by more."
    yield ""
    yield f"Measured on {' and on '.join(machines)}."
    yield ""
    yield "## Beside others"
    yield ""
    yield from compared(rows)
    yield ""
    yield "supertokens-python has a stub in place of its core, a process beside it, which would cost CPU of its own."
    for section in SECTIONS:
        yield from ("", f"## {section.title}", "", section.text)
        own = of_each[section.script]
        if not own:
            yield from ("", f"{NOT_MEASURED.capitalize()} yet.")
            continue
        if section.script == "growth":
            yield from ("", "![Each against its smallest size](growth.svg)", "", *table(own))
        else:
            yield from bars(own)
            yield from plain(own)
        yield ""
        yield from origin(own)


def bars(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table of what has a bar; with a column for each Python, if there are several."""
    with_bars = [row for row in rows if row.bar is not None]
    if not with_bars:
        return
    pythons = sorted({python_of(row) for row in with_bars}, key=lambda python: int(python.partition(".")[2]))
    several = len(pythons) > 1
    yield ""
    yield cells("measure", *(pythons if several else ["figure", "middle half"]), "bar", "")
    yield cells(*["---"] * (3 + max(len(pythons), 2)))
    for measure, last in {row.measure: row for row in with_bars}.items():
        found = {python_of(row): row for row in with_bars if row.measure == measure}
        figures = (of_system(found.get(python)) for python in pythons)
        said = figures if several else (number(last.figure, last.unit), spread(last))
        bar = f"{'at least' if last.at_least else 'at most'} {number(last.bar or 0, last.unit)}"
        missed = [python for python, row in found.items() if not row.is_met]
        where = f"missed on {' and '.join(missed)}" if several else "missed"
        yield cells(measure, *said, bar, where if missed else "met")


def plain(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table of what has none, of us or of a peer; a column for each system."""
    measures = dict.fromkeys(row.measure for row in rows if row.bar is None)
    systems = list(dict.fromkeys((OURS, *(row.system for row in rows))))
    if not measures:
        return
    yield ""
    yield cells("measure", *systems)
    yield cells(*["---"] * (len(systems) + 1))
    for measure in measures:
        found = {row.system: row for row in rows if row.measure == measure}
        yield cells(measure, *(of_system(found.get(name)) for name in systems))


def of_system(row: Row | None) -> str:
    """Return what stands in the column of a system, or of a Python."""
    if row is None:
        return ""
    return f"{number(row.figure, row.unit)} ({spread(row)})" if row.spread else number(row.figure, row.unit)


def compared(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table that the README has too."""
    yield cells("what it costs", *SYSTEMS)
    yield cells(*["---"] * (len(SYSTEMS) + 1))
    for label, measure in COMPARED.items():
        found = {row.system: row for row in rows if row.measure == measure}
        yield cells(label, *(measured(found.get(name)) for name in SYSTEMS))


def measured(row: Row | None) -> str:
    """Return a figure alone."""
    return NOT_MEASURED if row is None else number(row.figure, row.unit)


def number(value: float, unit: str) -> str:
    """Return a figure with its unit, and as many digits as tell something."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def spread(row: Row) -> str:
    """Return between what the middle half of the rounds lies."""
    if row.spread is None:
        return ""
    low, high = (number(each, "") for each in row.spread)
    return f"{low} to {high}"


def origin(rows: Sequence[Row]) -> Iterator[str]:
    """Yield how rows came about: with what, by what, and when."""
    versions: dict[str, set[str]] = {}
    for row in rows:
        for name, version in row.versions.items():
            versions.setdefault(name, set()).add(version)
    with_what = ", ".join(f"{name} {' and '.join(sorted(found))}" for name, found in versions.items())
    commands = ", ".join(f"`{each}`" for each in dict.fromkeys(row.command for row in rows))
    dates = sorted({row.date.partition("T")[0] for row in rows})
    yield f"{commands}; {' and '.join(dates)}; {with_what}."


def cells(*values: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(values)} |"


def with_figures(readme: str, lines: Sequence[str]) -> str:
    """Return the README with another table of figures."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        message = f"the README has no place for figures, between {BEGIN} and {END}"
        raise ValueError(message)
    return "\n".join([f"{before}{begin}", "", *lines, "", f"{end}{after}"])


def main() -> None:
    """Run, and write."""
    names = [each.script for each in SECTIONS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--no-run", action="store_true")
    parser.add_argument("--rows", type=Path, default=ROOT / "build" / "figures.jsonl")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "explanation" / "figures.md")
    parser.add_argument("--readme", type=Path, default=ROOT / "README.md")
    given = parser.parse_args()
    if unknown := set(given.names) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    given.rows.parent.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        chosen = section.script in given.names if given.names else given.long or not section.is_long
        if chosen and not given.no_run:
            print(f"{section.title}:", flush=True)
            run(section, given.rows.absolute())
    if not given.rows.is_file():
        parser.error(f"there are no figures in {given.rows}: measure first, without --no-run, or name a file by --rows")
    rows = latest(read_rows(given.rows))
    given.page.write_text("\n".join([*page(rows), ""]), encoding="utf-8")
    grown = [row for row in rows if script_of(row) == "growth"]
    if grown:
        given.page.with_name("growth.svg").write_text(drawing(grown), encoding="utf-8")
    readme = (given.readme if given.readme.is_file() else ROOT / "README.md").read_text(encoding="utf-8")
    given.readme.write_text(with_figures(readme, list(compared(rows))), encoding="utf-8")


if __name__ == "__main__":
    main()
