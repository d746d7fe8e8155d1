"""Sign credentials: a new name, a new place in the status lists, the key of the card's phone."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.card.models import Card, CredentialKind, SignedCredential
from server.card.status import PLACES_PER_LIST
from server.clock import seconds
from server.signing import KeyRing, Sealed
from shared.rules.validity import credential_not_before_s, credential_until_s
from shared.token.cose import PublicPoint
from shared.token.credential import CardClass, Credential, draft_credential
from shared.token.keyset import KeyRole

PLACE_RESTS = timedelta(days=14)
"""So long after its credential's end nobody else gets a place in the status lists (K1 §3)."""

ON_THE_PHONE = (CredentialKind.MOBILE,)
"""What ends with a phone; the printed card goes on."""

_PLACE_DRAWS = 256
"""All taken means lists that are over 98 % full, where looking on would stop every writer."""

_SUB_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SUB_LENGTH = 10


class StatusListsFull(RuntimeError):
    """There is no room for another credential in the status lists."""


def issue_credential(
    db: Session, card: Card, *, ring: KeyRing, status_lists: int, now: datetime
) -> SignedCredential:
    """Sign a new credential for the key that the card has now."""
    issued_at_s = seconds(now)
    credential = draw_credential(
        db,
        card,
        not_before_s=credential_not_before_s(
            card_first_valid_on=card.first_valid_on, issued_at_s=issued_at_s
        ),
        until_s=credential_until_s(card_last_valid_on=card.last_valid_on, issued_at_s=issued_at_s),
        holder=key_of(card),
        status_lists=status_lists,
        now=now,
    )
    sealed = ring.seal(
        KeyRole.MOBILE,
        lambda kid: draft_credential(credential, kid=kid),
        now_s=issued_at_s,
        until_s=credential.until_s,
    )
    return store_credential(db, card, credential, sealed, kind=CredentialKind.MOBILE, now=now)


def draw_credential(  # noqa: PLR0913 - all by keyword
    db: Session,
    card: Card,
    *,
    not_before_s: int,
    until_s: int,
    holder: PublicPoint | None,
    status_lists: int,
    now: datetime,
) -> Credential:
    """Say what is to be signed for a card, under a new name and at a free place.

    Raises:
        StatusListsFull: There is no free place.
    """
    return Credential(
        sub=_draw_sub(),
        not_before_s=not_before_s,
        until_s=until_s,
        card_class=CardClass.COMMUNITY if card.community else CardClass.PERSONAL,
        count=card.children,
        place=_free_place(db, status_lists=status_lists, now=now),
        holder=holder,
    )


def store_credential(  # noqa: PLR0913 - all but the first four by keyword
    db: Session,
    card: Card,
    credential: Credential,
    sealed: Sealed,
    *,
    kind: CredentialKind,
    now: datetime,
) -> SignedCredential:
    """Keep what was signed for a card, and its place until `PLACE_RESTS` after its end."""
    usable_until = datetime.fromtimestamp(credential.until_s, now.tzinfo)
    signed = SignedCredential(
        sub=credential.sub,
        card_id=card.id,
        kind=kind,
        kid=sealed.kid,
        place=credential.place,
        raw=sealed.raw,
        issued_at=now,
        usable_until=usable_until,
        reserved_until=usable_until + PLACE_RESTS,
    )
    db.add(signed)
    return signed


def revoke_credentials(
    db: Session, card: Card, *, now: datetime, kinds: Collection[CredentialKind]
) -> None:
    """End a card's credentials of *kinds*; doors refuse them once they know."""
    db.execute(
        update(SignedCredential)
        .where(
            SignedCredential.card_id == card.id,
            SignedCredential.kind.in_(kinds),
            SignedCredential.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def retire_credentials(db: Session, card: Card, *, now: datetime) -> None:
    """End a card's credentials and forget them, but for their places.

    Doors go on to hear that they are closed, and nobody else gets a place too early.
    """
    revoke_credentials(db, card, now=now, kinds=tuple(CredentialKind))
    of_card = select(SignedCredential.sub).where(SignedCredential.card_id == card.id)
    for sub in db.scalars(of_card).all():
        one = update(SignedCredential).where(SignedCredential.sub == sub)
        db.execute(one.values(sub=_draw_sub(), card_id=None, raw=b""))


def key_of(card: Card | None) -> PublicPoint | None:
    """Give the key of the card's phone."""
    if card is None or card.key_x is None or card.key_odd is None:
        return None
    return PublicPoint(card.key_x, card.key_odd)


def _draw_sub() -> str:
    return "".join(secrets.choice(_SUB_ALPHABET) for _ in range(_SUB_LENGTH))


def _free_place(db: Session, *, status_lists: int, now: datetime) -> int:
    for _ in range(_PLACE_DRAWS):
        place = secrets.randbelow(status_lists * PLACES_PER_LIST)
        taken = select(SignedCredential.sub).where(
            SignedCredential.place == place, SignedCredential.reserved_until > now
        )
        if db.scalar(taken.limit(1)) is None:
            return place
    raise StatusListsFull(f"no place in {_PLACE_DRAWS} draws: raise KAIKU_STATUS_LISTS")
