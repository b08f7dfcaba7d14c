"""
An interface, overrides of it that pass everything on, and the same stacks written by hand, for ``kernel.py``.

Written with what the kernel had before there was the call style: ``beside.py`` runs it on older revisions as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, Protocol

from typing_extensions import TypeVar, override

from authweave.kernel import Interface, UserContext, overridable, wrap
from authweave.kernel import override as overrides

C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)
P = ParamSpec("P")
R = TypeVar("R")
SignUp = Callable[[str, str, str, None, None, UserContext], Coroutine[Any, Any, str]]
Check = Callable[[str, str, UserContext], str]


class Accounts(Interface[C_contra], Protocol[C_contra]):
    """An interface with the parameters of the emailpassword recipe's ``sign_up``."""

    @overridable
    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        """Six parameters, as the interface of the recipe has."""
        ...

    @overridable
    async def sign_in(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        """Stand beside, to be overridden."""
        ...

    @overridable
    def check(self, email: str, password: str, user_context: C_contra) -> str:
        """Synchronous."""
        ...


class PlainAccounts(Accounts[C_contra]):
    """Does as little as possible."""

    @overridable
    @override
    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        return email

    @overridable
    @override
    async def sign_in(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        return email

    @overridable
    @override
    def check(self, email: str, password: str, user_context: C_contra) -> str:
        return email


@overrides(Accounts[UserContext].sign_up)
async def layer(
    original: SignUp, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
) -> str:
    """Pass everything on."""
    return await original(email, password, tenant_id, session, linking, user_context)


@overrides(Accounts[UserContext].sign_up)
async def layer_again(
    original: SignUp, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
) -> str:
    """Pass everything on."""
    return await original(email, password, tenant_id, session, linking, user_context)


@overrides(Accounts[UserContext].sign_in)
async def other_layer(
    original: SignUp, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
) -> str:
    """Pass everything on."""
    return await original(email, password, tenant_id, session, linking, user_context)


@overrides(Accounts[UserContext].check)
def check_layer(original: Check, email: str, password: str, user_context: UserContext) -> str:
    """Pass everything on."""
    return original(email, password, user_context)


def passing_on(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Pass everything on, whatever it is. Any: nobody sends to a coroutine of ours."""

    async def passed(*args: P.args, **kwargs: P.kwargs) -> R:
        return await original(*args, **kwargs)

    return passed


def handing_on(original: Callable[P, R]) -> Callable[P, R]:
    """Hand everything on, by a function that is not ``async``."""

    def handed(*args: P.args, **kwargs: P.kwargs) -> R:
        return original(*args, **kwargs)

    return handed


wrapper = wrap(Accounts[UserContext].sign_up, passing_on)
plain_wrapper = wrap(Accounts[UserContext].sign_up, handing_on)


def seed_layer(original_implementation: Accounts[UserContext]) -> Accounts[UserContext]:
    """Pass everything on, in SuperTokens style."""
    original = original_implementation.sign_up

    async def sign_up(
        email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        return await original(email, password, tenant_id, session, linking, user_context)

    original_implementation.sign_up = sign_up
    return original_implementation


def seed_layer_again(original_implementation: Accounts[UserContext]) -> Accounts[UserContext]:
    """Pass everything on, in SuperTokens style."""
    original = original_implementation.sign_up

    async def sign_up(
        email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        return await original(email, password, tenant_id, session, linking, user_context)

    original_implementation.sign_up = sign_up
    return original_implementation


def closures(depth: int) -> SignUp:
    """Write the same stack by hand."""

    async def base(
        email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        return email

    def around(original: SignUp) -> SignUp:
        async def sign_up(
            email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
        ) -> str:
            return await original(email, password, tenant_id, session, linking, user_context)

        return sign_up

    function: SignUp = base
    for _ in range(depth):
        function = around(function)
    return function


class Replaceable:
    """An implementation whose attributes are replaced, as supertokens-python has overrides do it."""

    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        """Do as little as possible."""
        return email


def attribute_replacement(depth: int) -> SignUp:
    """Replace an attribute again and again."""
    implementation = Replaceable()

    def around(original: SignUp) -> SignUp:
        async def sign_up(
            email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
        ) -> str:
            return await original(email, password, tenant_id, session, linking, user_context)

        return sign_up

    for _ in range(depth):
        implementation.sign_up = around(implementation.sign_up)  # type: ignore[method-assign]  # that is the point
    return implementation.sign_up


def super_chain(depth: int) -> SignUp:
    """Make as many subclasses that call ``super()``."""
    cls: type[Replaceable] = Replaceable
    for _ in range(depth):

        class Sub(cls):  # type: ignore[valid-type,misc]  # pyright: ignore[reportUntypedBaseClass]  # a base per layer
            async def sign_up(
                self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
            ) -> str:
                return await super().sign_up(email, password, tenant_id, session, linking, user_context)

        cls = Sub
    return cls().sign_up


def arguments(user_context: UserContext) -> tuple[str, str, str, None, None, UserContext]:
    """Return what every call passes by position."""
    return ("a@example.com", "password1", "public", None, None, user_context)


def call_of(function: Callable[..., Awaitable[object]], *args: object) -> Callable[[], Awaitable[object]]:
    """Bind arguments without the cost of a partial showing in one case only: every case is bound like this."""
    return lambda: function(*args)
