# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.syncio import create_email_verification_link as create_email_verification_link
from authweave.recipe.emailverification.syncio import create_email_verification_token as create_email_verification_token
from authweave.recipe.emailverification.syncio import is_email_verified as is_email_verified
from authweave.recipe.emailverification.syncio import request_email_change as request_email_change
from authweave.recipe.emailverification.syncio import (
    revoke_email_verification_tokens as revoke_email_verification_tokens,
)
from authweave.recipe.emailverification.syncio import send_email as send_email
from authweave.recipe.emailverification.syncio import send_email_verification_email as send_email_verification_email
from authweave.recipe.emailverification.syncio import unverify_email as unverify_email
from authweave.recipe.emailverification.syncio import verify_email_using_token as verify_email_using_token
