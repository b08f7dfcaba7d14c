"""The layers of a chain, as they are told to people: names, files and lines; and which of them failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from typing_extensions import override

from ._colour import await_result
from ._faults import code_of, place_of

if TYPE_CHECKING:
    from types import CodeType

    from ._faults import Place

Style: TypeAlias = Literal["override", "wrapper", "call", "before", "after", "seed", "implementation"]

NOTE = "in the override "
AWAITS = await_result.__code__
HOOKS = ("before", "after")  # which are blamed where they are called


class Layer(NamedTuple):
    """
    One layer of a chain.

    Attributes:
        name: the override's name, or the qualified name of the implementation.
        function: the function of the interface that it overrides.
        style: how it was written.
        proved: whether it is proved to hand its own context on, so that no guard stands between it and its original.
    """

    name: str
    function: str
    style: Style
    file: str
    line: int
    code: CodeType | None = None
    proved: bool = False

    @property
    def manner(self) -> str:
        """How it was written, and whether it is proved, as people are told."""
        return f"{self.style}, proved" if self.proved else self.style

    @override
    def __str__(self) -> str:
        """Name the layer and its place."""
        return f"{self.name} ({self.file}:{self.line})"


def layer_of(name: str, function: str, style: Style, call: Callable[..., object], called: Place | None = None) -> Layer:
    """Describe a layer; ``called`` is where an override was made of a library's function."""
    file, line = place_of(call, called)
    return Layer(name, function, style, file, line, code_of(call))


def blamer(layers: Sequence[Layer], implementation: Layer) -> Callable[[Exception], None]:
    """
    Make what names the innermost override that an exception came from, in one note on the exception.

    An exception that the implementation raised came from no override and gets no note.

    Args:
        layers: the overrides of the chain, the outermost first.
        implementation: what they override.
    """

    def blame(error: Exception) -> None:
        if is_blamed(error):
            return
        traceback = error.__traceback__
        # Where it went no further than the entry, it is the outermost override that cannot be called, or awaited.
        blamed: Layer | None = layers[0] if traceback is not None and traceback.tb_next is None else None
        inner = 0
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code is implementation.code:
                return
            if code is AWAITS:  # what a plain function returned, which has left no frame: the next layer, or none
                blamed = next((layer for layer in layers[inner:] if layer.style not in HOOKS), None)
            found = next((index for index in range(inner, len(layers)) if layers[index].code is code), None)
            if found is not None:
                blamed, inner = layers[found], found + 1
            traceback = traceback.tb_next
        if blamed is not None:
            error.add_note(note_of(blamed))

    return blame


def blamer_of(layer: Layer) -> Callable[[Exception], None]:
    """Make what names an override that an exception is known to come from: a hook, which nothing runs inside of."""

    def blame(error: Exception) -> None:
        if not is_blamed(error):
            error.add_note(note_of(layer))

    return blame


def is_blamed(error: Exception) -> bool:
    """Return whether an override is named already: one further in."""
    return any(note.startswith(NOTE) for note in getattr(error, "__notes__", ()))


def note_of(layer: Layer) -> str:
    """Return the note that names an override."""
    return f"{NOTE}{layer.name!r} of {layer.function}, {layer.file}:{layer.line}"
