"""Every combination of what tables 4.1 and 4.2 ask, over the HTTP APIs; and what is wrong with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qs, urlsplit

import attrs

from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars
from authweave.types import JSON, JSONObject
from tests.property.account_people import Person
from tests.property.account_world import Said as Answered
from tests.property.account_world import World

from . import expected
from .account_cases import COMPANIES, PRIMARIES, Case, Compared, U, V, named, with_password
from .expected import Account, ResetMail
from .scenes import SAID, Said, Scene

NEW_PASSWORD: Final = "correct horse 2"
TOKEN_MS: Final = 3_600_000
"""How long a token is good."""


def companies() -> Iterator[tuple[Account, ...]]:
    """Return those who have the address: with a password one at most."""
    for company in COMPANIES:
        yield company
        for number in range(len(company)):
            yield (*company[:number], with_password(company[number]), *company[number + 1 :])
    for primary in PRIMARIES:
        for more in ((), (V,), (U,)):
            yield (primary, *more)
            yield (with_password(primary, len(primary.methods) - 1), *more)
            if more:
                yield (primary, with_password(more[0]))


def cases() -> Iterator[Case]:
    """4.1, and 4.2 with the token that was mailed."""
    seen: set[tuple[Account, ...]] = set()
    for company in companies():
        if company in seen:
            continue
        seen.add(company)
        for alone, together in product(SAID, SAID):
            yield case_of(named(company), alone, together)


def add_with_names(scene: Scene, users: Sequence[Account]) -> dict[str, str]:
    """Put users into the store; return the names of users, and of logins with passwords, by their ids."""
    names: dict[str, str] = {}
    for user in users:
        ids: list[str] = []
        for number, method in enumerate(user.methods):
            address = scene.email() if method.same else scene.email(f"{user.name}-{number}")
            make = scene.password if method.is_password else scene.identity
            ids.append(make(address, verified=method.verified))
            names[ids[-1]] = f"{user.name}'s password" if method.is_password else f"{user.name}'s identity"
        if user.primary:
            scene.primary(ids[0], *ids[1:])
        names[f"user {ids[0]}"] = user.name
    return names


def ask(scene: Scene, path: str, body: JSONObject) -> Answered:
    """Make a request without a session."""
    person = scene.world.people.setdefault("somebody", Person("somebody"))
    return scene.world.ask(person, 0, "post", path, body)


def case_of(users: Sequence[Account], alone: Said, together: Said) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        scene = Scene(world, alone=alone, together=together)
        names = add_with_names(scene, users)
        world.sent.clear()
        fields: JSON = [{"id": "email", "value": scene.email()}]
        answered = ask(scene, "/auth/user/password/reset/token", {"formFields": fields})
        wanted = expected.reset_mail(users, alone=alone, together=together)
        if not world.sent:
            return (wanted,), (ResetMail(answered.status),)
        (mail,) = world.sent
        assert isinstance(mail, PasswordResetEmailTemplateVars)
        login = mail.user.recipe_user_id
        found = ResetMail(
            answered.status,
            names[f"user {mail.user.id}"],
            None if login is None else names[login.get_as_string()],
        )
        if found != wanted:
            return (wanted,), (found,)
        token = parse_qs(urlsplit(mail.password_reset_link).query)["token"][0]
        status = reset(scene, token, NEW_PASSWORD)
        return (wanted, *after_reset(users, wanted, alone, together)), (found, *stored_after(scene, names, status))

    return case


def after_reset(
    users: Sequence[Account], mail: ResetMail, alone: Said, together: Said
) -> tuple[str, str | None, frozenset[str]]:
    """Say what 4.2 makes of it: the answer, whose the login method is then, and who is primary."""
    holder = next((user for user in users if user.password is not None), None)
    if holder is not None and holder.primary:
        if not holder.has_verified and holder.has_more:
            return "RESET_PASSWORD_INVALID_TOKEN_ERROR", holder.name, primaries_of(users)
        return "OK", holder.name, primaries_of(users)
    new = verified(holder) if holder is not None else Account((expected.Method(verified=True),), name="new")
    others = [user for user in users if user != holder]
    linked = expected.linked_by_account(new, others, of_other=alone, of_self=alone, together=together)
    del mail
    return "OK", linked.user, linked.primaries


def primaries_of(users: Sequence[Account]) -> frozenset[str]:
    """Return who is primary."""
    return frozenset(user.name for user in users if user.primary)


def verified(user: Account) -> Account:
    """Return a user of one login method, who has verified the address."""
    return attrs.evolve(user, methods=(attrs.evolve(user.methods[0], verified=True),))


def stored_after(scene: Scene, names: Mapping[str, str], status: str) -> tuple[str, str | None, frozenset[str]]:
    """Return the same of the store."""
    from authweave.storage import AccountInfo

    found = scene.world.stores[0].find_users("public", AccountInfo(email=scene.email()), union=True)
    owner = next(
        (
            user
            for user in found
            for method in user.login_methods
            if method.recipe_id == "emailpassword" and method.email == scene.email()
        ),
        None,
    )
    if owner is None:
        return status, None, frozenset()
    (login,) = [each for each in owner.login_methods if each.recipe_id == "emailpassword"]
    assert status != "OK" or login.verified, "the reset shows that the mail is read"
    primaries = {names.get(f"user {user.id}", "new") for user in found if user.is_primary_user}
    return status, names.get(f"user {owner.id}", "new"), frozenset(primaries)


Fault: TypeAlias = Literal["empty", "against the policy", "unknown", "used", "expired", "the user is gone"]


def fault_cases() -> Iterator[Case]:
    """4.2, rows 1 to 3: what is wrong with the password, or with the token."""
    faults: tuple[Fault, ...] = ("empty", "against the policy", "unknown", "used", "expired", "the user is gone")
    holders = [with_password(V), with_password(U), *(with_password(each, len(each.methods) - 1) for each in PRIMARIES)]
    users = [*holders, PRIMARIES[0], PRIMARIES[2]]  # the last two have none yet: the mail makes it
    for user, fault, said in product(users, faults, SAID):
        if expected.reset_mail([user], alone=said, together=said).user is not None:
            yield fault_case(attrs.evolve(user, name="o0"), fault, said)


def fault_case(user: Account, fault: Fault, said: Said) -> Case:
    """Make one: what is answered, and what the same token is answered afterwards with a good password."""

    def case(world: World) -> Compared:
        scene = Scene(world, alone=said, together=said)
        add_with_names(scene, [user])
        world.sent.clear()
        fields: JSON = [{"id": "email", "value": scene.email()}]
        ask(scene, "/auth/user/password/reset/token", {"formFields": fields})
        (mail,) = world.sent
        assert isinstance(mail, PasswordResetEmailTemplateVars)
        token = parse_qs(urlsplit(mail.password_reset_link).query)["token"][0]
        if fault == "used":
            assert reset(scene, token, NEW_PASSWORD) == "OK"
        if fault == "expired":
            world.clock.now_ms += TOKEN_MS + 1
        if fault == "the user is gone":
            world.stores[0].delete_user(mail.user.id, now_ms=world.clock())
        password = {"empty": "", "against the policy": "short"}.get(fault, NEW_PASSWORD)
        found = reset(scene, "unknown" if fault == "unknown" else token, password)
        is_field = fault in {"empty", "against the policy"}
        wanted = "FIELD_ERROR" if is_field else "RESET_PASSWORD_INVALID_TOKEN_ERROR"
        later = "OK" if is_field or fault == "unknown" else "RESET_PASSWORD_INVALID_TOKEN_ERROR"
        return (wanted, later), (found, reset(scene, token, NEW_PASSWORD))

    return case


def reset(scene: Scene, token: str, password: str) -> str:
    """Reset a password; return the answer's status."""
    fields: JSON = [{"id": "password", "value": password}]
    return ask(scene, "/auth/user/password/reset", {"method": "token", "token": token, "formFields": fields}).status


TABLES: Final[Mapping[str, Callable[[], Iterator[Case]]]] = {
    "4.1 and 4.2 password reset": cases,
    "4.2, rows 1 to 3": fault_cases,
}
