# Written by `authweave moved stubs`.
from authweave.recipe.emailpassword.types import ChangePasswordOkResult as ChangePasswordOkResult
from authweave.recipe.emailpassword.types import ChangePasswordResult as ChangePasswordResult
from authweave.recipe.emailpassword.types import ConsumePasswordResetTokenOkResult as ConsumePasswordResetTokenOkResult
from authweave.recipe.emailpassword.types import ConsumePasswordResetTokenResult as ConsumePasswordResetTokenResult
from authweave.recipe.emailpassword.types import CreateResetPasswordOkResult as CreateResetPasswordOkResult
from authweave.recipe.emailpassword.types import CreateResetPasswordTokenResult as CreateResetPasswordTokenResult
from authweave.recipe.emailpassword.types import EmailAlreadyExistsError as EmailAlreadyExistsError
from authweave.recipe.emailpassword.types import EmailDeliveryOverrideInput as EmailDeliveryOverrideInput
from authweave.recipe.emailpassword.types import EmailExistsGetOkResult as EmailExistsGetOkResult
from authweave.recipe.emailpassword.types import EmailExistsGetResult as EmailExistsGetResult
from authweave.recipe.emailpassword.types import EmailTemplateVars as EmailTemplateVars
from authweave.recipe.emailpassword.types import ErrorFormField as ErrorFormField
from authweave.recipe.emailpassword.types import FormField as FormField
from authweave.recipe.emailpassword.types import FormFieldErrors as FormFieldErrors
from authweave.recipe.emailpassword.types import (
    GeneratePasswordResetTokenPostNotAllowedResponse as GeneratePasswordResetTokenPostNotAllowedResponse,
)
from authweave.recipe.emailpassword.types import (
    GeneratePasswordResetTokenPostOkResult as GeneratePasswordResetTokenPostOkResult,
)
from authweave.recipe.emailpassword.types import (
    GeneratePasswordResetTokenPostResult as GeneratePasswordResetTokenPostResult,
)
from authweave.recipe.emailpassword.types import InputFormField as InputFormField
from authweave.recipe.emailpassword.types import PasswordPolicyViolationError as PasswordPolicyViolationError
from authweave.recipe.emailpassword.types import PasswordResetEmailTemplateVars as PasswordResetEmailTemplateVars
from authweave.recipe.emailpassword.types import (
    PasswordResetEmailTemplateVarsUser as PasswordResetEmailTemplateVarsUser,
)
from authweave.recipe.emailpassword.types import PasswordResetPostOkResult as PasswordResetPostOkResult
from authweave.recipe.emailpassword.types import PasswordResetPostResult as PasswordResetPostResult
from authweave.recipe.emailpassword.types import PasswordResetTokenInvalidError as PasswordResetTokenInvalidError
from authweave.recipe.emailpassword.types import ResetPasswordUsingTokenResult as ResetPasswordUsingTokenResult
from authweave.recipe.emailpassword.types import SMTPOverrideInput as SMTPOverrideInput
from authweave.recipe.emailpassword.types import SendResetPasswordEmailResult as SendResetPasswordEmailResult
from authweave.recipe.emailpassword.types import SignInOkResult as SignInOkResult
from authweave.recipe.emailpassword.types import SignInPostNotAllowedResponse as SignInPostNotAllowedResponse
from authweave.recipe.emailpassword.types import SignInPostOkResult as SignInPostOkResult
from authweave.recipe.emailpassword.types import SignInPostResult as SignInPostResult
from authweave.recipe.emailpassword.types import SignInResult as SignInResult
from authweave.recipe.emailpassword.types import SignUpOkResult as SignUpOkResult
from authweave.recipe.emailpassword.types import SignUpPostNotAllowedResponse as SignUpPostNotAllowedResponse
from authweave.recipe.emailpassword.types import SignUpPostOkResult as SignUpPostOkResult
from authweave.recipe.emailpassword.types import SignUpPostResult as SignUpPostResult
from authweave.recipe.emailpassword.types import SignUpResult as SignUpResult
from authweave.recipe.emailpassword.types import UnknownUserIdError as UnknownUserIdError
from authweave.recipe.emailpassword.types import (
    UpdateEmailOrPasswordEmailChangeNotAllowedError as UpdateEmailOrPasswordEmailChangeNotAllowedError,
)
from authweave.recipe.emailpassword.types import UpdateEmailOrPasswordOkResult as UpdateEmailOrPasswordOkResult
from authweave.recipe.emailpassword.types import UpdateEmailOrPasswordResult as UpdateEmailOrPasswordResult
from authweave.recipe.emailpassword.types import Validator as Validator
from authweave.recipe.emailpassword.types import ValidatorOf as ValidatorOf
from authweave.recipe.emailpassword.types import ValueT as ValueT
from authweave.recipe.emailpassword.types import WrongCredentialsError as WrongCredentialsError
from authweave.recipe.emailpassword.types import not_unless_said as not_unless_said
