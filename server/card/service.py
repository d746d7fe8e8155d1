"""Cards on phones: activate, sign in, sign credentials; and where a card stands."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from server.card.errors import (
    CardBlocked,
    CardExpired,
    CardOnAnotherPhone,
)
from server.card.issue import ON_THE_PHONE, issue_credential, key_of, revoke_credentials
from server.card.models import Activation, Card, CredentialKind, SignedCredential
from server.clock import day_of, seconds
from server.signin.codes import check_tries, hash_code, tell_of_used_code, wrong_code
from server.signin.errors import SignInRequired
from server.signin.service import (
    SAME_ANSWER,
    end_sign_ins,
    grant_bearer,
    named_refusals,
    spend_nonce,
)
from server.signing import KeyRing, verify_es256
from shared.card import CardFacts, CardState, IssuedCredential
from shared.signin import Bearer
from shared.token.codes import CodeKind
from shared.token.cose import PublicPoint, settle
from shared.token.credential import read_credential
from shared.token.errors import Refusal, TokenRefused
from shared.token.proof import (
    check_service_proof,
    verify_activation_proof,
    verify_service_proof,
)
from shared.wire import to_base64url

SAME_RENEWAL = timedelta(days=1)
"""So long a new credential that its phone has not proven yet is given again."""


def activate_card(  # noqa: PLR0913 - all by keyword
    db: Session,
    raw: bytes,
    *,
    ring: KeyRing,
    secret: bytes,
    client: str,
    replace_phone: bool,
    status_lists: int,
    now: datetime,
) -> IssuedCredential:
    """Bind a card to the phone that made the activation proof *raw*.

    Raises:
        MalformedProof, ForgedProof: The proof is no proof.
        TooManyTries, CodeRefused: The code does not work.
        CardBlocked, CardExpired: It works, but its card does not.
        CardOnAnotherPhone: Another phone has the card, and *replace_phone* was not said.

    Source: K1 §9.
    """
    with named_refusals():
        proof = settle(verify_activation_proof(raw), verify_es256)
    check_tries(db, client, now=now)
    activation = _activation_of(db, hash_code(proof.code, secret))
    if activation is not None and (seen := _same_answer(db, activation, proof.key, now=now)):
        return _issued(seen, activation.card, now=now)
    if activation is None or activation.used_at is not None or activation.usable_until <= now:
        if activation is not None and activation.used_at and key_of(activation.card) != proof.key:
            tell_of_used_code(activation.code_hash, kind=CodeKind.ACTIVATION)
        raise wrong_code(db, client, now=now)
    card = activation.card
    check_usable(card, now)
    if key_of(card) not in {None, proof.key} and not replace_phone:
        raise CardOnAnotherPhone
    revoke_credentials(db, card, now=now, kinds=ON_THE_PHONE)
    end_sign_ins(db, card_id=card.id)
    card.key_x, card.key_odd = proof.key.x, proof.key.odd
    db.execute(  # a renewal that has not begun goes along
        update(Card)
        .where(Card.follows_id == card.id, Card.first_valid_on > card.last_valid_on)
        .values(key_x=card.key_x, key_odd=card.key_odd)
    )
    credential = issue_credential(db, card, ring=ring, status_lists=status_lists, now=now)
    activation.used_at, activation.credential = now, credential
    return _issued(credential, card, now=now)


def sign_in_holder(db: Session, raw: bytes, *, ring: KeyRing, now: datetime) -> Bearer:
    """Check a phone's service proof and give its bearer.

    An expired credential may still sign in while its key is the card's and the card is valid.

    Raises:
        MalformedProof, ForgedProof, UnknownKey, NonceRefused, KeyChanged, CardBlocked, CardExpired.

    Source: K1 §9.
    """
    card, sub = card_proven(db, raw, ring=ring, now=now)
    check_usable(card, now)
    _confirm_credential(db, card, sub=sub, now=now)
    return grant_bearer(db, now=now, card_id=card.id)


def card_proven(db: Session, raw: bytes, *, ring: KeyRing, now: datetime) -> tuple[Card, str]:
    """Check a phone's service proof; give its card, closed or over or not, and the `sub` shown.

    The nonce is spent, and the card is locked.

    Raises:
        MalformedProof, ForgedProof, UnknownKey, NonceRefused, KeyChanged.
    """
    with named_refusals():
        proof = settle(verify_service_proof(raw, keys=ring.keys), verify_es256)
        card = _card_of(db, proof.credential.sub, now=now)
        check_service_proof(
            proof,
            nonce=spend_nonce(db, proof.nonce, now=now),
            current_key=key_of(card),
            card_until_s=seconds(now) + 1,  # whether the card is over, the register says
            now_s=seconds(now),
        )
    return card, proof.credential.sub


def renew_credential(
    db: Session, card: Card, *, ring: KeyRing, status_lists: int, now: datetime
) -> IssuedCredential:
    """Sign a new credential for the phone that has the card.

    The old one stays good until the phone proves with the new one that it arrived. Until then the
    same new one is given again: its answer was lost, or somebody wants many.

    Raises:
        SignInRequired: The card has left this phone since it signed in.
        CardBlocked, CardExpired.
    """
    key = key_of(card)
    db.refresh(card, with_for_update=True)  # who signed the phone in did not hold the card
    if key_of(card) != key:
        raise SignInRequired
    check_usable(card, now)
    credential = _unproven_credential(db, card, now=now)
    if credential is None:
        credential = issue_credential(db, card, ring=ring, status_lists=status_lists, now=now)
    return _issued(credential, card, now=now)


def lock_card(db: Session, card: Card) -> None:
    """Lock the card that signed in, and read it anew.

    Raises:
        SignInRequired: Its holder was erased since.
    """
    db.refresh(card, with_for_update=True)
    if card.erased_at is not None:
        raise SignInRequired


def card_state(card: Card, now: datetime) -> CardState:
    """Tell where a card stands at an instant (R5: the last valid day is valid to its end)."""
    today = day_of(now)
    if card.blocked_at is not None and card.blocked_at <= now:
        return CardState.BLOCKED
    if today > card.last_valid_on:
        return CardState.EXPIRED
    if today < card.first_valid_on:
        return CardState.NOT_YET_VALID
    return CardState.VALID


def card_facts(card: Card, now: datetime) -> CardFacts:
    """Tell a phone what the register says of its card."""
    return CardFacts(
        card_id=card.id,
        card_code=card.code,
        community=card.community,
        children=card.children,
        first_valid_on=card.first_valid_on,
        last_valid_on=card.last_valid_on,
        state=card_state(card, now),
    )


def check_usable(card: Card, now: datetime) -> None:
    """Refuse a card that is closed or over; one that has not begun may already be prepared.

    Raises:
        CardBlocked, CardExpired.
    """
    state = card_state(card, now)
    if state is CardState.BLOCKED:
        raise CardBlocked
    if state is CardState.EXPIRED:
        raise CardExpired


def _activation_of(db: Session, code_hash: bytes) -> Activation | None:
    # The card first, as a desk does that prints another code for it.
    of_card = select(Activation.card_id).where(Activation.code_hash == code_hash)
    db.execute(select(Card.id).where(Card.id.in_(of_card)).with_for_update())
    return db.scalar(
        select(Activation)
        .join(Activation.card)
        .where(Activation.code_hash == code_hash)
        .options(contains_eager(Activation.card))
        # The card too: it may have two codes. Only locked rows are read anew after a wait.
        .with_for_update(of=(Activation, Card))
    )


def _same_answer(
    db: Session, activation: Activation, key: PublicPoint, *, now: datetime
) -> SignedCredential | None:
    if activation.used_at is None or now - activation.used_at > SAME_ANSWER:
        return None
    if key_of(activation.card) != key:
        return None
    return db.get(SignedCredential, activation.credential_sub)


def _unproven_credential(db: Session, card: Card, *, now: datetime) -> SignedCredential | None:
    newest = db.scalar(
        select(SignedCredential)
        .where(
            SignedCredential.card_id == card.id,
            SignedCredential.kind == CredentialKind.MOBILE,
            SignedCredential.issued_at > now - SAME_RENEWAL,
            SignedCredential.confirmed_at.is_(None),
            SignedCredential.revoked_at.is_(None),
        )
        .order_by(SignedCredential.issued_at.desc())
        .limit(1)
    )
    if newest is None or read_credential(newest.raw).credential.count != card.children:
        return None
    return newest


def _issued(signed: SignedCredential, card: Card, *, now: datetime) -> IssuedCredential:
    return IssuedCredential(
        credential=to_base64url(signed.raw), card=card_facts(card, now), server_time=now
    )


def _card_of(db: Session, sub: str, *, now: datetime) -> Card:
    card = db.scalar(
        select(Card)
        .join(SignedCredential)
        .where(SignedCredential.sub == sub)
        .with_for_update(of=Card)
    )
    if (
        card is None
    ):  # signed by our key, yet not in the register: another register's, or a lost backup
        raise TokenRefused(Refusal.UNKNOWN_KEY)
    while (renewal := _renewal_of(db, card, now=now)) is not None:
        card = renewal
    return card


def _renewal_of(db: Session, card: Card, *, now: datetime) -> Card | None:
    """Find the card that goes on on the same phone where this one ends (R12)."""
    return db.scalar(
        select(Card)
        .where(
            Card.follows_id == card.id,
            Card.key_x == card.key_x,
            Card.key_odd == card.key_odd,
            Card.first_valid_on <= day_of(now),
        )
        .with_for_update()
    )


def _confirm_credential(db: Session, card: Card, *, sub: str, now: datetime) -> None:
    shown = db.get_one(SignedCredential, sub)
    if shown.confirmed_at is None:
        shown.confirmed_at = now
    # Otherwise one card could be two different subs at two doors (K1 §3).
    db.execute(
        update(SignedCredential)
        .where(
            SignedCredential.card_id == card.id,
            SignedCredential.kind == CredentialKind.MOBILE,
            SignedCredential.issued_at < shown.issued_at,
            SignedCredential.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
