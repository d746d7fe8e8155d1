"""A holder with the installed app: what they do, what they see at once, what their phone keeps."""

from datetime import datetime, timedelta

from playwright.async_api import Page

from server.clock import seconds
from tests.browser.browser import Screen
from tests.browser.installed.app import OVERLAY, RECORDS, open_pwa, put_records, read_code
from tests.browser.town import Town

COMPANY = "sinä + enintään 2 lasta"


async def activate(page: Page, town: Town, code: str) -> None:
    """Follow the link of an activation code.

    The card comes when the address has changed: until then another one may be seen below.
    """
    await open_pwa(page, f"{town.url}/app/activate#{code}")
    await page.wait_for_url(f"{town.url}/app/")
    await Screen(page).sees(COMPANY)


async def look(page: Page, town: Town) -> None:
    """Open the app anew, and see what it says before it has started."""
    await page.goto(f"{town.url}/app/", wait_until="commit")
    await page.locator(f"{OVERLAY} canvas[width], {OVERLAY} p").first.wait_for()


async def shown_at_once(page: Page, town: Town) -> str | None:
    """Give the code of the instant card."""
    await look(page, town)
    return read_code(await page.screenshot())


async def app_opens(page: Page) -> Screen:
    """Wait until the app has taken over from the instant card."""
    await page.locator(OVERLAY).wait_for(state="detached")
    return Screen(page)


async def code_on(screen: Screen) -> str:
    """Read the code that the app shows."""
    return str(read_code(await screen.shot_of_code()))


async def no_code_on(page: Page) -> bool:
    """Say whether no code can be read from the screen now."""
    return read_code(await page.screenshot()) is None


async def everything_kept(page: Page) -> dict[str, dict[str, str]]:
    """Give all that the browser keeps for the app: names and texts by object store."""
    return await page.evaluate(
        f"""async () => {{
          {RECORDS}
          const kept = {{}};
          for (const name of opened.objectStoreNames) {{
            const store = opened.transaction(name).objectStore(name);
            const [names, values] = [await ask(store.getAllKeys()), await ask(store.getAll())];
            kept[name] = Object.fromEntries(names.map((one, at) => [one, String(values[at])]));
          }}
          opened.close();
          return kept;
        }}"""
    )


async def damage(page: Page, name: str, text: str) -> None:
    """Write *text* in place of a record."""
    await page.evaluate(
        f"""async ([name, text]) => {{
          {RECORDS}
          const store = opened.transaction('record', 'readwrite').objectStore('record');
          await ask(store.put(text, name));
          opened.close();
        }}""",
        [name, text],
    )


async def set_clock(page: Page, *, ahead: timedelta) -> None:
    """Make the app's clock run ahead: nobody knows any more when the server was heard."""
    await put_records(page, {"clock": {"error_s": -ahead.total_seconds()}})


def clock_record(*, heard_at: datetime, seen_at: datetime) -> dict[str, object]:
    """Make the record of a right clock that last heard the server, and last ran, then."""
    return {"clock": {"error_s": 0, "heard_s": seconds(heard_at), "seen_s": seconds(seen_at)}}
