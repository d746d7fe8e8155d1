"""Pages of ticket brokers: Kaikukeskus gives them keys, each venue lets them record for it."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import ServerSettings
from server.audit.service import Act, note_act
from server.broker.errors import BrokerUnnamed
from server.broker.models import Broker
from server.broker.service import (
    add_broker,
    allow,
    allowed_by,
    disallow,
    draw_key,
    end_key,
    find_broker,
    list_brokers,
)
from server.clock import Now
from server.console.actors import AsService, AsVenue
from server.console.errors import NotHere
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db

router = APIRouter()


@router.get("/brokers")
def show_brokers(request: Request, _actor: AsService, db: Db) -> HTMLResponse:
    """List the brokers, with the form for another."""
    return _brokers_page(request, db)


@router.post("/brokers")
def add_a_broker(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsService,
    form: TypedForm,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Add a broker, and show its key."""
    try:
        broker, key = add_broker(db, name=form.text("name"), secret=settings.secret, now=now)
    except BrokerUnnamed as refused:
        form.refuse([refused], {"broker_unnamed": "name"})
        return _brokers_page(request, db, form=form)
    note_act(db, Act.BROKER_ADDED, access_id=actor.access_id, subject_id=broker.id, now=now)
    return _key_page(request, broker, key)


@router.post("/brokers/{broker_id}/key")
def give_another_key(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsService,
    broker_id: UUID,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Give a broker another key, and show it; the one before ends."""
    broker = _broker(db, broker_id)
    key = draw_key(broker, secret=settings.secret)
    note_act(db, Act.BROKER_KEY_DRAWN, access_id=actor.access_id, subject_id=broker_id, now=now)
    return _key_page(request, broker, key)


@router.post("/brokers/{broker_id}/end")
def end_a_key(actor: AsService, broker_id: UUID, db: Db, now: Now) -> Response:
    """Let a broker do nothing any more, at once."""
    end_key(_broker(db, broker_id))
    note_act(db, Act.BROKER_KEY_ENDED, access_id=actor.access_id, subject_id=broker_id, now=now)
    return go_to("/brokers?done=1")


@router.get("/tickets")
def show_tickets(request: Request, actor: AsVenue, db: Db) -> HTMLResponse:
    """List the brokers that may record uses for this venue, and the others."""
    allowed = allowed_by(db, actor.own_id)
    return page(
        request,
        "tickets.html",
        brokers=[(broker, broker.id in allowed) for broker, _ in list_brokers(db)],
        done=bool(request.query_params.get("done")),
    )


@router.post("/tickets/{broker_id}/allow")
def allow_a_broker(actor: AsVenue, broker_id: UUID, db: Db, now: Now) -> Response:
    """Let a broker record uses for this venue."""
    allow(db, actor.own_id, _broker(db, broker_id), now=now)
    note_act(db, Act.BROKER_ALLOWED, access_id=actor.access_id, subject_id=broker_id, now=now)
    return go_to("/tickets?done=1")


@router.post("/tickets/{broker_id}/stop")
def stop_a_broker(actor: AsVenue, broker_id: UUID, db: Db, now: Now) -> Response:
    """Let a broker record nothing more for this venue, at once."""
    disallow(db, actor.own_id, _broker(db, broker_id))
    note_act(db, Act.BROKER_STOPPED, access_id=actor.access_id, subject_id=broker_id, now=now)
    return go_to("/tickets?done=1")


def _broker(db: Session, broker_id: UUID) -> Broker:
    broker = find_broker(db, broker_id)
    if broker is None:
        raise NotHere
    return broker


def _key_page(request: Request, broker: Broker, key: str) -> HTMLResponse:
    return page(request, "broker-key.html", broker=broker, key=key, shown_once=True)


def _brokers_page(request: Request, db: Session, *, form: Form | None = None) -> HTMLResponse:
    return page(
        request,
        "brokers.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        brokers=list_brokers(db),
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=bool(request.query_params.get("done")),
    )
