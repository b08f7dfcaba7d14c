"""What stands here for a path there: read from the source of the library, of which nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from ._names import HERE, MODULES, MOVED, NOT_HERE


class Place(NamedTuple):
    """
    Where something is here.

    Attributes:
        path: dotted, with the package.
        module: the module that it is imported from; of a module its own path.
    """

    path: str
    module: str


class Missing(NamedTuple):
    """
    Nothing stands here for a path.

    Attributes:
        path: dotted, with the package, as it is there.
        reason: why, and what to do, as sentences.
        row: the row of the page on moving, where one is about it.
    """

    path: str
    reason: str
    row: str | None


def look_up(path: str) -> Place | Missing:
    """
    Return what stands here for a path there, which names a module, a name of one, or an attribute of that.

    Args:
        path: dotted, with the package ``supertokens_python``.
    """
    parts = path.split(".")[1:]
    moved = next((end for end in range(len(parts), 0, -1) if ".".join(parts[:end]) in MOVED), None)
    if moved is not None:
        target = MOVED[".".join(parts[:moved])]
        return Place(joined(target, *parts[moved:]), joined(target).rpartition(".")[0])
    end = next(end for end in range(len(parts), -1, -1) if public_names(".".join(parts[:end])) is not None)
    module, rest = ".".join(parts[:end]), parts[end:]
    if not rest or rest[0] in (public_names(module) or ()):
        return Place(joined(module, *rest), joined(module))
    if (together := only_module_of(".".join(parts))) is not None:
        return Place(together, together)
    return Missing(path, *why_missing(module, parts))


def look_up_here(path: str) -> Place | Missing:
    """Return where something is of which a source that has been moved thinks that it is here."""
    parts = path.split(".")[1:]
    end = next(end for end in range(len(parts), -1, -1) if own_names(".".join(parts[:end])) is not None)
    module, rest = ".".join(parts[:end]), parts[end:]
    if not rest or rest[0] in (own_names(module) or ()) or rest[0].startswith("_"):
        return Place(path, joined(module))
    return Missing(path, *why_missing(module, parts))


def is_module(path: str) -> bool:
    """Return whether a module there has one here, or names that are elsewhere. The path is without its package."""
    return public_names(path) is not None or any(there.startswith(f"{path}.") for there in MOVED)


def joined(*parts: str) -> str:
    """Return a path here."""
    return ".".join((HERE, *filter(None, parts)))


def only_module_of(path: str) -> str | None:
    """Return the module here that has all the names of a module there that has gone."""
    targets = {joined(here).rpartition(".")[0] for there, here in MOVED.items() if there.rpartition(".")[0] == path}
    return targets.pop() if len(targets) == 1 else None


def why_missing(module: str, parts: list[str]) -> tuple[str, str | None]:
    """Say why a path is not here, with what to do, and the row that is about it."""
    for end in range(len(parts), 0, -1):
        if (known := NOT_HERE.get(".".join(parts[:end]))) is not None:
            return known.why, known.row
    name = parts[len(module.split(".")) if module else 0]
    close = get_close_matches(name, names_in(module), n=1)
    where = f"{HERE}.{module}" if module else HERE
    nearest = f" The nearest is {close[0]}." if close else ""
    return f"{where} has no {name}.{nearest}", None


def names_in(module: str) -> list[str]:
    """Return the names of a module, and those of the modules in it, sorted."""
    start = f"{module}." if module else ""
    inner = {
        each.removeprefix(start).partition(".")[0] for each in MODULES if each.startswith(start) and each != module
    }
    moved = {there.rpartition(".")[2] for there in MOVED if there.rpartition(".")[0] == module}
    here = {name for name in inner if public_names(start + name) is not None}
    return sorted((public_names(module) or frozenset()) | moved | here)


def public_names(module: str) -> frozenset[str] | None:
    """
    Return the public names of a module here, without the modules in it; None where there is no such module.

    Args:
        module: one of `MODULES`.
    """
    return own_names(module) if module in MODULES else None


@cache
def own_names(module: str) -> frozenset[str] | None:
    """Return the public names of any module of ours; None where there is no such module."""
    if (source := source_of(module)) is None:
        return None
    body = ast.parse(source).body
    return frozenset(listed(body) or (name for name in defined(body) if not name.startswith("_")))


def source_of(module: str) -> str | None:
    """Return the source of a module here."""
    folder: Traversable = files(HERE)
    *folders, last = module.split(".") if module else ["__init__"]
    for each in folders:
        folder = folder.joinpath(each)
    for file in (folder.joinpath(last, "__init__.py"), folder.joinpath(f"{last}.py")):
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return None


def listed(body: list[ast.stmt]) -> list[str]:
    """Return what ``__all__`` lists."""
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return list(ast.literal_eval(value))
            case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
                return list(ast.literal_eval(value))
            case _:
                pass
    return []


def defined(body: list[ast.stmt]) -> Iterator[str]:
    """Yield what a module without ``__all__`` hands out, as type checkers see it: not what it only imports."""
    for statement in body:
        match statement:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.name for alias in names if alias.asname == alias.name)
            case ast.If(body=inner, orelse=others):
                yield from defined([*inner, *others])
            case _:
                pass
