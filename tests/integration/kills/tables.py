"""The tables themselves, beside what clients were told."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import create_engine, make_url, text

from .clients import Clients


def rows(url: str, query: str) -> list[tuple[str, ...]]:
    """Return what a query gives."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def check_tables(url: str, clients: Clients) -> None:
    """Check that users are whole, that what was acknowledged is there, and that no session is that should not be."""
    users = {user for (user,) in rows(url, "SELECT user_id FROM authweave_users")}
    methods = rows(url, "SELECT user_id, recipe_user_id, email FROM authweave_login_methods")
    passwords = {method for (method,) in rows(url, "SELECT recipe_user_id FROM authweave_passwords")}
    assert Counter(user for user, _, _ in methods) == Counter(users), "a half user"
    assert Counter(method for _, method, _ in methods) == Counter(passwords), "a half user"

    emails = Counter(email for _, _, email in methods)
    assert max(emails.values(), default=1) == 1, "two users of one address"
    assert {person.email for person in clients.people if person.is_known} <= set(emails), "a user is lost"
    assert set(emails) <= {person.email for person in clients.people}, "a user of nobody"

    owner = {user: email for user, _, email in methods}
    sessions = {handle: user for handle, user in rows(url, "SELECT handle, user_id FROM authweave_sessions")}  # noqa: C416  dict() wants pairs
    assert set(sessions.values()) <= users, "a session of nobody"
    held = {held.handle: held for _, held in clients.all_held()}
    for person, each in clients.all_held():
        if each.is_live:
            assert owner[sessions[each.handle]] == person.email, "a session is lost, or another's"
        if each.is_live is False:
            assert each.handle not in sessions, "a session is there that was signed out"
    assert not clients.gone & set(sessions), "a session is there that was signed out"
    strays = Counter(owner[user] for handle, user in sessions.items() if handle not in held)
    unanswered = {person.email: person.unanswered for person in clients.people}
    assert all(count <= unanswered[email] for email, count in strays.items()), "a session that nobody asked for"
