"""
Law: an identity at a provider is one user's forever, whatever addresses the provider says, and in whatever order.

An identity is tenant, provider, issuer and subject. An address decides nothing: it may wander from one to another.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from authweave.app import App, init
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import (
    EmailAlreadyExistsError,
    SignInOkResult,
    SignUpOkResult,
    UpdateEmailOrPasswordOkResult,
)
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.types import (
    ManuallyCreateOrUpdateUserOkResult,
    RawUserInfoFromProvider,
    SignInUpOkResult,
)
from authweave.security import PasswordHasher
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId, ThirdPartyInfo
from tests.postgresql import Server
from tests.stores import open_whole

pytestmark = pytest.mark.property

PASSWORD = "correct horse 1"


@attrs.frozen
class Identity:
    """Who somebody is at a provider."""

    tenant_id: str
    provider: str
    issuer: str
    subject: str


@attrs.frozen
class Said:
    """What the provider says, at one sign-in."""

    identity: Identity
    email: str
    verified: bool


# Few of each, so that they meet; the same subject at several issuers, the same address everywhere.
identities: st.SearchStrategy[Identity] = st.builds(
    Identity,
    st.sampled_from(["public", "t1"]),
    st.sampled_from(["corp", "entra"]),
    st.sampled_from(["", "https://one.example", "https://two.example"]),
    st.sampled_from(["1", "ada"]),
)
emails: st.SearchStrategy[str] = st.sampled_from(["a@example.com", "A@Example.com", "b@example.com", "c@example.com"])
sayings: st.SearchStrategy[Said] = st.builds(Said, identities, emails, st.booleans())


class Schedules(RuleBasedStateMachine):
    """Sign-ins one by one and at once, users with passwords among them, addresses that go round."""

    storage: Storage

    def __init__(self) -> None:
        super().__init__()
        self.auth = self.application()
        self.users: dict[Identity, str] = {}
        self.told: dict[Identity, set[tuple[str, bool]]] = {}
        self.with_password: dict[str, str] = {}

    def new_storage(self) -> Storage:
        """Open a store."""
        raise NotImplementedError

    def application(self) -> App:
        """Build an application on an empty store."""
        storage = self.new_storage()
        storage.create_tenant("t1")
        return init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [emailpassword.init(), thirdparty.init(), session.init()],
            storage=storage,
            secret=b"s" * 32,
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            default=False,
        )

    @override
    def teardown(self) -> None:
        """Close the application, and its store, which was handed over."""
        self.auth.close()
        self.auth.services.storage.close()

    async def sign_in_up(self, said: Said) -> SignInUpOkResult:
        """Have the provider vouch for somebody."""
        who = said.identity
        raw = RawUserInfoFromProvider(issuer=who.issuer)
        result = await self.auth.recipe(ThirdPartyRecipe).functions.sign_in_up(
            who.provider, who.subject, said.email, said.verified, {}, raw, None, None, who.tenant_id, {}
        )
        assert isinstance(result, SignInUpOkResult)
        return result

    def check(self, said: Said, user_id: str, *, is_new: bool) -> None:
        """Hold who was signed in against the model."""
        assert is_new == (said.identity not in self.users)
        assert self.users.setdefault(said.identity, user_id) == user_id

    @rule(said=sayings)
    def one_signs_in(self, said: Said) -> None:
        """Sign one in."""
        result = asyncio.run(self.sign_in_up(said))
        self.check(said, result.user.id, is_new=result.created_new_recipe_user)
        self.note([said])

    def note(self, at_once: list[Said]) -> None:
        """
        Note what may be shown of an identity after sign-ins at the same moment: what one of them said.

        An address that the provider has vouched for stays verified for as long as it is given.
        """
        identity = at_once[0].identity
        vouched = {email for email, is_verified in self.told.get(identity, set()) if is_verified}
        vouched |= {said.email.lower() for said in at_once if said.verified}
        told = {(said.email.lower(), said.verified) for said in at_once}
        self.told[identity] = told | {(email, True) for email, _ in told if email in vouched}

    @rule(several=st.lists(sayings, min_size=2, max_size=6))
    def several_sign_in_at_once(self, several: list[Said]) -> None:
        """Sign several in at once; some of them may be one."""

        async def at_once() -> list[SignInUpOkResult]:
            return await asyncio.gather(*(self.sign_in_up(said) for said in several))

        results = asyncio.run(at_once())
        for identity in {said.identity for said in several}:
            mine = [(said, result) for said, result in zip(several, results, strict=True) if said.identity == identity]
            assert len({result.user.id for _, result in mine}) == 1
            new = [result.created_new_recipe_user for _, result in mine]
            assert new.count(True) == (0 if identity in self.users else 1)
            self.users.setdefault(identity, mine[0][1].user.id)
            assert self.users[identity] == mine[0][1].user.id
            self.note([said for said, _ in mine])

    @rule(said=sayings)
    def somebody_is_imported(self, said: Said) -> None:
        """Create or update somebody by hand."""
        who = said.identity

        async def imported() -> ManuallyCreateOrUpdateUserOkResult:
            result = await self.auth.recipe(ThirdPartyRecipe).functions.manually_create_or_update_user(
                who.provider, who.subject, said.email, said.verified, None, None, who.tenant_id, who.issuer, {}
            )
            assert isinstance(result, ManuallyCreateOrUpdateUserOkResult)
            return result

        result = asyncio.run(imported())
        self.check(said, result.user.id, is_new=result.created_new_recipe_user)
        self.note([said])

    @rule(email=emails)
    def somebody_signs_up(self, email: str) -> None:
        """Sign up with a password; a provider's users don't stand in the way."""
        result = asyncio.run(
            self.auth.recipe(EmailPasswordRecipe).functions.sign_up(email, PASSWORD, "public", None, None, {})
        )
        if isinstance(result, EmailAlreadyExistsError):
            assert email.lower() in self.with_password
        else:
            assert isinstance(result, SignUpOkResult)
            assert email.lower() not in self.with_password
            self.with_password[email.lower()] = result.user.id

    @rule(old=emails, new=emails)
    def a_password_gets_another_address(self, old: str, new: str) -> None:
        """Change the address of a user with a password."""
        user_id = self.with_password.get(old.lower())
        if user_id is None:
            return
        change = self.auth.recipe(EmailPasswordRecipe).functions.update_email_or_password(
            RecipeUserId(user_id), new, None, None, "public", {}
        )
        if isinstance(asyncio.run(change), UpdateEmailOrPasswordOkResult):
            del self.with_password[old.lower()]
            self.with_password[new.lower()] = user_id

    @invariant()
    def identities_are_their_users(self) -> None:
        """No two identities have one user; each user is who it was, with an address that was said of it."""
        assert len({*self.users.values(), *self.with_password.values()}) == len(self.users) + len(self.with_password)
        storage = self.auth.services.storage
        for identity, user_id in self.users.items():
            user = storage.find_user(user_id)
            assert user is not None
            assert user.third_party == [ThirdPartyInfo(identity.subject, identity.provider)]
            assert user.tenant_ids == [identity.tenant_id]
            assert [(each.email, each.verified) in self.told[identity] for each in user.login_methods] == [True]
            found = storage.part(THIRD_PARTIES).find_third_party_login(
                identity.tenant_id, identity.provider, identity.issuer, identity.subject
            )
            assert found is not None
            assert found.user_id == user_id

    @invariant()
    def passwords_are_their_users(self) -> None:
        """Reach each user with a password by the address that it was given last, and by no provider."""
        for email, user_id in self.with_password.items():
            sign_in = self.auth.recipe(EmailPasswordRecipe).functions.sign_in(email, PASSWORD, "public", None, None, {})
            result = asyncio.run(sign_in)
            assert isinstance(result, SignInOkResult)
            assert (result.user.id, result.user.third_party) == (user_id, [])


class InMemory(Schedules):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class OnSQLite(Schedules):
    @override
    def new_storage(self) -> Storage:
        return open_whole("sqlite://")


def run(machine: type[Schedules]) -> None:
    """Run an eighth of the profile's examples: each has many steps."""
    count = settings().max_examples // 8
    run_state_machine_as_test(machine, settings=settings(max_examples=count, stateful_step_count=20, deadline=None))


@pytest.mark.parametrize("machine", [InMemory, OnSQLite])
def test_nobody_gets_the_identity_of_another(machine: type[Schedules]) -> None:
    """Whatever the schedule, an identity leads to one user, and no two to the same."""
    run(machine)


def test_nobody_gets_the_identity_of_another_on_postgresql(postgresql: Server, postgresql_url: str) -> None:
    """The same law on PostgreSQL, in one database that is emptied again and again."""

    class OnPostgreSQL(Schedules):
        @override
        def new_storage(self) -> Storage:
            postgresql.empty(postgresql_url)
            return open_whole(postgresql_url)

    run(OnPostgreSQL)


def test_a_first_sign_in_by_many_processes_makes_one_user(tmp_path: Path) -> None:
    """Of two applications on one database, each signing somebody in for the first time, one makes the user."""
    with (
        closing(open_whole(f"sqlite:///{tmp_path / 'auth.db'}")) as first,
        closing(open_whole(f"sqlite:///{tmp_path / 'auth.db'}")) as second,
    ):
        storages = iter([first, second] * 2)

        class Shared(Schedules):
            @override
            def new_storage(self) -> Storage:
                return next(storages)

        machines = [Shared(), Shared()]
        said = Said(Identity("public", "corp", "", "1"), "a@example.com", verified=True)

        async def at_once() -> list[SignInUpOkResult]:
            return await asyncio.gather(*(machine.sign_in_up(said) for machine in machines * 8))

        results = asyncio.run(at_once())
        assert len({result.user.id for result in results}) == 1
        assert [result.created_new_recipe_user for result in results].count(True) == 1
