"""Programs about claims: texts, booleans, lists, validators of one's own, roles, verified addresses."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx2

from authweave.types import JSON
from tests.integration.http.serving import HEADERS, bearer, sign_up
from tests.integration.moved.running import Programs


def invalid(answer: httpx2.Response, status: int = 403) -> list[JSON]:
    """Return which claims an answer says are invalid, by their ids."""
    assert answer.status_code == status, answer.text
    found = answer.json()
    assert found["message"] == "invalid claim"
    return [error["id"] for error in found["claimValidationErrors"]]


def test_plan_claim(programs: Programs) -> None:
    """A claim is in the session from its start, and a validator sees when it changes."""
    with programs.client("plan_claim") as client:
        begun = sign_up(client, "ada@example.com")
        assert client.get("/plan", headers=bearer(begun)).json() == {
            "plan": "free",
            "in_payload": "free",
            "fetched": True,
        }
        refused = client.get("/reports", headers=bearer(begun))
        assert refused.status_code == 403
        error = refused.json()["claimValidationErrors"][0]
        assert error["id"] == "plan"
        assert error["reason"]["expectedValue"] == "pro"
        assert error["reason"]["actualValue"] == "free"
        paid = client.post("/pay", headers=bearer(begun))
        assert paid.json() == {"plan": "pro"}
        user = begun.json()["user"]["id"]
        assert client.get("/reports", headers=bearer(paid)).json() == {"reports": [user]}


def test_terms_claim(programs: Programs) -> None:
    """A global validator asks everywhere, but where a route leaves it out."""
    with programs.client("terms_claim") as client:
        begun = sign_up(client, "ada@example.com")
        assert invalid(client.get("/inside", headers=bearer(begun))) == ["terms"]
        agreed = client.post("/agree", headers=bearer(begun))
        assert agreed.json() == {"agreed": True}
        assert client.get("/inside", headers=bearer(agreed)).json() == {"agreed": True}
        withdrawn = client.post("/withdraw", headers=bearer(agreed))
        assert withdrawn.json() == {"agreed": None}
        assert invalid(client.get("/inside", headers=bearer(withdrawn))) == ["terms"]


def test_teams_claim(programs: Programs) -> None:
    """Validators of lists, with their ids, before a route and inside of it."""
    with programs.client("teams_claim") as client:
        begun = sign_up(client, "ada@example.com")
        assert "may-cook" in invalid(client.get("/kitchen", headers=bearer(begun)), 418)
        cook = client.post("/join", params={"team": "cooks"}, headers=bearer(begun))
        assert cook.json() == {"teams": ["cooks"]}
        assert client.get("/kitchen", headers=bearer(cook)).json() == {"open": True}
        assert invalid(client.get("/cellar", headers=bearer(cook)), 418) == ["both"]
        both = client.post("/join", params={"team": "cellar"}, headers=bearer(cook))
        assert client.get("/cellar", headers=bearer(both)).json() == {"open": True}
        guest = client.post("/join", params={"team": "guests"}, headers=bearer(both))
        assert invalid(client.get("/kitchen", headers=bearer(guest)), 418) == ["teams"]


def test_age_validator(programs: Programs) -> None:
    """Validators of one's own decide, and say why."""
    with programs.client("age_validator") as client:
        begun = sign_up(client, "ada@example.com")
        young = client.post("/birthday", params={"age": 17}, headers=bearer(begun))
        refused = client.post("/drink", headers=bearer(young))
        assert refused.status_code == 403
        assert refused.json()["claimValidationErrors"] == [
            {"id": "age-at-least", "reason": {"message": "too young", "actual": 17}}
        ]
        grown = client.post("/birthday", params={"age": 18}, headers=bearer(young))
        assert grown.json() == {"age": 18}
        one = client.post("/drink", headers=bearer(grown))
        two = client.post("/drink", headers=bearer(one))
        assert [one.json(), two.json()] == [{"drinks": 1}, {"drinks": 2}]
        three = client.post("/drink", headers=bearer(two))
        assert three.json()["claimValidationErrors"] == [
            {"id": "drinks", "reason": {"message": "go home", "drinks": 2}}
        ]


def test_roles(programs: Programs) -> None:
    """Roles and permissions open doors, and close them again."""
    with programs.client("roles") as client:
        assert client.post("/roles").json() == {"made": True, "roles": ["editor", "reader"]}
        assert client.post("/roles").json()["made"] is False
        begun = sign_up(client, "ada@example.com")
        user = begun.json()["user"]["id"]
        assert client.post("/become", params={"role": "king"}, headers=bearer(begun)).json() == {
            "status": "UNKNOWN_ROLE"
        }
        assert invalid(client.get("/editors", headers=bearer(begun))) == ["st-role"]
        assert invalid(client.post("/write", headers=bearer(begun))) == ["st-perm"]
        editor = client.post("/become", params={"role": "editor"}, headers=bearer(begun))
        assert editor.json() == {"already": False, "promoted": ["editor in public"]}
        assert client.get("/editors", headers=bearer(editor)).json() == {
            "users": [user],
            "permissions": ["read", "write"],
        }
        assert client.post("/write", headers=bearer(editor)).json() == {"written": ["editor"]}
        resigned = client.post("/resign", params={"role": "editor"}, headers=bearer(editor))
        assert resigned.json() == {"roles": []}
        assert invalid(client.get("/editors", headers=bearer(resigned))) == ["st-role"]


def test_verified_address(programs: Programs) -> None:
    """Every door asks for a verified address but one; overrides of API, function and mail run."""
    with programs.client("verified_address") as client:
        begun = sign_up(client, "ada@example.com")
        user = begun.json()["user"]["id"]
        assert invalid(client.get("/inside", headers=bearer(begun))) == ["st-ev"]
        assert client.get("/hall", headers=bearer(begun)).json() == {"verified": False}
        asked = client.post("/auth/user/email/verify/token", headers={**HEADERS, **bearer(begun)})
        assert asked.json() == {"status": "OK"}
        link = urlsplit(str(client.get("/sent").json()["links"][0]))
        assert (link.netloc, link.path) == ("localhost:3000", "/auth/verify-email")
        body = {"method": "token", "token": parse_qs(link.query)["token"][0]}
        verified = client.post("/auth/user/email/verify", json=body, headers={**HEADERS, **bearer(begun)})
        assert verified.json() == {"status": "OK"}
        assert client.get("/sent").json()["welcomed"] == [user, "ada@example.com"]
        assert client.get("/inside", headers=bearer(verified)).json() == {"verified": True}
        assert client.post("/by-hand", headers=bearer(verified)).json() == {"status": "EMAIL_ALREADY_VERIFIED_ERROR"}
        doubted = client.post("/doubt", headers=bearer(verified))
        assert doubted.json() == {"verified": False}
        assert invalid(client.get("/inside", headers=bearer(doubted))) == ["st-ev"]
        assert client.post("/by-hand", headers=bearer(doubted)).json() == {"status": "OK", "email": "ada@example.com"}
