"""What mails and text messages share: how they are written in a request, kept in the outbox, and sent later."""

from ._app import AppDelivery, DeliveryConfig, DeliveryServices, is_this_machine
from ._collector import UNPRINTABLE, Collector
from ._later import LaterService, Puts
from ._locales import ChooseLocale, choose_locale
from ._messages import Medium, Messages, messages_of
from ._queue import Queue, SendsRaw
from ._texts import ENGLISH, Texts, Translations, in_words

__all__ = [
    "ENGLISH",
    "UNPRINTABLE",
    "AppDelivery",
    "ChooseLocale",
    "Collector",
    "DeliveryConfig",
    "DeliveryServices",
    "LaterService",
    "Medium",
    "Messages",
    "Puts",
    "Queue",
    "SendsRaw",
    "Texts",
    "Translations",
    "choose_locale",
    "in_words",
    "is_this_machine",
    "messages_of",
]
