"""
Write what follows from classes of calls: ``python -m authweave.kernel PATH/calls.py``.

The methods of the interfaces go into the modules that ``calls.py`` imports them from, between the comment in the class
that says so and ``# fmt: on``; the types of the originals go into ``signatures.py`` beside it. Where an interface has a
base with such a comment, in a module beside its own, the methods whose types that module has go there: other modules
can then import the base without all that the interface names.

An override is handed what an interface says, and hands it on. Where two ways to annotate that are to fit, the interface
has to say something that fits both: ``IN_INTERFACES`` of ``calls.py``, a dictionary, has what it says in place of what
the classes of calls say.

With ``--check`` nothing is written, and the exit status is 1 where something is not up to date. It is 2 where something
cannot be written: what it is stands on the standard error stream.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ._call import snake_case

BEGIN = "    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.\n    # fmt: off\n"
END = "    # fmt: on\n"
CONTEXT = "ContextT_contra"
HEADER = '''"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
{imports}
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)
'''
IN_INTERFACES = "IN_INTERFACES"
KNOWN = frozenset({"Any", "Coroutine", "Protocol", "UserContext"})  # of its imports


USAGE = (
    "python -m authweave.kernel [--check] PATH/calls.py ...\n\n"
    "Write the methods of interfaces, and signatures.py beside each module, from classes of calls.\n"
    "--check writes nothing; the exit status is 1 where something is not up to date."
)


class CallsError(Exception):
    """Nothing can be written from a module of calls; says why, and where."""


class Function(NamedTuple):
    """A function, as its class of calls declares it."""

    interface: str
    call: str
    name: str
    parameters: str
    result: str
    is_async: bool
    allows_plain: bool
    summary: str
    in_interface: tuple[tuple[str, str], ...]

    @property
    def declared(self) -> str:
        """Spell out what the interface says: the parameters and the result, of its own types where it has some."""
        said = f"{self.parameters}) -> {self.result}"
        for type_of_call, type_of_interface in self.in_interface:
            said = re.sub(rf"(?<!\w){re.escape(type_of_call)}(?!\w)", type_of_interface, said)
        return said

    def method(self, context: str) -> str:
        """Spell out the method of the interface, whose context is of a type."""
        keyword = "async def" if self.is_async else "def"
        declared = self.declared.replace(f"user_context: {CONTEXT})", f"user_context: {context})")
        mark = "@overridable(allow_plain=True)" if self.allows_plain else "@overridable"
        head = f"    {mark}\n    {keyword} {self.name}(self, {declared}:\n"
        summary = self.summary.replace("\\", "\\\\")
        if summary.endswith('"') or '"""' in summary:
            summary = summary.replace('"', '\\"')
        return f'{head}        """{summary}"""\n        ...\n'

    @property
    def original(self) -> str:
        """Spell out the type of the original."""
        result = f"Coroutine[Any, Any, {self.result}]" if self.is_async else self.result
        head = f"class {self.call}(Protocol[ContextT_contra]):\n"
        return f"{head}    def __call__(self, {self.parameters}) -> {result}: ...\n"


def functions_in(source: ast.Module) -> Iterator[Function]:
    """Read the classes of calls of a module."""
    classes = [each for each in source.body if isinstance(each, ast.ClassDef)]
    in_interface = tuple(types_of_interfaces(source).items())
    pairs = [(cls, base) for cls in classes for base in cls.bases if isinstance(base, ast.Subscript)]
    for cls, base in pairs:
        kind = ast.unparse(base.value).rpartition(".")[2]
        if kind in {"Call", "SyncCall"} and isinstance(base.slice, ast.Tuple):
            interface, result, *_ = base.slice.elts
            named = {word.arg: ast.literal_eval(word.value) for word in cls.keywords}
            yield Function(
                ast.unparse(interface).partition("[")[0],
                cls.name,
                str(named.get("function") or snake_case(cls.name)),
                ", ".join([*parameters_of(cls), f"user_context: {CONTEXT}"]),
                ast.unparse(result),
                kind == "Call",
                named.get("allow_plain", False) is True,
                (ast.get_docstring(cls) or cls.name).partition("\n")[0],
                in_interface,
            )


def types_of_interfaces(source: ast.Module) -> dict[str, str]:
    """Return what interfaces say for types of calls, as ``IN_INTERFACES`` has it."""
    for node in source.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == IN_INTERFACES and node.value is not None:
            found: dict[str, str] = ast.literal_eval(node.value)
            return found
    return {}


def parameters_of(cls: ast.ClassDef) -> Iterator[str]:
    """Spell out the parameters that a class declares; those below ``_: KW_ONLY`` go by keyword."""
    by_keyword = False
    for field in cls.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            default = "" if field.value is None else f" = {ast.unparse(field.value)}"
            by_keyword = by_keyword or field.target.id == "_"
            if default and not by_keyword:
                message = f"{cls.name}: user_context comes behind {field.target.id}, so write _: KW_ONLY above it."
                raise CallsError(message)
            yield "*" if field.target.id == "_" else f"{field.target.id}: {ast.unparse(field.annotation)}{default}"


def generated_files(calls: Path) -> dict[Path, str]:
    """
    Return the files that follow from a module of calls, as they are to be.

    Raises:
        CallsError: there is no such module, or something in it does not fit the modules beside it.
    """
    source = ast.parse(text_of(calls))
    functions = list(functions_in(source))
    used = names_used_by(each.original for each in functions)
    imports, places = "", dict[str, Path]()
    for node in source.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [each for each in node.names if (each.asname or each.name).partition(".")[0] in used - KNOWN]
            from_where = f"from {'.' * node.level}{node.module or ''} " if isinstance(node, ast.ImportFrom) else ""
            imports += f"{from_where}import {', '.join(map(ast.unparse, names))}\n" * bool(names)
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                beside = calls.parent.joinpath(*(node.module or "").split(".")).with_suffix(".py")
                places |= {alias.name: beside for alias in node.names}
    files = dict[Path, str]()
    interfaces = dict.fromkeys(each.interface for each in functions)
    for interface in interfaces:
        own = [each for each in functions if each.interface == interface]
        if interface not in places:
            message = f"{own[0].call} is of {interface}, which is not imported from a module beside it."
            raise CallsError(message)
        path = places[interface]
        text = files.get(path) or text_of(path)
        base = base_beside(text, path, interface)
        if base is not None and base[1] not in interfaces:
            base_path, base_name = base
            base_text = text_of(base_path)
            of_base = [each for each in own if not lacking(base_text, [each])]
            files[base_path] = with_methods(base_text, base_path, base_name, of_base)
            own = [each for each in own if each not in of_base]
        files[path] = with_methods(text, path, interface, own)
    originals = "\n".join(["", *(each.original for each in functions)])
    return {**files, calls.with_name("signatures.py"): HEADER.format(imports=imports) + originals}


def base_beside(text: str, path: Path, interface: str) -> tuple[Path, str] | None:
    """Return the base of an interface that takes some of its methods, and its module; None where there is none."""
    source = ast.parse(text.replace(BEGIN, f"{BEGIN}    ...\n"))  # where there are no methods yet
    imports = [node for node in source.body if isinstance(node, ast.ImportFrom) and node.level == 1]
    beside = {alias.name: path.with_name(f"{node.module}.py") for node in imports for alias in node.names}
    found = [node for node in source.body if isinstance(node, ast.ClassDef) and node.name == interface]
    for name in [ast.unparse(base).partition("[")[0] for cls in found for base in cls.bases]:
        if name in beside and beside[name].is_file():
            _, _, rest = text_of(beside[name]).partition(f"class {name}(")
            if BEGIN in rest.partition("\nclass ")[0]:
                return beside[name], name
    return None


def with_methods(text: str, path: Path, interface: str, functions: Sequence[Function]) -> str:
    """Return a module with the methods of one of its interfaces written anew."""
    before, head, rest = text.partition(f"class {interface}(")
    if not head:
        message = f"{path} has no class {interface}, of which {functions[0].call} is."
        raise CallsError(message)
    own, following, others = rest.partition("\nclass ")
    head_of_class, begin, body = own.partition(BEGIN)
    _, end, tail = body.partition(END)
    if not begin or not end:
        message = f"{path}: {interface} does not say where its functions go. Write into it:\n{BEGIN}{END}"
        raise CallsError(message)
    if lacks := lacking(text, functions):
        message = f"{path} lacks {', '.join(lacks)}: the functions of {interface} name them, so import them there."
        raise CallsError(message)
    context = re.search(r"(?:Interface|Protocol)\[(\w+)\]", head_of_class)
    methods = "\n".join(each.method(context[1] if context else "UserContext") for each in functions)
    return f"{before}{head}{head_of_class}{BEGIN}{methods}{END}{tail}{following}{others}"


def lacking(text: str, functions: Sequence[Function]) -> list[str]:
    """Return the names that functions need and a module does not have."""
    used = names_used_by(f"def function({each.declared}: ..." for each in functions)
    return sorted(used - names_in(text) - {"Any", "Coroutine", "Protocol", CONTEXT})


def names_used_by(sources: Iterable[str]) -> set[str]:
    """Return the names in the types of functions, as they are spelled out."""
    return {node.id for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def names_in(text: str) -> set[str]:
    """Return the names that a module has: those it imports, defines or assigns, and Python's own."""
    names = set(dir(builtins))
    for node in ast.walk(ast.parse(text.replace(BEGIN, f"{BEGIN}    ...\n"))):  # where there are no methods yet
        if isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def text_of(path: Path) -> str:
    """Read a module."""
    if not path.is_file():
        message = f"there is no {path}."
        raise CallsError(message)
    return path.read_text(encoding="utf-8")


def main(*arguments: str) -> int:
    """Write, or check; return the exit status."""
    paths = [Path(argument) for argument in arguments if argument != "--check"]
    if not paths or any(argument.startswith("-") for argument in map(str, paths)):
        print(USAGE, file=sys.stdout if "--help" in arguments else sys.stderr)
        return 0 if "--help" in arguments else 2
    try:
        generated = [pair for calls in paths for pair in files_or_located_error(calls)]
    except CallsError as error:
        print(error, file=sys.stderr)
        return 2
    stale = [(path, text) for path, text in generated if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        print(f"{path}: not up to date" if "--check" in arguments else f"{path}: written")
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


def files_or_located_error(calls: Path) -> list[tuple[Path, str]]:
    """Return what follows from a module of calls; have errors name it."""
    try:
        return list(generated_files(calls).items())
    except CallsError as error:
        message = f"{calls}: {error}"
        raise CallsError(message) from None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
