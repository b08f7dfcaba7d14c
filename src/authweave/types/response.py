"""What results have in common, by the path that applications know from SuperTokens."""

from __future__ import annotations

from typing import Protocol, TypeVar, runtime_checkable

from ._results import APIResponse, GeneralErrorResponse

__all__ = ["APIResponse", "GeneralErrorResponse", "HasErr", "HasReason", "HasStatus"]

StatusT_co = TypeVar("StatusT_co", covariant=True)


@runtime_checkable
class HasStatus(Protocol[StatusT_co]):
    """What has a ``status``, as each result has."""

    @property
    def status(self) -> StatusT_co:
        """``OK``, or the name of what came of it."""
        ...


@runtime_checkable
class HasErr(Protocol[StatusT_co]):
    """What has an ``err``."""

    @property
    def err(self) -> StatusT_co:
        """What went wrong."""
        ...


@runtime_checkable
class HasReason(Protocol[StatusT_co]):
    """What has a ``reason``."""

    @property
    def reason(self) -> StatusT_co:
        """Why."""
        ...
