# Written by `authweave moved stubs`.
from authweave.recipe.emailpassword.exceptions import EmailPasswordError as EmailPasswordError
from authweave.recipe.emailpassword.exceptions import FieldError as FieldError
from authweave.recipe.emailpassword.exceptions import PasswordChangedError as PasswordChangedError
from authweave.recipe.emailpassword.exceptions import SuperTokensEmailPasswordError as SuperTokensEmailPasswordError
from authweave.recipe.emailpassword.exceptions import raise_form_field_exception as raise_form_field_exception
