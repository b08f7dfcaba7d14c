"""
Write what follows from classes of calls: ``python -m authweave.kernel PATH/calls.py``.

The methods of the interfaces go into the modules that ``calls.py`` imports them from, between the comment in the class
that says so and ``# fmt: on``; the types of the originals go into ``signatures.py`` beside it. With ``--check`` nothing
is written, and the exit status is 1 where something is not up to date.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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


class Function(NamedTuple):
    """A function, as its class of calls declares it."""

    interface: str
    call: str
    name: str
    parameters: str
    result: str
    is_async: bool
    summary: str

    def method(self, context: str) -> str:
        """Spell out the method of the interface, whose context is of a type."""
        keyword = "async def" if self.is_async else "def"
        parameters = self.parameters.removesuffix(CONTEXT) + context
        head = f"    @overridable\n    {keyword} {self.name}(self, {parameters}) -> {self.result}:\n"
        return f'{head}        """{self.summary}"""\n        ...\n'

    @property
    def original(self) -> str:
        """Spell out the type of the original."""
        result = f"Coroutine[Any, Any, {self.result}]" if self.is_async else self.result
        head = f"class {self.call}(Protocol[ContextT_contra]):\n"
        return f"{head}    def __call__(self, {self.parameters}) -> {result}: ...\n"


def functions_in(source: ast.Module) -> Iterator[Function]:
    """Read the classes of calls of a module."""
    for cls in source.body:
        base = cls.bases[0] if isinstance(cls, ast.ClassDef) and cls.bases else None
        if not isinstance(cls, ast.ClassDef) or not isinstance(base, ast.Subscript):
            continue
        kind = ast.unparse(base.value)
        if kind in {"Call", "SyncCall"} and isinstance(base.slice, ast.Tuple):
            interface, result, _ = base.slice.elts
            named = {word.arg: ast.literal_eval(word.value) for word in cls.keywords}
            words = (f"_{letter.lower()}" if letter.isupper() else letter for letter in cls.name)
            yield Function(
                ast.unparse(interface).partition("[")[0],
                cls.name,
                named.get("function") or "".join(words).removeprefix("_"),
                ", ".join([*parameters_of(cls), f"user_context: {CONTEXT}"]),
                ast.unparse(result),
                kind == "Call",
                (ast.get_docstring(cls) or cls.name).partition("\n")[0],
            )


def parameters_of(cls: ast.ClassDef) -> Iterator[str]:
    """Spell out the parameters that a class declares; those below ``_: KW_ONLY`` go by keyword."""
    for field in cls.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            default = "" if field.value is None else f" = {ast.unparse(field.value)}"
            only = field.target.id == "_"
            yield "*" if only else f"{field.target.id}: {ast.unparse(field.annotation)}{default}"


def written(calls: Path) -> dict[Path, str]:
    """Return the files that follow from a module of calls, as they are to be."""
    source = ast.parse(calls.read_text(encoding="utf-8"))
    functions = list(functions_in(source))
    used = {node.id for each in functions for node in ast.walk(ast.parse(each.original)) if isinstance(node, ast.Name)}
    imports, files = "", dict[Path, str]()
    for node in source.body:
        if isinstance(node, ast.ImportFrom) and node.module not in {"__future__", "typing_extensions"}:
            names = [alias.name for alias in node.names if alias.name in used]
            if names:
                imports += f"from {'.' * node.level}{node.module or ''} import {', '.join(names)}\n"
            for interface in {each.interface for each in functions}.intersection(alias.name for alias in node.names):
                path = calls.with_name(f"{node.module}.py")
                text = files.get(path) or path.read_text(encoding="utf-8")
                before, rest = text[: text.index(f"class {interface}(")], text[text.index(f"class {interface}(") :]
                head, body = rest.split(BEGIN, 1)
                context = re.search(r"Protocol\[(\w+)\]", head)
                own = [each for each in functions if each.interface == interface]
                methods = "\n".join(each.method(context[1] if context else "UserContext") for each in own)
                files[path] = f"{before}{head}{BEGIN}{methods}{END}{body.split(END, 1)[1]}"
    originals = "\n".join(["", *(each.original for each in functions)])
    return {**files, calls.with_name("signatures.py"): HEADER.format(imports=imports) + originals}


def main(*arguments: str) -> int:
    """Write, or check; return the exit status."""
    stale = [
        (path, text)
        for calls in arguments
        if calls != "--check"
        for path, text in written(Path(calls)).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        print(f"{path}: not up to date" if "--check" in arguments else f"{path}: written")  # noqa: T201  a command
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
