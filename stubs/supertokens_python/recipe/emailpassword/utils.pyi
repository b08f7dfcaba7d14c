# Written by `authweave moved stubs`.
from authweave.recipe.emailpassword.utils import EmailPasswordConfig as EmailPasswordConfig
from authweave.recipe.emailpassword.utils import EmailPasswordOverrideConfig as EmailPasswordOverrideConfig
from authweave.recipe.emailpassword.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.emailpassword.utils import InputSignUpFeature as InputSignUpFeature
from authweave.recipe.emailpassword.utils import default_email_validator as default_email_validator
from authweave.recipe.emailpassword.utils import default_password_validator as default_password_validator
from authweave.recipe.emailpassword.utils import default_validator as default_validator
