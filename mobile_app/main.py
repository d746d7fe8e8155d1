"""Starts the app, on a phone or in a browser; nothing else."""

import sys

import flet as ft

from mobile_app.app import start


async def main(page: ft.Page) -> None:
    """Open the app with what this phone remembers."""
    # Each platform's adapters import what only that platform has.
    if sys.platform == "emscripten":
        from mobile_app.device.browser import open_browser, tell_drawn  # noqa: PLC0415

        await start(page, await open_browser(page))
        await tell_drawn(page)
    else:
        from mobile_app.device.native import open_phone  # noqa: PLC0415
        from mobile_app.device.staged import NotStaged  # noqa: PLC0415

        try:
            device = await open_phone(page)
        except NotStaged as missing:  # whoever built it reads this, and nobody else ever does
            page.add(ft.SafeArea(ft.Text(str(missing))))
        else:
            await start(page, device)


if __name__ == "__main__":
    ft.run(main)
