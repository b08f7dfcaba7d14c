"""
Write down what a start has to know of tables: ``python -m authweave.storage.sql PACKAGE...``.

Each package has a part of the store, and gets an ``ahead.py``; the core gets its own in any case. With ``--check``
nothing is written, and the exit status is 1 where something is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from authweave.storage._part import StorePart

from ._writing_ahead import ahead_of, ahead_of_core


def main(arguments: Sequence[str]) -> int:
    """Write or check; return the exit status."""
    packages = [each for each in arguments if each != "--check"]
    files = {Path(__file__).with_name("ahead.py"): ahead_of_core()}
    for package in packages:
        module = import_module(package)
        (part,) = {id(each): each for each in vars(module).values() if isinstance(each, StorePart)}.values()
        files[Path(module.__file__ or "").with_name("ahead.py")] = ahead_of(part)
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{path} is not up to date: run python -m authweave.storage.sql {' '.join(packages)}\n")
        else:
            path.write_text(files[path], encoding="utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
