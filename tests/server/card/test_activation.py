"""Activation over HTTP, with real proofs."""

import pytest

from server.card.models import Activation, Card, SignedCredential
from server.card.status import PLACES_PER_LIST
from server.demo.phone import Phone
from server.signin.codes import draw_code
from server.signin.models import BearerGrant
from shared.token.codes import CodeKind, print_code, read_activation_code
from shared.token.credential import CardClass, read_credential
from shared.wire import COSE_MEDIA_TYPE
from tests.factories import NOON
from tests.server.callers import HttpHolder, fresh_nonce, one_session, refusal, send_proof


@pytest.fixture
def phone(http, clock) -> HttpHolder:
    return HttpHolder(http, clock)


def test_a_typed_code_brings_the_card_to_the_phone(desk, phone) -> None:
    granted = desk.grant(children=3)
    typed = print_code(granted.activation_code).lower()

    answer = phone.activate(read_activation_code(typed, base_url=None))

    card, credential = answer.json()["card"], read_credential(phone.credential).credential
    assert card["card_code"] == granted.card.code
    assert (card["children"], card["community"], card["state"]) == (3, False, "valid")
    assert (card["first_valid_on"], card["last_valid_on"]) == ("2026-11-22", "2027-11-21")
    assert (credential.holder, credential.count) == (phone.phone.point, 3)


def test_a_community_card_says_so_in_its_credential(desk, phone) -> None:
    granted = desk.grant(community=True, birth_year=None, home_postcode=None, children=10)

    phone.activate(granted.activation_code)

    assert read_credential(phone.credential).credential.card_class is CardClass.COMMUNITY


@pytest.mark.parametrize("minutes", [0, 10])
def test_a_lost_answer_is_given_again_to_the_same_key(desk, phone, clock, minutes) -> None:
    code = desk.grant().activation_code
    phone.activate(code)
    first = phone.credential
    clock.advance(minutes=minutes)

    assert phone.activate(code).is_success

    assert phone.credential == first
    assert desk.count(SignedCredential) == 1


def test_after_ten_minutes_the_same_key_is_refused_too(desk, phone, clock) -> None:
    code = desk.grant().activation_code
    phone.activate(code)
    clock.advance(minutes=10, seconds=1)

    assert refusal(phone.activate(code)) == (404, "code_refused")


def test_a_used_code_gives_another_key_nothing(desk, phone, http, clock) -> None:
    code = desk.grant().activation_code
    phone.activate(code)

    assert refusal(HttpHolder(http, clock).activate(code)) == (404, "code_refused")


def test_another_key_with_a_used_code_leaves_a_line_without_the_code(
    desk, phone, http, clock, capsys
) -> None:
    code = desk.grant().activation_code
    phone.activate(code)
    clock.advance(minutes=11)
    phone.activate(code)  # its own phone, too late: nobody else has the code
    HttpHolder(http, clock).activate(draw_code(CodeKind.ACTIVATION))
    assert "used_code_tried" not in capsys.readouterr().out

    HttpHolder(http, clock).activate(code)

    said = capsys.readouterr().out
    assert said.count("used_code_tried") == 1
    assert code not in said


def test_unknown_used_and_expired_codes_are_answered_alike(desk, phone, http, clock) -> None:
    used, expired = desk.grant().activation_code, desk.grant().activation_code
    phone.activate(used)
    clock.advance(hours=72)
    stranger = HttpHolder(http, clock)

    answers = [stranger.activate(c) for c in (used, expired, draw_code(CodeKind.ACTIVATION))]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_code_works_until_its_last_second(desk, phone, clock) -> None:
    code = desk.grant().activation_code
    clock.advance(hours=71, minutes=59, seconds=59)

    assert phone.activate(code).is_success


def test_a_card_on_another_phone_asks_first_and_keeps_the_code(desk, holder, phone) -> None:
    code = desk.another_code(desk.rows(Card)[0].id)

    assert refusal(phone.activate(code)) == (409, "card_on_another_phone")
    assert refusal(phone.activate(code)) == (409, "card_on_another_phone")
    assert holder.sign_in().is_success  # nothing has happened to the old phone

    assert phone.activate(code, replace_phone=True).is_success
    assert phone.sign_in().is_success


def test_the_phone_that_has_the_card_is_not_another_phone(desk, holder) -> None:
    code = desk.another_code(desk.rows(Card)[0].id)

    assert holder.activate(code).is_success


def test_the_old_phone_hears_that_the_card_has_moved(desk, holder, phone) -> None:
    old_sub = read_credential(holder.credential).credential.sub
    phone.activate(desk.another_code(desk.rows(Card)[0].id), replace_phone=True)

    assert refusal(holder.read("visits")) == (401, "sign_in_required")  # its bearer is gone
    assert refusal(holder.renew()) == (401, "sign_in_required")
    assert refusal(holder.sign_in()) == (401, "key_changed")
    revoked = {row.sub for row in desk.rows(SignedCredential) if row.revoked_at is not None}
    assert revoked == {old_sub}


def test_a_blocked_card_is_not_activated(desk, phone) -> None:
    granted = desk.grant()
    desk.block(granted.card.id)

    assert refusal(phone.activate(granted.activation_code)) == (401, "card_blocked")


def test_a_card_that_is_over_is_not_activated(desk, phone, clock) -> None:
    card = desk.grant().card
    clock.advance(days=364)
    on_the_last_day = desk.another_code(card.id)
    assert phone.activate(on_the_last_day).is_success
    code = desk.another_code(card.id)
    clock.advance(days=1)

    assert refusal(phone.activate(code, replace_phone=True)) == (401, "card_expired")


def test_wrong_bytes_are_refused_by_name(desk, phone, http) -> None:
    proof = phone.phone.activation_proof(desk.grant().activation_code, now=NOON)
    forged = proof[:-1] + bytes([proof[-1] ^ 1])

    assert refusal(send_proof(http, "activations", forged)) == (422, "forged_proof")
    assert refusal(send_proof(http, "activations", b"\x00")) == (422, "malformed_proof")
    assert refusal(send_proof(http, "activations", proof + b"\x00")) == (422, "malformed_proof")
    assert refusal(send_proof(http, "activations", proof[:-1])) == (422, "malformed_proof")
    assert desk.count(SignedCredential) == 0


@pytest.mark.parametrize("path", ["activations", "holder-sessions", "pairings", "scanner-sessions"])
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", COSE_MEDIA_TYPE),
        (bytes(1025), COSE_MEDIA_TYPE),
        (b"\xd2" * 1024, COSE_MEDIA_TYPE),
        (b'{"proof": "AAAA"}', "application/json"),
        (b'"AAAA"', "application/json"),
        (b"[1, 2]", "application/json"),
        (b"{", "application/json"),
        (b"code=1", "application/x-www-form-urlencoded"),
    ],
    ids=["empty", "long", "nonsense", "object", "text", "list", "cut", "form"],
)
def test_no_proof_is_a_named_refusal(http, path, body, media_type) -> None:
    answer = http.post(path, content=body, headers={"Content-Type": media_type})

    status, code = refusal(answer)
    assert (status, code) in {(422, "malformed_proof"), (422, "malformed_request")}


def test_a_proof_of_another_kind_is_none(desk, holder, scanner, http, clock) -> None:
    phone, code = Phone(), desk.grant().activation_code
    activation = phone.activation_proof(code, now=clock.now)
    pairing = phone.pairing_proof(code, now=clock.now)
    service, device = holder.proof(), scanner.proof()
    shown = phone.present(holder.credential, now=clock.now).encode()
    wrong = {
        "activations": [pairing, service, device, shown],
        "pairings": [activation, service, device, shown],
        "holder-sessions": [activation, pairing, device, shown],
        "scanner-sessions": [activation, pairing, service, shown],
    }

    heard = {
        (path, *refusal(send_proof(http, path, proof)))
        for path, proofs in wrong.items()
        for proof in proofs
    }

    assert heard == {(path, 422, "malformed_proof") for path in wrong}


def test_codes_bearers_and_nonces_stand_in_no_table(desk, engine, http, clock) -> None:
    granted, pairing_code = desk.grant(), desk.pairing_code()
    holder = HttpHolder(http, clock)
    holder.activate(granted.activation_code)
    holder.sign_in()
    unused_code = desk.another_code(granted.card.id)
    fresh = fresh_nonce(http)

    with engine.connect() as connection:
        everything = "".join(
            repr(tuple(connection.execute(table.select()).all())).upper()
            for table in Card.metadata.sorted_tables
            if table.name != "nonce"
        )
    for secret in (granted.activation_code, unused_code, pairing_code, holder.bearer):
        assert secret.upper() not in everything
        assert repr(secret.encode()).upper() not in everything
    assert repr(fresh).upper() not in everything
    assert granted.card.code in everything  # the search does find what is there
    assert {len(row.code_hash) for row in desk.rows(Activation)} == {32}
    assert {len(row.bearer_hash) for row in desk.rows(BearerGrant)} == {32}


def test_full_status_lists_stop_the_issue_and_not_the_server(desk, phone, engine) -> None:
    granted = desk.grant()
    with one_session(engine) as db:
        full = {
            "card_id": granted.card.id,
            "kind": "mobile",
            "kid": b"\0\0",
            "raw": b"",
            "issued_at": NOON,
            "usable_until": new_time(NOON),
            "reserved_until": new_time(NOON),
        }
        db.execute(
            SignedCredential.__table__.insert(),
            [full | {"sub": f"{place:010}", "place": place} for place in range(PLACES_PER_LIST)],
        )

    answer = phone.activate(granted.activation_code)

    assert refusal(answer) == (500, "server_error")
    assert desk.rows(Activation)[0].used_at is None


def new_time(instant):
    return instant.replace(year=instant.year + 1)
