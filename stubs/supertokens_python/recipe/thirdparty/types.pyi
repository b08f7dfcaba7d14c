# Written by `authweave moved stubs`.
from authweave.recipe.thirdparty.types import AppleRedirectHandlerPostOkResult as AppleRedirectHandlerPostOkResult
from authweave.recipe.thirdparty.types import AppleRedirectHandlerPostResult as AppleRedirectHandlerPostResult
from authweave.recipe.thirdparty.types import AuthorisationUrlGetOkResult as AuthorisationUrlGetOkResult
from authweave.recipe.thirdparty.types import AuthorisationUrlGetResult as AuthorisationUrlGetResult
from authweave.recipe.thirdparty.types import EmailChangeNotAllowedError as EmailChangeNotAllowedError
from authweave.recipe.thirdparty.types import ManuallyCreateOrUpdateUserOkResult as ManuallyCreateOrUpdateUserOkResult
from authweave.recipe.thirdparty.types import ManuallyCreateOrUpdateUserResult as ManuallyCreateOrUpdateUserResult
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider as RawUserInfoFromProvider
from authweave.recipe.thirdparty.types import SignInUpNotAllowed as SignInUpNotAllowed
from authweave.recipe.thirdparty.types import SignInUpOkResult as SignInUpOkResult
from authweave.recipe.thirdparty.types import (
    SignInUpPostNoEmailGivenByProviderResponse as SignInUpPostNoEmailGivenByProviderResponse,
)
from authweave.recipe.thirdparty.types import SignInUpPostOkResult as SignInUpPostOkResult
from authweave.recipe.thirdparty.types import SignInUpPostResult as SignInUpPostResult
from authweave.recipe.thirdparty.types import SignInUpResult as SignInUpResult
from authweave.recipe.thirdparty.types import ThirdPartyInfo as ThirdPartyInfo
from authweave.recipe.thirdparty.types import UserInfo as UserInfo
from authweave.recipe.thirdparty.types import UserInfoEmail as UserInfoEmail
from authweave.recipe.thirdparty.types import raw_or_empty as raw_or_empty
