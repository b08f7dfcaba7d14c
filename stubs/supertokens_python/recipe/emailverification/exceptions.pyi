# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.exceptions import EmailVerificationError as EmailVerificationError
from authweave.recipe.emailverification.exceptions import (
    EmailVerificationInvalidTokenError as EmailVerificationInvalidTokenError,
)
from authweave.recipe.emailverification.exceptions import (
    SuperTokensEmailVerificationError as SuperTokensEmailVerificationError,
)
