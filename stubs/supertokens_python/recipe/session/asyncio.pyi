# Written by `authweave moved stubs`.
from authweave.recipe.session.asyncio import T as T
from authweave.recipe.session.asyncio import create_new_session as create_new_session
from authweave.recipe.session.asyncio import (
    create_new_session_without_request_response as create_new_session_without_request_response,
)
from authweave.recipe.session.asyncio import fetch_and_set_claim as fetch_and_set_claim
from authweave.recipe.session.asyncio import get_all_session_handles_for_user as get_all_session_handles_for_user
from authweave.recipe.session.asyncio import get_claim_value as get_claim_value
from authweave.recipe.session.asyncio import get_session as get_session
from authweave.recipe.session.asyncio import get_session_information as get_session_information
from authweave.recipe.session.asyncio import (
    get_session_without_request_response as get_session_without_request_response,
)
from authweave.recipe.session.asyncio import merge_into_access_token_payload as merge_into_access_token_payload
from authweave.recipe.session.asyncio import recipe_in_use as recipe_in_use
from authweave.recipe.session.asyncio import refresh_session as refresh_session
from authweave.recipe.session.asyncio import (
    refresh_session_without_request_response as refresh_session_without_request_response,
)
from authweave.recipe.session.asyncio import regenerate_access_token as regenerate_access_token
from authweave.recipe.session.asyncio import remove_claim as remove_claim
from authweave.recipe.session.asyncio import revoke_all_sessions_for_user as revoke_all_sessions_for_user
from authweave.recipe.session.asyncio import revoke_multiple_sessions as revoke_multiple_sessions
from authweave.recipe.session.asyncio import revoke_session as revoke_session
from authweave.recipe.session.asyncio import set_claim_value as set_claim_value
from authweave.recipe.session.asyncio import update_session_data_in_database as update_session_data_in_database
from authweave.recipe.session.asyncio import validate_claims_for_session_handle as validate_claims_for_session_handle
from authweave.recipe.session.asyncio import validate_claims_in_jwt_payload as validate_claims_in_jwt_payload
