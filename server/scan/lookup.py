"""What the register has of the cards that some texts name: read once, for one scan or for many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from server.card.models import Card, SignedCredential
from server.clock import seconds
from server.scan.pilot import KEPT_APART_SINCE
from server.visit.models import Visit, Voiding
from shared.rules.ledger import LEDGER_KEEPS_S, LedgerRow
from shared.token.codes import TextKind, sort_text
from shared.token.errors import TokenError
from shared.token.paper import PaperCard
from shared.token.presentation import Presentation, read_token

_LEDGER_KEEPS = timedelta(seconds=LEDGER_KEEPS_S)

# Built once: to build a statement costs more than to run it.
_SUBS: BindParameter[Sequence[str]] = bindparam("subs", expanding=True)
_CODES: BindParameter[Sequence[str]] = bindparam("codes", expanding=True)
_CARDS_LOCKED = (
    select(Card, KEPT_APART_SINCE)
    .where(
        Card.id.in_(
            select(SignedCredential.card_id)
            .where(SignedCredential.sub.in_(_SUBS))
            .union_all(select(Card.id).where(Card.code.in_(_CODES)))
        )
    )
    # The lock makes two doors that record the same card in the same moment see each other's visit;
    # everybody locks in the same order, so that no two batches wait for each other.
    .order_by(Card.id)
    .with_for_update()
)
_CREDENTIALS = select(
    SignedCredential.sub,
    SignedCredential.card_id,
    SignedCredential.place,
    SignedCredential.revoked_at,
).where(SignedCredential.sub.in_(_SUBS))
_VISITS_AROUND = (
    select(
        Visit.card_id,
        Visit.sub,
        Visit.shown_at_s,
        Visit.event,
        Visit.venue_id,
        Visit.scanner_id,
        Visit.visited_at,
    )
    .outerjoin(Voiding, Voiding.visit_id == Visit.id)
    .where(
        Visit.card_id.in_(bindparam("card_ids", expanding=True)),
        or_(
            Visit.visited_at.between(bindparam("first_at"), bindparam("last_at")),
            # A ticket for an event may have been taken weeks before.
            Visit.event_id.in_(bindparam("event_ids", expanding=True)),
        ),
        Voiding.visit_id.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class CardText:
    """What was read at a door: a token, a card code, or neither. Nothing is believed yet."""

    token: Presentation | PaperCard | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit that stands, as the ledger needs it."""

    sub: str
    shown_at_s: int | None
    event: str
    venue_id: UUID
    scanner_id: UUID
    visited_at: datetime


@dataclass(frozen=True, slots=True)
class KnownCredential:
    """A credential that the server signed, and its card."""

    card: Card
    place: int
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Register:
    """What the register knows about the cards that some texts name. The cards are locked."""

    cards: dict[str, Card] = field(default_factory=dict)
    """By code."""
    credentials: dict[str, KnownCredential] = field(default_factory=dict)
    """By `sub`."""
    visits: dict[UUID, list[PastVisit]] = field(default_factory=dict)
    """By card."""
    kept_apart: dict[UUID, datetime] = field(default_factory=dict)
    """By card: since when a local-only pilot keeps it out of here."""

    def remember(self, card: Card, visit: PastVisit) -> None:
        """Take note of a visit that is being recorded now."""
        self.visits.setdefault(card.id, []).append(visit)

    def is_kept_apart(self, card: Card, *, at: datetime) -> bool:
        """Tell whether a pilot kept the card out of here at that time (R15)."""
        since = self.kept_apart.get(card.id)
        return since is not None and since <= at

    def ledger_of(self, card: Card, sub: str, *, at: datetime, event: str) -> list[LedgerRow]:
        """Give the visits around *at* and at *event*, whatever made them, as if *sub* had."""
        return [
            LedgerRow(
                sub=sub,
                # Another credential's time of showing says nothing about this one's being replayed.
                shown_at_s=visit.shown_at_s if visit.sub == sub else None,
                event=visit.event,
                venue=str(visit.venue_id),
                device=str(visit.scanner_id),
                at_s=seconds(visit.visited_at),
            )
            for visit in self.visits.get(card.id, ())
            if visit.event == event or abs(visit.visited_at - at) <= _LEDGER_KEEPS
        ]


def read_card_text(text: str | None, *, base_url: str) -> CardText:
    """Parse what was read at a door; whatever is no card is neither token nor code."""
    if text is None:
        return CardText()
    sorted_text = sort_text(text, base_url=base_url)
    if sorted_text.kind is TextKind.CARD_CODE:
        return CardText(code=sorted_text.value)
    if sorted_text.kind is not TextKind.TOKEN:
        return CardText()
    try:
        return CardText(token=read_token(text))
    except TokenError:
        return CardText()


def look_up(
    db: Session,
    texts: Collection[CardText],
    *,
    around: Sequence[datetime],
    area_id: UUID,
    event_ids: Collection[UUID] = (),
) -> Register:
    """Lock the cards that *texts* name, and read what the rules need of them.

    Three statements, however many cards. The texts were read *around* then, in that area, for the
    events *event_ids*.
    """
    subs = {text.token.credential.sub for text in texts if text.token is not None}
    codes = {text.code for text in texts if text.code is not None}
    if not subs and not codes:
        return Register()
    named = {"subs": sorted(subs), "codes": sorted(codes)}
    cards: dict[UUID, Card] = {}
    register = Register()
    for card, apart_since in db.execute(_CARDS_LOCKED, named | {"area_id": area_id}):
        cards[card.id] = card
        if card.code in codes:
            register.cards[card.code] = card
        if apart_since is not None:
            register.kept_apart[card.id] = apart_since
    if not cards:
        return register
    # Read after the lock: a credential joined to its card would be from before the wait for it.
    for sub, card_id, place, revoked_at in db.execute(_CREDENTIALS, named):
        if card_id is not None:
            register.credentials[sub] = KnownCredential(cards[card_id], place, revoked_at)
    span = {"first_at": min(around) - _LEDGER_KEEPS, "last_at": max(around) + _LEDGER_KEEPS}
    asked = {"card_ids": list(cards), "event_ids": list(event_ids)}
    for row in db.execute(_VISITS_AROUND, asked | span):
        register.remember(cards[row.card_id], PastVisit(*row[1:]))
    return register
