# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.utils import EmailVerificationConfig as EmailVerificationConfig
from authweave.recipe.emailverification.utils import EmailVerificationOverrideConfig as EmailVerificationOverrideConfig
from authweave.recipe.emailverification.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.emailverification.utils import MODE_TYPE as MODE_TYPE
