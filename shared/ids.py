"""Identifier types: one per concept, so that ids of two concepts cannot be swapped."""

from typing import NewType
from uuid import UUID

AreaId = NewType("AreaId", UUID)
CardId = NewType("CardId", UUID)
DistributorId = NewType("DistributorId", UUID)
HolderId = NewType("HolderId", UUID)
ScanId = NewType("ScanId", UUID)
ScannerId = NewType("ScannerId", UUID)
VenueId = NewType("VenueId", UUID)
VisitId = NewType("VisitId", UUID)

_RANDOM_BYTES = 10
_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_RANDOM_MASK = (0xFFF << 64) | ((1 << 62) - 1)


def uuid7(*, unix_ms: int, random: bytes) -> UUID:
    """Make a time-ordered id; the caller gives the time and ten random bytes.

    The standard library has one from Python 3.14 on; this app still runs on 3.11.

    Args:
        unix_ms: Milliseconds since 1970-01-01T00:00:00Z, below 2^48.
        random: Exactly ten fresh random bytes; six of their bits are overwritten.

    Raises:
        ValueError: The number or the bytes are out of range.

    Source: RFC 9562 section 5.7.
    """
    if not 0 <= unix_ms < 1 << 48 or len(random) != _RANDOM_BYTES:
        raise ValueError("uuid7 wants 48 bits of time and ten random bytes")
    tail = int.from_bytes(random, "big") & _RANDOM_MASK
    return UUID(int=(unix_ms << 80) | _VERSION_AND_VARIANT | tail)
