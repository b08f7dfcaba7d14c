"""Every combination of what tables 2.2 to 2.7 and 3.8 ask, over the HTTP APIs, with a session and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal, TypeAlias

import attrs

from authweave.types import JSON, JSONObject
from tests.property.account_people import Jar, Person
from tests.property.account_world import Said as Answered
from tests.property.account_world import World

from . import expected
from .account_cases import COMPANIES, PRIMARIES, Case, Compared, U, V, add, named
from .expected import Account, Method
from .scenes import PASSWORD, SAID, Said, Scene

API: TypeAlias = Literal["password up", "password in", "provided, new", "provided, known"]

REFUSED: Final[Mapping[API, str]] = {
    "password up": "ERR_CODE_007",
    "password in": "ERR_CODE_008",
    "provided, new": "ERR_CODE_006",
    "provided, known": "ERR_CODE_004",
}
FIRST_CODES: Final[Mapping[API, int]] = {
    "password in": 9,
    "password up": 13,
    "provided, new": 20,
    "provided, known": 20,
}
"""Of the four reasons why linking failed (2.6): verification, linked elsewhere, taken, the session's user taken."""

BAD_LINK: Final = "shouldDoAutomaticAccountLinking returned false"


@attrs.frozen
class Asking:
    """
    A request.

    Attributes:
        mine: the account that signs in; before a sign-up there is none.
        vouched: whether the sign-in itself shows that the address is its user's.
    """

    api: API
    mine: Account | None
    vouched: bool = False

    @property
    def is_new(self) -> bool:
        """Whether there is no such account yet."""
        return self.mine is None

    @property
    def verified(self) -> bool:
        """Whether the address is known to be the user's once this has succeeded."""
        return self.vouched or (self.mine is not None and self.mine.methods[0].verified)


def send(scene: Scene, asking: Asking, login_id: str, jar: Jar | None, *, flag: bool | None = None) -> Answered:
    """Make the request; without a word of the flag, it is true where there is a session."""
    says = jar is not None if flag is None else flag
    body: dict[str, JSON] = {"shouldTryLinkingWithSessionUser": True} if says else {}
    world, person = scene.world, Person("somebody")
    world.people["somebody"] = person
    if asking.api in {"password up", "password in"}:
        body["formFields"] = [{"id": "email", "value": scene.email()}, {"id": "password", "value": PASSWORD}]
        path = "/auth/signup" if asking.api == "password up" else "/auth/signin"
    else:
        subject = login_id or f"new-{scene.number}"
        body["thirdPartyId"] = "vouching"
        body["oAuthTokens"] = {"sub": subject, "email": scene.email(), "verified": asking.vouched}
        path = "/auth/signinup"
    return world.ask(person, 0, "post", path, body, jar)


def outcome(said: Answered) -> str:
    """Return what an answer says, in a word."""
    reason = str(said.body.get("reason", ""))
    if code := re.search(r"ERR_CODE_\d+", reason):
        return code[0]
    if said.status_code == 400:
        message = str(said.body.get("message", ""))
        return "400 link" if message.startswith(BAD_LINK) else f"400 {message}"
    if said.status_code == 403:
        return "403 st-ev" if "st-ev" in str(said.body) else f"403 {said.body}"
    if said.status == "FIELD_ERROR":
        return "exists"
    return said.status


def add_mine(scene: Scene, asking: Asking) -> str:
    """Put the account that signs in into the store; return the login method's id."""
    if asking.mine is None:
        return ""
    ids: list[str] = []
    for number, method in enumerate(asking.mine.methods):
        make = scene.password if asking.api == "password in" and method.same else scene.identity
        address = scene.email() if method.same else scene.email(f"mine-{number}")
        ids.append(make(address, verified=method.verified))
    if asking.mine.primary:
        first = [each for each, method in zip(ids, asking.mine.methods, strict=True) if not method.same]
        first += [each for each, method in zip(ids, asking.mine.methods, strict=True) if method.same]
        scene.primary(first[0], *first[1:])
    return next(each for each, method in zip(ids, asking.mine.methods, strict=True) if method.same)


def askings() -> Iterator[Asking]:
    """Return the requests."""
    elsewhere = Account((Method(verified=False), Method(verified=True, same=False)), primary=True)
    known = (V, U, PRIMARIES[0], PRIMARIES[1], elsewhere)
    yield Asking("password up", None)
    yield from (Asking("password in", each) for each in known)
    yield from (Asking("provided, new", None, vouched) for vouched in (False, True))
    yield from (Asking("provided, known", each, vouched) for each in known for vouched in (False, True))


def first_factor_cases() -> Iterator[Case]:
    """Without a session: 3.4 or 3.5, and then 3.7."""
    companies = [*COMPANIES, *((each, *more) for each in PRIMARIES for more in ((), (U,)))]
    for asking, company, of_other, of_self, together in product(askings(), companies, SAID, SAID, SAID):
        if asking.mine is not None and asking.mine.primary and expected.primary_of(company):
            continue
        if expected.primary_of(company) and (of_other, of_self) != ("nov", "nov"):
            continue  # not asked
        yield first_factor_case(asking, named(company), (of_other, of_self, together))


def first_factor_case(asking: Asking, others: Sequence[Account], said: tuple[Said, Said, Said]) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        of_other, of_self, together = said
        scene = Scene(world, alone=of_self, together=together)
        ids = {other.name: add(scene, other, scene.email()) for other in others}
        scene.alone_of |= dict.fromkeys(ids.values(), of_other)
        mine = add_mine(scene, asking)
        said_of_new = together if expected.primary_of(others) else of_self
        if asking.mine is None:
            allowed = expected.sign_up_allowed(others, said_of_new, verified=asking.verified, of_session=None)
        else:
            allowed = expected.sign_in_allowed(
                asking.mine, others, said_of_new, sign_in_verifies=asking.verified, of_session=None
            )
        answered = send(scene, asking, mine, None)
        if not allowed:
            return (REFUSED[asking.api], len(others) + (not asking.is_new)), (outcome(answered), count_of(scene))
        new = attrs.evolve(asking.mine or Account((Method(verified=asking.verified),)), name="self")
        if asking.verified and not new.primary:
            new = attrs.evolve(new, methods=(attrs.evolve(new.methods[0], verified=True),))
        linked = expected.linked_by_account(new, others, of_other=of_other, of_self=of_self, together=together)
        if outcome(answered) != "OK":
            return ("OK", linked.user), (outcome(answered), "")
        user_id = user_id_of(answered.body)
        names = {login_id: name for name, login_id in ids.items()}
        return ("OK", linked.user), ("OK", names.get(user_id, "self"))

    return case


def user_id_of(body: JSONObject) -> str:
    """Return whom an answer has signed in."""
    user = body["user"]
    assert isinstance(user, dict)
    return str(user["id"])


def count_of(scene: Scene) -> int:
    """Return how many users there are with the address."""
    from authweave.storage import AccountInfo

    return len(scene.world.stores[0].find_users("public", AccountInfo(email=scene.email()), union=True))


@attrs.frozen
class Holder:
    """
    The user of the session.

    Attributes:
        conflict: whether a primary user has an address of his.
    """

    account: Account
    conflict: bool = False


def holders() -> Iterator[Holder]:
    """Return the users of sessions."""
    for verified, same, primary in product((False, True), (False, True), (False, True)):
        account = Account((Method(verified=verified, same=same),), primary=primary, name="holder")
        yield Holder(account)
        if not primary:
            yield Holder(account, conflict=True)


def second_factor_cases() -> Iterator[Case]:
    """With a session, whose user the account is to be linked to: 2.2, 2.4, 3.8."""
    thirds: tuple[tuple[Account, ...], ...] = ((), (V,), (U,), PRIMARIES[:1], PRIMARIES[1:2])
    for asking, holder, third, of_holder, alone, together in product(askings(), holders(), thirds, SAID, SAID, SAID):
        of_mine = asking.mine is not None and asking.mine.primary
        primaries = [
            of_mine,
            bool(expected.primary_of(third)),
            holder.account.primary and holder.account.methods[0].same,
        ]
        if sum(primaries) > 1 or (holder.conflict and holder.account.methods[0].same and any(primaries)):
            continue  # the store reserves the address for one
        if holder.account.primary and of_holder != "nov":
            continue  # not asked
        yield second_factor_case(asking, holder, named(third), (of_holder, alone, together))


def expected_second_factor(  # noqa: C901, PLR0911  a row each
    asking: Asking, holder: Holder, third: Sequence[Account], said: tuple[Said, Said, Said]
) -> str:
    """Say what comes of it."""
    of_holder, alone, together = said
    user, first = holder.account, FIRST_CODES[asking.api]
    same = user.methods[0].same
    mine = asking.mine
    if not user.primary:
        if of_holder == "no":
            return "400 link"
        if of_holder == "ver" and not user.methods[0].verified:
            return "403 st-ev"
        taken = holder.conflict or (same and (expected.primary_of(third) or (mine is not None and mine.primary)))
        if taken:
            return f"ERR_CODE_{first + 3:03}"
    if together == "no":
        return "400 link"
    primary_holder = attrs.evolve(user, primary=True)
    sharing = [*([primary_holder] if same else []), *third]
    said_of_new = together if expected.primary_of(sharing) else alone
    has_verified = same and user.methods[0].verified
    if mine is None:
        allowed = expected.sign_up_allowed(
            sharing, said_of_new, verified=asking.verified or has_verified, of_session=primary_holder
        )
    else:
        allowed = expected.sign_in_allowed(
            mine, sharing, said_of_new, sign_in_verifies=asking.verified, of_session=primary_holder
        )
    if not allowed:
        return REFUSED[asking.api]
    if together == "ver" and not asking.verified and not has_verified:
        return f"ERR_CODE_{first:03}"
    if mine is not None and mine.primary:
        return f"ERR_CODE_{first + 1:03}"
    if expected.primary_of(third):
        return f"ERR_CODE_{first + 2:03}"
    return "OK"


def second_factor_case(asking: Asking, holder: Holder, third: Sequence[Account], said: tuple[Said, Said, Said]) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        of_holder, alone, together = said
        scene = Scene(world, alone=alone, together=together)
        method = holder.account.methods[0]
        of_session = scene.email() if method.same else scene.email("holder")
        holder_id = scene.identity(of_session, verified=method.verified)
        scene.alone_of[holder_id] = of_holder
        if holder.account.primary:
            scene.primary(holder_id)
        if holder.conflict:
            scene.primary(scene.identity(of_session))
        for other in third:
            add(scene, other, scene.email())
        mine = add_mine(scene, asking)
        before = count_of(scene)
        jar = scene.jar(holder_id)
        wanted = expected_second_factor(asking, holder, third, said)
        answered = send(scene, asking, mine, jar)
        found = outcome(answered)
        if "OK" in {wanted, found} and wanted == found:
            person = world.people["somebody"]
            assert {each.handle for each in person.jars} <= {jar.handle}, "the session is another one"
            return (wanted, holder_id, 2), (found, user_id_of(answered.body), len(scene.user(holder_id).login_methods))
        return (wanted, before), (found, count_of(scene))

    return case


TABLES: Final[Mapping[str, Callable[[], Iterator[Case]]]] = {
    "2.2-2.7 without a session": first_factor_cases,
    "2.2-2.7, 3.8 with a session": second_factor_cases,
}
