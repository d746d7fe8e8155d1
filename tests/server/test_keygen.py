"""Keys: made once, rotated without a gap, ended when lost; the roots stay away from the server."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from server.__main__ import cli
from server.app import API, create_app
from server.card.issue import issue_credential
from server.keycare import ANNOUNCED_S, DAY_S, KEY_SET_LIFE_S, LAST_CREDENTIAL_S
from server.keygen import make_keys, rotate_key
from server.signing import NoSigningKey, load_key_ring, verify_es256
from shared.rules.admission import Door, Knowledge, Reason, decide
from shared.token.cose import settle
from shared.token.credential import draft_credential, read_credential
from shared.token.errors import TokenRefused
from shared.token.keyset import KeyRole, accept_key_set
from tests.factories import NOON, HolderPhone
from tests.server.callers import HttpHolder
from tests.shared.cards import make_credential

NOW_S = int(NOON.timestamp())
DOOR = Door(event="E", venue="V", device="D")


@pytest.fixture
def folders(tmp_path) -> dict[str, Path]:
    folders = {"keys_dir": tmp_path / "keys", "roots_dir": tmp_path / "roots"}
    make_keys(**folders, from_s=NOW_S - DAY_S, now_s=NOW_S)
    return folders


def load(folders, now_s: int = NOW_S):
    return load_key_ring(folders["keys_dir"], now_s=now_s)


def kids(ring, role: KeyRole) -> set[bytes]:
    return {key.kid for key in ring.key_set.keys.values() if key.role is role}


def signs(ring, now_s: int) -> bytes:
    """Which mobile key signs."""
    draft = make_credential()
    return ring.seal(
        KeyRole.MOBILE,
        lambda kid: draft_credential(draft, kid=kid),
        now_s=now_s,
        until_s=now_s + LAST_CREDENTIAL_S[KeyRole.MOBILE],
    ).kid


def test_keys_are_made_once(folders) -> None:
    before = {path: path.read_bytes() for path in folders["keys_dir"].iterdir()}

    assert make_keys(**folders, from_s=NOW_S, now_s=NOW_S + 1) == 1

    assert {path: path.read_bytes() for path in folders["keys_dir"].iterdir()} == before


def test_private_keys_are_their_owners_only(folders) -> None:
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S)
    private = [path for folder in folders.values() for path in folder.glob("*.pem")]

    assert len(private) == 4 + 2
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}


def test_the_server_needs_no_roots(folders) -> None:
    shutil.rmtree(folders["roots_dir"])

    assert load(folders).key_set.seq == 1
    assert not {"ff01.pem", "ff02.pem"} & {path.name for path in folders["keys_dir"].iterdir()}


def test_a_planned_key_is_announced_before_it_signs(folders) -> None:
    old = signs(load(folders), NOW_S)

    assert rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S) == 2

    ring, day_0 = load(folders), NOW_S + ANNOUNCED_S
    assert kids(ring, KeyRole.MOBILE) > {old}
    assert signs(ring, day_0 - 1) == old
    assert signs(ring, day_0) != old
    # What the old key signed at the last moment is accepted for all its life.
    assert ring.key_set.keys[old].is_in_use(day_0 + 40 * DAY_S - 1)
    assert not ring.key_set.keys[old].is_in_use(day_0 + 40 * DAY_S)


@pytest.mark.parametrize("role", list(KeyRole))
def test_rotating_one_role_leaves_the_others_alone(folders, role) -> None:
    before = load(folders)
    rotate_key(**folders, role=role, now_s=NOW_S)
    after = load(folders)

    for other in set(KeyRole) - {role}:
        assert kids(after, other) == kids(before, other)
        for kid in kids(after, other):
            assert after.keys[kid] == before.keys[kid]
    assert len(kids(after, role)) == 2


def test_the_new_key_set_replaces_the_old_one_at_a_door(folders) -> None:
    old = load(folders).key_set
    rotate_key(**folders, role=None, now_s=NOW_S + 5)
    new = load(folders, NOW_S + 5)

    held = (old.seq, old.raw)
    checks = accept_key_set(new.key_set.raw, roots=new.roots, held=held, now_s=NOW_S + 5)
    assert settle(checks, verify_es256).seq == 2


def test_a_key_set_that_has_run_out_stops_the_server_and_can_be_signed_anew(folders) -> None:
    later_s = NOW_S + KEY_SET_LIFE_S + DAY_S
    with pytest.raises(TokenRefused, match="expired"):
        load(folders, later_s)

    assert make_keys(**folders, from_s=NOW_S, now_s=later_s) == 1
    assert rotate_key(**folders, role=None, now_s=later_s) == 2

    assert load(folders, later_s).key_set.until_s == later_s + KEY_SET_LIFE_S


def test_a_key_that_doors_were_not_told_of_signs_nothing(folders) -> None:
    """As after a crash between the files of a rotation."""
    key_set = (folders["keys_dir"] / "key-set.cose").read_bytes()
    old = signs(load(folders), NOW_S)
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S, lost=False)
    (folders["keys_dir"] / "key-set.cose").write_bytes(key_set)

    ring = load(folders)

    assert signs(ring, NOW_S + ANNOUNCED_S + 1) == old


def test_no_key_signs_what_would_be_good_longer_than_the_key(folders) -> None:
    ring = load(folders)
    assert signs(ring, NOW_S + 400 * DAY_S)
    with pytest.raises(NoSigningKey):
        signs(ring, NOW_S + 400 * DAY_S + 1)


def test_a_paper_key_outlives_every_card_that_it_signed_in_its_time(folders) -> None:
    [key] = (k for k in load(folders).key_set.keys.values() if k.role is KeyRole.PAPER)
    assert key.until_s >= NOW_S + 400 * DAY_S + 366 * DAY_S


def test_lost_key_drill(folders, db, settings) -> None:
    """K1 §11: the lost key ends at T and stays listed, so people read "renew your card"."""
    ring = load(folders)
    phone = HolderPhone(db, ring=ring, settings=settings)
    lost_kid = read_credential(phone.credential).kid
    at_s = NOW_S + 3_600

    seq = rotate_key(**folders, role=KeyRole.MOBILE, now_s=at_s, lost=True)

    drilled = load(folders, at_s)
    assert drilled.key_set.seq == seq == 2
    assert drilled.key_set.keys[lost_kid].until_s == at_s
    assert judged(phone, ring, at_s) == Reason.OK
    assert judged(phone, drilled, at_s) == Reason.KEY_RETIRED
    renewed = issue_credential(
        db, phone.card, ring=drilled, status_lists=1, now=NOON + timedelta(hours=1)
    )
    assert renewed.kid != lost_kid
    phone.credential = renewed.raw
    assert judged(phone, drilled, at_s) == Reason.OK


def test_a_lost_key_stays_listed_while_something_it_signed_could_be_shown(folders) -> None:
    (lost,) = kids(load(folders), KeyRole.MOBILE)
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S, lost=True)
    rotate_key(**folders, role=None, now_s=NOW_S + 40 * DAY_S - 1)
    assert lost in load(folders, NOW_S + 40 * DAY_S).key_set.keys
    rotate_key(**folders, role=None, now_s=NOW_S + 40 * DAY_S)

    ring = load(folders, NOW_S + 40 * DAY_S)

    assert lost not in ring.key_set.keys
    assert lost in ring.keys  # an old phone can still prove itself


def test_a_phone_of_a_retired_key_still_signs_in_and_renews(
    folders, engine, settings, desk, clock
) -> None:
    base_url = f"http://testserver{API}/"
    old_app = create_app(engine, settings, ring=load(folders), clock=clock)
    with TestClient(old_app, base_url=base_url) as http:
        holder = HttpHolder(http, clock)
        holder.activate(desk.grant().activation_code)
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S, lost=True)
    lost_kid = read_credential(holder.credential).kid

    app = create_app(engine, settings, ring=load(folders), clock=clock)
    with TestClient(app, base_url=base_url) as holder.http:
        clock.advance(hours=1)
        assert holder.sign_in().is_success
        assert holder.renew().is_success

    assert read_credential(holder.credential).kid != lost_kid


class TestCommand:
    @pytest.fixture
    def run(self, tmp_path, monkeypatch):
        monkeypatch.setenv("KAIKU_DEMO", "1")
        monkeypatch.setenv("KAIKU_KEYS_DIR", str(tmp_path / "k"))
        monkeypatch.setenv("KAIKU_ROOTS_DIR", str(tmp_path / "r"))
        return lambda *words: CliRunner().invoke(cli, ["keygen", *words])

    def test_it_makes_rotates_and_signs_anew(self, run) -> None:
        said = [
            run(*words).output.splitlines()[0]
            for words in ([], [], ["--rotate", "mobile"], ["--lost", "status"], ["--resign"])
        ]

        assert [line.split()[2] for line in said] == ["1", "1", "2", "3", "4"]

    @pytest.mark.parametrize(
        "words", [["--rotate", "root"], ["--lost", ""], ["--rotate", "mobile", "--lost", "mobile"]]
    )
    def test_it_refuses_what_it_does_not_know(self, run, words) -> None:
        assert run(*words).exit_code == 2

    def test_it_wants_to_know_where_the_roots_are(self, run, monkeypatch) -> None:
        monkeypatch.setenv("KAIKU_DEMO", "0")
        monkeypatch.setenv("KAIKU_CODE_SECRET", "x" * 16)
        monkeypatch.delenv("KAIKU_ROOTS_DIR")

        assert run().exit_code == 2


def judged(phone: HolderPhone, ring, at_s: int) -> Reason:
    """What a door with the newest keys says to the phone's card."""

    class Fresh:
        seq, issued_at_s, until_s = ring.key_set.seq, at_s, at_s + DAY_S

        def bit(self, _index: int) -> int:
            return 0

    knows = Knowledge(
        key_set=ring.key_set, status={0: Fresh()}, clock_sure=True, ledger={}, ledger_online=True
    )
    text = phone.show(now=NOON + timedelta(seconds=at_s - NOW_S))
    return settle(decide(text, now_s=at_s, knows=knows, door=DOOR), verify_es256).verdict.reason
