"""The card as this phone holds it, and how it is kept."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from mobile_app.device.store import Record
from shared.card import CardFacts, IssuedCredential
from shared.token.credential import read_credential
from shared.wire import from_base64url, from_json, to_base64url, to_json

CARD = "card"
"""The name of the card's record in the Store."""

HISTORY = "visit/"
"""The beginning of the names of what the register told of this card; another card's replaces it."""

PRIVATE = "own/"
"""The beginning of the names of what the holder wrote. The card of the next year is another card,
so this outlives an exchange of cards; it goes when the card is removed from the phone."""

RENEW_AFTER = timedelta(days=7)
"""A credential older than this is renewed at the next contact."""


class Trouble(StrEnum):
    """What the server said for good about this card; values are its refusal codes."""

    MOVED = "key_changed"
    BLOCKED = "card_blocked"
    EXPIRED = "card_expired"
    UNKNOWN = "unknown_key"
    """The register does not know the card any more: a desk has erased its holder."""


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A credential, the name of the key it is bound to, and the register's facts about it.

    `until_at` is the first instant at which the credential no longer holds; `heard_at` is the last
    contact with the server.
    """

    credential: bytes
    key_name: str
    facts: CardFacts
    from_at: datetime
    until_at: datetime
    issued_at: datetime
    heard_at: datetime
    trouble: Trouble | None = None

    @classmethod
    def of(cls, issued: IssuedCredential, *, key_name: str) -> Self:
        """Take what the server issued.

        Raises:
            ValueError: The credential is not base64url.
            TokenError: It is no mobile credential.
        """
        raw = from_base64url(issued.credential)
        claims = read_credential(raw).credential
        zone = issued.server_time.tzinfo
        return cls(
            credential=raw,
            key_name=key_name,
            facts=issued.card,
            from_at=datetime.fromtimestamp(claims.not_before_s, zone),
            until_at=datetime.fromtimestamp(claims.until_s, zone),
            issued_at=issued.server_time,
            heard_at=issued.server_time,
        )

    def is_due(self, now: datetime) -> bool:
        """Tell whether the credential should be renewed at the next contact."""
        return now - self.issued_at >= RENEW_AFTER or now >= self.until_at

    def heard(self, facts: CardFacts, at: datetime) -> Self:
        """Take fresh facts from the register."""
        return replace(self, facts=facts, heard_at=at, trouble=None)

    def refused(self, trouble: Trouble, at: datetime) -> Self:
        """Take note that the server will have no more of this card."""
        return replace(self, trouble=trouble, heard_at=at)

    def to_record(self) -> Record:
        """Write for the Store."""
        return {
            "credential": to_base64url(self.credential),
            "key_name": self.key_name,
            "facts": json.loads(to_json(self.facts)),
            "from_at": self.from_at.isoformat(),
            "until_at": self.until_at.isoformat(),
            "issued_at": self.issued_at.isoformat(),
            "heard_at": self.heard_at.isoformat(),
            "trouble": self.trouble,
        }

    @classmethod
    def from_record(cls, record: Record) -> Self:
        """Read what `to_record` wrote.

        Raises:
            ValueError, KeyError: An older app wrote something else.
        """
        trouble = record["trouble"]
        return cls(
            credential=from_base64url(record["credential"]),
            key_name=record["key_name"],
            facts=from_json(CardFacts, json.dumps(record["facts"])),
            from_at=datetime.fromisoformat(record["from_at"]),
            until_at=datetime.fromisoformat(record["until_at"]),
            issued_at=datetime.fromisoformat(record["issued_at"]),
            heard_at=datetime.fromisoformat(record["heard_at"]),
            trouble=None if trouble is None else Trouble(trouble),
        )
