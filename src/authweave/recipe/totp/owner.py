"""The devices of users, as the recipe that asks for several factors meets them."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import FactorOwner, Services
from authweave.kernel import UserContext
from authweave.types import User

from .config import FACTOR
from .store import TOTP_DEVICES


class TOTPFactor(FactorOwner):
    """A factor that a user has set up who has shown a code of a device."""

    __slots__ = ()

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return (FACTOR,)

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        devices = await services.off_loop(services.storage.part(TOTP_DEVICES).devices_of_user, user.id)
        return (FACTOR,) if any(each.verified for each in devices) else ()
