"""
Accounts that an attacker makes ready for somebody who has none yet.

The five attacks of Sudhodanan and Paverd, "Pre-hijacked accounts: An Empirical Study of Security Failures in User
Account Creation on the Web", USENIX Security 2022; and the same the other way round, on an account that there is.
An address counts as somebody's where he reads its mail, or where a provider vouches for it that is not the attacker's.
Accounts are linked when their addresses are verified, as `should_require_verification=True` asks for.
"""

from __future__ import annotations

import asyncio

from authweave.recipe.emailverification import EmailVerificationRecipe
from authweave.types import FAKE_EMAIL_DOMAIN, JSON, RecipeUserId

from .linking_app import LATE, UNVERIFIED, Answer, LinkingStage, new_email, new_subject
from .reset_world import token_of
from .test_emailverification import INVALID, NOT_VERIFIED


def resets(linked: LinkingStage, email: str) -> JSON:
    """Have the victim ask for a reset, read the mail if there is one, and set a password; return what came of it."""
    asked, mails = linked.ask_for_reset(email)
    if asked.json()["status"] != "OK":
        return str(asked.json()["status"])
    return linked.reset(token_of(mails[-1])) if mails else "no mail"


def is_out(linked: LinkingStage, attacker: Answer, email: str) -> bool:
    """Return whether an attacker's session and password open nothing any more."""
    joined = linked.by_provider(new_subject(), new_email(), headers=attacker.session, flag=True)
    refreshed = linked.client.post("/auth/session/refresh", headers=attacker.refresh_token)
    asked = [linked.stage.ask(attacker.session), linked.stage.ask_for_mail(attacker.session)]
    signed_in = linked.by_password(email, "signin")
    return {joined.response.status_code, refreshed.status_code, *(each.status_code for each in asked)} == {
        401
    } and signed_in.status == "WRONG_CREDENTIALS_ERROR"


def test_classic_federated_merge(linked: LinkingStage) -> None:
    """The attacker has a password for the address; the victim comes by a provider: the two are not merged."""
    email, subject = new_email(), new_subject()
    attacker = linked.by_password(email)
    victim = linked.by_provider(subject, email)
    assert str(victim.reason).endswith("(ERR_CODE_006)")
    assert linked.methods(attacker.user_id) == [("emailpassword", email, False)]
    # The way out is the victim's mailbox: the password is hers, and what the attacker had opens nothing.
    assert resets(linked, email) == "OK"
    assert is_out(linked, attacker, email)
    victim = linked.by_provider(subject, email)
    assert victim.user_id == attacker.user_id
    assert linked.methods(victim.user_id) == [("emailpassword", email, True), ("thirdparty", email, True)]
    assert is_out(linked, attacker, email)


def test_classic_federated_merge_the_other_way_round(linked: LinkingStage) -> None:
    """The victim has an account by a provider: the attacker makes no password for it, nor another account beside."""
    email = new_email()
    victim = linked.by_provider(new_subject(), email)
    attacker = linked.by_password(email)
    assert str(attacker.reason).endswith("(ERR_CODE_007)")
    assert linked.by_password(email, "signin").status == "WRONG_CREDENTIALS_ERROR"
    assert linked.methods(victim.user_id) == [("thirdparty", email, True)]


def test_unexpired_session(linked: LinkingStage) -> None:
    """The attacker keeps a session open until the victim has got the account by a reset: it has ended, for good."""
    email = new_email()
    attacker = linked.by_password(email)
    assert resets(linked, email) == "OK"
    assert is_out(linked, attacker, email)
    victim = linked.by_provider(new_subject(), email)
    assert victim.user_id == attacker.user_id
    assert is_out(linked, attacker, email)


def test_unexpired_session_that_linking_ends(linked: LinkingStage) -> None:
    """A reset that links ends the attacker's session before it links: that it has no successor."""
    email = new_email(LATE)
    attacker = linked.by_password(email)
    victim = linked.by_provider(new_subject(), email)
    assert victim.user_id != attacker.user_id
    assert resets(linked, email) == "OK"
    assert linked.user(attacker.user_id).id == victim.user_id
    assert is_out(linked, attacker, email)


def test_trojan_identifier(linked: LinkingStage) -> None:
    """The attacker cannot add a login method of his own to an account whose address nobody has verified."""
    email = new_email()
    attacker = linked.by_password(email)
    trojan = linked.by_provider(new_subject(), new_email(), headers=attacker.session, flag=True)
    assert (trojan.response.status_code, trojan.json) == (403, NOT_VERIFIED)
    older = linked.by_provider(new_subject(), new_email(), headers={**attacker.session, "fdi-version": "3.0"})
    assert older.response.status_code == 403
    assert linked.methods(attacker.user_id) == [("emailpassword", email, False)]
    assert resets(linked, email) == "OK"
    assert linked.methods(attacker.user_id) == [("emailpassword", email, True)]


def test_trojan_identifier_where_nothing_is_verified(linked: LinkingStage) -> None:
    """Where the application links unverified addresses, the victim is told that the account is not hers alone."""
    email = new_email(UNVERIFIED)
    attacker = linked.by_password(email)
    trojan = linked.by_provider(new_subject(), new_email(UNVERIFIED), headers=attacker.session, flag=True)
    assert trojan.status == "OK"
    assert resets(linked, email) == "PASSWORD_RESET_NOT_ALLOWED"


def test_unexpired_email_change(linked: LinkingStage) -> None:
    """A change to the attacker's address that waits for its mail is void once the victim has set a password."""
    email, attackers = new_email(), new_email()
    attacker = linked.by_password(email)
    functions = linked.stage.auth.recipe(EmailVerificationRecipe).for_any_context
    asyncio.run(functions.request_email_change(RecipeUserId(attacker.user_id), attackers, "public", {}))
    token = linked.stage.mailbox.tokens()[-1]
    assert linked.stage.mailbox.mails[-1].user.email == attackers
    assert resets(linked, email) == "OK"
    assert linked.stage.use(token).json() == INVALID
    assert linked.methods(attacker.user_id) == [("emailpassword", email, True)]
    assert resets(linked, attackers) == "no mail"


def test_unexpired_email_change_to_the_victims_address(linked: LinkingStage) -> None:
    """Neither does the attacker's own account become a part of the victim's by a link that she uses unasked."""
    email = new_email()
    attacker = linked.by_password(new_email())
    functions = linked.stage.auth.recipe(EmailVerificationRecipe).for_any_context
    asyncio.run(functions.request_email_change(RecipeUserId(attacker.user_id), email, "public", {}))
    token = linked.stage.mailbox.tokens()[-1]
    victim = linked.by_provider(new_subject(), email)
    assert linked.stage.use(token).json() == INVALID
    assert linked.methods(victim.user_id) == [("thirdparty", email, True)]


def test_non_verifying_provider_first(linked: LinkingStage) -> None:
    """The attacker writes the victim's address at a provider that asks nobody: she is never let into his account."""
    email, subject = new_email(), new_subject()
    attacker = linked.by_provider(subject, email, verified=False)
    by_password = linked.by_password(email)
    assert str(by_password.reason).endswith("(ERR_CODE_007)")
    by_provider = linked.by_provider(new_subject(), email, third_party_id="other")
    assert str(by_provider.reason).endswith("(ERR_CODE_006)")
    assert linked.methods(attacker.user_id) == [("thirdparty", email, False)]
    assert linked.user(attacker.user_id).is_primary_user is False


def test_non_verifying_provider_second(linked: LinkingStage) -> None:
    """Nor he into hers: by signing up, by a session of his own, or by changing what he has written there."""
    email, subject = new_email(), new_subject()
    victim = linked.verified_by_password(email)
    assert str(linked.by_provider(subject, email, verified=False).reason).endswith("(ERR_CODE_006)")
    for verified in (True, False):
        own = linked.by_provider(subject, new_email(), verified=verified)
        assert str(linked.by_provider(subject, email, verified=False).reason)[-13:-1] in {
            "ERR_CODE_005",
            "ERR_CODE_024",
        }
        joined = linked.by_provider(new_subject(), email, verified=False, headers=own.session, flag=True)
        assert joined.status != "OK"
        subject = new_subject()
    assert linked.methods(victim.user_id) == [("emailpassword", email, True)]


def test_non_verifying_provider_that_vouches_for_another_address(linked: LinkingStage) -> None:
    """What a provider vouched for earlier, of an address that the user had, says nothing of the one that he has now."""
    email, subject = new_email(), new_subject()
    victim = linked.verified_by_password(email)
    linked.by_provider(subject, new_email(), verified=True)
    assert linked.by_provider(subject, email, verified=False).status == "SIGN_IN_UP_NOT_ALLOWED"
    assert linked.methods(victim.user_id) == [("emailpassword", email, True)]


def test_an_address_that_stands_in_for_none(linked: LinkingStage) -> None:
    """Nobody owns such an address, so nobody is linked by it: whoever writes one that can be foreseen gets nothing."""
    subject = new_subject()
    victim = linked.by_provider(subject, third_party_id="bare")
    fake = f"{subject}.bare@{FAKE_EMAIL_DOMAIN}"
    assert linked.methods(victim.user_id) == [("thirdparty", fake, True)]
    assert linked.by_password(fake).status == "FIELD_ERROR"
    for verified in (False, True):
        attempt = linked.by_provider(new_subject(), fake, verified=verified)
        assert attempt.user_id != victim.user_id
        assert linked.methods(attempt.user_id) == [("thirdparty", fake, False)]
    assert linked.methods(victim.user_id) == [("thirdparty", fake, True)]
    assert linked.by_provider(subject, third_party_id="bare").user_id == victim.user_id


def test_an_address_that_stands_in_for_none_and_was_there_first(linked: LinkingStage) -> None:
    """Likewise where the attacker has it before the victim."""
    subject = new_subject()
    fake = f"{subject}.bare@{FAKE_EMAIL_DOMAIN}"
    assert linked.by_password(fake).status == "FIELD_ERROR"
    attacker = linked.by_provider(new_subject(), fake, verified=True)
    victim = linked.by_provider(subject, third_party_id="bare")
    assert victim.user_id != attacker.user_id
    assert linked.methods(victim.user_id) == [("thirdparty", fake, True)]
