"""What results have in common, by the path that applications know from SuperTokens."""

from __future__ import annotations

from typing import Protocol, TypeVar, runtime_checkable

from ._results import APIResponse, GeneralErrorResponse

__all__ = ["APIResponse", "GeneralErrorResponse", "HasErr", "HasReason", "HasStatus"]

T_co = TypeVar("T_co", covariant=True)


@runtime_checkable
class HasStatus(Protocol[T_co]):
    """What has a ``status``, as each result has."""

    @property
    def status(self) -> T_co:
        """``OK``, or the name of what came of it."""
        ...


@runtime_checkable
class HasErr(Protocol[T_co]):
    """What has an ``err``."""

    @property
    def err(self) -> T_co:
        """What went wrong."""
        ...


@runtime_checkable
class HasReason(Protocol[T_co]):
    """What has a ``reason``."""

    @property
    def reason(self) -> T_co:
        """Why."""
        ...
