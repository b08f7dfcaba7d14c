"""
The machine of `test_account_takeover`: honest people and an attacker, who use two applications in any order.

What has to hold after each step is in `Takeover.nobody_is_in_anothers_account` and the invariants beside it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from authweave.asyncio import delete_user, get_user
from authweave.recipe.accountlinking import asyncio as linking
from authweave.recipe.accountlinking.interfaces import (
    CanCreatePrimaryUserOkResult,
)
from authweave.recipe.emailpassword import asyncio as passwords
from authweave.recipe.emailverification import asyncio as verification
from authweave.recipe.multitenancy import asyncio as tenants
from authweave.recipe.session import SessionContainer
from authweave.types import JSON, JSONObject, User
from tests.linked_accounts import faults_of, owners_of, reserved_by
from tests.property.account_people import ATTACKER, HONEST, Person
from tests.property.account_world import PROVIDERS, TENANTS, World

Spelling: TypeAlias = Callable[[str], str]

SPELLINGS: Final[st.SearchStrategy[Spelling]] = st.sampled_from([str, str, str.upper, " {} ".format])
MINUTES: Final = (1, 1, 1, 61, 25 * 60)
MINUTE_MS: Final = 60_000


@attrs.frozen
class Move:
    """
    What somebody does next.

    Attributes:
        kind: a method of the machine.
        who: who does it.
        at: at which of the two applications.
        mailbox: whose address the attacker types; honest people type their own.
        which: chooses among what there is: tokens, mails, login methods.
        other: the same, for a second choice.
        flag: one of two ways to do it.
        spell: how an address is typed.
    """

    kind: str
    who: str
    at: int
    tenant: str
    mailbox: str
    which: int
    other: int
    flag: bool
    spell: Spelling = attrs.field(repr=False)


WEIGHTS: Final = {
    "sign_up": 4,
    "sign_in": 4,
    "provided": 5,
    "verify_own": 3,
    "ask_for_verification": 1,
    "follow_verification": 2,
    "look_whether_verified": 2,
    "refresh": 1,
    "forget_password": 2,
    "reset_password": 3,
    "recover": 2,
    "link_own": 2,
    "unlink_own": 1,
    "link_now": 1,
    "change_address": 4,
    "change_tenant": 2,
    "delete_own": 1,
    "time_passes": 1,
}
"""How often each move is made, beside the others."""


def moves_of(
    people: Sequence[str], mailboxes: Sequence[str], tenants: Sequence[str], weights: Mapping[str, int] = WEIGHTS
) -> st.SearchStrategy[Move]:
    """Return the moves of some people; what is named twice comes twice as often."""
    return st.builds(
        Move,
        kind=st.sampled_from([kind for kind, weight in weights.items() for _ in range(weight)]),
        who=st.sampled_from(people),
        at=st.integers(0, 1),
        tenant=st.sampled_from(tenants),
        mailbox=st.sampled_from(mailboxes),
        which=st.integers(0, 11),
        other=st.integers(0, 11),
        flag=st.booleans(),
        spell=SPELLINGS,
    )


MOVES: Final = moves_of(
    [ATTACKER, ATTACKER, ATTACKER, "ada", "ada", "bob"],
    ["ada", "ada", "ada", "countess", "bob", "mallory", "mallory", "malice"],
    ["public", "public", "public", "t1"],
)


class Takeover(RuleBasedStateMachine):
    """
    Honest people use their own addresses, the attacker any; each signs in with own passwords and identities alone.

    The applications link by themselves where an address is verified, and have routes for what frontends have no API
    of: linking and unlinking one's own login methods, another address, membership in tenants, the end of an account.
    """

    world: World
    moves: st.SearchStrategy[Move] = MOVES

    @initialize(linking=st.sampled_from([TENANTS, TENANTS, TENANTS, ("public",), ("t1",)]), seed=st.integers(0, 255))
    def begin(self, linking: tuple[str, ...], seed: int) -> None:
        """Begin with nobody; which of those who joined at once has the lower id, is the seed's to say."""
        self.world.begin(frozenset(linking), seed)

    @override
    def teardown(self) -> None:
        """In the end the store reserves what the rules say, no more and no less."""
        if self.world.people:
            try:
                self.reservations_are_those_of_primary_users()
            finally:
                self.world.end()

    @rule(move=st.runner().flatmap(lambda machine: machine.moves))
    def somebody(self, move: Move) -> None:
        """Let somebody do something."""
        self.make(move)

    def make(self, move: Move) -> None:
        """Make a move; who would need a session and has none signs in at the provider."""
        person = self.world.people[move.who]
        getattr(self, move.kind)(person, move)

    # Choosing.

    def address_for(self, person: Person, move: Move) -> str:
        """Return an address that somebody may type: honest people their own, the attacker anybody's."""
        own = HONEST.get(person.name)
        return self.world.address(move.mailbox if own is None else own[move.which % len(own)])

    # What frontends do.

    def sign(self, person: Person, move: Move, tenant: str, path: str, body: dict[str, JSON], email: str) -> None:
        """Sign up or in, with the session of another login method or without."""
        jar = person.chosen_jar(move.other) if move.other % 3 == 0 else None
        if jar is not None:
            body["shouldTryLinkingWithSessionUser"] = True
        before = self.world.users_with(tenant, email)
        said = self.world.ask(person, move.at, "post", f"/auth/{tenant}{path}", body, jar)
        if said.status == "OK" and jar is None:
            is_new = path == "/signup" or said.body.get("createdNewRecipeUser") is True
            self.nobody_unproven_beside_others(person, tenant, before, is_new=is_new)

    def nobody_unproven_beside_others(
        self, person: Person, tenant: str, before: Sequence[User], *, is_new: bool
    ) -> None:
        """
        Whoever has signed in with an address that was not verified was alone with it, where verification is asked for.

        A sign-up is let through beside others who all have verified it, if none of them is a primary user (3.4, 3.5).
        """
        found = self.world.session_of(person.jars[-1].handle)
        if found is None or tenant not in self.world.linking_tenants:
            return
        user_id, login_id = found
        user = self.world.stores[0].find_user(login_id)
        assert user is not None
        if user.is_primary_user or user.login_methods[0].verified:
            return
        others = [other for other in before if other.id != user_id]
        assert not any(other.is_primary_user for other in others), f"{user}, beside {others}"
        assert is_new or not others, f"{user}, beside {others}"

    def with_password(self, person: Person, move: Move, tenant: str, email: str, path: str) -> None:
        """Sign up or in with a password."""
        fields: JSON = [{"id": "email", "value": move.spell(email)}, {"id": "password", "value": person.password}]
        self.sign(person, move, tenant, path, {"formFields": fields}, email)

    def sign_up(self, person: Person, move: Move) -> None:
        """Sign up with a password."""
        email = self.address_for(person, move)
        person.accounts.append((move.tenant, email))
        self.with_password(person, move, move.tenant, email, "/signup")

    def sign_in(self, person: Person, move: Move) -> None:
        """Sign in with a password, in the tenant of the sign-up as a rule, with the address that it has by now."""
        if not person.accounts:
            self.sign_up(person, move)
            return
        tenant, email = person.accounts[-1 - move.which % len(person.accounts)]
        self.with_password(person, move, move.tenant if move.flag else tenant, email, "/signin")

    def provided(self, person: Person, move: Move) -> None:
        """Sign in with a provider, which may say another address than the last time."""
        email = self.address_for(person, move)
        name = PROVIDERS[move.which % 3 == 0]
        verified = name == "vouching" and self.world.holder_of_address(email) == person.name
        tokens: JSON = {"sub": f"{person.name}|{move.which % 2}", "email": email, "verified": verified}
        body: dict[str, JSON] = {"thirdPartyId": name, "oAuthTokens": tokens}
        self.sign(person, move, move.tenant, "/signinup", body, email)

    def with_jar(self, person: Person, move: Move, method: str, path: str, *, refresh: bool = False) -> None:
        """Make a request with a session."""
        jar = person.chosen_jar(move.which)
        if jar is None:
            self.provided(person, move)
        else:
            self.world.ask(person, move.at, method, path, None, jar, refresh=refresh)

    def ask_for_verification(self, person: Person, move: Move) -> None:
        """Have a link mailed that verifies the address of a session's login method."""
        self.with_jar(person, move, "post", "/auth/user/email/verify/token")

    def look_whether_verified(self, person: Person, move: Move) -> None:
        """Ask whether it is verified: a session that linking has ended may get a successor."""
        self.with_jar(person, move, "get", "/auth/user/email/verify")

    def refresh(self, person: Person, move: Move) -> None:
        """Refresh a session."""
        self.with_jar(person, move, "post", "/auth/session/refresh", refresh=True)

    def verify_own(self, person: Person, move: Move) -> None:
        """Have a link mailed, and follow it if it is one's own."""
        self.ask_for_verification(person, move)
        self.follow_verification(person, attrs.evolve(move, which=0))

    def follow_verification(self, person: Person, move: Move) -> None:
        """Follow a link that verifies an address, or changes one, in a browser with a session or without one."""
        mail = person.chosen_mail("verify", move.which)
        if mail is not None:
            jar = person.chosen_jar(move.other) if move.flag else None
            body: JSONObject = {"method": "token", "token": mail.token}
            self.world.ask(person, move.at, "post", f"/auth/{mail.tenant_id}/user/email/verify", body, jar)

    def forget_password(self, person: Person, move: Move) -> None:
        """Have a link mailed that resets a password."""
        fields: JSON = [{"id": "email", "value": self.address_for(person, move)}]
        path = f"/auth/{move.tenant}/user/password/reset/token"
        self.world.ask(person, move.at, "post", path, {"formFields": fields})

    def reset_password(self, person: Person, move: Move) -> None:
        """Follow a link that resets a password."""
        mail = person.chosen_mail("reset", move.which)
        if mail is not None:
            fields: JSON = [{"id": "password", "value": person.password}]
            body: JSONObject = {"method": "token", "token": mail.token, "formFields": fields}
            self.world.ask(person, move.at, "post", f"/auth/{mail.tenant_id}/user/password/reset", body)

    def recover(self, person: Person, move: Move) -> None:
        """Have a link mailed that resets a password, and follow the newest one."""
        self.forget_password(person, move)
        self.reset_password(person, attrs.evolve(move, which=0))

    def time_passes(self, _person: Person, move: Move) -> None:
        """Let access tokens end, or links."""
        self.world.clock.now_ms += MINUTES[move.which % len(MINUTES)] * MINUTE_MS

    # What the application's own routes do, for who is signed in.

    def own_route(self, person: Person, move: Move, work: Callable[[SessionContainer], Awaitable[str]]) -> None:
        """Ask for a route of the application's own, with a session."""
        jar = person.chosen_jar(move.which)
        if jar is None:
            self.provided(person, move)
        else:
            self.world.note(f"{move.kind}: {self.world.route(person, move.at, jar, work)}")

    def link_own(self, person: Person, move: Move) -> None:
        """Link two accounts that somebody is signed in to, if all addresses are verified."""
        jar, second = person.chosen_jar(move.which), person.chosen_jar(move.other)
        if jar is None or second is None:
            self.provided(person, move)
            return

        async def first(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            if mine is None or not all(method.verified for method in mine.login_methods):
                return "not verified"
            made = await linking.create_primary_user(session.get_recipe_user_id())
            linked_too = "RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR"
            return f"primary {mine.id}" if made.status in {"OK", linked_too} else made.status

        said = self.world.route(person, move.at, jar, first)
        if not said.startswith("primary "):
            self.world.note(f"link_own: {said}")
            return
        primary_id = said.removeprefix("primary ")

        async def then(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            if mine is None or not all(method.verified for method in mine.login_methods):
                return "the other is not verified"
            linked = await linking.link_accounts(session.get_recipe_user_id(), primary_id)
            return f"linked: {linked.status}"

        self.world.note(f"link_own: {self.world.route(person, move.at, second, then)}")

    def unlink_own(self, person: Person, move: Move) -> None:
        """Unlink one of somebody's login methods."""

        async def work(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            if mine is None:
                return "nobody"
            method = mine.login_methods[move.other % len(mine.login_methods)]
            unlinked = await linking.unlink_account(method.recipe_user_id)
            return f"{unlinked.status} {unlinked.was_linked} {unlinked.was_recipe_user_deleted}"

        self.own_route(person, move, work)

    def link_now(self, person: Person, move: Move) -> None:
        """Have the rules decide about a login method once more."""

        async def work(session: SessionContainer) -> str:
            mine = await get_user(session.get_user_id())
            if mine is None:
                return "nobody"
            login_id = session.get_recipe_user_id()
            user = await linking.create_primary_user_id_or_link_accounts(move.tenant, login_id, session)
            return "linked" if user.id != mine.id else "primary" if user.is_primary_user else "as before"

        self.own_route(person, move, work)

    def change_address(self, person: Person, move: Move) -> None:
        """Give a login method another address: at once, if the rules allow that, or when a link is followed."""
        email = self.address_for(person, move)

        async def work(session: SessionContainer) -> str:
            login_id, tenant = session.get_recipe_user_id(), session.get_tenant_id()
            if move.flag:
                return f"by mail: {(await verification.request_email_change(session, email)).status}"
            if not await linking.is_email_change_allowed(login_id, email, is_verified=False, session=session):
                return "not allowed"
            before = self.world.email_of(login_id)
            changed = await passwords.update_email_or_password(login_id, email)
            if changed.status == "OK":
                person.accounts.append((tenant, email))
                if tenant in self.world.linking_tenants and before != email:
                    with_it = self.world.users_with(tenant, email)
                    others = [each for each in with_it if each.is_primary_user and each.id != session.get_user_id()]
                    assert not others, f"{session.get_user_id()} has taken an address of {others}"
            return changed.status

        self.own_route(person, move, work)

    def change_tenant(self, person: Person, move: Move) -> None:
        """Join a tenant with a login method, or leave it."""

        async def work(session: SessionContainer) -> str:
            login_id = session.get_recipe_user_id()
            if move.other % 3:
                return f"join {(await tenants.associate_user_to_tenant(move.tenant, login_id)).status}"
            return f"leave {(await tenants.disassociate_user_from_tenant(move.tenant, login_id)).status}"

        self.own_route(person, move, work)

    def delete_own(self, person: Person, move: Move) -> None:
        """Delete somebody's account, or the one login method of a session."""

        async def work(session: SessionContainer) -> str:
            chosen = session.get_user_id() if move.flag else session.get_recipe_user_id().get_as_string()
            await delete_user(chosen, remove_all_linked_accounts=move.flag)
            return "deleted"

        self.own_route(person, move, work)

    # What has to hold.

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
            for handle in sorted(person.alive):
                found = self.world.session_of(handle)
                if found is None:
                    person.alive.remove(handle)
                    continue
                user_id, login_id = found
                of_method = of_methods.get(login_id)  # None: deleted alone, and its sessions stay the user's (13)
                now = user_id if of_method is None else of_method.id
                assert now == user_id, f"a session of {person.name} for a user who is another by now"
                assert holders[user_id] == person.name, f"{person.name} has a session of {holders[user_id]}"

    @invariant()
    def one_primary_user_for_each_address(self) -> None:
        """In no tenant have two primary users one address; a user with several login methods is a primary one."""
        assert not list(faults_of(self.world.users()))

    @invariant()
    def what_is_linked_is_verified(self) -> None:
        """Of a login method that was just linked the address is verified, by whichever way it was linked."""
        for user, login_id in self.world.linked:
            (method,) = [each for each in user.login_methods if each.recipe_user_id == login_id]
            assert method.verified, f"linked, and not verified: {method} in {user}"
        self.world.linked.clear()

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
