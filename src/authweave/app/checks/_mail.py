"""Checks of how mails and text messages are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from authweave.extending import Check, Finding, Services
from authweave.ingredients.emaildelivery import DevelopmentMails, NoService, SMTPService
from authweave.ingredients.smsdelivery import DevelopmentSMS, NoSMSService

CONFIGURE: Final = "init(email_delivery=EmailDeliveryConfig(service=SMTPService(SMTPSettings(...)))) says how."
CONFIGURE_SMS: Final = "init(sms_delivery=SMSDeliveryConfig(service=SMSService(sender))) says how."


@attrs.frozen(eq=False)
class MailChecks:
    """
    Look at how mails and text messages are sent.

    Attributes:
        services: what the application hands to its recipes.
    """

    services: Services

    def checks(self) -> tuple[Check, ...]:
        """Return the checks."""
        return (
            Check("mail", "Mail is sent", self.configured),
            Check("mail_connect", "The mail server takes our mail", self.connect, asks_others=True),
            Check("sms", "Text messages are sent", self.sms_configured),
        )

    def configured(self) -> Finding:
        """Look at what sends the mail of each recipe."""
        services = self.services.email_delivery.services
        if (found := undelivered("Mails", services, NoService, DevelopmentMails, CONFIGURE)) is not None:
            return found
        said = "; ".join(f"{each} by {describe(service)}" for each, service in services.items())
        if any(isinstance(service, SMTPService) and not service.is_encrypted for service in services.values()):
            advice = "SMTPSettings(secure=True), or starttls='required': mails hold links that sign people in."
            return Finding("fault", f"{said}: it may travel in the clear.", advice)
        return Finding("ok", f"{said}.")

    def sms_configured(self) -> Finding:
        """Look at what sends the text messages of each recipe."""
        services = self.services.sms_delivery.services
        said = "; ".join(f"{each} by {type(service).__name__}" for each, service in services.items())
        found = undelivered("Text messages", services, NoSMSService, DevelopmentSMS, CONFIGURE_SMS)
        return found or Finding("ok", f"{said}.")

    async def connect(self) -> Finding:
        """Connect to each SMTP server, and log in. No mail is sent."""
        servers = {
            service.server: service
            for service in self.services.email_delivery.services.values()
            if isinstance(service, SMTPService)
        }
        for server, service in servers.items():
            try:
                await service.check_connection()
            except Exception as error:  # noqa: BLE001  of the library, the network or the system
                advice = "Check host, port, TLS and password, and whether a firewall is in between."
                return Finding("fault", f"{server}: {type(error).__name__}.", advice)
        return Finding("ok", f"{'; '.join(servers)}." if servers else "No mail is sent by SMTP.")


def undelivered(
    what: str, services: Mapping[str, object], none: type[object], printed: type[object], advice: str
) -> Finding | None:
    """Return what is to be said where no recipe sends any, or what some send goes to nobody."""
    if not services:
        return Finding("ok", "No recipe sends any.")
    if without := [each for each, service in services.items() if isinstance(service, none)]:
        return Finding("fault", f"{what} of {', '.join(without)} go nowhere.", advice)
    if shown := [each for each, service in services.items() if isinstance(service, printed)]:
        return Finding("fault", f"{what} of {', '.join(shown)} are printed, and not sent.", advice)
    return None


def describe(service: object) -> str:
    """Say what a service is."""
    return f"SMTP ({service.server})" if isinstance(service, SMTPService) else type(service).__name__
