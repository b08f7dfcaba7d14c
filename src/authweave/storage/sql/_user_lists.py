"""Lists of users, in SQL: a tenant's page by page, those of an account, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final, TypeAlias

import attrs
from sqlalchemy import Select, Subquery, and_, bindparam, false, func, intersect, or_, select, true, tuple_
from sqlalchemy import union as any_of
from sqlalchemy.sql.elements import ColumnElement
from typing_extensions import override

from authweave.storage._limits import check_text
from authweave.storage._protocols import UserStore
from authweave.storage._user_checks import check_account, check_listing
from authweave.storage._user_records import AccountInfo, Place, UserListing, UserPage, UserSearch
from authweave.types import User

from ._database import Database, ReadsPasskeys
from ._lookup import Query
from ._over_database import OverDatabase
from ._passkeys import Row, passkeys_of
from ._schema import login_methods, login_tenants, users
from ._users import METHODS, NAMES, user_of

AFTER_ALL: Final = "\U0010ffff"
"""No character; whatever begins alike stands before it."""

Condition: TypeAlias = ColumnElement[bool]

JOINED: Final = login_tenants.c.user_time_joined_ms
USER: Final = login_tenants.c.user_id
METHODS_IN_ORDER: Final = (login_methods.c.time_joined_ms, login_methods.c.recipe_user_id)


class SQLUserLists(OverDatabase, UserStore):
    """Users, many at once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)

        def query(shape: Shape) -> Query:
            return Query(database, of_account(shape, database.passkeys))

        self._of_account = cache(query)

    @override
    def list_users(self, listing: UserListing) -> UserPage:
        check_listing(listing)
        page = self._page(listing)
        joined, user_id = page.c
        places = (joined.desc(), user_id.desc()) if listing.newest_first else (joined, user_id)
        in_order = METHODS.join(page, user_id == users.c.user_id).order_by(None).order_by(*places, *METHODS_IN_ORDER)
        found = self._users(in_order)
        following, chosen = found[listing.limit :], found[: listing.limit]
        return UserPage(self._users_of(chosen), place_of(following[0]) if following else None)

    def _page(self, listing: UserListing) -> Subquery:
        """Return the places of the users of a page, and of the one that follows."""
        selects = [places_of(listing, condition) for condition in self._searched(listing.search)]
        place = any_of(*selects).subquery() if len(selects) > 1 else None
        joined, user_id = (JOINED, USER) if place is None else place.c
        chosen = selects[0] if place is None else select(joined, user_id)
        order = (joined.desc(), user_id.desc()) if listing.newest_first else (joined, user_id)
        return chosen.distinct().order_by(*order).limit(listing.limit + 1).subquery()

    def _searched(self, search: UserSearch) -> Iterator[Condition]:
        """Yield conditions of which a login method has to fulfil one: each asks one index for one range."""
        of_emails = [self._begins(login_tenants.c.email, text) for text in search.emails]
        of_emails += [self._begins(login_tenants.c.email_domain, text) for text in search.emails if "@" not in text]
        of_numbers = [self._begins(login_tenants.c.phone_number, text) for text in search.phone_numbers]
        of_providers = [self._begins(login_tenants.c.provider_id, text) for text in search.providers]
        first, *others = [each for each in (of_emails, of_numbers, of_providers) if each] or [[true()]]
        for condition in first:
            yield and_(condition, *(or_(*each) for each in others))

    def _begins(self, column: ColumnElement[str], text: str) -> Condition:
        """Return the condition that a column begins with a text, as an index of bytes answers it."""
        if self._database.dialect.name == "postgresql":
            return and_(column.bool_op("~>=~")(text), column.bool_op("~<~")(text + AFTER_ALL))
        return and_(column >= text, column < text + AFTER_ALL)

    @override
    def find_users(self, tenant_id: str, account: AccountInfo, *, union: bool) -> tuple[User, ...]:
        check_account(tenant_id, account)
        asked = tuple(values_of(account))
        if not asked:
            return ()
        values = {name: value for each in asked for name, value in each.items()}
        found = self._of_account(Shape(tuple(map(frozenset, asked)), union)).all({"tenant_id": tenant_id, **values})
        rows = [dict(zip(NAMES, row, strict=True)) for row in found]
        users_rows = [list(of_one) for _, of_one in groupby(rows, key=itemgetter("user_id"))]
        return self._users_of(sorted(users_rows, key=place_of))

    @override
    def count_users(self, tenant_id: str | None, recipe_ids: frozenset[str] | None) -> int:
        check_text(tenant_id or "", "tenant_id")
        if tenant_id is None:
            counted, recipe_id = select(login_methods.c.user_id).distinct(), login_methods.c.recipe_id
        else:  # as the index has them: nothing is to be sorted
            counted, recipe_id = select(JOINED, USER).distinct(), login_tenants.c.recipe_id
            counted = counted.where(login_tenants.c.tenant_id == tenant_id)
        if recipe_ids is not None:
            counted = counted.where(recipe_id.in_(sorted(recipe_ids)))
        statement = select(func.count()).select_from(counted.subquery())
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one()

    def _users(self, statement: Select[Any]) -> Sequence[Sequence[Row]]:  # Any: a database's row has no static type
        """Return the rows of each user of a query whose order keeps them together."""
        with self._database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return [list(of_one) for _, of_one in groupby(rows, key=lambda row: str(row["user_id"]))]

    def _users_of(self, found: Sequence[Sequence[Row]]) -> tuple[User, ...]:
        """Return users, of the rows of each."""
        passkeys = passkeys_of(chain.from_iterable(found), self._database)
        return tuple(user_of(rows, passkeys) for rows in found)


def places_of(listing: UserListing, condition: Condition) -> Select[int, str]:
    """Return the places of the users of a listing who have a login method that fulfils a condition."""
    places = select(JOINED, USER).where(login_tenants.c.tenant_id == listing.tenant_id, condition)
    if listing.recipe_ids is not None:
        places = places.where(login_tenants.c.recipe_id.in_(sorted(listing.recipe_ids)))
    if listing.start is None:
        return places
    place, start = tuple_(JOINED, USER), tuple_(listing.start.time_joined_ms, listing.start.user_id)
    return places.where(place <= start if listing.newest_first else place >= start)


def place_of(rows: Sequence[Row]) -> Place:
    """Return the place of a user whose login methods these are."""
    return Place(rows[0]["time_joined_ms"], rows[0]["user_id"])


@attrs.frozen
class Shape:
    """
    Which users are asked for, without the values.

    Attributes:
        columns: that a login method has to have, for each thing that is asked.
        union: whether one of them is enough.
    """

    columns: tuple[frozenset[str], ...]
    union: bool


def of_account(shape: Shape, passkeys: ReadsPasskeys | None) -> Select[Any]:  # Any: a database's row has no static type
    """Return the question for the users of an account: its values have the names of the columns."""
    asked = [
        select(USER).where(
            login_tenants.c.tenant_id == bindparam("tenant_id"),
            *(has_it(name, passkeys) for name in sorted(columns)),
        )
        for columns in shape.columns
    ]
    combined = any_of(*asked) if shape.union else intersect(*asked)
    return METHODS.where(users.c.user_id.in_(combined)).order_by(None).order_by(users.c.user_id, *METHODS_IN_ORDER)


def has_it(name: str, passkeys: ReadsPasskeys | None) -> Condition:
    """Return the condition that a login method has what is asked by the name of a column, or of a passkey."""
    if name != "credential_id":
        return login_tenants.c[name] == bindparam(name)
    return false() if passkeys is None else login_tenants.c.recipe_user_id.in_(passkeys.owners(name))


def values_of(account: AccountInfo) -> Iterator[Mapping[str, str]]:
    """Yield what the columns of a login method have to be, for each thing that is asked."""
    if account.email is not None:
        yield {"email": account.email}
    if account.phone_number is not None:
        yield {"phone_number": account.phone_number}
    if account.identity is not None:
        provider_id, subject = account.identity
        yield {"subject": subject, "provider_id": provider_id}
    if account.credential_id is not None:
        yield {"credential_id": account.credential_id}
