"""A venue's scanners: pair one with a one-time code, sign it in by its key, end its access."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from server.ids import new_id
from server.signin.codes import (
    check_tries,
    draw_code,
    hash_code,
    tell_of_used_code,
    wrong_code,
)
from server.signin.errors import ScannerRevoked, UnknownDevice
from server.signin.service import SAME_ANSWER, grant_bearer, named_refusals, spend_nonce
from server.signing import make_private_key, point_of, verify_es256
from server.venue.models import Pairing, Scanner, Venue
from shared.scan import Category
from shared.signin import Bearer
from shared.token.codes import CodeKind
from shared.token.cose import PublicPoint, settle
from shared.token.proof import (
    check_nonce,
    read_device_proof,
    verify_device_proof,
    verify_pairing_proof,
)
from shared.venue import EnrolledScanner

PAIRING_LIFE = timedelta(minutes=15)
SCANNERS_LISTED = 200
WAITING_TOLD_EVERY = timedelta(minutes=5)
"""A number that stays the same is written down so often: scanners tell it twice a minute."""


def draw_pairing_code(
    db: Session, venue: Venue, *, scanner_name: str, secret: bytes, now: datetime
) -> str:
    """Give a one-time code that pairs one scanner with *venue*; told once, kept as HMAC."""
    code = draw_code(CodeKind.PAIRING)
    db.add(
        Pairing(
            code_hash=hash_code(code, secret),
            venue_id=venue.id,
            scanner_name=scanner_name,
            usable_until=now + PAIRING_LIFE,
        )
    )
    return code


def enrol_scanner(
    db: Session, raw: bytes, *, secret: bytes, client: str, now: datetime
) -> EnrolledScanner:
    """Make the device that made the pairing proof *raw* a scanner of the code's venue.

    Raises:
        MalformedProof, ForgedProof, TooManyTries, CodeRefused.

    Source: K1 §9.
    """
    with named_refusals():
        proof = settle(verify_pairing_proof(raw), verify_es256)
    check_tries(db, client, now=now)
    pairing = _pairing_of(db, hash_code(proof.code, secret))
    if pairing is not None and (seen := _same_answer(db, pairing, proof.key, now=now)):
        return scanner_facts(seen, pairing.venue, now)
    if pairing is None or pairing.used_at is not None or pairing.usable_until <= now:
        if pairing is not None and pairing.used_at and _key_of(db, pairing) != proof.key:
            tell_of_used_code(pairing.code_hash, kind=CodeKind.PAIRING)
        raise wrong_code(db, client, now=now)
    scanner = Scanner(
        id=new_id(now),
        venue_id=pairing.venue_id,
        name=pairing.scanner_name,
        key_x=proof.key.x,
        key_odd=proof.key.odd,
        enrolled_at=now,
    )
    db.add(scanner)
    pairing.used_at, pairing.scanner = now, scanner
    return scanner_facts(scanner, pairing.venue, now)


def desk_of(
    db: Session, venue: Venue, *, name: str, now: datetime, broker_id: UUID | None = None
) -> Scanner:
    """Give what records visits of a venue without a device: a desk with papers, a ticket broker."""
    if (found := _found_desk(db, venue, broker_id)) is not None:
        return found
    # Locked, so that several firsts at once have one desk; weakly, so that no door waits.
    db.execute(select(Venue.id).where(Venue.id == venue.id).with_for_update(key_share=True))
    if (found := _found_desk(db, venue, broker_id)) is not None:
        return found
    key = point_of(make_private_key())  # its private half is forgotten here: nobody signs in by it
    desk = Scanner(
        id=new_id(now),
        venue_id=venue.id,
        name=name,
        key_x=key.x,
        key_odd=key.odd,
        enrolled_at=now,
        by_hand=True,
        broker_id=broker_id,
    )
    desk.venue = venue
    db.add(desk)
    db.flush()
    return desk


def _found_desk(db: Session, venue: Venue, broker_id: UUID | None) -> Scanner | None:
    of_whom = Scanner.broker_id.is_(None) if broker_id is None else Scanner.broker_id == broker_id
    return db.scalar(
        select(Scanner)
        .where(Scanner.venue_id == venue.id, Scanner.by_hand, of_whom)
        .options(joinedload(Scanner.venue))
    )


def sign_in_scanner(db: Session, raw: bytes, *, now: datetime) -> Bearer:
    """Check a scanner's device proof and give its bearer.

    Raises:
        MalformedProof, UnknownDevice, ForgedProof, NonceRefused, ScannerRevoked.

    Source: K1 §9.
    """
    with named_refusals():
        proof = read_device_proof(raw)
        scanner = _scanner_of(db, proof.device_id)
        key = None if scanner is None else PublicPoint(scanner.key_x, scanner.key_odd)
        settle(verify_device_proof(proof, key=key), verify_es256)
        check_nonce(proof, spend_nonce(db, proof.nonce, now=now))
    if scanner is None:
        raise UnknownDevice
    if scanner.revoked_at is not None:
        raise ScannerRevoked
    scanner.seen_at = now
    return grant_bearer(db, now=now, scanner_id=scanner.id)


def is_news_of_waiting(scanner: Scanner, waiting: int, *, now: datetime) -> bool:
    """Tell whether what a scanner says of its waiting reports is worth writing down."""
    known_at = scanner.waiting_at
    return waiting != scanner.waiting or known_at is None or now - known_at >= WAITING_TOLD_EVERY


def note_waiting(db: Session, scanner_id: UUID, waiting: int, *, now: datetime) -> None:
    """Write down how many of a scanner's reports wait on it."""
    db.execute(
        update(Scanner)
        .where(Scanner.id == scanner_id, Scanner.revoked_at.is_(None))
        .values(waiting=waiting, waiting_at=now)
    )


def revoke_scanner(scanner: Scanner, *, now: datetime) -> None:
    """End a scanner's access, at once also for the bearer it holds."""
    scanner.revoked_at = now


def end_devices(db: Session, venue_id: UUID, *, now: datetime) -> None:
    """End the access of all scanners of a venue, and of the codes that would pair others."""
    db.execute(
        update(Scanner)
        .where(
            Scanner.venue_id == venue_id, Scanner.revoked_at.is_(None), Scanner.by_hand.is_(False)
        )
        .values(revoked_at=now)
    )
    db.execute(
        update(Pairing)
        .where(Pairing.venue_id == venue_id, Pairing.used_at.is_(None), Pairing.usable_until > now)
        .values(usable_until=now)
    )


def list_scanners(db: Session, venue_id: UUID) -> list[Scanner]:
    """List a venue's scanners: those that may scan first, the newest first."""
    in_order = (
        select(Scanner)
        .where(Scanner.venue_id == venue_id, Scanner.by_hand.is_(False))
        .order_by(Scanner.revoked_at.is_not(None), Scanner.enrolled_at.desc(), Scanner.id)
        .limit(SCANNERS_LISTED)
    )
    return list(db.scalars(in_order))


def venue_names(db: Session, area_id: UUID, *, limit: int) -> dict[UUID, str]:
    """Name the venues of an area, in the order of their names."""
    named = select(Venue).where(Venue.area_id == area_id).order_by(Venue.name, Venue.id)
    return {venue.id: venue.name for venue in db.scalars(named.limit(limit))}


def scanner_facts(scanner: Scanner, venue: Venue, now: datetime) -> EnrolledScanner:
    """Tell a scanner who it is and what visits it may record."""
    return EnrolledScanner(
        scanner_id=scanner.id,
        scanner_name=scanner.name,
        venue_id=venue.id,
        venue_name=venue.name,
        categories=[Category(category) for category in venue.categories],
        server_time=now,
    )


def _pairing_of(db: Session, code_hash: bytes) -> Pairing | None:
    return db.scalar(
        select(Pairing)
        .where(Pairing.code_hash == code_hash)
        .options(joinedload(Pairing.venue))
        .with_for_update(of=Pairing)
    )


def _same_answer(
    db: Session, pairing: Pairing, key: PublicPoint, *, now: datetime
) -> Scanner | None:
    if pairing.used_at is None or now - pairing.used_at > SAME_ANSWER:
        return None
    return db.get_one(Scanner, pairing.scanner_id) if _key_of(db, pairing) == key else None


def _key_of(db: Session, pairing: Pairing) -> PublicPoint:
    scanner = db.get_one(Scanner, pairing.scanner_id)
    return PublicPoint(scanner.key_x, scanner.key_odd)


def _scanner_of(db: Session, device_id: str) -> Scanner | None:
    try:
        scanner_id = UUID(device_id)
    except ValueError:
        return None
    return db.get(Scanner, scanner_id)
