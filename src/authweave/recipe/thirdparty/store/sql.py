"""Login methods that providers vouch for, and the providers of tenants, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, case, delete, insert, select, update
from typing_extensions import override

from authweave.storage import StorageError, check_text, new_user
from authweave.storage.sql import (
    METHODS,
    ConstraintError,
    Database,
    NewUsers,
    Query,
    Row,
    SQLPart,
    first_tenant,
    known_as,
    locked_owner,
    login_methods,
    login_tenants,
    passkeys_of,
    recipe_user_id_of,
    set_address,
    user_of,
    users,
)

from .protocol import ThirdPartyStore
from .records import (
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
    check_tenant_provider,
    check_third_party_identity,
    check_third_party_login,
)
from .sql_tokens import SQLProviderTokens
from .tables import metadata, provider_tokens, tenant_providers

IDENTITY: Final[tuple[str, ...]] = ("tenant_id", "provider_id", "issuer", "subject")
OF_IDENTITY: Final = tuple(login_tenants.c[name] == bindparam(name) for name in IDENTITY)
OF_METHOD: Final = [each for each in login_methods.c if each.name != "tenant_id"]
BY_IDENTITY: Final = (
    select(*OF_METHOD, login_tenants.c.tenant_id).join_from(login_tenants, login_methods).where(*OF_IDENTITY)
)
BY_ID: Final = (
    select(*OF_METHOD, first_tenant.label("tenant_id"))
    .where(known_as(login_methods.c.recipe_user_id, bindparam("id")))
    .order_by(case((login_methods.c.recipe_user_id == bindparam("id"), 0), else_=1))
)
OF_IDENTITYS_USER: Final = METHODS.where(
    users.c.user_id.in_(select(login_tenants.c.user_id).where(*OF_IDENTITY).scalar_subquery())
)
NAMES_OF_USER: Final = tuple(OF_IDENTITYS_USER.selected_columns.keys())
PROVIDERS: Final = (
    select(tenant_providers)
    .where(tenant_providers.c.tenant_id == bindparam("tenant_id"))
    .order_by(tenant_providers.c.third_party_id)
)


class SQLThirdParties(SQLProviderTokens):
    """Login methods that providers vouch for, and which providers the tenants have."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._new_users = NewUsers(database)
        self._users_of_identity = Query(database, OF_IDENTITYS_USER)

    @override
    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        check_third_party_login(login)
        signed_in = self._sign_in(login)
        if signed_in is not None:
            return signed_in
        try:
            self._sign_up(login)
        except ConstraintError as error:
            signed_in = self._sign_in(login)  # somebody was faster
            if signed_in is None:
                raise StorageError(
                    "The user was not added: the ids of user and login method have to be new, and the tenant has to "
                    "exist."
                ) from error
            return signed_in
        return ThirdPartySignIn(new_user(login.to_record()), login.recipe_user_id, is_new=True)

    def _sign_in(self, login: ThirdPartyLogin) -> ThirdPartySignIn | None:
        """Find the login method, and give it the address if that is another one now."""
        identity = identity_of_login(login)
        found = self._users_of_identity.all(identity)
        rows: Sequence[Row] = [dict(zip(NAMES_OF_USER, row, strict=True)) for row in found]
        former = next((row for row in rows if all(row[name] == identity[name] for name in IDENTITY)), None)
        if former is None:
            return None
        own_id, was_verified = former["recipe_user_id"], bool(former["verified"])
        is_verified = login.verified or (was_verified and former["email"] == login.email)
        if (former["email"], was_verified) != (login.email, is_verified) and former["disabled_at_ms"] is None:

            def change(connection: Connection) -> Sequence[RowMapping]:
                locked_owner(connection, own_id)
                now = connection.execute(OF_IDENTITYS_USER, identity).mappings().all()
                if now and now[0]["disabled_at_ms"] is None:
                    set_address(connection, own_id, login.email, verified=is_verified)
                return connection.execute(OF_IDENTITYS_USER, identity).mappings().all()

            rows = self._database.write(change)
        ids = [recipe_user_id_of(row) for row in rows if row["recipe_user_id"] == own_id]
        user = user_of(rows, passkeys_of(rows, self._database)) if ids else None
        return None if user is None else ThirdPartySignIn(user, ids[0], is_new=False)

    def _sign_up(self, login: ThirdPartyLogin) -> None:
        """Add a user with the login method."""
        self._database.write(lambda connection: self._new_users.add(connection, login.to_record()))

    @override
    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        check_third_party_identity(tenant_id, third_party_id, issuer, third_party_user_id)
        identity = identity_of(tenant_id, third_party_id, issuer, third_party_user_id)
        with self._database.reading() as connection:
            return login_of(connection.execute(BY_IDENTITY, identity).mappings().one_or_none())

    @override
    def find_third_party_login_by_id(self, recipe_user_id: str) -> ThirdPartyLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._database.reading() as connection:
            return login_of(connection.execute(BY_ID, {"id": recipe_user_id}).mappings().first())

    @override
    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        check_text(tenant_id, "tenant_id")
        with self._database.reading() as connection:
            rows = connection.execute(PROVIDERS, {"tenant_id": tenant_id}).mappings()
            return tuple(TenantProvider(**row) for row in rows)

    @override
    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        check_tenant_provider(provider)
        changed = of_provider(provider.tenant_id, provider.third_party_id)
        replace = update(tenant_providers).where(*changed).values(config=provider.config)
        if self._database.write(lambda connection: connection.execute(replace).rowcount, one_statement=True) == 1:
            return False
        added = attrs.asdict(provider)
        try:
            self._database.write(
                lambda connection: connection.execute(insert(tenant_providers), added), one_statement=True
            )
        except ConstraintError as error:
            # Somebody was faster; the later one stays.
            if self._database.write(lambda connection: connection.execute(replace).rowcount, one_statement=True) == 1:
                return False
            raise StorageError(
                f"The provider was not added: there is no tenant {provider.tenant_id!r}; create it first."
            ) from error
        return True

    @override
    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(third_party_id, "third_party_id")
        statement = delete(tenant_providers).where(*of_provider(tenant_id, third_party_id))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1


def identity_of(tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str) -> dict[str, str]:
    """Return what a login method is found by, as the columns are called."""
    return dict(zip(IDENTITY, (tenant_id, third_party_id, issuer, third_party_user_id), strict=True))


def identity_of_login(login: ThirdPartyLogin) -> dict[str, str]:
    """Return what this login method is found by."""
    return identity_of(login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id)


def login_of(row: RowMapping | None) -> ThirdPartyLogin | None:
    """Return the login method of a row of its table, where a provider vouches for it."""
    if row is None or row["provider_id"] is None:
        return None
    return ThirdPartyLogin(
        user_id=row["user_id"],
        recipe_user_id=row["recipe_user_id"],
        tenant_id=row["tenant_id"],
        third_party_id=row["provider_id"],
        issuer=row["issuer"],
        third_party_user_id=row["subject"],
        email=row["email"],
        verified=row["verified"],
        time_joined_ms=row["time_joined_ms"],
    )


def of_provider(tenant_id: str, third_party_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for what a tenant has configured of a provider."""
    return tenant_providers.c.tenant_id == tenant_id, tenant_providers.c.third_party_id == third_party_id


IN_SQL: Final[SQLPart[ThirdPartyStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0002",
    store=SQLThirdParties,
    sealed={"providers of tenants": tenant_providers, "tokens of providers": provider_tokens},
)
