import pytest

from shared.token import cbor
from shared.token.cose import (
    REMEMBERED_MOST,
    GoodSignatures,
    PublicPoint,
    SignatureCheck,
    Unsigned,
    holds,
    settle,
    settle_async,
)
from tests.shared.keys import ISSUER, ORDER, PHONE, exchange_s, verify

DRAFT = Unsigned(protected=b"\xa1\x01\x26", payload=b"\xa0")


def check_of(signature, *, signed=None, point=ISSUER.point):
    return SignatureCheck(signed or DRAFT.bytes_to_sign(), signature, point)


def test_bytes_to_sign_are_the_sig_structure():
    assert DRAFT.bytes_to_sign().hex() == "846a5369676e61747572653143a101264041a0"


def test_seal_makes_a_tagged_array_of_four():
    assert DRAFT.seal(bytes(64)).hex() == "d28443a10126a041a05840" + "00" * 64


@pytest.mark.parametrize("length", [0, 63, 65, 70])
def test_only_64_bytes_seal(length):
    with pytest.raises(ValueError, match="32 bytes each"):
        DRAFT.seal(bytes(length))


def test_settle_returns_the_truth():
    signature = ISSUER.sign(DRAFT.bytes_to_sign())
    assert settle(holds(check_of(signature)), verify)
    assert settle(holds(check_of(exchange_s(signature))), verify)
    assert not settle(holds(check_of(signature, point=PHONE.point)), verify)
    assert not settle(holds(check_of(signature, signed=b"other")), verify)


async def test_settle_async_returns_the_truth():
    async def verify_later(check):
        return verify(check)

    signature = ISSUER.sign(DRAFT.bytes_to_sign())
    assert await settle_async(holds(check_of(signature)), verify_later)
    assert not await settle_async(holds(check_of(signature, signed=b"other")), verify_later)


def test_an_answer_that_is_not_true_itself_opens_nothing():
    signature = ISSUER.sign(DRAFT.bytes_to_sign())
    for answer in (None, 1, "yes", object()):
        assert not settle(holds(check_of(signature)), lambda _check, answer=answer: answer)


@pytest.mark.parametrize(
    ("r", "s"), [(0, 1), (1, 0), (ORDER, 1), (1, ORDER), (2**256 - 1, 1), (0, 0)]
)
def test_r_and_s_out_of_range_are_not_even_asked_about(r, s):
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert settle(holds(check_of(signature)), lambda _check: True) is False


@pytest.mark.parametrize(("r", "s"), [(1, 1), (ORDER - 1, ORDER - 1)])
def test_r_and_s_at_the_edges_are_asked_about(r, s):
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert settle(holds(check_of(signature)), lambda _check: True) is True


def test_a_point_off_the_curve_is_a_bad_signature():
    off = PublicPoint(x=b"\xff" * 32, odd=False)
    assert not settle(holds(check_of(ISSUER.sign(b"x"), signed=b"x", point=off)), verify)


def test_remembers_512_and_the_least_recently_seen_goes_first():
    remembered = GoodSignatures()
    for number in range(REMEMBERED_MOST):
        remembered.add(b"%d" % number, ISSUER.point)
    assert remembered.knows(b"0", ISSUER.point)
    remembered.add(b"one more", ISSUER.point)
    assert len(remembered) == REMEMBERED_MOST
    assert remembered.knows(b"0", ISSUER.point)
    assert not remembered.knows(b"1", ISSUER.point)


def test_remembers_bytes_and_key_together():
    remembered = GoodSignatures()
    remembered.add(b"credential", ISSUER.point)
    assert not remembered.knows(b"credential", PHONE.point)
    assert not remembered.knows(b"credentiaL", ISSUER.point)
    remembered.forget()
    assert not remembered.knows(b"credential", ISSUER.point)
    assert len(remembered) == 0


def test_sig_structure_is_canonical_cbor():
    assert cbor.decode(DRAFT.bytes_to_sign()) == ["Signature1", b"\xa1\x01\x26", b"", b"\xa0"]
