"""The credential: what the issuer says about a card, signed.

Mobile credentials are bound to the key of a phone (`cnf`) and travel inside a presentation. Paper
credentials have no key and travel alone; they share everything else and are read here too.

Source: K1 §3, §5, annex A.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from shared.token import cbor, form
from shared.token.cose import (
    Checks,
    Envelope,
    GoodSignatures,
    PublicPoint,
    SignatureCheck,
    Unsigned,
    holds,
    open_envelope,
)
from shared.token.fields import (
    ALG,
    CNF,
    ES256,
    EXP,
    ISS,
    KID,
    NBF,
    SCHEME,
    SUB,
    TYP,
    checked_draft,
    confirmation,
    confirmed_key,
    kid_of,
)

MOBILE_TYP = 293
PAPER_TYP = 61
MOBILE_LIFE_MOST_S = 40 * 86_400
PAPER_LIFE_MOST_S = 400 * 86_400
COUNT_MOST = 23
PLACE_MOST = 0xFFFF_FFFF

_CARD = -65537
_SUB = re.compile("[A-Za-z0-9_-]{10}")


class CardClass(IntEnum):
    """Who may come along: children of the holder, or the persons a leader brings."""

    PERSONAL = 0
    COMMUNITY = 1


@dataclass(frozen=True, slots=True)
class Credential:
    """What an issuer signs about one card.

    `sub` is ten characters of A-Z a-z 0-9 - _, new and random in every credential. Valid while
    `not_before_s <= now < until_s`, both local midnights in Europe/Helsinki. `count` is 0…23.
    `place` is the bit in the status lists: list `place >> 16`, bit `place & 0xffff`. `holder` is
    the phone's key, None on paper.
    """

    sub: str
    not_before_s: int
    until_s: int
    card_class: CardClass
    count: int
    place: int
    holder: PublicPoint | None


@dataclass(frozen=True, slots=True)
class SignedCredential:
    """A credential of right form, its signature not yet verified.

    `raw` is the COSE_Sign1 byte for byte; two spellings of one signature have two of them.
    """

    credential: Credential
    kid: bytes
    raw: bytes
    envelope: Envelope

    def issuer_check(self, issuer: PublicPoint) -> SignatureCheck:
        """What to verify if *issuer* signed this."""
        return self.envelope.check(issuer)


def draft_credential(credential: Credential, *, kid: bytes) -> Unsigned:
    """Write a mobile credential for the issuer key *kid* (two bytes, role 1) to sign.

    Raises:
        ValueError: A value is out of its range, or there is no holder key.
    """
    if credential.holder is None:
        raise ValueError("a mobile credential is bound to the key of a phone")
    return draft_claims(credential, kid=kid, typ=MOBILE_TYP)


def read_credential(raw: bytes) -> SignedCredential:
    """Read one mobile credential alone, as the phone stores it. No door accepts it like this.

    Raises:
        TokenError: The form is wrong, or it is a paper credential.
    """
    return mobile_credential(cbor.decode(raw))


def mobile_credential(item: cbor.Item) -> SignedCredential:
    """Read the credential that rides in a presentation's or a service proof's header.

    Raises:
        TokenError: It is anything else.
    """
    envelope = open_envelope(item)
    return SignedCredential(*claims_of(envelope, typ=MOBILE_TYP), cbor.encode(item), envelope)


def draft_claims(credential: Credential, *, kid: bytes, typ: int) -> Unsigned:
    """Write header and claims of a mobile or paper credential, whichever *typ* says.

    Raises:
        ValueError: A value is out of its range.
    """
    claims: dict[int | str, cbor.Item] = {
        ISS: SCHEME,
        SUB: credential.sub,
        EXP: credential.until_s,
        NBF: credential.not_before_s,
        _CARD: [int(credential.card_class), credential.count, credential.place],
    }
    if credential.holder is not None:
        claims[CNF] = confirmation(credential.holder)
    return checked_draft(
        {ALG: ES256, KID: kid, TYP: typ}, claims, lambda envelope: claims_of(envelope, typ=typ)
    )


def claims_of(envelope: Envelope, *, typ: int) -> tuple[Credential, bytes]:
    """Judge header and claims; gives the credential and its `kid`.

    Raises:
        TokenError: `form`.
    """
    kid = kid_of(envelope.header, typ=typ)
    mobile = typ == MOBILE_TYP
    labels = {ISS, SUB, EXP, NBF, _CARD} | ({CNF} if mobile else set())
    claims = form.map_of(envelope.claims, labels)
    form.check_same(claims[ISS], SCHEME)
    sub = form.text(claims[SUB], _SUB)
    not_before_s, until_s = form.instant(claims[NBF]), form.instant(claims[EXP])
    longest_s = MOBILE_LIFE_MOST_S if mobile else PAPER_LIFE_MOST_S
    if not not_before_s < until_s <= not_before_s + longest_s:
        form.refuse("ends before it begins, or lives too long")
    card_class, count, place = form.array_of(claims[_CARD], 3)
    credential = Credential(
        sub=sub,
        not_before_s=not_before_s,
        until_s=until_s,
        card_class=CardClass(form.whole(card_class, 0, max(CardClass))),
        count=form.whole(count, 0, COUNT_MOST),
        place=form.whole(place, 0, PLACE_MOST),
        holder=confirmed_key(claims[CNF]) if mobile else None,
    )
    return credential, kid


def issuer_holds(
    signed: SignedCredential, issuer: PublicPoint, remembered: GoodSignatures | None = None
) -> Checks[bool]:
    """Ask whether the issuer's signature is good, unless it was good before (K1 §6.3)."""
    if remembered is not None and remembered.knows(signed.raw, issuer):
        return True
    good = yield from holds(signed.issuer_check(issuer))
    if good and remembered is not None:
        remembered.add(signed.raw, issuer)
    return good
