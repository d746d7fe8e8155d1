"""Wire models of signing in by proof of a device key."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FreshNonce:
    """Sixteen random bytes (base64url) to put into one proof, good for five minutes."""

    nonce: str
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """A key to the server for a quarter of an hour: `Authorization: Bearer …`."""

    bearer: str
    expires_at: datetime
    server_time: datetime
