"""Wire models of a venue's scanner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.scan import Category


@dataclass(frozen=True, slots=True)
class EnrolledScanner:
    """What a scanner learns about itself when it is paired with a venue."""

    scanner_id: UUID
    scanner_name: str
    venue_id: UUID
    venue_name: str
    categories: list[Category]
    server_time: datetime
