"""``import supertokens_python`` without a change: modules of ours under their names there, for this process only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

from typing_extensions import override

from authweave.types import see_row

from ._here import Missing, is_module, look_up, names_in
from ._names import HERE, THERE

MIGRATIONS: Final = "migrations"
"""Django imports it of each application, and goes on if Python says in its own words that it is not there."""


class UnmovedModule(ModuleType):
    """
    A module of SuperTokens' as it is here: its attributes are those of the module of ours.

    What is set on it, as ``unittest.mock.patch`` does, is set on ours.
    """

    @override
    def __getattr__(self, name: str) -> object:
        """Return an attribute of ours, or a module in this one."""
        path = f"{self.__name__}.{name}"
        if name == "__all__":
            return names_in(inner_path(self.__name__))
        if name.startswith("__"):
            message = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        if is_module(inner_path(path)):
            return import_module(path)
        found = look_up(path)
        if isinstance(found, Missing):
            raise AttributeError(message_of(found), name=name, obj=self)  # noqa: TRY004  of modules
        module, _, last = found.path.rpartition(".")
        return getattr(import_module(module), last)

    @override
    def __setattr__(self, name: str, value: object) -> None:
        ours = None if isinstance(value, UnmovedModule) or name.startswith("__") else self.ours()
        if ours is None:
            super().__setattr__(name, value)
        else:
            setattr(ours, name, value)

    @override
    def __delattr__(self, name: str) -> None:
        ours = None if name in vars(self) else self.ours()
        if ours is None:
            super().__delattr__(name)
        else:
            delattr(ours, name)

    @override
    def __dir__(self) -> list[str]:
        return names_in(inner_path(self.__name__))

    def ours(self) -> ModuleType | None:
        """Return the module of ours that this one stands for."""
        found = look_up(self.__name__)
        return None if isinstance(found, Missing) else import_module(found.module)


class Finder(MetaPathFinder, Loader):
    """Finds the modules of SuperTokens' here."""

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != THERE:
            return None
        if is_module(inner_path(fullname)):
            return ModuleSpec(fullname, self, is_package=True)
        if inner_path(fullname) == MIGRATIONS:
            return None
        found = look_up(fullname)
        reason = message_of(found) if isinstance(found, Missing) else f"{found.path} is not a module."
        # Of the parent: of a module of its own name `from parent import name` would speak in its own words. Django,
        # which looks whether an application has migrations, wants to read that it is this module.
        parent, _, last = fullname.rpartition(".")
        raise ModuleNotFoundError(reason, name=fullname if last == "migrations" else parent)

    @override
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return UnmovedModule(spec.name)

    @override
    def exec_module(self, module: ModuleType) -> None:
        """Say where it is; attributes are looked up when they are used."""
        if module.__name__ == THERE:  # Django asks for the folder of an application
            module.__file__ = import_module(HERE).__file__


def inner_path(module: str) -> str:
    """Return the path of a module without its package."""
    return module.partition(".")[2]


def message_of(missing: Missing) -> str:
    """Return what an error says of a name that is not here."""
    return f"{missing.path}: {missing.reason} {see_row(missing.row) if missing.row else ''}".rstrip()


def install_hook(storage: str | None = None) -> None:
    """
    Have ``import supertokens_python`` find the modules here, until this process ends.

    Args:
        storage: the URL of a database, which takes the place of the core that a ``SupertokensConfig`` names.
    """
    for name in [each for each in sys.modules if each.partition(".")[0] == THERE]:
        del sys.modules[name]
    sys.meta_path.insert(0, Finder())
    if storage is not None:
        keep_in(storage)


def keep_in(storage: str) -> None:
    """Have each ``SupertokensConfig`` name a database."""
    from authweave import SupertokensConfig  # noqa: PLC0415  loads an application's rooms

    class ConfigOfTheCommandLine(SupertokensConfig):
        """Takes what its base takes, and names the database of the command line."""

        def __init__(self, *_args: object, **_settings: object) -> None:
            super().__init__(connection_uri=storage)

    package = import_module(THERE)
    vars(package)[SupertokensConfig.__name__] = ConfigOfTheCommandLine
