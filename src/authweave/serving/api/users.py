"""Users, for programs with a key."""

from __future__ import annotations

import attrs

from authweave.extending import Services
from authweave.http import USER, Exchange, array_of, object_schema, status_schema
from authweave.types import PUBLIC_TENANT, BadInputError, JSONObject
from authweave.types.base import AccountInfoInput
from authweave.users import Users

from .inputs import NAME, SENT_TEXT, optional_text, text, whole_number
from .operation import REFERRED_TO, Operation, Sent

UNKNOWN = status_schema("ApiUnknownUser", "UNKNOWN_USER_ERROR", "There is no such user.")
OK = status_schema("ApiOk", "OK")


@attrs.frozen
class UsersApi:
    """
    Get, list, count, delete, disable and enable users.

    Attributes:
        services: of the application.
    """

    services: Services

    @property
    def users(self) -> Users:
        """The users."""
        return Users(self.services)

    def operations(self) -> tuple[Operation, ...]:
        """Return what can be done."""
        user = {"userId": NAME}
        page = status_schema("ApiUsers", "OK", users=array_of(USER), nextPaginationToken={"type": ["string", "null"]})
        count = object_schema("ApiCount", {"status": {"type": "string", "const": "OK"}, "count": {"type": "integer"}})
        return (
            Operation(
                "get", "/user", "Get a user", self.get, user, (), (status_schema("ApiUser", "OK", user=USER), UNKNOWN)
            ),
            Operation(
                "get",
                "/users",
                "List users, those first who joined first; or find those of an address",
                self.list,
                {
                    "limit": {"type": "integer", "minimum": 1, "maximum": 500},
                    "paginationToken": SENT_TEXT,
                    "email": SENT_TEXT,
                },
                ("limit", "paginationToken", "email"),
                (page,),
            ),
            Operation("get", "/users/count", "Count users", self.count, {}, (), (count,)),
            Operation(
                "post",
                "/user/delete",
                "Delete a user, with all that belongs to it",
                self.delete,
                user,
                (),
                (OK,),
                (REFERRED_TO,),
            ),
            Operation(
                "post", "/user/disable", "Disable a user: all sessions end", self.disable, user, (), (OK, UNKNOWN)
            ),
            Operation("post", "/user/enable", "Enable a user again", self.enable, user, (), (OK, UNKNOWN)),
        )

    async def get(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Get a user, by its id or by that of a login method."""
        user = await self.users.get_user(text(sent, "userId"), exchange.user_context)
        return {"status": "UNKNOWN_USER_ERROR"} if user is None else {"status": "OK", "user": user.to_json()}

    async def list(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """
        List the users of a tenant.

        Raises:
            BadInputError: a page of those of an address is asked for: they are one.
        """
        limit, token, email = (
            whole_number(sent, "limit"),
            optional_text(sent, "paginationToken"),
            optional_text(sent, "email"),
        )
        if email is not None:
            if limit is not None or token is not None:
                raise BadInputError("email finds all users of the address: send no limit and no paginationToken.")
            account = AccountInfoInput(email=email)
            found = await self.users.list_users_by_account_info(
                exchange.tenant_id, account, user_context=exchange.user_context
            )
            return {"status": "OK", "users": [each.to_json() for each in found], "nextPaginationToken": None}
        page = await self.users.get_users_oldest_first(
            exchange.tenant_id, limit, token, user_context=exchange.user_context
        )
        users = [each.to_json() for each in page.users]
        return {"status": "OK", "users": users, "nextPaginationToken": page.next_pagination_token}

    async def count(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Count users, of all tenants unless the path names one."""
        del sent
        tenant = None if exchange.tenant_id == PUBLIC_TENANT else exchange.tenant_id
        return {"status": "OK", "count": await self.users.get_user_count(None, tenant, exchange.user_context)}

    async def delete(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Delete a user. Deleting nobody does nothing."""
        await self.users.delete_user(text(sent, "userId"), user_context=exchange.user_context)
        return {"status": "OK"}

    async def disable(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Disable a user."""
        return known_or_not(is_there=await self.users.disable_user(text(sent, "userId"), exchange.user_context))

    async def enable(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Enable a user."""
        return known_or_not(is_there=await self.users.enable_user(text(sent, "userId"), exchange.user_context))


def known_or_not(*, is_there: bool) -> JSONObject:
    """Return whether it was done, or there is no such user."""
    return {"status": "OK" if is_there else "UNKNOWN_USER_ERROR"}
