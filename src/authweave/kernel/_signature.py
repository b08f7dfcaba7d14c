"""
Signatures and annotations, read without asking that every name in them can be found.

From Python 3.14 on an annotation runs when it is read. One that names what is imported for type checkers alone then
raises NameError, so it is read as text, or as far as its names go.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable

if sys.version_info >= (3, 14):
    from annotationlib import Format, ForwardRef, get_annotations


def signature_of(call: Callable[..., object], *, follow_wrapped: bool) -> inspect.Signature:
    """
    Return the signature of a callable.

    Args:
        call: the callable.
        follow_wrapped: whether that of what it wraps is wanted, by ``functools.wraps``, or its own.

    Raises:
        TypeError: it is no callable that has a signature.
        ValueError: a built-in one that does not tell its signature.
    """
    if sys.version_info >= (3, 14):
        return inspect.signature(call, follow_wrapped=follow_wrapped, annotation_format=Format.STRING)
    return inspect.signature(call, follow_wrapped=follow_wrapped)


def takes(call: Callable[..., object], positional: int, *keywords: str) -> bool:
    """
    Return whether something may be called with so many arguments by their positions, and with some by their names.

    What it is itself called with counts, and not what a function takes that it wraps by ``functools.wraps``. Something
    built in that does not tell its signature is taken to fit.
    """
    try:
        signature = signature_of(call, follow_wrapped=False)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*range(positional), **dict.fromkeys(keywords))
    except TypeError:
        return False
    return True


def result_annotation(call: Callable[..., object]) -> object:
    """Return what stands after a callable's ``->``, as text where it cannot be resolved; else ``Signature.empty``."""
    if sys.version_info >= (3, 14):
        resolved = get_annotations(call, format=Format.FORWARDREF).get("return", inspect.Signature.empty)
        return get_annotations(call, format=Format.STRING)["return"] if isinstance(resolved, ForwardRef) else resolved
    return getattr(call, "__annotations__", {}).get("return", inspect.Signature.empty)


def result_type(declared: Callable[..., object]) -> object:
    """
    Return what a function may return, text resolved; ``object`` if it does not say.

    Raises:
        Exception: whatever an annotation raises, before Python 3.14 also one of a parameter.
    """
    if sys.version_info >= (3, 14):
        return typing.get_type_hints(declared, format=Format.FORWARDREF).get("return", object)
    return typing.get_type_hints(declared).get("return", object)


def annotated_names(cls: type) -> tuple[str, ...]:
    """Return the names that a class itself annotates, in order."""
    if sys.version_info >= (3, 14):
        return tuple(get_annotations(cls, format=Format.FORWARDREF))
    return tuple(inspect.get_annotations(cls))
