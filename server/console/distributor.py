"""Pages of a distributor: grant a card, and find one again."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import ServerSettings
from server.area.rules import children_age_in
from server.audit.service import Act, note_act
from server.card.models import Card
from server.card.service import card_state
from server.clock import Now, day_of
from server.console.actors import AsDistributor
from server.console.cards import STATES, own_card
from server.console.errors import FormUsed
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page, texts_of
from server.db import Db, NotedDb
from server.distributor.models import Distributor
from server.distributor.service import CardFilter, count_use, list_cards
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.grant.errors import GroundsMissing
from server.grant.grounds import open_grounds
from server.grant.service import CardRequest, grant_card, problems_of
from server.ids import new_id
from server.problems import Problem
from server.texts import N_
from shared.token.codes import read_card_code
from shared.token.errors import TokenError

router = APIRouter(prefix="/cards")


ROWS = 50
_ENDING = "ending"
_BESIDE = {
    "malformed_birth_year": "birth_year",
    "too_young": "birth_year",
    "malformed_postcode": "home_postcode",
    "home_not_in_network": "home_postcode",
    "children_out_of_range": "children",
    "unknown_class": "grounds",
    "grounds_missing": "grounds",
}


@router.get("/new")
def show_grant(
    request: Request, actor: AsDistributor, db: Db, now: Now, kind: str = ""
) -> HTMLResponse:
    """Show the form of a grant; *kind* is "community" for a card of a whole group."""
    community = "1" if kind == "community" else ""
    distributor = db.get_one(Distributor, actor.own_id)
    form = Form({"form_id": str(new_id(now)), "community": community})
    return _grant_page(request, db, distributor, form)


@router.post("/new")
def grant(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsDistributor,
    form: TypedForm,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Grant a card; the same form sent twice grants one."""
    # Locked, so that the second of two clicks finds the card of the first.
    distributor = db.get_one(Distributor, actor.own_id, with_for_update=True)
    card_id = form.id("form_id") or new_id(now)
    asked = _asked(form)
    if db.get(Card, card_id) is not None:
        if _is_of(own_card(db, actor, card_id), asked):
            return go_to(f"/cards/{card_id}?done=granted")
        form = Form({**form.typed, "form_id": str(new_id(now))})
        form.refuse([FormUsed()], _BESIDE)
        return _grant_page(request, db, distributor, form)
    form.refuse(_problems(db, asked, now=now), _BESIDE)
    if form.errors:
        return _grant_page(request, db, distributor, form)
    secret = settings.secret
    grant_card(db, distributor, asked, secret=secret, now=now, card_id=card_id)
    note_act(db, Act.CARD_GRANTED, access_id=actor.access_id, card_id=card_id, now=now)
    return go_to(f"/cards/{card_id}?done=granted")


@router.get("")
def show_cards(  # noqa: PLR0913, PLR0917 - dependencies and filters
    request: Request,
    actor: AsDistributor,
    db: NotedDb,
    now: Now,
    code: str = "",
    birth_year: str = "",
    home_postcode: str = "",
    in_force: str = "",
    order: str = "",
    before: UUID | None = None,
    done: str = "",
) -> HTMLResponse:
    """List own cards; also how a card is found that its holder has lost."""
    form = Form(
        {
            "code": code,
            "birth_year": birth_year,
            "home_postcode": home_postcode,
            "in_force": in_force,
            "order": order,
        }
    )
    wanted = CardFilter(
        code=read_typed_code(form.text("code")),
        birth_year=form.number("birth_year"),
        home_postcode=form.choice("home_postcode"),
        in_force=form.is_ticked("in_force"),
        ending_first=order == _ENDING,
    )
    distributor_id = actor.own_id
    rows = list_cards(db, distributor_id, wanted, now=now, before=before, limit=ROWS + 1)
    note_act(db, Act.CARDS_LISTED, access_id=actor.access_id, now=now)
    return page(
        request,
        "cards.html",
        orders={_ENDING: N_("Ending first")},
        typed=form.typed,
        rows=[(card, STATES[card_state(card, now)]) for card in rows[:ROWS]],
        next_before=rows[ROWS - 1].id if len(rows) > ROWS else None,
        use=count_use(db, distributor_id, now=now),
        erased=done == "erased",
    )


def _problems(db: Db, asked: CardRequest, *, now: datetime) -> list[Problem]:
    found = list(problems_of(db, asked, today=day_of(now)))
    return found if asked.grounds or asked.community else [*found, GroundsMissing()]


def _is_of(card: Card, asked: CardRequest) -> bool:
    """Tell whether a card was granted with just this form."""
    return all(
        getattr(card, name) == getattr(asked, name)
        for name in CardRequest.__slots__
        if not (card.community and name in {"birth_year", "home_postcode"})
    )


def _asked(form: Form) -> CardRequest:
    children = form.number("children")
    return CardRequest(
        birth_year=form.number("birth_year"),
        home_postcode=form.choice("home_postcode"),
        children=-1 if children is None else children,
        community=form.is_ticked("community"),
        grounds=form.choice("grounds"),
        life_situation=form.choice("life_situation"),
        gender=form.choice("gender"),
    )


def _grant_page(
    request: Request, db: Session, distributor: Distributor, form: Form
) -> HTMLResponse:
    language = texts_of(request).language
    return page(
        request,
        "grant.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        typed=form.typed,
        errors=form.errors,
        grounds={ground.code: ground.words(language) for ground in open_grounds(db)},
        children_age=children_age_in(db, distributor.area_id),
        life_situations=LIFE_SITUATIONS,
        genders=GENDERS,
    )


def read_typed_code(typed: str) -> str | None:
    """Read a card code; one that is none finds nothing, rather than everything."""
    if not typed:
        return None
    try:
        return read_card_code(typed)
    except TokenError:
        return "-"
