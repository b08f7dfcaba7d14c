# Written by `authweave moved stubs`.
from authweave.recipe.accountlinking.utils import AccountLinkingConfig as AccountLinkingConfig
from authweave.recipe.accountlinking.utils import AccountLinkingOverrideConfig as AccountLinkingOverrideConfig
from authweave.recipe.accountlinking.utils import InputOverrideConfig as InputOverrideConfig
