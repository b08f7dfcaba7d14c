"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_emailpassword_version.version_num FROM authweave_emailpassword_version",
        (),
        {},
    ),
    {
        "authweave_passwords": (
            "recipe_user_id",
            "password_hash",
        ),
    },
    {
        "BY_ADDRESS": WrittenAhead(
            "SELECT authweave_login_methods.user_id, authweave_login_methods.recipe_user_id, "
            "authweave_login_tenants.tenant_id, authweave_login_methods.email, authweave_passwords.password_hash,"
            " authweave_login_methods.time_joined_ms FROM authweave_login_tenants JOIN authweave_login_methods ON"
            " authweave_login_methods.recipe_user_id = authweave_login_tenants.recipe_user_id JOIN "
            "authweave_passwords ON authweave_login_methods.recipe_user_id = authweave_passwords.recipe_user_id "
            "WHERE authweave_login_tenants.tenant_id = ? AND authweave_login_tenants.recipe_id = ? AND "
            "authweave_login_tenants.email = ? AND authweave_login_tenants.provider_id IS NULL",
            ("tenant_id", "recipe_id_1", "email"),
            {"recipe_id_1": "emailpassword"},
        ),
    },
)
# fmt: on
