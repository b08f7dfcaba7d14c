# Written by `authweave moved stubs`.
from authweave.recipe.passwordless.utils import ContactConfig as ContactConfig
from authweave.recipe.passwordless.utils import ContactEmailOnlyConfig as ContactEmailOnlyConfig
from authweave.recipe.passwordless.utils import ContactEmailOrPhoneConfig as ContactEmailOrPhoneConfig
from authweave.recipe.passwordless.utils import ContactPhoneOnlyConfig as ContactPhoneOnlyConfig
from authweave.recipe.passwordless.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.passwordless.utils import PasswordlessConfig as PasswordlessConfig
from authweave.recipe.passwordless.utils import PasswordlessOverrideConfig as PasswordlessOverrideConfig
