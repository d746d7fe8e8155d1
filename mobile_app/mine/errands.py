"""What the holder has decided and the server has not heard: told while the app is open."""

from mobile_app.device.device import Device
from mobile_app.visit.dispute import send_disputes
from mobile_app.wellbeing.sharing import Shares

EVERY_S = 60


async def run_errands(device: Device, shares: Shares) -> None:
    """Tell the server, what was taken back first. Asks nothing when there is nothing to tell."""
    await shares.load()
    await shares.carry_out()
    await send_disputes(device)
