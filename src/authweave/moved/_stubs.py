"""Stubs that say which type of ours stands for each name there: for checking an application that has not been moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ._here import is_module, joined, names_in, public_names
from ._names import MODULES, MOVED, THERE

WRITTEN: Final = "# Written by `authweave moved stubs`.\n"


def stubs() -> dict[str, str]:
    """Return the text of each stub, by its path below a folder that type checkers look into."""
    modules = sorted(filter(is_module, MODULES))
    packages = {parent for module in modules for parent in parents(module)}
    return {path_of(module, is_package=module in packages): stub(module) for module in modules}


def parents(module: str) -> Iterator[str]:
    """Yield the packages that a module is in."""
    while module:
        module = module.rpartition(".")[0]
        yield module


def path_of(module: str, *, is_package: bool) -> str:
    """Return the path of a stub."""
    path = "/".join(filter(None, (THERE, *module.split("."))))
    return f"{path}/__init__.pyi" if is_package else f"{path}.pyi"


def stub(module: str) -> str:
    """Return a stub: an import of each name that stands here, and nothing else."""
    lines: list[str] = []
    start = f"{module}." if module else ""
    own = public_names(module) or frozenset()
    for name in names_in(module):
        if (moved := MOVED.get(start + name)) is not None:
            target, _, there = joined(moved).rpartition(".")
            lines.append(f"from {target} import {there} as {name}")
        elif name in own and not is_module(start + name):
            lines.append(f"from {joined(module)} import {name} as {name}")
    return WRITTEN + "".join(f"{line}\n" for line in lines)


def write_stubs(folder: Path) -> list[Path]:
    """
    Write the stubs, and take away those of modules that are not there any more. Return what has changed.

    Raises:
        OSError: something cannot be written.
    """
    wanted = {folder / path: text for path, text in stubs().items()}
    changed: list[Path] = []
    for path in sorted((folder / THERE).rglob("*.pyi")):
        if path not in wanted and path.read_text(encoding="utf-8").startswith(WRITTEN):
            path.unlink()
            changed.append(path)
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
