"""A running server takes up new keys by itself, and nothing that is not better than what it has."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import API, create_app
from server.keycare import ANNOUNCED_S, DAY_S, KEY_SET_LIFE_S, Due, KeyUse, key_care
from server.keyfolder import LOOK_EVERY, KeyFolder
from server.keygen import make_keys, rotate_key
from server.signing import load_key_ring
from shared.token.errors import TokenRefused
from shared.token.keyset import KeyRole
from tests.factories import NOON

NOW_S = int(NOON.timestamp())
SOON = NOON + LOOK_EVERY


@pytest.fixture
def folders(tmp_path) -> dict[str, Path]:
    folders = {"keys_dir": tmp_path / "keys", "roots_dir": tmp_path / "roots"}
    make_keys(**folders, from_s=NOW_S - DAY_S, now_s=NOW_S)
    return folders


@pytest.fixture
def served(folders) -> KeyFolder:
    return KeyFolder(folders["keys_dir"], now=NOON)


def test_new_keys_are_used_within_half_a_minute_and_not_looked_for_at_each_request(
    folders, served
) -> None:
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S)
    assert served.ring_at(SOON - timedelta(milliseconds=1)).key_set.seq == 1
    assert served.ring_at(SOON).key_set.seq == 2


def test_a_server_answers_with_new_keys_without_a_restart(folders, engine, settings, clock) -> None:
    own = settings.model_copy(update={"keys_dir": folders["keys_dir"]})
    with TestClient(create_app(engine, own, clock=clock)) as http:
        assert http.get(f"{API}/health").json()["key_set_seq"] == 1
        rotate_key(**folders, role=None, now_s=NOW_S)
        clock.advance(seconds=30)
        assert http.get(f"{API}/health").json()["key_set_seq"] == 2


def test_half_a_folder_changes_nothing_and_the_rest_is_waited_for(
    folders, served, tmp_path
) -> None:
    away = tmp_path / "new"
    shutil.copytree(folders["keys_dir"], away)
    rotate_key(keys_dir=away, roots_dir=folders["roots_dir"], role=KeyRole.MOBILE, now_s=NOW_S)
    whole = (away / "key-set.cose").read_bytes()
    (folders["keys_dir"] / "key-set.cose").write_bytes(whole[:100])
    assert served.ring_at(SOON).key_set.seq == 1
    assert served.trouble == "unreadable"
    shutil.copytree(away, folders["keys_dir"], dirs_exist_ok=True)
    assert served.ring_at(SOON + LOOK_EVERY).key_set.seq == 2
    assert served.trouble is None


def test_a_private_key_that_comes_after_its_key_set_is_found(folders, served) -> None:
    before = set(folders["keys_dir"].glob("*.pem"))
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S, lost=True)
    [late] = set(folders["keys_dir"].glob("*.pem")) - before
    content = late.read_bytes()
    late.unlink()
    kid = bytes.fromhex(late.stem)
    assert not served.ring_at(SOON).can_sign(served.ring.key_set.keys[kid])
    late.write_bytes(content)
    assert served.ring_at(SOON + LOOK_EVERY).can_sign(served.ring.key_set.keys[kid])


def test_an_older_key_set_is_not_gone_back_to(folders, served, tmp_path) -> None:
    shutil.copytree(folders["keys_dir"], tmp_path / "old")
    rotate_key(**folders, role=None, now_s=NOW_S)
    served.ring_at(SOON)
    shutil.copytree(tmp_path / "old", folders["keys_dir"], dirs_exist_ok=True)
    assert served.ring_at(SOON + LOOK_EVERY).key_set.seq == 2
    assert served.trouble == "older"


def test_keys_of_other_roots_are_nobodys(folders, served, tmp_path) -> None:
    others = {"keys_dir": tmp_path / "others", "roots_dir": tmp_path / "their-roots"}
    make_keys(**others, from_s=NOW_S - DAY_S, now_s=NOW_S)
    rotate_key(**others, role=None, now_s=NOW_S)
    shutil.copytree(others["keys_dir"], folders["keys_dir"], dirs_exist_ok=True)
    assert served.ring_at(SOON).key_set.seq == 1
    assert served.trouble == "other_roots"


def test_a_server_that_starts_with_keys_that_have_run_out_says_so(folders) -> None:
    with pytest.raises(TokenRefused, match="expired"):
        KeyFolder(folders["keys_dir"], now=NOON + timedelta(days=91))


def cared(folders, at_s: int):
    return key_care(load_key_ring(folders["keys_dir"], now_s=None), now_s=at_s)


@pytest.mark.parametrize(
    ("at_s", "due"),
    [
        (NOW_S + KEY_SET_LIFE_S - 44 * DAY_S - 1, Due.LATER),
        (NOW_S + KEY_SET_LIFE_S - 44 * DAY_S, Due.SOON),
        (NOW_S + KEY_SET_LIFE_S - 30 * DAY_S, Due.NOW),
    ],
)
def test_a_key_set_is_signed_anew_a_month_before_it_ends(folders, at_s, due) -> None:
    assert cared(folders, at_s).due is due


@pytest.mark.parametrize("role", list(KeyRole))
@pytest.mark.parametrize(("day", "due"), [(371, Due.LATER), (372, Due.SOON), (386, Due.NOW)])
def test_a_key_is_followed_so_early_that_the_next_one_is_known_everywhere(
    folders, role, day, due
) -> None:
    """It signs for 400 days, and the next one is announced for 14 of them."""
    [one] = (one for one in cared(folders, NOW_S + day * DAY_S).roles if one.role is role)
    assert one.due is due


def test_each_key_is_called_what_it_does(folders) -> None:
    rotate_key(**folders, role=KeyRole.MOBILE, now_s=NOW_S)

    def uses(at_s: int) -> list[KeyUse]:
        return [key.use for key in cared(folders, at_s).keys if key.role is KeyRole.MOBILE]

    assert uses(NOW_S) == [KeyUse.ANNOUNCED, KeyUse.SIGNS]
    assert uses(NOW_S + ANNOUNCED_S) == [KeyUse.SIGNS, KeyUse.VERIFIES]
    assert uses(NOW_S + ANNOUNCED_S + 40 * DAY_S) == [KeyUse.SIGNS, KeyUse.OVER]


def test_a_role_whose_private_key_is_not_here_is_due_at_once(folders) -> None:
    [key] = (key for key in cared(folders, NOW_S).keys if key.role is KeyRole.PAPER)
    (folders["keys_dir"] / f"{key.kid}.pem").unlink()
    [paper] = (one for one in cared(folders, NOW_S).roles if one.role is KeyRole.PAPER)
    assert (paper.due, paper.rotate_by) == (Due.NOW, None)
