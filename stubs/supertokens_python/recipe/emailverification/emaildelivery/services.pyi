# Written by `authweave moved stubs`.
from authweave.recipe.emailverification import SMTPService as SMTPService
