# Written by `authweave moved stubs`.
from authweave.types.base import AccountInfoInput as AccountInfoInput
from authweave.types.base import ThirdPartyInfo as ThirdPartyInfo
from authweave.types.base import WebauthnInfoInput as WebauthnInfoInput
