"""What ``authweave doctor`` looks at: cookies, and what is risky in the settings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import attrs

from authweave.extending import Check, Finding
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.types import Risk

DAY_MS: Final = 86_400_000


@attrs.frozen
class SessionChecks:
    """
    Look at how sessions are set.

    Attributes:
        config: the settings.
        risks: what is risky in them, and how; with those that were accepted.
        accepted: which risks ``accept_risks`` names.
    """

    config: SessionConfig
    risks: Sequence[tuple[Risk, str]]
    accepted: Collection[Risk]

    def checks(self) -> tuple[Check, ...]:
        """Return the checks."""
        return (
            Check("cookies", "Cookies travel by https alone, and no further than they have to", self.cookies),
            Check("risks", "No risk is taken unknowingly", self.unknown_risks),
            Check("accepted_risks", "Risks that were accepted are still meant so", self.accepted_risks),
            Check("lifetimes", "Sessions end", self.lifetimes),
        )

    def cookies(self) -> Finding:
        """Look at the attributes of cookies."""
        cookies = self.config.cookies
        domain = f"Domain={cookies.domain}" if cookies.domain else "of the API's host alone"
        said = f"{'Secure' if cookies.secure else 'not Secure'}, SameSite={cookies.same_site}, {domain}"
        said = f"{said}; anti-CSRF {self.config.anti_csrf}."
        if not cookies.secure:
            advice = "Serve the API by https, and say so in api_domain; do not pass session.init(cookie_secure=False)."
            return Finding("fault", said, advice)
        if cookies.domain:
            return Finding("note", said, "Every host below that domain gets the session's cookies: is each your own?")
        return Finding("ok", said)

    def unknown_risks(self) -> Finding:
        """Look at risks that nobody has accepted: the log has them as well."""
        found = [(risk, said) for risk, said in self.risks if risk not in self.accepted]
        if not found:
            return Finding("ok", "There is none in the settings.")
        names = ", ".join(repr(risk) for risk, _ in found)
        advice = f"Change that, or say that it is known: session.init(accept_risks={{{names}}})."
        return Finding("warning", " ".join(said for _, said in found), advice)

    def accepted_risks(self) -> Finding:
        """Look at risks that were accepted, and at what ``accept_risks`` names in vain."""
        taken = [(risk, said) for risk, said in self.risks if risk in self.accepted]
        if taken:
            said = " ".join(f"{risk}: {text}" for risk, text in taken)
            return Finding("warning", said, "Take them out of accept_risks, unless they are still meant so.")
        if self.accepted:
            names = ", ".join(sorted(self.accepted))
            return Finding("note", f"accept_risks names {names}, which is not there.", "Take it out.")
        return Finding("ok", "There is none.")

    def lifetimes(self) -> Finding:
        """Look at how long sessions live."""
        config = self.config
        access_s, unused_days = config.access_token_validity_ms / 1000, config.refresh_token_validity_ms / DAY_MS
        said = f"Access tokens after {access_s:g} s, sessions after {unused_days:g} days without use"
        if config.session_lifetime_ms is None:
            advice = "OWASP ASVS 5.0, 7.3.2, asks for a bound: session.init(session_lifetime_s=...)."
            return Finding("note", f"{said}; one that is used does not end.", advice)
        return Finding("ok", f"{said}, and after {config.session_lifetime_ms / DAY_MS:g} days however much it is used.")
