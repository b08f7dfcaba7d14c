# Written by `authweave moved stubs`.
from authweave.recipe.webauthn.exceptions import PasskeyRemovedError as PasskeyRemovedError
from authweave.recipe.webauthn.exceptions import PasskeyTakenError as PasskeyTakenError
