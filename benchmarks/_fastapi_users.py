"""fastapi-users, set up as its documentation does: users in SQLite, a JWT strategy, its own default hashing."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from fastapi import Depends, FastAPI, Request
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

SECRET = "a secret for this benchmark and nothing else"


class Base(DeclarativeBase):
    """The tables."""


class User(SQLAlchemyBaseUserTableUUID, Base):
    """A user."""


class UserManager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    """Manages users."""

    reset_password_token_secret = SECRET
    verification_token_secret = SECRET
    mails: ClassVar[list[None]] = []
    """An entry for each link that was handed over."""

    async def on_after_forgot_password(self, user: User, token: str, request: Request | None = None) -> None:
        """Count a link to reset a password, and send no mail."""
        del user, token, request
        self.mails.append(None)


def build(folder: Path) -> FastAPI:
    """Build the application."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'peer.db'}")
    make_session = async_sessionmaker(engine, expire_on_commit=False)

    async def get_session() -> AsyncGenerator[AsyncSession]:
        async with make_session() as session:
            yield session

    async def get_user_db(
        session: AsyncSession = Depends(get_session),  # noqa: B008  as FastAPI wants it
    ) -> AsyncGenerator[SQLAlchemyUserDatabase[User, uuid.UUID]]:
        yield SQLAlchemyUserDatabase(session, User)

    async def get_manager(
        user_db: SQLAlchemyUserDatabase[User, uuid.UUID] = Depends(get_user_db),  # noqa: B008  as FastAPI wants it
    ) -> AsyncGenerator[UserManager]:
        yield UserManager(user_db)

    def strategy() -> JWTStrategy[User, uuid.UUID]:
        return JWTStrategy(secret=SECRET, lifetime_seconds=3600)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        del app
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield

    backend = AuthenticationBackend("jwt", BearerTransport("auth/signin"), strategy)
    users = FastAPIUsers[User, uuid.UUID](get_manager, [backend])
    app = FastAPI(lifespan=lifespan)

    @app.get("/protected", dependencies=[Depends(users.current_user())])
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    app.include_router(users.get_auth_router(backend), prefix="/auth")
    app.include_router(users.get_register_router(schemas.BaseUser[uuid.UUID], schemas.BaseUserCreate), prefix="/auth")
    app.include_router(users.get_reset_password_router(), prefix="/auth")
    app.state.make_session = make_session
    return app


@asynccontextmanager
async def with_manager(app: FastAPI) -> AsyncGenerator[UserManager]:
    """Lend what manages the users of an application that `build` made, with a session of its own."""
    async with app.state.make_session() as session:
        yield UserManager(SQLAlchemyUserDatabase(session, User))
