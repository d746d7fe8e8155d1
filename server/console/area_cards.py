"""Pages of a coordinator: help with a lost card or phone while the distributor is closed.

A card is found by its code alone, and only one that a distributor of the own area granted; every
other code is answered as one that no card has.
"""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.audit.service import Act, note_act
from server.card.models import Card
from server.card.service import card_state
from server.clock import Now
from server.console.actors import Actor, AsCoordinator
from server.console.card_acts import block_noted, take_off_phone_noted, unblock_noted
from server.console.cards import STATES
from server.console.distributor import read_typed_code
from server.console.errors import NotHere
from server.console.pages import go_to, page
from server.db import Db, NotedDb
from server.distributor.models import Distributor
from server.distributor.service import card_of_area, find_card_of_area
from server.grant.errors import CardAlreadyFollowed
from server.grant.renewal import follower_of, is_replaced
from server.problems import Problem
from server.texts import N_

router = APIRouter(prefix="/area-cards")

DONE = {
    "blocked": N_("The card is blocked. Doors refuse it."),
    "unblocked": N_("The card is open again. For a new paper card, ask the distributor."),
    "freed": N_("The card is off the phone. A code for a new phone comes from the distributor."),
}


@router.get("")
def find_card(
    request: Request, actor: AsCoordinator, db: NotedDb, now: Now, code: str = ""
) -> Response:
    """Find a card by its code; a search that finds none is written down too."""
    if not code.strip():
        return _search_page(request, code, found=True)
    typed = read_typed_code(code.strip())
    card_id = None if typed is None else find_card_of_area(db, actor.own_id, typed)
    if card_id is not None:
        return go_to(f"/area-cards/{card_id}")
    note_act(db, Act.CARD_SOUGHT, access_id=actor.access_id, now=now)
    return _search_page(request, code, found=False)


@router.get("/{card_id}")
def show_card(
    request: Request,
    actor: AsCoordinator,
    card_id: UUID,
    db: NotedDb,
    now: Now,
) -> HTMLResponse:
    """Show where a card stands, and nothing of its holder; who looks is written down."""
    card = _card(db, actor, card_id)
    return _card_page(request, db, card, now=now)


@router.post("/{card_id}/block")
def block(actor: AsCoordinator, card_id: UUID, db: Db, now: Now) -> Response:
    """Block the card; doors with network refuse it within a minute."""
    card = _card(db, actor, card_id, locked=True)
    block_noted(db, actor, card, now=now)
    return go_to(f"/area-cards/{card.id}?done=blocked")


@router.post("/{card_id}/unblock")
def unblock(request: Request, actor: AsCoordinator, card_id: UUID, db: Db, now: Now) -> Response:
    """Open the card again, unless another has taken its place."""
    card = _card(db, actor, card_id, locked=True)
    try:
        unblock_noted(db, actor, card, now=now)
    except CardAlreadyFollowed as problem:
        return _card_page(request, db, card, now=now, problem=problem)
    return go_to(f"/area-cards/{card.id}?done=unblocked")


@router.post("/{card_id}/lost-phone")
def lost_phone(actor: AsCoordinator, card_id: UUID, db: Db, now: Now) -> Response:
    """Take the card off its phone; the distributor brings it to another one."""
    card = _card(db, actor, card_id, locked=True)
    take_off_phone_noted(db, actor, card, now=now)
    return go_to(f"/area-cards/{card.id}?done=freed")


def _card(db: Session, actor: Actor, card_id: UUID, *, locked: bool = False) -> Card:
    card = card_of_area(db, actor.own_id, card_id, locked=locked)
    if card is None:
        raise NotHere
    return card


def _search_page(request: Request, code: str, *, found: bool) -> HTMLResponse:
    return page(request, "area-cards.html", typed={"code": code}, found=found)


def _card_page(
    request: Request,
    db: Session,
    card: Card,
    *,
    now: datetime,
    problem: Problem | None = None,
) -> HTMLResponse:
    access_id = request.state.actor.access_id
    note_act(db, Act.CARD_LOOKED_AT, access_id=access_id, card_id=card.id, now=now)
    return page(
        request,
        "area-card.html",
        status=HTTPStatus.OK if problem is None else problem.status,
        card=card,
        granted_by=db.get_one(Distributor, card.distributor_id).name,
        state=card_state(card, now),
        states=STATES,
        newer=follower_of(db, card),
        replaced=is_replaced(db, card),
        done=DONE.get(request.query_params.get("done", "")),
        problem=problem,
    )
