# Written by `authweave moved stubs`.
from authweave.recipe.webauthn.types.config import GetOrigin as GetOrigin
from authweave.recipe.webauthn.types.config import GetRelyingPartyId as GetRelyingPartyId
from authweave.recipe.webauthn.types.config import GetRelyingPartyName as GetRelyingPartyName
from authweave.recipe.webauthn.types.config import ValidateEmailAddress as ValidateEmailAddress
from authweave.recipe.webauthn.types.config import WebauthnConfig as WebauthnConfig
from authweave.recipe.webauthn.types.config import WebauthnOverrideConfig as WebauthnOverrideConfig
