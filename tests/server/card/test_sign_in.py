"""The holder's sign-in and what a bearer opens."""

from uuid import UUID

import pytest
from sqlalchemy import delete

from server.card.models import Activation, Card, SignedCredential
from server.demo.phone import Phone
from server.signin.models import BearerGrant, Nonce
from shared.token.credential import Credential, draft_credential, read_credential
from shared.token.keyset import KeyRole
from tests.server.callers import HttpHolder, fresh_nonce, one_session, refusal, send_proof


def test_a_signed_in_holder_reads_the_card(holder) -> None:
    facts = holder.read("card").json()

    assert (facts["state"], facts["children"]) == ("valid", 2)


def test_a_nonce_opens_once(holder, http) -> None:
    proof = holder.proof()

    assert send_proof(http, "holder-sessions", proof).is_success
    assert refusal(send_proof(http, "holder-sessions", proof)) == (401, "nonce_refused")


def test_a_nonce_lives_five_minutes(holder, http, clock) -> None:
    proofs = [holder.proof(), holder.proof()]
    clock.advance(minutes=4, seconds=59)
    assert send_proof(http, "holder-sessions", proofs[0]).is_success
    clock.advance(seconds=1)

    assert refusal(send_proof(http, "holder-sessions", proofs[1])) == (401, "nonce_refused")


def test_nonces_that_are_over_are_swept_out(http, desk, clock) -> None:
    for _ in range(3):
        fresh_nonce(http)
    clock.advance(minutes=5)
    fresh_nonce(http)

    assert desk.count(Nonce) == 1


def test_a_nonce_of_the_callers_own_opens_nothing(holder, http) -> None:
    proof = holder.proof(nonce=bytes(16))

    assert refusal(send_proof(http, "holder-sessions", proof)) == (401, "nonce_refused")


def test_a_refused_proof_has_used_up_its_nonce(holder, desk, http) -> None:
    card, proof = desk.rows(Card)[0], holder.proof()
    desk.block(card.id)
    assert refusal(send_proof(http, "holder-sessions", proof)) == (401, "card_blocked")
    desk.change_card(card.id, blocked_at=None)

    assert refusal(send_proof(http, "holder-sessions", proof)) == (401, "nonce_refused")


def test_a_proof_of_the_phone_that_had_the_card_has_used_up_its_nonce(
    holder, desk, http, clock
) -> None:
    proof, nonces = holder.proof(), desk.count(Nonce)
    new_phone, code = HttpHolder(http, clock), desk.another_code(desk.rows(Card)[0].id)
    new_phone.activate(code, replace_phone=True)

    assert refusal(send_proof(http, "holder-sessions", proof)) == (401, "key_changed")

    assert desk.count(Nonce) == nonces - 1


def test_a_bearer_lives_a_quarter_of_an_hour(holder, clock) -> None:
    clock.advance(minutes=14, seconds=59)
    assert holder.read("card").is_success
    clock.advance(seconds=1)

    assert refusal(holder.read("card")) == (401, "sign_in_required")


def test_bearers_that_are_over_are_swept_out(holder, desk, clock) -> None:
    clock.advance(minutes=15)
    holder.sign_in()

    assert desk.count(BearerGrant) == 1


@pytest.mark.parametrize(
    "sent",
    [None, "Bearer", "Bearer x", "Basic eDp5", "bearer ä", "Bearer a b", "Bearer " + "a" * 4000],
)
@pytest.mark.parametrize("path", ["card", "visits", "scanner"])
def test_without_a_good_bearer_one_has_to_sign_in(http, path, sent) -> None:
    headers = {} if sent is None else {"Authorization": sent.encode("latin-1")}

    answer = http.get(path, headers=headers)

    assert refusal(answer) == (401, "sign_in_required")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_holders_and_scanners_do_not_open_each_others_doors(holder, scanner) -> None:
    scanner.bearer, holder.bearer = holder.bearer, scanner.bearer

    heard = [
        holder.read("card"),
        holder.read("visits"),
        holder.renew(),
        scanner.http.get("scanner", headers=scanner.speaking),
        scanner.scan(None, admitted=False),
        scanner.ask("scans/batch", '{"scans": []}'),
        scanner.ask("card-questions", '{"text": "XXQKFBF5S", "category": "culture"}'),
        scanner.void("01890000-0000-7000-8000-000000000000"),
    ]

    assert {refusal(answer) for answer in heard} == {(401, "sign_in_required")}


def test_an_expired_credential_signs_in_while_the_card_is_valid(holder, clock) -> None:
    clock.advance(days=40)

    assert holder.sign_in().is_success
    assert holder.read("card").is_success


def test_a_card_that_is_over_does_not_sign_in(holder, clock) -> None:
    clock.advance(days=365)

    assert refusal(holder.sign_in()) == (401, "card_expired")


def test_a_blocked_card_does_not_sign_in(holder, desk) -> None:
    desk.block(desk.rows(Card)[0].id)

    assert refusal(holder.sign_in()) == (401, "card_blocked")
    assert refusal(holder.renew()) == (401, "card_blocked")
    assert holder.read("card").json()["state"] == "blocked"  # so that the phone can say why


def test_a_copied_credential_is_no_use_without_its_key(holder, http, clock) -> None:
    thief = HttpHolder(http, clock)
    thief.credential = holder.credential

    assert refusal(thief.sign_in()) == (422, "forged_proof")


def test_a_credential_of_another_register_is_of_an_unknown_key(holder) -> None:
    own = read_credential(holder.credential).credential
    rogue = Phone()
    draft = draft_credential(own, kid=b"\xfe\xfe")
    holder.credential = rogue._seal(draft)

    assert refusal(holder.sign_in()) == (401, "unknown_key")


def test_a_credential_that_a_status_key_signed_is_of_an_unknown_key(holder, ring, clock) -> None:
    own = read_credential(holder.credential).credential
    sealed = ring.seal(
        KeyRole.STATUS,
        lambda kid: draft_credential(own, kid=kid),
        now_s=_s(clock),
        until_s=own.until_s,
    )
    holder.credential = sealed.raw

    assert refusal(holder.sign_in()) == (401, "unknown_key")


def test_a_genuine_credential_that_the_register_lost_is_unknown(holder, engine) -> None:
    _forget_credentials(engine)

    assert refusal(holder.sign_in()) == (401, "unknown_key")


def test_somebody_elses_name_under_ones_own_key_is_refused(make_holder, ring, clock) -> None:
    """Only with a stolen issuer key: even then a made credential does not open another's card."""
    victim, thief = make_holder(), make_holder()
    theirs = read_credential(victim.credential).credential
    made = Credential(
        **{name: getattr(theirs, name) for name in Credential.__slots__ if name != "holder"},
        holder=thief.phone.point,
    )
    sealed = ring.seal(
        KeyRole.MOBILE,
        lambda kid: draft_credential(made, kid=kid),
        now_s=_s(clock),
        until_s=made.until_s,
    )
    thief.credential = sealed.raw

    assert refusal(thief.sign_in()) == (401, "key_changed")


def test_ids_on_the_wire_are_ids(holder) -> None:
    assert UUID(holder.read("card").json()["card_id"]).version == 7


def _s(clock) -> int:
    return int(clock.now.timestamp())


def _forget_credentials(engine) -> None:
    with one_session(engine) as db:
        db.execute(delete(Activation))
        db.execute(delete(SignedCredential))
