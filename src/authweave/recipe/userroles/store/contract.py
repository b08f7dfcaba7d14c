"""What every store of roles has to do, as tests."""

from __future__ import annotations

from collections.abc import Callable

from authweave.storage import StorageError
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError

from . import MAX_PERMISSIONS_OF_ROLE, MAX_ROLES, MAX_ROLES_OF_USER, USER_ROLES, RoleChange


class UserRoleContract(StoreContract):
    """What a store owes of roles."""

    def test_permissions_are_added_and_taken_away(self) -> None:
        """A role is made once; what it has already is not new; none is taken by adding."""
        store = self.new_storage().part(USER_ROLES)
        assert store.permissions_of_role("editor") is None
        assert store.add_permissions("editor", ["write", "read"]) == RoleChange(is_new_role=True, permissions=2)
        assert store.add_permissions("editor", ["write", "a"]) == RoleChange(is_new_role=False, permissions=1)
        assert store.add_permissions("editor", []) == RoleChange(is_new_role=False, permissions=0)
        assert store.add_permissions("Editor", []) == RoleChange(is_new_role=True, permissions=0)
        assert store.permissions_of_role("editor") == ("a", "read", "write")
        assert store.permissions_of_role("Editor") == ()
        assert store.all_roles() == ("Editor", "editor")
        assert store.remove_permissions("editor", ["a", "never", "write"]) == 2
        assert store.remove_permissions("editor", ["a"]) == 0
        assert store.remove_permissions("nobody", ["a"]) is None
        assert store.permissions_of_role("editor") == ("read",)

    def test_roles_are_found_by_what_they_permit(self) -> None:
        """In order; none for what nobody may do."""
        store = self.new_storage().part(USER_ROLES)
        for role in ("b", "a", "Z"):
            store.add_permissions(role, ["read", f"only-{role}"])
        assert store.roles_with_permission("read") == ("Z", "a", "b")
        assert store.roles_with_permission("only-a") == ("a",)
        assert store.roles_with_permission("Read") == ()

    def test_a_user_has_a_role_in_its_tenant_alone(self) -> None:
        """A role that there is not, or a tenant, is refused; again is as once."""
        storage = self.new_storage()
        store = storage.part(USER_ROLES)
        storage.create_tenant("other")
        assert store.assign_role("user-1", "admin", PUBLIC) is None
        for role in ("user", "admin"):
            store.add_permissions(role, [])
            assert store.assign_role("user-1", role, PUBLIC) is True
        assert store.assign_role("user-1", "admin", PUBLIC) is False
        assert store.assign_role("user-0", "admin", PUBLIC) is True
        assert store.assign_role("user-0", "user", "other") is True
        assert raises(StorageError, store.assign_role, "user-1", "admin", "nowhere")
        assert store.roles_of_user("user-1", PUBLIC) == ("admin", "user")
        assert store.roles_of_user("user-0", PUBLIC) == ("admin",)
        assert store.roles_of_user("user-0", "other") == ("user",)
        assert store.roles_of_user("user-1", "other") == store.roles_of_user("user-1", "nowhere") == ()
        assert store.users_with_role("admin", PUBLIC) == ("user-0", "user-1")
        assert store.users_with_role("admin", "other") == ()
        assert store.users_with_role("nobody", PUBLIC) is None
        assert store.unassign_role("user-0", "user", PUBLIC) is False
        assert store.unassign_role("user-0", "user", "other") is True
        assert store.unassign_role("user-0", "nobody", PUBLIC) is None
        assert store.roles_of_user("user-0", "other") == ()

    def test_a_deleted_role_is_nobodys(self) -> None:
        """Made again, it permits nothing and nobody has it."""
        store = self.new_storage().part(USER_ROLES)
        for role in ("admin", "user"):
            store.add_permissions(role, ["read"])
            store.assign_role("user-1", role, PUBLIC)
        assert (store.drop_role("admin"), store.drop_role("admin")) == (True, False)
        assert store.roles_of_user("user-1", PUBLIC) == ("user",)
        assert store.roles_with_permission("read") == ("user",)
        assert store.add_permissions("admin", []).is_new_role
        assert store.permissions_of_role("admin") == store.users_with_role("admin", PUBLIC) == ()

    def test_many_at_once_make_one_role(self) -> None:
        """Of callers at the same moment one makes it, each permission is one's, and one gives it to the user."""
        store = self.new_storage().part(USER_ROLES)
        changes = at_once(lambda number: store.add_permissions("admin", ["all", f"own-{number}"]))
        assert sum(change.is_new_role for change in changes) == 1
        assert sum(change.permissions for change in changes) == AT_ONCE + 1
        assert len(store.permissions_of_role("admin") or ()) == AT_ONCE + 1
        assert sum(bool(new) for new in at_once(lambda _: store.assign_role("user-1", "admin", PUBLIC))) == 1

    def test_a_role_that_is_deleted_meanwhile_is_given_to_nobody(self) -> None:
        """Callers that assign it while another deletes it either came first, or are told that there is none."""
        store = self.new_storage().part(USER_ROLES)
        store.add_permissions("admin", [])

        def act(number: int) -> bool | None:
            return store.drop_role("admin") if number == 0 else store.assign_role(f"u{number}", "admin", PUBLIC)

        assert at_once(act)[0] is True
        assert all(store.roles_of_user(f"u{number}", PUBLIC) == () for number in range(AT_ONCE))

    def test_a_role_that_is_made_while_it_is_deleted_is_there_or_not(self) -> None:
        """Callers that add permissions while others delete the role all succeed, and it is whole or gone."""
        store = self.new_storage().part(USER_ROLES)
        store.add_permissions("admin", [])

        def act(number: int) -> object:
            return store.drop_role("admin") if number % 2 else store.add_permissions("admin", [f"p{number}"])

        assert len(at_once(act)) == AT_ONCE
        assert store.permissions_of_role("admin") is None or store.all_roles() == ("admin",)

    def test_there_is_an_end_to_numbers(self) -> None:
        """So many permissions of a role, and roles of a user, and no more; what is refused changes nothing."""
        storage = self.new_storage()
        store = storage.part(USER_ROLES)
        store.add_permissions("admin", [f"p{number}" for number in range(MAX_PERMISSIONS_OF_ROLE)])
        assert raises(BadInputError, store.add_permissions, "admin", ["one more"])
        assert raises(
            BadInputError, store.add_permissions, "new", [f"p{n}" for n in range(MAX_PERMISSIONS_OF_ROLE + 1)]
        )
        assert store.all_roles() == ("admin",)
        assert len(store.permissions_of_role("admin") or ()) == MAX_PERMISSIONS_OF_ROLE
        assert store.add_permissions("admin", ["p0"]).permissions == 0
        with storage.transaction():  # each by itself would take many times as long
            for number in range(MAX_ROLES - 1):
                store.add_permissions(f"r{number}", [])
        assert raises(BadInputError, store.add_permissions, "one more", [])
        assert len(store.all_roles()) == MAX_ROLES
        for number in range(MAX_ROLES_OF_USER):
            store.assign_role("user-1", f"r{number}", PUBLIC)
        assert raises(BadInputError, store.assign_role, "user-1", "admin", PUBLIC)
        assert store.assign_role("user-1", "r0", PUBLIC) is False
        assert len(store.roles_of_user("user-1", PUBLIC)) == MAX_ROLES_OF_USER
        assert store.users_with_role("admin", PUBLIC) == ()

    def test_text_that_no_store_keeps_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(USER_ROLES)
        store.add_permissions("admin", ["read"])
        for bad in ("nul\0", "half \ud800", "x" * 256):
            asks: list[Callable[[str], object]] = [
                lambda text: store.add_permissions(text, []),
                lambda text: store.add_permissions("admin", [text]),
                store.permissions_of_role,
                lambda text: store.remove_permissions(text, []),
                lambda text: store.remove_permissions("admin", [text]),
                store.roles_with_permission,
                store.drop_role,
                lambda text: store.assign_role(text, "admin", PUBLIC),
                lambda text: store.assign_role("user-1", text, PUBLIC),
                lambda text: store.assign_role("user-1", "admin", text),
                lambda text: store.unassign_role(text, "admin", PUBLIC),
                lambda text: store.unassign_role("user-1", text, PUBLIC),
                lambda text: store.unassign_role("user-1", "admin", text),
                lambda text: store.roles_of_user(text, PUBLIC),
                lambda text: store.roles_of_user("user-1", text),
                lambda text: store.users_with_role(text, PUBLIC),
                lambda text: store.users_with_role("admin", text),
            ]
            for ask in asks:
                assert raises(BadInputError, ask, bad)
        assert store.permissions_of_role("admin") == ("read",)
