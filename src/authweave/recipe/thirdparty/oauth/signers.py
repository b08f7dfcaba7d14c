"""Who has to have signed a token, and what becomes of one that somebody else has."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

import attrs

from authweave.recipe.thirdparty.exceptions import IDTokenError, IDTokenFault


@attrs.frozen(kw_only=True)
class Signer:
    """
    Whose signature a token has to have.

    Attributes:
        third_party_id: the provider's id.
        jwks_uri: where its keys are.
        algorithms: what it may have signed with: some of `ALGORITHMS`.
    """

    third_party_id: str
    jwks_uri: str
    algorithms: Collection[str]


@attrs.frozen
class Refusal:
    """Refuses a token of a provider."""

    third_party_id: str

    def __call__(self, fault: IDTokenFault, message: str) -> NoReturn:
        """Raise the error."""
        raise IDTokenError(self.third_party_id, fault, message) from None
