"""The functions, for one application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from authweave.events import EventKind
from authweave.extending import LoginMethods, Services
from authweave.kernel import ContextArgument, UserContext, context_for
from authweave.storage import MappingTaken, UserIdMapping
from authweave.types import User
from authweave.types.base import AccountInfoInput

from ._results import (
    CreateUserIdMappingOkResult,
    CreateUserIdMappingResult,
    DeleteUserIdMappingOkResult,
    GetUserIdMappingOkResult,
    GetUserIdMappingResult,
    GetUsersResult,
    UnknownMappingError,
    UnknownSupertokensUserIDError,
    UpdateOrDeleteUserIdMappingInfoOkResult,
    UpdateOrDeleteUserIdMappingInfoResult,
    UserIdMappingAlreadyExistsError,
    UserIDTypes,
)
from ._stored import SOURCE, StoredUsers, UserFunctions, UsersContribution, known_recipe_ids


@attrs.frozen(eq=False)
class Users:
    """
    The users of an application, of whatever recipe.

    ``authweave.asyncio`` has the same functions, for the default application.

    .. versionadded:: 0.1.0
    """

    services: Services = attrs.field(repr=False)

    @property
    def functions(self) -> UserFunctions:
        """Those of the store, or the ones of a recipe that stand before them."""
        return next(
            (each.functions(self.services) for each in self.services.contributions(UsersContribution)),
            StoredUsers(self.services),
        )

    async def get_user(self, user_id: str, user_context: ContextArgument | None = None) -> User | None:
        """
        Return a user with all login methods; None if there is none.

        Args:
            user_id: the user's id, or that of one of the login methods; the external one too, where there is one.
            user_context: the current one by default.

        Raises:
            authweave.types.BadInputError: no store could hold the id.
            authweave.errors.StorageError: the store failed.
        """
        functions = self.functions
        return await functions.get_user(user_id, context_for(functions, user_context))

    async def get_users_oldest_first(
        self,
        tenant_id: str,
        limit: int | None = None,
        pagination_token: str | None = None,
        include_recipe_ids: Sequence[str] | None = None,
        query: Mapping[str, str] | None = None,
        user_context: ContextArgument | None = None,
    ) -> GetUsersResult:
        """
        Return a page of the users of a tenant, those first who joined first.

        While users are added and deleted, whoever stays is on one page, and on one alone: a token names a place in the
        list, and not how many stand before it. Each page takes as long as the first, however long the list is.

        Args:
            tenant_id: the tenant that users have a login method in.
            limit: how many, from 1 to 500; 100 by default.
            pagination_token: ``next_pagination_token`` of the page before; None for the first page.
            include_recipe_ids: of whose login methods a user has at least one; None for those of any.
            query: what one login method begins with, by ``"email"`` (its address, or the domain of that), ``"phone"``
                and ``"provider"`` (the provider's id); several texts, at most 20, are separated by semicolons. With it
                there is one page only.
            user_context: the current one by default.

        Raises:
            authweave.types.BadInputError: an argument is out of bounds, or the token is none of this library's.
            authweave.errors.StorageError: the store failed.
        """
        functions = self.functions
        context = context_for(functions, user_context)
        return await functions.get_users(tenant_id, "ASC", limit, pagination_token, include_recipe_ids, query, context)

    async def get_users_newest_first(
        self,
        tenant_id: str,
        limit: int | None = None,
        pagination_token: str | None = None,
        include_recipe_ids: Sequence[str] | None = None,
        query: Mapping[str, str] | None = None,
        user_context: ContextArgument | None = None,
    ) -> GetUsersResult:
        """Return a page of the users of a tenant, those first who joined last. The rest as `get_users_oldest_first`."""
        functions = self.functions
        context = context_for(functions, user_context)
        return await functions.get_users(tenant_id, "DESC", limit, pagination_token, include_recipe_ids, query, context)

    async def get_user_count(
        self,
        include_recipe_ids: Sequence[str] | None = None,
        tenant_id: str | None = None,
        user_context: ContextArgument | None = None,
    ) -> int:
        """
        Return how many users there are.

        Args:
            include_recipe_ids: of whose login methods a user has at least one; None for those of any.
            tenant_id: of one tenant; None for those of all.
            user_context: the current one by default.

        Raises:
            authweave.types.BadInputError: the application does not have a recipe.
            authweave.errors.StorageError: the store failed.
        """
        del user_context
        recipe_ids = known_recipe_ids(self.services, include_recipe_ids)
        return await self.services.off_loop(self.services.storage.count_users, tenant_id, recipe_ids)

    async def list_users_by_account_info(
        self,
        tenant_id: str,
        account_info: AccountInfoInput,
        do_union_of_account_info: bool = False,  # noqa: FBT001, FBT002  the documents' order of parameters
        user_context: ContextArgument | None = None,
    ) -> list[User]:
        """
        Return the users of a tenant who have what is asked for, those first who joined first.

        Args:
            tenant_id: the tenant of the login methods.
            account_info: what is asked for; each may be had by another login method of the user. Nothing finds nobody.
            do_union_of_account_info: whether some of it is enough.
            user_context: the current one by default.

        Raises:
            authweave.types.BadInputError: no store could hold what is asked for.
            authweave.errors.StorageError: the store failed.
        """
        functions = self.functions
        context = context_for(functions, user_context)
        return await functions.list_users_by_account_info(tenant_id, account_info, do_union_of_account_info, context)

    async def get_available_first_factors(
        self, tenant_id: str, session: object | None = None, user_context: ContextArgument | None = None
    ) -> list[str]:
        """
        Return the factors with which people of a tenant may sign in (``"emailpassword"``): none, where it is not there.

        Args:
            tenant_id: the tenant.
            session: changes nothing here; the reference raises an error without one, where there is no factor.
            user_context: the current one by default.

        Raises:
            authweave.errors.StorageError: the store failed.
        """
        del session
        methods = await LoginMethods.of(self.services, tenant_id, None, context_for(self, user_context))
        return methods.first_factors

    async def delete_user(
        self,
        user_id: str,
        remove_all_linked_accounts: bool = True,  # noqa: FBT001, FBT002  the documents' order of parameters
        user_context: ContextArgument | None = None,
    ) -> None:
        """
        Delete a user, with all that belongs to it: login methods, sessions, tokens, roles, metadata.

        It happens in one transaction, with what `authweave.on_user_deleted` does. Access tokens live until they expire;
        what asks the store (a refresh, ``check_database``) refuses the user at once, and for 400 days no session is
        created for the id. Security events are kept for as long as any. Deleting nobody does nothing.

        Args:
            user_id: the user's id, or that of one of the login methods; the external one too.
            remove_all_linked_accounts: False deletes one login method alone, while the user has others.
            user_context: the current one by default.

        Raises:
            authweave.errors.UserReferredToError: a foreign key of the application's refuses it; all is as before.
            authweave.errors.StorageError: the store failed. Nothing was deleted.
            Exception: what a hook raises. Nothing was deleted.
        """
        functions = self.functions
        await functions.delete_user(user_id, remove_all_linked_accounts, context_for(functions, user_context))

    async def disable_user(self, user_id: str, user_context: ContextArgument | None = None) -> bool:
        """
        Disable a user: all sessions end, and there are no new ones, until `enable_user`.

        Who knows the password is told so when signing in; who does not, is not. Access tokens live until they expire;
        what asks the store (a refresh, ``check_database``) refuses the user at once.

        Args:
            user_id: the user's id, or that of one of the login methods; the external one too.
            user_context: the current one by default.

        Returns:
            Whether there is such a user.

        Raises:
            authweave.errors.StorageError: the store failed. Nothing was changed.
        """
        return await self._set_disabled(user_id, self.services.clock(), user_context)

    async def enable_user(self, user_id: str, user_context: ContextArgument | None = None) -> bool:
        """Let a disabled user sign in again. Parameters, result and errors as for `disable_user`."""
        return await self._set_disabled(user_id, None, user_context)

    async def _set_disabled(self, user_id: str, at_ms: int | None, user_context: ContextArgument | None) -> bool:
        context = context_for(self, user_context)

        def change() -> tuple[bool, User | None]:
            changed = self.services.storage.set_disabled(user_id, at_ms)
            return changed, self._tell_of_change(user_id, context) if changed else self._find(user_id)

        changed, user = await self.services.off_loop(self.services.storage.transact, change)
        if changed:
            self._emit("user_enabled" if at_ms is None else "user_disabled", user, context)
        return user is not None

    def _find(self, user_id: str) -> User | None:
        return self.services.storage.find_user(user_id)

    def _tell_of_change(self, user_id: str, user_context: UserContext) -> User | None:
        """Tell the hooks of what a user is now."""
        user = self._find(user_id)
        if user is not None:
            self.services.hooks.user_changed(user, user_context)
        return user

    def _emit(self, kind: EventKind, user: User | None, user_context: UserContext) -> None:
        if user is not None:
            self.services.events.emit(kind, SOURCE, user_context, user_id=user.id)

    async def create_user_id_mapping(
        self,
        supertokens_user_id: str,
        external_user_id: str,
        external_user_id_info: str | None = None,
        force: bool | None = None,  # noqa: FBT001  the documents' order of parameters
        user_context: ContextArgument | None = None,
    ) -> CreateUserIdMappingResult:
        """
        Give a user an id of the application's own: from now on every API shows it, in sessions too.

        All functions take either id. What the library keeps of the user moves along: sessions, roles, metadata.

        Args:
            supertokens_user_id: the id that the library has made, of a user or of a login method.
            external_user_id: the one to show. It is no secret: frontends see it.
            external_user_id_info: whatever the application likes to note beside it.
            force: whether it may be the id of another user of the library's, who is then found by it first.
            user_context: the current one by default.

        Raises:
            authweave.types.BadInputError: the external id is that of a user, or no store could hold it.
            authweave.errors.ConstraintError: something of which there may be one only is kept for both ids.
            authweave.errors.StorageError: the store failed. Nothing was changed.
        """
        del user_context
        mapping = UserIdMapping(
            user_id=supertokens_user_id, external_user_id=external_user_id, external_user_info=external_user_id_info
        )
        create = self.services.storage.create_user_id_mapping
        created = await self.services.off_loop(create, mapping, force=force is True)
        if isinstance(created, MappingTaken):
            return UserIdMappingAlreadyExistsError(created.of_user_id, created.of_external_user_id)
        return CreateUserIdMappingOkResult() if created else UnknownSupertokensUserIDError()

    async def get_user_id_mapping(
        self, user_id: str, user_id_type: UserIDTypes | None = None, user_context: ContextArgument | None = None
    ) -> GetUserIdMappingResult:
        """
        Return the mapping of an id.

        Args:
            user_id: either id.
            user_id_type: which one it is; ``"ANY"`` by default, which takes it for the library's first.
            user_context: the current one by default.

        Raises:
            authweave.errors.StorageError: the store failed.
        """
        del user_context
        find = self.services.storage.find_user_id_mapping
        found = await self.services.off_loop(find, user_id, user_id_type or "ANY")
        if found is None:
            return UnknownMappingError()
        return GetUserIdMappingOkResult(found.user_id, found.external_user_id, found.external_user_info)

    async def delete_user_id_mapping(
        self,
        user_id: str,
        user_id_type: UserIDTypes | None = None,
        force: bool | None = None,  # noqa: FBT001  the documents' order of parameters
        user_context: ContextArgument | None = None,
    ) -> DeleteUserIdMappingOkResult:
        """
        Have APIs show the library's own id of a user again. What is kept of the user moves along.

        Args:
            user_id: either id.
            user_id_type: as for `get_user_id_mapping`.
            force: changes nothing here; the reference needs it where something is kept for the user.
            user_context: the current one by default.

        Raises:
            authweave.errors.StorageError: the store failed. Nothing was changed.
        """
        del force, user_context
        delete = self.services.storage.delete_user_id_mapping
        return DeleteUserIdMappingOkResult(await self.services.off_loop(delete, user_id, user_id_type or "ANY"))

    async def update_or_delete_user_id_mapping_info(
        self,
        user_id: str,
        user_id_type: UserIDTypes | None = None,
        external_user_id_info: str | None = None,
        user_context: ContextArgument | None = None,
    ) -> UpdateOrDeleteUserIdMappingInfoResult:
        """
        Replace what is noted beside a mapping; None deletes it.

        Args:
            user_id: either id.
            user_id_type: as for `get_user_id_mapping`.
            external_user_id_info: what to note.
            user_context: the current one by default.

        Raises:
            authweave.errors.StorageError: the store failed. Nothing was changed.
        """
        del user_context
        change = self.services.storage.set_user_id_mapping_info
        is_there = await self.services.off_loop(change, user_id, user_id_type or "ANY", external_user_id_info)
        return UpdateOrDeleteUserIdMappingInfoOkResult() if is_there else UnknownMappingError()
