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

        await start(page, await open_phone(page))


if __name__ == "__main__":
    ft.run(main)
