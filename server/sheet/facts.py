"""What a sheet tells: of the card and of the place that grants it, nothing of who holds it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One printed card with the code that takes it to a phone.

    Codes are without hyphens. `activation_link` is what the one-time QR code carries, up to `#`
    the address where the code may be typed instead.
    """

    card_code: str
    paper_text: str
    activation_code: str
    activation_link: str
    children: int
    children_age: int
    """Those who are younger come along."""
    community: bool
    first_valid_on: date
    last_valid_on: date
    distributor_name: str
    activation_until: datetime
