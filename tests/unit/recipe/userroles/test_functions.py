"""The functions of the default application, awaited or not: what each returns, and how it is overridden."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from authweave.app import App, init, set_default_app
from authweave.errors import BadInputError, CompositionError, ConfigurationError, StorageError
from authweave.kernel import UserContext
from authweave.kernel import override as override_function
from authweave.recipe import session, userroles
from authweave.recipe.userroles import (
    AddRoleToUser,
    AddRoleToUserOkResult,
    AddRoleToUserResult,
    CreateNewRoleOrAddPermissionsOkResult,
    DeleteRoleOkResult,
    GetAllRolesOkResult,
    GetPermissionsForRoleOkResult,
    GetRolesForUserOkResult,
    GetRolesThatHavePermissionOkResult,
    GetUsersThatHaveRoleOkResult,
    InputOverrideConfig,
    PermissionClaim,
    RecipeInterface,
    RemovePermissionsFromRoleOkResult,
    RemoveUserRoleOkResult,
    UnknownRoleError,
    UserRoleClaim,
    UserRolesOverrideConfig,
    UserRolesSetup,
    signatures,
)
from authweave.recipe.userroles import asyncio as awaited
from authweave.recipe.userroles import syncio as blocking
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId

APP_INFO = InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000")


@pytest.fixture
def use() -> Iterator[Callable[[UserRolesSetup], None]]:
    """Return what makes an application with the recipe the default."""
    made: list[App] = []

    def using(recipe: UserRolesSetup) -> None:
        made.append(init(APP_INFO, [recipe], storage=MemoryStorage(), secret=b"s" * 32))

    yield using
    for each in made:
        each.close()
    set_default_app(None)


def test_what_each_function_returns(use: Callable[[UserRolesSetup], None]) -> None:
    """Line 39: each status, without a session recipe; to make or to give again is as once."""
    use(userroles.init())
    unknown = UnknownRoleError()
    assert blocking.add_role_to_user("public", "user-1", "admin") == unknown
    assert blocking.remove_user_role("public", "user-1", "admin") == unknown
    assert blocking.get_users_that_have_role("public", "admin") == unknown
    assert blocking.get_permissions_for_role("admin") == unknown
    assert blocking.remove_permissions_from_role("admin", ["read"]) == unknown
    assert blocking.delete_role("admin") == DeleteRoleOkResult(did_role_exist=False)
    assert blocking.get_roles_for_user("public", "user-1") == GetRolesForUserOkResult([])
    for is_new in (True, False):
        made = blocking.create_new_role_or_add_permissions(" admin ", ["write", "read", "read"])
        assert made == CreateNewRoleOrAddPermissionsOkResult(created_new_role=is_new)
        given = blocking.add_role_to_user("public", "user-1", "admin\n")
        assert given == AddRoleToUserOkResult(did_user_already_have_role=not is_new)
    assert blocking.create_new_role_or_add_permissions("user", []) == CreateNewRoleOrAddPermissionsOkResult(True)
    assert blocking.get_permissions_for_role("admin") == GetPermissionsForRoleOkResult(["read", "write"])
    assert blocking.get_roles_that_have_permission("read") == GetRolesThatHavePermissionOkResult(["admin"])
    assert blocking.get_all_roles() == GetAllRolesOkResult(["admin", "user"])
    assert blocking.get_users_that_have_role("public", "admin") == GetUsersThatHaveRoleOkResult(["user-1"])
    assert blocking.get_roles_for_user("public", "user-1") == GetRolesForUserOkResult(["admin"])
    removed = blocking.remove_permissions_from_role("admin", ["write", "never"])
    assert removed == RemovePermissionsFromRoleOkResult()
    assert blocking.get_permissions_for_role("admin") == GetPermissionsForRoleOkResult(["read"])
    for had in (True, False):
        assert blocking.remove_user_role("public", "user-1", "admin") == RemoveUserRoleOkResult(did_user_have_role=had)
    blocking.add_role_to_user("public", "user-1", "admin")
    assert blocking.delete_role("admin") == DeleteRoleOkResult(did_role_exist=True)
    assert blocking.get_roles_for_user("public", "user-1") == GetRolesForUserOkResult([])


def test_the_awaited_ones_do_the_same(use: Callable[[UserRolesSetup], None]) -> None:
    """With the parameters in the same order."""
    use(userroles.init())

    async def story() -> list[object]:
        await awaited.create_new_role_or_add_permissions("admin", ["read"])
        return [
            await awaited.add_role_to_user("public", "user-1", "admin"),
            await awaited.get_roles_for_user("public", "user-1"),
            await awaited.get_users_that_have_role("public", "admin"),
            await awaited.get_permissions_for_role("admin"),
            await awaited.get_roles_that_have_permission("read"),
            await awaited.get_all_roles(),
            await awaited.remove_permissions_from_role("admin", ["read"]),
            await awaited.remove_user_role("public", "user-1", "admin"),
            await awaited.delete_role("admin"),
        ]

    assert asyncio.run(story()) == [
        AddRoleToUserOkResult(did_user_already_have_role=False),
        GetRolesForUserOkResult(["admin"]),
        GetUsersThatHaveRoleOkResult(["user-1"]),
        GetPermissionsForRoleOkResult(["read"]),
        GetRolesThatHavePermissionOkResult(["admin"]),
        GetAllRolesOkResult(["admin"]),
        RemovePermissionsFromRoleOkResult(),
        RemoveUserRoleOkResult(did_user_have_role=True),
        DeleteRoleOkResult(did_role_exist=True),
    ]


def test_bad_input(use: Callable[[UserRolesSetup], None]) -> None:
    """Names that are empty, too long or no text, a text for a list, and a tenant that there is not."""
    use(userroles.init())
    blocking.create_new_role_or_add_permissions("admin", [])
    for bad in ("", " \n", "x" * 256, "nul\0", cast("str", None)):  # as programs without type checks hand over
        with pytest.raises(BadInputError):
            blocking.create_new_role_or_add_permissions(bad, [])
        with pytest.raises(BadInputError):
            blocking.create_new_role_or_add_permissions("admin", [bad])
        with pytest.raises(BadInputError):
            blocking.add_role_to_user("public", "user-1", bad)
    with pytest.raises(BadInputError, match="write a list"):
        blocking.create_new_role_or_add_permissions("admin", cast("list[str]", "read"))  # likewise
    with pytest.raises(StorageError, match="no tenant 'nowhere'"):
        blocking.add_role_to_user("nowhere", "user-1", "admin")
    assert blocking.get_all_roles() == GetAllRolesOkResult(["admin"])


@AddRoleToUser.override
async def in_call_style(call: AddRoleToUser) -> AddRoleToUserResult:
    """Give another role."""
    call.role = "user"
    return await call.original()


@override_function(RecipeInterface[UserContext].add_role_to_user)
async def in_parameter_style(
    original: signatures.AddRoleToUser[UserContext], user_id: str, role: str, tenant_id: str, user_context: UserContext
) -> AddRoleToUserResult:
    """Give another role."""
    return await original(user_id, "user", tenant_id, user_context)


def in_seed_style(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    """Give another role."""
    original = original_implementation.add_role_to_user

    async def add_role_to_user(
        user_id: str, role: str, tenant_id: str, user_context: UserContext
    ) -> AddRoleToUserResult:
        return await original(user_id, "user", tenant_id, user_context)

    original_implementation.add_role_to_user = add_role_to_user
    return original_implementation


@pytest.mark.parametrize(
    "override",
    [
        InputOverrideConfig(functions=in_call_style),
        InputOverrideConfig(functions=in_parameter_style),
        InputOverrideConfig(functions=in_seed_style),
    ],
    ids=["call", "parameter", "seed"],
)
def test_functions_are_overridden_in_each_style(
    override: InputOverrideConfig, use: Callable[[UserRolesSetup], None]
) -> None:
    """Whatever an override is written in, the public function goes through it."""
    use(userroles.init(override=override))
    blocking.create_new_role_or_add_permissions("user", [])
    blocking.add_role_to_user("public", "user-1", "admin")
    assert blocking.get_roles_for_user("public", "user-1") == GetRolesForUserOkResult(["user"])


def test_an_override_that_does_not_fit_is_refused_at_init() -> None:
    """As of every recipe; overrides of APIs, of which there are none, are taken and left alone."""

    def of_apis(original_implementation: userroles.APIInterface) -> userroles.APIInterface:
        raise AssertionError(original_implementation)

    def typo(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
        original_implementation.add_role_to_usr = None  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  the fault
        return original_implementation

    assert UserRolesOverrideConfig is InputOverrideConfig
    recipe = userroles.init(override=UserRolesOverrideConfig(apis=of_apis))
    init(APP_INFO, [recipe], storage=MemoryStorage(), secret=b"s" * 32, default=False).close()
    with pytest.raises(CompositionError, match="add_role_to_user"):
        init(
            APP_INFO,
            [userroles.init(override=InputOverrideConfig(functions=typo))],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            default=False,
        )


def test_a_claim_of_an_application_without_the_recipe() -> None:
    """It says which recipe to list."""
    app = init(APP_INFO, [session.init()], storage=MemoryStorage(), secret=b"s" * 32)
    for claim in (UserRoleClaim, PermissionClaim):
        with pytest.raises(ConfigurationError, match=r"userroles\.init\(\)"):
            claim.in_app(app.services.built)
        with pytest.raises(ConfigurationError, match=r"userroles\.init\(\)"):
            asyncio.run(claim.build("user-1", RecipeUserId("user-1"), "public", {}, UserContext()))
    app.close()
    set_default_app(None)


def test_another_claim_of_the_same_key_is_a_fault() -> None:
    """One would overwrite the other in every token."""
    with pytest.raises(ConfigurationError, match="'st-role' of recipe 'userroles' has the key of one of 'session'"):
        init(
            APP_INFO,
            [
                session.init(claims=[UserRoleClaim]),
                userroles.init(),
            ],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            default=False,
        )
