# Written by `authweave moved stubs`.
from authweave.ingredients.smsdelivery.types import SMSContent as SMSContent
from authweave.ingredients.smsdelivery.types import SMSDeliveryConfig as SMSDeliveryConfig
from authweave.ingredients.smsdelivery.types import SMSDeliveryInterface as SMSDeliveryInterface
from authweave.ingredients.smsdelivery.types import SMSSender as SMSSender
from authweave.ingredients.smsdelivery.types import SMSServiceInterface as SMSServiceInterface
from authweave.ingredients.smsdelivery.types import WritesSMS as WritesSMS
