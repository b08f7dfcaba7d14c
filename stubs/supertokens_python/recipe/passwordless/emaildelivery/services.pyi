# Written by `authweave moved stubs`.
from authweave.recipe.passwordless import SMTPService as SMTPService
