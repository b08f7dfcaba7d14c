"""Signing in by codes and links over HTTP: the lines of the frontends' acceptance checklist, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Connection
from typing_extensions import override

from authweave.hooks import on_user_created
from authweave.kernel import UserContext
from authweave.recipe import accountlinking, attempts, multitenancy
from authweave.recipe.passwordless import (
    ContactConfig,
    ContactEmailOnlyConfig,
    ContactEmailOrPhoneConfig,
    ContactPhoneOnlyConfig,
    EmailChangeNotAllowedError,
    FlowType,
    PasswordlessLoginEmailTemplateVars,
    UpdateUserOkResult,
)
from authweave.storage import AccountInfo, Storage
from authweave.types import JSON, RecipeUserId, User
from tests.patience import PATIENT
from tests.stores import open_whole
from tests.unit.recipe.session.serving import HandClock

from .passwordless_app import (
    A_CLIENT,
    OK,
    OTHER_CLIENT,
    RESTART,
    START_MS,
    Sent,
    Site,
    Sites,
    Template,
    a_number,
    at,
    codes,
    incorrect,
    link_verified,
    no_sign_in_up,
    other_device_id,
    served,
    sites,
    somebody,
)
from .serving import bearer, form, jwt_part
from .test_linking_by_password import NOT_LINKED
from .test_linking_by_provider import NOT_ALLOWED

FLOWS: tuple[FlowType, ...] = ("USER_INPUT_CODE", "MAGIC_LINK", "USER_INPUT_CODE_AND_MAGIC_LINK")


@pytest.fixture(scope="module")
def storage(database_url: str) -> Iterator[Storage]:
    """Open a store on each database, which all tests share: each has addresses of its own."""
    opened = open_whole(database_url, PATIENT)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def both(storage: Storage) -> Iterator[Sites]:
    """Serve the applications."""
    with sites(storage) as made:
        yield made


@pytest.fixture
def site(both: Sites) -> Site:
    """Return the one that links nothing."""
    both.plain.clock.now_ms = START_MS
    return both.plain


@pytest.fixture
def linking(both: Sites) -> Site:
    """Return the one that links accounts."""
    both.linking.clock.now_ms = START_MS
    return both.linking


def test_what_is_sent(storage: Storage) -> None:
    """As the configuration says, to whom it says; a second factor is a code, whatever that is (line 43)."""
    contacts: dict[str, ContactConfig] = {
        "email": ContactEmailOnlyConfig(),
        "phone": ContactPhoneOnlyConfig(),
        "either": ContactEmailOrPhoneConfig(),
    }
    sent = Sent()
    recipe_lists = {
        f"/{name}-{flow.lower()}": [
            codes(sent, contact, flow),
            attempts.init(enabled=False),
            accountlinking.init(should_do_automatic_account_linking=link_verified),
        ]
        for name, contact in contacts.items()
        for flow in FLOWS
    }
    with served(storage, recipe_lists, sent, HandClock(START_MS)) as by_base:
        for name, contact in contacts.items():
            for flow in FLOWS:
                site = by_base[f"/{name}-{flow.lower()}"]
                kinds = {"email": [somebody()], "phone": [a_number()], "either": [somebody(), a_number()]}[name]
                for to in kinds:
                    key = "email" if "@" in to else "phoneNumber"
                    for headers in (None, site.by_password(somebody())[0]):
                        body: dict[str, JSON] = {key: to, "shouldTryLinkingWithSessionUser": headers is not None}
                        answer = site.post("/signinup/code", body, headers).json()
                        expected = flow if headers is None else "USER_INPUT_CODE"
                        assert (answer["status"], answer["flowType"]) == ("OK", expected), (name, contact, headers)
                        message = sent.messages[-1]
                        assert message.is_first_factor == (headers is None)
                        assert (message.user_input_code is None) == (expected == "MAGIC_LINK")
                        assert (message.url_with_link_code is None) == (expected == "USER_INPUT_CODE")
                        assert isinstance(message, PasswordlessLoginEmailTemplateVars) == (key == "email")


def test_the_link_leads_to_the_websites_page(site: Site) -> None:
    """It names the browser and the tenant; what is secret stands where browsers keep it to themselves."""
    to = somebody()
    browser = site.ask(to.upper())
    assert isinstance(browser.message, PasswordlessLoginEmailTemplateVars)
    link = urlsplit(browser.link)
    assert (link.scheme, link.netloc, link.path) == ("http", "localhost:3000", "/auth/verify")
    assert parse_qs(link.query) == {"preAuthSessionId": [browser.pre_auth_session_id], "tenantId": ["public"]}
    assert len(link.fragment) == 43
    assert (browser.message.email, browser.message.code_life_time) == (to.upper(), 900_000)


def test_the_texts_of_bad_requests_and_their_order(site: Site) -> None:
    """What a request lacks is told in one order (line 44), also where it has a session that is none."""
    create, resend, consume = ("/signinup/code", "/signinup/code/resend", "/signinup/code/consume")
    one = "Please provide exactly one of email or phoneNumber"
    either = "Please provide one of (linkCode) or (deviceId+userInputCode) and not both"
    both = "Please provide both deviceId and userInputCode"
    cases: list[tuple[str, dict[str, JSON], str]] = [
        (create, {}, one),
        (create, {"email": "a@example.com", "phoneNumber": "+491512345"}, one),
        (create, {"email": None}, "Please provide the email as a string"),
        (create, {"phoneNumber": ["+49"]}, "Please provide the phoneNumber as a string"),
        (resend, {}, "Please provide preAuthSessionId"),
        (resend, {"preAuthSessionId": "p"}, "Please provide deviceId"),
        (consume, {"linkCode": "l"}, "Please provide preAuthSessionId"),
        (consume, {"preAuthSessionId": "p"}, either),
        (consume, {"preAuthSessionId": "p", "linkCode": "l", "deviceId": "d"}, either),
        (consume, {"preAuthSessionId": "p", "linkCode": "l", "userInputCode": "1"}, either),
        (consume, {"preAuthSessionId": "p", "deviceId": "d"}, both),
        (consume, {"preAuthSessionId": "p", "userInputCode": "1"}, both),
        (consume, {"preAuthSessionId": 1, "linkCode": "l"}, "Please provide the preAuthSessionId as a string"),
        (consume, {"preAuthSessionId": "p", "linkCode": {}}, "Please provide the linkCode as a string"),
        (
            consume,
            {"preAuthSessionId": "p", "deviceId": "d", "userInputCode": "1" * 65},
            "userInputCode is longer than the 64 characters that are allowed",
        ),
    ]
    for path, body, message in cases:
        answer = site.post(path, {**body, "shouldTryLinkingWithSessionUser": True})
        assert (answer.status_code, answer.json()) == (400, {"message": message}), (path, body)


def test_what_the_application_does_not_take(storage: Storage) -> None:
    """An address where people sign in by numbers, and the other way round (line 44); nor does it tell of them."""
    sent = Sent()
    contacts: dict[str, ContactConfig] = {"/email": ContactEmailOnlyConfig(), "/phone": ContactPhoneOnlyConfig()}
    recipe_lists = {base: [codes(sent, contact)] for base, contact in contacts.items()}
    with served(storage, recipe_lists, sent, HandClock(START_MS)) as by_base:
        email, phone = by_base["/email"], by_base["/phone"]
        answer = email.post("/signinup/code", {"phoneNumber": "+49"})
        assert (answer.status_code, answer.json()["message"]) == (
            400,
            'Please provide an email since you have set the contactMethod to "EMAIL"',
        )
        answer = phone.post("/signinup/code", {"email": "a"})
        assert (answer.status_code, answer.json()["message"]) == (
            400,
            'Please provide a phoneNumber since you have set the contactMethod to "PHONE"',
        )
        browser = email.ask(somebody())
        assert phone.resend(browser).json() == RESTART
        assert phone.client.get("/phone/passwordless/email/exists?email=a@example.com").status_code == 404
    assert len(sent.messages) == 1


def test_a_code_is_guessed_at_four_times(site: Site) -> None:
    """The fifth time the browser has to begin again, and the right code is worth nothing any more (line 45)."""
    browser = site.ask(somebody())
    wrong = browser.with_code(browser.wrong_code)
    assert [site.consume(wrong).json() for _ in range(4)] == [incorrect(count) for count in range(1, 5)]
    assert site.resend(browser).json() == OK  # what failed is not forgotten
    assert [site.consume(wrong).json(), site.consume(browser.with_code()).json()] == [RESTART, RESTART]
    assert site.consume(browser.with_link()).json() == RESTART
    assert site.resend(browser).json() == RESTART


def test_codes_stay_good_when_another_is_sent(site: Site) -> None:
    """Each may be used (line 46), and the first that is voids the others."""
    browser = site.ask(somebody())
    assert site.resend(browser).json() == OK
    later = site.sent.messages[-1]
    assert later.pre_auth_session_id == browser.pre_auth_session_id
    assert site.consume(browser.with_code()).json()["status"] == "OK"
    assert site.consume(browser.with_code(later.user_input_code)).json() == RESTART


def test_a_link_is_followed_elsewhere(site: Site) -> None:
    """Without the id of the browser that asked (line 47); once, and no GET changes anything."""
    browser = site.ask(somebody())
    link = browser.with_link()
    for path in ("/signinup/code/consume", "/signinup/code", "/verify"):
        found = site.client.get(f"{site.base}{path}", params={name: str(value) for name, value in link.items()})
        assert found.status_code in {404, 405}
    answer = site.consume(link)
    assert (answer.json()["status"], answer.json()["createdNewRecipeUser"]) == ("OK", True)
    assert jwt_part(bearer(answer)["authorization"].removeprefix("Bearer "), 1)["sub"] == answer.json()["user"]["id"]
    assert [site.consume(body).json() for body in (link, browser.with_code())] == [RESTART, RESTART]


def test_what_is_not_sent_signs_nobody_in(storage: Storage) -> None:
    """Where there are links alone, the code that a link is made of is not to be guessed; nor with a session."""
    sent = Sent()
    recipes = [codes(sent, flow_type="MAGIC_LINK"), attempts.init(enabled=False)]
    with served(storage, {"/links": recipes}, sent, HandClock(START_MS)) as by_base:
        site, email = by_base["/links"], somebody()
        headers, _ = site.by_password(somebody())
        made = site.run(lambda functions: functions.create_code(email, None, None, None, None, "public", UserContext()))
        name = {"preAuthSessionId": made.pre_auth_session_id}
        code: dict[str, JSON] = {**name, "deviceId": made.device_id, "userInputCode": made.user_input_code}
        older = {**headers, "fdi-version": "3.0"}
        assert [site.post("/signinup/code/consume", code, each).status_code for each in ({}, older)] == [401, 400]
        assert site.consume({**name, "linkCode": made.link_code}).json()["status"] == "OK"


def test_a_mail_goes_to_the_address_that_is_stored(site: Site) -> None:
    """As it was typed but for letters that become others: those may be a mailbox of somebody else."""
    name = somebody().removeprefix("ann")
    for typed, reached in (
        (f"Kate{name}", f"Kate{name}"),
        (f"\u212aate{name}", f"kate{name}"),
        (f"jose\u0301{name}", f"jos\u00e9{name}"),
        (f"JOS\u00c9{name}", f"jos\u00e9{name}"),
    ):
        message = site.ask(typed).message
        assert isinstance(message, PasswordlessLoginEmailTemplateVars)
        assert message.email == reached


def test_who_is_signed_in_has_no_code_left(site: Site) -> None:
    """In no browser (line 48); codes for somebody else stay."""
    ann, bob = somebody(), a_number()
    first, second, other = site.ask(ann), site.ask(ann, client=OTHER_CLIENT), site.ask(bob)
    assert site.consume(first.with_code()).json()["status"] == "OK"
    assert [site.consume(body).json() for body in (second.with_code(), second.with_link())] == [RESTART, RESTART]
    assert site.consume(other.with_code()).json()["status"] == "OK"


@pytest.mark.parametrize("made", [somebody, a_number])
def test_a_client_has_one_open_device(site: Site, made: Callable[[], str]) -> None:
    """For an address or number in a tenant: asked again, it begins anew; what others asked for stays good."""
    to = made()
    first, other = site.ask(to), site.ask(to, client="2001:db8::1")
    elsewhere, for_another = site.ask(to, tenant="/t1"), site.ask(made())
    second = site.ask(to)
    for body in (first.with_code(), first.with_link()):
        assert site.consume(body).json() == RESTART
    assert site.resend(first).json() == RESTART
    for browser in (second, other):
        assert site.consume(browser.with_code(browser.wrong_code)).json() == incorrect(1)
    assert site.resend(second).json() == OK  # on the device that is there
    assert site.consume(other.with_link() if made is somebody else second.with_code()).json()["status"] == "OK"
    assert site.consume(elsewhere.with_code(), tenant="/t1").json()["status"] == "OK"
    assert site.consume(for_another.with_link()).json()["status"] == "OK"


def test_who_is_not_known_closes_nothing(site: Site) -> None:
    """A client that the proxy does not name might be anybody, and a function is called by none."""
    email = somebody()
    for client in (A_CLIENT, "", ""):
        site.ask(email, client=client)
    for _ in range(2):
        site.run(lambda functions: functions.create_code(email, None, None, None, None, "public", UserContext()))
    assert len(site.run(lambda functions: functions.list_codes_by_email(email, "public", UserContext()))) == 5


def test_a_code_gets_too_old(site: Site) -> None:
    """After a quarter of an hour; it counts as a wrong one (line 49), and a link does not."""
    browser = site.ask(somebody())
    site.clock.now_ms += 899_999
    assert site.resend(browser).json() == OK
    site.clock.now_ms += 1
    expired = {**incorrect(1), "status": "EXPIRED_USER_INPUT_CODE_ERROR"}
    assert site.consume(browser.with_link()).json() == RESTART
    assert site.consume(browser.with_code()).json() == expired
    assert site.consume(browser.with_code(browser.wrong_code)).json() == incorrect(2)
    assert site.consume(browser.with_code(site.sent.messages[-1].user_input_code)).json()["status"] == "OK"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+49 (0)151 / 2345 6789", "+4915123456789"),
        ("\uff0b4915123456780", "+4915123456780"),
        ("+\u0664\u0669 \u0661\u0665\u0661 \u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0661", "+4915123456781"),
        ("tel:+1-650-253-0000", "+16502530000"),
        (" +44 20 7946 0958 ", "+442079460958"),
    ],
)
def test_numbers_are_of_one_form(site: Site, typed: str, number: str) -> None:
    """However they are written (line 50); the message goes there, and so does the user's login method."""
    browser = site.ask(typed)
    assert getattr(browser.message, "phone_number", None) == number
    answer = site.consume(browser.with_code()).json()
    assert answer["user"]["phoneNumbers"] == [number]
    exists = site.client.get(f"{site.base}/passwordless/phonenumber/exists", params={"phoneNumber": typed})
    assert exists.json() == {"status": "OK", "exists": True}


def test_addresses_and_numbers_that_are_none(site: Site) -> None:
    """A person is told (line 50), and nothing is sent: to no premium service, no extension, in no national form."""
    count = len(site.sent.messages)
    numbers = (
        *("", "no number", "0151 23456789", "+49", "+49 900 1 234567", "+1 650 253 0000 ext. 5", "+1 900 234 5678"),
        *("+999 12345678", "+49" + "1" * 100, "\0", "\ud800"),
    )
    for typed in numbers:
        answer = site.post("/signinup/code", {"phoneNumber": typed})
        assert answer.json() == {"status": "GENERAL_ERROR", "message": "Phone number is invalid"}, typed
    emails = (
        *("", "nobody", "a@b", "a b@example.com", "a\0@example.com", f"{'a' * 400}@example.com", "\ud800@example.com"),
        *("a@exa\u200bmple.com", "a\r\nbcc: b@example.com"),
    )
    for typed in emails:
        answer = site.post("/signinup/code", {"email": typed})
        assert answer.json() == {"status": "GENERAL_ERROR", "message": "Email is invalid"}, typed
    assert len(site.sent.messages) == count


def test_who_may_not_sign_up(linking: Site) -> None:
    """Somebody has the address, and has not verified it: no code (ERR 002, line 51); one sent before stays good."""
    email = somebody()
    browser = linking.ask(email)
    _, user_id = linking.by_password(email)
    linking.auth.services.storage.create_primary_user(user_id)
    refused = linking.post("/signinup/code", {"email": email}).json()
    assert refused == no_sign_in_up(NOT_ALLOWED.format("002"))
    answers = [linking.consume(body).json() for body in (browser.with_code(), browser.with_code(browser.wrong_code))]
    assert answers == [refused, incorrect(1)]  # a wrong code tells nothing of the account
    linking.auth.services.storage.delete_user(user_id, now_ms=1)
    assert linking.consume(browser.with_code()).json()["status"] == "OK"


def test_codes_of_an_applications_own(storage: Storage) -> None:
    """They are compared without spaces, dashes and case; one that the browser has is not sent again (line 52)."""
    sent, made = Sent(), iter(["AbC-123", "abc123", "ABC 123", "a-b-c-1-2-3", "next"])

    async def own_code(tenant_id: str, user_context: UserContext) -> str:
        assert tenant_id == "public"
        return next(made)

    recipe = codes(sent, get_custom_user_input_code=own_code)
    with served(storage, {"/own": [recipe, attempts.init(enabled=False)]}, sent, HandClock(START_MS)) as by_base:
        site = by_base["/own"]
        browser = site.ask(somebody())
        assert browser.code == "AbC-123"
        again = site.resend(browser).json()
        assert again == {"status": "GENERAL_ERROR", "message": "Failed to generate a one time code. Please try again"}
        assert site.resend(browser).json() == OK
        assert sent.messages[-1].user_input_code == "next"
        assert site.consume(browser.with_code("a b c \u2013 \uff11\u0662\u0969")).json()["status"] == "OK"


def test_codes_are_typed_in_as_people_do(site: Site) -> None:
    """With spaces and dashes, what cannot be seen, and digits of other scripts; but nothing else counts as one."""
    browser = site.ask(somebody())
    wrong = ("", " -", f"{browser.code}1", browser.code[:5])
    assert [site.consume(browser.with_code(typed)).json() for typed in wrong] == [incorrect(n) for n in range(1, 5)]
    arabic = "".join(chr(0x0660 + int(each)) for each in browser.code)
    typed = f"\u200f {arabic[:3]}\u2011{arabic[3:]}\u200f"
    assert site.consume(browser.with_code(typed)).json()["status"] == "OK"


def test_browsers_that_are_not_known(site: Site) -> None:
    """They begin again, whatever they send for an id; another browser's id does not help."""
    browser, other = site.ask(somebody()), site.ask(somebody())
    stranger = {**browser.with_code(), "deviceId": other.device_id}
    ids = ("", "x", other_device_id(), browser.device_id[:-1], browser.device_id + "=", "\ud800", "\0" * 44)
    for device_id in ids:
        assert site.consume({**browser.with_code(), "deviceId": device_id}).json() == RESTART
        assert site.post("/signinup/code/resend", {"deviceId": device_id, "preAuthSessionId": "p"}).json() == RESTART
    for pre_auth_session_id in ("", "\0", "x" * 5_000, "\ud800", other.pre_auth_session_id):
        assert site.consume({**browser.with_link(), "preAuthSessionId": pre_auth_session_id}).json() == RESTART
    for body in (stranger, {**browser.with_link(), "linkCode": "x" * 43}):
        assert site.consume(body).json() == RESTART
    assert site.consume(browser.with_code(), tenant="/t1").json() == RESTART
    assert site.consume(browser.with_code()).json()["status"] == "OK"


def test_older_frontends_get_the_former_shape(site: Site) -> None:
    """A user without login methods, and another name for what was created (line 53)."""
    browser = site.ask(somebody())
    answer = site.post("/signinup/code/consume", browser.with_code(), {"fdi-version": "1.17"})
    body = answer.json()
    assert (body["status"], body["createdNewUser"]) == ("OK", True)
    assert set(body["user"]) == {"id", "email", "timeJoined"}


def test_codes_are_listed_and_revoked(site: Site) -> None:
    """With what is known of them, but for themselves (line 54)."""
    email, number, context = somebody(), a_number(), UserContext()
    browser, other = site.ask(email), site.ask(number)
    site.resend(browser)
    (listed,) = site.run(lambda functions: functions.list_codes_by_email(email.upper(), "public", context))
    assert listed == site.run(lambda functions: functions.list_codes_by_device_id(browser.device_id, "public", context))
    name = browser.pre_auth_session_id
    assert listed == site.run(lambda functions: functions.list_codes_by_pre_auth_session_id(name, "public", context))
    assert (listed.pre_auth_session_id, listed.email, listed.phone_number) == (name, email, None)
    assert [(each.time_created, each.code_life_time) for each in listed.codes] == [(START_MS, 900_000)] * 2
    site.run(lambda functions: functions.revoke_code(listed.codes[0].code_id, "public", context))
    (left,) = site.run(lambda functions: functions.list_codes_by_email(email, "public", context))
    assert left.codes == listed.codes[1:]
    (texted,) = site.run(lambda functions: functions.list_codes_by_phone_number(number, "public", context))
    assert (texted.email, texted.phone_number, len(texted.codes)) == (None, number, 1)
    site.run(lambda functions: functions.revoke_all_codes(None, number, "public", context))
    assert site.consume(other.with_code()).json() == RESTART


def test_what_cannot_be_sent(site: Site) -> None:
    """A person is told, no code is left to be guessed at, and the next one goes out."""
    email = somebody()
    browser = site.ask(email)
    site.sent.fails = True
    try:
        refused = {"status": "GENERAL_ERROR", "message": "The message could not be sent. Please try again later."}
        for to in ({"email": email}, {"phoneNumber": a_number()}):
            assert site.post("/signinup/code", to, at(OTHER_CLIENT)).json() == refused
        assert site.resend(browser).json() == refused
    finally:
        site.sent.fails = False
    (listed,) = site.run(lambda functions: functions.list_codes_by_email(email, "public", UserContext()))
    assert (listed.pre_auth_session_id, len(listed.codes)) == (browser.pre_auth_session_id, 1)
    assert site.consume(browser.with_code()).json()["status"] == "OK"


def test_what_fails_leaves_nothing_half_written(storage: Storage) -> None:
    """A hook that refuses a new user has the code stay good, and nobody is made."""
    sent, refuses = Sent(), [True]

    @on_user_created
    def refuse(user: User, user_context: UserContext, connection: Connection) -> None:
        if refuses:
            raise ValueError(user.id)

    recipes = [codes(sent), attempts.init(enabled=False)]
    with served(storage, {"/hooked": recipes}, sent, HandClock(START_MS), [refuse]) as by_base:
        site, email = by_base["/hooked"], somebody()
        browser = site.ask(email)
        assert site.consume(browser.with_code()).status_code == 500
        assert storage.find_users("public", AccountInfo(email=email), union=False) == ()
        refuses.clear()
        assert site.consume(browser.with_code()).json()["createdNewRecipeUser"] is True


def test_who_has_an_account_is_told_by_its_route_alone(site: Site) -> None:
    """Asking for a code is answered alike; the route says it of login methods of the recipe."""
    known, unknown = somebody(), somebody()
    site.signed_in(known)
    by_password = somebody()
    site.by_password(by_password)
    answers = [site.post("/signinup/code", {"email": email}).json() for email in (known, unknown)]
    assert [sorted(each) for each in answers] == [["deviceId", "flowType", "preAuthSessionId", "status"]] * 2
    found = [
        site.client.get(f"{site.base}/passwordless/email/exists", params={"email": email}).json()
        for email in (known.upper(), unknown, by_password)
    ]
    assert [each["exists"] for each in found] == [True, False, False]
    for path in ("/passwordless/email/exists", "/passwordless/phonenumber/exists", "/signup/phonenumber/exists"):
        assert site.client.get(f"{site.base}{path}").status_code == 400
        assert site.client.get(f"{site.base}{path}", params={"email": "\0", "phoneNumber": "\0"}).status_code == 400


def test_messages_are_limited(storage: Storage) -> None:
    """Nobody fills another's mailbox; who has signed in may ask again."""
    sent, clock = Sent(), HandClock(START_MS)
    few = attempts.init(account_and_address=attempts.Limit(3, 300))
    with served(storage, {"/limited": [codes(sent), few]}, sent, clock) as by_base:
        site, email = by_base["/limited"], somebody()
        browser = site.ask(email)
        assert site.resend(browser).json() == OK
        assert site.consume(browser.with_code()).json()["status"] == "OK"
        browser = site.ask(email)
        assert [site.resend(browser).status_code for _ in range(3)] == [200, 200, 429]
        assert site.post("/signinup/code", {"email": email}).status_code == 429
        assert site.post("/signinup/code", {"email": somebody()}).status_code == 200
    assert len(sent.messages) == 6


def test_a_message_counts_though_nobody_waits_for_the_answer(storage: Storage) -> None:
    """Where the server gives a request up whose client has left, what it was about to send may be on its way."""

    class Left(Sent):
        @override
        def keep(self, message: Template) -> None:
            super().keep(message)
            raise asyncio.CancelledError

    sent = Left()
    few = attempts.init(account_and_address=attempts.Limit(3, 300))
    with served(storage, {"/left": [codes(sent), few]}, sent, HandClock(START_MS)) as by_base:
        body: dict[str, JSON] = {"email": somebody()}
        assert [by_base["/left"].post("/signinup/code", body).status_code for _ in range(4)] == [500, 500, 500, 429]
    assert len(sent.messages) == 3


def test_a_code_is_a_second_factor(linking: Site) -> None:
    """It becomes a login method of the session's user, who keeps the session; nobody else's (ERR 017)."""
    (headers, user_id), (others, _) = (linking.verified_by_password(somebody()) for _ in range(2))
    number = a_number()
    browser = linking.ask(number, headers)
    assert browser.message.url_with_link_code is None
    answer = linking.consume(browser.with_code(), headers)
    assert (answer.json()["status"], answer.json()["user"]["id"]) == ("OK", user_id), answer.text
    assert answer.json()["user"]["phoneNumbers"] == [number]
    assert "st-access-token" not in answer.headers
    refused = linking.consume(linking.ask(number, others).with_code(), others).json()
    assert refused == no_sign_in_up(NOT_LINKED.format("017"))
    again = linking.consume(linking.ask(number, headers).with_code(), headers)
    assert (again.json()["status"], "st-access-token" in again.headers) == ("OK", False)


def test_the_session_users_own_address_is_verified_first(linking: Site) -> None:
    """Whoever has not verified it gets a code, and meets a 403 when it is used, which it survives (contract 2.2)."""
    email = somebody()
    headers, user_id = linking.by_password(email)
    browser = linking.ask(a_number(), headers)
    refused = linking.consume(browser.with_code(), headers)
    assert (refused.status_code, refused.json()["claimValidationErrors"][0]["id"]) == (403, "st-ev")
    assert linking.consume(browser.with_code(browser.wrong_code), headers).json() == incorrect(1)
    own = linking.ask(email, headers)
    assert linking.consume(own.with_code(own.wrong_code), headers).json() == incorrect(1)
    assert linking.consume(own.with_code(), headers).json()["status"] == "OK"
    assert [each.verified for each in linking.user(user_id).login_methods] == [True, True]
    assert linking.consume(browser.with_code(), headers).json()["status"] == "OK"
    assert sorted(each.phone_number is None for each in linking.user(user_id).login_methods) == [False, True, True]


def test_an_address_that_was_given_unasked(linking: Site) -> None:
    """It is nobody's until somebody signs in by it: nothing is linked by it, and nobody else gets the account."""
    email, number, taken = somebody(), a_number(), somebody()
    _, user_id = linking.signed_in(number)
    _, other_id = linking.verified_by_password(taken)
    refused = linking.run(lambda functions: functions.update_user(RecipeUserId(user_id), taken, None, {}))
    assert isinstance(refused, EmailChangeNotAllowedError)
    changed = linking.run(lambda functions: functions.update_user(RecipeUserId(user_id), email, None, {}))
    assert changed == UpdateUserOkResult()
    by_password = linking.post("/signup", form(email)).json()
    assert (by_password["status"], by_password["reason"][-14:]) == ("SIGN_UP_NOT_ALLOWED", "(ERR_CODE_007)")
    linking.signed_in(number)
    assert [each.verified for each in linking.user(user_id).login_methods] == [False]
    assert linking.signed_in(email)[1] == user_id
    assert [each.verified for each in linking.user(user_id).login_methods] == [True]
    assert [each.email for each in linking.user(other_id).login_methods] == [taken]


def test_what_is_said_of_a_session(site: Site, linking: Site) -> None:
    """A flag without one is refused; older frontends have theirs looked at, newer ones without the flag do not."""
    browser = linking.ask(somebody())
    body: dict[str, JSON] = {**browser.with_code(), "shouldTryLinkingWithSessionUser": True}
    assert linking.consume(body).status_code == 401
    older = {"fdi-version": "3.0"}
    for each, fdi, is_same in ((linking, older, True), (linking, {}, False), (site, older, False)):
        headers, user_id = each.verified_by_password(somebody()) if each is linking else each.by_password(somebody())
        answer = each.post("/signinup/code/consume", each.ask(a_number()).with_code(), {**headers, **fdi})
        assert answer.json()["status"] == "OK", answer.text
        assert (answer.json()["user"]["id"] == user_id, "st-access-token" not in answer.headers) == (is_same, is_same)
    headers, _ = site.by_password(somebody())
    flagged: dict[str, JSON] = {"email": somebody(), "shouldTryLinkingWithSessionUser": True}
    assert site.post("/signinup/code", flagged, headers).status_code == 400


def test_a_disabled_user_gets_no_session(site: Site) -> None:
    """He is told, when he has shown who he is."""
    email = somebody()
    _, user_id = site.signed_in(email)
    site.auth.services.storage.set_disabled(user_id, 1)
    refused = site.consume(site.ask(email).with_code())
    assert refused.json() == {
        "status": "SIGN_IN_UP_NOT_ALLOWED",
        "reason": "Cannot sign in, since this account is disabled. Please contact support.",
    }
    assert "st-access-token" not in refused.headers


def test_tenants(site: Site, storage: Storage) -> None:
    """One address is two users in two of them; where links are no first factor, none is sent, and none signs in."""
    email = somebody()
    _, here = site.signed_in(email)
    there = site.consume(site.ask(email, tenant="/t1").with_code(), tenant="/t1").json()
    assert (there["createdNewRecipeUser"], there["user"]["id"] == here) == (True, False)
    sent = Sent()
    recipes = [codes(sent), attempts.init(enabled=False), multitenancy.init()]
    with served(storage, {"/tenants": recipes}, sent, HandClock(START_MS)) as by_base:
        other = by_base["/tenants"]
        allow(other, ["otp-email"])
        browser, phone = other.ask(email, tenant="/t2"), {"phoneNumber": a_number()}
        assert (browser.message.url_with_link_code, browser.message.user_input_code is None) == (None, False)
        assert other.post("/t2/signinup/code", phone).status_code == 401
        allow(other, ["link-email"])
        assert other.consume(browser.with_code(), tenant="/t2").status_code == 401
        asked = other.post("/t2/signinup/code", {"email": email}, at(OTHER_CLIENT))
        assert asked.json()["flowType"] == "MAGIC_LINK"
        allow(other, None)
        assert other.consume(browser.with_code(), tenant="/t2").json()["status"] == "OK"
        offered = other.client.get("/tenants/t2/loginmethods").json()
        assert offered["passwordless"] == {"enabled": True}
        assert set(offered["firstFactors"]) == {"otp-email", "link-email", "otp-phone", "link-phone", "emailpassword"}


def allow(site: Site, first_factors: list[str] | None) -> None:
    """Say with which first factors people of a tenant may sign in."""
    functions = site.auth.recipe(multitenancy.MultitenancyRecipe).functions
    config = multitenancy.TenantConfigCreateOrUpdate(first_factors=first_factors)
    asyncio.run(functions.create_or_update_tenant("t2", config, UserContext()))
