"""What a scanner refreshes in one request: keys, lists of closed cards, itself, events, limits."""

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.area.rules import has_pilots
from server.card.status import sign_bits, status_bits
from server.clock import seconds
from server.event.service import events_for_scanners
from server.limit.models import UseLimit
from server.limit.service import holder_pays, limits_at
from server.limit.uses import persons_at, places_left
from server.scan.service import BATCH_MOST
from server.signing import KeyRing
from server.venue.models import Scanner
from server.venue.service import scanner_facts
from server.voiding.service import UNDO_WITHIN
from server.wire import MOST_BODY_BYTES
from shared.event import VenueEvent
from shared.token.credential import COUNT_MOST
from shared.venue import EnrolledScanner, ScannerLimits, ScannerSnapshot
from shared.wire import to_base64url

SAME_FOR = timedelta(minutes=15)
"""So long a scanner may keep lists in which nothing has changed: then they are signed anew."""

LIMITS = ScannerLimits(
    most_children=COUNT_MOST,
    undo_within_s=int(UNDO_WITHIN.total_seconds()),
    batch_most=BATCH_MOST,
    body_most_bytes=MOST_BODY_BYTES,
)


def take_snapshot(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    numbers: Sequence[int],
    *,
    held: Container[str],
    ring: KeyRing,
    now: datetime,
) -> tuple[str, ScannerSnapshot | None]:
    """Give the version of what *scanner* should know with the status lists *numbers*, and it.

    If the scanner *held* that version, only the version: signing is what costs.
    """
    facts = scanner_facts(scanner, scanner.venue, now)
    bits = {number: status_bits(db, number, now=now) for number in sorted(set(numbers))}
    limits = limits_at(db, scanner.venue)
    events = _with_places(db, events_for_scanners(db, scanner.venue_id, now=now), limits)
    ask_first = bool(limits) or has_pilots(db)
    version = _version(facts, events, bits, ask_first=ask_first, ring=ring, now=now)
    if version in held:
        return version, None
    return version, ScannerSnapshot(
        version=version,
        scanner=facts,
        key_set=to_base64url(ring.key_set.raw),
        status_lists={
            number: to_base64url(sign_bits(listed, number, ring=ring, now=now))
            for number, listed in bits.items()
        },
        limits=LIMITS,
        events=events,
        ask_first=ask_first,
    )


def _with_places(
    db: Session, events: Sequence[VenueEvent], limits: Sequence[UseLimit]
) -> list[VenueEvent]:
    """Tell of each event how many places are left, and what the holder pays."""
    taken = persons_at(db, [event.event_id for event in events if event.places is not None])
    return [
        replace(
            event,
            places_left=places_left(event.places, taken.get(event.event_id, 0)),
            pays_cents=holder_pays(event.fee_cents, event.category, limits),
        )
        for event in events
    ]


def _version(  # noqa: PLR0913 - half by keyword
    facts: EnrolledScanner,
    events: Sequence[VenueEvent],
    bits: Mapping[int, bytes],
    *,
    ask_first: bool,
    ring: KeyRing,
    now: datetime,
) -> str:
    said = asdict(facts) | {"server_time": seconds(now) // int(SAME_FOR.total_seconds())}
    unsigned = [said, asdict(LIMITS), [asdict(event) for event in events], ask_first]
    digest = hashlib.sha256(json.dumps(unsigned, default=str).encode())
    for part in (ring.key_set.raw, *(b"%d:" % number + listed for number, listed in bits.items())):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]
