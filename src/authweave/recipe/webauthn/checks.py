"""What ``authweave doctor`` looks at of passkeys."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from authweave.extending import Check, Finding

from .relying_party import RelyingParties


@attrs.frozen
class WebauthnChecks:
    """
    Looks at whether passkeys can be made on the website.

    Attributes:
        relying_parties: says whether domain and page go together.
    """

    relying_parties: RelyingParties

    def checks(self) -> Sequence[Check]:
        """Return the checks."""
        return (Check("domain", "Passkeys are good on the website", self.check_domain),)

    def check_domain(self) -> Finding:
        """Look at the domain of the passkeys, where it is not told of each request."""
        parties = self.relying_parties
        domain = parties.fixed_id
        if domain is None or parties.settings.get_origin is not None:
            return Finding("note", "The application says of each request for which domain, and on which page.")
        website = parties.app_info.website_origin
        if parties.accepted(domain, website) is None:
            return Finding("fault", f"The domain of passkeys is {domain}, and the website {website}.", ADVICE)
        return Finding("ok", f"The domain of passkeys is {domain}. With another one, those that there are end.")


ADVICE = (
    "Say WebauthnConfig(get_relying_party_id='example.com'), with the part that the hosts of website and API have in "
    "common; or name the website in related_origins."
)
