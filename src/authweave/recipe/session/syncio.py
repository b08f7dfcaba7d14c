"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.app import blocking

from . import asyncio as _asyncio

create_new_session = blocking(_asyncio.create_new_session)
get_session = blocking(_asyncio.get_session)
refresh_session = blocking(_asyncio.refresh_session)
revoke_session = blocking(_asyncio.revoke_session)
revoke_all_sessions_for_user = blocking(_asyncio.revoke_all_sessions_for_user)
get_session_information = blocking(_asyncio.get_session_information)
update_session_data_in_database = blocking(_asyncio.update_session_data_in_database)
merge_into_access_token_payload = blocking(_asyncio.merge_into_access_token_payload)
