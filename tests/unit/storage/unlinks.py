"""What every store owes of login methods that are unlinked, barred and deleted, as tests."""

from __future__ import annotations

from functools import partial

import attrs

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.totp.store import TOTP_DEVICES
from authweave.recipe.totp.store.contract import a_device
from authweave.recipe.usermetadata.store import USER_METADATA
from authweave.storage import (
    REMEMBERED_MS,
    BarredUserError,
    LinkedUserError,
    StorageError,
    Unlinked,
    UserIdMapping,
)
from authweave.testing.storage_contract import PUBLIC, StoreContract, raises

from .linked_users import (
    linked,
    listed,
    live,
    made_primary,
    methods,
    the_user,
    with_password,
    with_provider,
    with_session,
)


class UnlinkContract(StoreContract):
    """What a store owes of login methods that their primary user has no more."""

    def test_an_unlinked_login_method_is_a_user_of_its_own(self) -> None:
        """With its own id, and no primary one; its sessions end, and those of the others go on."""
        storage = self.new_storage()
        primary, other = with_password(storage, 2), with_provider(storage, 1, "b@example.com")
        made_primary(storage, primary)
        linked(storage, other, primary)
        with_session(storage, 1, primary, other)
        with_session(storage, 2, primary, primary)
        answer = storage.unlink_account(other, now_ms=1)
        user, former = the_user(storage, other), the_user(storage, primary)
        assert answer == Unlinked(former, was_linked=True, was_deleted=False)
        assert (user.id, user.is_primary_user, methods(user)) == (other, False, [other])
        assert (former.id, former.is_primary_user, methods(former)) == (primary, True, [primary])
        assert former.time_joined == 1_700_000_000_002
        assert listed(storage) == [other, primary]
        assert live(storage, (1, 2)) == [2]
        assert storage.unlink_account(other, now_ms=1) == Unlinked(user, was_linked=False, was_deleted=False)
        with_session(storage, 3, other)
        made_primary(storage, other)

    def test_an_unlinked_login_method_whose_id_is_the_users_is_deleted(self) -> None:
        """The others go on under that id; it makes no session any more, and its address is free."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1, "a@example.com"), with_provider(storage, 2, "b@example.com")
        made_primary(storage, primary)
        linked(storage, other, primary)
        with_session(storage, 1, primary, primary)
        with_session(storage, 2, primary, other)
        storage.part(USER_METADATA).merge_metadata(primary, {"kept": True})
        answer = storage.unlink_account(primary, now_ms=1)
        user = the_user(storage, primary)
        assert answer == Unlinked(user, was_linked=True, was_deleted=True)
        assert (user.id, user.is_primary_user, methods(user)) == (primary, True, [other])
        assert live(storage, (1, 2)) == [2]
        assert storage.part(USER_METADATA).metadata_of_user(primary) == {"kept": True}
        assert storage.part(PASSWORDS).find_password_login(PUBLIC, "a@example.com") is None
        assert storage.unlink_account(primary, now_ms=1) is None
        assert raises(BarredUserError, with_session, storage, 3, primary, primary)
        with_session(storage, 3, primary, other)
        made_primary(storage, with_password(storage, 4, "a@example.com"))

    def test_the_last_login_method_stays(self) -> None:
        """Its user is no primary one any more, also where the user's id is that of one that went before."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        with_session(storage, 1, primary, other)
        answer = storage.unlink_account(other, now_ms=1)
        user = the_user(storage, other)
        assert answer == Unlinked(user, was_linked=True, was_deleted=False)
        assert (user.is_primary_user, methods(user)) == (False, [other])
        assert live(storage, (1,)) == []
        alone = with_password(storage, 3)
        made_primary(storage, alone)
        answer = storage.unlink_account(alone, now_ms=1)
        assert answer == Unlinked(the_user(storage, alone), was_linked=True, was_deleted=False)
        assert not the_user(storage, alone).is_primary_user
        assert storage.unlink_account("nobody", now_ms=1) is None

    def test_a_deleted_login_method_makes_no_session_whoever_is_disabled_and_enabled(self) -> None:
        """Its id is the user's, who makes sessions by the others while he is enabled."""
        for is_unlinked in (True, False):
            for disabled_before in (True, False):
                storage = self.new_storage()
                delete = partial(storage.delete_user, remove_all_linked_accounts=False)
                primary, other = with_password(storage, 1), with_password(storage, 2)
                made_primary(storage, primary)
                linked(storage, other, primary)
                if disabled_before:
                    assert storage.set_disabled(primary, 1)
                assert (storage.unlink_account if is_unlinked else delete)(primary, now_ms=1)
                if not disabled_before:
                    assert storage.set_disabled(primary, 1)
                storage.purge_barred_users(1 + REMEMBERED_MS, 9)
                for number, of_method in enumerate((primary, other)):
                    assert raises(BarredUserError, with_session, storage, number, primary, of_method)
                assert storage.set_disabled(primary, None)
                with_session(storage, 1, primary, other)
                assert raises(BarredUserError, with_session, storage, 2, primary, primary)
                assert live(storage, (1, 2)) == [1]

    def test_a_mapping_takes_no_bar_of_an_id_of_the_store(self) -> None:
        """Neither that of a disabled user, whoever is shown as him, nor that of a deleted login method."""
        for own, external in (("user-1", "user-1"), ("user-2", "user-1")):
            storage = self.new_storage()
            for number in (1, 2):
                with_password(storage, number)
            assert storage.set_disabled("user-1", 1)
            assert (
                storage.create_user_id_mapping(UserIdMapping(user_id=own, external_user_id=external), force=True)
                is True
            )
            assert storage.delete_user_id_mapping(own, "SUPERTOKENS")
            assert raises(BarredUserError, with_session, storage, 1, "user-1")
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        assert storage.create_user_id_mapping(UserIdMapping(user_id=primary, external_user_id=primary)) is True
        assert storage.delete_user_id_mapping(primary)
        assert raises(BarredUserError, with_session, storage, 1, primary, primary)

    def test_a_user_whose_first_login_method_is_deleted_adds_devices(self) -> None:
        """Not while he is disabled."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        devices = storage.part(TOTP_DEVICES)
        assert devices.add_device(a_device(1, user_id=primary)) == "added"
        assert storage.set_disabled(primary, 1)
        assert devices.add_device(a_device(2, user_id=primary)) == "nobody"

    def test_no_login_method_has_the_id_of_somebody_else(self) -> None:
        """Nor is a user new who has that of a login method: also where the user's own login method is deleted."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        storage.part(PASSWORDS).create_user_with_password(a_login(3))
        for user_id, recipe_user_id in (("user-4", primary), (primary, "method-4"), ("method-3", "method-4")):
            login = attrs.evolve(a_login(4), user_id=user_id, recipe_user_id=recipe_user_id)
            assert raises(StorageError, storage.part(PASSWORDS).create_user_with_password, login)
        assert storage.part(PASSWORDS).find_password_login(PUBLIC, a_login(4).email) is None
        assert methods(the_user(storage, primary)) == [other]

    def test_the_bar_of_a_login_method_ends_when_it_is_added_again(self) -> None:
        """Whatever the user's id is: the store answers as if it had never been deleted."""
        storage = self.new_storage()
        devices = storage.part(TOTP_DEVICES)
        for is_deleted in (False, True):
            number = 1 + is_deleted
            storage.part(PASSWORDS).create_user_with_password(a_login(number))
            if is_deleted:
                assert storage.delete_user("user-2", now_ms=1)
                assert devices.add_device(a_device(2, user_id="method-2")) == "nobody"
                storage.part(PASSWORDS).create_user_with_password(a_login(2))
            user_id, recipe_user_id = f"user-{number}", f"method-{number}"
            assert devices.add_device(a_device(number, user_id=recipe_user_id)) == "added"
            assert raises(LinkedUserError, with_session, storage, number, recipe_user_id)
            with_session(storage, number, user_id, recipe_user_id)
            assert storage.set_disabled(user_id, 1)
            assert devices.add_device(a_device(9, user_id=recipe_user_id)) == "nobody"
            assert storage.set_disabled(user_id, None)

    def test_who_is_unlinked_from_a_disabled_user_is_disabled(self) -> None:
        """The former one stays so; each is enabled for himself."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        assert storage.set_disabled(other, 1)
        storage.unlink_account(other, now_ms=1)
        assert [the_user(storage, each).disabled for each in (primary, other)] == [True, True]
        assert storage.set_disabled(primary, None)
        assert [the_user(storage, each).disabled for each in (primary, other)] == [False, True]
        with_session(storage, 1, primary)
        assert raises(BarredUserError, with_session, storage, 2, other)
        assert storage.set_disabled(other, None)
        with_session(storage, 2, other)

    def test_of_a_linked_user_one_login_method_or_all_may_be_deleted(self) -> None:
        """With what belongs to its id; where that is the user's, the user keeps what is his; an unknown one does."""
        for named, remove_all, left, sessions, noted in (
            ("user-1", True, None, [], []),
            ("user-2", True, None, [], []),
            ("user-2", False, ["user-1", "user-3"], [1, 3], [1, 3]),
            ("user-1", False, ["user-2", "user-3"], [2, 3], [1, 2, 3]),
            ("nobody", False, ["user-1", "user-2", "user-3"], [1, 2, 3], [1, 2, 3]),
        ):
            storage = self.new_storage()
            for number in (1, 2, 3):
                with_password(storage, number)
            made_primary(storage, "user-1")
            for number in (1, 2, 3):
                linked(storage, f"user-{number}", "user-1")
                with_session(storage, number, "user-1", f"user-{number}")
                storage.part(USER_METADATA).merge_metadata(f"user-{number}", {"noted": number})
            was_there = storage.delete_user(named, now_ms=1, remove_all_linked_accounts=remove_all)
            assert was_there == (named != "nobody")
            user = storage.find_user("user-1")
            assert (user and methods(user)) == left
            assert user is None or user.is_primary_user
            assert live(storage, (1, 2, 3)) == sessions
            kept = [storage.part(USER_METADATA).metadata_of_user(f"user-{number}") for number in (1, 2, 3)]
            assert [each["noted"] for each in kept if each] == noted
            if user is not None and named == "user-1":
                assert raises(BarredUserError, with_session, storage, 9, "user-1", "user-1")
            for email in {f"user-{number}@example.com" for number in (1, 2, 3)} - {*(user.emails if user else ())}:
                assert storage.part(PASSWORDS).find_password_login(PUBLIC, email) is None
