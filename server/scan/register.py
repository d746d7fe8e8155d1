"""What the register says about something read at a door: the same rules, with all the knowledge.

A scanner decides with what it has; the register knows every card, every visit and every key there
ever was. Both run `shared.rules.admission` (R7).

texts ──▶ read once ──▶ look up: cards locked, credentials, visits around ──▶ judge, in memory
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from server.card.models import Card
from server.card.service import card_state
from server.clock import seconds
from server.scan.guessing import Asking
from server.scan.lookup import CardText, KnownCredential, Register
from server.signing import KeyRing, verify_es256
from server.venue.models import Scanner
from shared.card import CardState
from shared.event import VenueEvent
from shared.rules.admission import (
    CodeStanding,
    Colour,
    Knowledge,
    Reason,
    Verdict,
    decide_card_code,
    decide_token,
    verdict_of,
)
from shared.rules.ledger import Door, LedgerRow, default_event
from shared.scan import Category
from shared.token.cose import settle
from shared.token.paper import PaperCard
from shared.token.presentation import Presentation

NOT_A_CARD = Verdict((Reason.NOT_A_CARD,))

_STANDING = {
    CardState.VALID: CodeStanding.KNOWN,
    CardState.BLOCKED: CodeStanding.BLOCKED,
    CardState.EXPIRED: CodeStanding.OUTSIDE,
    CardState.NOT_YET_VALID: CodeStanding.OUTSIDE,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Where and when something was read."""

    scanner: Scanner
    category: Category
    at: datetime
    named: VenueEvent | None = None

    @classmethod
    def of(  # noqa: PLR0913 - all by keyword
        cls,
        scanner: Scanner,
        *,
        category: Category,
        at: datetime,
        event_id: UUID | None,
        events: Mapping[UUID, VenueEvent],
        ahead: bool = False,
    ) -> "Reading":
        """Note a reading for the event that was named, if the venue has it and it was on.

        Else it is of the day: whatever a scanner still believed in, somebody stood at the door.
        A ticket is taken *ahead*, for an event that may be far off.
        """
        event = None if event_id is None else events.get(event_id)
        if event is None or not (ahead or event.is_on(at)):
            return cls(scanner, category, at)
        return cls(scanner, event.category, at, event)

    @property
    def event_id(self) -> UUID | None:
        """The venue's event; a visit of the day has none."""
        return None if self.named is None else self.named.event_id

    @property
    def course(self) -> bool:
        """Whether it is a place on a course."""
        return self.named is not None and self.named.course

    @property
    def at_s(self) -> int:
        """The reading as NumericDate."""
        return seconds(self.at)

    @property
    def door(self) -> Door:
        """The door as the rules know it."""
        venue = str(self.scanner.venue_id)
        of_the_day = default_event(venue, self.category, self.at_s)
        return Door(
            event=of_the_day if self.event_id is None else str(self.event_id),
            venue=venue,
            device=str(self.scanner.id),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What the register found. Without a card nothing genuine was shown.

    `most_children` is what the holder could rightly expect: the greater of token and register.
    `again`: the card has a visit at the event; `elsewhere_too`: one that another scanner made.
    """

    verdict: Verdict
    card: Card | None = None
    sub: str | None = None
    shown_at_s: int | None = None
    most_children: int = 0
    again: bool = False
    elsewhere_too: bool = False


@dataclass(frozen=True, slots=True)
class _StatusOf:
    """The status of one credential at the time of the scan, in the shape of a fresh list."""

    revoked: bool
    issued_at_s: int
    until_s: int
    seq: int

    def bit(self, index: int) -> int:  # noqa: ARG002 - whatever the place: it is this credential's
        return int(self.revoked)


def judge(  # noqa: PLR0913 - all by keyword
    text: CardText,
    reading: Reading,
    *,
    register: Register,
    ring: KeyRing,
    secret: bytes,
    asking: Asking,
) -> Finding:
    """Judge a token or a card code by the register, as of the time it was read.

    Raises:
        Resting: It is a card code, and the scanner has named too many unknown ones.
    """
    if text.code is not None:
        return judge_card_code(text.code, reading, register=register, secret=secret, asking=asking)
    if text.token is not None:
        return _judge_token(text.token, reading, register=register, ring=ring)
    return Finding(NOT_A_CARD)


def judge_card_code(
    code: str, reading: Reading, *, register: Register, secret: bytes, asking: Asking
) -> Finding:
    """Judge a bare card code: only the register can (K1 §10.5). Counts those it does not know.

    Raises:
        Resting: The scanner has named too many of those.
    """
    asking.check_rested()
    card = register.cards.get(code)
    standing = CodeStanding.UNKNOWN if card is None else _STANDING[card_state(card, reading.at)]
    if card is None:
        asking.remember_unknown()
    sub = f"code:{hmac.new(secret, code.encode(), 'sha256').hexdigest()[:32]}"
    rows = [] if card is None else _rows_of(register, card, sub, reading)
    door = reading.door
    verdict = decide_card_code(standing, sub=sub, now_s=reading.at_s, ledger={sub: rows}, door=door)
    if card is not None:
        verdict = _by_pilot(verdict, card, reading, register=register)
    return _with_ledger(
        Finding(
            verdict=verdict,
            card=card,
            sub=None if card is None else sub,
            most_children=0 if card is None else card.children,
        ),
        rows,
        door,
    )


def _judge_token(
    token: Presentation | PaperCard, reading: Reading, *, register: Register, ring: KeyRing
) -> Finding:
    sub = token.credential.sub
    credential = register.credentials.get(sub)
    rows = [] if credential is None else _rows_of(register, credential.card, sub, reading)
    door = reading.door
    knows = _knowledge(sub, credential, rows, reading, ring=ring)
    judgement = settle(
        decide_token(token, now_s=reading.at_s, knows=knows, door=door), verify_es256
    )
    verdict = judgement.verdict
    if not judgement.proven:
        return Finding(verdict)
    if (
        credential is None
    ):  # our signature, yet not in the register: lost with a backup, or another's
        return Finding(verdict_of([*verdict.reasons, Reason.UNKNOWN_KEY], otherwise=Reason.OK))
    card = credential.card
    verdict = _by_register(verdict, card, reading, token_children=token.credential.count)
    return _with_ledger(
        Finding(
            verdict=_by_pilot(verdict, card, reading, register=register),
            card=card,
            sub=sub,
            shown_at_s=token.shown_at_s,
            most_children=max(card.children, token.credential.count),
        ),
        rows,
        door,
    )


def what_was_found(verdict: Verdict) -> list[Reason]:
    """Give the reasons that say more than yes, so that others can join them."""
    return [r for r in verdict.reasons if r.colour is not Colour.GREEN or r is Reason.SAME_SCAN]


def _rows_of(register: Register, card: Card, sub: str, reading: Reading) -> list[LedgerRow]:
    return register.ledger_of(card, sub, at=reading.at, event=reading.door.event)


def _with_ledger(finding: Finding, rows: Sequence[LedgerRow], door: Door) -> Finding:
    here = [row for row in rows if row.event == door.event]
    elsewhere_too = any(row.device != door.device for row in here)
    return replace(finding, again=bool(here), elsewhere_too=elsewhere_too) if here else finding


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


def _by_pilot(verdict: Verdict, card: Card, reading: Reading, *, register: Register) -> Verdict:
    if not register.is_kept_apart(card, at=reading.at):
        return verdict
    found = [*what_was_found(verdict), Reason.LOCAL_ONLY]
    return verdict_of(found, otherwise=verdict.reason)


def _knowledge(
    sub: str,
    credential: KnownCredential | None,
    rows: list[LedgerRow],
    reading: Reading,
    *,
    ring: KeyRing,
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
    return Knowledge(
        key_set=key_set,
        status={place >> 16: status},
        clock_sure=True,
        ledger={sub: rows},
        ledger_online=True,
    )
