"""A phone opened as Flet opens it: with the folders that its client names."""

import ctypes
import plistlib
from pathlib import Path

import flet as ft
import httpx
import pytest

from mobile_app.device import clock as clock_module
from mobile_app.device.backup import keep_out_of_backups
from mobile_app.device.device import Device
from mobile_app.device.native import open_phone
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.roots import read_roots
from mobile_app.device.secure_key_store import SecureKeyStore
from mobile_app.device.staged import NotStaged, read_server
from mobile_app.device.touch import NoTouch, PhoneTouch
from mobile_app.main import main
from tests.mobile_app.harness import Harness

SERVER = "https://kortti.example"


@pytest.fixture
def folders(tmp_path: Path, keys_dir: Path) -> dict[str, str]:
    """What the client of a built app puts into the environment."""
    assets = tmp_path / "app" / "assets"
    assets.mkdir(parents=True)
    (assets / "roots.json").write_bytes((keys_dir / "roots.json").read_bytes())
    (assets / "server.txt").write_text(f"{SERVER}/\n")
    return {"FLET_ASSETS_DIR": str(assets), "FLET_APP_STORAGE_DATA": str(tmp_path / "data")}


def names_in(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


async def open_on(folders: dict[str, str], platform: ft.PagePlatform) -> Device:
    """Open a phone, look at it, close it."""
    opened: list[Device] = []

    async def start(page: ft.Page) -> None:
        opened.append(await open_phone(page, folders))
        page.add(ft.Text("open"))

    async with Harness(start, platform=platform):
        [device] = opened
    device.store.close()
    await device.api._http._client.aclose()
    return device


@pytest.mark.parametrize("platform", [ft.PagePlatform.ANDROID, ft.PagePlatform.IOS])
async def test_phone_has_its_keys_in_the_secure_storage_and_a_motor(folders, platform) -> None:
    opened = await open_on(folders, platform)

    assert isinstance(opened.keys, SecureKeyStore)
    assert isinstance(opened.touch, PhoneTouch)


async def test_desk_keeps_its_keys_itself(folders) -> None:
    opened = await open_on(folders, ft.PagePlatform.LINUX)

    assert isinstance(opened.keys, ProcessKeyStore)
    assert isinstance(opened.touch, NoTouch)


async def test_phone_finds_its_server_its_roots_and_its_folder(folders, ring) -> None:
    opened = await open_on(folders, ft.PagePlatform.ANDROID)

    assert opened.base_url == SERVER
    assert opened.api._http._client.base_url == httpx.URL(SERVER)
    assert opened.roots == ring.roots
    assert "store.sqlite3" in names_in(folders["FLET_APP_STORAGE_DATA"])


def test_app_built_without_roots_says_so_by_name(folders) -> None:
    roots = Path(folders["FLET_ASSETS_DIR"], "roots.json")
    roots.write_text("[]")
    with pytest.raises(NotStaged, match="roots_missing"):
        read_roots(roots)
    roots.write_text('{"not": "roots"}')
    with pytest.raises(NotStaged, match="roots_unreadable"):
        read_roots(roots)
    roots.unlink()
    with pytest.raises(NotStaged, match="roots_missing") as missing:
        read_roots(roots)
    assert missing.value.code == "roots_missing"


@pytest.mark.parametrize("words", ["", "kortti.example", "ftp://kortti.example"])
def test_app_built_without_its_server_says_so_by_name(tmp_path, words) -> None:
    with pytest.raises(NotStaged, match="server_missing"):
        read_server(tmp_path / "server.txt")
    (tmp_path / "server.txt").write_text(words)
    with pytest.raises(NotStaged, match="server_missing"):
        read_server(tmp_path / "server.txt")


async def test_app_built_badly_shows_the_code_and_not_a_stack(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("FLET_ASSETS_DIR", str(tmp_path))
    monkeypatch.setenv("KAIKU_SERVER", SERVER)
    monkeypatch.delenv("KAIKU_ROOTS", raising=False)

    async with Harness(main) as app:
        assert app.says("roots_missing")


class Libc:
    """The system's function, and what it was told."""

    def __init__(self, answer: int = 0) -> None:
        self.told: list[tuple[object, ...]] = []
        self.answer = answer

    def setxattr(self, *told: object) -> int:
        self.told.append(told)
        return self.answer


def test_records_of_an_iphone_stay_out_of_its_backups(tmp_path) -> None:
    libc = Libc()
    keep_out_of_backups(tmp_path, platform="ios", system=libc)

    [(path, name, value, size, position, options)] = libc.told
    assert path == str(tmp_path).encode()
    assert name == b"com.apple.metadata:com_apple_backup_excludeItem"
    assert plistlib.loads(value) == "com.apple.backupd"
    assert isinstance(size, ctypes.c_size_t)
    assert size.value == len(value)
    assert (position, options) == (0, 0)


def test_phone_that_will_not_is_only_noted(tmp_path, caplog) -> None:
    keep_out_of_backups(tmp_path, platform="ios", system=Libc(answer=-1))
    assert "may be in a backup" in caplog.text

    keep_out_of_backups(tmp_path, platform="android", system=None)


def test_steady_clock_goes_on_while_an_iphone_sleeps(monkeypatch) -> None:
    """Python's own steady clock stands still then (Darwin's mach_absolute_time)."""
    monkeypatch.setattr(clock_module.sys, "platform", "ios")
    monkeypatch.setattr(clock_module.time, "monotonic", lambda: 0.0)
    monkeypatch.delattr(clock_module.time, "CLOCK_BOOTTIME", raising=False)

    assert clock_module._steady_s() > 0
