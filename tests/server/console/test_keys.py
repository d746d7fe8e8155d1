"""What Kaikukeskus sees of the keys, and is told to do about them."""

import re

import pytest

from server.app import create_app
from server.keycare import DAY_S
from server.keygen import make_keys, rotate_key
from shared.token.keyset import KeyRole
from tests.factories import NOON
from tests.server.console.conftest import Network, words

NOW_S = int(NOON.timestamp())


@pytest.fixture
def folders(tmp_path):
    folders = {"keys_dir": tmp_path / "keys", "roots_dir": tmp_path / "roots"}
    make_keys(**folders, from_s=NOW_S - DAY_S, now_s=NOW_S)
    return folders


@pytest.fixture
def national(network, engine, settings, folders, clock):
    """The national service at a server that reads its own key folder."""
    own = settings.model_copy(update={"keys_dir": folders["keys_dir"]})
    app = create_app(engine, own, clock=clock)
    return lambda: Network(app, network.sessions).browser("keskus")


def test_every_key_is_shown_with_what_it_does_and_until_when(national, folders) -> None:
    page = national().open("/keys")
    shown = words(page)
    for path in folders["keys_dir"].glob("*.pem"):
        assert path.stem in shown
    assert shown.count("Allekirjoittaa nyt") == 3
    assert "20.2.2027" in shown  # the key set ends
    assert "21.1.2027" in shown  # and is signed anew a month before
    assert "ei tarvitse tehdä nyt mitään" in shown
    assert "--resign" in shown


def test_what_is_due_is_told_with_the_command_that_does_it(national, clock, folders) -> None:
    clock.advance(days=60)
    assert "tee se nyt" in words(national().open("/keys"))
    for day in range(60, 390, 60):
        rotate_key(**folders, role=None, now_s=NOW_S + day * DAY_S)
    clock.advance(days=319)
    shown = words(national().open("/keys"))
    assert re.findall(r"keygen (--\w+ \w+)", shown) == [
        "--rotate mobile", "--rotate status", "--rotate paper", "--lost mobile",
    ]  # fmt: skip
    for role in KeyRole:
        rotate_key(**folders, role=role, now_s=NOW_S + 379 * DAY_S)
    clock.advance(minutes=1)
    shown = words(national().open("/keys"))
    assert "ei tarvitse tehdä nyt mitään" in shown
    assert shown.count("Ilmoitettu, allekirjoittaa myöhemmin") == 3


def test_keys_that_are_not_taken_up_are_told_of(national, clock, folders) -> None:
    browser = national()
    browser.open("/keys")
    (folders["keys_dir"] / "key-set.cose").write_bytes(b"half of it")
    clock.advance(minutes=1)
    shown = words(browser.open("/keys"))
    assert "Avainkansiota ei voi lukea" in shown
    assert shown.count("Allekirjoittaa nyt") == 3


def test_no_private_key_and_no_root_is_on_the_page(national, folders) -> None:
    page = national().open("/keys").text
    assert "PRIVATE" not in page
    for path in folders["roots_dir"].glob("*.pem"):
        assert path.stem not in page
