"""The functions of the default application, awaited or not: what each returns, and how it is overridden."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import attrs
import pytest

from authweave.app import App, init, set_default_app
from authweave.errors import BadInputError, ConfigurationError
from authweave.events import OnEvent, SecurityEvent
from authweave.extending import RecipeEntry
from authweave.kernel import UserContext
from authweave.kernel import override as override_function
from authweave.recipe import emailpassword, multitenancy, session, thirdparty, userroles
from authweave.recipe.emailpassword import syncio as passwords
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.recipe.multitenancy import (
    AssociateUserToTenantEmailAlreadyExistsError,
    AssociateUserToTenantNotAllowedError,
    AssociateUserToTenantOkResult,
    AssociateUserToTenantThirdPartyUserAlreadyExistsError,
    AssociateUserToTenantUnknownUserIdError,
    CreateOrUpdateTenantOkResult,
    CreateOrUpdateThirdPartyConfigOkResult,
    DeleteTenantOkResult,
    DeleteThirdPartyConfigOkResult,
    DisassociateUserFromTenantOkResult,
    InputOverrideConfig,
    ListAllTenantsOkResult,
    RecipeInterface,
    TenantConfig,
    TenantConfigCreateOrUpdate,
    signatures,
)
from authweave.recipe.multitenancy import asyncio as awaited
from authweave.recipe.multitenancy import syncio as blocking
from authweave.recipe.session import syncio as sessions
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig
from authweave.recipe.thirdparty import syncio as third_parties
from authweave.recipe.userroles import syncio as roles
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.syncio import get_user, get_users_newest_first
from authweave.types import JSON, InputAppInfo, JSONObject, RecipeUserId

APP_INFO = InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000")
SECRET = "the client's secret"
NOBODY = RecipeUserId("nobody")
Use = Callable[..., App]


@pytest.fixture
def use() -> Iterator[Use]:
    """Return what makes an application with tenants and some more recipes the default."""
    made: list[App] = []

    def using(*recipes: RecipeEntry, tenants: RecipeEntry | None = None, on_event: OnEvent | None = None) -> App:
        made.append(
            init(
                APP_INFO,
                [tenants or multitenancy.init(), *recipes],
                storage=MemoryStorage(),
                secret=b"s" * 32,
                passwords=PasswordHasher(memory_kib=8, time_cost=1),
                on_event=on_event,
            )
        )
        return made[-1]

    yield using
    for each in made:
        each.close()
    set_default_app(None)


def make(
    tenant_id: str,
    first_factors: Sequence[str] | None = ("NO_CHANGE",),
    required_secondary_factors: Sequence[str] | None = ("NO_CHANGE",),
    **core_config: JSON,
) -> bool:
    """Make a tenant, or change it; return whether it is new."""
    config = TenantConfigCreateOrUpdate(core_config, first_factors, required_secondary_factors)
    return blocking.create_or_update_tenant(tenant_id, config).created_new


def signed_up(email: str, tenant_id: str = "public") -> RecipeUserId:
    """Sign somebody up."""
    result = passwords.sign_up(tenant_id, email, "correct horse 1")
    assert isinstance(result, SignUpOkResult)
    return result.recipe_user_id


def provider(name: str = "corp") -> ProviderConfig:
    """Return a provider that nobody reaches."""
    return ProviderConfig(
        name,
        clients=[ProviderClientConfig("id", SECRET)],
        authorization_endpoint="https://provider.invalid/a",
        token_endpoint="https://provider.invalid/t",
        user_info_endpoint="https://provider.invalid/u",
    )


def test_a_change_is_of_what_it_names(use: Use) -> None:
    """Line 33: ``NO_CHANGE`` leaves a list, None takes it away, an empty one is one; a configuration may be missing."""
    use()
    assert blocking.create_or_update_tenant("t1", None) == CreateOrUpdateTenantOkResult(created_new=True)
    assert blocking.get_tenant("t1") == TenantConfig("t1", [])
    factors = TenantConfigCreateOrUpdate({"a": 1}, ["emailpassword"], ["totp"])
    assert blocking.create_or_update_tenant("t1", factors) == CreateOrUpdateTenantOkResult(created_new=False)
    whole = TenantConfig("t1", [], {"a": 1}, ["emailpassword"], ["totp"])
    for nothing in (None, TenantConfigCreateOrUpdate(), TenantConfigCreateOrUpdate({}, ["NO_CHANGE"], ["NO_CHANGE"])):
        blocking.create_or_update_tenant("t1", nothing)
        assert blocking.get_tenant("t1") == whole
    make("t1", first_factors=[], a=None, b={})
    assert blocking.get_tenant("t1") == TenantConfig("t1", [], {"b": {}}, [], ["totp"])
    make("t1", first_factors=None, required_secondary_factors=[])
    assert blocking.get_tenant("t1") == TenantConfig("t1", [], {"b": {}}, None, [])
    assert make("public", first_factors=["thirdparty"]) is False
    public = blocking.get_tenant("public")
    assert public is not None
    assert public.first_factors == ["thirdparty"]


def test_all_tenants(use: Use) -> None:
    """By their ids, ``public`` among them."""
    use(thirdparty.init())
    assert blocking.list_all_tenants() == ListAllTenantsOkResult([TenantConfig("public", [])])
    make("t2", first_factors=[])
    make("t1")
    blocking.create_or_update_third_party_config("t1", provider())
    listed = blocking.list_all_tenants().tenants
    assert [each.tenant_id for each in listed] == ["public", "t1", "t2"]
    assert [each.first_factors for each in listed] == [None, None, []]
    assert [[of.third_party_id for of in each.third_party_providers] for each in listed] == [[], ["corp"], []]


def test_a_deleted_tenant(use: Use) -> None:
    """Is gone with its configuration, sessions, roles and providers; its users stay; ``public`` cannot be deleted."""
    app = use(emailpassword.init(), session.init(), userroles.init(), thirdparty.init())
    assert blocking.delete_tenant("t1") == DeleteTenantOkResult(did_exist=False)
    make("t1", first_factors=[])
    ada = signed_up("ada@example.com", "t1")
    user_id = ada.get_as_string()
    app.run_blocking(create_session("t1", ada))
    roles.create_new_role_or_add_permissions("admin", [])
    roles.add_role_to_user("t1", user_id, "admin")
    blocking.create_or_update_third_party_config("t1", provider())
    assert blocking.delete_tenant(" T1 ") == DeleteTenantOkResult(did_exist=True)
    assert blocking.get_tenant("t1") is None
    user = get_user(user_id)
    assert user is not None
    assert user.tenant_ids == []
    assert sessions.get_all_session_handles_for_user(user_id) == []
    assert make("t1")
    assert blocking.get_tenant("t1") == TenantConfig("t1", [])
    assert roles.get_roles_for_user("t1", user_id).roles == []
    with pytest.raises(BadInputError, match="public"):
        blocking.delete_tenant("Public")
    assert blocking.get_tenant("public") is not None


async def create_session(tenant_id: str, recipe_user_id: RecipeUserId) -> None:
    """Make a session without a request."""
    from authweave.recipe.session.asyncio import create_new_session_without_request_response

    await create_new_session_without_request_response(tenant_id, recipe_user_id)


def test_a_user_in_two_tenants(use: Use) -> None:
    """Lines 34 and 35: the same address is another user in each; one user can be in both; each conflict has a name."""
    use(emailpassword.init(), thirdparty.init(), session.init())
    make("t1")
    ada, other = signed_up("ada@example.com"), signed_up("ada@example.com", "t1")
    assert ada != other
    grace = signed_up("grace@example.com")
    taken = blocking.associate_user_to_tenant("t1", ada)
    assert taken == AssociateUserToTenantEmailAlreadyExistsError()
    assert taken.status == "EMAIL_ALREADY_EXISTS_ERROR"
    assert blocking.associate_user_to_tenant("t1", NOBODY) == AssociateUserToTenantUnknownUserIdError()
    for was in (False, True):
        assert blocking.associate_user_to_tenant("T1", grace) == AssociateUserToTenantOkResult(was)
    user = get_user(grace.get_as_string())
    assert user is not None
    assert user.tenant_ids == ["public", "t1"]
    assert {each.id for each in get_users_newest_first("t1").users} == {each.get_as_string() for each in (grace, other)}
    linus, again = (
        third_parties.manually_create_or_update_user(tenant, "github", "1", "linus@example.com", True)
        for tenant in ("public", "t1")
    )
    assert blocking.associate_user_to_tenant(
        "t1", cast("thirdparty.ManuallyCreateOrUpdateUserOkResult", linus).recipe_user_id
    ) == (AssociateUserToTenantThirdPartyUserAlreadyExistsError())
    assert isinstance(again, thirdparty.ManuallyCreateOrUpdateUserOkResult)
    with pytest.raises(BadInputError, match="There is no tenant 't2'"):
        blocking.associate_user_to_tenant("t2", grace)


def test_what_another_primary_user_has(use: Use) -> None:
    """Is in no tenant twice, whichever recipe it belongs to."""
    app = use(emailpassword.init(), thirdparty.init(), session.init())
    make("t1")
    ada = signed_up("ada@example.com")
    other = third_parties.manually_create_or_update_user("t1", "github", "1", "ada@example.com", True)
    assert isinstance(other, thirdparty.ManuallyCreateOrUpdateUserOkResult)
    for each in (ada, other.recipe_user_id):
        app.services.storage.create_primary_user(each.get_as_string())
    refused = blocking.associate_user_to_tenant("t1", ada)
    assert refused == AssociateUserToTenantNotAllowedError(
        "This user's email is already associated with another user ID"
    )
    assert refused.status == "ASSOCIATION_NOT_ALLOWED_ERROR"


def test_a_user_who_is_taken_out(use: Use) -> None:
    """Line 37: loses sessions and roles of that tenant alone; out of the last one there is a user still."""
    app = use(emailpassword.init(), session.init(), userroles.init())
    make("t1")
    ada = signed_up("ada@example.com")
    user_id = ada.get_as_string()
    blocking.associate_user_to_tenant("t1", ada)
    roles.create_new_role_or_add_permissions("admin", [])
    for tenant_id in ("public", "t1"):
        app.run_blocking(create_session(tenant_id, ada))
        roles.add_role_to_user(tenant_id, user_id, "admin")
    for was in (True, False):
        assert blocking.disassociate_user_from_tenant("T1", ada) == DisassociateUserFromTenantOkResult(was)
    (left,) = sessions.get_all_session_handles_for_user(user_id)
    assert not left.endswith("_t1")
    assert [roles.get_roles_for_user(each, user_id).roles for each in ("public", "t1")] == [["admin"], []]
    assert blocking.disassociate_user_from_tenant("public", ada) == DisassociateUserFromTenantOkResult(True)
    user = get_user(user_id)
    assert user is not None
    assert user.tenant_ids == []
    assert passwords.sign_in("public", "ada@example.com", "correct horse 1").status == "WRONG_CREDENTIALS_ERROR"
    assert sessions.get_all_session_handles_for_user(user_id) == []
    assert blocking.associate_user_to_tenant("public", ada) == AssociateUserToTenantOkResult(False)
    assert passwords.sign_in("public", "ada@example.com", "correct horse 1").status == "OK"
    for nowhere, nobody in (("nowhere", ada), ("t1", NOBODY)):
        result = blocking.disassociate_user_from_tenant(nowhere, nobody)
        assert result == DisassociateUserFromTenantOkResult(was_associated=False)


def test_providers_of_a_tenant(use: Use) -> None:
    """Are kept, by these names and by those of the recipe of providers; without that recipe the error says so."""
    use(thirdparty.init(), session.init())
    make("t1")
    for is_new in (True, False):
        kept = blocking.create_or_update_third_party_config(" T1", provider())
        assert kept == CreateOrUpdateThirdPartyConfigOkResult(created_new=is_new)
    tenant = blocking.get_tenant("t1")
    assert tenant is not None
    assert [each.third_party_id for each in tenant.third_party_providers] == ["corp"]
    assert SECRET not in repr(tenant)
    assert third_parties.list_third_party_configs("t1") == tuple(tenant.third_party_providers)
    for was in (True, False):
        assert blocking.delete_third_party_config("T1", "corp") == DeleteThirdPartyConfigOkResult(was)
    assert blocking.delete_third_party_config("nowhere", "corp") == DeleteThirdPartyConfigOkResult(False)
    with pytest.raises(BadInputError, match="There is no tenant 'nowhere'"):
        blocking.create_or_update_third_party_config("nowhere", provider())
    lacking = ProviderConfig("half", clients=[ProviderClientConfig("id", SECRET)])
    with pytest.raises(ConfigurationError, match="half"):
        blocking.create_or_update_third_party_config("t1", lacking)
    assert blocking.create_or_update_third_party_config("t1", lacking, True).created_new
    use()
    with pytest.raises(ConfigurationError, match=r"thirdparty\.init"):
        blocking.create_or_update_third_party_config("public", provider())


WRONG = {
    "empty": "",
    "blank": "  ",
    "too long": "t" * 101,
    "far too long": "t" * 10_000,
    "NUL": "t\0",
    "half a surrogate pair": "t\ud800",
    "a slash": "t/1",
    "a slash, encoded": "t%2F1",
    "dots": "..",
    "a dot": "t.1",
    "an underscore": "t_1",
    "a letter with an accent": "té",
    "a look-alike of a letter": "т1",
    "a space within": "t 1",
    "a line's end within": "t\n1",
    "a path of the library": "signin",
    "the same in another case": "SignIn",
    "reserved": "users",
    "reserved, in another case": "Config",
    "a reserved beginning": "appid-1",
}


@pytest.mark.parametrize("tenant_id", WRONG.values(), ids=WRONG.keys())
def test_no_tenant_is_called_so(use: Use, tenant_id: str) -> None:
    """Each wrong form is a clear error where one would be made, and no tenant, or a clear error, elsewhere."""
    use(thirdparty.init(), emailpassword.init(), session.init())
    with pytest.raises(BadInputError):
        make(tenant_id)
    with pytest.raises(BadInputError):
        blocking.create_or_update_third_party_config(tenant_id, provider())
    with pytest.raises(BadInputError):
        blocking.associate_user_to_tenant(tenant_id, NOBODY)
    answers = {blocking.get_tenant: None, blocking.delete_tenant: DeleteTenantOkResult(did_exist=False)}
    for ask, nothing in answers.items():
        try:
            assert ask(tenant_id) == nothing
        except BadInputError:
            assert len(tenant_id) > 255 or not tenant_id.isprintable()
    assert [each.tenant_id for each in blocking.list_all_tenants().tenants] == ["public"]


def test_a_tenant_in_another_case(use: Use) -> None:
    """Is the same one: new ones are in lower case, and found in any. What is no text is an error of the caller's."""
    use()
    assert make(" Acme-1 ")
    assert make("ACME-1") is False
    found = blocking.get_tenant("aCME-1")
    assert found is not None
    assert found.tenant_id == "acme-1"
    for wrong in (None, 1, b"acme-1"):
        with pytest.raises(BadInputError, match="has to be a text"):
            blocking.get_tenant(cast("str", wrong))
    with pytest.raises(BadInputError, match="list of the ids"):
        make("acme-1", first_factors=cast("list[str]", "emailpassword"))
    assert blocking.delete_tenant("ACME-1").did_exist


def test_one_that_was_made_before_with_capital_letters(use: Use) -> None:
    """Is found and configured as it is, in whatever case it is written."""
    app = use()
    app.services.storage.create_tenant("Acme")
    assert make("acme", first_factors=[]) is False
    found = blocking.get_tenant("ACME")
    assert found is not None
    assert (found.tenant_id, found.first_factors) == ("Acme", [])


def test_what_is_told(use: Use) -> None:
    """Each change of a tenant, and of who is in it, once; what changed nothing is not told, and no secret is."""
    events: list[SecurityEvent] = []
    use(emailpassword.init(), thirdparty.init(), session.init(), on_event=events.append)
    ada = signed_up("ada@example.com")
    events.clear()
    for _ in range(2):
        blocking.create_or_update_tenant("T1", None)
    make("t1", first_factors=["emailpassword"])
    blocking.create_or_update_third_party_config("t1", provider())
    for _ in range(2):
        blocking.associate_user_to_tenant("T1", ada)
    for _ in range(2):
        blocking.disassociate_user_from_tenant("T1", ada)
        blocking.delete_third_party_config("t1", "corp")
    for _ in range(2):
        blocking.delete_tenant("t1")
    told = [(each.details["change"], each.user_id) for each in events if each.kind == "tenants_changed"]
    user_id = ada.get_as_string()
    of_user = [("added", user_id), ("removed", user_id)]
    of_provider = [("provider_set", None), ("provider_removed", None)]
    assert told == [("created", None), ("changed", None), of_provider[0], *of_user, of_provider[1], ("deleted", None)]
    assert {each.tenant_id for each in events} == {"t1"}
    assert SECRET not in repr(events)


def test_awaited(use: Use) -> None:
    """The same functions on a loop."""
    use()

    async def ask() -> None:
        assert (await awaited.create_or_update_tenant("t1", None)).created_new
        assert await awaited.get_tenant("t1") == TenantConfig("t1", [])
        assert len((await awaited.list_all_tenants()).tenants) == 2
        assert (await awaited.delete_tenant("t1")).did_exist

    asyncio.run(ask())


@override_function(RecipeInterface[UserContext].get_tenant)
async def in_code(
    original: signatures.GetTenant[UserContext], tenant_id: str, user_context: UserContext
) -> TenantConfig | None:
    """Have every tenant's first factors stand in the code."""
    found = await original(tenant_id, user_context)
    return None if found is None else attrs.evolve(found, first_factors=["otp-email"])


def as_documented(
    original_implementation: RecipeInterface[UserContext],
) -> RecipeInterface[UserContext]:
    """Let nobody delete tenants."""

    async def delete_tenant(tenant_id: str, user_context: UserContext) -> DeleteTenantOkResult:
        del tenant_id, user_context
        return DeleteTenantOkResult(did_exist=False)

    original_implementation.delete_tenant = delete_tenant
    return original_implementation


def test_overrides(use: Use) -> None:
    """Are handed the calls."""
    use(tenants=multitenancy.init(override=InputOverrideConfig(functions=[in_code, as_documented])))
    found = blocking.get_tenant("public")
    assert found is not None
    assert found.first_factors == ["otp-email"]
    assert blocking.delete_tenant("public") == DeleteTenantOkResult(did_exist=False)


def test_configurations_in_json() -> None:
    """As the documents name them; lists that are missing stay as they are, or are None; other forms are refused."""
    change = TenantConfigCreateOrUpdate.from_json({"firstFactors": None, "coreConfig": {"a": 1}})
    assert (change.is_first_factors_unchanged(), change.get_first_factors_for_update()) == (False, None)
    assert change.is_required_secondary_factors_unchanged()
    with pytest.raises(BadInputError, match="stays as it is"):
        change.get_required_secondary_factors_for_update()
    config = TenantConfig("t1", [provider()], {"a": 1}, [], ["totp"])
    written = config.to_json()
    assert list(written) == [
        "tenantId",
        "thirdPartyProviders",
        "firstFactors",
        "requiredSecondaryFactors",
        "coreConfig",
    ]
    assert TenantConfig.from_json(written).to_json() == written
    assert TenantConfig.from_json({}) == TenantConfig("", [])
    wrong: list[JSONObject] = [{"firstFactors": "a"}, {"firstFactors": [1]}, {"coreConfig": []}, {"tenantId": 1}]
    for each in wrong:
        with pytest.raises(BadInputError):
            TenantConfig.from_json(each)
    with pytest.raises(BadInputError):
        TenantConfig.from_json({"thirdPartyProviders": ["corp"]})
    assert "password" not in repr(TenantConfig("", [], {"database": "postgresql://user:password@host"}))
