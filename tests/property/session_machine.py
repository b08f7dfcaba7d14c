"""The schedules of `test_session_schedules`, as hypothesis draws them: clients, thieves, crashes, time that passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from authweave.recipe.session.exceptions import TokenTheftError, TryRefreshTokenError, UnauthorisedError
from authweave.recipe.session.store import SESSIONS
from authweave.storage import Storage
from tests.property.session_processes import Crash, CrashError, Issued, Processes
from tests.property.session_world import (
    ACCESS_MS,
    LIFETIME_MS,
    SESSION_MS,
    Client,
    Host,
    Reply,
    Request,
    Session,
    Thief,
    Tokens,
    one_of,
)
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, HandClock

WHICH = st.integers(0, 23)
"""Of a list: the remainder counts."""

CRASHES: st.SearchStrategy[Crash] = st.sampled_from(
    ["never", "never", "never", "never", "never", "never", "before", "write", "after"]
)
WAITS = st.sampled_from([1, 900, 9_999, 10_000, 10_001, 60_000, HOUR_MS - 1_000, HOUR_MS, DAY_MS, 40 * DAY_MS])
DOUBLED = st.sampled_from([False, False, False, True])


class Schedules(RuleBasedStateMachine):
    """
    Clients, thieves and two processes over one store. Whatever is presented, the outcome is that of the model.

    Attributes:
        storage: the store, as the tests look into it.
        processes: two over that store.
    """

    storage: ClassVar[Storage]
    processes: ClassVar[Processes]

    def __init__(self) -> None:
        super().__init__()
        self.clock = HandClock()
        self.hosts: list[Host] = []
        self.died = False
        self.clients: list[Client] = []
        self.thieves: list[Thief] = []

    @initialize(clients=st.integers(2, 8), grace_s=st.sampled_from([10, 10, 10, 0]))
    def begin(self, clients: int, grace_s: int) -> None:
        """Start two processes, and let everybody sign in."""
        self.hosts = [Host(process, grace_s) for process in self.processes.at(self.clock)]
        for number in range(clients):
            created = self.hosts[number % 2].process.sign_in(f"user-{number}")
            now_ms = self.clock()
            expires_at_ms, ends_at_ms = now_ms + SESSION_MS, now_ms + LIFETIME_MS
            known = Session(created.handle, f"user-{number}", grace_s * 1000, now_ms, expires_at_ms, ends_at_ms)
            tokens = self.received(known, created, 0)
            known.given[0] = tokens.refresh
            self.clients.append(Client(known, tokens))

    # What an honest client does.

    @rule(who=WHICH, copies=st.integers(1, 2))
    def send_refresh(self, who: int, copies: int) -> None:
        """Let a tab refresh."""
        client = one_of(self.clients, who)
        self.arrive_older(client)
        client.requests.extend([Request("refresh", client.jar)] * copies)

    @rule(who=WHICH, check_database=st.booleans())
    def send_use(self, who: int, check_database: bool) -> None:
        """Let a tab ask for something else."""
        client = one_of(self.clients, who)
        client.requests.append(Request("use with the database" if check_database else "use", client.jar))

    @precondition(lambda self: any(client.requests for client in self.clients))
    @rule(which=WHICH, where=st.integers(0, 1), crash=CRASHES, doubled=DOUBLED)
    def request_arrives(self, which: int, where: int, crash: Crash, doubled: bool) -> None:
        """Let a request arrive, in any order, perhaps not for the last time, at a process that perhaps dies of it."""
        client, request = one_of([(each, request) for each in self.clients for request in each.requests], which)
        self.arrive(client, request, self.hosts[where], crash)
        if doubled and request.tokens.generation == client.jar.generation:
            client.requests.append(request)

    @precondition(lambda self: any(client.requests for client in self.clients))
    @rule(which=WHICH)
    def request_is_lost(self, which: int) -> None:
        """Lose a request."""
        client, request = one_of([(each, request) for each in self.clients for request in each.requests], which)
        client.requests.remove(request)

    @precondition(lambda self: any(client.replies for client in self.clients))
    @rule(which=WHICH)
    def reply_arrives(self, which: int) -> None:
        """Let a reply arrive, in any order."""
        client, reply = one_of([(each, reply) for each in self.clients for reply in each.replies], which)
        client.replies.remove(reply)
        client.take(reply)

    @precondition(lambda self: any(client.replies for client in self.clients))
    @rule(which=WHICH)
    def reply_is_lost(self, which: int) -> None:
        """Lose a reply. A page arrives in the end."""
        client, reply = one_of([(each, reply) for each in self.clients for reply in each.replies], which)
        if not reply.of_page:
            client.replies.remove(reply)

    @rule(who=WHICH, where=st.integers(0, 1), check_database=st.booleans())
    def render(self, who: int, where: int, check_database: bool) -> None:
        """Let a server-side renderer refresh with the jar that it was sent, use what it gets, and send a page."""
        client = one_of(self.clients, who)
        self.arrive_older(client)
        got = self.present(client.session, client.jar, self.hosts[where], "never")
        if got is not None:
            self.verify(client.session, got, self.hosts[where], check_database=check_database)
            client.replies.append(Reply(got, of_page=True))

    @rule(who=WHICH)
    def refresh_at_both(self, who: int) -> None:
        """Let two tabs refresh at the same moment, each at another process."""
        client = one_of(self.clients, who)
        self.arrive_older(client)
        if client.session.is_late(client.jar.generation, self.clock()):
            return  # which of the two sees the theft, and which no session any more, nobody can say
        waiting = [host.process.refresh(client.jar.refresh) for host in self.hosts]
        for host, answer in zip(self.hosts, waiting, strict=True):
            got = self.presented(client.session, client.jar, host, "never", answer)
            if got is not None:
                client.replies.append(Reply(got))
            assert got is not None or client.session.stolen or not client.session.lives(self.clock())

    # What thieves do.

    @rule(who=WHICH)
    def steal(self, who: int) -> None:
        """Copy a jar."""
        client = one_of(self.clients, who)
        client.session.stolen = True
        self.thieves.append(Thief(client.session, [client.jar]))

    @precondition(lambda self: self.thieves)
    @rule(who=WHICH, which=WHICH, where=st.integers(0, 1), crash=CRASHES)
    def thief_refreshes(self, who: int, which: int, where: int, crash: Crash) -> None:
        """Let a thief present any of the refresh tokens that he has."""
        thief = one_of(self.thieves, who)
        got = self.present(thief.session, one_of(thief.loot, which), self.hosts[where], crash)
        if got is not None:
            thief.loot.append(got)

    @precondition(lambda self: self.thieves)
    @rule(who=WHICH, which=WHICH, where=st.integers(0, 1), check_database=st.booleans())
    def thief_uses(self, who: int, which: int, where: int, check_database: bool) -> None:
        """Let a thief use any of the access tokens that he has."""
        thief = one_of(self.thieves, who)
        self.verify(thief.session, one_of(thief.loot, which), self.hosts[where], check_database=check_database)

    # What happens to all.

    @rule(where=st.integers(0, 1))
    def background_works(self, where: int) -> None:
        """Let a process store the uses that it has noted."""
        self.hosts[where].store_noted(self.clock())

    @rule(where=st.integers(0, 1))
    def process_dies(self, where: int) -> None:
        """Let a process die between noting uses and storing them, and start it again."""
        self.hosts[where].restart()

    @rule(ms=WAITS)
    def time_passes(self, ms: int) -> None:
        """Let time pass; what an honest client has on its way arrives before it would be late."""
        then_ms = self.clock() + ms
        for client in self.clients:
            if client.session.is_late(client.jar.generation, then_ms):
                for reply in [each for each in client.replies if each.of_page]:
                    client.replies.remove(reply)
                    client.take(reply)
            for request in list(client.requests):
                if request.kind == "refresh" and client.session.is_late(request.tokens.generation, then_ms):
                    self.arrive(client, request, self.hosts[1], "never")
        self.clock.now_ms = then_ms

    @override
    def teardown(self) -> None:
        """In the end every honest client can go on, and the store holds what the model says."""
        for client in self.clients:
            for reply in [each for each in client.replies if each.of_page]:
                client.take(reply)
            honest = not client.session.stolen and client.session.lives(self.clock())
            got = self.present(client.session, client.jar, self.hosts[0], "never")
            assert got is not None or not honest
        for host in self.hosts:
            host.store_noted(self.clock())
        for client in self.clients:
            stored = self.storage.part(SESSIONS).find_session(client.session.handle)
            assert (stored is None) is client.session.revoked
            assert stored is None or stored.generation == client.session.generation

    # How it is done.

    def arrive_older(self, client: Client) -> None:
        """Before a client refreshes, its requests with an older token have arrived."""
        for older in [each for each in client.requests if each.tokens.generation < client.jar.generation]:
            self.arrive(client, older, self.hosts[0], "never")

    def arrive(self, client: Client, request: Request, host: Host, crash: Crash) -> None:
        """Serve a request of an honest client."""
        client.requests.remove(request)
        if request.kind != "refresh":
            with_database = request.kind == "use with the database"
            self.verify(client.session, request.tokens, host, check_database=with_database)
            return
        honest = not client.session.stolen and client.session.lives(self.clock())
        got = self.present(client.session, request.tokens, host, crash)
        if got is not None:
            client.replies.append(Reply(got))
        elif honest:
            assert self.died, "an honest client was logged out"

    def present(self, known: Session, tokens: Tokens, host: Host, crash: Crash) -> Tokens | None:
        """Present a refresh token. Returns what is given; None if nothing is, or the process died."""
        return self.presented(known, tokens, host, crash, host.process.refresh(tokens.refresh, crash))

    def presented(
        self, known: Session, tokens: Tokens, host: Host, crash: Crash, answer: Callable[[], Issued]
    ) -> Tokens | None:
        """Hold the answer to a refresh token against the model."""
        now_ms, generation = self.clock(), tokens.generation
        self.died = False
        try:
            issued = answer()
        except CrashError:
            assert crash != "never"
            self.died = True
            host.restart()
            # A theft was seen, but the session not yet revoked: it will be seen again.
            if crash == "after" and not known.is_late(generation, now_ms):
                known.present(generation, now_ms)
            return None
        except TokenTheftError as error:
            assert known.present(generation, now_ms) == "theft"
            self.check_theft(known, error)
            return None
        except UnauthorisedError:
            assert known.present(generation, now_ms) == "unauthorised"
            return None
        assert crash in {"never", "write"}
        assert known.present(generation, now_ms) == "tokens"
        got = self.received(known, issued, generation + 1)
        assert known.given.setdefault(got.generation, got.refresh) == got.refresh, "one parent had two children"
        return got

    def check_theft(self, known: Session, error: TokenTheftError) -> None:
        """Check that the error of a theft names session and user, and that the session is over."""
        assert (error.session_handle, error.user_id) == (known.handle, known.user_id)
        assert self.storage.part(SESSIONS).find_session(known.handle) is None

    def verify(self, known: Session, tokens: Tokens, host: Host, *, check_database: bool) -> None:
        """Use an access token. Where the store is not asked, that is noted."""
        now_ms = self.clock()
        try:
            handle = host.process.verify(tokens.access, check_database=check_database)
        except TryRefreshTokenError:
            assert tokens.access_until_ms <= now_ms
            return
        except UnauthorisedError:
            assert check_database
            assert not known.lives(now_ms)
            return
        assert handle == known.handle
        assert now_ms < tokens.access_until_ms
        if check_database:
            assert known.lives(now_ms)
            known.confirm(tokens.generation, now_ms)
        else:
            host.noted.append((known, tokens.generation))

    def received(self, known: Session, issued: Issued, generation: int) -> Tokens:
        """Return the tokens of a reply. The access token outlives no session."""
        until_ms = min(self.clock() + ACCESS_MS, known.ends_at_ms) // 1000 * 1000
        return Tokens(generation, issued.access, issued.refresh, until_ms)
