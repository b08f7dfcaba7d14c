# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.asyncio import create_email_verification_link as create_email_verification_link
from authweave.recipe.emailverification.asyncio import (
    create_email_verification_token as create_email_verification_token,
)
from authweave.recipe.emailverification.asyncio import email_of as email_of
from authweave.recipe.emailverification.asyncio import is_email_verified as is_email_verified
from authweave.recipe.emailverification.asyncio import recipe_in_use as recipe_in_use
from authweave.recipe.emailverification.asyncio import request_email_change as request_email_change
from authweave.recipe.emailverification.asyncio import (
    revoke_email_verification_tokens as revoke_email_verification_tokens,
)
from authweave.recipe.emailverification.asyncio import send_email as send_email
from authweave.recipe.emailverification.asyncio import send_email_verification_email as send_email_verification_email
from authweave.recipe.emailverification.asyncio import unverify_email as unverify_email
from authweave.recipe.emailverification.asyncio import verify_email_using_token as verify_email_using_token
