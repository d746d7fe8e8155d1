"""Labels and fields that several K1 objects share: the header, `cnf`, points of keys.

Source: K1 §2.3, §3, §7, annex A.
"""

from collections.abc import Callable

from shared.token import cbor, form
from shared.token.cose import SIGNATURE_BYTES, Envelope, PublicPoint, Unsigned, open_envelope
from shared.token.errors import TokenError

ALG, KID, KCWT, TYP = 1, 4, 13, 16
ISS, SUB, AUD, EXP, NBF, IAT, CNF, CNONCE = 1, 2, 3, 4, 5, 6, 8, 39
SEQ = -65538
KTY, CRV, X, Y = 1, -1, -2, -3

ES256 = -7
EC2 = 2
SCHEME = "K1"
KID_BYTES = 2
SEQ_MOST = 0xFFFF_FFFF

_P256 = 1
_X_BYTES = 32


def checked_draft(
    header: dict[int | str, cbor.Item],
    claims: dict[int | str, cbor.Item],
    read: Callable[[Envelope], object],
) -> Unsigned:
    """Encode a draft and read it back: nothing is signed that our own reader would refuse.

    Raises:
        ValueError: *read* refuses it, or it cannot be written in the CBOR subset.
    """
    unsigned = Unsigned(cbor.encode(header), cbor.encode(claims))
    try:
        read(open_envelope(cbor.decode(unsigned.seal(bytes(SIGNATURE_BYTES)))))
    except TokenError as error:
        raise ValueError(str(error)) from error
    return unsigned


def kid_of(header: cbor.Item, *, typ: int | str) -> bytes:
    """Judge a header of exactly alg, kid and typ; gives the two bytes of `kid`."""
    values = form.map_of(header, {ALG, KID, TYP})
    form.check_same(values[ALG], ES256)
    form.check_same(values[TYP], typ)
    return form.octets(values[KID], KID_BYTES)


def confirmation(key: PublicPoint) -> dict[int | str, cbor.Item]:
    """Write a `cnf` claim: the key that the other side must prove to have."""
    return {1: {KTY: EC2, **curve_point(key)}}


def confirmed_key(item: cbor.Item) -> PublicPoint:
    """Read a `cnf` claim."""
    key = form.map_of(form.map_of(item, {1})[1], {KTY, CRV, X, Y})
    form.check_same(key[KTY], EC2)
    return point_of(key)


def curve_point(key: PublicPoint) -> dict[int | str, cbor.Item]:
    """Write the curve, x and the parity of y, as they stand in any COSE_Key of ours."""
    return {CRV: _P256, X: key.x, Y: key.odd}


def point_of(key: dict[int | str, cbor.Item]) -> PublicPoint:
    """Read curve, x and the parity of y out of a COSE_Key."""
    form.check_same(key[CRV], _P256)
    return PublicPoint(x=form.octets(key[X], _X_BYTES), odd=form.flag(key[Y]))
