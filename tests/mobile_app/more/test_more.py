"""More: whoever looks for something that is not on the card finds it here."""

import pytest

from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone


@pytest.mark.parametrize(
    ("button", "route"),
    [("Viestit", "/messages"), ("Omat tiedot", "/mine"), ("Asetukset", "/settings")],
)
async def test_card_leads_to_everything_else(
    phone: HolderPhone, code: str, button: str, route: str
) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await app.press("Lisää")
        await app.press(button)

        assert app.addresses == ["/more", route]
