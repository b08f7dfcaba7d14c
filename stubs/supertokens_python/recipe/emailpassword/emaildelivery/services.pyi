# Written by `authweave moved stubs`.
from authweave.recipe.emailpassword import SMTPService as SMTPService
