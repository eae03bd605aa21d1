"""Who may pass: a token that lives, with the scope an operation needs, within its rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webadmin.access.keyring import Keyring
from webadmin.access.limiting import Allowance, Limiter
from webadmin.access.scopes import Scope
from webadmin.access.tokens import Holder
from webadmin.api.once import Once
from webadmin.api.problems import ProblemError
from webadmin.api.sealing import Seal
from webadmin.settings import Settings
from webadmin.store.record import Record

REALM = 'Bearer realm="fairlead"'


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands before the operations of one application."""

    record: Record
    settings: Settings
    keyring: Keyring
    limiter: Limiter
    once: Once
    seal: Seal

    @classmethod
    def of(cls, record: Record, settings: Settings) -> Gate:
        """Return the gate of an application."""
        keyring, limiter = Keyring(record.engine), Limiter(settings.requests_per_minute)
        return cls(record, settings, keyring, limiter, Once(record), Seal(settings.secret_key))

    def admitted(self, authorization: str | None, scopes: tuple[Scope, ...], now: datetime) -> Holder:
        """Return who calls.

        Raises:
            ProblemError: there is no token, it opens nothing, or not this.
        """
        needed = tuple(f"`{each}`" for each in scopes)
        scheme, _, secret = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            raise ProblemError("token-missing", {"scopes": needed}, headers={"WWW-Authenticate": REALM})
        holder = self.keyring.holder(secret.strip(), now)
        if holder is None:
            raise ProblemError("token-invalid", headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
        if not holder.may(scopes):
            found = tuple(f"`{each}`" for each in sorted(holder.scopes))
            wanted = f'{REALM}, error="insufficient_scope", scope="{" ".join(scopes)}"'
            raise ProblemError(
                "scope-missing", {"scopes": needed, "found": found}, headers={"WWW-Authenticate": wanted}
            )
        return holder

    def counted(self, holder: Holder, now: datetime) -> Allowance:
        """Count a request of somebody who was admitted."""
        return self.limiter.take(holder, now)
