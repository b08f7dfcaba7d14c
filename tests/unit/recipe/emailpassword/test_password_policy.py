"""Which passwords are taken: the validator, checks that see the address, and lists of breached passwords."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable

import pytest

from authweave.errors import ConfigurationError
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword import BreachCheck, InputSignUpFeature, NewPassword, PasswordResetFeature
from authweave.recipe.emailpassword.policy import PasswordPolicy, breaches
from authweave.recipe.emailpassword.policy.breaches import MAX_AT_ONCE, MAX_SUFFIXES

PASSWORD = "correct horse 1"
DIGEST = hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).hexdigest().upper()
WANTED = NewPassword(password=PASSWORD, email="ada@example.com", tenant_id="public")
KNOWN = "This password is known from a data breach. Please choose another one"
UNCHECKED = "The password cannot be checked at the moment. Please try again later"


class Listed:
    """A list that answers what it was made with, and notes what it is asked."""

    def __init__(self, answer: Callable[[], Iterable[str]]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def suffixes(self, prefix: str) -> Iterable[str]:
        self.asked.append(prefix)
        return self.answer()


def verdict(check: BreachCheck, wanted: NewPassword = WANTED) -> str | None:
    """Return what a check says."""
    return asyncio.run(check(wanted))


def test_the_validator_is_asked_first_and_then_each_check() -> None:
    """Until one finds something wrong; each may be async."""
    asked: list[object] = []

    async def validate(value: object, tenant_id: str) -> str | None:
        asked.append((value, tenant_id))
        return "short" if value == "x" else None

    def first(wanted: NewPassword) -> str | None:
        asked.append(wanted)
        return "like the address" if wanted.email == wanted.password else None

    async def second(wanted: NewPassword) -> str | None:
        asked.append("second")
        return "known"

    policy = PasswordPolicy(validate, (first, second))
    like = NewPassword(password="ada", email="ada", tenant_id="t")
    assert [
        asyncio.run(policy.find_fault(each))
        for each in (NewPassword(password="x", email="ada@example.com", tenant_id="t"), like, WANTED)
    ] == ["short", "like the address", "known"]
    assert asked == [("x", "t"), ("ada", "t"), like, (PASSWORD, "public"), WANTED, "second"]


def test_a_wanted_password_is_not_printed() -> None:
    """Nor is the address."""
    assert PASSWORD not in repr(WANTED)
    assert "ada" not in repr(WANTED)


@pytest.mark.parametrize(
    ("lines", "least", "fault"),
    [
        ([], 1, None),
        ([DIGEST[5:]], 1, KNOWN),
        ([DIGEST[5:].lower()], 1, KNOWN),
        ([f"{DIGEST[5:]}:3\r"], 1, KNOWN),
        (["0" * 35 + ":9", f"{DIGEST[5:]}:3"], 3, KNOWN),
        ([f"{DIGEST[5:]}:3"], 4, None),
        ([f"{DIGEST[5:]}:0"], 1, None),  # padding
        ([DIGEST[5:-1], DIGEST[5:] + "0"], 1, None),
    ],
)
def test_a_list_is_told_five_digits(lines: list[str], least: int, fault: str | None) -> None:
    """And answers with what may follow; the password itself is told to nobody."""
    listed = Listed(lambda: lines)
    assert verdict(BreachCheck(listed, least=least)) == fault
    assert listed.asked == [DIGEST[:5]]


def fails() -> Iterable[str]:
    """Fail."""
    raise OSError("The list is away.")


@pytest.mark.parametrize(
    "answer",
    [
        fails,
        lambda: ("0" * 35 for _ in range(MAX_SUFFIXES + 1)),
        lambda: [f"{DIGEST[5:]}:many"],
        lambda: [7],
        lambda: None,
    ],
)
def test_a_list_that_fails_keeps_nobody_out(
    answer: Callable[[], Iterable[str]], caplog: pytest.LogCaptureFixture
) -> None:
    """It raises, answers without an end, or with nonsense: the log tells, and nothing of the password."""
    assert verdict(BreachCheck(Listed(answer))) is None
    (record,) = caplog.records
    assert vars(record)["event"] == "breach_list_failed"
    assert DIGEST[:5] not in caplog.text
    assert PASSWORD not in caplog.text
    assert verdict(BreachCheck(Listed(answer), required=True)) == UNCHECKED


def test_as_many_as_are_read_are_looked_at() -> None:
    """Up to the last of them."""
    lines = ["0" * 35] * (MAX_SUFFIXES - 1) + [DIGEST[5:]]
    assert verdict(BreachCheck(Listed(lambda: lines))) == KNOWN


class Hanging:
    """A list that does not answer before it is told to."""

    def __init__(self) -> None:
        self.answers = asyncio.Event()

    async def suffixes(self, prefix: str) -> Iterable[str]:
        await self.answers.wait()
        return [DIGEST[5:]]


def test_a_list_that_hangs_is_given_up() -> None:
    """When its time is over."""

    async def scenario() -> str | None:
        return await BreachCheck(Hanging(), required=True, timeout_s=0.001)(WANTED)

    assert asyncio.run(scenario()) == UNCHECKED


def test_so_many_are_looked_up_at_a_time() -> None:
    """One more is not; there is room again when they have ended."""

    async def scenario() -> tuple[str | None, set[str | None], str | None]:
        hanging = Hanging()
        check = BreachCheck(hanging, required=True, timeout_s=3600)
        waiting = [asyncio.ensure_future(check(WANTED)) for _ in range(MAX_AT_ONCE)]
        await asyncio.sleep(0)  # they begin
        beyond = await check(WANTED)
        hanging.answers.set()
        return beyond, set(await asyncio.gather(*waiting)), await check(WANTED)

    assert asyncio.run(scenario()) == (UNCHECKED, {KNOWN}, KNOWN)


def test_the_hash_is_that_of_public_lists() -> None:
    """Of the whole password in UTF-8."""
    listed = Listed(lambda: ())
    verdict(BreachCheck(listed), NewPassword(password="p\u00e4ss", email="ada@example.com", tenant_id="public"))
    digest = hashlib.sha1("p\u00e4ss".encode(), usedforsecurity=False).hexdigest()
    assert listed.asked == [digest.upper()[: breaches.PREFIX_CHARACTERS]]


@pytest.mark.parametrize("lifetime_s", [0, -1, 604_801])
def test_a_lifetime_that_cannot_be_one(lifetime_s: int) -> None:
    """Is refused, with what to write."""
    with pytest.raises(ConfigurationError, match="lifetime_s"):
        emailpassword.init(password_reset=PasswordResetFeature(lifetime_s=lifetime_s))


def test_checks_of_another_type_are_refused() -> None:
    """By name, when the recipe is configured."""
    with pytest.raises(ConfigurationError, match="password_checks"):
        emailpassword.init(sign_up_feature=InputSignUpFeature(password_checks=[7]))  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  it is wrong on purpose
