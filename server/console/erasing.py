"""The desk erases a holder who asks for it: for those who have no phone, or have lost it."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import AsDistributor
from server.console.cards import own_card
from server.console.pages import go_to, page
from server.db import Db, NotedDb
from server.mine.erasure import erase_holder

router = APIRouter(prefix="/cards/{card_id}/erasure")


@router.get("")
def ask_first(
    request: Request, actor: AsDistributor, card_id: UUID, db: NotedDb, now: Now
) -> HTMLResponse:
    """Say what happens, before it does; who looks is written down."""
    card = own_card(db, actor, card_id)
    note_act(db, Act.CARD_LOOKED_AT, access_id=actor.access_id, card_id=card.id, now=now)
    return page(request, "erasure.html", card=card)


@router.post("")
def erase(actor: AsDistributor, card_id: UUID, db: Db, now: Now) -> Response:
    """Erase the holder of the card, for good."""
    card = own_card(db, actor, card_id)
    note_act(db, Act.HOLDER_ERASED, access_id=actor.access_id, card_id=card.id, now=now)
    erase_holder(db, card.holder_id, now=now)
    return go_to("/cards?done=erased")
