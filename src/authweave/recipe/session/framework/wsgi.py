"""Any WSGI framework: the session of a request, which is found by the environment that the request has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, overload

from authweave.extending import Application
from authweave.recipe.session.interfaces import OverrideClaimValidators, SessionContainer
from authweave.recipe.session.transport.of_request import session_of_blocking

__all__ = ["Request", "get_session"]


class Request(Protocol):
    """A request, as the WSGI frameworks have it: Flask, Bottle."""

    @property
    def environ(self) -> Mapping[str, object]:
        """The request's environment (PEP 3333)."""
        ...


@overload
def get_session(
    request: Request,
    *,
    session_required: Literal[True] = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> SessionContainer: ...
@overload
def get_session(
    request: Request,
    *,
    session_required: bool,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> SessionContainer | None: ...
def get_session(
    request: Request,
    *,
    session_required: bool = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> SessionContainer | None:
    """
    Return the verified session of a request, as `authweave.recipe.session.framework.asgi.get_session` does.

    Parameters, result and errors are the same; it is called from a view that has no loop.

    Raises:
        authweave.errors.RunningLoopError: a loop runs in this thread.
    """
    asked = anti_csrf_check, session_required, check_database, override_global_claim_validators
    return session_of_blocking(request.environ, app, asked)
