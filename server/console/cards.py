"""Pages about one card: what the register knows, and what its distributor can do with it."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import Keys, ServerSettings
from server.area.rules import children_age_in
from server.audit.service import Act, list_card_changes, note_act
from server.card.desk import correct_children
from server.card.errors import CardBlocked, CardExpired, ChildrenOutOfRange
from server.card.models import Card
from server.card.service import card_state, check_usable
from server.clock import Now
from server.console.actors import Actor, AsDistributor
from server.console.card_acts import block_noted, take_off_phone_noted, unblock_noted
from server.console.errors import NotHere
from server.console.forms import TypedForm
from server.console.pages import go_to, page, texts_of
from server.console.pictures import qr_picture
from server.console.words import ACTS
from server.db import Db, NotedDb
from server.distributor.models import Distributor
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.grant.errors import CardAlreadyFollowed, CardNotRenewable
from server.grant.models import Ground
from server.grant.renewal import (
    follower_of,
    is_renewable,
    is_replaced,
    renew_card,
    replace_card,
)
from server.grant.service import ACTIVATION_LIFE, replace_activation_code
from server.problems import Problem
from server.sheet.printing import print_card
from server.sheet.service import draw_sheets
from server.texts import N_, Language
from shared.card import CardState
from shared.token.codes import activation_link, print_code

router = APIRouter(prefix="/cards/{card_id}")


HISTORY = 20
STATES = {
    CardState.VALID: N_("In force"),
    CardState.NOT_YET_VALID: N_("Not begun yet"),
    CardState.EXPIRED: N_("Over"),
    CardState.BLOCKED: N_("Blocked"),
}
DONE = {
    "granted": N_("The card is granted. Print the sheet and give it to the holder."),
    "blocked": N_("The card is blocked. Doors refuse it."),
    "unblocked": N_("The card is open again. Print a new sheet if the holder uses paper."),
    "freed": N_("The card is off the phone. Print the sheet for the new phone."),
    "children": N_("The number is corrected."),
    "renewed": N_("This is the card that follows. Print its sheet and give it to the holder."),
    "replaced": N_("The old card is blocked, this one takes its place. Print its sheet."),
}
SHEET_LANGUAGES = {
    Language.FINNISH: N_("Finnish"),
    Language.PLAIN: N_("Plain Finnish"),
    Language.SWEDISH: N_("Swedish"),
    Language.ENGLISH: N_("English"),
}


def own_card(db: Session, actor: Actor, card_id: UUID, *, locked: bool = False) -> Card:
    """Find a card that this distributor granted.

    Raises:
        NotHere: Unknown, or another distributor's: which of them is not told.
    """
    card = db.get(Card, card_id, with_for_update=locked or None)
    if card is None or card.distributor_id != actor.own_id or card.erased_at is not None:
        raise NotHere
    return card


@router.get("")
def show_card(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsDistributor,
    card_id: UUID,
    db: NotedDb,
    now: Now,
    done: str = "",
) -> HTMLResponse:
    """Show what the register knows of a card; who looks is written down."""
    card = own_card(db, actor, card_id)
    return _card_page(request, db, card, now=now, done=DONE.get(done))


@router.post("/sheet")
def print_sheet(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsDistributor,
    card_id: UUID,
    form: TypedForm,
    db: Db,
    now: Now,
    ring: Keys,
    settings: ServerSettings,
) -> Response:
    """Print the sheet: a paper card and a code for the phone. What was printed before is over."""
    card = own_card(db, actor, card_id, locked=True)
    try:
        sheet = print_card(
            db, card, distributor_name=actor.place, access_id=actor.access_id, ring=ring,
            settings=settings, now=now,
        )  # fmt: skip
    except (CardBlocked, CardExpired) as refused:
        return _card_page(request, db, card, now=now, problem=refused)
    language = form.text("language")
    known = language in SHEET_LANGUAGES
    pdf = draw_sheets([sheet], language=Language(language) if known else texts_of(request).language)
    return pdf_answer(pdf, f'inline; filename="kaikukortti-{print_code(card.code)}.pdf"')


def pdf_answer(pdf: bytes, disposition: str) -> Response:
    """Answer with a file of sheets."""
    headers = {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "frame-ancestors 'none'",  # a stricter one stops PDF viewers
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.post("/activation")
def show_activation(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsDistributor,
    card_id: UUID,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> HTMLResponse:
    """Show a code for the phone on the screen, for a holder who stands at the desk."""
    card = own_card(db, actor, card_id, locked=True)
    try:
        check_usable(card, now)
    except (CardBlocked, CardExpired) as refused:
        return _card_page(request, db, card, now=now, problem=refused)
    code = replace_activation_code(db, card, secret=settings.secret, now=now)
    note_act(db, Act.ACTIVATION_SHOWN, access_id=actor.access_id, card_id=card.id, now=now)
    return page(
        request,
        "activation.html",
        card=card,
        code=print_code(code),
        until=now + ACTIVATION_LIFE,
        picture=qr_picture(activation_link(settings.base_url, code)),
        address=f"{settings.base_url}/app/",
    )


@router.post("/block")
def block(actor: AsDistributor, card_id: UUID, db: Db, now: Now) -> Response:
    """Block the card; doors with network refuse it within a minute."""
    card = own_card(db, actor, card_id, locked=True)
    block_noted(db, actor, card, now=now)
    return go_to(f"/cards/{card.id}?done=blocked")


@router.post("/unblock")
def unblock(request: Request, actor: AsDistributor, card_id: UUID, db: Db, now: Now) -> Response:
    """Open the card again, unless another has taken its place."""
    card = own_card(db, actor, card_id, locked=True)
    try:
        unblock_noted(db, actor, card, now=now)
    except CardAlreadyFollowed as problem:
        return _card_page(request, db, card, now=now, problem=problem)
    return go_to(f"/cards/{card.id}?done=unblocked")


@router.post("/lost-phone")
def lost_phone(actor: AsDistributor, card_id: UUID, db: Db, now: Now) -> Response:
    """Take the card off its phone; the sheet brings it to another one."""
    card = own_card(db, actor, card_id, locked=True)
    take_off_phone_noted(db, actor, card, now=now)
    return go_to(f"/cards/{card.id}?done=freed")


@router.post("/children")
def children(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, actor: AsDistributor, card_id: UUID, form: TypedForm, db: Db, now: Now
) -> Response:
    """Correct the number of children; doors go by the register's at once (R7)."""
    card = own_card(db, actor, card_id, locked=True)
    number = form.number("children")
    try:
        correct_children(db, card, -1 if number is None else number)
    except ChildrenOutOfRange as refused:
        errors: dict[str, Problem] = {"children": refused}
        return _card_page(request, db, card, now=now, typed=form.typed, errors=errors)
    note_act(db, Act.CHILDREN_CORRECTED, access_id=actor.access_id, card_id=card.id, now=now)
    return go_to(f"/cards/{card.id}?done=children")


@router.post("/renew")
def renew(request: Request, actor: AsDistributor, card_id: UUID, db: Db, now: Now) -> Response:
    """Renew the card for the year that follows (R12)."""
    return _follow(request, actor, card_id, db, now, act=Act.CARD_RENEWED)


@router.post("/replace")
def replace(request: Request, actor: AsDistributor, card_id: UUID, db: Db, now: Now) -> Response:
    """Put another card in the place of a lost one (R13)."""
    return _follow(request, actor, card_id, db, now, act=Act.CARD_REPLACED)


def _follow(  # noqa: PLR0913 - all by keyword
    request: Request, actor: Actor, card_id: UUID, db: Session, now: datetime, *, act: Act
) -> Response:
    card = own_card(db, actor, card_id, locked=True)
    if (newer := follower_of(db, card)) is not None:  # a second click shows what the first did
        return go_to(f"/cards/{newer.id}")
    renews = act is Act.CARD_RENEWED
    try:
        newer = renew_card(db, card, now=now) if renews else replace_card(db, card, now=now)
    except (CardNotRenewable, CardBlocked, CardExpired) as refused:
        return _card_page(request, db, card, now=now, problem=refused)
    note_act(db, act, access_id=actor.access_id, card_id=card.id, subject_id=newer.id, now=now)
    return go_to(f"/cards/{newer.id}?done={'renewed' if renews else 'replaced'}")


def _children_age(db: Session, card: Card) -> int:
    return children_age_in(db, db.get_one(Distributor, card.distributor_id).area_id)


def _card_page(  # noqa: PLR0913 - all by keyword
    request: Request,
    db: Session,
    card: Card,
    *,
    now: datetime,
    done: str | None = None,
    problem: Problem | None = None,
    typed: object = None,
    errors: object = None,
) -> HTMLResponse:
    refused = problem is not None or bool(errors)
    newer = follower_of(db, card)
    ground = db.get(Ground, card.grounds) if card.grounds else None
    access_id = request.state.actor.access_id
    note_act(db, Act.CARD_LOOKED_AT, access_id=access_id, card_id=card.id, now=now)
    told = [
        words[code]
        for code, words in (
            (card.life_situation, LIFE_SITUATIONS),
            (card.gender, GENDERS),
        )
        if code in words
    ]
    return page(
        request,
        "card.html",
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        card=card,
        code=print_code(card.code),
        state=card_state(card, now),
        states=STATES,
        done=done,
        problem=problem,
        grounds=None if ground is None else ground.words(texts_of(request).language),
        children_age=_children_age(db, card),
        told=told,
        newer=newer,
        replaced=is_replaced(db, card),
        renewable=is_renewable(card, now),
        sheet_languages=SHEET_LANGUAGES,
        acts=ACTS,
        history=list_card_changes(db, card.id, limit=HISTORY),
        typed=typed or {"children": str(card.children)},
        errors=errors or {},
    )
