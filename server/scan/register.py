"""What the register says about something read at a door: the same rules, with all the knowledge.

A scanner decides with what it has; the register knows every card, every visit and every key there
ever was. Both run `shared.rules.admission` (R7).
"""

import hmac
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager

from server.card.models import Card, SignedCredential
from server.card.service import card_state
from server.clock import seconds
from server.scan.guessing import check_rested, remember_unknown_code
from server.signing import KeyRing, verify_es256
from server.venue.models import Scanner
from server.visit.models import Visit, Voiding
from shared.card import CardState
from shared.rules.admission import (
    CodeStanding,
    Colour,
    Knowledge,
    Reason,
    Verdict,
    decide,
    decide_card_code,
    verdict_of,
)
from shared.rules.ledger import LEDGER_KEEPS_S, Door, LedgerRow, default_event
from shared.scan import Category
from shared.token.codes import TextKind, sort_text
from shared.token.cose import settle
from shared.token.errors import TokenError
from shared.token.presentation import Presentation, read_token

NOT_A_CARD = Verdict((Reason.NOT_A_CARD,))

_STANDING = {
    CardState.VALID: CodeStanding.KNOWN,
    CardState.BLOCKED: CodeStanding.BLOCKED,
    CardState.EXPIRED: CodeStanding.OUTSIDE,
    CardState.NOT_YET_VALID: CodeStanding.OUTSIDE,
}

_LEDGER_KEEPS = timedelta(seconds=LEDGER_KEEPS_S)

# Built once: to build a statement costs more than to run it.
_CREDENTIAL_LOCKED = (
    select(SignedCredential)
    .join(SignedCredential.card)
    .where(SignedCredential.sub == bindparam("sub"))
    .options(contains_eager(SignedCredential.card))  # the row that is locked, not a copy
    # The lock makes two doors that record the same card in the same moment see each other's visit.
    .with_for_update(of=Card)
)
_VISITS_AROUND = (
    select(
        Visit.sub,
        Visit.shown_at_s,
        Visit.event,
        Visit.venue_id,
        Visit.scanner_id,
        Visit.visited_at,
    )
    .outerjoin(Voiding)
    .where(
        Visit.card_id == bindparam("card_id"),
        Visit.visited_at.between(bindparam("first_at"), bindparam("last_at")),
        Voiding.visit_id.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where and when something was read."""

    scanner: Scanner
    category: Category
    at: datetime

    @property
    def at_s(self) -> int:
        """The reading as NumericDate."""
        return seconds(self.at)

    @property
    def door(self) -> Door:
        """The door as the rules know it; the event is the one of the day until events exist."""
        venue = str(self.scanner.venue_id)
        return Door(
            event=default_event(venue, self.category, self.at_s),
            venue=venue,
            device=str(self.scanner.id),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What the register found. Without a card nothing genuine was shown.

    `most_children` is what the holder could rightly expect: the greater of token and register.
    """

    verdict: Verdict
    card: Card | None = None
    sub: str | None = None
    shown_at_s: int | None = None
    most_children: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class _StatusOf:
    """The status of one credential at the time of the scan, in the shape of a fresh list."""

    revoked: bool
    issued_at_s: int
    until_s: int
    seq: int

    def bit(self, index: int) -> int:  # noqa: ARG002 - whatever the place: it is this credential's
        return int(self.revoked)


def judge_text(  # noqa: PLR0913 - all by keyword
    db: Session,
    text: str | None,
    reading: Reading,
    *,
    ring: KeyRing,
    secret: bytes,
    base_url: str,
    now: datetime,
) -> Finding:
    """Judge a token or a card code by the register, as of the time it was read.

    Raises:
        Resting: It is a card code, and the scanner has named too many unknown ones.
    """
    if text is None:
        return Finding(NOT_A_CARD)
    sorted_text = sort_text(text, base_url=base_url)
    if sorted_text.kind is TextKind.CARD_CODE:
        return judge_card_code(db, sorted_text.value, reading, secret=secret, now=now)
    if sorted_text.kind is TextKind.TOKEN:
        return _judge_token(db, text, reading, ring=ring)
    return Finding(NOT_A_CARD)


def judge_card_code(
    db: Session, code: str, reading: Reading, *, secret: bytes, now: datetime
) -> Finding:
    """Judge a bare card code: only the register can (K1 §10.5). Counts those it does not know.

    Raises:
        Resting: The scanner has named too many of those.
    """
    check_rested(db, reading.scanner, now=now)
    card = db.scalar(select(Card).where(Card.code == code).with_for_update())
    standing = CodeStanding.UNKNOWN if card is None else _STANDING[card_state(card, reading.at)]
    if card is None:
        remember_unknown_code(db, reading.scanner, now=now)
    sub = f"code:{hmac.new(secret, code.encode(), 'sha256').hexdigest()[:32]}"
    rows = [] if card is None else _ledger_rows(db, card, sub, at=reading.at)
    door = reading.door
    verdict = decide_card_code(standing, sub=sub, now_s=reading.at_s, ledger={sub: rows}, door=door)
    return Finding(
        verdict=verdict,
        card=card,
        sub=None if card is None else sub,
        most_children=0 if card is None else card.children,
        again=any(row.event == door.event for row in rows),
    )


def _judge_token(db: Session, text: str, reading: Reading, *, ring: KeyRing) -> Finding:
    try:
        token = read_token(text)
    except TokenError:
        return Finding(NOT_A_CARD)
    credential = _credential_of(db, token.credential.sub)
    rows = (
        []
        if credential is None
        else _ledger_rows(db, credential.card, credential.sub, at=reading.at)
    )
    door = reading.door
    knows = _knowledge(credential, rows, reading, ring=ring)
    judgement = settle(decide(text, now_s=reading.at_s, knows=knows, door=door), verify_es256)
    verdict = judgement.verdict
    if not judgement.proven:
        return Finding(verdict)
    if (
        credential is None
    ):  # our signature, yet not in the register: lost with a backup, or another's
        return Finding(verdict_of([*verdict.reasons, Reason.UNKNOWN_KEY], otherwise=Reason.OK))
    card = credential.card
    return Finding(
        verdict=_by_register(verdict, card, reading, token_children=token.credential.count),
        card=card,
        sub=credential.sub,
        shown_at_s=token.shown_at_s if isinstance(token, Presentation) else None,
        most_children=max(card.children, token.credential.count),
        again=any(row.event == door.event for row in rows),
    )


def lock_cards(db: Session, texts: Iterable[str | None], *, base_url: str) -> None:
    """Lock the cards of many texts, always in the same order: by id."""
    subs, codes = set(), set()
    for text in filter(None, texts):
        sorted_text = sort_text(text, base_url=base_url)
        if sorted_text.kind is TextKind.CARD_CODE:
            codes.add(sorted_text.value)
        elif sorted_text.kind is TextKind.TOKEN:
            with suppress(TokenError):
                subs.add(read_token(text).credential.sub)
    by_sub = select(SignedCredential.card_id).where(SignedCredential.sub.in_(subs))
    named = db.scalars(by_sub.union(select(Card.id).where(Card.code.in_(codes)))).all()
    db.execute(select(Card.id).where(Card.id.in_(named)).order_by(Card.id).with_for_update())


def what_was_found(verdict: Verdict) -> list[Reason]:
    """Give the reasons that say more than yes, so that others can join them."""
    return [r for r in verdict.reasons if r.colour is not Colour.GREEN or r is Reason.SAME_SCAN]


def _by_register(verdict: Verdict, card: Card, reading: Reading, *, token_children: int) -> Verdict:
    """Add what only the register knows: it beats the card (R7)."""
    found = what_was_found(verdict)
    state = card_state(card, reading.at)
    if state is CardState.BLOCKED:
        found.append(Reason.REVOKED)
    if state is CardState.EXPIRED:
        found.append(Reason.EXPIRED)
    if state is CardState.NOT_YET_VALID:
        found.append(Reason.NOT_YET_VALID)
    if card.children < token_children:
        found.append(Reason.CHILDREN_CHANGED)
    return verdict_of(found, otherwise=verdict.reason)


def _knowledge(
    credential: SignedCredential | None, rows: list[LedgerRow], reading: Reading, *, ring: KeyRing
) -> Knowledge:
    at_s = reading.at_s
    revoked = (
        credential is not None
        and credential.revoked_at is not None
        and credential.revoked_at <= reading.at
    )
    # Dated to the scan: the register's knowledge is never old, and an upload of yesterday must not
    # look like a scanner whose clock is slow. Every key there was, not only those doors hold now.
    key_set = replace(ring.key_set, keys=ring.keys, issued_at_s=at_s, until_s=at_s + 1)
    status = _StatusOf(revoked, issued_at_s=at_s, until_s=at_s + 1, seq=ring.key_set.seq)
    place = 0 if credential is None else credential.place
    sub = "" if credential is None else credential.sub
    return Knowledge(
        key_set=key_set,
        status={place >> 16: status},
        clock_sure=True,
        ledger={sub: rows},
        ledger_online=True,
    )


def _credential_of(db: Session, sub: str) -> SignedCredential | None:
    return db.scalar(_CREDENTIAL_LOCKED, {"sub": sub})


def _ledger_rows(db: Session, card: Card, sub: str, *, at: datetime) -> list[LedgerRow]:
    """Give the card's visits around *at*, whichever credential or code made them, as of *sub*."""
    around = {"card_id": card.id, "first_at": at - _LEDGER_KEEPS, "last_at": at + _LEDGER_KEEPS}
    visits = db.execute(_VISITS_AROUND, around)
    return [
        LedgerRow(
            sub=sub,
            # Another credential's time of showing says nothing about this one's being replayed.
            shown_at_s=shown_at_s if seen_sub == sub else None,
            event=event,
            venue=str(venue_id),
            device=str(scanner_id),
            at_s=seconds(visited_at),
        )
        for seen_sub, shown_at_s, event, venue_id, scanner_id, visited_at in visits
    ]
