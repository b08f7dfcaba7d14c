"""
The machine of `test_account_takeover`: honest people and an attacker, who use two applications in any order.

What has to hold after each step is in `Takeover.nobody_is_in_anothers_account` and the invariants beside it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias, TypeVar

from authweave.recipe.accountlinking.types import CanCreatePrimaryUserOkResult
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from authweave.asyncio import delete_user, get_user
from authweave.recipe.accountlinking import asyncio as linking
from authweave.recipe.emailpassword import asyncio as passwords
from authweave.recipe.emailverification import asyncio as verification
from authweave.recipe.multitenancy import asyncio as tenants
from authweave.recipe.session import SessionContainer
from authweave.types import JSON, JSONObject
from tests.linked_accounts import faults_of, owners_of, reserved_by
from tests.property.account_people import ATTACKER, EVERY_MAILBOX, HONEST, Jar, Person
from tests.property.account_world import PROVIDERS, TENANTS, World

One = TypeVar("One")
Spelling: TypeAlias = Callable[[str], str]

WHICH: Final = st.integers(0, 30)
APPS: Final = st.integers(0, 1)
TENANT: Final = st.sampled_from(["public", "public", "t1"])
PEOPLE: Final = st.sampled_from([ATTACKER, ATTACKER, ATTACKER, "ada", "ada", "bob"])
MAILBOX: Final = st.sampled_from(["ada", "ada", "countess", "bob", "mallory", "mallory", "malice"])
SPELLINGS: Final[st.SearchStrategy[Spelling]] = st.sampled_from([str, str, str.upper, " {} ".format])
WITH_SESSION: Final = st.booleans()

MINUTE_MS: Final = 60_000


def one_of(things: Sequence[One], which: int) -> One | None:
    """Choose one: the remainder counts. None where there is none."""
    return things[which % len(things)] if things else None


class Takeover(RuleBasedStateMachine):
    """
    Honest people use their own addresses, the attacker any; each signs in with own passwords and identities alone.

    The applications link by themselves where an address is verified, and have routes for what frontends have no API
    of: linking and unlinking one's own login methods, another address, membership in tenants, the end of an account.
    """

    world: World

    @initialize(linking=st.sampled_from([TENANTS, TENANTS, ("public",), ("t1",)]))
    def begin(self, linking: tuple[str, ...]) -> None:
        """Begin with nobody."""
        self.world.begin(frozenset(linking))

    @override
    def teardown(self) -> None:
        """In the end the store reserves what the rules say, no more and no less."""
        if self.world.people:
            self.reservations_are_those_of_primary_users()
            self.world.end()

    # Choosing.

    def address_for(self, person: Person, mailbox: str, which: int) -> str:
        """Return an address that somebody may type: honest people their own, the attacker anybody's."""
        chosen = one_of(HONEST[person.name], which) if person.is_honest else mailbox
        assert chosen is not None
        return self.world.address(chosen)

    def person(self, name: str) -> Person:
        """Return somebody."""
        return self.world.people[name]

    # What frontends do.

    def sign(self, who: str, at: int, tenant: str, path: str, body: dict[str, JSON], *, linked_to: int | None) -> None:
        """Sign up or in, with the session of another login method or without."""
        person = self.person(who)
        jar = None if linked_to is None else person.chosen_jar(linked_to)
        if jar is not None:
            body["shouldTryLinkingWithSessionUser"] = True
        self.world.ask(person, at, "post", f"/auth/{tenant}{path}", body, jar)

    @rule(
        who=PEOPLE,
        at=APPS,
        tenant=TENANT,
        mailbox=MAILBOX,
        which=WHICH,
        spell=SPELLINGS,
        linked_to=st.none() | WHICH,
    )
    def sign_up(
        self, who: str, at: int, tenant: str, mailbox: str, which: int, spell: Spelling, linked_to: int | None
    ) -> None:
        """Sign up with a password."""
        person = self.person(who)
        email = self.address_for(person, mailbox, which)
        person.accounts.append((tenant, email))
        self.with_password(person, at, tenant, spell(email), "/signup", linked_to)

    @precondition(lambda self: any(person.accounts for person in self.world.people.values()))
    @rule(who=PEOPLE, at=APPS, which=WHICH, elsewhere=st.none() | TENANT, linked_to=st.none() | WHICH)
    def sign_in(self, who: str, at: int, which: int, elsewhere: str | None, linked_to: int | None) -> None:
        """Sign in with a password, in the tenant of the sign-up or in another one."""
        person = self.person(who)
        account = one_of(person.accounts, which)
        if account is not None:
            tenant, email = account
            self.with_password(person, at, elsewhere or tenant, email, "/signin", linked_to)

    def with_password(
        self, person: Person, at: int, tenant: str, email: str, path: str, linked_to: int | None
    ) -> None:
        """Sign up or in with a password."""
        fields: JSON = [{"id": "email", "value": email}, {"id": "password", "value": person.password}]
        self.sign(person.name, at, tenant, path, {"formFields": fields}, linked_to=linked_to)

    @rule(
        who=PEOPLE,
        at=APPS,
        tenant=TENANT,
        mailbox=MAILBOX,
        which=WHICH,
        name=st.sampled_from(PROVIDERS),
        subject=st.integers(0, 1),
        linked_to=st.none() | WHICH,
    )
    def provided(
        self,
        who: str,
        at: int,
        tenant: str,
        mailbox: str,
        which: int,
        name: str,
        subject: int,
        linked_to: int | None,
    ) -> None:
        """Sign in with a provider, which may say another address than the last time."""
        email = self.address_for(self.person(who), mailbox, which)
        verified = name == "vouching" and self.world.holder_of_address(email) == who
        tokens: JSON = {"sub": f"{who}|{subject}", "email": email, "verified": verified}
        self.sign(who, at, tenant, "/signinup", {"thirdPartyId": name, "oAuthTokens": tokens}, linked_to=linked_to)

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH)
    def ask_for_verification(self, who: str, at: int, which: int) -> None:
        """Have a link mailed that verifies the address of a session's login method."""
        self.with_jar(who, at, which, "post", "/auth/user/email/verify/token")

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH)
    def look_whether_verified(self, who: str, at: int, which: int) -> None:
        """Ask whether it is verified: a session that linking has ended may get a successor."""
        self.with_jar(who, at, which, "get", "/auth/user/email/verify")

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH)
    def refresh(self, who: str, at: int, which: int) -> None:
        """Refresh a session."""
        person = self.person(who)
        jar = person.chosen_jar(which)
        if jar is not None:
            self.world.ask(person, at, "post", "/auth/session/refresh", None, jar, refresh=True)

    def with_jar(self, who: str, at: int, which: int, method: str, path: str, body: JSONObject | None = None) -> None:
        """Make a request with a session."""
        person = self.person(who)
        jar = person.chosen_jar(which)
        if jar is not None:
            self.world.ask(person, at, method, path, body, jar)

    @precondition(lambda self: self.anybody_has("verify"))
    @rule(who=PEOPLE, at=APPS, mail=WHICH, which=st.none() | WHICH)
    def verify(self, who: str, at: int, mail: int, which: int | None) -> None:
        """Follow a link that verifies an address, in a browser that has a session or in one that has none."""
        person = self.person(who)
        found = one_of(person.usable_mails("verify"), mail)
        if found is not None:
            jar = None if which is None else person.chosen_jar(which)
            body: JSONObject = {"method": "token", "token": found.token}
            self.world.ask(person, at, "post", f"/auth/{found.tenant_id}/user/email/verify", body, jar)

    @precondition(lambda self: any(person.accounts for person in self.world.people.values()))
    @rule(who=PEOPLE, at=APPS, tenant=TENANT, mailbox=MAILBOX, which=WHICH)
    def forget_password(self, who: str, at: int, tenant: str, mailbox: str, which: int) -> None:
        """Have a link mailed that resets a password."""
        person = self.person(who)
        fields: JSON = [{"id": "email", "value": self.address_for(person, mailbox, which)}]
        self.world.ask(person, at, "post", f"/auth/{tenant}/user/password/reset/token", {"formFields": fields})

    @precondition(lambda self: self.anybody_has("reset"))
    @rule(who=PEOPLE, at=APPS, mail=WHICH)
    def reset_password(self, who: str, at: int, mail: int) -> None:
        """Follow a link that resets a password."""
        person = self.person(who)
        found = one_of(person.usable_mails("reset"), mail)
        if found is not None:
            fields: JSON = [{"id": "password", "value": person.password}]
            body: JSONObject = {"method": "token", "token": found.token, "formFields": fields}
            self.world.ask(person, at, "post", f"/auth/{found.tenant_id}/user/password/reset", body)

    # What the application's own routes do, for who is signed in.

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH, other=WHICH)
    def link_own(self, who: str, at: int, which: int, other: int) -> None:
        """Link two accounts that somebody is signed in to, if both addresses are verified."""
        person = self.person(who)
        jar, second = person.chosen_jar(which), person.chosen_jar(other)
        if jar is None or second is None:
            return

        async def first(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            login_id = session.get_recipe_user_id()
            if mine is None or not all(method.verified for method in mine.login_methods):
                return "not verified"
            made = await linking.create_primary_user(login_id)
            return made.status if made.status != "OK" else f"OK {mine.id}"

        said = self.world.route(person, at, jar, first)
        if not said.startswith("OK "):
            self.world.note(f"link own: {said}")
            return
        primary_id = said.removeprefix("OK ")

        async def then(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            if mine is None or not all(method.verified for method in mine.login_methods):
                return "the other is not verified"
            linked = await linking.link_accounts(session.get_recipe_user_id(), primary_id)
            return f"linked: {linked.status}"

        self.world.note(f"link own: {self.world.route(person, at, second, then)}")

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH, other=WHICH)
    def unlink_own(self, who: str, at: int, which: int, other: int) -> None:
        """Unlink one of somebody's login methods."""

        async def work(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            method = None if mine is None else one_of(mine.login_methods, other)
            if method is None:
                return "nobody"
            unlinked = await linking.unlink_account(method.recipe_user_id)
            return f"{unlinked.status} {unlinked.was_linked} {unlinked.was_recipe_user_deleted}"

        self.on_own_route("unlink own", who, at, which, work)

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH, tenant=TENANT)
    def link_now(self, who: str, at: int, which: int, tenant: str) -> None:
        """Have the rules decide about a login method once more."""

        async def work(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            if mine is None:
                return "nobody"
            user = await linking.create_primary_user_id_or_link_accounts(tenant, session.get_recipe_user_id(), session)
            return "linked" if user.id != mine.id else "primary" if user.is_primary_user else "as before"

        self.on_own_route("link now", who, at, which, work)

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH, mailbox=MAILBOX, by_mail=st.booleans())
    def change_address(self, who: str, at: int, which: int, mailbox: str, by_mail: bool) -> None:
        """Give a login method another address: at once, if the rules allow that, or when a link is followed."""
        email = self.address_for(self.person(who), mailbox, which)

        async def work(session: SessionContainer) -> str:
            login_id = session.get_recipe_user_id()
            if by_mail:
                asked = await verification.request_email_change(session, email)
                return f"by mail: {asked.status}"
            if not await linking.is_email_change_allowed(login_id, email, is_verified=False, session=session):
                return "not allowed"
            changed = await passwords.update_email_or_password(login_id, email)
            return changed.status

        self.on_own_route("change address", who, at, which, work)

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH, tenant=TENANT, join=st.booleans())
    def tenant(self, who: str, at: int, which: int, tenant: str, join: bool) -> None:
        """Join a tenant with a login method, or leave it."""

        async def work(session: SessionContainer) -> str:
            login_id = session.get_recipe_user_id()
            change = tenants.associate_user_to_tenant if join else tenants.disassociate_user_from_tenant
            return f"{join} {(await change(tenant, login_id)).status}"

        self.on_own_route("tenant", who, at, which, work)

    @precondition(lambda self: self.anybody_has_a_jar())
    @rule(who=PEOPLE, at=APPS, which=WHICH, whole=st.booleans())
    def delete_own(self, who: str, at: int, which: int, whole: bool) -> None:
        """Delete somebody's account, or the one login method of a session."""

        async def work(session: SessionContainer) -> str:
            chosen = session.get_user_id() if whole else session.get_recipe_user_id().get_as_string()
            await delete_user(chosen, remove_all_linked_accounts=whole)
            return "deleted"

        self.on_own_route("delete own", who, at, which, work)

    def on_own_route(
        self, name: str, who: str, at: int, which: int, work: Callable[[SessionContainer], Awaitable[str]]
    ) -> None:
        """Ask for a route of the application's own, with a session."""
        person = self.person(who)
        jar = person.chosen_jar(which)
        if jar is not None:
            self.world.note(f"{name}: {self.world.route(person, at, jar, work)}")

    @rule(minutes=st.sampled_from([1, 1, 1, 61, 25 * 60]))
    def time_passes(self, minutes: int) -> None:
        """Let access tokens end, or links."""
        self.world.clock.now_ms += minutes * MINUTE_MS

    # What has to hold.

    def anybody_has_a_jar(self) -> bool:
        """Return whether anybody has signed in."""
        return any(person.jars for person in self.world.people.values())

    def anybody_has(self, kind: str) -> bool:
        """Return whether anybody has such a mail."""
        return any(mail.kind == kind for person in self.world.people.values() for mail in person.mails)

    @invariant()
    def nobody_is_in_anothers_account(self) -> None:
        """
        All login methods of a user are of one person, and so are the sessions; an address is verified for its holder.

        So an attacker has no login method in, and no session of, an account of which an honest person holds a verified
        address or a login method; nor an honest person one in the attacker's.
        """
        users = self.world.users()
        holders: dict[str, str] = {}
        of_methods = owners_of(users)
        for user in users:
            held_by = {self.world.holder_of(method) for method in user.login_methods}
            assert len(held_by) == 1, f"one account, login methods of {sorted(held_by)}: {user}"
            (holders[user.id],) = held_by
            for method in user.login_methods:
                if method.verified and method.email is not None:
                    holder = self.world.holder_of_address(method.email)
                    assert held_by == {holder}, f"verified for {held_by}, and {holder} reads the mail: {user}"
        for person in self.world.people.values():
            for handle in list(person.alive):
                found = self.world.session_of(handle)
                if found is None:
                    person.alive.remove(handle)
                    continue
                user_id, login_id = found
                of_method = of_methods.get(login_id)
                assert of_method is not None, f"a session of {person.name} with a login method that is gone"
                assert of_method.id == user_id, f"a session of {person.name} for a user who is another by now"
                assert holders[user_id] == person.name, f"{person.name} has a session of {holders[user_id]}"

    @invariant()
    def one_primary_user_for_each_address(self) -> None:
        """In no tenant have two primary users one address; a user with several login methods is a primary one."""
        assert not list(faults_of(self.world.users()))

    def reservations_are_those_of_primary_users(self) -> None:
        """Whoever is no primary user may become one where no primary user has the address in the tenant."""
        users = self.world.users()
        taken = {each for user in users for each in reserved_by(user)}
        for user in users:
            if user.is_primary_user:
                continue
            (method,) = user.login_methods
            said = self.world.runner.run(self.can_be_primary(method.recipe_user_id.get_as_string()))
            free = all((tenant_id, method.email) not in taken for tenant_id in method.tenant_ids)
            assert said is free, f"may become a primary user: {said}, and {free} by what others have: {user}"

    async def can_be_primary(self, login_id: str) -> bool:
        """Ask whether a login method's user may become a primary one."""
        from authweave.recipe.accountlinking import AccountLinkingRecipe
        from authweave.types import RecipeUserId

        functions = self.world.apps[1].recipe(AccountLinkingRecipe).functions
        said = await functions.can_create_primary_user(RecipeUserId(login_id), {})
        return isinstance(said, CanCreatePrimaryUserOkResult)
