"""
Say which public names a package has, with their parameters and members, by `inspect`.

It imports the standard library alone: the Python that has supertokens-python runs it as a program,
``python -I public.py PACKAGE``, and gets JSON.

**What is public** is what a document could import, and what it could then do with that:

- a name without a leading underscore that a module defines outside ``if TYPE_CHECKING``, type variables left out;
- a name that an ``__init__`` takes from the package itself, or, where there is an ``__all__``, lists in it. The
  functions in ``asyncio`` and ``syncio``, and a framework's, are defined in an ``__init__`` that imports what they are
  made of: those count where they are defined;
- of a class, the parameters of its constructor, and the members without a leading underscore: methods with their
  parameters, and what its ``__init__`` or its annotations say that it has.

Which modules are internal is not decided here: ``exceptions.toml`` says so, with the reason.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypedDict, TypeVar, cast

DEFINED_HERE_ONLY = ("asyncio", "syncio", "fastapi", "flask", "django")
"""Packages whose ``__init__`` imports what their functions are made of: `recipe.session.framework.fastapi`."""


class Parameter(TypedDict):
    """One parameter: its default is None where it has none, ``...`` where that is no plain value."""

    name: str
    kind: str
    default: str | None


class Callee(TypedDict):
    """What is called: its parameters, and whether what it returns is to be awaited."""

    parameters: list[Parameter]
    awaited: bool


class Name(TypedDict):
    """A public name: where it is defined, how it is called, what it has, and its ``status`` where that is a text."""

    home: str
    call: Callee | None
    members: dict[str, Callee | None]
    status: str | None


def default_of(parameter: inspect.Parameter) -> str | None:
    """Return the default as text."""
    value: object = parameter.default
    if value is inspect.Parameter.empty:
        return None
    return repr(value) if value is None or isinstance(value, bool | int | float | str) else "..."


def callee_of(called: Callable[..., object], *, bound: bool = False) -> Callee | None:
    """Return how something is called; None where Python does not know it. ``bound``: without its first parameter."""
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):
        return None
    parameters = list(signature.parameters.values())[1 if bound else 0 :]
    return {
        "parameters": [{"name": each.name, "kind": each.kind.name, "default": default_of(each)} for each in parameters],
        "awaited": inspect.iscoroutinefunction(called),
    }


def set_in_init(cls: type) -> Iterator[tuple[str, object]]:
    """Return the attributes that the ``__init__`` of a class sets on ``self``, with values that stand there."""
    init = vars(cls).get("__init__")
    try:
        tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(init)) if inspect.isfunction(init) else "")
    except (OSError, SyntaxError):
        return  # a generated one
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attr)], value=value):
                yield attr, value.value if isinstance(value, ast.Constant) else None
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=attr), value=value):
                yield attr, value.value if isinstance(value, ast.Constant) else None
            case _:
                pass


def own_classes(cls: type) -> list[type]:
    """Return a class and its bases, as far as they are of the same package."""
    package = cls.__module__.partition(".")[0]
    return [each for each in cls.__mro__ if each.__module__.partition(".")[0] == package]


def members_of(cls: type) -> dict[str, Callee | None]:
    """Return the members of a class that are of its package: how each is called, or None."""
    found: dict[str, Callee | None] = {}
    for each in reversed(own_classes(cls)):
        names = [*vars(each), *getattr(each, "__annotations__", {}), *dict(set_in_init(each))]
        for name in names:
            if not name.startswith(("_", "model_")) and name not in found:  # ``model_``: what pydantic needs
                found[name] = None
        for name, member in vars(each).items():
            if name in found:
                found[name] = method(member)
    return found


def status_of(cls: type) -> str | None:
    """Return the ``status`` that each instance of a class has; None where there is none, or it differs."""
    fields: object = getattr(cls, "model_fields", None)  # pydantic's
    of_model = cast("dict[str, object]", fields) if isinstance(fields, dict) else {}  # by name
    in_model: object = getattr(of_model.get("status"), "default", None)
    in_init = dict(set_in_init(cls)).get("status")
    in_class: object = getattr(cls, "status", None)
    return next((each for each in (in_class, in_init, in_model) if isinstance(each, str)), None)


def method(member: object) -> Callee | None:
    """Return how a member of a class is called through an instance; None for one that is a value."""
    if isinstance(member, staticmethod):
        return callee_of(cast("Callable[..., object]", member.__func__))  # of any type
    if isinstance(member, classmethod):
        return callee_of(cast("Callable[..., object]", member.__func__), bound=True)  # pyright: ignore[reportUnknownMemberType]  as above
    declared = getattr(getattr(member, "declaration", None), "declared", member)  # an overridable function of ours
    return callee_of(declared, bound=True) if inspect.isfunction(declared) else None


def name_of(value: object, module: str) -> Name:
    """Describe what a public name stands for."""
    home = getattr(value, "__module__", None)
    described: Name = {
        "home": home if isinstance(home, str) else module,
        "call": None,
        "members": {},
        "status": None,
    }
    if inspect.isclass(value):
        described["call"] = callee_of(value)
        described["members"] = members_of(value)
        described["status"] = status_of(value)
    elif inspect.isroutine(value):
        described["call"] = callee_of(value)
    return described


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Return the statements of a module that are run at import, those under conditions too; not for checkers alone."""
    for each in body:
        if isinstance(each, ast.If):
            if "TYPE_CHECKING" not in ast.unparse(each.test):
                yield from statements(each.body)
            yield from statements(each.orelse)
        elif isinstance(each, ast.Try):
            yield from statements([*each.body, *each.orelse])
        else:
            yield each


def names_in(module: ModuleType) -> Iterator[str]:
    """Return the public names of a module."""
    path = Path(str(module.__file__))
    listed: object = getattr(module, "__all__", None)
    if isinstance(listed, list | tuple):
        yield from cast("list[str]", listed)  # Python wants texts
        return
    reexports = path.name == "__init__.py" and path.parent.name not in DEFINED_HERE_ONLY
    package = module.__name__.partition(".")[0]
    for each in statements(ast.parse(path.read_text(encoding="utf-8")).body):
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.ImportFrom(module=origin, level=level, names=names) if reexports:
                if level or (origin or "").partition(".")[0] == package:
                    yield from (alias.asname or alias.name for alias in names)
            case _:
                pass


def public_names(module: ModuleType) -> dict[str, Name]:
    """Describe the public names of a module, by name."""
    found: dict[str, Name] = {}
    for name in dict.fromkeys(names_in(module)):
        value: object = getattr(module, name, None)
        if name.startswith("_") or isinstance(value, TypeVar | ModuleType):
            continue
        found[name] = name_of(value, module.__name__)
    return found


def modules_of(package: ModuleType) -> Iterator[str]:
    """Return the names of a package's modules, itself first, sorted."""
    yield package.__name__
    yield from sorted(each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))


def main(package: str) -> None:
    """Print the public names of all modules of a package that can be imported, as JSON; the others are None."""
    found: dict[str, dict[str, Name] | None] = {}
    for name in modules_of(importlib.import_module(package)):
        try:
            found[name] = public_names(importlib.import_module(name))
        except Exception as error:  # noqa: BLE001  whatever a module wants of its surroundings: it is internal, or named
            print(f"{name}: {error!r}", file=sys.stderr)  # noqa: T201  a program
            found[name] = None
    print(json.dumps(found))  # noqa: T201  as above


if __name__ == "__main__":
    main(sys.argv[1])
