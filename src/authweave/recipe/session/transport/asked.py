"""What a route asks of its session, in every framework."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Any, Final, Literal, NoReturn, Protocol, TypeAlias, TypedDict, TypeVar, overload

from authweave.extending import Application
from authweave.kernel import ContextArgument
from authweave.recipe.session.interfaces import OverrideClaimValidators
from authweave.types import ConfigurationError

RequiredT_co = TypeVar("RequiredT_co", covariant=True)
OptionalT_co = TypeVar("OptionalT_co", covariant=True)


class VerifyOptions(TypedDict, total=False):
    """
    What ``get_session`` of every framework takes beside ``session_required``, by keyword.

    Keys:
        anti_csrf_check: True and False decide; by default every method but GET is checked.
        check_database: whether to notice at once that a session was revoked, at the cost of a query.
        override_global_claim_validators: decides which claims are validated.
        user_context: what is in the context while the session is verified, beside what is in that of the request. Each
            request gets a copy.
        app: whose session it is, and who answers its errors; by default that of the middleware.
    """

    anti_csrf_check: bool | None
    check_database: bool
    override_global_claim_validators: OverrideClaimValidators | None
    user_context: ContextArgument | None
    app: Application | None


KEYS: Final = VerifyOptions.__optional_keys__
ASKED: Final = "authweave_asked"
"""Where a dependency or a guard keeps what it asks for, for who describes the route."""

Asked: TypeAlias = tuple[bool | None, bool, bool, OverrideClaimValidators | None, ContextArgument | None]
"""
anti_csrf_check, session_required, check_database, override_global_claim_validators, user_context: the parameters of
``verify_session``, in its order.
"""


def asked_by(options: VerifyOptions, *, session_required: bool = True) -> tuple[Application | None, Asked]:
    """
    Return whose session a route asks for, and what of it.

    Raises:
        TypeError: there is no such option.
    """
    refuse_unknown(options.keys() - KEYS)
    return options.get("app"), (
        options.get("anti_csrf_check"),
        session_required,
        options.get("check_database", False),
        options.get("override_global_claim_validators"),
        options.get("user_context"),
    )


def refuse_unknown(names: Collection[str]) -> None:
    """
    Refuse options that there are not.

    Raises:
        TypeError: there is one.
    """
    if names:
        unknown = ", ".join(sorted(map(repr, names)))
        known = ", ".join(sorted({"session_required", *KEYS}))
        raise TypeError(f"A session cannot be asked for with {unknown}: the options are {known}.")


class VerifySession(Protocol[RequiredT_co, OptionalT_co]):
    """``verify_session`` of a framework: it is told what a route asks of its session, and returns what guards it."""

    @overload
    def __call__(
        self,
        anti_csrf_check: bool | None = None,
        session_required: Literal[True] = True,
        check_database: bool = False,
        override_global_claim_validators: OverrideClaimValidators | None = None,
        user_context: ContextArgument | None = None,
        *,
        app: Application | None = None,
    ) -> RequiredT_co: ...
    @overload
    def __call__(
        self,
        anti_csrf_check: bool | None = None,
        session_required: bool = ...,
        check_database: bool = False,
        override_global_claim_validators: OverrideClaimValidators | None = None,
        user_context: ContextArgument | None = None,
        *,
        app: Application | None = None,
    ) -> OptionalT_co: ...


class ToBeCalled:
    """Tells who writes ``Depends(verify_session)``: FastAPI asks for a schema of what it takes for parameters."""

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> NoReturn:
        """
        Refuse.

        Raises:
            authweave.types.ConfigurationError: always.
        """
        raise ConfigurationError("Depends(verify_session) lacks the call: write Depends(verify_session()).")


def verifying(
    make: Callable[[Application | None, Asked], Any],  # Any: what a framework needs, which the caller's annotation says
) -> VerifySession[Any, Any]:
    """
    Make ``verify_session`` of a function that is handed whose session a route asks for, and what of it.

    It has the docstring of that function, and:

    Raises:
        TypeError: there is no such option.
        authweave.types.ConfigurationError: a view was handed over, so the call was forgotten.
    """

    def verify_session(
        anti_csrf_check: Annotated[bool | None, ToBeCalled()] = None,
        session_required: bool = True,
        check_database: bool = False,
        override_global_claim_validators: OverrideClaimValidators | None = None,
        user_context: ContextArgument | None = None,
        *,
        app: Application | None = None,
        **unknown: object,
    ) -> Any:  # noqa: ANN401  as above
        refuse_unknown(unknown)
        if callable(anti_csrf_check):
            raise ConfigurationError("@verify_session lacks the call: write @verify_session() above the view.")
        asked: Asked = (
            anti_csrf_check,
            session_required,
            check_database,
            override_global_claim_validators,
            user_context,
        )
        return make(app, asked)

    verify_session.__module__, verify_session.__qualname__ = make.__module__, verify_session.__name__
    verify_session.__doc__ = make.__doc__
    return verify_session
