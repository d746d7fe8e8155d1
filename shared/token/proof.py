"""Proofs to the server: who holds this key, for one request.

The server does not judge `iat`: a phone with a wrong clock must be able to activate and to renew.
A code or a nonce makes each proof single use. The steps are separate functions where the server
has to look something up between them.

Source: K1 §9.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.token import cbor, form
from shared.token.codes import CodeKind, check_code
from shared.token.cose import (
    Checks,
    Envelope,
    PublicPoint,
    Unsigned,
    holds,
    open_document,
)
from shared.token.credential import Credential, SignedCredential
from shared.token.errors import Refusal, TokenRefused
from shared.token.fields import (
    ALG,
    AUD,
    CNF,
    CNONCE,
    ES256,
    IAT,
    SUB,
    TYP,
    checked_draft,
    confirmation,
    confirmed_key,
)
from shared.token.keyset import IssuerKey, KeyRole
from shared.token.presentation import binding_header, bound_credential, verify_bound

PROOF_MOST_BYTES = 1_024
NONCE_BYTES = 16

_ENROLMENT_TYP = "application/k1-activation+cwt"
_DEVICE_TYP = "application/k1-device+cwt"
_AUDIENCES = {CodeKind.ACTIVATION: "K1A", CodeKind.PAIRING: "K1P"}
_SERVER = "K1R"
_DEVICE_ID = re.compile("[A-Za-z0-9_-]{1,36}")


@dataclass(frozen=True, slots=True)
class EnrolmentProof:
    """A new phone or scanner showed *code* and that it has the private part of *key*."""

    code: str
    key: PublicPoint
    at_s: int


@dataclass(frozen=True, slots=True)
class ServiceProof:
    """A phone showed the credential it holds and that it has its key; both signatures are good.

    `credential_raw` is the exact bytes. Times of the credential are not looked at: an expired one
    may renew while its key is the card's current key.
    """

    credential: Credential
    credential_raw: bytes
    nonce: bytes
    at_s: int


@dataclass(frozen=True, slots=True)
class DeviceProof:
    """What a scanner says it is; not verified before `verify_device_proof`."""

    device_id: str
    nonce: bytes
    at_s: int
    envelope: Envelope


def draft_activation_proof(code: str, *, key: PublicPoint, at_s: int) -> Unsigned:
    """Write an activation proof (12 symbols) for the phone's new key to sign.

    Raises:
        ValueError: The code or a value is wrong.
    """
    return _draft_enrolment(code, key, at_s, CodeKind.ACTIVATION)


def draft_pairing_proof(code: str, *, key: PublicPoint, at_s: int) -> Unsigned:
    """Write a pairing proof (12 symbols) for the scanner's new key to sign.

    Raises:
        ValueError: The code or a value is wrong.
    """
    return _draft_enrolment(code, key, at_s, CodeKind.PAIRING)


def draft_service_proof(credential_raw: bytes, *, nonce: bytes, at_s: int) -> Unsigned:
    """Write a service proof (renewal, own history) for the phone's key to sign.

    Raises:
        TokenError: *credential_raw* is not CBOR.
        ValueError: It is no mobile credential, the nonce has not 16 bytes, or the time is wrong.
    """
    claims: dict[int | str, cbor.Item] = {AUD: _SERVER, IAT: at_s, CNONCE: nonce}
    return checked_draft(binding_header(credential_raw), claims, _service_parts)


def draft_device_proof(device_id: str, *, nonce: bytes, at_s: int) -> Unsigned:
    """Write a device proof for the scanner's key to sign.

    Raises:
        ValueError: The id (1…36 of A-Z a-z 0-9 - _), the nonce (16 bytes) or the time is wrong.
    """
    claims: dict[int | str, cbor.Item] = {SUB: device_id, AUD: _SERVER, IAT: at_s, CNONCE: nonce}
    return checked_draft({ALG: ES256, TYP: _DEVICE_TYP}, claims, _device_proof)


def verify_activation_proof(raw: bytes) -> Checks[EnrolmentProof]:
    """Verify that the new phone has the key it brings. The caller then uses up the code.

    Raises:
        TokenError: `form`, also for a pairing proof.
        TokenRefused: forged.
    """
    return _verify_enrolment(raw, CodeKind.ACTIVATION)


def verify_pairing_proof(raw: bytes) -> Checks[EnrolmentProof]:
    """Verify that the new scanner has the key it brings. The caller then uses up the code.

    Raises:
        TokenError: `form`, also for an activation proof.
        TokenRefused: forged.
    """
    return _verify_enrolment(raw, CodeKind.PAIRING)


def verify_service_proof(raw: bytes, *, keys: Mapping[bytes, IssuerKey]) -> Checks[ServiceProof]:
    """Verify both signatures of a service proof.

    *keys* are all the server's keys, retired ones too; their times are not judged. Go on with
    `check_service_proof`.

    Raises:
        TokenError: `form`.
        TokenRefused: unknown_key, forged; in this order.
    """
    envelope, (signed, proof) = open_document(raw, longest=PROOF_MOST_BYTES, read=_service_parts)
    issuer = keys.get(signed.kid)
    if issuer is None or issuer.role is not KeyRole.MOBILE:
        raise TokenRefused(Refusal.UNKNOWN_KEY)
    if not (yield from verify_bound(signed, envelope, issuer.point)):
        raise TokenRefused(Refusal.FORGED)
    return proof


def check_service_proof(
    proof: ServiceProof,
    *,
    nonce: bytes,
    current_key: PublicPoint | None,
    card_until_s: int,
    now_s: int,
) -> None:
    """The proof answers this nonce, with the card's current key, and the card is not over.

    *nonce* is the unused one the server gave; *current_key* is None when the card has none.

    Raises:
        TokenRefused: nonce, key_changed, expired; in this order.
    """
    check_nonce(proof, nonce)
    if current_key is None or proof.credential.holder != current_key:
        raise TokenRefused(Refusal.KEY_CHANGED)
    if now_s >= card_until_s:
        raise TokenRefused(Refusal.EXPIRED)


def read_device_proof(raw: bytes) -> DeviceProof:
    """Read a device proof, so that the scanner can be looked up. Not verified.

    Raises:
        TokenError: `form`.
    """
    return open_document(raw, longest=PROOF_MOST_BYTES, read=_device_proof)[1]


def verify_device_proof(proof: DeviceProof, *, key: PublicPoint | None) -> Checks[DeviceProof]:
    """Verify a device proof with the key of the scanner it names, None when there is no such one.

    Raises:
        TokenRefused: unknown_device, forged.
    """
    if key is None:
        raise TokenRefused(Refusal.UNKNOWN_DEVICE)
    if not (yield from holds(proof.envelope.check(key))):
        raise TokenRefused(Refusal.FORGED)
    return proof


def check_nonce(proof: ServiceProof | DeviceProof, nonce: bytes) -> None:
    """The proof answers this nonce.

    Raises:
        TokenRefused: nonce.
    """
    if proof.nonce != nonce:
        raise TokenRefused(Refusal.NONCE)


def _draft_enrolment(code: str, key: PublicPoint, at_s: int, kind: CodeKind) -> Unsigned:
    claims: dict[int | str, cbor.Item] = {
        AUD: _AUDIENCES[kind],
        IAT: at_s,
        CNF: confirmation(key),
        CNONCE: code.encode(),
    }
    header: dict[int | str, cbor.Item] = {ALG: ES256, TYP: _ENROLMENT_TYP}
    return checked_draft(header, claims, lambda envelope: _enrolment(envelope, kind))


def _verify_enrolment(raw: bytes, kind: CodeKind) -> Checks[EnrolmentProof]:
    envelope, proof = open_document(
        raw, longest=PROOF_MOST_BYTES, read=lambda envelope: _enrolment(envelope, kind)
    )
    if not (yield from holds(envelope.check(proof.key))):
        raise TokenRefused(Refusal.FORGED)
    return proof


def _enrolment(envelope: Envelope, kind: CodeKind) -> EnrolmentProof:
    _check_header(envelope.header, _ENROLMENT_TYP)
    claims = form.map_of(envelope.claims, {AUD, IAT, CNF, CNONCE})
    form.check_same(claims[AUD], _AUDIENCES[kind])
    at_s, key = form.instant(claims[IAT]), confirmed_key(claims[CNF])
    code = claims[CNONCE]
    if not isinstance(code, bytes) or not code.isascii():
        form.refuse("a code is the bytes of its symbols")
    check_code(code.decode("ascii"), kind)
    return EnrolmentProof(code.decode("ascii"), key, at_s)


def _service_parts(envelope: Envelope) -> tuple[SignedCredential, ServiceProof]:
    signed = bound_credential(envelope.header)
    claims = form.map_of(envelope.claims, {AUD, IAT, CNONCE})
    form.check_same(claims[AUD], _SERVER)
    nonce, at_s = form.octets(claims[CNONCE], NONCE_BYTES), form.instant(claims[IAT])
    return signed, ServiceProof(signed.credential, signed.raw, nonce, at_s)


def _device_proof(envelope: Envelope) -> DeviceProof:
    _check_header(envelope.header, _DEVICE_TYP)
    claims = form.map_of(envelope.claims, {SUB, AUD, IAT, CNONCE})
    form.check_same(claims[AUD], _SERVER)
    return DeviceProof(
        device_id=form.text(claims[SUB], _DEVICE_ID),
        nonce=form.octets(claims[CNONCE], NONCE_BYTES),
        at_s=form.instant(claims[IAT]),
        envelope=envelope,
    )


def _check_header(header: cbor.Item, typ: str) -> None:
    values = form.map_of(header, {ALG, TYP})
    form.check_same(values[ALG], ES256)
    form.check_same(values[TYP], typ)
