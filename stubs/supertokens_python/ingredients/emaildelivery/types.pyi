# Written by `authweave moved stubs`.
from authweave.ingredients.emaildelivery.types import EmailContent as EmailContent
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig as EmailDeliveryConfig
from authweave.ingredients.emaildelivery.types import EmailDeliveryInterface as EmailDeliveryInterface
from authweave.ingredients.emaildelivery.types import SMTPServiceInterface as SMTPServiceInterface
from authweave.ingredients.emaildelivery.types import SMTPSettings as SMTPSettings
from authweave.ingredients.emaildelivery.types import SMTPSettingsFrom as SMTPSettingsFrom
from authweave.ingredients.emaildelivery.types import StartTLS as StartTLS
