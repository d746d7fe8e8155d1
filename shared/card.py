"""Wire models of a card: what its holder's phone is told."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class CardState(StrEnum):
    """Where a card stands today, by the register."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The card as the register has it. Days are calendar days in Europe/Helsinki."""

    card_id: UUID
    card_code: str
    community: bool
    children: int
    first_valid_on: date
    last_valid_on: date
    state: CardState


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A signed credential (base64url of the COSE bytes) and the facts it was made from."""

    credential: str
    card: CardFacts
    server_time: datetime
