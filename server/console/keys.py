"""Page of Kaikukeskus: the signing keys, and what has to be done about them before when.

It only shows. The roots that sign a key set are kept off line, and no private key comes through a
browser: whoever keeps the roots runs a command and copies a folder (ADR 0018).
"""

from collections.abc import Sequence
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.actors import Keys, ServerSettings
from server.clock import Now, seconds
from server.console.actors import AsService
from server.console.pages import page
from server.keycare import Due, KeyCare, KeyUse, key_care
from server.keyfolder import KeyFolder
from server.texts import N_
from shared.token.keyset import KeyRole

router = APIRouter(prefix="/keys")

ROLES = {
    KeyRole.MOBILE: N_("Cards on phones"),
    KeyRole.PAPER: N_("Printed cards"),
    KeyRole.STATUS: N_("Lists of closed cards"),
}
USES = {
    KeyUse.SIGNS: N_("Signs now"),
    KeyUse.ANNOUNCED: N_("Announced, signs later"),
    KeyUse.VERIFIES: N_("Only verifies"),
    KeyUse.OVER: N_("Over"),
}
TROUBLES = {
    "unreadable": N_("The key folder cannot be read, or only half of it is there."),
    "other_roots": N_("The key folder has other root keys than those that apps know."),
    "older": N_("The key folder has an older key set than the one in use."),
}
_COMMAND = (
    "KAIKU_KEYS_DIR=keys KAIKU_ROOTS_DIR=roots KAIKU_CODE_SECRET=not-needed-for-keys"
    " python -m server keygen "
)


@router.get("")
def show_keys(
    request: Request, _actor: AsService, ring: Keys, now: Now, settings: ServerSettings
) -> HTMLResponse:
    """Show the key set that this process serves, and how long until something is due."""
    care = key_care(ring, now_s=seconds(now))
    return page(
        request,
        "keys.html",
        care=care,
        trouble=TROUBLES.get(cast("KeyFolder", request.app.state.keys).trouble or ""),
        roles=ROLES,
        uses=USES,
        due=max((care.due, *(one.due for one in care.roles)), key=list(Due).index),
        commands=_commands(care),
        sign_anew=f"{_COMMAND}--resign",
        lost=f"{_COMMAND}--lost mobile",
        lists=settings.status_lists,
        folder=settings.keys_dir,
    )


def _commands(care: KeyCare) -> Sequence[str]:
    """Give what to run now: a rotation signs the key set anew too."""
    rotations = [one.role.name.lower() for one in care.roles if one.due is not Due.LATER]
    if rotations:
        return [f"{_COMMAND}--rotate {name}" for name in rotations]
    return [] if care.due is Due.LATER else [f"{_COMMAND}--resign"]
