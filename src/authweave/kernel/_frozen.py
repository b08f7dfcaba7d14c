"""Types whose objects let no attribute be replaced (law O6)."""

from __future__ import annotations

import types
from typing import NoReturn


def refuse(instance: object, name: str, value: object = None) -> NoReturn:
    """Refuse to replace an attribute of a composed object."""
    del value
    message = (
        f"{name!r} of {type(instance).__name__} cannot be replaced: it is composed already. Hand an override to "
        "compose() or init(), or use overriding() for a block."
    )
    raise AttributeError(message)


def frozen_type(cls: type) -> type:
    """Make a type that is as another one, but lets no attribute be replaced."""
    return types.new_class(cls.__name__, (cls,), exec_body=lambda body: body.update(frozen_members(cls)))


def frozen_members(cls: type) -> dict[str, object]:
    """Return what a frozen type has that its base has not."""
    return {"__setattr__": refuse, "__delattr__": refuse, "__module__": cls.__module__, "__doc__": cls.__doc__}
