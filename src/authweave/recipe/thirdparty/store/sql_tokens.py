"""Tokens that providers gave, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    Update,
    bindparam,
    case,
    null,
    or_,
    select,
    update,
)
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.sql import (
    Change,
    ConstraintError,
    Database,
    OverDatabase,
    Query,
    first_tenant,
    insert_unless_there,
    known_as,
    login_methods,
    owner_of,
    users,
)

from .protocol import ThirdPartyStore
from .records import ProviderTokens, check_provider_tokens, latest_end
from .tables import provider_tokens

kept: Final = provider_tokens.c

TOKENS: Final = (
    select(
        kept.recipe_user_id,
        first_tenant,
        login_methods.c.provider_id,
        kept.client_id,
        kept.client_type,
        kept.access_token,
        kept.refresh_token,
        kept.signed_in_at_ms,
    )
    .join_from(provider_tokens, login_methods)
    .join(users, users.c.user_id == login_methods.c.user_id)
    .where(
        users.c.user_id == owner_of(bindparam("user_id")),
        users.c.disabled_at_ms.is_(None),
        login_methods.c.provider_id == bindparam("third_party_id"),
    )
    .order_by(kept.signed_in_at_ms.desc(), kept.recipe_user_id)
)
OF_LOGIN: Final = TOKENS.where(known_as(kept.recipe_user_id, bindparam("recipe_user_id")))

FOUND: Final = kept.recipe_user_id == bindparam("found_id")
SAME_ACCESS_TOKEN: Final = kept.access_token == bindparam("found_access_token")
SAME_REFRESH_TOKEN: Final = kept.refresh_token == bindparam("found_refresh_token")

LEASE: Final = (
    update(provider_tokens)
    .where(
        FOUND,
        SAME_ACCESS_TOKEN,
        SAME_REFRESH_TOKEN,
        or_(
            kept.leased_until_ms.is_(None),
            kept.leased_until_ms <= bindparam("now_ms"),
            kept.leased_until_ms > bindparam("latest_ms"),
        ),
    )
    .values(leased_until_ms=bindparam("until_ms"))
)
END_LEASE: Final = (
    update(provider_tokens)
    .where(FOUND, kept.leased_until_ms == bindparam("held_until_ms"))
    .values(leased_until_ms=null())
)
RENEW: Final = (
    update(provider_tokens)
    .where(FOUND, SAME_REFRESH_TOKEN)
    .values(
        access_token=bindparam("new_access_token"),
        refresh_token=bindparam("new_refresh_token"),
        leased_until_ms=null(),
    )
)
WITHDRAW: Final = (
    update(provider_tokens)
    .where(FOUND, SAME_ACCESS_TOKEN, SAME_REFRESH_TOKEN)
    .values(access_token=null(), refresh_token=null(), leased_until_ms=null())
)


class SQLProviderTokens(OverDatabase, ThirdPartyStore):
    """Tokens that providers gave."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._tokens, self._tokens_of_login = Query(database, TOKENS), Query(database, OF_LOGIN)
        self._lease, self._end_lease = Change(database, LEASE), Change(database, END_LEASE)
        self._renew, self._withdraw = Change(database, RENEW), Change(database, WITHDRAW)

    @override
    def keep_provider_tokens(self, tokens: ProviderTokens) -> bool:
        check_provider_tokens(tokens)
        row = {name: value for name, value in attrs.asdict(tokens).items() if name in kept}
        replace = replacing(tokens)

        def keep(connection: Connection) -> None:
            while connection.execute(replace).rowcount == 0:
                if insert_unless_there(connection, provider_tokens, row):
                    return

        try:
            self._database.write(keep)
        except ConstraintError:  # there is no such login method
            return False
        return True

    @override
    def find_provider_tokens(
        self, user_id: str, third_party_id: str, recipe_user_id: str | None = None
    ) -> ProviderTokens | None:
        check_text(user_id, "user_id")
        check_text(third_party_id, "third_party_id")
        check_text(recipe_user_id or "", "recipe_user_id")
        asked = {"user_id": user_id, "third_party_id": third_party_id}
        if recipe_user_id is None:
            return tokens_of(self._tokens.first(asked))
        return tokens_of(self._tokens_of_login.first({**asked, "recipe_user_id": recipe_user_id}))

    @override
    def lease_provider_tokens(self, tokens: ProviderTokens, now_ms: int, until_ms: int) -> bool:
        times = {"now_ms": now_ms, "until_ms": until_ms, "latest_ms": latest_end(now_ms, until_ms)}
        return self._lease.execute({**versions_of(tokens), **times}) == 1

    @override
    def end_lease_of_provider_tokens(self, tokens: ProviderTokens, until_ms: int) -> None:
        self._end_lease.execute({"found_id": tokens.recipe_user_id, "held_until_ms": until_ms})

    @override
    def renew_provider_tokens(self, tokens: ProviderTokens, access_token: str, refresh_token: str) -> bool:
        check_provider_tokens(attrs.evolve(tokens, access_token=access_token, refresh_token=refresh_token))
        renewed = {"new_access_token": access_token, "new_refresh_token": refresh_token}
        former = {"found_id": tokens.recipe_user_id, "found_refresh_token": tokens.refresh_token}
        return self._renew.execute({**former, **renewed}) == 1

    @override
    def withdraw_provider_tokens(self, tokens: ProviderTokens) -> bool:
        return self._withdraw.execute(versions_of(tokens)) == 1


def replacing(tokens: ProviderTokens) -> Update:
    """Return what puts the tokens of a sign-in in the place of earlier ones."""

    def kept_or(column: ColumnElement[Any], value: str | None) -> ColumnElement[Any]:  # Any: of texts and times
        """Leave a column as it is where the earlier refresh token is good for the new tokens too."""
        if tokens.refresh_token is not None:
            return bindparam(None, value, type_=column.type)
        return case((kept.client_id == tokens.client_id, column), else_=null())

    return (
        update(provider_tokens)
        .where(kept.recipe_user_id == tokens.recipe_user_id)
        .values(
            client_id=tokens.client_id,
            client_type=tokens.client_type,
            access_token=bindparam(None, tokens.access_token, type_=Text),
            refresh_token=kept_or(kept.refresh_token, tokens.refresh_token),
            signed_in_at_ms=tokens.signed_in_at_ms,
            leased_until_ms=kept_or(kept.leased_until_ms, None),
        )
    )


def versions_of(tokens: ProviderTokens) -> dict[str, str | None]:
    """Return what tells that tokens are still as they were found."""
    return {
        "found_id": tokens.recipe_user_id,
        "found_access_token": tokens.access_token,
        "found_refresh_token": tokens.refresh_token,
    }


def tokens_of(row: Sequence[Any] | None) -> ProviderTokens | None:  # Any: a database's row has no static type
    """Return the tokens of a row of `TOKENS`."""
    if row is None:
        return None
    recipe_user_id, tenant_id, provider_id, client_id, client_type, access_token, refresh_token, signed_in_at_ms = row
    return ProviderTokens(
        recipe_user_id=recipe_user_id,
        tenant_id=tenant_id,
        third_party_id=provider_id,
        client_id=client_id,
        client_type=client_type,
        access_token=access_token,
        refresh_token=refresh_token,
        signed_in_at_ms=signed_in_at_ms,
    )
