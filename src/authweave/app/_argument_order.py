"""
In debug mode: a tenant, an address and a password in each other's place.

The functions of ``authweave.recipe.emailpassword.asyncio`` take ``(tenant_id, email, password)``, and what overrides
them takes ``(email, password, tenant_id)``; so it is in the seeds. All are text, and no type checker can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from authweave.kernel import AuthweaveError
from authweave.types import PUBLIC_TENANT, see_row

if TYPE_CHECKING:
    from authweave.kernel import Layer

TENANT: Final = "tenant_id"


class SwappedArgumentsError(AuthweaveError, TypeError):
    """
    In debug mode: a function was called with its tenant in the place of another parameter.

    The values are not told: one of them may be a password.

    Attributes:
        function: the qualified name of the function.
    """

    code = "swapped_arguments"

    def __init__(self, function: str, what: str, order: str, caller: str) -> None:
        self.function = function
        super().__init__(
            f"{function} was called{caller} with {what}: its arguments are in another order than its parameters. "
            f"Overrides, and the original that they call, take ({order}); the functions of a recipe's asyncio and "
            f"syncio modules take tenant_id first. Hand them over by name. {see_row('M22')}"
        )


class ArgumentOrder:
    """
    Looks at the arguments of every call.

    Args:
        tenant_exists: asks the store; only where an address is none, and the tenant is not ``public``.
    """

    def __init__(self, tenant_exists: Callable[[str], bool]) -> None:
        self._tenant_exists = tenant_exists

    def __call__(self, function: str, arguments: Mapping[str, object], caller: Layer | None) -> None:
        """
        Look at one call.

        Raises:
            SwappedArgumentsError: the tenant is in the place of another parameter.
        """
        tenant_id, email = arguments.get(TENANT), arguments.get("email")
        if not isinstance(tenant_id, str):
            return
        if "@" in tenant_id:
            what = f"an address as its {TENANT}"
        elif isinstance(email, str) and self._are_swapped(tenant_id, email):
            what = "a tenant as its email"
        else:
            return
        by = "" if caller is None else f" by {caller}"
        raise SwappedArgumentsError(function, what, ", ".join(arguments), by)

    def _are_swapped(self, tenant_id: str, email: str) -> bool:
        """Return whether what should be an address is a tenant, and what should be a tenant is none."""
        if tenant_id == PUBLIC_TENANT or "@" in email or not email:
            return False
        return (email == PUBLIC_TENANT or self._tenant_exists(email)) and not self._tenant_exists(tenant_id)
