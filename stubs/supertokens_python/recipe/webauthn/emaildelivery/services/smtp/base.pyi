# Written by `authweave moved stubs`.
from authweave.recipe.webauthn import SMTPService as SMTPService
