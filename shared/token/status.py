"""The status list: one bit for each credential, 1 when it is revoked or suspended.

Source: K1 §8.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from shared.token import cbor, form
from shared.token.cose import SIGNATURE_BYTES, Checks, Envelope, Unsigned, holds, open_document
from shared.token.errors import Refusal, TokenRefused
from shared.token.fields import (
    ALG,
    ES256,
    EXP,
    IAT,
    KID,
    SEQ,
    SEQ_MOST,
    SUB,
    TYP,
    checked_draft,
    kid_of,
)
from shared.token.keyset import IssuerKey, KeyRole, check_times

STATUS_TYP = "application/statuslist+cwt"
STATUS_MOST_BYTES = 16_384
BITS_MOST_BYTES = 8_192
"""One bit for each of the 65,536 places of a list."""
NUMBER_MOST = 0xFFFF
TTL_MOST_S = 2_678_400

_STATUS_LIST, _TTL = 65533, 65534
_NAME = re.compile("k1:status:(0|[1-9][0-9]{0,4})")
_ADLER_BYTES = 4


@dataclass(frozen=True, slots=True)
class StatusList:
    """An accepted list. `seq` is the newest key set the issuer had published by `issued_at_s`."""

    number: int
    issued_at_s: int
    until_s: int
    ttl_s: int
    seq: int
    bits: bytes

    def bit(self, index: int) -> int | None:
        """1 revoked or suspended, 0 valid, None beyond the end: unknown, never valid.

        *index* is `place & 0xffff`.
        """
        if not 0 <= index < 8 * len(self.bits):
            return None
        return self.bits[index >> 3] >> (index & 7) & 1


@dataclass(frozen=True, slots=True)
class _Packed:
    """A list before its signature is verified: still compressed, on purpose."""

    number: int
    issued_at_s: int
    until_s: int
    ttl_s: int
    seq: int
    stream: bytes


def draft_status_list(  # noqa: PLR0913 - the fields of one, all by keyword
    *, number: int, issued_at_s: int, until_s: int, ttl_s: int, seq: int, bits: bytes, kid: bytes
) -> Unsigned:
    """Write a status list for the status key *kid* (role 2) to sign; compresses *bits*.

    *bits* is 1…8192 bytes; place i is bit `i & 7` of byte `i >> 3`.

    Raises:
        ValueError: A value is out of range, or the list is too long.
    """
    if not 1 <= len(bits) <= BITS_MOST_BYTES:
        raise ValueError(f"a list has 1 to {BITS_MOST_BYTES} bytes")
    claims: dict[int | str, cbor.Item] = {
        SUB: f"k1:status:{number}",
        EXP: until_s,
        IAT: issued_at_s,
        _STATUS_LIST: {"lst": zlib.compress(bits, 9), "bits": 1},
        _TTL: ttl_s,
        SEQ: seq,
    }
    unsigned = checked_draft({ALG: ES256, KID: kid, TYP: STATUS_TYP}, claims, _packed)
    if len(unsigned.seal(bytes(SIGNATURE_BYTES))) > STATUS_MOST_BYTES:
        raise ValueError(f"a status list has at most {STATUS_MOST_BYTES} bytes")
    return unsigned


def accept_status_list(
    raw: bytes,
    *,
    keys: Mapping[bytes, IssuerKey],
    held_issued_at_s: int,
    now_s: int,
    number: int | None = None,
) -> Checks[StatusList]:
    """Judge a downloaded status list; returns it when it may replace the held one.

    *keys* is the accepted key set's. *held_issued_at_s* is the issue time of the list that the
    answer would replace, 0 for none. *number* is the list that was asked for: another one would
    be compared with the wrong list's age. Inflated only after the signature.

    Raises:
        TokenError: `form`; for the compressed stream only after all else.
        TokenRefused: unknown_key, key_retired, forged, rollback, future, expired; in this order.
    """
    envelope, packed = open_document(raw, longest=STATUS_MOST_BYTES, read=_packed)
    if number is not None and packed.number != number:
        form.refuse(f"not list {number}")
    key = keys.get(kid_of(envelope.header, typ=STATUS_TYP))
    if key is None or key.role is not KeyRole.STATUS:
        raise TokenRefused(Refusal.UNKNOWN_KEY)
    if not key.is_in_use(packed.issued_at_s):
        raise TokenRefused(Refusal.KEY_RETIRED)
    if not (yield from holds(envelope.check(key.point))):
        raise TokenRefused(Refusal.FORGED)
    if packed.issued_at_s < held_issued_at_s:
        raise TokenRefused(Refusal.ROLLBACK)
    check_times(issued_at_s=packed.issued_at_s, until_s=packed.until_s, now_s=now_s)
    return StatusList(
        number=packed.number,
        issued_at_s=packed.issued_at_s,
        until_s=packed.until_s,
        ttl_s=packed.ttl_s,
        seq=packed.seq,
        bits=inflate(packed.stream),
    )


def inflate(stream: bytes) -> bytes:
    """Inflate one zlib stream of 1…8192 bytes with nothing after it.

    Raises:
        TokenError: `form`.
    """
    inflater = zlib.decompressobj()
    try:
        bits = inflater.decompress(stream, BITS_MOST_BYTES + 1)
    except zlib.error:
        form.refuse("not a zlib stream")
    if not inflater.eof or inflater.unused_data or not 1 <= len(bits) <= BITS_MOST_BYTES:
        form.refuse("cut short, followed by something, empty or too long")
    # Some inflaters overlook a tail; the stream's own checksum must be its last four bytes.
    if stream[-_ADLER_BYTES:] != zlib.adler32(bits).to_bytes(_ADLER_BYTES, "big"):
        form.refuse("does not end with its checksum")
    return bits


def _packed(envelope: Envelope) -> _Packed:
    kid_of(envelope.header, typ=STATUS_TYP)
    claims = form.map_of(envelope.claims, {SUB, EXP, IAT, _STATUS_LIST, _TTL, SEQ})
    number = int(form.text(claims[SUB], _NAME).rpartition(":")[2])
    issued_at_s, until_s = form.instant(claims[IAT]), form.instant(claims[EXP])
    if issued_at_s >= until_s:
        form.refuse("ends before it begins")
    listed = form.map_of(claims[_STATUS_LIST], {"lst", "bits"})
    form.check_same(listed["bits"], 1)
    stream = listed["lst"]
    if not isinstance(stream, bytes):
        form.refuse("lst is not bytes")
    return _Packed(
        number=form.whole(number, 0, NUMBER_MOST),
        issued_at_s=issued_at_s,
        until_s=until_s,
        ttl_s=form.whole(claims[_TTL], 1, TTL_MOST_S),
        seq=form.whole(claims[SEQ], 1, SEQ_MOST),
        stream=stream,
    )
