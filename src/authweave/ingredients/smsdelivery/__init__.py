"""
How text messages are delivered: by a sender of the application's choice, or printed while it is developed.

What an application configures is in `authweave.ingredients.smsdelivery.types`.
"""

from authweave.ingredients.delivery import Translations

from ._content import SMSContentError
from ._delivery import AppSMSDelivery, NoSMSService, SMSDelivery, SMSServices
from ._service import DevelopmentSMS, LaterSMS, OriginalSMS, SMSService
from ._twilio import TwilioService
from .types import (
    SMSContent,
    SMSDeliveryConfig,
    SMSDeliveryInterface,
    SMSSender,
    SMSServiceInterface,
    TwilioServiceInterface,
    TwilioSettings,
    WritesSMS,
)

__all__ = [
    "AppSMSDelivery",
    "DevelopmentSMS",
    "LaterSMS",
    "NoSMSService",
    "OriginalSMS",
    "SMSContent",
    "SMSContentError",
    "SMSDelivery",
    "SMSDeliveryConfig",
    "SMSDeliveryInterface",
    "SMSSender",
    "SMSService",
    "SMSServiceInterface",
    "SMSServices",
    "Translations",
    "TwilioService",
    "TwilioServiceInterface",
    "TwilioSettings",
    "WritesSMS",
]
