"""The presentation: the QR code on the phone, a credential under the phone's own signature.

Source: K1 §2.1, §4, §6.1.
"""

from dataclasses import dataclass

from shared.token import base45, cbor, form
from shared.token.cose import (
    Checks,
    Envelope,
    GoodSignatures,
    PublicPoint,
    Unsigned,
    holds,
    open_envelope,
)
from shared.token.credential import (
    Credential,
    SignedCredential,
    issuer_holds,
    mobile_credential,
)
from shared.token.errors import FormCode, TokenError
from shared.token.fields import ALG, AUD, ES256, IAT, KCWT, SCHEME, TYP, checked_draft
from shared.token.paper import PaperCard, paper_card

TEXT_PREFIX = "K1:"
TEXT_MOST = 395
"""Characters; exactly what a version 10 QR holds at level L (K1 §15)."""

KEY_BINDING_TYP = 294


@dataclass(frozen=True, slots=True)
class Presentation:
    """A shown card of right form; nothing in it is known to be true yet.

    `shown_at_s` is the phone's clock at signing; (`sub`, `shown_at_s`) names the presentation,
    never its text, bytes or signature (K1 §6.4).
    """

    signed: SignedCredential
    shown_at_s: int
    envelope: Envelope

    @property
    def credential(self) -> Credential:
        """What the issuer is said to have signed."""
        return self.signed.credential

    @property
    def kid(self) -> bytes:
        """The issuer key's two bytes."""
        return self.signed.kid


def draft_presentation(credential_raw: bytes, *, shown_at_s: int) -> Unsigned:
    """Write a presentation of a mobile credential for the phone's key to sign.

    Raises:
        TokenError: *credential_raw* is not CBOR.
        ValueError: It is no mobile credential, or the time is out of range.
    """
    return checked_draft(
        binding_header(credential_raw), {AUD: SCHEME, IAT: shown_at_s}, _presentation
    )


def write_text(raw: bytes) -> str:
    """Write token bytes as the text of a QR code.

    Raises:
        ValueError: The text would be longer than any parser accepts.
    """
    text = TEXT_PREFIX + base45.encode(raw)
    if len(text) > TEXT_MOST:
        raise ValueError(f"a token has at most {TEXT_MOST} characters")
    return text


def read_text(text: str) -> bytes:
    """Read the text of a QR code: length, prefix, base45, in this order.

    No trimming and no folding: an input adapter may take off one line ending before.

    Raises:
        TokenError: `length`, `prefix` or `base45`.
    """
    if not isinstance(text, str):
        raise TokenError(FormCode.LENGTH, "not text")
    if len(text) > TEXT_MOST:
        raise TokenError(FormCode.LENGTH, f"longer than {TEXT_MOST} characters")
    if not text.startswith(TEXT_PREFIX):
        raise TokenError(FormCode.PREFIX, f"does not begin with {TEXT_PREFIX}")
    return base45.decode(text[len(TEXT_PREFIX) :])


def read_token(text: str) -> Presentation | PaperCard:
    """Read what a camera saw. Signatures are not verified: see `verify_token`.

    Raises:
        TokenError: It is no token.
    """
    return read_token_bytes(read_text(text))


def read_token_bytes(raw: bytes) -> Presentation | PaperCard:
    """Read token bytes, of any length.

    Raises:
        TokenError: `cbor` or `form`.
    """
    item = cbor.decode(raw)
    envelope = open_envelope(item)
    if isinstance(envelope.header, dict) and envelope.header.get(TYP) == KEY_BINDING_TYP:
        return _presentation(envelope)
    return paper_card(envelope, raw)


def verify_token(
    token: Presentation | PaperCard,
    issuer: PublicPoint,
    *,
    remembered: GoodSignatures | None = None,
) -> Checks[bool]:
    """Ask about the issuer's signature, then about the phone's, which is never remembered.

    The caller has found *issuer* by `kid` and checked its role. Source: K1 §6.2, §6.3.
    """
    if isinstance(token, PaperCard):
        return (yield from issuer_holds(token.signed, issuer, remembered))
    return (yield from verify_bound(token.signed, token.envelope, issuer, remembered=remembered))


def verify_bound(
    signed: SignedCredential,
    envelope: Envelope,
    issuer: PublicPoint,
    *,
    remembered: GoodSignatures | None = None,
) -> Checks[bool]:
    """Ask about the credential's signature, then about *envelope*'s with the key in its `cnf`."""
    holder = signed.credential.holder
    if holder is None or not (yield from issuer_holds(signed, issuer, remembered)):
        return False
    return (yield from holds(envelope.check(holder)))


def binding_header(credential_raw: bytes) -> dict[int | str, cbor.Item]:
    """Write the header of a presentation or a service proof."""
    return {ALG: ES256, KCWT: cbor.decode(credential_raw), TYP: KEY_BINDING_TYP}


def bound_credential(header: cbor.Item) -> SignedCredential:
    """Judge the header of a presentation or a service proof; gives the credential inside.

    Raises:
        TokenError: The form is wrong, also of the credential.
    """
    values = form.map_of(header, {ALG, KCWT, TYP})
    form.check_same(values[ALG], ES256)
    form.check_same(values[TYP], KEY_BINDING_TYP)
    return mobile_credential(values[KCWT])


def _presentation(envelope: Envelope) -> Presentation:
    signed = bound_credential(envelope.header)
    claims = form.map_of(envelope.claims, {AUD, IAT})
    form.check_same(claims[AUD], SCHEME)
    return Presentation(signed, form.instant(claims[IAT]), envelope)
