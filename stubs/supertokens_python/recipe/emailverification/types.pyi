# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.types import (
    CreateEmailVerificationLinkEmailAlreadyVerifiedError as CreateEmailVerificationLinkEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.types import (
    CreateEmailVerificationLinkOkResult as CreateEmailVerificationLinkOkResult,
)
from authweave.recipe.emailverification.types import (
    CreateEmailVerificationLinkResult as CreateEmailVerificationLinkResult,
)
from authweave.recipe.emailverification.types import (
    CreateEmailVerificationTokenEmailAlreadyVerifiedError as CreateEmailVerificationTokenEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.types import (
    CreateEmailVerificationTokenOkResult as CreateEmailVerificationTokenOkResult,
)
from authweave.recipe.emailverification.types import (
    CreateEmailVerificationTokenResult as CreateEmailVerificationTokenResult,
)
from authweave.recipe.emailverification.types import EmailDeliveryOverrideInput as EmailDeliveryOverrideInput
from authweave.recipe.emailverification.types import EmailDoesNotExistError as EmailDoesNotExistError
from authweave.recipe.emailverification.types import EmailNotChangeableError as EmailNotChangeableError
from authweave.recipe.emailverification.types import EmailTemplateVars as EmailTemplateVars
from authweave.recipe.emailverification.types import EmailVerificationUser as EmailVerificationUser
from authweave.recipe.emailverification.types import (
    EmailVerifyPostInvalidTokenError as EmailVerifyPostInvalidTokenError,
)
from authweave.recipe.emailverification.types import EmailVerifyPostOkResult as EmailVerifyPostOkResult
from authweave.recipe.emailverification.types import EmailVerifyPostResult as EmailVerifyPostResult
from authweave.recipe.emailverification.types import (
    GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError as GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.types import (
    GenerateEmailVerifyTokenPostOkResult as GenerateEmailVerifyTokenPostOkResult,
)
from authweave.recipe.emailverification.types import (
    GenerateEmailVerifyTokenPostResult as GenerateEmailVerifyTokenPostResult,
)
from authweave.recipe.emailverification.types import GetEmailForUserIdOkResult as GetEmailForUserIdOkResult
from authweave.recipe.emailverification.types import GetEmailResult as GetEmailResult
from authweave.recipe.emailverification.types import IsEmailVerifiedGetOkResult as IsEmailVerifiedGetOkResult
from authweave.recipe.emailverification.types import IsEmailVerifiedGetResult as IsEmailVerifiedGetResult
from authweave.recipe.emailverification.types import Mode as Mode
from authweave.recipe.emailverification.types import RequestEmailChangeOkResult as RequestEmailChangeOkResult
from authweave.recipe.emailverification.types import RequestEmailChangeResult as RequestEmailChangeResult
from authweave.recipe.emailverification.types import (
    RevokeEmailVerificationTokensOkResult as RevokeEmailVerificationTokensOkResult,
)
from authweave.recipe.emailverification.types import SMTPOverrideInput as SMTPOverrideInput
from authweave.recipe.emailverification.types import (
    SendEmailVerificationEmailAlreadyVerifiedError as SendEmailVerificationEmailAlreadyVerifiedError,
)
from authweave.recipe.emailverification.types import (
    SendEmailVerificationEmailOkResult as SendEmailVerificationEmailOkResult,
)
from authweave.recipe.emailverification.types import (
    SendEmailVerificationEmailResult as SendEmailVerificationEmailResult,
)
from authweave.recipe.emailverification.types import UnknownUserIdError as UnknownUserIdError
from authweave.recipe.emailverification.types import UnverifyEmailOkResult as UnverifyEmailOkResult
from authweave.recipe.emailverification.types import VerificationEmailTemplateVars as VerificationEmailTemplateVars
from authweave.recipe.emailverification.types import (
    VerificationEmailTemplateVarsUser as VerificationEmailTemplateVarsUser,
)
from authweave.recipe.emailverification.types import (
    VerifyEmailUsingTokenInvalidTokenError as VerifyEmailUsingTokenInvalidTokenError,
)
from authweave.recipe.emailverification.types import VerifyEmailUsingTokenOkResult as VerifyEmailUsingTokenOkResult
from authweave.recipe.emailverification.types import VerifyEmailUsingTokenResult as VerifyEmailUsingTokenResult
