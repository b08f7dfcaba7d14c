"""
How mails are delivered: by SMTP, by a service of the application's own, or printed while it is developed.

What an application configures is in `authweave.ingredients.emaildelivery.types`.
"""

from authweave.ingredients.delivery import Translations

from ._addresses import MailContentError, address_fault
from ._delivery import AppEmailDelivery, EmailDelivery, MailServices, NoService
from ._service import DevelopmentMails, SMTPService
from .types import (
    EmailContent,
    EmailDeliveryConfig,
    EmailDeliveryInterface,
    SMTPServiceInterface,
    SMTPSettings,
    SMTPSettingsFrom,
    WritesMail,
)

__all__ = [
    "AppEmailDelivery",
    "DevelopmentMails",
    "EmailContent",
    "EmailDelivery",
    "EmailDeliveryConfig",
    "EmailDeliveryInterface",
    "MailContentError",
    "MailServices",
    "NoService",
    "SMTPService",
    "SMTPServiceInterface",
    "SMTPSettings",
    "SMTPSettingsFrom",
    "Translations",
    "WritesMail",
    "address_fault",
]
