"""Wire models of what the register has about a holder: the answer to "what is stored about me"."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shared.scan import Category, ScanOutcome
from shared.visit import ToldDispute
from shared.wellbeing import Meter, SharedMonth


@dataclass(frozen=True, slots=True)
class Named:
    """A class that was chosen from a list: its code, and its name by language (fi, sv, en …)."""

    code: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class SignedForCard:
    """A credential, on the phone or on paper, as `kind` says."""

    kind: str
    issued_at: datetime
    usable_until: datetime
    confirmed_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodeOfCard:
    """A code that takes the card to a phone; the register cannot read the code itself."""

    usable_until: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisteredCard:
    """A card with everything that is kept about it."""

    card_code: str
    distributor_name: str
    community: bool
    children: int
    birth_year: int | None
    home_postcode: str | None
    grounds: Named | None
    life_situation: Named | None
    gender: Named | None
    granted_at: datetime
    first_valid_on: date
    last_valid_on: date
    blocked_at: datetime | None
    follows_code: str | None
    phone_key: str | None
    """The public half of the phone's key (base64url)."""
    signed: list[SignedForCard]
    codes: list[CodeOfCard]
    signed_in_until: list[datetime]
    acts: int
    """How many acts of locations on the card the audit log has."""


@dataclass(frozen=True, slots=True)
class RegisteredScan:
    """A reading at a door. What became a visit is in the list of visits too."""

    venue_name: str
    category: Category
    scanned_at: datetime
    received_at: datetime
    admitted: bool
    children: int
    assistant: bool
    outcome: ScanOutcome
    register_reasons: list[str]


@dataclass(frozen=True, slots=True)
class RegisteredConflict:
    """Doors that did not know of each other let the card in to the same event."""

    venue_name: str
    found_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisteredSharing:
    """A consent to share wellbeing, and what is shared by it now."""

    sharing_id: UUID
    meter: Meter | None
    agreed_at: datetime
    stopped_at: datetime | None
    months: list[SharedMonth]


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """All that the register has about a holder, but the visits and what was written to venues.

    These are read page by page. `visits`, `threads` and `scans_kept` say how many there are; of the
    readings the newest are here. `follows` names the venues whose messages the holder wants.
    """

    known_since_at: datetime
    cards: list[RegisteredCard]
    visits: int
    scans_kept: int
    scans: list[RegisteredScan]
    conflicts: list[RegisteredConflict]
    disputes: list[ToldDispute]
    wellbeing: list[RegisteredSharing]
    server_time: datetime
    threads: int = 0
    follows: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Erasure:
    """The holder is erased; so many visits stay as uses by nobody."""

    erased_at: datetime
    visits: int
