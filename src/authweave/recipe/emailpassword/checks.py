"""What ``authweave doctor`` looks at."""

from __future__ import annotations

import attrs

from authweave.extending import Check, EmailContribution, Finding, Services

from .config import EmailPasswordConfig
from .policy import BreachCheck


@attrs.frozen
class EmailPasswordChecks:
    """
    Look at how passwords are set.

    Attributes:
        config: the settings.
        services: of the application.
    """

    config: EmailPasswordConfig
    services: Services

    def checks(self) -> tuple[Check, ...]:
        """Return the checks."""
        return (
            Check("reset", "A forgotten password can be reset", self.reset),
            Check("breaches", "Passwords that others have lost are refused", self.breaches),
            Check("verification", "Addresses are verified", self.verification),
            Check("enumeration", "Answers tell of addresses what they may", self.enumeration),
        )

    def reset(self) -> Finding:
        """Look at how forgotten passwords are reset."""
        reset = self.config.password_reset
        if not reset.enabled:
            return Finding("warning", "The routes are off.", "Leave out PasswordResetFeature(enabled=False).")
        said = f"By links that are good for {reset.lifetime_s} s"
        if not reset.revoke_sessions:
            advice = "Leave out PasswordResetFeature(revoke_sessions=False): whoever has one may be the reason for it."
            return Finding("warning", f"{said}; sessions of the user go on.", advice)
        return Finding("ok", f"{said}; all sessions of the user end.")

    def breaches(self) -> Finding:
        """Look at what is asked of a new password beside its length."""
        own = self.config.password_policy.checks
        if any(isinstance(each, BreachCheck) for each in own):
            return Finding("ok", "A list is asked.")
        advice = "InputSignUpFeature(password_checks=[BreachCheck(...)]) asks one (OWASP ASVS 5.0, 6.2.12)."
        found = f"{len(own)} checks of the application's own are asked." if own else "No list is asked."
        return Finding("note", found, advice)

    def verification(self) -> Finding:
        """Look at whether a recipe verifies addresses."""
        if any(each.verifier is not None for each in self.services.contributions(EmailContribution)):
            return Finding("ok", "They are.")
        return Finding(
            "warning", "No recipe does: anybody signs up with anybody's.", "Add emailverification.init(...)."
        )

    def enumeration(self) -> Finding:
        """Look at the routes that tell by contract whether an address is known."""
        telling = {
            "POST /signup": self.config.sign_up_api,
            "GET /emailpassword/email/exists": self.config.email_exists_api,
        }
        if not (served := [route for route, is_served in telling.items() if is_served]):
            return Finding("ok", "None is told whether it is known.")
        advice = "Where that has to stay secret, switch them off, and create users by the functions."
        return Finding("note", f"{' and '.join(served)} tell whether an address is known.", advice)
