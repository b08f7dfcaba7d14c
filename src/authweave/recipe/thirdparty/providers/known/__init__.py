"""The providers that the library knows, as data, with what only one or the other of them needs."""

from __future__ import annotations

from typing import Final

from authweave.recipe.thirdparty.provider import CommonProviderConfig
from authweave.recipe.thirdparty.providers.profiles import ProviderProfile, openid_fields

from .oauth import OAUTH_PROVIDERS
from .openid import OPENID_PROVIDERS
from .servers import OPENID_SERVERS

PROFILES: Final = (*OPENID_PROVIDERS, *OPENID_SERVERS, *OAUTH_PROVIDERS)

OPENID: Final = ProviderProfile(
    defaults=CommonProviderConfig("", user_info_map=openid_fields()),
    vouched_for_by="`email_verified` in the ID token or the user info, unless `user_info_map` says otherwise",
)
"""Any other provider; what it has, its configuration says."""


def profile_of(third_party_id: str) -> ProviderProfile:
    """Return a provider's entry. ``google-workspaces-acme`` is a ``google-workspaces``: one may have several."""
    fitting = [each for each in PROFILES if third_party_id == each.id or third_party_id.startswith(f"{each.id}-")]
    return max(fitting, key=lambda each: len(each.id), default=OPENID)
