"""What a venue calls a holder: a number that no other venue has for the same person (R30).

Made anew each time from a key that is not in the database: who has the database alone cannot tell
which numbers of two venues are one holder's. It follows the holder from card to card.

Source: ADR 0024.
"""

import hmac
from uuid import UUID

_FIRST, _MANY = 10_000, 90_000


def pseudonym_of(holder_id: UUID, venue_id: UUID, *, secret: bytes) -> int:
    """Give the number of five digits under which *venue_id* knows the holder."""
    named = b"holder at venue" + holder_id.bytes + venue_id.bytes
    drawn = hmac.digest(secret, named, "sha256")
    return _FIRST + int.from_bytes(drawn[:8], "big") % _MANY
