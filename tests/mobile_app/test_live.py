"""The live mode: what the browser gets, and whose folder is whose."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from mobile_app import live
from mobile_app.live import DEVICE_ID, create_live_app
from tests.mobile_app.harness import Harness


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The page as it is served under /live."""
    app = FastAPI()
    live_app = create_live_app(base_url="http://testserver", roots={}, folder=tmp_path)
    app.mount("/live", live_app)
    with TestClient(live_app), TestClient(app) as client:
        answer = client.get("/live/activate")
        assert answer.status_code == 200
        return answer.text


def test_page_is_in_finnish_and_knows_where_it_is_mounted(page: str) -> None:
    assert '<html lang="fi">' in page
    assert '<base href="/live/">' in page
    assert 'flet.webSocketEndpoint="/live/ws";' in page
    assert "<title>Kaikukortti</title>" in page


def test_page_opens_the_accessibility_tree_for_everybody(page: str) -> None:
    assert "flt-semantics-placeholder" in page


def test_page_takes_the_code_out_of_the_address_before_anything_is_loaded(page: str) -> None:
    removed, loaded = page.index("history.replaceState"), page.index("flutter_bootstrap.js")

    assert removed < loaded
    assert "flutter.kaiku.link_code" in page


def test_page_loads_nothing_from_elsewhere(page: str) -> None:
    assert re.findall(r"https?://[^\s\"']+", page) == []


async def test_browser_keeps_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    shelf_of = live._Shelf.store_of

    def spying(shelf, device_id: str):
        opened.append(device_id)
        return shelf_of(shelf, device_id)

    monkeypatch.setattr(live._Shelf, "store_of", spying)
    main = _main_of(tmp_path, monkeypatch)
    preferences: dict[str, str] = {}
    for _ in range(2):
        async with Harness(main, web=True, preferences=preferences) as app:
            await app.until(app.words)

    assert opened[0] == opened[1] == preferences[DEVICE_ID]
    assert re.fullmatch("[0-9a-f]{32}", opened[0])
    assert (tmp_path / opened[0] / "store.sqlite3").exists()


async def test_made_up_folder_name_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences = {DEVICE_ID: "../../elsewhere"}
    async with Harness(_main_of(tmp_path, monkeypatch), web=True, preferences=preferences) as app:
        await app.until(app.words)

    assert re.fullmatch("[0-9a-f]{32}", preferences[DEVICE_ID])
    assert folders_in(tmp_path) == [preferences[DEVICE_ID]]


def folders_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _main_of(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The function that Flet runs for each browser."""
    kept = []
    real = live.flet_fastapi.app

    def keeping(main, **rest):
        kept.append(main)
        return real(main, **rest)

    monkeypatch.setattr(live.flet_fastapi, "app", keeping)
    create_live_app(base_url="http://testserver", roots={}, folder=folder)
    return kept[0]
