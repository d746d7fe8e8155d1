from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import cbor
from shared.token.cose import settle
from shared.token.errors import FormCode, Refusal, TokenError, TokenRefused
from shared.token.presentation import draft_presentation, read_token_bytes
from shared.token.proof import (
    check_nonce,
    check_service_proof,
    draft_activation_proof,
    draft_device_proof,
    draft_pairing_proof,
    draft_service_proof,
    read_device_proof,
    verify_activation_proof,
    verify_device_proof,
    verify_pairing_proof,
    verify_service_proof,
)
from tests.shared.cards import (
    DAY_S,
    ISSUER_KID,
    NOW_S,
    PAPER_KID,
    STATUS_KID,
    issue,
    make_credential,
    make_keys,
)
from tests.shared.keys import OTHER_PHONE, PHONE, ROGUE, SCANNER, verify

CODE = "M9S346Q3D250"
NONCE = bytes(range(16))
RAW = issue(make_credential())


def refusal(act):
    with pytest.raises(TokenRefused) as refused:
        act()
    return refused.value.reason


def service(raw, *, keys=None):
    return settle(verify_service_proof(raw, keys=keys or make_keys()), verify)


def service_proof(credential_raw=RAW, *, key=PHONE, nonce=NONCE):
    return key.seal(draft_service_proof(credential_raw, nonce=nonce, at_s=NOW_S))


def test_activation_round_trip():
    raw = PHONE.seal(draft_activation_proof(CODE, key=PHONE.point, at_s=NOW_S))
    proof = settle(verify_activation_proof(raw), verify)
    assert (proof.code, proof.key, proof.at_s, len(raw)) == (CODE, PHONE.point, NOW_S, 180)


def test_pairing_round_trip():
    raw = SCANNER.seal(draft_pairing_proof(CODE, key=SCANNER.point, at_s=NOW_S))
    proof = settle(verify_pairing_proof(raw), verify)
    assert (proof.code, proof.key) == (CODE, SCANNER.point)


def test_service_round_trip():
    proof = service(service_proof())
    assert (proof.credential, proof.credential_raw) == (make_credential(), RAW)
    assert (proof.nonce, proof.at_s) == (NONCE, NOW_S)


@pytest.mark.parametrize("device_id", ["d", "d" * 36, "0b6f3c1e-5a0e-7cc1-8d8e-0f4f2b7d9a10"])
def test_device_round_trip(device_id):
    raw = SCANNER.seal(draft_device_proof(device_id, nonce=NONCE, at_s=NOW_S))
    proof = settle(verify_device_proof(read_device_proof(raw), key=SCANNER.point), verify)
    assert (proof.device_id, proof.nonce, proof.at_s) == (device_id, NONCE, NOW_S)


def test_another_key_than_the_one_brought_is_forged():
    raw = ROGUE.seal(draft_activation_proof(CODE, key=PHONE.point, at_s=NOW_S))
    assert refusal(lambda: settle(verify_activation_proof(raw), verify)) is Refusal.FORGED
    raw = ROGUE.seal(draft_pairing_proof(CODE, key=PHONE.point, at_s=NOW_S))
    assert refusal(lambda: settle(verify_pairing_proof(raw), verify)) is Refusal.FORGED


def test_no_kind_is_taken_for_another():
    proofs = {
        "activation": PHONE.seal(draft_activation_proof(CODE, key=PHONE.point, at_s=NOW_S)),
        "pairing": PHONE.seal(draft_pairing_proof(CODE, key=PHONE.point, at_s=NOW_S)),
        "service": service_proof(),
        "device": PHONE.seal(draft_device_proof("d", nonce=NONCE, at_s=NOW_S)),
        "presentation": PHONE.seal(draft_presentation(RAW, shown_at_s=NOW_S)),
        "credential": RAW,
    }
    readers = {
        "activation": lambda raw: settle(verify_activation_proof(raw), verify),
        "pairing": lambda raw: settle(verify_pairing_proof(raw), verify),
        "service": service,
        "device": read_device_proof,
        "presentation": read_token_bytes,
    }
    for wanted, read in readers.items():
        for kind, raw in proofs.items():
            if kind == wanted:
                assert read(raw)
                continue
            with pytest.raises(TokenError):
                read(raw)


def test_the_issuer_key_has_role_1_and_any_time():
    keys = make_keys()
    for other in (PAPER_KID, STATUS_KID):
        wrong = {**keys, ISSUER_KID: replace(keys[other], kid=ISSUER_KID)}
        assert refusal(lambda wrong=wrong: service(service_proof(), keys=wrong)) is (
            Refusal.UNKNOWN_KEY
        )
    assert refusal(lambda: service(service_proof(), keys={b"zz": keys[PAPER_KID]})) is (
        Refusal.UNKNOWN_KEY
    )
    retired = replace(keys[ISSUER_KID], not_before_s=NOW_S - 9, until_s=NOW_S - 8)
    assert service(service_proof(), keys={ISSUER_KID: retired})


def test_both_signatures_of_a_service_proof_count():
    self_issued = issue(make_credential(), key=ROGUE)
    assert refusal(lambda: service(service_proof(self_issued))) is Refusal.FORGED
    assert refusal(lambda: service(service_proof(key=ROGUE))) is Refusal.FORGED


def test_nonce_then_key_then_card():
    proof = service(service_proof())

    def check(*, nonce=NONCE, current_key=PHONE.point, card_until_s=NOW_S + DAY_S):
        check_service_proof(
            proof, nonce=nonce, current_key=current_key, card_until_s=card_until_s, now_s=NOW_S
        )

    check()
    check(card_until_s=NOW_S + 1)
    other = OTHER_PHONE.point
    assert refusal(lambda: check(nonce=bytes(16), current_key=other)) is Refusal.NONCE
    assert refusal(lambda: check(current_key=other, card_until_s=0)) is Refusal.KEY_CHANGED
    assert refusal(lambda: check(current_key=None)) is Refusal.KEY_CHANGED
    assert refusal(lambda: check(card_until_s=NOW_S)) is Refusal.EXPIRED


def test_an_expired_credential_may_renew():
    raw = issue(make_credential(not_before_s=1_600_000_000, until_s=1_600_000_001))
    assert service(service_proof(raw))


def test_a_device_is_known_then_genuine_then_fresh():
    raw = SCANNER.seal(draft_device_proof("d", nonce=NONCE, at_s=NOW_S))
    proof = read_device_proof(raw)
    unknown = settle(verify_device_proof(proof, key=SCANNER.point), verify)
    assert unknown is proof
    assert refusal(lambda: settle(verify_device_proof(proof, key=None), verify)) is (
        Refusal.UNKNOWN_DEVICE
    )
    assert refusal(lambda: settle(verify_device_proof(proof, key=ROGUE.point), verify)) is (
        Refusal.FORGED
    )
    check_nonce(proof, NONCE)
    assert refusal(lambda: check_nonce(proof, NONCE[::-1])) is Refusal.NONCE


@pytest.mark.parametrize(
    "code", ["M9S346Q3D251", "M9S3-46Q3-D250", "m9s346q3d250", "", "XXQKFBF5S", "É9S346Q3D250"]
)
def test_only_right_codes_are_written(code):
    with pytest.raises(ValueError, match="form"):
        draft_activation_proof(code, key=PHONE.point, at_s=NOW_S)


def test_only_right_values_are_written():
    for device_id in ("", "d" * 37, "d\n", "ä", "a b"):
        with pytest.raises(ValueError, match="form"):
            draft_device_proof(device_id, nonce=NONCE, at_s=NOW_S)
    for nonce in (b"", bytes(15), bytes(17)):
        with pytest.raises(ValueError, match="16 bytes"):
            draft_device_proof("d", nonce=nonce, at_s=NOW_S)
        with pytest.raises(ValueError, match="16 bytes"):
            draft_service_proof(RAW, nonce=nonce, at_s=NOW_S)
    with pytest.raises(ValueError, match="integer"):
        draft_pairing_proof(CODE, key=PHONE.point, at_s=1)


@given(st.binary(max_size=200))
def test_any_bytes_raise_form(raw):
    for read in (
        lambda: settle(verify_activation_proof(raw), verify),
        lambda: settle(verify_pairing_proof(raw), verify),
        lambda: service(raw),
        lambda: read_device_proof(raw),
    ):
        with pytest.raises(TokenError) as refused:
            read()
        assert refused.value.code is FormCode.FORM


def test_whatever_is_wrong_inside_a_service_proof_is_form():
    header = cbor.decode(draft_service_proof(RAW, nonce=NONCE, at_s=NOW_S).protected)
    header[13].content[2] = b"\xff"
    draft = draft_service_proof(RAW, nonce=NONCE, at_s=NOW_S)
    with pytest.raises(TokenError) as refused:
        service(PHONE.seal(replace(draft, protected=cbor.encode(header))))
    assert refused.value.code is FormCode.FORM


def test_over_1024_bytes_is_not_even_read():
    with pytest.raises(TokenError, match="longer than 1024"):
        read_device_proof(bytes(1_025))
