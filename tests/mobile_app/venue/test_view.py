"""The door's first screens, in the whole app, as a person meets them."""

import flet as ft
import pytest

from mobile_app.app import start
from tests.mobile_app.door import DoorBench
from tests.mobile_app.harness import Harness
from tests.mobile_app.venue.test_state import CODE


@pytest.fixture
async def bench(tmp_path):
    bench = DoorBench(tmp_path)
    yield bench
    bench.close()


def open_door(bench: DoorBench, *, route: str = "/door", **over) -> Harness:
    async def main(page: ft.Page) -> None:
        await start(page, bench.device)

    methods = {
        ("Camera", "get_available_cameras"): [],
        ("Page", "get_device_info"): RuntimeError("unknown"),
    }
    given = {"methods": methods, "web": True}
    return Harness(main, route=route, **(given | over))


async def test_a_wrong_code_says_what_a_code_looks_like(bench) -> None:
    async with open_door(bench) as app:
        field = app.one(ft.TextField, "Liitoskoodi")
        await app.type(field, "AAAA-BBBB")
        await app.fire(field, "submit")

        assert app.says("Siinä on 12 merkkiä")
        assert app.one(ft.TextField, "Liitoskoodi")  # what was typed stays in the field


async def test_pairing_asks_for_the_purpose_and_then_is_ready(bench) -> None:
    async with open_door(bench) as app:
        await app.type(app.one(ft.TextField, "Liitoskoodi"), CODE)
        await app.press("Liitä laite")
        await app.until(lambda: app.has_button("Tiede"))
        await app.press("Tiede")

        await app.until(lambda: app.says("avaimet 14 min · sulut 14 min · odottaa 0"))
        assert app.says("Museo Milavida")
        assert app.says("Käynnit: Tiede")


async def test_a_link_pairs_by_itself(bench) -> None:
    async with open_door(bench, route=f"/pair#{CODE}") as app:
        await app.until(lambda: app.has_button("Tiede"))


async def test_a_removed_scanner_is_told_and_can_pair_again(bench) -> None:
    bench.network.refuse["scanner-sessions"] = (401, "scanner_revoked")
    async with open_door(bench, route=f"/pair#{CODE}") as app:
        await app.until(lambda: app.has_button("Tiede"))
        await app.press("Tiede")

        await app.until(lambda: app.says("Lukija on poistettu kohteesta"))
        assert app.has_button("Liitä laite")
