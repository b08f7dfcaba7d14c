# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.interfaces import APIInterface as APIInterface
from authweave.recipe.emailverification.interfaces import APIOptions as APIOptions
from authweave.recipe.emailverification.interfaces import AccountLinking as AccountLinking
from authweave.recipe.emailverification.interfaces import (
    CreateEmailVerificationLinkEmailAlreadyVerifiedError as CreateEmailVerificationLinkEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.interfaces import (
    CreateEmailVerificationLinkOkResult as CreateEmailVerificationLinkOkResult,
)
from authweave.recipe.emailverification.interfaces import (
    CreateEmailVerificationTokenEmailAlreadyVerifiedError as CreateEmailVerificationTokenEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.interfaces import (
    CreateEmailVerificationTokenOkResult as CreateEmailVerificationTokenOkResult,
)
from authweave.recipe.emailverification.interfaces import (
    CreateEmailVerificationTokenResult as CreateEmailVerificationTokenResult,
)
from authweave.recipe.emailverification.interfaces import EmailDoesNotExistError as EmailDoesNotExistError
from authweave.recipe.emailverification.interfaces import EmailNotChangeableError as EmailNotChangeableError
from authweave.recipe.emailverification.interfaces import EmailVerificationUser as EmailVerificationUser
from authweave.recipe.emailverification.interfaces import (
    EmailVerifyPostInvalidTokenError as EmailVerifyPostInvalidTokenError,
)
from authweave.recipe.emailverification.interfaces import EmailVerifyPostOkResult as EmailVerifyPostOkResult
from authweave.recipe.emailverification.interfaces import EmailVerifyPostResult as EmailVerifyPostResult
from authweave.recipe.emailverification.interfaces import GeneralErrorResponse as GeneralErrorResponse
from authweave.recipe.emailverification.interfaces import (
    GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError as GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.interfaces import (
    GenerateEmailVerifyTokenPostOkResult as GenerateEmailVerifyTokenPostOkResult,
)
from authweave.recipe.emailverification.interfaces import (
    GenerateEmailVerifyTokenPostResult as GenerateEmailVerifyTokenPostResult,
)
from authweave.recipe.emailverification.interfaces import GetEmailForRecipeUserId as GetEmailForRecipeUserId
from authweave.recipe.emailverification.interfaces import GetEmailForUserIdOkResult as GetEmailForUserIdOkResult
from authweave.recipe.emailverification.interfaces import GetEmailResult as GetEmailResult
from authweave.recipe.emailverification.interfaces import IsEmailVerifiedGetOkResult as IsEmailVerifiedGetOkResult
from authweave.recipe.emailverification.interfaces import IsEmailVerifiedGetResult as IsEmailVerifiedGetResult
from authweave.recipe.emailverification.interfaces import LinkingContribution as LinkingContribution
from authweave.recipe.emailverification.interfaces import RecipeInterface as RecipeInterface
from authweave.recipe.emailverification.interfaces import RequestEmailChangeOkResult as RequestEmailChangeOkResult
from authweave.recipe.emailverification.interfaces import RequestEmailChangeResult as RequestEmailChangeResult
from authweave.recipe.emailverification.interfaces import (
    RevokeEmailVerificationTokensOkResult as RevokeEmailVerificationTokensOkResult,
)
from authweave.recipe.emailverification.interfaces import (
    SendEmailVerificationEmailAlreadyVerifiedError as SendEmailVerificationEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.interfaces import (
    SendEmailVerificationEmailOkResult as SendEmailVerificationEmailOkResult,
)
from authweave.recipe.emailverification.interfaces import SessionContainer as SessionContainer
from authweave.recipe.emailverification.interfaces import TypeGetEmailForUserIdFunction as TypeGetEmailForUserIdFunction
from authweave.recipe.emailverification.interfaces import UnknownUserIdError as UnknownUserIdError
from authweave.recipe.emailverification.interfaces import UnverifyEmailOkResult as UnverifyEmailOkResult
from authweave.recipe.emailverification.interfaces import (
    VerifyEmailUsingTokenInvalidTokenError as VerifyEmailUsingTokenInvalidTokenError,
)
from authweave.recipe.emailverification.interfaces import VerifyEmailUsingTokenOkResult as VerifyEmailUsingTokenOkResult
from authweave.recipe.emailverification.interfaces import VerifyEmailUsingTokenResult as VerifyEmailUsingTokenResult
