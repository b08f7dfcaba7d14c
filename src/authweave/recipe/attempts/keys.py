"""What counts are kept under: keyed hashes, which tell nobody who reads the database of accounts or addresses."""

from __future__ import annotations

import hmac

import attrs

from authweave.security import ServerSecret


@attrs.frozen(kw_only=True)
class AttemptKeys:
    """
    The keys of an attempt.

    Attributes:
        account: of the failures of the account.
        address: of those from the address; None where it is not known, as the following.
        both: of those of the account from the address.
        known: of what says that the address has signed in to the account, whatever is attempted.
    """

    account: str
    address: str | None
    both: str | None
    known: str | None

    def in_use(self) -> tuple[str, ...]:
        """Return those that there are, the account's first."""
        if self.address is None or self.both is None or self.known is None:
            return (self.account,)
        return (self.account, self.address, self.both, self.known)


class Keyed:
    """
    Makes keys: HMAC-SHA256 (RFC 2104) with a key of their own.

    Args:
        secret: the server's.
    """

    def __init__(self, secret: ServerSecret) -> None:
        self._keyed = hmac.new(secret.key("counting"), digestmod="sha256")

    def keys(self, action: str, tenant_id: str, account: str, address: str | None) -> AttemptKeys:
        """Return the keys of an attempt."""
        of_account = self._hash("account", action, tenant_id, account)
        if address is None:
            return AttemptKeys(account=of_account, address=None, both=None, known=None)
        return AttemptKeys(
            account=of_account,
            address=self._hash("address", action, address),
            both=self._hash("both", action, tenant_id, account, address),
            known=self._hash("known", tenant_id, account, address),
        )

    def _hash(self, *parts: str) -> str:
        # The lengths keep the parts apart.
        text = "".join([f"{len(part)}:{part}" for part in parts])
        keyed = self._keyed.copy()  # half the time of `hmac.digest`, which prepares the key each time
        keyed.update(text.encode("utf-8", "surrogatepass"))
        return keyed.hexdigest()
