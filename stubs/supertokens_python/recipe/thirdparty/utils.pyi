# Written by `authweave moved stubs`.
from authweave.recipe.thirdparty.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.thirdparty.utils import SignInAndUpFeature as SignInAndUpFeature
from authweave.recipe.thirdparty.utils import ThirdPartyConfig as ThirdPartyConfig
from authweave.recipe.thirdparty.utils import ThirdPartyOverrideConfig as ThirdPartyOverrideConfig
from authweave.recipe.thirdparty.utils import TypeIsValidFrontendRedirectURIFunction as TypeIsValidFrontendRedirectURIFunction
