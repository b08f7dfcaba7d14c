"""What names in a program stand for, by its imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import libcst
from libcst import metadata

from ._names import HERE, THERE
from ._source import Source


class Bound(NamedTuple):
    """
    What a name in a program stands for, by an import.

    Attributes:
        path: dotted, with the package.
        is_chain: the name is the package itself, which ``import package.module`` binds.
        alias: where it is bound, in an ``import``; None for ``from ... import``.
    """

    path: str
    is_chain: bool
    alias: libcst.ImportAlias | None


class Bindings:
    """Finds what names stand for, in their scopes."""

    def __init__(self, source: Source) -> None:
        """Look at a file."""
        self._scopes: Final = source.tree.resolve(metadata.ScopeProvider)

    def bound(self, root: libcst.Name, within: libcst.CSTNode | None = None) -> Bound | None:
        """
        Return what a name stands for, where that is one of the two packages or something in it.

        Args:
            root: the name.
            within: the statement that it is in, where the name itself is no use of it.
        """
        scope = self._scopes.get(within or root)
        if scope is None:
            return None
        assignments = scope[root.value]
        if not assignments and root.value == THERE:
            return Bound(THERE, is_chain=True, alias=None)  # its import has been moved, and this use is left
        for assignment in assignments:
            node = assignment.node if isinstance(assignment, metadata.ImportAssignment) else None
            if isinstance(node, libcst.Import | libcst.ImportFrom):
                for name, bound in bindings(node):
                    if name == root.value and is_of(bound.path, THERE, HERE):
                        return bound
        return None

    def path_of(self, node: libcst.BaseExpression) -> str | None:
        """Return the path, without its package, of what an expression names."""
        names = chain(node)
        if names is None or (bound := self.bound(names[0])) is None:
            return None
        return ".".join([bound.path, *(name.value for name in names[1:])]).partition(".")[2]


def bindings(node: libcst.Import | libcst.ImportFrom) -> Iterator[tuple[str, Bound]]:
    """Yield the names that a statement binds, and what each stands for."""
    if isinstance(node.names, libcst.ImportStar):
        return
    module = f"{module_of(node)}." if isinstance(node, libcst.ImportFrom) else ""
    for alias in node.names:
        path = module + alias.evaluated_name
        own = None if module else alias
        if alias.evaluated_alias is not None:
            yield alias.evaluated_alias, Bound(path, is_chain=False, alias=own)
        elif module:
            yield alias.evaluated_name, Bound(path, is_chain=False, alias=own)
        else:
            package = path.partition(".")[0]
            yield package, Bound(package, is_chain=True, alias=own)


def module_of(node: libcst.ImportFrom) -> str:
    """Return the module that names are imported from; one that is relative begins with dots."""
    return "." * len(node.relative) + ".".join(name.value for name in chain(node.module) or [])


def chain(node: libcst.BaseExpression | None) -> list[libcst.Name] | None:
    """Return the names of ``a.b.c``; None for what is not such."""
    match node:
        case libcst.Name():
            return [node]
        case libcst.Attribute(value=value, attr=attr):
            return None if (names := chain(value)) is None else [*names, attr]
        case _:
            return None


def is_of(path: str, *packages: str) -> bool:
    """Return whether a path is one of the packages, or in one."""
    return path.partition(".")[0] in packages
