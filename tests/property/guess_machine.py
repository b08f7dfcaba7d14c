"""The machine of `test_guesses`: honest people and a guesser, who ask for codes and use them in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from authweave.types import JSONObject
from tests.property.account_world import Said
from tests.property.guess_world import (
    CLIENTS,
    GUESSER,
    GUESSES,
    HOLDERS,
    LIFE_MS,
    TENANTS,
    Asked,
    GuessWorld,
    Message,
    message_of,
)

MINUTES: Final = (1, 10, 16)
CONSUME: Final = "/signinup/code/consume"
WRONG: Final = "INCORRECT_USER_INPUT_CODE_ERROR"
EXPIRED: Final = "EXPIRED_USER_INPUT_CODE_ERROR"
RESTART: Final = "RESTART_FLOW_ERROR"
ARABIC_INDIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def in_another_script(code: str) -> str:
    """Return a code with the digits of Arabic."""
    return code.translate(ARABIC_INDIC)


def with_what_stands_between(code: str) -> str:
    """Return a code as people write numbers."""
    return f" {code[:3]}-{code[3:]}\u200b"


def with_more(code: str) -> str:
    """Return another code."""
    return f"{code}0"


SPELLINGS: Final[Sequence[Callable[[str], str]]] = (str, with_more, with_what_stands_between, in_another_script)
"""How a code is typed."""

WEIGHTS: Final = {
    "ask": 4,
    "ask_again": 3,
    "type_in": 4,
    "follow": 3,
    "guess": 6,
    "guess_at_once": 2,
    "use_twice_at_once": 2,
    "time_passes": 1,
}
"""How often each move is made, beside the others."""


@attrs.frozen
class Move:
    """
    What somebody does next.

    Attributes:
        kind: a method of the machine.
        at: at which of the two workers.
        contact: whose mailbox or number the guesser types; honest people type their own.
        which: chooses among browsers.
        other: chooses among messages.
        number: a guess, how many there are at once, how long time passes.
        flag: one of two ways to do it.
    """

    kind: str
    who: str
    at: int
    tenant: str
    contact: str
    which: int
    other: int
    number: int
    flag: bool


def moves(weights: Mapping[str, int] = WEIGHTS) -> st.SearchStrategy[Move]:
    """Return moves; what is named twice comes twice as often."""
    return st.builds(
        Move,
        kind=st.sampled_from([kind for kind, weight in weights.items() for _ in range(weight)]),
        who=st.sampled_from([GUESSER, GUESSER, GUESSER, "ada", "ada", "bob"]),
        at=st.integers(0, 1),
        tenant=st.sampled_from(["public", "public", "public", "t1"]),
        contact=st.sampled_from(["ada", "ada", "ada", *HOLDERS]),
        which=st.integers(0, 3),
        other=st.integers(0, 3),
        number=st.integers(0, 999_999),
        flag=st.booleans(),
    )


MOVES: Final = moves()


class Guesses(RuleBasedStateMachine):
    """
    Each code is good once, and for so many guesses; nobody is signed in with a contact that he does not hold.

    What each answer has to be is known beforehand (`Asked`). What many requests at once come to is not, but for what it
    may be.
    """

    world: GuessWorld
    moves: st.SearchStrategy[Move] = MOVES

    @initialize(seed=st.integers(0, 255))
    def begin(self, seed: int) -> None:
        """Begin with nobody."""
        self.world.begin(seed)

    @override
    def teardown(self) -> None:
        self.world.end()

    @rule(move=st.runner().flatmap(lambda machine: machine.moves))
    def somebody(self, move: Move) -> None:
        """Let somebody do something."""
        self.make(move)

    def make(self, move: Move) -> None:
        """Make a move."""
        getattr(self, move.kind)(move)

    # What there is to choose from.

    def browser(self, move: Move) -> Asked | None:
        """Return a browser of somebody's, the newest by 0; a guesser has the ids of his own alone."""
        mine = [each for each in self.world.asked if each.who == move.who]
        return mine[-1 - move.which % len(mine)] if mine else None

    def message(self, move: Move) -> Message | None:
        """Return a message that somebody has got, the newest by 0: whoever had asked for it."""
        mine = [
            message
            for each in self.world.asked
            for message in each.messages
            if HOLDERS[each.contact.partition("@")[0]] == move.who
        ]
        mine.sort(key=lambda message: message.sent_at_ms)
        return mine[-1 - move.other % len(mine)] if mine else None

    def named(self, name: str) -> Asked:
        """Return the browser that a link is for."""
        return next(each for each in self.world.asked if each.name == name)

    # What people do.

    def ask(self, move: Move) -> None:
        """Ask for a code; anybody may, for any address. What the same client asked for before is worth nothing."""
        own = [name for name, holder in HOLDERS.items() if holder == move.who]
        name = move.contact if move.who == GUESSER else own[move.number % len(own)]
        contact = self.world.contact(name)
        body: JSONObject = {"phoneNumber" if name.startswith("+") else "email": contact}
        client = CLIENTS[move.who] if move.flag else None
        said = self.world.ask(move.at, move.tenant, "/signinup/code", body, client)
        assert said.status == "OK", said
        for each in self.world.asked:
            if client is not None and (each.client, each.contact, each.tenant) == (client, contact, move.tenant):
                each.is_over = True
        device_id, device = str(said.body["deviceId"]), str(said.body["preAuthSessionId"])
        asked = Asked(move.who, contact, move.tenant, device_id, device, client)
        self.world.asked.append(asked)
        self.delivered(asked)

    def delivered(self, asked: Asked) -> None:
        """Note the message that has just been sent."""
        message = message_of(self.world.inbox.sent[-1], self.world.clock())
        assert message.device == asked.name
        asked.messages.append(message)

    def ask_again(self, move: Move) -> None:
        """Ask for another code with the same browser; what was sent before stays good."""
        asked = self.browser(move)
        if asked is None:
            self.ask(move)
            return
        tenant = asked.tenant if move.flag or move.number % 8 else TENANTS[asked.tenant == TENANTS[0]]
        body: JSONObject = {"deviceId": asked.device_id, "preAuthSessionId": asked.name}
        said = self.world.ask(move.at, tenant, "/signinup/code/resend", body)
        if asked.is_over or tenant != asked.tenant:
            assert said.status == RESTART, (said, asked)
        else:
            assert said.status == "OK", (said, asked)
            self.delivered(asked)

    def type_in(self, move: Move) -> None:
        """Type a code that somebody has got into one of his browsers: the right one, as a rule, if he is honest."""
        message = self.message(move)
        asked = self.browser(move) if message is None or move.flag else self.named(message.device)
        if message is None or asked is None or asked.who != move.who:
            self.guess(move)
            return
        self.typed(move, asked, message.code)

    def guess(self, move: Move) -> None:
        """Type any other code into one of somebody's browsers."""
        asked = self.browser(move)
        if asked is not None:
            self.typed(move, asked, self.guessed(asked, move.number))

    def guessed(self, asked: Asked, number: int) -> str:
        """Return a code that is not right, whatever luck says."""
        code = f"{number:06}"
        return code if asked.of_code(code) is None else self.guessed(asked, (number + 1) % 10**6)

    def typed(self, move: Move, asked: Asked, code: str) -> None:
        """Type a code in, and look at the answer."""
        spell = SPELLINGS[move.number % len(SPELLINGS)]
        is_another = spell is with_more
        said = self.world.ask(move.at, asked.tenant, CONSUME, self.of_code(asked, spell(code)))
        if asked.is_over:
            assert said.status == RESTART, (said, asked)
            return
        message = None if is_another else asked.of_code(code)
        if message is not None and self.is_good(message):
            self.signed_in(said, asked, move.who)
            return
        expected, count = asked.fail(WRONG if message is None else EXPIRED)
        assert (said.status, said.body.get("failedCodeInputAttemptCount")) == (expected, count), (said, asked)
        if count is not None:
            assert said.body["maximumCodeInputAttempts"] == GUESSES

    def follow(self, move: Move) -> None:
        """Follow a link in any browser: that of its message, or one made of it for another device."""
        message = self.message(move)
        if message is None:
            self.guess(move)
            return
        asked = self.named(message.device)
        aimed_at = self.browser(move) if move.who == GUESSER and move.flag else asked
        name = asked.name if aimed_at is None else aimed_at.name
        body: JSONObject = {"preAuthSessionId": name, "linkCode": message.link_code}
        said = self.world.ask(move.at, asked.tenant, CONSUME, body)
        if name == asked.name and not asked.is_over and self.is_good(message):
            self.signed_in(said, asked, move.who)
        else:
            assert said.status == RESTART, (said, asked)

    def guess_at_once(self, move: Move) -> None:
        """Guess many times at once, at both workers; the right code may be among the guesses."""
        asked = self.browser(move)
        if asked is None:
            return
        count = 2 + move.number % 6
        codes = [self.guessed(asked, (move.number + 7 * each) % 10**6) for each in range(count)]
        message = self.message(move) if move.flag else None
        is_right = message is not None and message.device == asked.name and self.is_good(message) and not asked.is_over
        if message is not None:
            codes[move.number % count] = message.code
        bodies = [(each % 2, asked.tenant, self.of_code(asked, code)) for each, code in enumerate(codes)]
        answers = self.world.ask_at_once(bodies, CONSUME)
        self.looked_at(move, asked, answers, wrong=count - is_right)

    def looked_at(self, move: Move, asked: Asked, answers: list[Said], *, wrong: int) -> None:
        """Look at the answers to wrong codes, and perhaps one that is right, that were typed in at once."""
        good = [each for each in answers if each.status == "OK"]
        counts = sorted(int(str(each.body["failedCodeInputAttemptCount"])) for each in answers if is_counted(each))
        assert len(good) <= len(answers) - wrong, (answers, asked)
        assert not (asked.is_over and (good or counts)), (answers, asked)
        assert counts == list(range(asked.failures + 1, asked.failures + 1 + len(counts))), (answers, asked)
        assert not counts or counts[-1] < GUESSES, (answers, asked)
        if good:
            self.signed_in(good[0], asked, move.who)
        elif not asked.is_over:
            asked.failures += wrong
            asked.is_over = asked.failures >= GUESSES
            assert asked.is_over or (wrong == len(answers) == len(counts)), (answers, asked)

    def use_twice_at_once(self, move: Move) -> None:
        """Use a code, or its link, many times at once at both workers: one at most is let in."""
        message = self.message(move)
        if message is None:
            return
        asked = self.named(message.device)
        is_typed = move.flag and asked.who == move.who
        link: JSONObject = {"preAuthSessionId": asked.name, "linkCode": message.link_code}
        body = self.of_code(asked, message.code) if is_typed else link
        is_good = self.is_good(message) and not asked.is_over
        if is_typed and not is_good:
            return
        answers = self.world.ask_at_once([(each % 2, asked.tenant, body) for each in range(4)], CONSUME)
        good = [each for each in answers if each.status == "OK"]
        assert len(good) == is_good, (answers, asked)
        assert all(each.status in {"OK", RESTART} for each in answers), (answers, asked)
        if good:
            self.signed_in(good[0], asked, move.who)

    def time_passes(self, move: Move) -> None:
        """Let codes end."""
        self.world.clock.now_ms += MINUTES[move.number % len(MINUTES)] * 60_000

    # What has to be so.

    @staticmethod
    def of_code(asked: Asked, code: str) -> JSONObject:
        """Return the body that a browser sends of a code that was typed in."""
        return {"preAuthSessionId": asked.name, "deviceId": asked.device_id, "userInputCode": code}

    def is_good(self, message: Message) -> bool:
        """Return whether a code is not too old."""
        return message.sent_at_ms + LIFE_MS > self.world.clock()

    def signed_in(self, said: Said, asked: Asked, who: str) -> None:
        """Somebody is in, with what is his own; all that was sent to the contact is used up."""
        assert said.status == "OK", (said, asked)
        user = said.body["user"]
        assert isinstance(user, dict)
        emails, numbers = user["emails"], user["phoneNumbers"]
        is_number = asked.contact.startswith("+")
        assert (emails, numbers) == (([], [asked.contact]) if is_number else ([asked.contact], [])), (said, asked)
        assert HOLDERS[asked.contact.partition("@")[0]] == who, (said, asked, who)
        for each in self.world.asked:
            if (each.tenant, each.contact) == (asked.tenant, asked.contact):
                each.is_over = True

    @invariant()
    def the_store_counts_as_we_do(self) -> None:
        """No guess was lost: each browser has as many as were made, or has to begin again."""
        for each in self.world.asked:
            expected = None if each.is_over else each.failures
            assert self.world.failures_of(each) == expected, each

    @invariant()
    def users_have_one_contact_each(self) -> None:
        """There is one user for each contact and tenant that somebody has signed in with, and nobody else."""
        found = [(user.tenant_ids, user.emails, user.phone_numbers) for user in self.world.users()]
        assert all(len(emails) + len(numbers) == len(tenants) == 1 for tenants, emails, numbers in found), found
        assert len({str(each) for each in found}) == len(found), found


def is_counted(said: Said) -> bool:
    """Return whether an answer tells how many codes were wrong."""
    return said.status in {WRONG, EXPIRED}
