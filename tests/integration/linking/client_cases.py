"""
What the client says of linking (2.1, 2.2): older clients, those that say nothing, and applications without a callback.

What a client that asks for linking is answered is in `sign_in_cases`; here is what differs from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal, TypeAlias

import attrs

from tests.property.account_people import Jar
from tests.property.account_world import Said as Answered
from tests.property.account_world import World

from . import expected
from .account_cases import PRIMARIES, Case, Compared, U, V, add, named
from .expected import Account, Method
from .scenes import SAID, Said, Scene
from .sign_in_cases import (
    REFUSED,
    Asking,
    Holder,
    add_mine,
    askings,
    expected_second_factor,
    holders,
    outcome,
    send,
    user_id_of,
)

Client: TypeAlias = Literal["older", "silent", "asking"]
"""One of before FDI 3.1, which says nothing of linking; one that does not ask for it; and one that does."""

FDI: Final[Mapping[Client, str]] = {"older": "3.0", "silent": "4.1", "asking": "4.1"}
THIRDS: Final[tuple[tuple[Account, ...], ...]] = ((), (V,), (U,), PRIMARIES[:1], PRIMARIES[1:2])
CONFLICT: Final = Account((Method(verified=False),), primary=True, name="conflict")


@attrs.frozen
class Setting:
    """
    A request with a session, and who else has the address.

    Attributes:
        said: what the callback answers of the session's user, of others, and where somebody is named.
    """

    asking: Asking
    holder: Holder
    third: Sequence[Account]
    said: tuple[Said, Said, Said]

    @property
    def is_possible(self) -> bool:
        """Whether the store lets all of them be: it reserves the address for one."""
        account = self.holder.account
        primaries = [
            self.asking.mine is not None and self.asking.mine.primary,
            bool(expected.primary_of(self.third)),
            account.primary and account.methods[0].same,
        ]
        return sum(primaries) <= 1 and not (self.holder.conflict and account.methods[0].same and any(primaries))

    def sharing(self, *, is_made_primary: bool) -> list[Account]:
        """Return those who have the address, the oldest first, but for who signs in."""
        account = self.holder.account
        if not account.methods[0].same:
            return list(self.third)
        account = attrs.evolve(account, primary=True) if is_made_primary else account
        return [account, *([CONFLICT] if self.holder.conflict else []), *self.third]

    def first_factor(self, *, has_session: bool, is_made_primary: bool) -> tuple[str, str]:
        """Say what comes of it as a first factor: the answer, and who is signed in."""
        of_holder, alone, together = self.said
        others = self.sharing(is_made_primary=is_made_primary)
        mine, verified = self.asking.mine, self.asking.verified
        said_of_new = together if expected.primary_of(others) else alone
        of_session = next((each for each in others if each.name == "holder"), None) if has_session else None
        if mine is None:
            allowed = expected.sign_up_allowed(others, said_of_new, verified=verified, of_session=of_session)
        else:
            allowed = expected.sign_in_allowed(
                mine, others, said_of_new, sign_in_verifies=verified, of_session=of_session
            )
        if not allowed:
            return REFUSED[self.asking.api], ""
        new = attrs.evolve(mine or Account((Method(verified=verified),)), name="self")
        if verified and not new.primary:
            new = attrs.evolve(new, methods=(attrs.evolve(new.methods[0], verified=True),))
        of_other = of_holder if others and others[0].name == "holder" else alone
        linked = expected.linked_by_account(new, others, of_other=of_other, of_self=alone, together=together)
        return "OK", linked.user

    def run(self, world: World, client: Client) -> tuple[str, str]:
        """Make the request; return the answer, who is signed in, and that the session is a new one where it is."""
        of_holder, alone, together = self.said
        scene = Scene(world, alone=alone, together=together)
        method = self.holder.account.methods[0]
        of_session = scene.email() if method.same else scene.email("holder")
        holder_id = scene.identity(of_session, verified=method.verified)
        names = {holder_id: "holder"}
        scene.alone_of[holder_id] = of_holder
        if self.holder.account.primary:
            scene.primary(holder_id)
        if self.holder.conflict:
            names[scene.primary(scene.identity(of_session))] = "conflict"
        names |= {add(scene, other, scene.email()): other.name for other in self.third}
        mine, jar = add_mine(scene, self.asking), scene.jar(holder_id)
        answered = sent(scene, self.asking, mine, jar, client)
        found = outcome(answered)
        if found != "OK":
            return found, ""
        user = names.get(user_id_of(answered.body), "self")
        handles = {each.handle for each in world.people["somebody"].jars}
        is_linked = len(scene.user(holder_id).login_methods) > 1
        assert is_linked or handles, "whoever is somebody else gets a session"
        assert (jar.handle in handles) <= is_linked, "the session is that of somebody else"
        return found, user


def sent(scene: Scene, asking: Asking, login_id: str, jar: Jar | None, client: Client) -> Answered:
    """Make a request as a client makes it."""
    scene.world.fdi = FDI[client]
    try:
        return send(scene, asking, login_id, jar, flag=client == "asking")
    finally:
        scene.world.fdi = FDI["asking"]


def settings(thirds: Sequence[tuple[Account, ...]] = THIRDS) -> Iterator[Setting]:
    """Return the requests with a session."""
    for asking, holder, third, *said in product(askings(), holders(), thirds, SAID, SAID, SAID):
        of_holder, alone, together = said
        setting = Setting(asking, holder, named(third), (of_holder, alone, together))
        if setting.is_possible and not (holder.account.primary and of_holder != "nov"):  # not asked
            yield setting


def older_cases() -> Iterator[Case]:
    """2.2, rows 9 and 12: where a client that asks is refused, for an older one it is a first factor."""
    for setting in settings():
        wanted = expected_second_factor(setting.asking, setting.holder, setting.third, setting.said)
        if wanted == "400 link":
            yield older_case(setting)


def older_case(setting: Setting) -> Case:
    """Make one."""
    is_made_primary = setting.holder.account.primary or setting.said[0] != "no"
    return lambda world: (
        setting.first_factor(has_session=True, is_made_primary=is_made_primary),
        setting.run(world, "older"),
    )


def silent_cases() -> Iterator[Case]:
    """2.2, row 3: the session of a client that does not ask for linking is not looked at."""
    for setting in settings(THIRDS[:2]):
        if not setting.holder.account.primary or setting.holder.account.methods[0].same:
            yield silent_case(setting)


def silent_case(setting: Setting) -> Case:
    """Make one."""
    return lambda world: (
        setting.first_factor(has_session=False, is_made_primary=setting.holder.account.primary),
        setting.run(world, "silent"),
    )


def own_cases() -> Iterator[Case]:
    """2.2, row 7, and 2.7: who signs in is the session's user already."""
    clients: tuple[Client, ...] = ("older", "silent", "asking")
    for asking, client, said in product(askings(), clients, SAID):
        if asking.mine is not None:
            yield own_case(asking, client, said)


def own_case(asking: Asking, client: Client, said: Said) -> Case:
    """Make one. Nobody else has the address: so nobody is refused."""

    def case(world: World) -> Compared:
        scene = Scene(world, alone=said, together=said)
        mine = add_mine(scene, asking)
        jar, user = scene.jar(mine), scene.user(mine)
        scene.asked.clear()
        answered = sent(scene, asking, mine, jar, client)
        is_kept = {each.handle for each in world.people["somebody"].jars} <= {jar.handle}
        asked_of_linking = client != "silent" and any(is_named for is_named, _ in scene.asked)
        return ("OK", user.id, client != "silent", False), (
            outcome(answered),
            user_id_of(answered.body),
            is_kept,
            asked_of_linking,
        )

    return case


def lost_cases() -> Iterator[Case]:
    """2.1 and 2.2, row 8: a client that asks for linking, without a session, or with that of somebody who is gone."""
    for asking, is_gone, said in product(askings(), (False, True), SAID):
        yield lost_case(asking, said, is_gone=is_gone)


def lost_case(asking: Asking, said: Said, *, is_gone: bool) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        scene = Scene(world, alone=said, together=said)
        mine = add_mine(scene, asking)
        jar = None
        if is_gone:
            holder = scene.identity(scene.email("holder"))
            jar = scene.jar(holder)
            world.stores[0].delete_user(holder, now_ms=world.clock())
        return "401", outcome(send(scene, asking, mine, jar, flag=True))

    return case


def no_callback_cases() -> Iterator[Case]:
    """2.2, rows 4 and 6, and 3.7: without a callback nobody is linked; who asks for it is told so."""
    clients: tuple[Client, ...] = ("older", "silent", "asking")
    for client, asking, holder, third in product(clients, askings(), holders(), THIRDS):
        setting = Setting(asking, holder, named(third), ("no", "no", "no"))
        if setting.is_possible:
            yield no_callback_case(setting, client)


def no_callback_case(setting: Setting, client: Client) -> Case:
    """Make one."""

    def case(world: World) -> Compared:
        found = setting.run(world, client)
        if client == "asking":
            return "400", found[0].partition(" ")[0]
        return ("OK", "self"), found

    return case


TABLES: Final[Mapping[str, Callable[[], Iterator[Case]]]] = {
    "2.2 an older client with a session": older_cases,
    "2.2 a session, and no word of linking": silent_cases,
    "2.2 and 2.7 the session's own user": own_cases,
    "2.1 and 2.2 no session, or a lost one": lost_cases,
}
WITHOUT_CALLBACK: Final[Mapping[str, Callable[[], Iterator[Case]]]] = {
    "2.2 and 3.7 without a callback": no_callback_cases,
}
