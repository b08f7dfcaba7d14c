"""What a program does that import lines cannot move over, where its source shows it."""

from __future__ import annotations

import re
from typing import Final

import libcst
from typing_extensions import override

from ._bindings import Bindings, chain
from ._left import Left, left_at
from ._rows import ROWS
from ._source import Source

DATABASES: Final = ("sqlite:", "sqlite+", "postgresql:", "postgresql+")
CONFIGS: Final = frozenset({"SupertokensConfig", "supertokens.SupertokensConfig"})
OF_LISTS: Final = frozenset({"includes_all", "includes_any", "excludes_all"})
RESET: Final = re.compile(r"recipe\.\w+\.(recipe\.)?\w+Recipe\.reset")
INTERFACES: Final = frozenset({"RecipeInterface", "APIInterface"})


class Judging(libcst.CSTVisitor):
    """Gathers what a file leaves to a person beside its names."""

    def __init__(self, source: Source, bindings: Bindings) -> None:
        """Read the source."""
        super().__init__()
        self._source: Final = source
        self._bindings: Final = bindings
        self._texts: Final = texts_of(source.tree.module)
        self._originals: Final[list[set[str]]] = [set()]
        self._results: Final[list[set[str]]] = [set()]
        self._classes: Final[list[bool]] = []
        self.left: Final[list[Left]] = []
        source.tree.module.visit(self)

    def leave(self, node: libcst.CSTNode, row: str) -> None:
        """Note what a row says."""
        self.left.append(left_at(self._source, node, ROWS[row].to_do, row))

    @override
    def visit_Call(self, node: libcst.Call) -> None:
        if self._bindings.path_of(node.func) in CONFIGS:
            for index, argument in enumerate(node.args):
                if argument.keyword.value == "connection_uri" if argument.keyword else index == 0:
                    address = self.text_of(argument.value)
                    if address is not None and not address.startswith(DATABASES):
                        self.leave(argument.value, "M1")
        elif RESET.fullmatch(self._bindings.path_of(node.func) or ""):
            self.left.append(left_at(self._source, node, "Recipes have no reset: Supertokens.reset() is enough."))
        names = chain(node.func) or []
        if [name.value for name in names[-2:-1]] == ["validators"] and names[-1].value in OF_LISTS and node.args:
            value = node.args[0].value
            if isinstance(value, libcst.SimpleString | libcst.ConcatenatedString | libcst.FormattedString):
                self.leave(value, "M5")

    def text_of(self, node: libcst.BaseExpression) -> str | None:
        """Return the text that an expression is, written there or given a name at the top of the module."""
        if isinstance(node, libcst.Name):
            return self._texts.get(node.value)
        return literal(node)

    # Results, which are frozen: what an original returned, in the function that awaited it

    @override
    def visit_ClassDef(self, node: libcst.ClassDef) -> None:
        self._classes.append(any(self.is_interface(base.value) for base in node.bases))

    @override
    def leave_ClassDef(self, original_node: libcst.ClassDef) -> None:
        self._classes.pop()

    @override
    def visit_FunctionDef(self, node: libcst.FunctionDef) -> None:
        params = [*node.params.posonly_params, *node.params.params, *node.params.kwonly_params]
        taken = {param.name.value for param in params}
        self._originals.append((self._originals[-1] - taken) | set(filter(None, map(self.original_param, params))))
        self._results.append(self._results[-1] - taken)

    @override
    def leave_FunctionDef(self, original_node: libcst.FunctionDef) -> None:
        self._originals.pop()
        self._results.pop()

    def original_param(self, param: libcst.Param) -> str | None:
        """Return the name of a parameter that is an implementation to override."""
        is_one = param.annotation is not None and self.is_interface(param.annotation.annotation)
        return param.name.value if is_one or param.name.value == "original_implementation" else None

    def is_interface(self, node: libcst.BaseExpression) -> bool:
        """Return whether an expression names an interface of a recipe."""
        if isinstance(node, libcst.SimpleString):
            return node.raw_value.rpartition(".")[2] in INTERFACES
        if isinstance(node, libcst.Subscript):
            node = node.value
        path = self._bindings.path_of(node)
        return path is not None and path.rpartition(".")[2] in INTERFACES

    def is_original(self, node: libcst.BaseExpression) -> bool:
        """Return whether an expression is an implementation to override, or a function of one."""
        match node:
            case libcst.Name(value=name):
                return name in self._originals[-1]
            case libcst.Attribute(value=value):
                return self.is_original(value)
            case libcst.Call(func=libcst.Name(value="super")):
                return bool(self._classes) and self._classes[-1]
            case _:
                return False

    def is_result(self, node: libcst.BaseExpression) -> bool:
        """Return whether an expression is what a function of a recipe returned."""
        match node:
            case libcst.Await(expression=inner):
                return self.is_result(inner)
            case libcst.Call(func=called):
                return self.is_original(called) or is_function(self._bindings.path_of(called))
            case _:
                return False

    @override
    def visit_Assign(self, node: libcst.Assign) -> None:
        for each in node.targets:
            self.assigned(each.target, node.value)

    @override
    def visit_AnnAssign(self, node: libcst.AnnAssign) -> None:
        self.assigned(node.target, node.value)

    @override
    def visit_AugAssign(self, node: libcst.AugAssign) -> None:
        self.changed(node.target)

    def assigned(self, target: libcst.BaseAssignTargetExpression, value: libcst.BaseExpression | None) -> None:
        """Follow what a name stands for from here on, or note that a result is changed."""
        if not isinstance(target, libcst.Name):
            self.changed(target)
            return
        for names, is_one in ((self._originals, self.is_original), (self._results, self.is_result)):
            if value is not None and is_one(value):
                names[-1].add(target.value)
            else:
                names[-1].discard(target.value)

    def changed(self, target: libcst.BaseExpression) -> None:
        """Note an assignment to an attribute of a result."""
        names = chain(target)
        if isinstance(target, libcst.Attribute) and names and names[0].value in self._results[-1]:
            self.leave(target, "M19")


def is_function(path: str | None) -> bool:
    """Return whether a path is that of a function that answers with a result: those of asyncio and syncio."""
    return path is not None and bool({"asyncio", "syncio"} & set(path.split(".")[:-1]))


def literal(node: libcst.BaseExpression) -> str | None:
    """Return the text that an expression is as it stands."""
    if isinstance(node, libcst.SimpleString | libcst.ConcatenatedString) and isinstance(node.evaluated_value, str):
        return node.evaluated_value
    return None


def texts_of(module: libcst.Module) -> dict[str, str]:
    """Return the texts that are given a name at the top of a module."""
    found: dict[str, str] = {}
    for line in module.body:
        for statement in line.body if isinstance(line, libcst.SimpleStatementLine) else ():
            match statement:
                case libcst.Assign(targets=[libcst.AssignTarget(target=libcst.Name(value=name))], value=value):
                    if (text := literal(value)) is not None:
                        found[name] = text
                case _:
                    pass
    return found
