# Written by `authweave moved stubs`.
from authweave.recipe.webauthn.types.base import WebauthnInfo as WebauthnInfo
from authweave.recipe.webauthn.types.base import WebauthnInfoInput as WebauthnInfoInput
