# Written by `authweave moved stubs`.
from authweave.recipe.passwordless import TwilioService as TwilioService
