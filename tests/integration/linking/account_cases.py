"""Every combination of what tables 3.4 to 3.7 ask, through the public functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

import attrs

from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking.asyncio import (
    create_primary_user_id_or_link_accounts,
    is_email_change_allowed,
    is_sign_in_allowed,
    is_sign_up_allowed,
)
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeId
from authweave.types import RecipeUserId, ThirdPartyInfo
from tests.property.account_world import World

from . import expected
from .expected import Account, Method
from .scenes import SAID, Said, Scene

Compared: TypeAlias = tuple[object, object]
"""What the contract says, and what the library does."""

Case: TypeAlias = Callable[[World], Compared]

V: Final = Account((Method(verified=True),))
U: Final = Account((Method(verified=False),))
PRIMARIES: Final = (
    Account((Method(verified=True),), primary=True),
    Account((Method(verified=False),), primary=True),
    Account((Method(verified=True, same=False), Method(verified=True)), primary=True),
    Account((Method(verified=True, same=False), Method(verified=False)), primary=True),
)
COMPANIES: Final[tuple[tuple[Account, ...], ...]] = ((), (V,), (U,), (V, V), (V, U), (U, V), (U, U))


def named(users: Sequence[Account], prefix: str = "o") -> list[Account]:
    """Tell accounts from one another."""
    return [attrs.evolve(user, name=f"{prefix}{number}") for number, user in enumerate(users)]


def add(scene: Scene, user: Account, email: str, tenant: str = "public") -> str:
    """Put a user into the store; return the id."""
    ids: list[str] = []
    for number, method in enumerate(user.methods):
        address = email if method.same else scene.email(f"{user.name}-{number}")
        make = scene.password if method.is_password else scene.identity
        ids.append(make(address, verified=method.verified, tenant=tenant))
    return scene.primary(ids[0], *ids[1:]) if user.primary else ids[0]


def with_password(user: Account, which: int = 0) -> Account:
    """Return a user one of whose login methods has a password."""
    methods = [attrs.evolve(method, is_password=number == which) for number, method in enumerate(user.methods)]
    return attrs.evolve(user, methods=tuple(methods))


def other_than(said: Said) -> Said:
    """Return another answer, for a question that is not to be asked."""
    return "no" if said == "nov" else "nov"


def sign_up_cases() -> Iterator[Case]:
    """3.4."""
    companies = [*COMPANIES, *((primary, *more) for primary in PRIMARIES for more in ((), (V,), (U,)))]
    for company, said, verified, who in product(companies, SAID, (False, True), ("nobody", 0, 1, "a stranger")):
        users = named(company)
        if isinstance(who, int) and who >= len(users):
            continue
        yield sign_up_case(users, said, who, verified=verified)


def sign_up_case(users: Sequence[Account], said: Said, who: str | int, *, verified: bool) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        has_primary = expected.primary_of(users) is not None
        scene = Scene(
            world,
            alone=other_than(said) if has_primary else said,
            together=said if has_primary else other_than(said),
        )
        ids = [add(scene, user, scene.email()) for user in users]
        stranger = scene.identity(scene.email("stranger"))
        session = scene.session({"nobody": None, "a stranger": stranger}[who] if isinstance(who, str) else ids[who])
        new = AccountInfoWithRecipeId("emailpassword", email=scene.email())
        found = scene.run(lambda: is_sign_up_allowed("public", new, verified, session))
        wanted = expected.sign_up_allowed(
            users, said, verified=verified, of_session=users[who] if isinstance(who, int) else None
        )
        return (wanted, [(has_primary, "")] if users else []), (found, scene.asked)

    return case


def identity_cases() -> Iterator[Case]:
    """3.4, where what is shared is the identity at a provider, and not the address."""
    for verified_there, primary, said, verified in product((False, True), (False, True), SAID, (False, True)):
        user = Account((Method(verified=verified_there, same=False),), primary=primary, name="o0")
        yield identity_case(user, said, verified=verified)


def identity_case(user: Account, said: Said, *, verified: bool) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        scene = Scene(world, alone=said, together=said)
        subject = f"s{scene.number}"
        login_id = scene.identity(scene.email("other"), verified=user.methods[0].verified, subject=subject)
        if user.primary:
            scene.primary(login_id)
        new = AccountInfoWithRecipeId(
            "thirdparty", email=scene.email(), third_party=ThirdPartyInfo(subject, "vouching")
        )
        found = scene.run(lambda: is_sign_up_allowed("public", new, verified, None))
        return expected.sign_up_allowed([user], said, verified=verified, of_session=None), found

    return case


def sign_in_cases() -> Iterator[Case]:
    """3.5."""
    mine = [with_password(V), with_password(U), *(with_password(each, len(each.methods) - 1) for each in PRIMARIES)]
    companies = [(), (V,), (U,), (V, U), *((primary, *more) for primary in PRIMARIES for more in ((), (V,)))]
    for user, company, said, verifies, who in product(
        mine, companies, SAID, (False, True), ("nobody", "self", "first")
    ):
        others = named(company)
        if (user.primary and expected.primary_of(others)) or (who == "first" and not others):
            continue
        yield sign_in_case(attrs.evolve(user, name="self"), others, said, who, verifies=verifies)


def sign_in_case(user: Account, others: Sequence[Account], said: Said, who: str, *, verifies: bool) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        has_primary = expected.primary_of(others) is not None
        scene = Scene(
            world,
            alone=other_than(said) if has_primary else said,
            together=said if has_primary else other_than(said),
        )
        login_id = add(scene, user, scene.email())
        ids = [add(scene, other, scene.email()) for other in others]
        session = scene.session({"nobody": None, "self": login_id, "first": ids[0] if ids else None}[who])
        of_session = {"nobody": None, "self": user, "first": others[0] if others else None}[who]
        wanted = expected.sign_in_allowed(user, others, said, sign_in_verifies=verifies, of_session=of_session)
        if not verifies:
            return wanted, scene.run(lambda: is_sign_in_allowed("public", RecipeUserId(login_id), session))
        linking = world.apps[0].recipe(AccountLinkingRecipe).linking
        as_stored = scene.user(login_id)
        found = scene.run(
            lambda: linking.is_sign_in_allowed(
                as_stored,
                as_stored.login_methods[0],
                sign_in_verifies=True,
                session=session,
                tenant_id="public",
                user_context={},
            )
        )
        return wanted, found

    return case


NEW_ADDRESSES: Final = ("new", "current", "of another method", "of another method, verified")


def email_change_cases() -> Iterator[Case]:
    """3.6: in one tenant, and in two of which the second has others."""
    companies: tuple[tuple[Account, ...], ...] = ((), (V,), (U,), PRIMARIES[:1], PRIMARIES[1:2], (PRIMARIES[0], U))
    for primary, address, verified, said, first, second in product(
        (False, True), NEW_ADDRESSES, (False, True), SAID, companies, (None, *companies)
    ):
        if not primary and address.startswith("of another"):
            continue
        if primary and address != "new" and any(expected.primary_of(each or ()) for each in (first, second)):
            continue  # the store reserves it
        yield email_change_case(
            address,
            said,
            [named(first), *([] if second is None else [named(second)])],
            primary=primary,
            verified=verified,
        )


def email_change_case(
    address: str, said: Said, companies: Sequence[Sequence[Account]], *, primary: bool, verified: bool
) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        scene = Scene(world, alone=other_than(said), together=said)
        new = scene.email("new")
        login_id = scene.password(new if address == "current" else scene.email("old"))
        methods = [Method(verified=False, same=address == "current", is_password=True)]
        if primary:
            others: list[str] = []
            if address.startswith("of another"):
                others = [scene.identity(new, verified=address.endswith("verified"))]
                methods.append(Method(verified=address.endswith("verified")))
            scene.primary(login_id, *others)
        user = Account(tuple(methods), primary=primary, name="self")
        for tenant, company in zip(("public", "t1"), companies, strict=False):
            if tenant != "public":
                world.stores[0].add_to_tenant(login_id, tenant)
            for other in company:
                add(scene, other, new, tenant)
        wanted = expected.email_change(user, companies, said, verified=verified, is_current=address == "current")
        linking = world.apps[0].recipe(AccountLinkingRecipe).linking
        as_stored = scene.user(login_id)
        reason = scene.run(
            lambda: linking.email_change(
                as_stored,
                next(each for each in as_stored.login_methods if each.recipe_user_id.get_as_string() == login_id),
                new,
                is_verified=verified,
                session=None,
                user_context={},
            )
        )
        allowed = scene.run(lambda: is_email_change_allowed(RecipeUserId(login_id), new, verified))
        return (wanted, wanted == "OK"), (reason, allowed)

    return case


def linking_cases() -> Iterator[Case]:
    """3.7."""
    for verified, primary, password in product((False, True), (False, True), (False, True)):
        new = Account((Method(verified=verified, is_password=password),), primary=primary, name="self")
        companies = [
            *((company, older) for company in COMPANIES for older in ((False, True) if company else (False,))),
            *(((each, *more), False) for each in PRIMARIES for more in ((), (V,), (U,)) if not primary),
        ]
        for (company, older), of_other, of_self, together in product(companies, SAID, SAID, SAID):
            if (primary or expected.primary_of(company)) and (of_other, of_self) != ("nov", "nov"):
                continue  # not asked
            yield linking_case(new, named(company), (of_other, of_self, together), older=older)


def linking_case(new: Account, others: Sequence[Account], said: tuple[Said, Said, Said], *, older: bool) -> Case:
    """Make one. The new account is the younger one or the older one."""

    def case(world: World) -> Compared:
        of_other, of_self, together = said
        scene = Scene(world, alone=of_other, together=together)
        ids: dict[str, str] = {}
        if older:
            ids["self"] = add(scene, new, scene.email())
        for other in others:
            ids[other.name] = add(scene, other, scene.email())
        if not older:
            ids["self"] = add(scene, new, scene.email())
        scene.alone_of[ids["self"]] = of_self
        wanted = expected.linked_by_account(new, others, of_other=of_other, of_self=of_self, together=together)
        user = scene.run(lambda: create_primary_user_id_or_link_accounts("public", RecipeUserId(ids["self"])))
        names = {login_id: name for name, login_id in ids.items()}
        found = expected.Linked(
            names[scene.user(ids["self"]).id],
            frozenset(name for name, login_id in ids.items() if scene.user(login_id).is_primary_user)
            - ({"self"} if scene.user(ids["self"]).id != ids["self"] else set()),
            tuple((is_named, names[login_id]) for is_named, login_id in scene.asked),
        )
        assert user == scene.user(ids["self"])
        return wanted, found

    return case


TABLES: Final[Mapping[str, Callable[[], Iterator[Case]]]] = {
    "3.4 sign-up": sign_up_cases,
    "3.4 sign-up by identity": identity_cases,
    "3.5 sign-in": sign_in_cases,
    "3.6 another address": email_change_cases,
    "3.7 linking": linking_cases,
}
