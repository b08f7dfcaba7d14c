"""The edits that move a program over, and the names that they leave to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst
from typing_extensions import override

from ._bindings import Bindings, Bound, chain, is_of, module_of
from ._here import Missing, Place, look_up, look_up_here
from ._importing import alias_span, edits_of, wanted_name
from ._left import Left, left_at
from ._names import HERE, THERE
from ._requirements import NAMED, TO_DO
from ._source import Edit, Source

DOTTED: Final = re.compile(rf"\b{THERE}(?:\.[A-Za-z_]\w*)*")
WHOLE: Final = re.compile(rf"{THERE}(?:\.[A-Za-z_]\w*)*")
DJANGO_APP: Final = f"{HERE}.framework.django"
TYPE_COMMENT: Final = re.compile(r"#\s*type:(?!\s*ignore\b)")
TEXT: Final = f"A text that names {THERE}: change it by hand where the program reads it."


class Rewriting(libcst.CSTVisitor):
    """Gathers the edits of a file, and the names that they leave to a person."""

    def __init__(self, source: Source, bindings: Bindings) -> None:
        """Read the source."""
        super().__init__()
        self._source: Final = source
        self._bindings: Final = bindings
        self._imported: Final = imported_always(source.tree.module)
        self._needed: Final[dict[libcst.ImportAlias, dict[str, None]]] = {}
        self._beside: Final[dict[libcst.ImportAlias, list[str]]] = {}
        self._annotations = 0
        self._apps = 0
        self.edits: Final[list[Edit]] = []
        self.left: Final[list[Left]] = []
        source.tree.module.visit(self)

    def leave(self, node: libcst.CSTNode, what: str, row: str | None = None) -> None:
        """Note what a person has to do."""
        self.left.append(left_at(self._source, node, what, row))

    def leave_missing(self, node: libcst.CSTNode, missing: Missing) -> None:
        """Note a name that is not here."""
        self.leave(node, f"{missing.path}: {missing.reason}", missing.row)

    # Imports

    @override
    def visit_Import(self, node: libcst.Import) -> bool:
        beside = list(modules_of(node))
        self._beside.update(dict.fromkeys(node.names, beside))
        for alias in node.names:
            path = alias.evaluated_name
            if not is_of(path, THERE):
                continue
            found = look_up(path)
            if isinstance(found, Missing):
                self.leave_missing(alias, found)
                continue
            self.edits.append(Edit(*self._source.span(alias.name), found.path))
        return False

    @override
    def visit_ImportFrom(self, node: libcst.ImportFrom) -> bool:
        module = module_of(node)
        if is_of(module, HERE) and not isinstance(node.names, libcst.ImportStar):
            for alias in node.names:
                if isinstance(found := look_up_here(f"{module}.{alias.evaluated_name}"), Missing):
                    self.leave_missing(alias, found)
        if not is_of(module, THERE):
            return False
        if isinstance(node.names, libcst.ImportStar):
            self.leave(node, f"from {module} import * brings names that cannot be seen here: import them by name.")
            return False
        names = [
            wanted_name(self._source, module, alias, look_up(f"{module}.{alias.evaluated_name}"))
            for alias in node.names
        ]
        for name in names:
            if isinstance(name.found, Missing):
                self.leave_missing(name.alias, name.found)
        edits = edits_of(self._source, node, names)
        if edits is None:
            modules = ", ".join(sorted({name.module for name in names}))
            self.leave(node, f"These names are in several modules here: write a statement for each of {modules}.")
        else:
            self.edits.extend(edits)
        return False

    @override
    def visit_Name(self, node: libcst.Name) -> None:
        self.used([node], node)

    @override
    def visit_Attribute(self, node: libcst.Attribute) -> bool:
        names = chain(node)
        if names is None:
            node.value.visit(self)
        else:
            self.used(names, node)
        return False

    def used(self, names: list[libcst.Name], node: libcst.BaseExpression) -> None:
        """Look at a use of what an import has bound."""
        root, rest = names[0], [name.value for name in names[1:]]
        if (bound := self._bindings.bound(root)) is None:
            return
        path = ".".join([bound.path, *rest])
        if is_of(path, HERE):
            if rest and isinstance(found := look_up_here(path), Missing):
                self.leave_missing(node, found)
            return
        found = look_up(path)
        before = look_up(bound.path)
        if isinstance(before, Missing):
            return  # said of its import
        if isinstance(found, Missing):
            self.leave_missing(node, found)
        elif found.path == ".".join([before.path, *rest]):
            self.need(bound, found.module, before.module)
            if bound.is_chain:
                self.edits.append(Edit(*self._source.span(root), HERE))
        elif bound.is_chain and self._source.between(*self._source.span(node)) == path:
            self.need(bound, found.module, before.module)
            self.edits.append(Edit(*self._source.span(node), found.path))
        else:
            self.leave(node, f"{path} is {found.path} here: import it from there.")

    def need(self, bound: Bound, module: str, bound_to: str) -> None:
        """Note that a use needs a module to be imported: `import supertokens_python` imports much, and ours little."""
        if bound.alias is not None and module not in {HERE, bound_to}:
            self._needed.setdefault(bound.alias, {})[module] = None

    @override
    def leave_Module(self, original_node: libcst.Module) -> None:
        for alias, modules in self._needed.items():
            there = {path for each in self._imported for path in with_parents(each)}
            there |= {path for each in modules for path in with_parents(each) if path != each}
            there |= {path for each in self._beside.get(alias, ()) for path in with_parents(each)}
            _, end = alias_span(self._source, alias)
            self.edits.append(Edit(end, end, "".join(f", {module}" for module in modules if module not in there)))

    @override
    def visit_Global(self, node: libcst.Global) -> bool:
        self.declared(node)
        return False

    @override
    def visit_Nonlocal(self, node: libcst.Nonlocal) -> bool:
        self.declared(node)
        return False

    def declared(self, node: libcst.Global | libcst.Nonlocal) -> None:
        """Rename the package where a function says that it is a name of the module's."""
        for item in node.names:
            bound = self._bindings.bound(item.name, node)
            if bound is not None and bound.is_chain and is_of(bound.path, THERE):
                self.edits.append(Edit(*self._source.span(item.name), HERE))

    @override
    def visit_Arg(self, node: libcst.Arg) -> bool:
        node.value.visit(self)  # its keyword is no name of the program's
        return False

    # Texts

    @override
    def visit_Annotation(self, node: libcst.Annotation) -> None:
        self._annotations += 1

    @override
    def leave_Annotation(self, original_node: libcst.Annotation) -> None:
        self._annotations -= 1

    @override
    def visit_Assign(self, node: libcst.Assign) -> None:
        self._apps += is_apps(node)

    @override
    def leave_Assign(self, original_node: libcst.Assign) -> None:
        self._apps -= is_apps(original_node)

    @override
    def visit_Expr(self, node: libcst.Expr) -> bool:
        return not isinstance(node.value, libcst.BaseString)  # a docstring tells people something

    @override
    def visit_SimpleString(self, node: libcst.SimpleString) -> None:
        if THERE not in node.value:
            if NAMED.search(node.value):
                self.leave(node, TO_DO)
            return
        whole = WHOLE.fullmatch(node.raw_value) is not None
        if not (whole or self._annotations) or "b" in node.prefix.lower():
            self.leave(node, TEXT)
            return
        self.named_in(node)

    @override
    def visit_Comment(self, node: libcst.Comment) -> None:
        if TYPE_COMMENT.match(node.value):
            self.named_in(node)

    def named_in(self, node: libcst.SimpleString | libcst.Comment) -> None:
        """Move the paths in a text over."""
        start, end = self._source.span(node)
        text = self._source.between(start, end)
        for match in DOTTED.finditer(text):
            found = self.named_in_text(match[0])
            if isinstance(found, Missing):
                self.leave_missing(node, found)
            else:
                position = start + len(text[: match.start()].encode())
                self.edits.append(Edit(position, position + len(match[0]), found))

    def named_in_text(self, path: str) -> str | Missing:
        """Return the path here for one in a text."""
        if self._apps and path == THERE:
            return DJANGO_APP
        found = look_up(path)
        return found if isinstance(found, Missing) else found.path

    @override
    def visit_FormattedStringText(self, node: libcst.FormattedStringText) -> None:
        if THERE in node.value:
            self.leave(node, TEXT)


def imported_always(module: libcst.Module) -> set[str]:
    """Return the modules here that statements at the top of a file import: those of a function or a branch may not."""
    lines = [line for line in module.body if isinstance(line, libcst.SimpleStatementLine)]
    imports = [node for line in lines for node in line.body if isinstance(node, libcst.Import)]
    return {path for node in imports for path in modules_of(node)}


def modules_of(node: libcst.Import) -> Iterator[str]:
    """Yield the modules here of an import, but those under a name of their own."""
    for alias in node.names:
        path = alias.evaluated_name
        found = look_up(path) if alias.asname is None and is_of(path, THERE) else None
        if isinstance(found, Place):
            yield found.path


def with_parents(module: str) -> list[str]:
    """Return a module and the packages that it is in, which come with it."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def is_apps(node: libcst.Assign) -> bool:
    """Return whether a statement is a Django project's list of applications."""
    return any(isinstance(each.target, libcst.Name) and each.target.value == "INSTALLED_APPS" for each in node.targets)
