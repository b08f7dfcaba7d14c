"""Makes the tokens of sessions. All of it blocks, on the store and on signing: each is one hop to a worker thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.exceptions import ClaimsTooLargeError
from authweave.recipe.session.keys.signing_keys import SigningKeys
from authweave.recipe.session.store import SessionRecord
from authweave.recipe.session.tokens.minting import Minted, anti_csrf_token_of, mint_access_token, mint_with_claims
from authweave.recipe.session.tokens.payload import (
    canonical_json,
    custom_claims,
    merge_claims,
    rebase_claims,
    require_unchanged,
)
from authweave.recipe.session.tokens.verified import VerifiedToken
from authweave.recipe.session.transport import ANY_WAY, Carriage, require_kept
from authweave.security import ParsedToken, RefreshToken
from authweave.types import Clock, JSONObject

from .rotation import Confirm, Give, Theft, Unknown, stored_hash
from .store_steps import StoreSteps

logger: Final = logging.getLogger("authweave.session")

MAY_BE_LARGE: Final = 1024
"""Characters of JSON. Of a session with fewer a token is known to fit, and is made once only."""


@attrs.frozen
class Issued:
    """
    The new tokens of a session.

    Attributes:
        issued_at_ms: milliseconds since the epoch.
    """

    session: SessionRecord
    refresh_token: RefreshToken
    access: Minted
    anti_csrf_token: str | None = attrs.field(repr=False)
    issued_at_ms: int


@attrs.frozen
class Stolen:
    """Somebody has a token of the session that should be gone. The session has not been revoked yet."""

    session: SessionRecord


@attrs.frozen
class Issuing:
    """Makes tokens, once the store has agreed."""

    steps: StoreSteps
    keys: SigningKeys
    config: SessionConfig
    clock: Clock

    def create(
        self,
        session: SessionRecord,
        token: RefreshToken,
        store: Callable[[], Sequence[str]],
        *,
        disable_anti_csrf: bool,
        carriage: Carriage,
    ) -> Issued:
        """
        Make the first tokens of a session, and have it stored, as `store` does.

        Raises as `mint_access_token` and `require_kept`: then nothing is stored.
        """
        issued = self.issue_tokens(session, token, None, disable_anti_csrf=disable_anti_csrf)
        self.require_kept(issued.access, session.payload, carriage)
        if ended := store():
            logger.info(
                "User %r had more than %d sessions: the oldest ended.",
                session.user_id,
                self.config.max_sessions_per_user,
                extra={"event": "sessions_ended", "user_id": session.user_id, "session_handles": ended},
            )
        return issued

    def store(self, session: SessionRecord) -> Sequence[str]:
        """Store a session. Returns the handles of those that ended, since their user had too many."""
        if (at_most := self.config.max_sessions_per_user) is None:
            return self.steps.store.create_session(session)
        return self.steps.store.create_session(session, at_most=at_most)

    def refresh(
        self, presented: RefreshToken, *, disable_anti_csrf: bool, carriage: Carriage
    ) -> Issued | Stolen | None:
        """
        Make the tokens that follow upon a genuine refresh token; None where it has no session any more.

        What is made is stored, as far as there is something to store, when it is known that the client keeps it.

        Raises as `require_kept`: then nothing is stored.
        """
        for _ in range(2):
            stored, meaning = self.steps.interpret(presented)
            if stored is None or isinstance(meaning, Unknown):
                return None
            if isinstance(meaning, Theft):
                return Stolen(stored)
            if isinstance(meaning, Confirm):
                session = self.steps.advanced(stored, presented.hash2)
                parent = Give(session.generation, session.refresh_hash)
            else:
                session, parent = stored, meaning
            child = self.steps.refresh_tokens.child(
                session.handle,
                parent_generation=parent.parent_generation,
                parent_hash2=parent.parent_hash,
                has_anti_csrf=self.has_anti_csrf(disabled=disable_anti_csrf),
            )
            issued = self.issue_tokens(session, child, presented, disable_anti_csrf=disable_anti_csrf)
            self.require_kept(issued.access, session.payload, carriage)
            if isinstance(meaning, Give):
                self.steps.keep_alive(stored)
                return issued
            if self.steps.store_progress(session):
                return issued
            # Another was quicker: by now the token is the session's own, or older.
        return None  # it is not: the store has not kept what the other stored

    def is_behind(self, session: SessionRecord, token: VerifiedToken) -> bool:
        """Return whether a stored session does not know yet that a token is in use, or says something else than it."""
        parent = token.parent_refresh_hash1
        is_new = parent is not None and stored_hash(parent) == session.refresh_hash
        return is_new or not has_claims(token, session)

    def look_up(self, token: VerifiedToken) -> tuple[SessionRecord | None, Minted | None]:
        """Return the session of a verified token, if it still exists, and a new token where the claims are others."""
        session = self.steps.confirm(token.session_handle, token.parent_refresh_hash1, token.refresh_hash1)
        if session is None or has_claims(token, session):
            return session, None
        return session, mint_with_claims(token.payload, session.payload, self.keys.current(), now_ms=self.clock())

    def regenerate(
        self,
        token: ParsedToken,
        claims: JSONObject | None,
        named: frozenset[str],
        made_of: JSONObject,
        carriage: Carriage,
    ) -> Minted | None:
        """
        Store other claims, and make a token with what is stored then; None without a session.

        Args:
            token: the one that the caller has.
            claims: what it is to say. Only what differs from the token is changed, so that what was changed by handle
                since the token was made stays so. None changes nothing.
            named: which of the claims are stored, or deleted, even if they are as in the token.
            made_of: what stored claims have to be, so that the others fit; None for one that is not there.
            carriage: how the token will travel.

        Raises as `require_unchanged`, `rebase_claims` and `require_kept`: then nothing is stored.
        """
        key, handle = self.keys.current(), token.session_handle
        if claims is None:
            session = self.steps.find(handle)
            stored = None if session is None else session.payload
        else:
            seen = custom_claims(token.payload)

            def change(stored: JSONObject) -> JSONObject:
                require_unchanged(stored, made_of)
                return rebase_claims(stored, seen=seen, wanted=claims, named=named)

            def mint(changed: JSONObject) -> Minted:
                return mint_with_claims(token.payload, changed, key, now_ms=self.clock())

            stored = self.store_claims(handle, change, mint, carriage)
        return None if stored is None else mint_with_claims(token.payload, stored, key, now_ms=self.clock())

    def merge(self, handle: str, update: JSONObject) -> JSONObject | None:
        """
        Merge claims into those that are stored of a session. Returns them; None without one.

        Raises as `merge_claims` and `require_kept`: then nothing is stored.
        """
        session = self.steps.find(handle)
        if session is None:
            return None
        child = self.steps.refresh_tokens.child(
            handle, parent_generation=session.generation, parent_hash2=session.refresh_hash
        )
        mint = self.minting(session, child, disable_anti_csrf=False)
        return self.store_claims(handle, lambda stored: merge_claims(stored, update), mint, Carriage())

    def store_claims(
        self,
        handle: str,
        change: Callable[[JSONObject], JSONObject],
        mint: Callable[[JSONObject], Minted],
        carriage: Carriage,
    ) -> JSONObject | None:
        """
        Store what ``change`` makes of a session's claims, if its client keeps a token with them.

        Without a request nobody knows where that is. They have to fit into cookies then, unless those before did not,
        so that the client has to keep its tokens elsewhere.
        """

        def checked(stored: JSONObject) -> JSONObject:
            changed = change(stored)
            try:
                self.require_fit(changed, carriage if carriage.method else ANY_WAY, mint)
            except ClaimsTooLargeError:
                if carriage.method or self.fits(stored, mint):
                    raise
            return changed

        return self.steps.change_payload(handle, checked)

    def fits(self, claims: JSONObject, mint: Callable[[JSONObject], Minted]) -> bool:
        """Return whether every client keeps a token with some claims."""
        try:
            self.require_fit(claims, ANY_WAY, mint)
        except ClaimsTooLargeError:
            return False
        return True

    def minting(
        self, session: SessionRecord, token: RefreshToken, *, disable_anti_csrf: bool
    ) -> Callable[[JSONObject], Minted]:
        """Return what makes an access token of a session that is as large as those after a refresh, with any claims."""

        def mint(claims: JSONObject) -> Minted:
            with_claims = attrs.evolve(session, payload=claims)
            return self.issue_tokens(with_claims, token, token, disable_anti_csrf=disable_anti_csrf).access

        return mint

    def require_fit(self, claims: JSONObject, carriage: Carriage, mint: Callable[[JSONObject], Minted]) -> None:
        """Check that the client will keep a token with some claims. Raises as `transport.require_kept`."""
        if len(canonical_json(claims)) > MAY_BE_LARGE:
            self.require_kept(mint(claims), claims, carriage)

    def require_kept(self, access: Minted, claims: JSONObject, carriage: Carriage) -> None:
        """Check that the client will keep an access token. Raises as `transport.require_kept`."""
        is_first = access.payload.get("parentRefreshTokenHash1") is None
        tokens = access.access_token, access.front_token
        require_kept(carriage, self.config.cookies, *tokens, claims, will_grow=is_first)

    def has_anti_csrf(self, *, disabled: bool) -> bool:
        """Return whether an anti-CSRF token goes with the tokens that are made."""
        return not disabled and self.config.anti_csrf == "VIA_TOKEN"

    def issue_tokens(
        self, session: SessionRecord, token: RefreshToken, parent: RefreshToken | None, *, disable_anti_csrf: bool
    ) -> Issued:
        """Make the other tokens that go with a refresh token."""
        key, now_ms = self.keys.current(), self.clock()
        until_ms, end_ms = now_ms + self.config.access_token_validity_ms, self.config.end_of(session.created_at_ms)
        anti_csrf_token = anti_csrf_token_of(token) if self.has_anti_csrf(disabled=disable_anti_csrf) else None
        access = mint_access_token(
            session,
            token,
            key,
            parent_hash1=None if parent is None else parent.hash1,
            anti_csrf_token=anti_csrf_token,
            now_ms=now_ms,
            expires_at_ms=until_ms if end_ms is None else min(until_ms, end_ms),
        )
        return Issued(session, token, access, anti_csrf_token, now_ms)


def has_claims(token: VerifiedToken, session: SessionRecord) -> bool:
    """Return whether a token says what is stored."""
    return canonical_json(session.payload) == canonical_json(custom_claims(token.payload))
