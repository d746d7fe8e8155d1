"""What we sign is good to COSE libraries that share no line with ours: in Python and in Node."""

import json
import shutil
import subprocess
from pathlib import Path

import cwt
import pytest

from shared.token.credential import read_credential
from shared.token.keyset import draft_key_set
from shared.token.paper import draft_paper
from shared.token.presentation import read_token
from shared.token.proof import draft_activation_proof, draft_device_proof
from shared.token.status import draft_status_list
from tests.shared.cards import (
    DAY_S,
    ISSUER_KID,
    NOW_S,
    PAPER_KID,
    STATUS_KID,
    issue,
    make_credential,
    make_keys,
    show_bytes,
)
from tests.shared.keys import (
    ISSUER,
    PAPER_PRESS,
    PHONE,
    ROGUE,
    ROOT,
    SCANNER,
    STATUS,
    TestKey,
    exchange_s,
    public_key,
)
from tests.vectors.test_public import FILE

NODE = Path(__file__).parent / "node"
ROOT_KID = b"\xff\x01"
PAPER = draft_paper(make_credential(holder=None), kid=PAPER_KID)
KEY_SET = draft_key_set(
    seq=9,
    issued_at_s=NOW_S,
    until_s=NOW_S + DAY_S,
    keys=list(make_keys().values()),
    root_kid=ROOT_KID,
)
STATUS_LIST = draft_status_list(
    number=0,
    issued_at_s=NOW_S,
    until_s=NOW_S + DAY_S,
    ttl_s=60,
    seq=9,
    bits=bytes(8_192),
    kid=STATUS_KID,
)
SIGNED: dict[str, tuple[bytes, TestKey]] = {
    "credential": (issue(make_credential()), ISSUER),
    "presentation": (show_bytes(make_credential(place=2**32 - 1)), PHONE),
    "paper": (PAPER_PRESS.seal(PAPER), PAPER_PRESS),
    "key set": (ROOT.seal(KEY_SET), ROOT),
    "status list": (STATUS.seal(STATUS_LIST), STATUS),
    "activation proof": (
        PHONE.seal(draft_activation_proof("M9S346Q3D250", key=PHONE.point, at_s=NOW_S)),
        PHONE,
    ),
    "device proof": (
        SCANNER.seal(draft_device_proof("door-7", nonce=bytes(16), at_s=NOW_S)),
        SCANNER,
    ),
}

KIDS = {
    "credential": ISSUER_KID,
    "paper": PAPER_KID,
    "key set": ROOT_KID,
    "status list": STATUS_KID,
}


def flipped(raw):
    return raw[:-1] + bytes([raw[-1] ^ 1])


def cose_key(key, kid=None):
    numbers = public_key(key.point).public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    named = {} if kid is None else {2: kid}
    return cwt.COSEKey.new({1: 2, **named, 3: -7, -1: 1, -2: x, -3: y})


@pytest.mark.parametrize("name", SIGNED)
def test_cwt_verifies_what_we_sign(name):
    raw, key = SIGNED[name]
    kid = KIDS.get(name)
    payload = cwt.COSE.new().decode(raw, cose_key(key, kid))
    assert payload in raw
    for wrong, signer in ((flipped(raw), key), (raw, ROGUE)):
        with pytest.raises(cwt.VerifyError):
            cwt.COSE.new().decode(wrong, cose_key(signer, kid))


def test_cwt_verifies_the_credential_inside_a_presentation():
    raw, _ = SIGNED["presentation"]
    header, _, _ = cwt.COSE.new().decode_with_headers(raw, cose_key(PHONE))
    inner = header[13]
    assert cwt.COSE.new().decode(inner, cose_key(ISSUER, ISSUER_KID))


def point_hex(point):
    return ("03" if point.odd else "02") + point.x.hex()


def ask_node(questions):
    assert shutil.which("node"), "Node 18 or newer is needed for this test"
    assert shutil.which("npm"), "npm is needed for this test"
    if not (NODE / "node_modules").is_dir():
        installed = _run(["npm", "ci", "--prefix", str(NODE)], timeout_s=300)
        assert installed.returncode == 0, installed.stderr
    done = _run(["node", str(NODE / "verify.mjs")], given=json.dumps(questions), timeout_s=60)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


def _run(command, *, timeout_s, given=None):
    return subprocess.run(  # noqa: S603 - fixed commands
        command,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_s,
        cwd=NODE,
    )


def test_a_node_library_verifies_what_we_sign():
    inner = point_hex(ISSUER.point)
    presentation, _ = SIGNED["presentation"]
    questions = []
    for raw, key in SIGNED.values():
        good = {"cose": raw.hex(), "point": point_hex(key.point)}
        other_s = raw[:-64] + exchange_s(raw[-64:])
        questions += [good, {**good, "cose": other_s.hex()}]
        questions += [
            {**good, "cose": flipped(raw).hex()},
            {**good, "point": point_hex(ROGUE.point)},
        ]
    nested = {"cose": presentation.hex(), "point": point_hex(PHONE.point)}
    questions += [{**nested, "inner": inner}, {**nested, "inner": point_hex(ROGUE.point)}]
    expected = [True, True, False, False] * len(SIGNED) + [True, False]
    assert ask_node(questions) == expected


def test_a_node_library_agrees_with_the_public_vectors():
    questions, expected = [], []
    for vector in FILE.vectors:
        is_good = vector["expect"].get("reason") in {"OK", "FORGED"}
        if vector["op"] != "decide" or not is_good:
            continue
        token = read_token(vector["text"])
        issuer = FILE.keys[token.kid]
        holder = token.credential.holder
        if holder is None or vector["name"] == "signature: device point not on the curve":
            continue
        questions.append(
            {
                "cose": token.envelope.unsigned.seal(token.envelope.signature).hex(),
                "point": point_hex(holder),
                "inner": point_hex(issuer.point),
            }
        )
        expected.append(vector["expect"]["reason"] == "OK")
    assert len(questions) > 30
    assert ask_node(questions) == expected


def test_the_lock_names_no_registry():
    lock = (NODE / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "registry" not in lock


def test_a_credential_is_the_same_item_alone_and_inside():
    raw, _ = SIGNED["credential"]
    assert read_credential(raw).raw in show_bytes(make_credential())
