"""Every provider of the table: signing in, not agreeing, a wrong secret, a code used twice, and keys that change."""

from __future__ import annotations

from typing import Final

import pytest

from .row import NOT_THE_SECRET, Row
from .rows import ROWS
from .world import PROVIDER_AT_FAULT, REFUSED, World

EACH: Final = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])

MAX_KEY_AGE_MS: Final = 31_000
"""A key that is unknown has the keys fetched again, if they are older than 30 s."""


def answer_to(code: str) -> dict[str, str]:
    """Return what a frontend gets for an error."""
    return PROVIDER_AT_FAULT if code in {"client_refused", "provider_answer"} else REFUSED


def test_the_table() -> None:
    """It has twenty providers at least, each once."""
    assert len({row.id for row in ROWS}) == len(ROWS) >= 20


@EACH
def test_signing_in(table: World, row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """A user signs up and in, as who the provider says she is; the same code works once."""
    imitation, browser = table.imitations[row.id], table.browser
    url, kept = browser.begin(row)
    returned = browser.go(url)
    first = browser.come_back(row, kept, returned)
    assert first.json()["status"] == "OK", caplog.text
    user_id, email, verified = row.expected
    user = first.json()["user"]
    assert user["thirdParty"] == [{"id": row.id, "userId": user_id}]
    if email is None:
        assert user["emails"][0].endswith("@stfakeemail.supertokens.com")
    else:
        assert (user["emails"], user["loginMethods"][0]["verified"]) == ([email], verified)

    asked = len(imitation.token_requests)
    again = browser.come_back(row, kept, returned)
    assert (again.status_code, again.json()) == (200, answer_to(row.bad_code.told_as))
    assert f"{row.bad_code.told_as}: Provider {row.id!r}" in caplog.text
    assert len(imitation.token_requests) == asked + 1
    assert browser.sign_in(row).json()["user"]["id"] == user["id"]


@EACH
def test_not_agreeing(table: World, row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """Who does not agree is signed in nowhere; the log has the provider's word for it, and no tokens are asked for."""
    imitation = table.imitations[row.id]
    asked = len(imitation.token_requests)
    answer = table.browser.sign_in(row, decision="declines")
    assert (answer.status_code, answer.json()) == (200, REFUSED)
    assert "st-access-token" not in answer.headers
    assert f"code_refused: Provider {row.id!r} sent the user back with {row.declined['error']!r}" in caplog.text
    assert len(imitation.token_requests) == asked


@EACH
def test_a_wrong_secret(table: World, row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """It is told as a fault of the configuration, with the client, and without the secret."""
    answer = table.browser.sign_in(row, client_type="wrong")
    assert (answer.status_code, answer.json()) == (200, PROVIDER_AT_FAULT)
    assert f"client_refused: Provider {row.id!r} does not accept the client 'client-1'" in caplog.text
    assert "ProviderClientConfig" in caplog.text
    assert NOT_THE_SECRET not in caplog.text
    assert "another client" not in caplog.text


@EACH
def test_new_keys(table: World, row: Row) -> None:
    """When the provider signs with another key, sign-ins go on; of those who have no ID tokens nothing is asked."""
    imitation = table.imitations[row.id]
    before = table.browser.sign_in(row).json()["user"]["id"]
    imitation.generation = 1 - imitation.generation
    table.clock.now_ms += MAX_KEY_AGE_MS
    fetched = imitation.asked[str(row.metadata.get("jwks_uri"))]
    assert table.browser.sign_in(row).json()["user"]["id"] == before
    assert imitation.asked[str(row.metadata.get("jwks_uri"))] == fetched + (row.claims is not None)


@pytest.mark.parametrize("row", [row for row in ROWS if row.phone_claims], ids=lambda row: row.id)
def test_an_id_token_of_a_phone(table: World, row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """It signs in the user whom a code signs in, whatever key there was before; one of another client does not."""
    imitation, browser = table.imitations[row.id], table.browser
    by_code = browser.sign_in(row).json()["user"]["id"]
    imitation.generation = 1 - imitation.generation
    table.clock.now_ms += MAX_KEY_AGE_MS
    ours = browser.send_tokens(row, imitation.phone_tokens()).json()
    assert ours["status"] == "OK", caplog.text
    assert ours["user"]["id"] == by_code
    theirs = browser.send_tokens(row, imitation.phone_tokens(aud="theirs", azp="theirs"))
    assert (theirs.status_code, theirs.json()) == (200, REFUSED)
    assert "another client" in caplog.text
