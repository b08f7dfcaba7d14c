"""The recipe of `examples/organisations`, over HTTP and on real databases, with nothing of it in the library."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI
from typing_extensions import override

import organisations
from authweave.app import App, init, set_default_app
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailverification import VerificationEmailTemplateVars
from authweave.recipe.session import SessionClaimValidator, SessionContainer
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo
from organisations import InvitationMail, OrganisationClaim, has_role_in_organisation
from organisations.store import ORGANISATIONS
from tests.databases import KINDS, new_database
from tests.integration.http.serving import bearer, form, jwt_part, serving
from tests.patience import PATIENCE_S, PATIENT

NOW_MS = 1_800_000_000_000
OK = {"status": "OK"}


@attrs.define
class Mailbox(EmailDeliveryInterface):
    """Keeps the links of mails, by the addresses that they are sent to."""

    links: dict[str, str] = attrs.field(factory=dict[str, str])

    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        if isinstance(template_vars, InvitationMail):
            self.links[template_vars.email] = template_vars.invitation_link
        elif isinstance(template_vars, VerificationEmailTemplateVars):
            self.links[template_vars.user.email] = template_vars.email_verify_link

    def token(self, email: str) -> str:
        """Return the token that was last sent to an address."""
        return parse_qs(urlsplit(self.links[email]).query)["token"][0]


@attrs.define
class FakeClock:
    """A clock that is set by hand."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        """Return milliseconds since the epoch."""
        return self.now_ms


@attrs.frozen
class Person:
    """
    Somebody with a session.

    Attributes:
        client: sends no cookies.
        user_id: the user's.
        email: the address, which is verified.
    """

    client: httpx2.Client
    user_id: str
    email: str

    def ask(self, path: str, **body: JSON) -> dict[str, JSON]:
        """Post a body, and return the answer; a new access token is used from then on."""
        response = self.client.post(f"/auth/organisations{path}", json=body)
        assert response.status_code == 200, response.text
        return self.seen(response)

    def look(self, path: str = "") -> dict[str, JSON]:
        """Get something."""
        response = self.client.get(f"/auth/organisations{path}")
        assert response.status_code == 200, response.text
        return self.seen(response)

    def seen(self, response: httpx2.Response) -> dict[str, JSON]:
        """Return an answer, and use the access token that it has."""
        if "st-access-token" in response.headers:
            self.client.headers.update(bearer(response))
        return cast("dict[str, JSON]", response.json())  # every answer is an object

    def create(self, name: str = "Acme") -> str:
        """Make an organisation, and return its id."""
        made = self.ask("", name=name)
        return cast("dict[str, str]", made["organisation"])["organisationId"]  # as the recipe answers

    @property
    def in_use(self) -> JSON:
        """What the session says."""
        token = self.client.headers["authorization"].removeprefix("Bearer ")
        return cast("dict[str, JSON]", jwt_part(token, 1)["organisation"])["v"]  # as the claim writes it


@attrs.frozen
class Stage:
    """An application that is served."""

    auth: App
    address: str
    clock: FakeClock
    mailbox: Mailbox
    clients: list[httpx2.Client] = attrs.field(factory=list[httpx2.Client])

    def person(self, *, verified: bool = True, base: str = "/auth", email: str | None = None) -> Person:
        """Sign somebody up who is new."""
        email = email or f"{secrets.token_hex(8)}@example.com"
        client = httpx2.Client(base_url=self.address, verify=False, timeout=PATIENCE_S)
        self.clients.append(client)
        signed_up = client.post(f"{base}/signup", json=form(email), headers={"st-auth-mode": "header"})
        client.cookies.clear()
        client.headers.update(bearer(signed_up))
        if verified:
            assert client.post("/auth/user/email/verify/token", json={}).json() == OK
            body = {"method": "token", "token": self.mailbox.token(email)}
            assert client.post(f"{base}/user/email/verify", json=body).json()["status"] == "OK"
        client.headers["refresh"] = signed_up.headers["st-refresh-token"]
        return Person(client, signed_up.json()["user"]["id"], email)

    def member(self, owner: Person, organisation_id: str, role: str = "member") -> Person:
        """Sign somebody up who joins."""
        person = self.person()
        assert owner.ask("/invite", organisationId=organisation_id, email=person.email, role=role) == OK
        assert person.ask("/accept", token=self.mailbox.token(person.email))["status"] == "OK"
        return person


@pytest.fixture(scope="module", params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a database without tables is to be."""
    with new_database(request, tmp_path_factory.mktemp("auth")) as made:
        yield made


async def admins(
    validators: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for a role."""
    return [*validators, has_role_in_organisation("owner", "admin")]


async def anybody(
    validators: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for an organisation, and look whenever the session is used."""
    return [*validators, has_role_in_organisation(max_age_in_seconds=-1)]


Admin = Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=admins))]
Anybody = Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=anybody))]


@pytest.fixture(scope="module")
def stage(url: str) -> Iterator[Stage]:
    """Serve an application, with two routes of its own that ask for roles."""
    mailbox, clock = Mailbox(), FakeClock()
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            organisations.init(roles=["billing"], max_members=6, max_organisations=3, invitation_lifetime_s=100),
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            session.init(),
        ],
        storage=url,
        storage_options=attrs.evolve(PATIENT, migrate=True),
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        secret=b"0123456789abcdef" * 2,
        email_delivery=EmailDeliveryConfig(service=mailbox),
        clock=clock,
        debug=True,
    )
    auth.services.storage.create_tenant("other")
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/settings")
    async def settings(session: Admin) -> dict[str, str] | None:
        return await session.get_claim_value(OrganisationClaim)

    @app.get("/work")
    async def work(session: Anybody) -> dict[str, str] | None:
        return await session.get_claim_value(OrganisationClaim)

    with serving(app) as address:
        made = Stage(auth, address, clock, mailbox)
        yield made
        for client in made.clients:
            client.close()
    auth.close()
    set_default_app(None)


@pytest.fixture
def ada(stage: Stage) -> Person:
    """Sign somebody up who makes organisations."""
    stage.clock.now_ms = NOW_MS
    return stage.person()


def test_who_makes_an_organisation_owns_it(ada: Person) -> None:
    """The session uses it; the name is trimmed; there are so many at most."""
    made = ada.ask("", name=" Acme ")
    organisation_id = cast("dict[str, JSON]", made["organisation"])["organisationId"]
    organisation = {"organisationId": organisation_id, "tenantId": "public", "name": "Acme", "createdAtMs": NOW_MS}
    assert made == {"status": "OK", "organisation": organisation}
    assert ada.in_use == {"id": organisation_id, "role": "owner"}
    membership = {"organisationId": organisation_id, "name": "Acme", "role": "owner", "joinedAtMs": NOW_MS}
    assert ada.look() == {"status": "OK", "organisations": [membership], "inUse": organisation_id}
    member = {"userId": ada.user_id, "role": "owner", "joinedAtMs": NOW_MS, "emails": [ada.email]}
    assert ada.look(f"/members?organisationId={organisation_id}") == {"status": "OK", "members": [member]}
    assert [ada.ask("", name=each)["status"] for each in "23"] == ["OK", "OK"]
    assert ada.ask("", name="4") == {"status": "TOO_MANY_ORGANISATIONS_ERROR", "limit": 3}


def test_an_invitation_is_accepted_once(stage: Stage, ada: Person) -> None:
    """By whoever has verified the address; the session uses the organisation then, and its routes open."""
    organisation_id = ada.create()
    bob, eve = stage.person(), stage.person()
    assert ada.ask("/invite", organisationId=organisation_id, email=f" {bob.email.upper()}", role="admin") == OK
    token = stage.mailbox.token(bob.email)
    assert stage.mailbox.links[bob.email].startswith("http://localhost:3000/auth/accept-invitation?token=")
    assert eve.ask("/accept", token=token) == {"status": "ADDRESS_NOT_VERIFIED_ERROR"}
    assert bob.client.get("/settings").status_code == 403
    assert cast("dict[str, JSON]", bob.ask("/accept", token=token)["membership"])["role"] == "admin"
    assert bob.in_use == {"id": organisation_id, "role": "admin"}
    assert bob.client.get("/settings").json() == bob.in_use
    for person in (bob, eve):
        assert person.ask("/accept", token=token) == {"status": "INVALID_INVITATION_ERROR"}


def test_the_address_has_to_be_verified(stage: Stage, ada: Person) -> None:
    """To have it, and to have the token, is not enough: somebody may have signed up with it before its owner."""
    organisation_id = ada.create()
    squatter = stage.person(verified=False)
    assert ada.ask("/invite", organisationId=organisation_id, email=squatter.email) == OK
    token = stage.mailbox.token(squatter.email)
    assert squatter.ask("/accept", token=token) == {"status": "ADDRESS_NOT_VERIFIED_ERROR"}


def test_nobody_learns_who_has_an_account(stage: Stage, ada: Person) -> None:
    """The answer is the same, byte by byte, and a mail is sent, whether the address is a user's or nobody's."""
    organisation_id = ada.create()
    known, unknown = stage.person().email, f"{secrets.token_hex(8)}@example.com"
    stage.mailbox.links.clear()
    answers = [
        ada.client.post("/auth/organisations/invite", json={"organisationId": organisation_id, "email": email})
        for email in (known, unknown)
    ]
    assert (answers[0].status_code, answers[0].content) == (answers[1].status_code, answers[1].content)
    assert stage.mailbox.links.keys() == {known, unknown}


def test_an_invitation_ends(stage: Stage, ada: Person) -> None:
    """By its time, by being revoked, and by another one for the address."""
    organisation_id = ada.create()
    bob = stage.person()
    asked = {"organisationId": organisation_id, "email": bob.email}
    assert ada.ask("/invite", **asked) == OK
    first = stage.mailbox.token(bob.email)
    assert ada.ask("/invite", **asked) == OK
    second = stage.mailbox.token(bob.email)
    assert ada.ask("/invite/revoke", **asked) == OK
    assert ada.ask("/invite/revoke", **asked) == {"status": "INVALID_INVITATION_ERROR"}
    assert ada.ask("/invite", **asked) == OK
    stage.clock.now_ms += 100_000
    for token in (first, second, stage.mailbox.token(bob.email), "nonsense", "0" * 64):
        assert bob.ask("/accept", token=token) == {"status": "INVALID_INVITATION_ERROR"}


def test_a_session_is_switched(stage: Stage, ada: Person) -> None:
    """A new session uses what was joined first; one is never in an organisation that nobody has chosen."""
    first, second = ada.create("First"), ada.create("Second")
    assert ada.in_use == {"id": second, "role": "owner"}
    assert ada.ask("/switch", organisationId=first) == OK
    assert ada.in_use == {"id": first, "role": "owner"}
    theirs = stage.person().create()
    assert ada.ask("/switch", organisationId=theirs) == {"status": "UNKNOWN_ORGANISATION_ERROR"}
    assert ada.ask("/delete", organisationId=first) == OK
    refreshed = ada.client.post("/auth/session/refresh", headers={"authorization": f"Bearer {refresh_token(ada)}"})
    ada.seen(refreshed)
    assert ada.in_use == {}
    assert ada.client.get("/work").status_code == 403
    assert ada.ask("/switch", organisationId=second) == OK
    assert ada.client.get("/work").json() == {"id": second, "role": "owner"}
    again = ada.client.post("/auth/signin", json=form(ada.email), headers={"st-auth-mode": "header"})
    ada.seen(again)
    assert ada.in_use == {"id": second, "role": "owner"}


def refresh_token(person: Person) -> str:
    """Return the refresh token that somebody has."""
    return person.client.headers["refresh"]


def test_who_is_removed_is_out(stage: Stage, ada: Person) -> None:
    """At once for the recipe's own routes and for those that look; elsewhere with the refresh."""
    organisation_id = ada.create()
    bob = stage.member(ada, organisation_id, "admin")
    assert ada.ask("/members", organisationId=organisation_id, userId=bob.user_id, role=None) == OK
    assert bob.look(f"/members?organisationId={organisation_id}") == {"status": "UNKNOWN_ORGANISATION_ERROR"}
    invited = bob.ask("/invite", organisationId=organisation_id, email="x@example.com")
    assert invited == {"status": "UNKNOWN_ORGANISATION_ERROR"}
    assert bob.client.get("/settings").status_code == 200
    refused = bob.client.get("/work")
    assert (refused.status_code, refused.json()["claimValidationErrors"]) == (
        403,
        [
            {
                "id": "organisation",
                "reason": {"message": "wrong value", "expectedToIncludeAtLeastOneOf": [], "actualValue": None},
            }
        ],
    )
    bob.seen(bob.client.post("/auth/session/refresh", headers={"authorization": f"Bearer {refresh_token(bob)}"}))
    assert bob.client.get("/settings").status_code == 403


def test_the_last_owner_stays(stage: Stage, ada: Person) -> None:
    """Also of two who leave at once."""
    organisation_id = ada.create()
    me = {"organisationId": organisation_id, "userId": ada.user_id}
    for role in (None, "admin", "member"):
        assert ada.ask("/members", **me, role=role) == {"status": "LAST_OWNER_ERROR"}
    bob = stage.member(ada, organisation_id, "owner")

    def leave(person: Person) -> JSON:
        return person.ask("/members", organisationId=organisation_id, userId=person.user_id, role=None)["status"]

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(leave, (ada, bob)), key=str) == ["LAST_OWNER_ERROR", "OK"]


def test_of_two_who_accept_at_once_one_joins(stage: Stage, ada: Person) -> None:
    """With one token, in two sessions of one user."""
    organisation_id = ada.create()
    bob = stage.person()
    assert ada.ask("/invite", organisationId=organisation_id, email=bob.email) == OK
    token = stage.mailbox.token(bob.email)

    def accept(_: int) -> JSON:
        answer = bob.client.post("/auth/organisations/accept", json={"token": token})
        return cast("dict[str, JSON]", answer.json())["status"]  # as the recipe answers

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(accept, range(4)), key=str)
    assert answers == ["INVALID_INVITATION_ERROR"] * 3 + ["OK"]
    listed = ada.look(f"/members?organisationId={organisation_id}")
    assert len(cast("list[JSON]", listed["members"])) == 2


def test_what_a_role_allows(stage: Stage, ada: Person) -> None:
    """Admins manage all but owners, others nobody; a role of the application is a member's here."""
    organisation_id = ada.create()
    bob, cy = stage.member(ada, organisation_id, "admin"), stage.member(ada, organisation_id, "billing")
    no = {"status": "NOT_ALLOWED_ERROR"}
    of = {"organisationId": organisation_id}
    assert bob.ask("/members", **of, userId=ada.user_id, role=None) == no
    assert bob.ask("/members", **of, userId=cy.user_id, role="owner") == no
    assert bob.ask("/invite", **of, email="x@example.com", role="owner") == no
    assert bob.ask("/delete", **of) == no
    assert cy.ask("/members", **of, userId=bob.user_id, role=None) == no
    assert cy.ask("/invite", **of, email="x@example.com") == no
    assert cy.ask("/invite/revoke", **of, email="x@example.com") == no
    assert bob.ask("/members", **of, userId=cy.user_id, role="member") == OK
    assert cy.ask("/members", **of, userId=cy.user_id, role=None) == OK
    assert bob.ask("/members", **of, userId=cy.user_id, role=None) == {"status": "UNKNOWN_MEMBER_ERROR"}


def test_an_organisation_is_one_of_its_tenant(stage: Stage, ada: Person) -> None:
    """A session of another tenant does not find it, and its invitations do not work there."""
    organisation_id = ada.create()
    abroad = stage.person(base="/auth/other", email=ada.email)
    bob = stage.person(base="/auth/other")
    assert ada.ask("/invite", organisationId=organisation_id, email=bob.email) == OK
    assert bob.ask("/accept", token=stage.mailbox.token(bob.email)) == {"status": "INVALID_INVITATION_ERROR"}
    assert abroad.ask("/switch", organisationId=organisation_id) == {"status": "UNKNOWN_ORGANISATION_ERROR"}
    abroad.create("Abroad")
    assert [each["name"] for each in cast("list[dict[str, JSON]]", abroad.look()["organisations"])] == ["Abroad"]


def test_a_deleted_user_is_no_member(stage: Stage, ada: Person) -> None:
    """Nor is what the user has invited valid. The application may name another owner."""
    organisation_id = ada.create()
    bob, cy = stage.member(ada, organisation_id, "admin"), stage.person()
    assert bob.ask("/invite", organisationId=organisation_id, email=cy.email) == OK
    storage = stage.auth.services.storage
    storage.delete_user(bob.user_id, now_ms=NOW_MS)
    assert cy.ask("/accept", token=stage.mailbox.token(cy.email)) == {"status": "INVALID_INVITATION_ERROR"}
    listed = ada.look(f"/members?organisationId={organisation_id}")
    assert [each["userId"] for each in cast("list[dict[str, JSON]]", listed["members"])] == [ada.user_id]


def test_members_follow_a_link_and_come_back_from_it(stage: Stage, ada: Person) -> None:
    """What either of two users joined the linked one has, once and with the greater role; nothing is left behind."""
    organisation_id, others = ada.create(), stage.person()
    stage.clock.now_ms += 1
    first = stage.member(ada, organisation_id)
    stage.clock.now_ms += 1
    second = stage.member(ada, organisation_id, "owner")
    alone = others.create("Other")
    assert others.ask("/invite", organisationId=alone, email=second.email) == OK
    assert second.ask("/accept", token=stage.mailbox.token(second.email))["status"] == "OK"
    storage = stage.auth.services.storage
    storage.create_primary_user(first.user_id)
    storage.link_accounts(second.user_id, first.user_id)

    def seen(person: Person) -> dict[JSON, JSON]:
        """Return the roles of somebody who looks at it now, by the organisation's name."""
        return {each["name"]: each["role"] for each in cast("list[dict[str, JSON]]", person.look()["organisations"])}

    assert seen(first) == {"Acme": "owner", "Other": "member"}
    listed = cast("list[dict[str, JSON]]", ada.look(f"/members?organisationId={organisation_id}")["members"])
    assert [(each["userId"], each["role"]) for each in listed] == [(ada.user_id, "owner"), (first.user_id, "owner")]
    assert listed[1]["emails"] == [first.email, second.email]
    assert ada.ask("/members", organisationId=organisation_id, userId=ada.user_id, role=None) == OK
    of_linked = {"organisationId": organisation_id, "userId": second.user_id}
    assert first.ask("/members", **of_linked, role="member") == {"status": "LAST_OWNER_ERROR"}
    storage.unlink_account(second.user_id, now_ms=NOW_MS)
    assert seen(first) == {"Acme": "member"}
    again = second.client.post("/auth/signin", json=form(second.email), headers={"st-auth-mode": "header"})
    second.seen(again)
    assert seen(second) == {"Acme": "owner", "Other": "member"}


def test_who_is_out_of_the_tenant_is_out_of_its_organisations(stage: Stage, ada: Person) -> None:
    """And a tenant that is deleted takes its organisations along."""
    organisation_id = ada.create()
    bob = stage.member(ada, organisation_id)
    storage = stage.auth.services.storage
    storage.remove_from_tenant(bob.user_id, "public")
    assert len(cast("list[JSON]", ada.look(f"/members?organisationId={organisation_id}")["members"])) == 1
    storage.create_tenant("passing")
    abroad = stage.person(base="/auth/passing")
    abroad.create()
    storage.delete_tenant("passing")
    assert storage.part(ORGANISATIONS).memberships([abroad.user_id], "passing") == ()


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("", {}, "name"),
        ("", {"name": 7}, "name"),
        ("", {"name": "  "}, "name"),
        ("", {"name": "x" * 101}, "name"),
        ("", {"name": "two\nlines"}, "name"),
        ("", {"name": "nul\0"}, "name"),
        ("/switch", {"organisationId": None}, "organisationId"),
        ("/invite", {"organisationId": "x", "email": "ada"}, ""),
        ("/members", {"organisationId": "x", "userId": "x"}, "role"),
        ("/accept", {"token": ["x"]}, "token"),
    ],
)
def test_bad_input_is_named(ada: Person, path: str, body: dict[str, JSON], said: str) -> None:
    """The answer is 400 and says which field; an organisation that there is not is unknown."""
    response = ada.client.post(f"/auth/organisations{path}", json=body)
    if said:
        assert (response.status_code, said in response.json()["message"]) == (400, True), response.text
    else:
        assert response.json() == {"status": "UNKNOWN_ORGANISATION_ERROR"}


@pytest.mark.parametrize("email", ["ada", "a@b, c@d", "x" * 400 + "@example.com", "nul\0@example.com", "a\n@b.com"])
def test_no_mail_goes_to_what_is_no_address(stage: Stage, ada: Person, email: str) -> None:
    """The answer is 400, and so it is for a role that there is not."""
    organisation_id = ada.create()
    stage.mailbox.links.clear()
    for body in ({"email": email}, {"email": ada.email, "role": "boss"}):
        asked = {"organisationId": organisation_id, **body}
        assert ada.client.post("/auth/organisations/invite", json=asked).status_code == 400
    assert stage.mailbox.links == {}


def test_nobody_is_asked_without_a_session(stage: Stage) -> None:
    """The answer is 401, of each route."""
    routes = [each for each in stage.auth.endpoints.routes.routes if each.path.startswith("/organisations")]
    assert len(routes) == 9
    with httpx2.Client(base_url=stage.address, verify=False, timeout=PATIENCE_S) as client:
        for each in routes:
            assert client.request(each.method.upper(), f"/auth{each.path}", json={}).status_code == 401


def test_the_store_has_no_token(stage: Stage, ada: Person, url: str) -> None:
    """Who reads the database cannot accept an invitation."""
    assert ada.ask("/invite", organisationId=ada.create(), email="x@example.com") == OK
    if url.startswith("sqlite"):
        token = stage.mailbox.token("x@example.com").encode()
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert all(token not in path.read_bytes() for path in folder.iterdir())
