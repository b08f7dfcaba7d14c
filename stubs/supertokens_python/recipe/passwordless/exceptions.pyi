# Written by `authweave moved stubs`.
from authweave.recipe.passwordless.exceptions import PasswordlessError as PasswordlessError
from authweave.recipe.passwordless.exceptions import SuperTokensPasswordlessError as SuperTokensPasswordlessError
