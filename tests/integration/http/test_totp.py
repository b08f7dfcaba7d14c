"""One-time passwords over HTTP: the lines of the acceptance checklist of the frontends, and bad input."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx2
import pytest

from authweave import UserContext
from authweave.recipe import accountlinking
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.session import SessionContainer
from authweave.types import JSON, User
from tests.patience import PATIENCE_S

from .serving import HEADERS, PASSWORD, bearer, form
from .totp_app import Person, TOTPStage, sealed_secrets, secret_bytes, staged

OK = {"status": "OK"}
NOT_COMPLETE = "MFA requirement for auth is not satisfied"
SET_UP_ALREADY = "Completed factors in the session does not satisfy the MFA requirements for auth"


@pytest.fixture(scope="module")
def stage(database_url: str) -> Iterator[TOTPStage]:
    """Serve an application on each database, once for all tests: each has people of its own."""
    with staged(database_url) as stage:
        yield stage


def invalid(failures: int) -> JSON:
    """Return the answer to a wrong code."""
    return {
        "status": "INVALID_TOTP_ERROR",
        "currentNumberOfFailedAttempts": failures,
        "maxNumberOfFailedAttempts": 5,
    }


def refused(reason: str) -> JSON:
    """Return the answer to a session that lacks a factor."""
    return {"message": "invalid claim", "claimValidationErrors": [{"id": "st-mfa", "reason": {"message": reason}}]}


def test_what_a_new_device_is_told(stage: TOTPStage) -> None:
    """The secret has 20 bytes, and the QR code says whose it is, for which application (line 67)."""
    person = stage.sign_up()
    answer = stage.post(person, "device").json()
    secret = answer["secret"]
    account = quote(person.email, safe="")
    assert answer == {
        "status": "OK",
        "deviceName": "TOTP Device 0",
        "secret": secret,
        "qrCodeString": f"otpauth://totp/My%20App:{account}?secret={secret}&issuer=My%20App&digits=6&period=30",
    }
    assert len(secret) == 32
    assert set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert stage.get(person, "device/list").json() == {
        "status": "OK",
        "devices": [{"name": "TOTP Device 0", "period": 30, "skew": 1, "verified": False}],
    }


def test_names_of_devices(stage: TOTPStage) -> None:
    """A number of its own; one of which no code was shown is replaced, of a name that was given too."""
    person, first = stage.with_device()
    assert first.name == "TOTP Device 0"
    unseen = [stage.add(person), stage.add(person)]
    assert [each.name for each in unseen] == ["TOTP Device 1"] * 2
    assert unseen[0].secret != unseen[1].secret
    assert stage.add(person, "Phone").secret != stage.add(person, "Phone").secret
    stage.post(person, "device/verify", {"deviceName": "TOTP Device 1", "totp": unseen[1].code(stage.now_ms)})
    stage.post(person, "device/remove", {"deviceName": "TOTP Device 0"})
    assert stage.add(person).name == "TOTP Device 2"
    assert stage.devices(person) == {"TOTP Device 1": True, "Phone": False, "TOTP Device 2": False}


def test_a_code_completes_the_session(stage: TOTPStage) -> None:
    """Signing in with the password does not do; the same session does with a code, and its token says so."""
    person, device = stage.with_device()
    half = stage.half(person)
    before = half.headers
    assert stage.passes(half).json() == refused(NOT_COMPLETE)
    assert stage.verify(half, device.code(stage.now_ms)) == OK
    assert half.headers != before
    assert stage.passes(half).json() == {"user": person.user_id}


def test_five_wrong_codes(stage: TOTPStage) -> None:
    """Then none is looked at for 15 minutes, not even the right one; and other people's are (line 68)."""
    person, device = stage.with_device()
    other, others_device = stage.with_device()
    assert [stage.verify(person, device.wrong(stage.now_ms)) for _ in range(5)] == [invalid(n) for n in range(1, 6)]
    stage.sleep(s=100)
    assert stage.verify(person, device.code(stage.now_ms)) == {"status": "LIMIT_REACHED_ERROR", "retryAfterMs": 800_000}
    assert stage.verify(other, others_device.code(stage.now_ms)) == OK
    new = stage.add(person)
    code = new.code(stage.now_ms)
    assert stage.post(person, "device/verify", {"deviceName": new.name, "totp": code}).json() == {
        "status": "LIMIT_REACHED_ERROR",
        "retryAfterMs": 800_000,
    }
    stage.sleep(s=800)
    assert stage.verify(person, device.wrong(stage.now_ms)) == invalid(1)
    assert stage.verify(person, device.code(stage.now_ms)) == OK
    assert [kind for kind in stage.told(person) if kind in {"sign_in_failed", "limited"}] == [
        *(*["sign_in_failed"] * 5, "limited"),
        "sign_in_failed",
    ]


def test_a_code_is_used_once(stage: TOTPStage) -> None:
    """The next one is good; so are those of one step before and after, and of two steps they are not (line 69)."""
    person, device = stage.with_device()
    code = device.code(stage.now_ms)
    assert [stage.verify(person, code), stage.verify(person, code)] == [OK, invalid(1)]
    stage.sleep(steps=1)
    assert stage.verify(person, code) == invalid(2)
    assert stage.verify(stage.half(person), code) == invalid(3)
    assert stage.verify(person, device.code(stage.now_ms)) == OK
    stage.sleep(steps=5)
    for steps, answer in ((-2, invalid(1)), (2, invalid(2)), (-1, OK), (1, OK), (0, OK)):
        assert stage.verify(person, device.code(stage.now_ms, steps)) == answer


def test_a_clock_a_minute_off(stage: TOTPStage) -> None:
    """Its codes are no good: the answer counts them, and says nothing else."""
    person, device = stage.with_device()
    fast, slow = device.code(stage.now_ms + 60_000), device.code(stage.now_ms - 60_000)
    assert [stage.verify(person, fast), stage.verify(person, slow)] == [invalid(1), invalid(2)]


def test_a_code_that_sets_up_is_used_as_well(stage: TOTPStage) -> None:
    """It is good for nothing else: neither to sign in, nor for another device of the user (replay is per user)."""
    person = stage.sign_up()
    device = stage.add(person)
    code = device.code(stage.now_ms)
    verification: JSON = {"deviceName": device.name, "totp": code}
    assert stage.post(person, "device/verify", verification).json() == {"status": "OK", "wasAlreadyVerified": False}
    assert stage.verify(stage.sign_in(person), code) == invalid(1)
    assert stage.post(person, "device/verify", verification).json() == {"status": "OK", "wasAlreadyVerified": True}


def test_a_name_that_is_taken(stage: TOTPStage) -> None:
    """Answers a status, with 200 (line 70)."""
    person, _ = stage.with_device("Phone")
    answer = stage.post(person, "device", {"deviceName": "Phone"})
    assert (answer.status_code, answer.json()) == (200, {"status": "DEVICE_ALREADY_EXISTS_ERROR"})


def test_removing_a_device_that_counts(stage: TOTPStage) -> None:
    """It asks for all factors, however the name is written; one of which no code was shown does not (line 71)."""
    person, device = stage.with_device("Phone")
    stage.add(person, "Tablet")
    half = stage.half(person)
    for name in ("Phone", "phone", "\N{FULLWIDTH LATIN CAPITAL LETTER P}hone", "TABLET", "Nothing"):
        answer = stage.post(half, "device/remove", {"deviceName": name})
        assert (answer.status_code, answer.json()) == (403, refused(NOT_COMPLETE)), name
    assert stage.post(half, "device/remove", {"deviceName": "Tablet"}).json() == {
        "status": "OK",
        "didDeviceExist": True,
    }
    assert stage.devices(half) == {"Phone": True}
    stage.verify(half, device.code(stage.now_ms))
    for name, existed in (("phone", False), ("Phone", True), ("Phone", False)):
        answer = stage.post(half, "device/remove", {"deviceName": name})
        assert answer.json() == {"status": "OK", "didDeviceExist": existed}


def test_removing_a_device_that_begins_to_count(stage: TOTPStage) -> None:
    """What is removed without all factors counts for nobody, also where a code of it is shown at that moment."""
    person, device = stage.with_device("Phone")
    half = stage.half(person)
    stage.verify(person, device.code(stage.now_ms))
    tablet = stage.add(person, "Tablet")
    stage.sleep(steps=1)
    body: JSON = {"deviceName": "Tablet", "totp": tablet.code(stage.now_ms)}
    with (
        ThreadPoolExecutor(1) as threads,
        stage.while_listing(lambda: threads.submit(stage.post, person, "device/verify", body)) as begun,
    ):
        removed = stage.post(half, "device/remove", {"deviceName": "Tablet"})
        (verifying,) = begun
        counts = verifying.result().json()["status"] == "OK"
    assert removed.status_code == (403 if counts else 200)
    assert stage.devices(person) == ({"Phone": True, "Tablet": True} if counts else {"Phone": True})


def test_a_list_that_takes_long_keeps_nobody_waiting(stage: TOTPStage) -> None:
    """An application may ask others for it: whoever writes meanwhile does not wait until something is removed."""
    (person, _), other = stage.with_device("Phone"), stage.sign_up()
    stage.add(person, "Tablet")

    def write() -> httpx2.Response:
        stage.add(other, "Phone")
        return stage.get(person, "device/list")

    with ThreadPoolExecutor(1) as threads, stage.while_listing(lambda: threads.submit(write), PATIENCE_S) as begun:
        removed = stage.post(person, "device/remove", {"deviceName": "Tablet"})
    assert removed.json() == {"status": "OK", "didDeviceExist": True}
    assert [each["name"] for each in begun[0].result().json()["devices"]] == ["Phone", "Tablet"]


def test_a_session_of_before_a_code_was_required(stage: TOTPStage) -> None:
    """It says that all was shown, and may change nothing of what is asked for since: it is asked for it itself."""
    person = stage.sign_up()
    former = stage.sign_in(person)
    device = stage.add(person, "Phone")
    stage.post(person, "device/verify", {"deviceName": "Phone", "totp": device.code(stage.now_ms)})
    stage.require_code_of(person)
    stage.sleep(steps=1)
    asked: list[tuple[str, JSON]] = [("recovery/codes", {}), ("device/remove", {"deviceName": "Phone"})]
    for path, body in asked:
        assert stage.passes(former).status_code == 200
        answer = stage.post(former, path, body)
        assert (answer.status_code, answer.json()) == (403, refused(NOT_COMPLETE)), path
    assert stage.devices(person) == {"Phone": True}
    assert stage.verify(former, device.code(stage.now_ms)) == OK
    for path, body in asked:
        assert stage.post(former, path, body).json()["status"] == "OK", path


def test_a_second_device_wants_the_first(stage: TOTPStage) -> None:
    """Neither adding one nor verifying one is allowed with the password alone (line 72)."""
    person, device = stage.with_device()
    second = stage.add(person)
    half = stage.half(person)
    verification: JSON = {"deviceName": second.name, "totp": second.code(stage.now_ms)}
    again: JSON = {"deviceName": device.name, "totp": "000000"}
    for path, body in (("device", {}), ("device/verify", verification), ("device/verify", again)):
        answer = stage.post(half, path, body)
        assert (answer.status_code, answer.json()) == (403, refused(SET_UP_ALREADY))
    assert stage.passes(half).status_code == 403
    assert stage.post(person, "device/verify", verification).json() == {"status": "OK", "wasAlreadyVerified": False}


def test_a_code_that_nobody_looked_at_shows_nothing(stage: TOTPStage) -> None:
    """Of a device that counts already none is looked at: a session of whom no code is asked has shown none by that."""
    person = stage.sign_up()
    former = stage.sign_in(person)
    device = stage.add(person, "Phone")
    stage.post(person, "device/verify", {"deviceName": "Phone", "totp": device.code(stage.now_ms)})
    answer = stage.post(former, "device/verify", {"deviceName": "Phone", "totp": device.wrong(stage.now_ms)})
    assert answer.json() == {"status": "OK", "wasAlreadyVerified": True}
    assert stage.factors_shown(former) == {"emailpassword"}
    assert stage.factors_shown(person) == {"emailpassword", "totp"}


def test_a_password_does_not_link_who_has_a_second_factor(database_url: str) -> None:
    """Neither to the account of whoever knows it, nor so that the code is asked for no more."""

    async def in_sessions(
        _account: AccountInfoWithRecipeIdAndUserId,
        _user: User | None,
        session: SessionContainer | None,
        _tenant_id: str,
        _context: UserContext,
    ) -> ShouldAutomaticallyLink | ShouldNotAutomaticallyLink:
        return (
            ShouldNotAutomaticallyLink()
            if session is None
            else ShouldAutomaticallyLink(should_require_verification=False)
        )

    linking = accountlinking.init(should_do_automatic_account_linking=in_sessions)
    with staged(database_url, [linking]) as stage:
        (victim, device), other, attacker = stage.with_device(), stage.sign_up(), stage.sign_up()
        session = {**HEADERS, **attacker.headers}
        stolen = form(victim.email, PASSWORD, shouldTryLinkingWithSessionUser=True)
        answer = stage.client.post("/auth/signin", json=stolen, headers=session)
        assert (answer.json()["status"], "front-token" in answer.headers) == ("SIGN_IN_NOT_ALLOWED", False)
        half = stage.half(victim)
        assert stage.verify(half, device.code(stage.now_ms)) == OK
        assert stage.passes(half).json() == {"user": victim.user_id}
        # Of whom nothing is required, what is shown is all.
        own = form(other.email, PASSWORD, shouldTryLinkingWithSessionUser=True)
        assert stage.client.post("/auth/signin", json=own, headers=session).json()["user"]["id"] == attacker.user_id


def test_without_a_device(stage: TOTPStage) -> None:
    """There is nothing that a code could be of (line 73); and codes of one that does not count are none."""
    person = stage.sign_up()
    assert stage.verify(person, "123456") == {"status": "UNKNOWN_USER_ID_ERROR"}
    assert stage.recover(person, "123456") == {"status": "UNKNOWN_USER_ID_ERROR"}
    answer = stage.post(person, "device/verify", {"deviceName": "Phone", "totp": "123456"})
    assert answer.json() == {"status": "UNKNOWN_DEVICE_ERROR"}
    assert stage.post(person, "recovery/codes").json() == {"status": "UNKNOWN_USER_ID_ERROR"}
    device = stage.add(person)
    assert stage.verify(person, device.code(stage.now_ms)) == invalid(1)
    assert stage.post(person, "recovery/codes").json() == {"status": "UNKNOWN_USER_ID_ERROR"}


def test_what_is_missing_or_of_another_type(stage: TOTPStage) -> None:
    """Is a 400 that names it (line 74)."""
    person = stage.sign_up()
    bad: dict[tuple[str, str], list[JSON]] = {
        ("device", "deviceName must be a string"): [{"deviceName": 1}],
        ("device", "device_name is empty"): [{"deviceName": ""}, {"deviceName": " "}],
        ("device", "device_name is longer"): [{"deviceName": "x" * 256}],
        ("device", "device_name holds a NUL"): [{"deviceName": "nul\0"}],
        ("device/remove", "deviceName is required"): [{}, {"deviceName": None}, {"deviceName": ""}, []],
        ("device/remove", "device_name holds half"): [{"deviceName": "\ud800"}],
        ("device/verify", "totp is required"): [{"deviceName": "x"}, {"deviceName": "x", "totp": 123456}],
        ("device/verify", "deviceName is required"): [{"totp": "123456"}],
        ("verify", "totp is required"): [{}, {"totp": 123456}, {"totp": ""}, {"totp": ["123456"]}],
        ("recovery/verify", "recoveryCode is required"): [{}, {"recoveryCode": 1}],
    }
    for (path, message), bodies in bad.items():
        for body in bodies:
            answer = stage.post(person, path, body)
            assert answer.status_code == 400, (path, body)
            assert answer.json()["message"].startswith(message)


def test_how_a_code_is_typed(stage: TOTPStage) -> None:
    """Spaces, dashes and the script of the digits do not matter; what is no code is wrong, however long it is."""
    person, device = stage.with_device()
    code = device.code(stage.now_ms)
    odd = ("١٢٣", code[:5], code + "0", "abcdef", "\ud800" * 6, "x" * 100_000, f"{code}{' ' * 100}")
    for number, each in enumerate(odd):
        if number == 4:
            stage.sleep(s=900)
            code = device.code(stage.now_ms)
        assert stage.verify(person, each) == invalid(number % 4 + 1)
    stage.sleep(s=900)

    arabic, full_width = ({ord(str(n)): chr(zero + n) for n in range(10)} for zero in (0x660, 0xFF10))
    for grouped in ("{} {}\n", "{}-{}", "{}\N{EN DASH}{}", "\N{LEFT-TO-RIGHT MARK}{}\N{NO-BREAK SPACE}{}"):
        for script in ({}, arabic, full_width):
            code = device.code(stage.now_ms)
            assert stage.verify(person, grouped.format(code[:3], code[3:]).translate(script)) == OK
            stage.sleep(steps=1)


def made(stage: TOTPStage, person: Person) -> list[str]:
    """Make recovery codes."""
    answer = stage.post(person, "recovery/codes")
    assert answer.json()["status"] == "OK", answer.text
    codes: list[str] = answer.json()["recoveryCodes"]
    return codes


def not_a_recovery_code(failures: int) -> JSON:
    """Return the answer to a wrong recovery code."""
    return {
        "status": "INVALID_RECOVERY_CODE_ERROR",
        "currentNumberOfFailedAttempts": failures,
        "maxNumberOfFailedAttempts": 5,
    }


def test_a_recovery_code_in_the_place_of_a_code(stage: TOTPStage) -> None:
    """It completes a session, once; how it is typed does not matter; and new ones make it void."""
    person, _ = stage.with_device()
    codes = made(stage, person)
    assert len(set(codes)) == 10
    half = stage.half(person)
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert stage.recover(half, typed) == {"status": "OK", "unused": 9}
    assert stage.passes(half).status_code == 200
    assert stage.recover(stage.half(person), codes[0]) == not_a_recovery_code(1)
    assert stage.get(person, "recovery/codes").json() == {"status": "OK", "unused": 9}
    new = made(stage, person)
    assert stage.recover(person, codes[1]) == not_a_recovery_code(2)
    assert stage.recover(person, new[1]) == {"status": "OK", "unused": 9}
    assert stage.told(person)[-6:] == [
        *("recovery_code_used", "sign_in", "sign_in_failed"),
        *("recovery_codes_made", "sign_in_failed", "recovery_code_used"),
    ]


def test_recovery_codes_want_all_factors(stage: TOTPStage) -> None:
    """Who knows the password alone makes none, and finds out none."""
    person, _ = stage.with_device()
    codes = made(stage, person)
    half = stage.half(person)
    answer = stage.post(half, "recovery/codes")
    assert (answer.status_code, answer.json()) == (403, refused(NOT_COMPLETE))
    assert stage.recover(half, codes[0]) == {"status": "OK", "unused": 9}


def test_recovery_codes_are_guessed_at_with_codes(stage: TOTPStage) -> None:
    """Both are counted together."""
    person, device = stage.with_device()
    codes = made(stage, person)
    assert [stage.recover(person, f"0000-{n}") for n in range(3)] == [not_a_recovery_code(n) for n in (1, 2, 3)]
    assert [stage.verify(person, device.wrong(stage.now_ms)) for _ in range(2)] == [invalid(4), invalid(5)]
    limit = {"status": "LIMIT_REACHED_ERROR", "retryAfterMs": 900_000}
    assert [stage.recover(person, codes[0]), stage.verify(person, device.code(stage.now_ms))] == [limit, limit]
    stage.sleep(s=900)
    assert stage.recover(person, codes[0]) == {"status": "OK", "unused": 9}


def test_recovery_codes_of_somebody_else(stage: TOTPStage) -> None:
    """Are none of mine, and stay his."""
    (ada, _), (bob, _) = stage.with_device(), stage.with_device()
    codes = made(stage, bob)
    made(stage, ada)
    assert stage.recover(ada, codes[0]) == not_a_recovery_code(1)
    assert stage.recover(bob, codes[0]) == {"status": "OK", "unused": 9}


def test_recovery_codes_go_with_the_last_device(stage: TOTPStage) -> None:
    """They stand in for devices; those of a new one are others."""
    person, _ = stage.with_device("Phone")
    codes = made(stage, person)
    stage.post(person, "device/remove", {"deviceName": "Phone"})
    new = stage.add(person, "Phone")
    stage.post(person, "device/verify", {"deviceName": "Phone", "totp": new.code(stage.now_ms)})
    assert stage.get(person, "recovery/codes").json() == {"status": "OK", "unused": 0}
    assert stage.recover(person, codes[0]) == not_a_recovery_code(1)


def test_who_signed_out_or_was_deleted_changes_nothing(stage: TOTPStage) -> None:
    """Though the access token is good for a while still."""
    person, device = stage.with_device()
    gone, _ = stage.with_device()
    stage.client.post("/auth/signout", headers=person.headers)
    stage.auth.services.storage.delete_user(gone.user_id, now_ms=stage.now_ms)
    bodies: dict[str, JSON] = {
        "device": {},
        "device/remove": {"deviceName": device.name},
        "device/verify": {"deviceName": device.name, "totp": "123456"},
        "verify": {"totp": device.code(stage.now_ms)},
        "recovery/codes": {},
        "recovery/verify": {"recoveryCode": "1"},
    }
    for who in (person, gone):
        for path, body in bodies.items():
            assert stage.post(who, path, body).status_code == 401, path
    assert stage.devices(stage.sign_in(person)) == {device.name: True}
    assert stage.client.post("/auth/totp/device", json={}).json() == {"message": "unauthorised"}


def test_no_secret_in_store_log_or_event(stage: TOTPStage, caplog: pytest.LogCaptureFixture) -> None:
    """The store has it sealed, and recovery codes hashed; nobody tells of either, nor of codes."""
    caplog.set_level(logging.DEBUG)
    person, device = stage.with_device()
    code, wrong = device.code(stage.now_ms), device.wrong(stage.now_ms)
    codes = made(stage, person)
    for answer in (stage.verify(person, wrong), stage.verify(person, code), stage.recover(person, codes[0])):
        assert answer is not None
    (sealed,) = sealed_secrets(stage, person)
    assert device.secret not in sealed
    assert secret_bytes(device) not in sealed.encode()
    told = [repr(each) for each in stage.events if each.user_id == person.user_id]
    assert len(told) >= 5
    spoken = "\n".join((*told, caplog.text))
    assert not any(each in spoken for each in (device.secret, codes[0], codes[1], code, wrong))


def test_the_answer_has_the_token_of_the_session(stage: TOTPStage) -> None:
    """It is the same session after a code, and a wrong one changes nothing."""
    person, device = stage.with_device()
    half = stage.half(person)
    answer = stage.post(half, "verify", {"totp": device.wrong(stage.now_ms)})
    assert "front-token" not in answer.headers
    answer = stage.post(half, "verify", {"totp": device.code(stage.now_ms)})
    assert "front-token" in answer.headers
    assert bearer(answer) == half.headers
