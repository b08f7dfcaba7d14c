"""What every store of organisations has to do, as tests."""

from __future__ import annotations

from authweave.storage import StorageError
from authweave.testing.storage_contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from organisations.types import (
    ADMIN,
    MEMBER,
    OWNER,
    AcceptOkResult,
    AddressNotVerifiedError,
    InvalidInvitationError,
    LastOwnerError,
    NotAllowedError,
    OkResult,
    Organisation,
    OrganisationFullError,
    UnknownMemberError,
    UnknownOrganisationError,
)

from . import ORGANISATIONS
from .protocol import OrganisationStore
from .records import StoredInvitation

ADA, BOB, EVE = ["ada"], ["bob", "bob-google"], ["eve"]
ACME = Organisation(organisation_id="acme", tenant_id=PUBLIC, name="Acme", created_at_ms=1)
BOBS = "bob@example.com"


def an_invitation(
    name: str = "bobs", email: str = BOBS, role: str = MEMBER, by: str | None = "ada"
) -> StoredInvitation:
    """Return an invitation of Acme's."""
    return StoredInvitation(
        token_hash=name, organisation_id="acme", email=email, role=role, invited_by=by, expires_at_ms=100
    )


class OrganisationContract(StoreContract):
    """What a store owes of organisations."""

    def acme(self, **roles: str) -> OrganisationStore:
        """Return a store with an organisation: Ada's, and with members of these roles beside her."""
        store = self.new_storage().part(ORGANISATIONS)
        assert store.add_organisation(ACME, ADA, at_most=9)
        for number, (user_id, role) in enumerate(roles.items(), 2):
            invitation = an_invitation(user_id, user_id, role, None)
            assert store.add_invitation(invitation, None, at_most=99) == ACME
            assert isinstance(store.accept_invitation(user_id, [user_id], [user_id], PUBLIC, number), AcceptOkResult)
        return store

    def roles(self, store: OrganisationStore) -> dict[str, str]:
        """Return the roles in Acme."""
        return {each.user_id: each.role for each in store.members("acme")}

    def test_who_makes_one_is_its_owner(self) -> None:
        """It is found for its owner alone, in its tenant alone; ids are new, tenants are there, and few are made."""
        store = self.acme()
        (found,) = store.memberships(ADA, PUBLIC)
        assert (found.organisation_id, found.name, found.role, found.joined_at_ms) == ("acme", "Acme", OWNER, 1)
        assert store.memberships(BOB, PUBLIC) == store.memberships(ADA, "other") == ()
        other = Organisation(organisation_id="other", tenant_id=PUBLIC, name="Other", created_at_ms=2)
        assert not store.add_organisation(other, ADA, at_most=1)
        nowhere = Organisation(organisation_id="other", tenant_id="nowhere", name="Other", created_at_ms=2)
        for wrong in (nowhere, ACME):
            assert raises(StorageError, store.add_organisation, wrong, BOB, at_most=1)
        assert store.memberships(BOB, PUBLIC) == store.memberships(BOB, "nowhere") == ()

    def test_an_invitation_is_used_once(self) -> None:
        """By whom it is for, in its tenant, before it expires."""
        store = self.acme()
        assert store.add_invitation(an_invitation(), ADA, at_most=9) == ACME
        assert store.accept_invitation("bobs", EVE, ["eve@example.com"], PUBLIC, 2) == AddressNotVerifiedError()
        for token, tenant_id, now_ms in (("other", PUBLIC, 2), ("bobs", "other", 2), ("bobs", PUBLIC, 100)):
            assert store.accept_invitation(token, BOB, [BOBS], tenant_id, now_ms) == InvalidInvitationError()
        accepted = store.accept_invitation("bobs", BOB, ["b@example.com", BOBS], PUBLIC, 2)
        assert isinstance(accepted, AcceptOkResult)
        assert (accepted.membership,) == store.memberships(BOB, PUBLIC)
        assert self.roles(store) == {"ada": OWNER, "bob": MEMBER}
        assert store.accept_invitation("bobs", BOB, [BOBS], PUBLIC, 2) == InvalidInvitationError()

    def test_who_is_in_it_stays_as_is(self) -> None:
        """An invitation neither lifts nor lowers; it is used up all the same."""
        store = self.acme()
        store.add_invitation(an_invitation("hers", "ada@example.com"), ADA, at_most=9)
        accepted = store.accept_invitation("hers", ADA, ["ada@example.com"], PUBLIC, 2)
        assert isinstance(accepted, AcceptOkResult)
        assert (accepted.membership.role, accepted.membership.joined_at_ms) == (OWNER, 1)
        assert store.accept_invitation("hers", ADA, ["ada@example.com"], PUBLIC, 2) == InvalidInvitationError()

    def test_an_address_has_one_invitation(self) -> None:
        """The newest; and there are so many at most, with the members."""
        store = self.acme()
        assert store.add_invitation(an_invitation("first"), ADA, at_most=2) == ACME
        assert store.add_invitation(an_invitation("second"), ADA, at_most=2) == ACME
        assert store.accept_invitation("first", BOB, [BOBS], PUBLIC, 2) == InvalidInvitationError()
        assert store.add_invitation(an_invitation("x", "x@example.com"), ADA, at_most=2) == OrganisationFullError(2)
        assert store.remove_invitation("acme", BOBS, ADA) == OkResult()
        assert store.remove_invitation("acme", BOBS, ADA) == InvalidInvitationError()
        assert store.accept_invitation("second", BOB, [BOBS], PUBLIC, 2) == InvalidInvitationError()

    def test_roles_say_who_may_invite(self) -> None:
        """Owners anybody, admins all but owners, others nobody; of an organisation of others nobody learns anything."""
        store = self.acme(bob=ADMIN, cy=MEMBER)
        assert store.add_invitation(an_invitation(role=OWNER), BOB, at_most=9) == NotAllowedError()
        assert store.add_invitation(an_invitation(role=ADMIN, by="bob"), BOB, at_most=9) == ACME
        for by, refusal in ((["cy"], NotAllowedError()), (EVE, UnknownOrganisationError())):
            assert store.add_invitation(an_invitation(), by, at_most=9) == refusal
            assert store.remove_invitation("acme", BOBS, by) == refusal
            assert store.remove_organisation("acme", by) == refusal
            assert store.change_member("acme", ADA, None, by) == refusal

    def test_roles_say_who_may_change_whom(self) -> None:
        """Admins change all but owners; everybody may leave."""
        store = self.acme(bob=ADMIN, cy=MEMBER, di=MEMBER)
        assert store.change_member("acme", ADA, MEMBER, BOB) == NotAllowedError()
        assert store.change_member("acme", ["cy"], OWNER, BOB) == NotAllowedError()
        assert store.change_member("acme", ["cy"], ADMIN, BOB) == OkResult()
        assert store.change_member("acme", EVE, ADMIN, BOB) == UnknownMemberError()
        assert store.change_member("acme", ["di"], None, ["di"]) == OkResult()
        assert store.change_member("acme", BOB, None, ["cy"]) == OkResult()
        assert self.roles(store) == {"ada": OWNER, "cy": ADMIN}
        assert store.remove_organisation("acme", ["cy"]) == NotAllowedError()

    def test_what_somebody_invited_goes_with_the_role(self) -> None:
        """Else an admin who is removed would come back by an invitation kept ready."""
        store = self.acme(bob=ADMIN)
        store.add_invitation(an_invitation("ready", "eve@example.com", by="bob"), BOB, at_most=9)
        store.add_invitation(an_invitation("hers"), ADA, at_most=9)
        assert store.change_member("acme", BOB, MEMBER, ADA) == OkResult()
        assert store.accept_invitation("ready", EVE, ["eve@example.com"], PUBLIC, 9) == InvalidInvitationError()
        assert isinstance(store.accept_invitation("hers", EVE, [BOBS], PUBLIC, 9), AcceptOkResult)

    def test_two_who_became_one_user_are_one_member(self) -> None:
        """The greater role counts; to be the last owner with two ids is to be the last owner."""
        store = self.acme(**{"bob": MEMBER, "bob-google": OWNER})
        assert [each.role for each in store.memberships(BOB, PUBLIC)] == [OWNER]
        assert store.change_member("acme", ADA, None, BOB) == OkResult()
        assert store.change_member("acme", BOB, None, BOB) == LastOwnerError()
        assert store.change_member("acme", BOB, MEMBER, BOB) == LastOwnerError()
        assert store.memberships(["bob"], PUBLIC)[0].role == MEMBER  # as unlinked

    def test_of_all_owners_who_leave_at_once_one_stays(self) -> None:
        """Also where the application itself removes them."""
        names = [f"owner-{number}" for number in range(AT_ONCE - 1)]
        store = self.acme(**dict.fromkeys(names, OWNER))
        owners = ["ada", *names]
        results = at_once(lambda number: store.change_member("acme", [owners[number]], None, [owners[number]]))
        assert (results.count(OkResult()), results.count(LastOwnerError())) == (AT_ONCE - 1, 1)
        assert [*self.roles(store).values()] == [OWNER]

    def test_of_many_who_use_an_invitation_at_once_one_joins(self) -> None:
        """The others are told that it is used."""
        store = self.acme()
        store.add_invitation(an_invitation(), ADA, at_most=9)
        results = at_once(lambda number: store.accept_invitation("bobs", [f"bob-{number}"], [BOBS], PUBLIC, 2))
        assert (results.count(InvalidInvitationError()), len(store.members("acme"))) == (AT_ONCE - 1, 2)

    def test_who_uses_many_invitations_at_once_joins_once(self) -> None:
        """Each of them works, and is used up."""
        store = self.acme()
        emails = [f"bob-{number}@example.com" for number in range(AT_ONCE)]
        for email in emails:
            store.add_invitation(an_invitation(email, email), ADA, at_most=99)
        results = at_once(lambda number: store.accept_invitation(emails[number], BOB, emails, PUBLIC, 2))
        assert all(isinstance(each, AcceptOkResult) for each in results)
        assert len(store.members("acme")) == 2

    def test_all_of_it_goes(self) -> None:
        """With an organisation go its members and invitations; expired invitations are purged in batches."""
        store = self.acme(bob=MEMBER)
        for number in range(3):
            store.add_invitation(an_invitation(f"{number}", f"{number}@example.com"), None, at_most=99)
        assert [store.purge_expired_invitations(100, limit) for limit in (-1, 0, 1)] == [0, 0, 1]
        assert store.purge_expired_invitations(99, 9) == 0
        assert store.remove_organisation("acme", ADA) == OkResult()
        assert store.remove_organisation("acme", None) == UnknownOrganisationError()
        assert store.change_member("acme", BOB, None, None) == UnknownOrganisationError()
        assert (store.members("acme"), store.memberships(BOB, PUBLIC)) == ((), ())
        assert store.purge_expired_invitations(100, 9) == 0
