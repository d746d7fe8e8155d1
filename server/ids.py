"""New ids: ordered by time, so that indexes grow at one end."""

import secrets
from datetime import datetime
from uuid import UUID

from shared.ids import uuid7


def new_id(now: datetime) -> UUID:
    """Make a UUIDv7 of the instant *now*."""
    return uuid7(unix_ms=int(now.timestamp() * 1000), random=secrets.token_bytes(10))
