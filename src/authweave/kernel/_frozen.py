"""Types of composed objects: as the implementation's own, but their functions cannot be replaced (law O6)."""

from __future__ import annotations

import types
from collections.abc import Callable, Collection
from typing import NoReturn, cast


def frozen_type(cls: type, functions: Collection[str], made: Callable[[object], None] | None = None) -> type:
    """
    Make a type that is as another one, but lets no function be replaced by assignment.

    Args:
        cls: the implementation's type.
        functions: the names of its functions. What else it keeps in attributes is its own business.
        made: is handed each object that is made from the type itself, by ``dataclasses.replace(self)`` say.
    """
    # What the class itself would do. Taken by name: on a `type` the checkers see the metaclass's own.
    set_base, delete_base, make_base = (
        cast("Callable[..., None]", getattr(cls, name)) for name in ("__setattr__", "__delattr__", "__init__")
    )

    def set_attribute(instance: object, name: str, value: object) -> None:
        if name in functions:
            refuse(cls, name)
        set_base(instance, name, value)

    def delete_attribute(instance: object, name: str) -> None:
        if name in functions:
            refuse(cls, name)
        delete_base(instance, name)

    members: dict[str, object] = {
        "__slots__": (),  # nothing beside what the base has: an object can change from one to the other
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__setattr__": set_attribute,
        "__delattr__": delete_attribute,
    }
    if made is not None:

        def make(instance: object, *args: object, **kwargs: object) -> None:
            make_base(instance, *args, **kwargs)
            made(instance)

        members["__init__"] = make
    return types.new_class(cls.__name__, (cls,), exec_body=lambda body: body.update(members))


def become(instance: object, cls: type) -> None:
    """Give an object another type, also where its own lets nothing be assigned."""
    object.__setattr__(instance, "__class__", cls)


def refuse(cls: type, name: str) -> NoReturn:
    """Refuse to replace a function of a composed object."""
    message = (
        f"{cls.__name__}.{name} cannot be replaced: the object is composed already. Hand an override to compose() or "
        "init(), or use overriding() for a block."
    )
    raise AttributeError(message)
