"""Who overrides what: the chains of a composed object, as values and as text (law O10)."""

from __future__ import annotations

import attrs
from typing_extensions import override

from ._chain import composition_of
from ._layer import Layer


@attrs.frozen(repr=False)
class ExplainedFunction:
    """
    The chain of one function.

    Attributes:
        layers: the overrides, the outermost first.
        implementation: what they override.
    """

    name: str
    layers: tuple[Layer, ...]
    implementation: Layer

    @override
    def __str__(self) -> str:
        """Give the chain as a tree of one branch, a line a layer."""
        lines = [self.name]
        for depth, layer in enumerate((*self.layers, self.implementation)):
            lines.append(f"{'   ' * depth}└─ {layer.name}  [{layer.manner}]  {layer.file}:{layer.line}")
        return "\n".join(lines)

    @override
    def __repr__(self) -> str:
        """Give the same, without code objects: it is read at a prompt."""
        return str(self)


def explain(composed: object) -> tuple[ExplainedFunction, ...]:
    """
    Return the chain of each function of a composed object, in the order in which its class declares them.

    Raises:
        TypeError: the object was not composed.
    """
    composition = composition_of(composed)
    if composition is None:
        message = f"{type(composed).__name__} was not composed: hand over what compose() returned."
        raise TypeError(message)
    return tuple(
        ExplainedFunction(name, tuple(chain.layers[::-1]), chain.implementation)
        for name, chain in composition.chains.items()
    )
